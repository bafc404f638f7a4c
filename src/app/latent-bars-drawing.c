/* latent-bars-drawing.c — how the bars of a latent vector look.
 * SPDX-License-Identifier: MIT */

#include "app/latent-bars-drawing.h"

#include "app/latent-bars.h"
#include "app/signed-number.h"
#include "print/format.h"

#include <math.h>

#define SHARE 0.72 /* of its place that a bar takes */
#define MOST 44    /* width of a bar */
#define MARK 3     /* height of the mark of a bar that is cut off, and of the gap before it */
#define TICK_ROOM 24 /* from one number under the bars to the next */
#define BUBBLE_HEIGHT 22

typedef struct
{
  const RaqamLatentPlot *plot;
  GdkRGBA                ink, paper, bar;
} Brush;

static GdkRGBA
faint (const GdkRGBA *colour, float alpha)
{
  return (GdkRGBA) { colour->red, colour->green, colour->blue, colour->alpha * alpha };
}

static void
fill (GtkSnapshot *snapshot, const GdkRGBA *colour, double x, double y, double width,
      double height)
{
  gtk_snapshot_append_color (
    snapshot, colour,
    &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height));
}

static void
snapshot_row (const Brush *self, GtkSnapshot *snapshot, int row)
{
  graphene_rect_t place
    = raqam_latent_layout_place (&self->plot->layout, row * self->plot->layout.per_row);
  double width = self->plot->layout.width;
  GdkRGBA faintest = faint (&self->ink, 0.09f), zero = faint (&self->ink, 0.45f);

  for (int line = -(int) RAQAM_LATENT_BARS_SHOWN; line <= (int) RAQAM_LATENT_BARS_SHOWN; line++)
    {
      double y = place.origin.y + place.size.height * (0.5 - line / (2 * RAQAM_LATENT_BARS_SHOWN));

      fill (snapshot, line == 0 ? &zero : &faintest, 0, round (y) - (line == 0 ? 0.5 : 0), width, 1);
    }
}

static void
snapshot_bar (const Brush *self, GtkSnapshot *snapshot, int index, double value)
{
  graphene_rect_t place = raqam_latent_layout_place (&self->plot->layout, index);
  double width = MIN (place.size.width * SHARE, MOST);
  double x = place.origin.x + (place.size.width - width) / 2;
  double zero = place.origin.y + place.size.height / 2;
  double end = zero - CLAMP (value / RAQAM_LATENT_BARS_SHOWN, -1.0, 1.0) * place.size.height / 2;

  fill (snapshot, &self->bar, x, MIN (zero, end), width, fabs (end - zero));
  if (fabs (value) > RAQAM_LATENT_BARS_SHOWN)
    fill (snapshot, &self->ink, x, value > 0 ? end - 2 * MARK : end + MARK, width, MARK);
}

static void
snapshot_text (const Brush *self, GtkSnapshot *snapshot, const char *text, double middle,
               double top, const GdkRGBA *colour, const GdkRGBA *behind)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (self->plot->widget, text);
  PangoAttrList *attrs = pango_attr_list_new ();
  int padding = behind != NULL ? 6 : 0;
  int width, height;
  double x;

  pango_attr_list_insert (attrs, pango_attr_scale_new (behind != NULL ? 0.9 : 0.76));
  pango_layout_set_attributes (layout, attrs);
  pango_attr_list_unref (attrs);
  pango_layout_get_pixel_size (layout, &width, &height);
  x = CLAMP (middle - width / 2.0, padding,
             MAX (gtk_widget_get_width (self->plot->widget) - width - padding, padding));
  if (behind != NULL)
    {
      GskRoundedRect rounded;

      gsk_rounded_rect_init_from_rect (&rounded,
                                       &GRAPHENE_RECT_INIT ((float) x - padding, (float) top,
                                                            width + 2 * padding, height + 2),
                                       5);
      gtk_snapshot_push_rounded_clip (snapshot, &rounded);
      gtk_snapshot_append_color (snapshot, behind, &rounded.bounds);
      gtk_snapshot_pop (snapshot);
    }
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) top + 1));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

