/* quality-chart.h — how the figures of the whole and of each digit went, by epoch.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

#include "engine/timeline.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_QUALITY_CHART (raqam_quality_chart_get_type ())
G_DECLARE_FINAL_TYPE (RaqamQualityChart, raqam_quality_chart, RAQAM, QUALITY_CHART, GtkWidget)

/**
 * RaqamQualityChart:
 *
 * Property "frechet" (boolean, construct-only): Fréchet distance, or else accuracy
 *
 * The whole is a bold line with discs, each digit a thin one with dashes of its
 * own and its Persian digit at the end; the best checkpoint has a star. Time runs
 * from left to right in every language. A screen reader is told the newest figures.
 */

/**
 * raqam_quality_chart_set:
 * @timeline: (element-type RaqamQuality): copied
 * @best: index of the best checkpoint, or -1
 */
void raqam_quality_chart_set (RaqamQualityChart *self, const GArray *timeline, int best);

G_END_DECLS
