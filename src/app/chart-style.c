/* chart-style.c — the pens and letters of a chart, of the window or of paper.
 * SPDX-License-Identifier: MIT */

#include "app/chart-style.h"

#include <adwaita.h>
#include <pango/pangocairo.h>

/* Those of style-hc.css: paper is read in worse light than a display, and copied in grey. */
static const char *const paper_colours[] = { "#1a5fb4", "#a03e00", "#0f6b3c", "#6a1f86" };

void
raqam_chart_style_init_widget (RaqamChartStyle *self, GtkWidget *widget, guint first_colour)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);

  *self = (RaqamChartStyle){
    .context = g_object_ref (gtk_widget_get_pango_context (widget)),
    .mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL,
    .high_contrast = adw_style_manager_get_high_contrast (
      adw_style_manager_get_for_display (gtk_widget_get_display (widget))),
  };
  gtk_style_context_get_color (style, &self->ink);
  for (guint c = 0; c < RAQAM_CHART_MAX_CURVES; c++)
    {
      g_autofree char *name = g_strdup_printf ("curve_%u", first_colour + c);

      if (!gtk_style_context_lookup_color (style, name, &self->colours[c]))
        self->colours[c] = self->ink;
    }
}

void
raqam_chart_style_init_paper (RaqamChartStyle *self, const PangoFontDescription *font,
                              gboolean mirrored, guint first_colour)
{
  *self = (RaqamChartStyle){
    .context = pango_font_map_create_context (pango_cairo_font_map_get_default ()),
    .mirrored = mirrored,
    .ink = { 0.1f, 0.1f, 0.1f, 1 },
  };
  pango_context_set_font_description (self->context, font);
  pango_context_set_base_dir (self->context, mirrored ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
  for (guint c = 0; c < RAQAM_CHART_MAX_CURVES; c++)
    gdk_rgba_parse (&self->colours[c],
                    paper_colours[(first_colour - 1 + c) % G_N_ELEMENTS (paper_colours)]);
}

void
raqam_chart_style_clear (RaqamChartStyle *self)
{
  g_clear_object (&self->context);
}
