/* plot-scale.h — ranges and ticks that people read easily: 1, 2 or 5 times a power of ten.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @first and @last are multiples of @step. */
typedef struct
{
  double first, last;
  double step;
  int    decimals; /* that tell one tick from the next */
} RaqamPlotScale;

/**
 * raqam_plot_scale_fit:
 * @low: lowest value to show
 * @high: highest; where it is not above @low, a range around them is taken
 * @n_ticks: about how many steps, at least 1
 */
RaqamPlotScale raqam_plot_scale_fit (double low, double high, int n_ticks);

/**
 * raqam_plot_scale_epochs:
 * @epoch: how far the curve goes
 * @n_epochs: the run's end, or 0
 *
 * Returns: where the time axis ends: a round number somewhat past @epoch, so that a
 *   young curve is not a sliver, but at most @n_epochs
 */
double raqam_plot_scale_epochs (double epoch, int n_epochs);

G_END_DECLS
