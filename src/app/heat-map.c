/* heat-map.c — a figure of each digit, epoch for epoch, as a field of colours.
 * SPDX-License-Identifier: MIT */

#include "app/heat-map.h"

#include "print/format.h"

#include <glib/gi18n.h>
#include <math.h>

#define N RAQAM_N_DIGITS
#define MIN_WIDTH 260
#define ROW 24
#define SIDE 26   /* for the digits */
#define FOOTER 20 /* for the epochs */
#define LINE 24   /* for what is said of a field */
#define MAX_COLUMN 64
#define GAP 1
#define ROOM_FOR_NUMBER 34

struct _RaqamHeatMap
{
  GtkWidget parent_instance;

  GArray  *timeline; /* of RaqamQuality */
  gboolean frechet;
  int      best;

  int column, digit; /* the field that is told of; column -1: none */
};

G_DEFINE_FINAL_TYPE (RaqamHeatMap, raqam_heat_map, GTK_TYPE_WIDGET)

static const RaqamQuality *
quality (const RaqamHeatMap *self, guint column)
{
  return &g_array_index (self->timeline, RaqamQuality, column);
}

static double
value_at (const RaqamHeatMap *self, guint column, int digit)
{
  const RaqamQuality *at = quality (self, column);

  return self->frechet ? at->frechet.of_class[digit] : at->accuracy.of_class[digit];
}

static char *
format_value (const RaqamHeatMap *self, double value)
{
  if (!isfinite (value))
    return g_strdup ("–");
  if (self->frechet)
    return raqam_format_number (value, value < 9.95 ? 1 : 0);
  return raqam_format_number (100 * value, value > 0.9895 && value < 0.9995 ? 1 : 0);
}

/* "Epoch 12, ۴: 93 %" */
static char *
describe_field (const RaqamHeatMap *self)
{
  g_autofree char *epoch = NULL;
  g_autofree char *value = NULL;

  if (self->column < 0 || (guint) self->column >= self->timeline->len)
    return g_strdup ("");
  epoch = raqam_format_number (quality (self, (guint) self->column)->epoch, 1);
  value = format_value (self, value_at (self, (guint) self->column, self->digit));
  /* Translators: an epoch, a Persian digit, a Fréchet distance */
  return g_strdup_printf (self->frechet ? _("Epoch %s, %s: distance %s")
                                        /* Translators: the last number is per cent */
                                        : _("Epoch %s, %s: %s %% recognised"),
                          epoch, raqam_format_persian_digit (self->digit), value);
}

static void
describe (RaqamHeatMap *self)
{
  g_autofree char *text = describe_field (self);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->frechet ? _("Fréchet distance of each digit, by epoch")
                                                : _("Recognition of each digit, by epoch"),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
raqam_heat_map_set (RaqamHeatMap *self, const GArray *timeline, gboolean frechet, int best)
{
  g_return_if_fail (RAQAM_IS_HEAT_MAP (self));

  g_array_set_size (self->timeline, 0);
  if (timeline->len > 0)
    g_array_append_vals (self->timeline, timeline->data, timeline->len);
  self->frechet = frechet;
  self->best = best;
  self->column = MIN (self->column, (int) timeline->len - 1);
  describe (self);
}

/* From the best value, 0, to the worst, 1. */
static double
badness (const RaqamHeatMap *self, double value)
{
  double low = INFINITY, high = -INFINITY;

  for (guint c = 0; c < self->timeline->len; c++)
    for (int d = 0; d < N; d++)
      {
        double at = value_at (self, c, d);

        if (isfinite (at))
          {
            low = MIN (low, at);
            high = MAX (high, at);
          }
      }
  if (!isfinite (value) || !(high > low))
    return 0;
  value = (value - low) / (high - low);
  return self->frechet ? sqrt (value) : sqrt (1 - value);
}

static double
column_width (RaqamHeatMap *self)
{
  int room = gtk_widget_get_width (GTK_WIDGET (self)) - SIDE;

  return self->timeline->len > 0 ? MIN ((double) room / self->timeline->len, MAX_COLUMN) : 1;
}

static void
snapshot_text (RaqamHeatMap *self, GtkSnapshot *snapshot, const char *text, double scale, double x,
               double y, double align, const GdkRGBA *colour)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoAttrList *attrs = pango_attr_list_new ();
  int width, height;

  pango_attr_list_insert (attrs, pango_attr_scale_new (scale));
  pango_layout_set_attributes (layout, attrs);
  pango_attr_list_unref (attrs);
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT (round (x - align * width), y - height / 2.0));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

