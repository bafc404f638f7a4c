/* picture-cell.c — one small digit among many.
 * SPDX-License-Identifier: MIT */

#include "app/picture-cell.h"

#include "app/ink.h"

#define RADIUS 6
#define PADDING 1
#define DEFAULT_SIDE 60
#define SHARP_SIDE 200 /* from which on it is enlarged more finely */

struct _RaqamPictureCell
{
  GtkWidget parent_instance;

  int         side;
  GdkTexture *texture; /* or NULL */
};

G_DEFINE_FINAL_TYPE (RaqamPictureCell, raqam_picture_cell, GTK_TYPE_WIDGET)

void
raqam_picture_cell_set (RaqamPictureCell *self, const guint8 *pixels, const char *label)
{
  g_return_if_fail (RAQAM_IS_PICTURE_CELL (self));

  g_clear_object (&self->texture);
  if (pixels != NULL)
    self->texture =
      raqam_ink_texture_new (pixels, 1, 1, PADDING, self->side < SHARP_SIDE ? 2 : 8, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), label);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
raqam_picture_cell_set_side (RaqamPictureCell *self, int side)
{
  g_return_if_fail (RAQAM_IS_PICTURE_CELL (self));

  if (self->side == side)
    return;
  self->side = side;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
raqam_picture_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RaqamPictureCell *self = RAQAM_PICTURE_CELL (widget);
  const GdkRGBA paper = { 1, 1, 1, 1 };
  float width = gtk_widget_get_width (widget);
  float height = gtk_widget_get_height (widget);
  float side = MIN (width, height);
  graphene_rect_t field = GRAPHENE_RECT_INIT ((width - side) / 2, (height - side) / 2, side, side);
  GskRoundedRect rounded;

  gsk_rounded_rect_init_from_rect (&rounded, &field, RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, &paper, &field);
  if (self->texture != NULL)
    gtk_snapshot_append_texture (snapshot, self->texture, &field);
  gtk_snapshot_pop (snapshot);
}

static void
raqam_picture_cell_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                            int *minimum, int *natural, int *minimum_baseline,
                            int *natural_baseline)
{
  *minimum = RAQAM_PICTURE_CELL (widget)->side;
  *natural = *minimum;
}

static void
raqam_picture_cell_finalize (GObject *object)
{
  g_clear_object (&RAQAM_PICTURE_CELL (object)->texture);

  G_OBJECT_CLASS (raqam_picture_cell_parent_class)->finalize (object);
}

static void
raqam_picture_cell_class_init (RaqamPictureCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = raqam_picture_cell_finalize;
  widget_class->measure = raqam_picture_cell_measure;
  widget_class->snapshot = raqam_picture_cell_snapshot;

  gtk_widget_class_set_css_name (widget_class, "picturecell");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
raqam_picture_cell_init (RaqamPictureCell *self)
{
  self->side = DEFAULT_SIDE;
}

GtkWidget *
raqam_picture_cell_new (void)
{
  return g_object_new (RAQAM_TYPE_PICTURE_CELL, NULL);
}
