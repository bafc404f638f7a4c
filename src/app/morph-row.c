/* morph-row.c — the pictures that a morph goes through, in their order.
 * SPDX-License-Identifier: MIT */

#include "app/morph-row.h"

#include "app/picture-cell.h"
#include "print/format.h"

#include <glib/gi18n.h>
#include <string.h>

#define SIDE 40
#define LEAST_IN_LINE 3
#define MOST_IN_LINE 30

typedef struct
{
  RaqamStyle style;
  gboolean   drawn;
  guint8     pixels[RAQAM_IMAGE_SIZE];
} Point;

struct _RaqamMorphRow
{
  AdwBin parent_instance;

  GtkFlowBox *box;    /* a button for each point */
  GPtrArray  *points; /* of Point */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamMorphRow, raqam_morph_row, ADW_TYPE_BIN)

static Point *
point_at (RaqamMorphRow *self, guint i)
{
  return g_ptr_array_index (self->points, i);
}

static GtkWidget *
button_at (RaqamMorphRow *self, guint i)
{
  GtkFlowBoxChild *child = gtk_flow_box_get_child_at_index (self->box, (int) i);

  return child != NULL ? gtk_flow_box_child_get_child (child) : NULL;
}

static guint
place_of (GtkWidget *button)
{
  return (guint) gtk_flow_box_child_get_index (GTK_FLOW_BOX_CHILD (gtk_widget_get_parent (button)));
}

static void
show_point (RaqamMorphRow *self, guint i)
{
  const Point *point = point_at (self, i);
  GtkWidget *button = button_at (self, i);
  g_autofree char *number = raqam_format_integer (i + 1);
  /* Translators: a picture's number in a morph, and its Persian digit; pressing the
   * button removes it */
  g_autofree char *name
    = g_strdup_printf (_("Picture %s, %s: remove. Ctrl+Left and Ctrl+Right move it"), number,
                       raqam_format_persian_digit (raqam_style_main_digit (&point->style)));

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  raqam_picture_cell_set (RAQAM_PICTURE_CELL (gtk_button_get_child (GTK_BUTTON (button))),
                          point->drawn ? point->pixels : NULL, name);
}

static GtkWidget *button_new (RaqamMorphRow *self);

/* Buttons that are there are used again, so that the focus stays. */
static void
show (RaqamMorphRow *self)
{
  GtkWidget *button;

  while ((button = button_at (self, self->points->len)) != NULL)
    gtk_flow_box_remove (self->box, gtk_widget_get_parent (button));
  for (guint i = 0; i < self->points->len; i++)
    {
      if (button_at (self, i) == NULL)
        {
          gtk_flow_box_append (self->box, button_new (self));
          gtk_widget_set_focusable (gtk_widget_get_parent (button_at (self, i)), FALSE);
        }
      show_point (self, i);
    }
}

static void
remove_cb (GtkWidget *button, RaqamMorphRow *self)
{
  guint place = place_of (button);

  g_ptr_array_remove_index (self->points, place);
  show (self);
  if (self->points->len > 0)
    gtk_widget_grab_focus (button_at (self, MIN (place, self->points->len - 1)));
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
move_cb (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state,
         RaqamMorphRow *self)
{
  GtkWidget *button = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (keys));
  gboolean mirrored = gtk_widget_get_direction (button) == GTK_TEXT_DIR_RTL;
  guint from = place_of (button), to;

  if ((state & GDK_CONTROL_MASK) == 0 || (key != GDK_KEY_Left && key != GDK_KEY_Right))
    return GDK_EVENT_PROPAGATE;
  to = from + ((key == GDK_KEY_Right) != mirrored ? 1 : -1);
  if (to >= self->points->len)
    return GDK_EVENT_STOP;
  g_ptr_array_insert (self->points, (int) to, g_ptr_array_steal_index (self->points, from));
  show (self);
  gtk_widget_grab_focus (button_at (self, to));
  g_signal_emit (self, signals[CHANGED], 0);
  return GDK_EVENT_STOP;
}

static GtkWidget *
button_new (RaqamMorphRow *self)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *cell = raqam_picture_cell_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  raqam_picture_cell_set_side (RAQAM_PICTURE_CELL (cell), SIDE);
  gtk_button_set_child (GTK_BUTTON (button), cell);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "picture-button");
  g_signal_connect (button, "clicked", G_CALLBACK (remove_cb), self);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (move_cb), self);
  gtk_widget_add_controller (button, keys);
  return button;
}

guint
raqam_morph_row_get_n (RaqamMorphRow *self)
{
  g_return_val_if_fail (RAQAM_IS_MORPH_ROW (self), 0);

  return self->points->len;
}

const RaqamStyle *
raqam_morph_row_get_style (RaqamMorphRow *self, guint i)
{
  g_return_val_if_fail (RAQAM_IS_MORPH_ROW (self), NULL);
  g_return_val_if_fail (i < self->points->len, NULL);

  return &point_at (self, i)->style;
}

gboolean
raqam_morph_row_has (RaqamMorphRow *self, const RaqamStyle *style)
{
  g_return_val_if_fail (RAQAM_IS_MORPH_ROW (self), FALSE);

  for (guint i = 0; i < self->points->len; i++)
    if (raqam_style_equal (&point_at (self, i)->style, style))
      return TRUE;
  return FALSE;
}

void
raqam_morph_row_add (RaqamMorphRow *self, const RaqamStyle *style)
{
  Point *point;

  g_return_if_fail (RAQAM_IS_MORPH_ROW (self));

  point = g_new0 (Point, 1);
  point->style = *style;
  g_ptr_array_add (self->points, point);
  show (self);
}

void
raqam_morph_row_clear (RaqamMorphRow *self)
{
  g_return_if_fail (RAQAM_IS_MORPH_ROW (self));

  g_ptr_array_set_size (self->points, 0);
  show (self);
}

void
raqam_morph_row_set_pixels (RaqamMorphRow *self, guint i, const guint8 *pixels)
{
  g_return_if_fail (RAQAM_IS_MORPH_ROW (self));
  g_return_if_fail (i < self->points->len);

  memcpy (point_at (self, i)->pixels, pixels, RAQAM_IMAGE_SIZE);
  point_at (self, i)->drawn = TRUE;
  show_point (self, i);
}

const guint8 *
raqam_morph_row_get_pixels (RaqamMorphRow *self, guint i)
{
  g_return_val_if_fail (RAQAM_IS_MORPH_ROW (self), NULL);

  return i < self->points->len && point_at (self, i)->drawn ? point_at (self, i)->pixels : NULL;
}

static void
raqam_morph_row_finalize (GObject *object)
{
  g_ptr_array_unref (RAQAM_MORPH_ROW (object)->points);

  G_OBJECT_CLASS (raqam_morph_row_parent_class)->finalize (object);
}

static void
raqam_morph_row_class_init (RaqamMorphRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = raqam_morph_row_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "morphrow");
}

static void
raqam_morph_row_init (RaqamMorphRow *self)
{
  self->points = g_ptr_array_new_with_free_func (g_free);
  self->box = GTK_FLOW_BOX (gtk_flow_box_new ());
  gtk_flow_box_set_selection_mode (self->box, GTK_SELECTION_NONE);
  gtk_flow_box_set_min_children_per_line (self->box, LEAST_IN_LINE);
  gtk_flow_box_set_max_children_per_line (self->box, MOST_IN_LINE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Pictures of the morph"), -1);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
}