/* Every number where there is room; else the first of each row, and every tenth. */
static void
snapshot_numbers (const Brush *self, GtkSnapshot *snapshot)
{
  GdkRGBA colour = faint (&self->ink, 0.75f);
  int last = -10;

  for (int i = 0; i < self->plot->layout.n; i++)
    {
      graphene_rect_t place = raqam_latent_layout_place (&self->plot->layout, i);
      g_autofree char *text = NULL;
      gboolean always = i % self->plot->layout.per_row == 0 || place.size.width >= TICK_ROOM;

      if (!always && ((i + 1) % 10 != 0 || (i - last) * place.size.width < TICK_ROOM))
        continue;
      last = i;
      text = raqam_format_integer (i + 1);
      snapshot_text (self, snapshot, text, place.origin.x + place.size.width / 2,
                     place.origin.y + place.size.height + 2 * MARK + 2, &colour, NULL);
    }
}

/* "7: 0.35" over the bar that is pointed at. */
static void
snapshot_value (const Brush *self, GtkSnapshot *snapshot, int index)
{
  graphene_rect_t place = raqam_latent_layout_place (&self->plot->layout, index);
  g_autofree char *number = raqam_format_integer (index + 1);
  g_autofree char *value = raqam_signed_number (self->plot->values[index], 2);
  g_autofree char *text = g_strdup_printf ("%s: \u2066%s\u2069", number, value);
  gboolean up = self->plot->values[index] > 0.45 * RAQAM_LATENT_BARS_SHOWN;
  double top = up ? place.origin.y + place.size.height - BUBBLE_HEIGHT : place.origin.y;

  snapshot_text (self, snapshot, text, place.origin.x + place.size.width / 2, top, &self->paper,
                 &self->ink);
}

static void
snapshot_focus (const Brush *self, GtkSnapshot *snapshot, int index)
{
  graphene_rect_t place = raqam_latent_layout_place (&self->plot->layout, index);
  const float widths[4] = { 2, 2, 2, 2 };
  const GdkRGBA colours[4] = { self->ink, self->ink, self->ink, self->ink };
  GskRoundedRect ring;

  graphene_rect_inset (&place, -2, -8);
  gsk_rounded_rect_init_from_rect (&ring, &place, 4);
  gtk_snapshot_append_border (snapshot, &ring, widths, colours);
}

static void
find_brush (Brush *self, const RaqamLatentPlot *plot)
{
  GtkStyleContext *style = gtk_widget_get_style_context (plot->widget);

  self->plot = plot;
  gtk_style_context_get_color (style, &self->ink);
  if (!gtk_style_context_lookup_color (style, "accent_color", &self->bar))
    self->bar = self->ink;
  if (!gtk_style_context_lookup_color (style, "view_bg_color", &self->paper))
    self->paper = (GdkRGBA) { 1, 1, 1, 1 };
}

static void
snapshot_column (const Brush *self, GtkSnapshot *snapshot, int index)
{
  graphene_rect_t place = raqam_latent_layout_place (&self->plot->layout, index);
  GdkRGBA colour = faint (&self->ink, 0.1f);

  gtk_snapshot_append_color (snapshot, &colour, &place);
}

void
raqam_latent_plot_draw (const RaqamLatentPlot *plot, GtkSnapshot *snapshot)
{
  Brush self;

  find_brush (&self, plot);
  snapshot_column (&self, snapshot, plot->current);
  if (plot->hovered >= 0 && plot->hovered != plot->current)
    snapshot_column (&self, snapshot, plot->hovered);
  for (int row = 0; row * plot->layout.per_row < plot->layout.n; row++)
    snapshot_row (&self, snapshot, row);
  for (int i = 0; i < plot->layout.n; i++)
    snapshot_bar (&self, snapshot, i, plot->values[i]);
  snapshot_numbers (&self, snapshot);
  if (plot->focus)
    snapshot_focus (&self, snapshot, plot->current);
  if (plot->hovered >= 0)
    snapshot_value (&self, snapshot, plot->hovered);
}
