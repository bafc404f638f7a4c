/* feature-check.h — what a classifier sees in images, as numbers.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/error.h"

G_BEGIN_DECLS

/**
 * raqam_features_check:
 * @features: (@n)
 * @n: numbers, of all images together
 * @error: RAQAM_ERROR_DIVERGED when one is not a number, or beyond ±1e15
 *
 * Squares of numbers within these bounds, and sums of millions of them, are still
 * floats. Every figure that takes features begins with this.
 *
 * Returns: FALSE with @error set
 */
gboolean raqam_features_check (const float *features, gsize n, GError **error);

G_END_DECLS
