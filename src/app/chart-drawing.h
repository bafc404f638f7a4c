/* chart-drawing.h — how a chart of curves looks, in cairo and Pango.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/chart.h"

G_BEGIN_DECLS

/* Where the curves are, in pixels. */
typedef struct
{
  int left, top, right, bottom;
} RaqamChartField;

/**
 * raqam_chart_draw:
 * @field: (nullable): overwritten
 *
 * Draws title, legend, ticks and curves into @width × @height at @cr's origin.
 */
void raqam_chart_draw (const RaqamChart *chart, cairo_t *cr, int width, int height,
                       RaqamChartField *field);

G_END_DECLS
