/* digit-row.c — ten linked buttons, of which one is down: a Persian digit and its picture each.
 * SPDX-License-Identifier: MIT */

#include "app/digit-row.h"

#include "app/ink-large.h"
#include "engine/recipe.h"
#include "print/format.h"

#include <glib/gi18n.h>
#include <string.h>

struct _RaqamDigitRow
{
  GtkWidget parent_instance;

  int              digit;
  GtkToggleButton *buttons[RAQAM_N_DIGITS];
  GtkPicture      *pictures[RAQAM_N_DIGITS];
  RaqamInkLarge   *large;
  GBytes          *pixels; /* or NULL */
};

enum
{
  PROP_DIGIT = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

#define PICTURE_SIDE 40
#define NARROW_SIDE 26 /* the width that is left to it in a narrow row */

G_DEFINE_FINAL_TYPE (RaqamDigitRow, raqam_digit_row, GTK_TYPE_WIDGET)

int
raqam_digit_row_get_digit (RaqamDigitRow *self)
{
  g_return_val_if_fail (RAQAM_IS_DIGIT_ROW (self), 0);

  return self->digit;
}

void
raqam_digit_row_set_digit (RaqamDigitRow *self, int digit)
{
  g_return_if_fail (RAQAM_IS_DIGIT_ROW (self));
  g_return_if_fail (digit >= 0 && digit < RAQAM_N_DIGITS);

  if (self->digit == digit)
    return;
  self->digit = digit;
  gtk_toggle_button_set_active (self->buttons[digit], TRUE);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DIGIT]);
}

static const guint8 *
digit_pixels (GBytes *pixels, int digit)
{
  return (const guint8 *) g_bytes_get_data (pixels, NULL) + digit * RAQAM_IMAGE_SIZE;
}

static void
show_digit (RaqamDigitRow *self, int digit)
{
  g_autoptr (GdkTexture) texture
    = raqam_ink_large_texture (self->large, digit_pixels (self->pixels, digit), PICTURE_SIDE, FALSE);

  gtk_picture_set_paintable (self->pictures[digit], GDK_PAINTABLE (texture));
}

void
raqam_digit_row_set_pixels (RaqamDigitRow *self, GBytes *pixels)
{
  g_autoptr (GBytes) before = NULL;

  g_return_if_fail (RAQAM_IS_DIGIT_ROW (self));
  g_return_if_fail (pixels == NULL || g_bytes_get_size (pixels) == RAQAM_N_DIGITS * RAQAM_IMAGE_SIZE);

  before = self->pixels;
  self->pixels = pixels != NULL ? g_bytes_ref (pixels) : NULL;
  for (int d = 0; d < RAQAM_N_DIGITS; d++)
    {
      gtk_widget_set_visible (GTK_WIDGET (self->pictures[d]), pixels != NULL);
      if (pixels != NULL
          && (before == NULL
              || memcmp (digit_pixels (before, d), digit_pixels (pixels, d), RAQAM_IMAGE_SIZE) != 0))
        show_digit (self, d);
    }
}

static void
toggled_cb (GtkToggleButton *button, RaqamDigitRow *self)
{
  if (!gtk_toggle_button_get_active (button))
    return;
  for (int d = 0; d < RAQAM_N_DIGITS; d++)
    if (self->buttons[d] == button)
      raqam_digit_row_set_digit (self, d);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                RaqamDigitRow *self)
{
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int digit = self->digit;

  if (key == GDK_KEY_Left || key == GDK_KEY_KP_Left)
    digit += mirrored ? 1 : -1;
  else if (key == GDK_KEY_Right || key == GDK_KEY_KP_Right)
    digit += mirrored ? -1 : 1;
  else if (key == GDK_KEY_Home || key == GDK_KEY_KP_Home)
    digit = 0;
  else if (key == GDK_KEY_End || key == GDK_KEY_KP_End)
    digit = RAQAM_N_DIGITS - 1;
  else
    return GDK_EVENT_PROPAGATE;

  raqam_digit_row_set_digit (self, CLAMP (digit, 0, RAQAM_N_DIGITS - 1));
  gtk_widget_grab_focus (GTK_WIDGET (self->buttons[self->digit]));
  return GDK_EVENT_STOP;
}

static void
raqam_digit_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_DIGIT)
    raqam_digit_row_set_digit (RAQAM_DIGIT_ROW (object), g_value_get_int (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
raqam_digit_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_DIGIT)
    g_value_set_int (value, RAQAM_DIGIT_ROW (object)->digit);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
raqam_digit_row_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (raqam_digit_row_parent_class)->dispose (object);
}

static void
raqam_digit_row_finalize (GObject *object)
{
  RaqamDigitRow *self = RAQAM_DIGIT_ROW (object);

  g_clear_pointer (&self->pixels, g_bytes_unref);
  raqam_ink_large_free (self->large);

  G_OBJECT_CLASS (raqam_digit_row_parent_class)->finalize (object);
}

static void
raqam_digit_row_class_init (RaqamDigitRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = raqam_digit_row_dispose;
  object_class->finalize = raqam_digit_row_finalize;
  object_class->get_property = raqam_digit_row_get_property;
  object_class->set_property = raqam_digit_row_set_property;

  props[PROP_DIGIT] = g_param_spec_int ("digit", NULL, NULL, 0, RAQAM_N_DIGITS - 1, 0,
                                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                          | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_css_name (widget_class, "digitrow");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
add_button (RaqamDigitRow *self, int digit)
{
  const char *text = raqam_format_persian_digit (digit);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *picture = gtk_picture_new ();
  GtkToggleButton *button = GTK_TOGGLE_BUTTON (gtk_toggle_button_new ());

  gtk_widget_set_halign (picture, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request (picture, NARROW_SIDE, PICTURE_SIDE);
  gtk_widget_set_visible (picture, FALSE);
  gtk_box_append (GTK_BOX (box), picture);
  gtk_box_append (GTK_BOX (box), gtk_label_new (text));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_toggle_button_set_active (button, digit == 0);
  self->pictures[digit] = GTK_PICTURE (picture);
  self->buttons[digit] = button;
  if (digit > 0)
    gtk_toggle_button_set_group (button, self->buttons[0]);
  gtk_widget_set_parent (GTK_WIDGET (button), GTK_WIDGET (self));
  g_signal_connect (button, "toggled", G_CALLBACK (toggled_cb), self);
}

static void
raqam_digit_row_init (RaqamDigitRow *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_box_layout_set_homogeneous (
    GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self))), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "linked");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Digit"),
                                  -1);

  self->large = raqam_ink_large_new ();
  for (int d = 0; d < RAQAM_N_DIGITS; d++)
    add_button (self, d);

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}
