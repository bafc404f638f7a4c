/* digit-bars.c — a bar for each digit, with the same figure of real pictures marked.
 * SPDX-License-Identifier: MIT */

#include "app/digit-bars.h"

#include "print/format.h"

#include <glib/gi18n.h>
#include <math.h>

#define MIN_WIDTH 260
#define HEIGHT 150
#define HEADER 18  /* for the number of the highest bar */
#define FOOTER 24  /* for the digits */
#define SHARE 0.56 /* of its place that a bar takes */
#define OVERHANG 5 /* of the line of real pictures, at either side of the bar */

struct _RaqamDigitBars
{
  GtkWidget parent_instance;

  double values[RAQAM_N_DIGITS];
  double real[RAQAM_N_DIGITS];
};

G_DEFINE_FINAL_TYPE (RaqamDigitBars, raqam_digit_bars, GTK_TYPE_WIDGET)

static double
largest (const RaqamDigitBars *self)
{
  double most = 0;

  for (int d = 0; d < RAQAM_N_DIGITS; d++)
    {
      if (isfinite (self->values[d]))
        most = MAX (most, self->values[d]);
      if (isfinite (self->real[d]))
        most = MAX (most, self->real[d]);
    }
  return most;
}

static char *
format_value (const RaqamDigitBars *self, double value)
{
  return isfinite (value) ? raqam_format_number (value, largest (self) < 100 ? 1 : 0)
                          : g_strdup ("–");
}

static void
describe (RaqamDigitBars *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (int d = 0; d < RAQAM_N_DIGITS; d++)
    {
      g_autofree char *value = format_value (self, self->values[d]);
      g_autofree char *real = format_value (self, self->real[d]);

      /* Translators: a Persian digit, its figure, the same figure of real pictures */
      g_string_append_printf (text, _("%s: %s, real %s"), raqam_format_persian_digit (d), value,
                              real);
      g_string_append (text, d < RAQAM_N_DIGITS - 1 ? "; " : "");
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text->str, -1);
}

void
raqam_digit_bars_set (RaqamDigitBars *self, const char *name, const double *values,
                      const double *real)
{
  g_return_if_fail (RAQAM_IS_DIGIT_BARS (self));

  for (int d = 0; d < RAQAM_N_DIGITS; d++)
    {
      self->values[d] = values[d];
      self->real[d] = real[d];
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
snapshot_text (RaqamDigitBars *self, GtkSnapshot *snapshot, const char *text, double scale,
               double middle, double bottom, const GdkRGBA *colour)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoAttrList *attrs = pango_attr_list_new ();
  int width, height;

  pango_attr_list_insert (attrs, pango_attr_scale_new (scale));
  pango_layout_set_attributes (layout, attrs);
  pango_attr_list_unref (attrs);
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (middle - width / 2.0, bottom - height));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

static void
snapshot_bar (RaqamDigitBars *self, GtkSnapshot *snapshot, const GdkRGBA *colour, double middle,
              double width, double top, double bottom)
{
  graphene_rect_t field =
    GRAPHENE_RECT_INIT (middle - width / 2, top, width, MAX (bottom - top, 1));
  GskRoundedRect rounded;

  gsk_rounded_rect_init (&rounded, &field, &GRAPHENE_SIZE_INIT (3, 3), &GRAPHENE_SIZE_INIT (3, 3),
                         graphene_size_zero (), graphene_size_zero ());
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, colour, &field);
  gtk_snapshot_pop (snapshot);
}

static void
raqam_digit_bars_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RaqamDigitBars *self = RAQAM_DIGIT_BARS (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  double place = (double) gtk_widget_get_width (widget) / RAQAM_N_DIGITS;
  double bottom = gtk_widget_get_height (widget) - FOOTER;
  double most = largest (self);
  GdkRGBA ink, colour;

  gtk_style_context_get_color (style, &ink);
  if (!gtk_style_context_lookup_color (style, "curve_1", &colour))
    colour = ink;
  for (int d = 0; d < RAQAM_N_DIGITS; d++)
    {
      double middle = (mirrored ? RAQAM_N_DIGITS - 1 - d + 0.5 : d + 0.5) * place;
      double unit = most > 0 ? (bottom - HEADER) / most : 0;
      double bar = MIN (place * SHARE, 40), top = bottom;
      g_autofree char *text = format_value (self, self->values[d]);

      if (isfinite (self->values[d]))
        {
          top = bottom - unit * MAX (self->values[d], 0);
          snapshot_bar (self, snapshot, &colour, middle, bar, top, bottom);
        }
      if (isfinite (self->real[d]))
        {
          double y = round (bottom - unit * MAX (self->real[d], 0));

          gtk_snapshot_append_color (
            snapshot, &ink,
            &GRAPHENE_RECT_INIT (middle - bar / 2 - OVERHANG, y - 1, bar + 2 * OVERHANG, 2));
          top = MIN (top, y - 1);
        }
      snapshot_text (self, snapshot, text, 0.8, middle, top - 1, &ink);
      snapshot_text (self, snapshot, raqam_format_persian_digit (d), 1, middle, bottom + FOOTER,
                     &ink);
    }
}

static void
raqam_digit_bars_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                          int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 2 * MIN_WIDTH : HEIGHT;
}

static void
raqam_digit_bars_class_init (RaqamDigitBarsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = raqam_digit_bars_measure;
  widget_class->snapshot = raqam_digit_bars_snapshot;

  gtk_widget_class_set_css_name (widget_class, "digitbars");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
raqam_digit_bars_init (RaqamDigitBars *self)
{
  const double none[RAQAM_N_DIGITS] = { 0 };

  raqam_digit_bars_set (self, "", none, none);
}
