/* probability-bars.c — how likely each of the ten digits is, as bars.
 * SPDX-License-Identifier: MIT */

#include "app/probability-bars.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MIN_WIDTH 150
#define NATURAL_WIDTH 320
#define HEIGHT 66
#define HEADER 15 /* for the winner's value */
#define FOOTER 19 /* for the digits */
#define SHARE 0.8 /* of its place that a bar takes */
#define MAX_BAR 44
#define RADIUS 3
#define TRACK_ALPHA 0.15
#define OTHERS_ALPHA 0.55

struct _RaqamProbabilityBars
{
  GtkWidget parent_instance;

  float probabilities[RAQAM_N_DIGITS];
  int   winner; /* -1 for none */
};

G_DEFINE_FINAL_TYPE (RaqamProbabilityBars, raqam_probability_bars, GTK_TYPE_WIDGET)

int
raqam_probability_bars_winner (const float *probabilities)
{
  int winner = 0;

  for (int d = 1; d < RAQAM_N_DIGITS; d++)
    winner = probabilities[d] > probabilities[winner] ? d : winner;
  return winner;
}

char *
raqam_probability_bars_describe (const float *probabilities)
{
  g_autoptr (GString) text = g_string_new (NULL);
  float left[RAQAM_N_DIGITS];

  memcpy (left, probabilities, sizeof left);
  for (int i = 0; i < RAQAM_N_DIGITS; i++)
    {
      int d = raqam_probability_bars_winner (left);
      g_autofree char *percent = raqam_format_number (100 * left[d], 0);

      if (left[d] < 0.01f)
        break;
      /* Translators: a Persian digit and how likely it is, in per cent */
      g_string_append_printf (text, _("%s %s %%"), raqam_format_persian_digit (d), percent);
      g_string_append (text, "; ");
      left[d] = -1;
    }
  g_string_truncate (text, text->len > 2 ? text->len - 2 : 0);
  return g_strdup (text->str);
}

void
raqam_probability_bars_set (RaqamProbabilityBars *self, const float *probabilities)
{
  g_return_if_fail (RAQAM_IS_PROBABILITY_BARS (self));

  memset (self->probabilities, 0, sizeof self->probabilities);
  self->winner = -1;
  if (probabilities != NULL)
    {
      memcpy (self->probabilities, probabilities, sizeof self->probabilities);
      self->winner = raqam_probability_bars_winner (probabilities);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
snapshot_text (RaqamProbabilityBars *self, GtkSnapshot *snapshot, const char *text, gboolean bold,
               double scale, double middle, double bottom, const GdkRGBA *colour)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoAttrList *attrs = pango_attr_list_new ();
  int width, height;

  pango_attr_list_insert (attrs, pango_attr_scale_new (scale));
  if (bold)
    pango_attr_list_insert (attrs, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attrs);
  pango_attr_list_unref (attrs);
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (middle - width / 2.0, bottom - height));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

/* A track of the whole height, filled from below. */
static void
snapshot_bar (GtkSnapshot *snapshot, const GdkRGBA *colour, const graphene_rect_t *track,
              double share, gboolean winner)
{
  GdkRGBA faint = *colour, strong = *colour;
  double filled = share * track->size.height;
  GskRoundedRect rounded;

  faint.alpha *= TRACK_ALPHA;
  strong.alpha *= winner ? 1 : OTHERS_ALPHA;
  gsk_rounded_rect_init_from_rect (&rounded, track, RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, &faint, track);
  gtk_snapshot_append_color (snapshot, &strong,
                             &GRAPHENE_RECT_INIT (track->origin.x,
                                                  track->origin.y + track->size.height - filled,
                                                  track->size.width, filled));
  gtk_snapshot_pop (snapshot);
}

static void
snapshot_digit (RaqamProbabilityBars *self, GtkSnapshot *snapshot, const GdkRGBA *colour,
                const GdkRGBA *ink, double middle, double place, int digit)
{
  gboolean winner = digit == self->winner;
  double bottom = gtk_widget_get_height (GTK_WIDGET (self)) - FOOTER;
  double width = MIN (place * SHARE, MAX_BAR);
  graphene_rect_t track =
    GRAPHENE_RECT_INIT (middle - width / 2, HEADER, width, MAX (bottom - HEADER, 1));

  snapshot_bar (snapshot, colour, &track, self->probabilities[digit], winner);
  snapshot_text (self, snapshot, raqam_format_persian_digit (digit), winner, winner ? 1.1 : 1,
                 middle, bottom + FOOTER, ink);
  if (winner)
    {
      g_autofree char *percent = raqam_format_number (100 * self->probabilities[digit], 0);
      /* Translators: a number of per cent */
      g_autofree char *value = g_strdup_printf (_("%s %%"), percent);

      snapshot_text (self, snapshot, value, TRUE, 0.76, middle, HEADER, ink);
    }
}

static void
raqam_probability_bars_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RaqamProbabilityBars *self = RAQAM_PROBABILITY_BARS (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  double place = (double) gtk_widget_get_width (widget) / RAQAM_N_DIGITS;
  GdkRGBA ink, colour;

  gtk_style_context_get_color (style, &ink);
  if (!gtk_style_context_lookup_color (style, "curve_3", &colour))
    colour = ink;
  for (int d = 0; d < RAQAM_N_DIGITS; d++)
    snapshot_digit (self, snapshot, &colour, &ink,
                    (mirrored ? RAQAM_N_DIGITS - 1 - d + 0.5 : d + 0.5) * place, place, d);
}

static void
raqam_probability_bars_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                                int *minimum, int *natural, int *minimum_baseline,
                                int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? NATURAL_WIDTH : HEIGHT;
}

static void
raqam_probability_bars_class_init (RaqamProbabilityBarsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = raqam_probability_bars_measure;
  widget_class->snapshot = raqam_probability_bars_snapshot;

  gtk_widget_class_set_css_name (widget_class, "probabilitybars");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
raqam_probability_bars_init (RaqamProbabilityBars *self)
{
  self->winner = -1;
}