static void
snapshot_field (RaqamHeatMap *self, GtkSnapshot *snapshot, guint column, int digit,
                const GdkRGBA *colour, const GdkRGBA *ink)
{
  double width = column_width (self);
  double value = value_at (self, column, digit);
  double alpha = 0.06 + 0.94 * badness (self, value);
  GdkRGBA fill = { colour->red, colour->green, colour->blue, (float) alpha };
  graphene_rect_t field =
    GRAPHENE_RECT_INIT (SIDE + column * width, digit * ROW, MAX (width - GAP, 1), ROW - GAP);
  g_autofree char *text = NULL;

  gtk_snapshot_append_color (snapshot, &fill, &field);
  if (width >= ROOM_FOR_NUMBER)
    {
      const GdkRGBA light = { 1, 1, 1, 1 };
      const GdkRGBA dark = { 0, 0, 0, 1 };
      double lightness = 0.3 * colour->red + 0.59 * colour->green + 0.11 * colour->blue;

      text = format_value (self, value);
      snapshot_text (self, snapshot, text, 0.8, SIDE + (column + 0.5) * width, (digit + 0.5) * ROW,
                     0.5,
                     alpha < 0.55      ? ink
                     : lightness < 0.6 ? &light
                                       : &dark);
    }
  if (self->column == (int) column && self->digit == digit)
    {
      GskRoundedRect frame;

      gsk_rounded_rect_init_from_rect (&frame, &field, 0);
      gtk_snapshot_append_border (snapshot, &frame, (float[4]){ 2, 2, 2, 2 },
                                  (GdkRGBA[4]){ *ink, *ink, *ink, *ink });
    }
}

/* So many columns apart that the epochs do not run into each other. */
static void
snapshot_epochs (RaqamHeatMap *self, GtkSnapshot *snapshot, const GdkRGBA *ink)
{
  double width = column_width (self);
  guint apart = (guint) MAX (1, ceil (36 / width));

  for (guint c = 0; c < self->timeline->len; c += apart)
    {
      double epoch = quality (self, c)->epoch;
      g_autofree char *text =
        raqam_format_number (epoch, fabs (epoch - round (epoch)) < 0.05 ? 0 : 1);

      snapshot_text (self, snapshot, text, 0.8, SIDE + (c + 0.5) * width, N * ROW + FOOTER / 2.0,
                     0.5, ink);
    }
}

static void
raqam_heat_map_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RaqamHeatMap *self = RAQAM_HEAT_MAP (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  double width = column_width (self);
  g_autofree char *text = describe_field (self);
  GdkRGBA ink, colour;

  gtk_style_context_get_color (style, &ink);
  if (!gtk_style_context_lookup_color (style, "curve_2", &colour))
    colour = ink;
  for (int d = 0; d < N; d++)
    {
      snapshot_text (self, snapshot, raqam_format_persian_digit (d), 1, SIDE / 2.0, (d + 0.5) * ROW,
                     0.5, &ink);
      for (guint c = 0; c < self->timeline->len; c++)
        snapshot_field (self, snapshot, c, d, &colour, &ink);
    }
  if (self->best >= 0)
    {
      GskRoundedRect frame;

      gsk_rounded_rect_init_from_rect (
        &frame,
        &GRAPHENE_RECT_INIT (SIDE + self->best * width - GAP, 0, MAX (width + GAP, 3), N * ROW), 3);
      gtk_snapshot_append_border (snapshot, &frame, (float[4]){ 2, 2, 2, 2 },
                                  (GdkRGBA[4]){ ink, ink, ink, ink });
    }
  snapshot_epochs (self, snapshot, &ink);
  snapshot_text (self, snapshot, text, 0.9, mirrored ? gtk_widget_get_width (widget) : SIDE,
                 N * ROW + FOOTER + LINE / 2.0, mirrored ? 1 : 0, &ink);
}

static void
set_field (RaqamHeatMap *self, int column, int digit)
{
  column = CLAMP (column, self->timeline->len > 0 ? 0 : -1, (int) self->timeline->len - 1);
  digit = CLAMP (digit, 0, N - 1);
  if (self->column == column && self->digit == digit)
    return;
  self->column = column;
  self->digit = digit;
  describe (self);
}

static void
motion_cb (GtkEventControllerMotion *motion, double x, double y, RaqamHeatMap *self)
{
  if (x >= SIDE && y < N * ROW && x < SIDE + column_width (self) * self->timeline->len)
    set_field (self, (int) ((x - SIDE) / column_width (self)), (int) (y / ROW));
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                RaqamHeatMap *self)
{
  if (key == GDK_KEY_Left || key == GDK_KEY_KP_Left)
    set_field (self, self->column - 1, self->digit);
  else if (key == GDK_KEY_Right || key == GDK_KEY_KP_Right)
    set_field (self, self->column + 1, self->digit);
  else if (key == GDK_KEY_Up || key == GDK_KEY_KP_Up)
    set_field (self, self->column, self->digit - 1);
  else if (key == GDK_KEY_Down || key == GDK_KEY_KP_Down)
    set_field (self, self->column, self->digit + 1);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static void
raqam_heat_map_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : N * ROW + FOOTER + LINE;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 2 * MIN_WIDTH : *minimum;
}

static void
raqam_heat_map_finalize (GObject *object)
{
  g_array_unref (RAQAM_HEAT_MAP (object)->timeline);

  G_OBJECT_CLASS (raqam_heat_map_parent_class)->finalize (object);
}

static void
raqam_heat_map_class_init (RaqamHeatMapClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = raqam_heat_map_finalize;
  widget_class->measure = raqam_heat_map_measure;
  widget_class->snapshot = raqam_heat_map_snapshot;

  gtk_widget_class_set_css_name (widget_class, "heatmap");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
raqam_heat_map_init (RaqamHeatMap *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->timeline = g_array_new (FALSE, FALSE, sizeof (RaqamQuality));
  self->best = -1;
  self->column = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  describe (self);
}
