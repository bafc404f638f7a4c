/* chart.c — what a chart shows.
 * SPDX-License-Identifier: MIT */

#include "app/chart.h"

#include "print/plot-scale.h"

#include <math.h>

double
raqam_chart_get_epoch (const RaqamChart *chart)
{
  gsize n = raqam_curves_get_n (chart->curves);

  return n > 0 ? raqam_curves_get_x (chart->curves, n - 1) : 0;
}

double
raqam_chart_get_end (const RaqamChart *chart)
{
  return raqam_plot_scale_epochs (raqam_chart_get_epoch (chart), chart->n_epochs);
}

float
raqam_chart_get_value (const RaqamChart *chart, guint curve)
{
  if (isnan (chart->crosshair) || raqam_curves_get_n (chart->curves) == 0)
    return raqam_curves_get_latest (chart->curves, curve);
  return raqam_curves_get_y (chart->curves, curve,
                             raqam_curves_nearest (chart->curves, chart->crosshair));
}
