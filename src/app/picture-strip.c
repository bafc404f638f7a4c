/* picture-strip.c — a row of small pictures from one end to the other, with a marker.
 * SPDX-License-Identifier: MIT */

#include "app/picture-strip.h"

#include "app/ink.h"
#include "engine/recipe.h"
#include "print/format.h"

#include <glib/gi18n.h>
#include <math.h>

#define N_EXPECTED 11 /* pictures, until there are some */
#define MIN_CELL 22
#define CELL 48
#define PADDING 1
#define SCALE 3
#define RADIUS 6
#define LINE 3
#define STEP 0.01
#define PAGE 0.1

struct _RaqamPictureStrip
{
  GtkWidget parent_instance;

  GBytes     *pixels;  /* or NULL */
  GdkTexture *texture; /* of @pixels in the present direction, or NULL */
  int         n;
  double      position; /* below 0: none */
};

enum
{
  PICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamPictureStrip, raqam_picture_strip, GTK_TYPE_WIDGET)

static gboolean
is_mirrored (RaqamPictureStrip *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
}

static void
make_texture (RaqamPictureStrip *self)
{
  g_clear_object (&self->texture);
  if (self->pixels != NULL)
    self->texture = raqam_ink_texture_new (g_bytes_get_data (self->pixels, NULL), self->n, 1,
                                           PADDING, SCALE, is_mirrored (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
raqam_picture_strip_set_pixels (RaqamPictureStrip *self, GBytes *pixels)
{
  int n;

  g_return_if_fail (RAQAM_IS_PICTURE_STRIP (self));

  n = pixels != NULL ? (int) (g_bytes_get_size (pixels) / RAQAM_IMAGE_SIZE) : self->n;
  g_return_if_fail (n >= 2);

  g_clear_pointer (&self->pixels, g_bytes_unref);
  self->pixels = pixels != NULL ? g_bytes_ref (pixels) : NULL;
  if (self->n != n)
    {
      self->n = n;
      gtk_widget_queue_resize (GTK_WIDGET (self));
    }
  make_texture (self);
}

void
raqam_picture_strip_set_position (RaqamPictureStrip *self, double position)
{
  double percent = 100 * MAX (position, 0);
  g_autofree char *number = raqam_format_number (percent, 0);
  /* Translators: how far the way from one picture to another has been gone */
  g_autofree char *text = g_strdup_printf (_("%s %% of the way"), number);

  g_return_if_fail (RAQAM_IS_PICTURE_STRIP (self));

  self->position = MIN (position, 1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, percent,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  position < 0 ? _("Not on the way") : text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
pick (RaqamPictureStrip *self, double position)
{
  raqam_picture_strip_set_position (self, CLAMP (position, 0.0, 1.0));
  g_signal_emit (self, signals[PICKED], 0, self->position);
}

/* Where the pictures are; each is a square. */
static graphene_rect_t
layout (RaqamPictureStrip *self)
{
  float width = gtk_widget_get_width (GTK_WIDGET (self));
  float height = gtk_widget_get_height (GTK_WIDGET (self));
  float side = MAX (MIN (width / self->n, height), 1);

  return GRAPHENE_RECT_INIT ((width - side * self->n) / 2, (height - side) / 2, side * self->n,
                             side);
}

static void
pick_at (RaqamPictureStrip *self, double x)
{
  graphene_rect_t field = layout (self);
  double position = ((x - field.origin.x) / field.size.height - 0.5) / (self->n - 1);

  pick (self, round ((is_mirrored (self) ? 1 - position : position) / STEP) * STEP);
}

static void
drag_begin_cb (GtkGestureDrag *drag, double x, double y, RaqamPictureStrip *self)
{
  gtk_gesture_set_state (GTK_GESTURE (drag), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_grab_focus (GTK_WIDGET (self));
  pick_at (self, x);
}

static void
drag_update_cb (GtkGestureDrag *drag, double dx, double dy, RaqamPictureStrip *self)
{
  double x, y;

  gtk_gesture_drag_get_start_point (drag, &x, &y);
  pick_at (self, x + dx);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                RaqamPictureStrip *self)
{
  double forward = is_mirrored (self) ? -STEP : STEP;
  double position = MAX (self->position, 0);

  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      position -= forward;
      break;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      position += forward;
      break;
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      position += PAGE;
      break;
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      position -= PAGE;
      break;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      position = 0;
      break;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      position = 1;
      break;
    default:
      return GDK_EVENT_PROPAGATE;
    }
  pick (self, position);
  return GDK_EVENT_STOP;
}

static void
snapshot_marker (RaqamPictureStrip *self, GtkSnapshot *snapshot, const graphene_rect_t *strip)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self));
  double position = is_mirrored (self) ? 1 - self->position : self->position;
  float side = strip->size.height;
  float x = strip->origin.x + (float) position * side * (self->n - 1);
  graphene_rect_t field = GRAPHENE_RECT_INIT (x, strip->origin.y, side, side);
  const float lines[4] = { LINE, LINE, LINE, LINE };
  GskRoundedRect rounded;
  GdkRGBA colour;

  if (!gtk_style_context_lookup_color (style, "accent_bg_color", &colour))
    gtk_style_context_get_color (style, &colour);
  gsk_rounded_rect_init_from_rect (&rounded, &field, RADIUS);
  gtk_snapshot_append_border (snapshot, &rounded, lines,
                              (const GdkRGBA[]) { colour, colour, colour, colour });
}

static void
raqam_picture_strip_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RaqamPictureStrip *self = RAQAM_PICTURE_STRIP (widget);
  const GdkRGBA paper = { 1, 1, 1, 1 };
  graphene_rect_t field = layout (self);
  GskRoundedRect rounded;

  gsk_rounded_rect_init_from_rect (&rounded, &field, RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, &paper, &field);
  if (self->texture != NULL)
    gtk_snapshot_append_texture (snapshot, self->texture, &field);
  gtk_snapshot_pop (snapshot);
  if (self->texture != NULL && self->position >= 0)
    snapshot_marker (self, snapshot, &field);
}

static void
raqam_picture_strip_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                             int *minimum, int *natural, int *minimum_baseline,
                             int *natural_baseline)
{
  RaqamPictureStrip *self = RAQAM_PICTURE_STRIP (widget);

  gboolean across = orientation == GTK_ORIENTATION_HORIZONTAL;

  *minimum = across ? MIN_CELL * self->n : CELL;
  *natural = *minimum;
}

