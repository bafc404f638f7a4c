/* plot-view.h — which part of a plot's x axis is looked at.
 * SPDX-License-Identifier: MIT
 *
 * Plain arithmetic on the range from 0 to the axis's end, which may grow.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All zero: the whole axis, and all that is yet to come. */
typedef struct
{
  double first, last;
  gboolean zoomed;
} RaqamPlotView;

/* Overwrites @first and @last with what is looked at of an axis from 0 to @end, above 0. */
void raqam_plot_view_get (const RaqamPlotView *self, double end, double *first, double *last);

/**
 * raqam_plot_view_zoom:
 * @at: x that stays where it is
 * @factor: above 1 looks closer, by that much; below 1 from further away
 *
 * From as far away as the whole axis the view is the whole axis again, and follows it.
 *
 * Returns: whether the view is another one now
 */
gboolean raqam_plot_view_zoom (RaqamPlotView *self, double end, double at, double factor);

/**
 * raqam_plot_view_pan:
 * @by: how far to go to the right, in x; stops at the axis's ends
 *
 * Returns: whether the view is another one now
 */
gboolean raqam_plot_view_pan (RaqamPlotView *self, double end, double by);

G_END_DECLS
