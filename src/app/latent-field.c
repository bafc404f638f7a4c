/* latent-field.c — a slider for each number of a latent vector.
 * SPDX-License-Identifier: MIT */

#include "app/latent-field.h"

#include "print/format.h"
#include "app/scroll.h"
#include "engine/recipe.h"

#include <glib/gi18n.h>
#include <math.h>

#define LIMIT 3.0
#define STEP 0.1
#define PAGE 0.5
#define TWO_COLUMNS 380 /* width in pixels from which there are two */

struct _RaqamLatentField
{
  GtkWidget parent_instance;

  GPtrArray *cells;   /* of GtkWidget, borrowed: a number and its slider */
  GPtrArray *scales;  /* of GtkRange, borrowed */
  float     *values;  /* (scales->len) */
  gboolean   in_bulk; /* sliders are being set together */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamLatentField, raqam_latent_field, GTK_TYPE_WIDGET)

static void
value_changed_cb (GtkRange *range, RaqamLatentField *self)
{
  guint index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (range), "index"));

  if (self->in_bulk)
    return;
  self->values[index] = (float) gtk_range_get_value (range);
  g_signal_emit (self, signals[CHANGED], 0);
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

static GtkWidget *
scale_new (RaqamLatentField *self, guint index)
{
  GtkWidget *scale
    = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, -LIMIT, LIMIT, STEP);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  g_autofree char *number = raqam_format_integer (index + 1);
  g_autofree char *name = g_strdup_printf (_("Latent number %s"), number);

  gtk_range_set_increments (GTK_RANGE (scale), STEP, PAGE);
  gtk_range_set_round_digits (GTK_RANGE (scale), 3);
  gtk_range_set_value (GTK_RANGE (scale), 0);
  gtk_widget_set_hexpand (scale, TRUE);
  raqam_scroll_leave (scale);
  gtk_accessible_update_property (GTK_ACCESSIBLE (scale), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data (G_OBJECT (scale), "index", GUINT_TO_POINTER (index));
  g_signal_connect (scale, "value-changed", G_CALLBACK (value_changed_cb), self);

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), scale);
  gtk_widget_add_controller (scale, GTK_EVENT_CONTROLLER (click));
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), scale);
  gtk_widget_add_controller (scale, keys);
  return scale;
}

static void
add_slider (RaqamLatentField *self, guint index)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *scale = scale_new (self, index);
  g_autofree char *number = raqam_format_integer (index + 1);
  GtkWidget *label = gtk_label_new (number);

  gtk_label_set_width_chars (GTK_LABEL (label), 3);
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), scale);
  gtk_widget_set_parent (box, GTK_WIDGET (self));
  g_ptr_array_add (self->cells, box);
  g_ptr_array_add (self->scales, scale);
}

void
raqam_latent_field_set_length (RaqamLatentField *self, int length)
{
  g_return_if_fail (RAQAM_IS_LATENT_FIELD (self));
  g_return_if_fail (length >= 0 && length <= RAQAM_MAX_LATENT);

  while (self->scales->len > (guint) length)
    {
      guint last = self->scales->len - 1;

      gtk_widget_unparent (g_ptr_array_index (self->cells, last));
      g_ptr_array_remove_index (self->cells, last);
      g_ptr_array_remove_index (self->scales, last);
    }
  self->values = g_renew (float, self->values, MAX (length, 1));
  while (self->scales->len < (guint) length)
    {
      self->values[self->scales->len] = 0;
      add_slider (self, self->scales->len);
    }
  self->in_bulk = TRUE;
  for (guint i = 0; i < self->scales->len; i++)
    {
      self->values[i] = 0;
      gtk_range_set_value (g_ptr_array_index (self->scales, i), 0);
    }
  self->in_bulk = FALSE;
}

int
raqam_latent_field_get_length (RaqamLatentField *self)
{
  g_return_val_if_fail (RAQAM_IS_LATENT_FIELD (self), 0);

  return (int) self->scales->len;
}

const float *
raqam_latent_field_get_values (RaqamLatentField *self)
{
  g_return_val_if_fail (RAQAM_IS_LATENT_FIELD (self), NULL);

  return self->values;
}

