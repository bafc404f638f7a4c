/* explore-blend.h — from one picture to another: the strip between them, and the morph.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/explore-panel.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EXPLORE_BLEND (raqam_explore_blend_get_type ())
G_DECLARE_FINAL_TYPE (RaqamExploreBlend, raqam_explore_blend, RAQAM, EXPLORE_BLEND,
                      RaqamExplorePanel)

/**
 * RaqamExploreBlend:
 *
 * An end of the blend is the present picture's style as one of the ten digits, a
 * picture that was held fast ("From Here"), or a kept one. What is blended here is
 * not the present picture in that sense: the ends that are digits have the style of
 * the last picture that was gone to otherwise, so they stand still while the blend
 * is moved, and follow every other change.
 */

G_END_DECLS
