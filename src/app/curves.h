/* curves.h — curves over a common x, kept so that a plot of any width is quick.
 * SPDX-License-Identifier: MIT
 *
 * Beside the points, blocks of 16, 256, 4096, … points keep their lowest and
 * highest value and their mean: a column of pixels looks at a few dozen of
 * these, whether the curve has a thousand points or a million. Main thread.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _RaqamCurves RaqamCurves;

/* What the points of one column of pixels come to. */
typedef struct
{
  float low, high, mean;
  guint n;      /* points that are numbers; low, high and mean are 0 where there are none */
  guint n_gaps; /* points that are not */
} RaqamColumn;

#define RAQAM_CURVES_SMOOTHING 0.05 /* unless another is chosen */

/**
 * raqam_curves_new:
 * @n_curves: at least 1
 */
RaqamCurves *raqam_curves_new  (guint n_curves);
void         raqam_curves_free (RaqamCurves *self);

/* Forgets all points. */
void raqam_curves_clear (RaqamCurves *self);

/**
 * raqam_curves_push:
 * @x: not below the last one
 * @y: (n_curves); what is not finite leaves a gap
 */
void raqam_curves_push (RaqamCurves *self, double x, const float *y);

gsize raqam_curves_get_n (const RaqamCurves *self);

/* Returns: the x of point @index, which is below the number of points */
double raqam_curves_get_x (const RaqamCurves *self, gsize index);

/* Returns: what was pushed as point @index of @curve, NaN and all */
float raqam_curves_get_y (const RaqamCurves *self, guint curve, gsize index);

/* Returns: the index of the point nearest to @x; there is at least one */
gsize raqam_curves_nearest (const RaqamCurves *self, double x);

/* Returns: the mean of the last points, newer ones counting more; NaN when there are none */
float raqam_curves_get_latest (const RaqamCurves *self, guint curve);

/**
 * raqam_curves_reduce:
 * @columns: (n_columns), overwritten
 * @first: x of the left edge of the first column
 * @last: x of the right edge of the last column, which belongs to it; above @first
 *
 * Takes O(n_columns) looks at blocks, however many points there are.
 */
void raqam_curves_reduce (RaqamColumn *columns, const RaqamCurves *self, guint curve,
                          double first, double last, guint n_columns);

/**
 * raqam_curves_smooth:
 * @smooth: (n_columns), overwritten; NaN where a column has no points
 * @columns: (n_columns)
 * @share: of the points in @columns that it forgets over, but of 10 at least; 0: the means
 *
 * The exponential moving average of the points, the first ones weighted so that
 * it begins at their mean, not at 0.
 */
void raqam_curves_smooth (float *smooth, const RaqamColumn *columns, guint n_columns,
                          double share);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamCurves, raqam_curves_free)

G_END_DECLS
