/* loss-chart.h — curves over the epochs: every step faint, smoothed bold.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RAQAM_TYPE_LOSS_CHART (raqam_loss_chart_get_type ())
G_DECLARE_FINAL_TYPE (RaqamLossChart, raqam_loss_chart, RAQAM, LOSS_CHART, GtkWidget)

/**
 * RaqamLossChart:
 *
 * Properties:
 * "title": what is plotted, for people
 * "names": the curves' names, one a line; its lines are the number of curves
 * "first-colour": number of the first curve's colour (style.css: curve_1, …)
 * "unit-range": whether y runs from 0 to 1; otherwise it fits the curves
 *
 * Time runs from left to right in every language. Curves differ in colour, in
 * dashes and in the mark at their end. A screen reader is told title, names and
 * latest values.
 */

/**
 * raqam_loss_chart_push:
 * @epoch: epochs done; not below the last one
 * @values: one for each curve; what is not finite leaves a gap
 *
 * Shown within a tenth of a second, with all that came meanwhile.
 */
void raqam_loss_chart_push (RaqamLossChart *self, double epoch, const float *values);

/* Forgets all points. */
void raqam_loss_chart_clear (RaqamLossChart *self);

/* @n_epochs: the end of the run; the axis grows towards it. 0: unknown */
void raqam_loss_chart_set_epochs (RaqamLossChart *self, int n_epochs);

G_END_DECLS
