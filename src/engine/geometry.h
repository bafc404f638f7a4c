/* geometry.h — from a recipe's layer to the block that a backend runs.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/recipe.h"

G_BEGIN_DECLS

/**
 * raqam_recipe_geometry:
 * @spec: overwritten; its layout is left zero
 * @layer: of @recipe
 * @in_h: height of what the layer before it gives; not looked at for DENSE
 * @in_w: its width; the same
 * @in_c: its channels; the same
 *
 * Sizes are those of "SAME" padding. A convolution gives ⌈in / stride⌉ and
 * adds max ((out - 1) · stride + kernel - in, 0) empty rows, the smaller half
 * of them above. A transposed one gives in · stride and is the data gradient
 * of the convolution that would lead back. A norm stays with the layer that
 * names it: RAQAM_NORM_OF_INPUT is never set here.
 */
void raqam_recipe_geometry (RaqamBlockSpec *spec, const RaqamLayer *layer, int in_h, int in_w,
                            int in_c, const RaqamRecipe *recipe);

G_END_DECLS
