/* fit.h — brings a digit of any size to 28 × 28.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RAQAM_FIT_SIDE 28
#define RAQAM_FIT_PIXELS (RAQAM_FIT_SIDE * RAQAM_FIT_SIDE)

/**
 * raqam_fit:
 * @out: (28, 28), row by row, overwritten
 * @in: (@height, @width), row by row; 255 is ink
 * @width: 1 to 255
 * @height: 1 to 255
 * @grey: FALSE: 255 where the value is at least half of 255, else 0
 *
 * As the founding thesis had it: an image wider or higher than 28 is scaled
 * down to fit, keeping its proportions, and a smaller one keeps its size; it is
 * then centred on an empty field, offsets rounded down. Scaling down is a box
 * average: each pixel of the result is the mean of the part of @in that it
 * covers, pixels cut at its edge counting by the area inside. The longer side
 * becomes 28 and the other one is rounded to the nearest pixel, at least 1.
 * Exact in integers, so the same on every machine. Any thread.
 */
void raqam_fit (guint8 *out, const guint8 *in, int width, int height, gboolean grey);

G_END_DECLS
