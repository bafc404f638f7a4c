/* plot-axis.h — a y axis, in equal steps or in equal ratios.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RAQAM_PLOT_AXIS_TICKS 16

typedef struct
{
  gboolean log;
  double   first, last; /* values at its ends, first below last; above 0 where @log */
  int      n_ticks;
  double   ticks[RAQAM_PLOT_AXIS_TICKS];
  int      decimals[RAQAM_PLOT_AXIS_TICKS]; /* that show each of them whole */
} RaqamPlotAxis;

/* The axis from @low to @high, both finite, rounded outwards to 1, 2 or 5 times a power of ten. */
RaqamPlotAxis raqam_plot_axis_linear (double low, double high);

/* The same in equal ratios; @low is above 0, and no more than 30 powers of ten below @high. */
RaqamPlotAxis raqam_plot_axis_log (double low, double high);

/* Returns: where @value is: 0 at the first end, 1 at the last; below 0 for what has no logarithm */
double raqam_plot_axis_share (const RaqamPlotAxis *self, double value);

G_END_DECLS
