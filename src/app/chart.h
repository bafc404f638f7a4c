/* chart.h — what a chart shows.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/chart-style.h"
#include "app/curves.h"
#include "app/plot-view.h"

G_BEGIN_DECLS

/* What is to be drawn. Nothing is owned; nothing changes while it is drawn. */
typedef struct
{
  const RaqamChartStyle *style;
  const char            *title;
  const char *const     *names;
  guint                  n_curves;   /* at most RAQAM_CHART_MAX_CURVES */
  gboolean               unit_range; /* y from 0 to 1; otherwise it fits the curves */
  int                    decimals;   /* of the values in the legend */
  const RaqamCurves     *curves;
  int                    n_epochs; /* the run's end, or 0 */

  RaqamPlotView view;
  gboolean      log;
  double        smoothing; /* share of the points in sight that the bold curves forget over */
  double        crosshair; /* epoch whose values are read out, or NaN */
  int           inset;     /* kept free at the heading's end, in pixels */
} RaqamChart;

/* Returns: the end of the whole time axis: past the last point, at most the run's end */
double raqam_chart_get_end (const RaqamChart *chart);

/* Returns: the epoch of the last point; 0 when there is none */
double raqam_chart_get_epoch (const RaqamChart *chart);

/* Returns: the value of @curve at the crosshair, or, without one, its latest; NaN in a gap */
float raqam_chart_get_value (const RaqamChart *chart, guint curve);

G_END_DECLS
