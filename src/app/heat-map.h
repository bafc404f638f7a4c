/* heat-map.h — a figure of each digit, epoch for epoch, as a field of colours.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

#include "engine/timeline.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_HEAT_MAP (raqam_heat_map_get_type ())
G_DECLARE_FINAL_TYPE (RaqamHeatMap, raqam_heat_map, RAQAM, HEAT_MAP, GtkWidget)

/**
 * RaqamHeatMap:
 *
 * A row for each digit, a column for each judged checkpoint, from left to right in
 * every language. The fuller the colour, the worse: what stands out is what to look
 * at. The numbers are written where there is room; the arrow keys and the pointer
 * go from field to field, and what is there stands below and is read out.
 */

/**
 * raqam_heat_map_set:
 * @timeline: (element-type RaqamQuality): copied
 * @frechet: FALSE: each digit's recall; TRUE: its Fréchet distance
 * @best: index of the best checkpoint, whose column is framed; or -1
 */
void raqam_heat_map_set (RaqamHeatMap *self, const GArray *timeline, gboolean frechet, int best);

G_END_DECLS