void
raqam_latent_field_set_values (RaqamLatentField *self, const float *values)
{
  g_return_if_fail (RAQAM_IS_LATENT_FIELD (self));

  self->in_bulk = TRUE;
  for (guint i = 0; i < self->scales->len; i++)
    {
      self->values[i] = values[i];
      gtk_range_set_value (g_ptr_array_index (self->scales, i), values[i]);
    }
  self->in_bulk = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
raqam_latent_field_reset (RaqamLatentField *self)
{
  const float zeros[RAQAM_MAX_LATENT] = { 0 };

  raqam_latent_field_set_values (self, zeros);
}

/* Box and Muller's transform, 1958. */
static float
random_normal (void)
{
  double radius = sqrt (-2 * log (1 - g_random_double ()));

  return (float) (radius * cos (2 * G_PI * g_random_double ()));
}

void
raqam_latent_field_surprise (RaqamLatentField *self)
{
  float values[RAQAM_MAX_LATENT];

  for (guint i = 0; i < self->scales->len; i++)
    values[i] = random_normal ();
  raqam_latent_field_set_values (self, values);
}

/* All cells are alike: the first one's size is every one's. */
static int
cell_size (RaqamLatentField *self, GtkOrientation orientation, int *natural)
{
  int minimum = 0;

  *natural = 0;
  if (self->cells->len > 0)
    gtk_widget_measure (g_ptr_array_index (self->cells, self->cells->len - 1), orientation, -1,
                        &minimum, natural, NULL, NULL);
  return minimum;
}

static int
n_columns (int width)
{
  return width >= TWO_COLUMNS ? 2 : 1;
}

static int
n_rows (RaqamLatentField *self, int columns)
{
  return ((int) self->cells->len + columns - 1) / columns;
}

static void
raqam_latent_field_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                            int *minimum, int *natural, int *minimum_baseline,
                            int *natural_baseline)
{
  RaqamLatentField *self = RAQAM_LATENT_FIELD (widget);
  int cell_natural;
  int cell_minimum = cell_size (self, orientation, &cell_natural);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = cell_minimum;
      *natural = MAX (cell_natural, TWO_COLUMNS);
      return;
    }
  *minimum = cell_natural * n_rows (self, for_size >= 0 ? n_columns (for_size) : 1);
  *natural = *minimum;
}

static void
raqam_latent_field_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  RaqamLatentField *self = RAQAM_LATENT_FIELD (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int columns = n_columns (width);
  int cell_width = width / columns;
  int cell_height;

  cell_size (self, GTK_ORIENTATION_VERTICAL, &cell_height);
  for (guint i = 0; i < self->cells->len; i++)
    {
      int column = (int) i % columns;
      int place = mirrored ? columns - 1 - column : column;

      gtk_widget_size_allocate (g_ptr_array_index (self->cells, i),
                                &(GtkAllocation) { place * cell_width,
                                                   (int) i / columns * cell_height, cell_width,
                                                   cell_height },
                                -1);
    }
}

static GtkSizeRequestMode
raqam_latent_field_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
raqam_latent_field_dispose (GObject *object)
{
  RaqamLatentField *self = RAQAM_LATENT_FIELD (object);

  for (guint i = 0; i < self->cells->len; i++)
    gtk_widget_unparent (g_ptr_array_index (self->cells, i));
  g_ptr_array_set_size (self->cells, 0);
  g_ptr_array_set_size (self->scales, 0);

  G_OBJECT_CLASS (raqam_latent_field_parent_class)->dispose (object);
}

static void
raqam_latent_field_finalize (GObject *object)
{
  RaqamLatentField *self = RAQAM_LATENT_FIELD (object);

  g_ptr_array_unref (self->cells);
  g_ptr_array_unref (self->scales);
  g_free (self->values);

  G_OBJECT_CLASS (raqam_latent_field_parent_class)->finalize (object);
}

static void
raqam_latent_field_class_init (RaqamLatentFieldClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = raqam_latent_field_dispose;
  object_class->finalize = raqam_latent_field_finalize;
  widget_class->get_request_mode = raqam_latent_field_get_request_mode;
  widget_class->measure = raqam_latent_field_measure;
  widget_class->size_allocate = raqam_latent_field_size_allocate;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "latentfield");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
raqam_latent_field_init (RaqamLatentField *self)
{
  self->cells = g_ptr_array_new ();
  self->scales = g_ptr_array_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Latent vector"), -1);
}
