/* chart-style.h — the pens and letters of a chart, of the window or of paper.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RAQAM_CHART_MAX_CURVES 8

typedef struct
{
  PangoContext *context; /* owned; its direction is the text's */
  gboolean      mirrored;
  gboolean      high_contrast;
  GdkRGBA       ink;
  GdkRGBA       colours[RAQAM_CHART_MAX_CURVES];
} RaqamChartStyle;

/* As @widget is now: its font, direction, colours from the @first_colour-th on (1: curve_1). */
void raqam_chart_style_init_widget (RaqamChartStyle *self, GtkWidget *widget, guint first_colour);

/* For white paper, in @font; needs no display. */
void raqam_chart_style_init_paper (RaqamChartStyle *self, const PangoFontDescription *font,
                                   gboolean mirrored, guint first_colour);

void raqam_chart_style_clear (RaqamChartStyle *self);

G_END_DECLS
