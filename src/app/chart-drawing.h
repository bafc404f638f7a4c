/* chart-drawing.h — how a chart of curves looks, in cairo and Pango.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

#include "app/curves.h"

G_BEGIN_DECLS

/* What is to be drawn. Nothing is owned; nothing changes while it is drawn. */
typedef struct
{
  GtkWidget         *widget; /* for its font, colours and writing direction */
  const char        *title;
  const char *const *names;
  guint              n_curves;
  guint              first_colour; /* 1 is curve_1 of style.css */
  gboolean           unit_range;   /* y from 0 to 1; otherwise it fits the curves */
  const RaqamCurves *curves;
  double             epoch;    /* the last point's */
  int                n_epochs; /* the run's end, or 0 */
} RaqamChart;

/**
 * raqam_chart_draw:
 *
 * Draws title, legend, ticks and curves into @width × @height at @cr's origin.
 */
void raqam_chart_draw (const RaqamChart *chart, cairo_t *cr, int width, int height);

G_END_DECLS
