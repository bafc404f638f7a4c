/* kept-cell.c — a kept picture with its name below it.
 * SPDX-License-Identifier: MIT */

#include "app/kept-cell.h"

#include "app/picture-cell.h"
#include "print/format.h"

#include <glib/gi18n.h>

#define SIDE 64
#define NAME_CHARS 10

struct _RaqamKeptCell
{
  GtkFlowBoxChild parent_instance;

  RaqamKeptItem    *item;
  RaqamPictureCell *picture;
  GtkLabel         *label;
};

enum
{
  DROPPED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamKeptCell, raqam_kept_cell, GTK_TYPE_FLOW_BOX_CHILD)

RaqamKeptItem *
raqam_kept_cell_get_item (RaqamKeptCell *self)
{
  g_return_val_if_fail (RAQAM_IS_KEPT_CELL (self), NULL);

  return self->item;
}

static void
name_cb (RaqamKeptCell *self)
{
  const RaqamStyleRecord *record = raqam_kept_item_get_kept (self->item)->record;
  const char *name = raqam_kept_item_get_name (self->item);
  g_autofree char *epoch = raqam_format_number (record->epoch, 2);
  /* Translators: a kept picture's name; the model that had drawn it, and how long that
   * was trained */
  g_autofree char *text
    = g_strdup_printf (_("%s. Kept from %s, epoch %s"), name,
                       record->model != NULL ? record->model : "–", epoch);

  gtk_label_set_text (self->label, name);
  raqam_picture_cell_set (self->picture, raqam_kept_item_get_pixels (self->item), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static GdkContentProvider *
prepare_cb (GtkDragSource *source, double x, double y, RaqamKeptCell *self)
{
  return gdk_content_provider_new_typed (RAQAM_TYPE_KEPT_ITEM, self->item);
}

static void
begin_cb (GtkDragSource *source, GdkDrag *drag, RaqamKeptCell *self)
{
  g_autoptr (GdkPaintable) icon = gtk_widget_paintable_new (GTK_WIDGET (self->picture));
  g_autoptr (GdkPaintable) still = gdk_paintable_get_current_image (icon);

  gtk_drag_source_set_icon (source, still, SIDE / 2, SIDE / 2);
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, RaqamKeptCell *self)
{
  RaqamKeptItem *item = g_value_get_object (value);

  if (item == NULL || item == self->item)
    return FALSE;
  g_signal_emit (self, signals[DROPPED], 0, item);
  return TRUE;
}

static void
add_dragging (RaqamKeptCell *self)
{
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (RAQAM_TYPE_KEPT_ITEM, GDK_ACTION_MOVE);

  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect (source, "prepare", G_CALLBACK (prepare_cb), self);
  g_signal_connect (source, "drag-begin", G_CALLBACK (begin_cb), self);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (source));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
raqam_kept_cell_dispose (GObject *object)
{
  g_clear_object (&RAQAM_KEPT_CELL (object)->item);

  G_OBJECT_CLASS (raqam_kept_cell_parent_class)->dispose (object);
}

static void
raqam_kept_cell_class_init (RaqamKeptCellClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = raqam_kept_cell_dispose;

  signals[DROPPED] = g_signal_new ("dropped", RAQAM_TYPE_KEPT_CELL, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, RAQAM_TYPE_KEPT_ITEM);
}

static void
raqam_kept_cell_init (RaqamKeptCell *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  self->picture = RAQAM_PICTURE_CELL (raqam_picture_cell_new ());
  raqam_picture_cell_set_side (self->picture, SIDE);
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (self->label, NAME_CHARS);
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "caption");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->picture));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->label));
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (self), box);
  add_dragging (self);
}

GtkWidget *
raqam_kept_cell_new (RaqamKeptItem *item)
{
  RaqamKeptCell *self = g_object_new (RAQAM_TYPE_KEPT_CELL, NULL);

  self->item = g_object_ref (item);
  g_signal_connect_object (item, "notify::name", G_CALLBACK (name_cb), self, G_CONNECT_SWAPPED);
  name_cb (self);
  return GTK_WIDGET (self);
}
