/* direction-row.c — one direction: its name, a slider, and a picture at both ends.
 * SPDX-License-Identifier: MIT */

#include "app/direction-row.h"

#include "app/picture-cell.h"
#include "app/scroll.h"
#include "app/signed-number.h"
#include "app/ui.h"
#include "engine/recipe.h"

#include <glib/gi18n.h>
#include <math.h>

#define SIDE 48

struct _RaqamDirectionRow
{
  GtkWidget parent_instance;

  GtkWidget        *low_button;
  GtkWidget        *high_button;
  RaqamPictureCell *low_cell;
  RaqamPictureCell *high_cell;
  GtkWidget        *pin;
  GtkLabel         *name_label;
  GtkLabel         *value_label;
  GtkRange         *scale;
  GtkWidget        *menu_button;
  GtkPopover       *popover;
  GtkEditable      *name_entry;
  GtkWidget        *rename_button;
  GtkWidget        *reset_button;
  GtkWidget        *keep_button;
  GtkWidget        *remove_button;

  char    *ends[2]; /* what the pictures are called */
  gboolean quiet;   /* the slider is being set */
};

enum
{
  MOVED,
  PICKED,
  RENAMED,
  RESET,
  KEEP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamDirectionRow, raqam_direction_row, GTK_TYPE_WIDGET)

static void
show_value (RaqamDirectionRow *self, double value)
{
  g_autofree char *text = raqam_signed_number (value, 1);

  gtk_label_set_label (self->value_label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  text, -1);
}

static void
value_changed_cb (RaqamDirectionRow *self)
{
  double value = gtk_range_get_value (self->scale);

  if (self->quiet)
    return;
  show_value (self, value);
  g_signal_emit (self, signals[MOVED], 0, value);
}

static void
low_cb (RaqamDirectionRow *self)
{
  g_signal_emit (self, signals[PICKED], 0, -RAQAM_DIRECTION_REACH);
}

static void
high_cb (RaqamDirectionRow *self)
{
  g_signal_emit (self, signals[PICKED], 0, RAQAM_DIRECTION_REACH);
}

static void
entry_changed_cb (RaqamDirectionRow *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_entry)));

  gtk_widget_set_sensitive (self->rename_button, *name != '\0');
}

static void
rename_cb (RaqamDirectionRow *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_entry)));

  if (*name == '\0')
    return;
  gtk_popover_popdown (self->popover);
  g_signal_emit (self, signals[RENAMED], 0, name);
}

static void
reset_cb (RaqamDirectionRow *self)
{
  gtk_popover_popdown (self->popover);
  g_signal_emit (self, signals[RESET], 0);
}

static void
keep_cb (RaqamDirectionRow *self)
{
  gtk_popover_popdown (self->popover);
  g_signal_emit (self, signals[KEEP], 0, TRUE);
}

static void
remove_cb (RaqamDirectionRow *self)
{
  gtk_popover_popdown (self->popover);
  g_signal_emit (self, signals[KEEP], 0, FALSE);
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, GtkRange *range)
{
  if (n_press < 2)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_range_set_value (range, 0);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state,
                GtkRange *range)
{
  if (key != GDK_KEY_Delete && key != GDK_KEY_KP_Delete && key != GDK_KEY_BackSpace)
    return GDK_EVENT_PROPAGATE;
  gtk_range_set_value (range, 0);
  return GDK_EVENT_STOP;
}

static void
set_accessible_label (gpointer widget, const char *label)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
}

void
raqam_direction_row_set (RaqamDirectionRow *self, const char *name, const char *details,
                         gboolean renamed, gboolean kept)
{
  g_autofree char *low = raqam_signed_number (-RAQAM_DIRECTION_REACH, 0);
  g_autofree char *high = raqam_signed_number (RAQAM_DIRECTION_REACH, 0);
  /* Translators: a direction's name, as "Slant" */
  g_autofree char *menu = g_strdup_printf (_("Name and keep: %s"), name);

  g_return_if_fail (RAQAM_IS_DIRECTION_ROW (self));

  for (int end = 0; end < 2; end++)
    g_free (self->ends[end]);
  /* Translators: the picture at an end of a slider: a direction's name, and −3 or 3 */
  self->ends[0] = g_strdup_printf (_("%s at %s"), name, low);
  self->ends[1] = g_strdup_printf (_("%s at %s"), name, high);
  set_accessible_label (self->low_button, self->ends[0]);
  set_accessible_label (self->high_button, self->ends[1]);
  set_accessible_label (self->scale, name);
  set_accessible_label (self->menu_button, menu);

  gtk_label_set_label (self->name_label, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name_label), details);
  if (!gtk_widget_get_visible (GTK_WIDGET (self->popover)))
    gtk_editable_set_text (self->name_entry, name);
  gtk_widget_set_visible (self->pin, kept);
  gtk_widget_set_visible (self->reset_button, renamed && !kept);
  gtk_widget_set_visible (self->keep_button, !kept);
  gtk_widget_set_visible (self->remove_button, kept);
}

