/* chart-export.h — a chart as a file or as a picture to paste.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/chart-drawing.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  RAQAM_CHART_PNG,
  RAQAM_CHART_SVG,
  RAQAM_CHART_PDF,
  RAQAM_CHART_CSV, /* all points, not only those in sight; a gap is an empty field */
  RAQAM_CHART_N_FORMATS
} RaqamChartFormat;

/* Returns: ".png", and so on */
const char *raqam_chart_format_get_suffix (RaqamChartFormat format);

/* Returns: the format whose suffix @path ends in; RAQAM_CHART_N_FORMATS when none */
RaqamChartFormat raqam_chart_format_of (const char *path);

/**
 * raqam_chart_export_async:
 * @chart: its style is that of paper; not needed any more afterwards
 * @width: in pixels of the window; PNG has twice as many
 * @path: replaced whole or not at all; for PNG NULL gives the bytes only
 *
 * Draws at once, which takes as long as a frame; what takes longer is done in a thread.
 */
void raqam_chart_export_async (const RaqamChart *chart, int width, int height,
                               RaqamChartFormat format, const char *path, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);

/* Returns: (transfer full): what was written, empty for CSV; NULL with @error set */
GBytes *raqam_chart_export_finish (GAsyncResult *result, GError **error);

G_END_DECLS
