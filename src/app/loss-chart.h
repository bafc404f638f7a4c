/* loss-chart.h — curves over the epochs: every step faint, smoothed bold.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/chart-drawing.h"

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
 * "decimals": of the values in the legend
 * "smoothing": percent of the points in sight that the bold curves forget over; 0: none
 * "log": whether y goes in equal ratios
 *
 * Time runs from left to right in every language. Curves differ in colour, in
 * dashes and in the mark at their end. A screen reader is told title, names,
 * latest values, those at the crosshair, and which epochs are in sight.
 *
 * Drag, pinch and double click move through the epochs, and so does the wheel where
 * Ctrl is held or the chart has the focus; without, it scrolls the page. Keys: + − 0
 * zoom, arrows pan, arrows with Shift move the crosshair, Escape puts it away.
 *
 * Actions: "chart.zoom" (d: factor), "chart.pan" (d: share of what is in sight),
 * "chart.reset", "chart.step" (i: crosshair, steps to the right), "chart.unmark",
 * "chart.smoothing", "chart.log", "chart.save", "chart.copy"
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

/**
 * raqam_loss_chart_get_paper:
 * @chart: overwritten with what is shown, without the crosshair; refers to @self and @style
 * @style: overwritten; for paper
 */
void raqam_loss_chart_get_paper (RaqamLossChart *self, RaqamChart *chart, RaqamChartStyle *style);

/* @n_epochs: the end of the run; the axis grows towards it. 0: unknown */
void raqam_loss_chart_set_epochs (RaqamLossChart *self, int n_epochs);

G_END_DECLS