const char *
raqam_direction_row_get_name (RaqamDirectionRow *self)
{
  g_return_val_if_fail (RAQAM_IS_DIRECTION_ROW (self), NULL);

  return gtk_label_get_label (self->name_label);
}

void
raqam_direction_row_set_value (RaqamDirectionRow *self, double value)
{
  double shown = CLAMP (value, -RAQAM_DIRECTION_REACH, RAQAM_DIRECTION_REACH);

  g_return_if_fail (RAQAM_IS_DIRECTION_ROW (self));

  show_value (self, value);
  /* A slider that is being dragged already stands where it is set to, but for rounding. */
  if (fabs (gtk_range_get_value (self->scale) - shown) < 2e-3)
    return;
  self->quiet = TRUE;
  gtk_range_set_value (self->scale, shown);
  self->quiet = FALSE;
}

void
raqam_direction_row_set_pixels (RaqamDirectionRow *self, const guint8 *pixels)
{
  g_return_if_fail (RAQAM_IS_DIRECTION_ROW (self));

  raqam_picture_cell_set (self->low_cell, pixels, self->ends[0]);
  raqam_picture_cell_set (self->high_cell, pixels + RAQAM_IMAGE_SIZE, self->ends[1]);
}

static void
raqam_direction_row_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (raqam_direction_row_parent_class)->dispose (object);
}

static void
raqam_direction_row_finalize (GObject *object)
{
  RaqamDirectionRow *self = RAQAM_DIRECTION_ROW (object);

  for (int end = 0; end < 2; end++)
    g_free (self->ends[end]);

  G_OBJECT_CLASS (raqam_direction_row_parent_class)->finalize (object);
}

static guint
add_signal (const char *name, guint n_params, GType type)
{
  return g_signal_new (name, RAQAM_TYPE_DIRECTION_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, n_params, type);
}

static void
raqam_direction_row_class_init (RaqamDirectionRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = raqam_direction_row_dispose;
  object_class->finalize = raqam_direction_row_finalize;

  signals[MOVED] = add_signal ("moved", 1, G_TYPE_DOUBLE);
  signals[PICKED] = add_signal ("picked", 1, G_TYPE_DOUBLE);
  signals[RENAMED] = add_signal ("renamed", 1, G_TYPE_STRING);
  signals[RESET] = add_signal ("reset", 0, G_TYPE_NONE);
  signals[KEEP] = add_signal ("keep", 1, G_TYPE_BOOLEAN);

  gtk_widget_class_set_css_name (widget_class, "directionrow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);

  g_type_ensure (RAQAM_TYPE_PICTURE_CELL);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("direction-row"));
  gtk_widget_class_bind_template_child (widget_class, RaqamDirectionRow, low_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamDirectionRow, high_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamDirectionRow, low_cell);
  gtk_widget_class_bind_template_child (widget_class, RaqamDirectionRow, high_cell);
  gtk_widget_class_bind_template_child (widget_class, RaqamDirectionRow, pin);
  gtk_widget_class_bind_template_child (widget_class, RaqamDirectionRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, RaqamDirectionRow, value_label);
  gtk_widget_class_bind_template_child (widget_class, RaqamDirectionRow, scale);
  gtk_widget_class_bind_template_child (widget_class, RaqamDirectionRow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamDirectionRow, popover);
  gtk_widget_class_bind_template_child (widget_class, RaqamDirectionRow, name_entry);
  gtk_widget_class_bind_template_child (widget_class, RaqamDirectionRow, rename_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamDirectionRow, reset_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamDirectionRow, keep_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamDirectionRow, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, value_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, low_cb);
  gtk_widget_class_bind_template_callback (widget_class, high_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, rename_cb);
  gtk_widget_class_bind_template_callback (widget_class, reset_cb);
  gtk_widget_class_bind_template_callback (widget_class, keep_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
}

static void
raqam_direction_row_init (RaqamDirectionRow *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  raqam_picture_cell_set_side (self->low_cell, SIDE);
  raqam_picture_cell_set_side (self->high_cell, SIDE);
  gtk_scale_add_mark (GTK_SCALE (self->scale), 0, GTK_POS_BOTTOM, NULL);
  raqam_scroll_leave (GTK_WIDGET (self->scale));

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self->scale);
  gtk_widget_add_controller (GTK_WIDGET (self->scale), GTK_EVENT_CONTROLLER (click));
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self->scale);
  gtk_widget_add_controller (GTK_WIDGET (self->scale), keys);
}

GtkWidget *
raqam_direction_row_new (void)
{
  return g_object_new (RAQAM_TYPE_DIRECTION_ROW, NULL);
}