static void
raqam_picture_strip_direction_changed (GtkWidget *widget, GtkTextDirection previous)
{
  GTK_WIDGET_CLASS (raqam_picture_strip_parent_class)->direction_changed (widget, previous);

  make_texture (RAQAM_PICTURE_STRIP (widget));
}

static void
raqam_picture_strip_finalize (GObject *object)
{
  RaqamPictureStrip *self = RAQAM_PICTURE_STRIP (object);

  g_clear_object (&self->texture);
  g_clear_pointer (&self->pixels, g_bytes_unref);

  G_OBJECT_CLASS (raqam_picture_strip_parent_class)->finalize (object);
}

static void
raqam_picture_strip_class_init (RaqamPictureStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = raqam_picture_strip_finalize;
  widget_class->direction_changed = raqam_picture_strip_direction_changed;
  widget_class->measure = raqam_picture_strip_measure;
  widget_class->snapshot = raqam_picture_strip_snapshot;

  signals[PICKED] = g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);

  gtk_widget_class_set_css_name (widget_class, "picturestrip");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
}

static void
raqam_picture_strip_init (RaqamPictureStrip *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->n = N_EXPECTED;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 100.0, -1);
  raqam_picture_strip_set_position (self, -1);

  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

GtkWidget *
raqam_picture_strip_new (void)
{
  return g_object_new (RAQAM_TYPE_PICTURE_STRIP, NULL);
}
