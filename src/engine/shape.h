/* shape.h — what can be measured of one picture of a digit.
 * SPDX-License-Identifier: MIT
 *
 * After Castro et al., "Morpho-MNIST: Quantitative assessment and diagnostics for
 * representation learning", JMLR 20, 2019. The contour is where the picture,
 * enlarged twice bilinearly, crosses half of full ink; lengths are in pixels of the
 * picture. A stroke below two pixels may vanish, and corners are rounded off by half a
 * pixel.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RAQAM_SHAPE_SLANT,     /* degrees, −90 to 90: the shear that would have to be taken back, from
                          * the second moments of the greys; above 0 leans to the right */
  RAQAM_SHAPE_STROKE,    /* pixels: 4 · the mean distance of ink from the contour. Across a stroke
                          * of width w it runs from 0 to w / 2, and evenly, so its mean is w / 4 */
  RAQAM_SHAPE_HEIGHT,    /* pixels: of the contour */
  RAQAM_SHAPE_WIDTH,     /* pixels: of the contour */
  RAQAM_SHAPE_ROUNDNESS, /* 4π · area over perimeter squared (Cox, 1927) of the contour's convex
                          * hull: 1 is a disk, π / 4 a square, 0 a line */
  RAQAM_SHAPE_INK,       /* pixels: sum of the greys, 1 where there is full ink */
  RAQAM_N_SHAPES
} RaqamShape;

/**
 * raqam_shape_measure:
 * @measures: (RAQAM_N_SHAPES), overwritten. A picture without anything at half of
 *   full ink has NAN for all but RAQAM_SHAPE_INK
 * @pixels: (28, 28), 255 is ink
 *
 * Any thread.
 */
void raqam_shape_measure (double *measures, const guint8 *pixels);

G_END_DECLS
