/* confusion-cell.c — one cell of a confusion matrix.
 * SPDX-License-Identifier: MIT */

#include "app/confusion-cell.h"

#include "print/format.h"

#include <glib/gi18n.h>
#include <math.h>

#define RADIUS 4
#define FRAME 2
#define MIN_SIDE 22
#define NATURAL_SIDE 46
#define NOTABLE 0.01 /* of a row: what is wrong as often is set in bold */

struct _RaqamConfusionCell
{
  GtkWidget parent_instance;

  int      truth;
  int      predicted;
  guint64  count;
  guint64  of;
  gboolean picked;
};

G_DEFINE_FINAL_TYPE (RaqamConfusionCell, raqam_confusion_cell, GTK_TYPE_WIDGET)

static void
describe (RaqamConfusionCell *self)
{
  g_autofree char *count = raqam_format_integer ((gint64) self->count);
  g_autofree char *of = raqam_format_integer ((gint64) self->of);
  /* Translators: two Persian digits, then two numbers of pictures */
  g_autofree char *label = g_strdup_printf (
    _("Asked for %s, recognised as %s: %s of %s"), raqam_format_persian_digit (self->truth),
    raqam_format_persian_digit (self->predicted), count, of);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), label);
}

void
raqam_confusion_cell_set_count (RaqamConfusionCell *self, guint64 count, guint64 of)
{
  g_return_if_fail (RAQAM_IS_CONFUSION_CELL (self));

  self->count = count;
  self->of = of;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
raqam_confusion_cell_set_picked (RaqamConfusionCell *self, gboolean picked)
{
  g_return_if_fail (RAQAM_IS_CONFUSION_CELL (self));

  if (self->picked == picked)
    return;
  self->picked = picked;
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_SELECTED, picked, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* How much of the colour a cell gets: its share of the row, small shares drawn out. */
static double
strength (const RaqamConfusionCell *self)
{
  double share = self->of > 0 ? (double) self->count / self->of : 0;

  return self->count > 0 ? 0.1 + 0.9 * pow (share, 0.6) : 0.05;
}

static double
lightness (const GdkRGBA *colour)
{
  return 0.3 * colour->red + 0.59 * colour->green + 0.11 * colour->blue;
}

/* @over laid on @under with @alpha. */
static GdkRGBA
blend (const GdkRGBA *over, const GdkRGBA *under, double alpha)
{
  return (GdkRGBA){
    .red = alpha * over->red + (1 - alpha) * under->red,
    .green = alpha * over->green + (1 - alpha) * under->green,
    .blue = alpha * over->blue + (1 - alpha) * under->blue,
    .alpha = 1,
  };
}

static PangoLayout *
text_layout (RaqamConfusionCell *self, int room)
{
  g_autofree char *text = raqam_format_integer ((gint64) self->count);
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoAttrList *attrs = pango_attr_list_new ();
  int width;

  if (self->truth != self->predicted && self->count >= NOTABLE * self->of)
    pango_attr_list_insert (attrs, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_attr_list_insert (attrs, pango_attr_scale_new (0.86));
  pango_layout_set_attributes (layout, attrs);
  pango_layout_get_pixel_size (layout, &width, NULL);
  if (width > room - 4)
    {
      pango_attr_list_change (attrs, pango_attr_scale_new (0.86 * (room - 4) / width));
      pango_layout_set_attributes (layout, attrs);
    }
  pango_attr_list_unref (attrs);
  return layout;
}

static void
snapshot_count (RaqamConfusionCell *self, GtkSnapshot *snapshot, const GdkRGBA *behind)
{
  const GdkRGBA light = { 1, 1, 1, 1 };
  const GdkRGBA dark = { 0, 0, 0, 0.85 };
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  g_autoptr (PangoLayout) layout = text_layout (self, width);
  int text_width, text_height;

  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
    snapshot, &GRAPHENE_POINT_INIT ((width - text_width) / 2.0f, (height - text_height) / 2.0f));
  gtk_snapshot_append_layout (snapshot, layout, lightness (behind) < 0.58 ? &light : &dark);
  gtk_snapshot_restore (snapshot);
}

static void
raqam_confusion_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RaqamConfusionCell *self = RAQAM_CONFUSION_CELL (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  graphene_rect_t field =
    GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  GdkRGBA ink, colour, paper, behind;
  GskRoundedRect rounded;

  gtk_style_context_get_color (style, &ink);
  if (!gtk_style_context_lookup_color (style, "curve_1", &colour))
    colour = ink;
  if (!gtk_style_context_lookup_color (style, "view_bg_color", &paper))
    paper = (GdkRGBA){ 1, 1, 1, 1 };
  behind = blend (&colour, &paper, strength (self));

  gsk_rounded_rect_init_from_rect (&rounded, &field, RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, &behind, &field);
  gtk_snapshot_pop (snapshot);
  if (self->picked)
    gtk_snapshot_append_border (snapshot, &rounded, (float[4]){ FRAME, FRAME, FRAME, FRAME },
                                (GdkRGBA[4]){ ink, ink, ink, ink });
  if (self->count > 0)
    snapshot_count (self, snapshot, &behind);
}

static void
raqam_confusion_cell_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                              int *minimum, int *natural, int *minimum_baseline,
                              int *natural_baseline)
{
  *minimum = MIN_SIDE;
  *natural = NATURAL_SIDE;
}

static void
raqam_confusion_cell_class_init (RaqamConfusionCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = raqam_confusion_cell_measure;
  widget_class->snapshot = raqam_confusion_cell_snapshot;

  gtk_widget_class_set_css_name (widget_class, "confusioncell");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID_CELL);
}

static void
raqam_confusion_cell_init (RaqamConfusionCell *self)
{
}

GtkWidget *
raqam_confusion_cell_new (int truth, int predicted)
{
  RaqamConfusionCell *self = g_object_new (RAQAM_TYPE_CONFUSION_CELL, NULL);

  g_return_val_if_fail (truth >= 0 && truth < RAQAM_N_DIGITS, NULL);
  g_return_val_if_fail (predicted >= 0 && predicted < RAQAM_N_DIGITS, NULL);

  self->truth = truth;
  self->predicted = predicted;
  describe (self);
  return GTK_WIDGET (self);
}
