/* digit-picture.c — one generated digit, large.
 * SPDX-License-Identifier: MIT */

#include "app/digit-picture.h"

#include "print/format.h"
#include "app/ink.h"
#include "engine/recipe.h"

#include <glib/gi18n.h>

#define SCALE 8
#define MIN_SIDE 160
#define NATURAL_SIDE 528

struct _RaqamDigitPicture
{
  GtkWidget parent_instance;

  GdkTexture *texture; /* or NULL */
};

G_DEFINE_FINAL_TYPE (RaqamDigitPicture, raqam_digit_picture, GTK_TYPE_WIDGET)

void
raqam_digit_picture_set_pixels (RaqamDigitPicture *self, GBytes *pixels, int digit)
{
  g_autofree char *label = NULL;

  g_return_if_fail (RAQAM_IS_DIGIT_PICTURE (self));
  g_return_if_fail (pixels == NULL || g_bytes_get_size (pixels) >= RAQAM_IMAGE_SIZE);

  g_clear_object (&self->texture);
  if (pixels != NULL)
    self->texture = raqam_ink_texture_new (g_bytes_get_data (pixels, NULL), 1, 1, 0, SCALE, FALSE);

  /* Translators: %s is a Persian digit */
  label = g_strdup_printf (_("Generated digit %s"), raqam_format_persian_digit (digit));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
raqam_digit_picture_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RaqamDigitPicture *self = RAQAM_DIGIT_PICTURE (widget);
  const GdkRGBA paper = { 1, 1, 1, 1 };
  float width = gtk_widget_get_width (widget);
  float height = gtk_widget_get_height (widget);
  float side = MIN (width, height);
  graphene_rect_t field
    = GRAPHENE_RECT_INIT ((width - side) / 2, (height - side) / 2, side, side);
  GskRoundedRect rounded;

  gsk_rounded_rect_init_from_rect (&rounded, &field, 12);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, &paper, &field);
  if (self->texture != NULL)
    gtk_snapshot_append_texture (snapshot, self->texture, &field);
  gtk_snapshot_pop (snapshot);
}

static void
raqam_digit_picture_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                             int *minimum, int *natural, int *minimum_baseline,
                             int *natural_baseline)
{
  *minimum = MIN_SIDE;
  *natural = NATURAL_SIDE;
}

static void
raqam_digit_picture_finalize (GObject *object)
{
  g_clear_object (&RAQAM_DIGIT_PICTURE (object)->texture);

  G_OBJECT_CLASS (raqam_digit_picture_parent_class)->finalize (object);
}

static void
raqam_digit_picture_class_init (RaqamDigitPictureClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = raqam_digit_picture_finalize;
  widget_class->measure = raqam_digit_picture_measure;
  widget_class->snapshot = raqam_digit_picture_snapshot;

  gtk_widget_class_set_css_name (widget_class, "digitpicture");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
raqam_digit_picture_init (RaqamDigitPicture *self)
{
  raqam_digit_picture_set_pixels (self, NULL, 0);
}
