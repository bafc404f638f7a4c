/* explore-kept.c — the pictures that are kept: gone to, named, put in order, thrown away.
 * SPDX-License-Identifier: MIT */

#include "app/explore-kept.h"

#include "app/kept-cell.h"
#include "app/toast.h"
#include "app/ui.h"
#include "print/format.h"

#include <glib/gi18n.h>

struct _RaqamExploreKept
{
  RaqamExplorePanel parent_instance;

  GtkStack   *stack;
  GtkLabel   *count;
  GtkFlowBox *grid;
  GtkPopover *rename_popover;
  GtkEntry   *rename_entry;
  GtkWidget  *popup;

  RaqamKeptList *list;    /* the scene's */
  AdwToast      *toast;   /* offers @removed back; or NULL */
  RaqamKeptItem *removed; /* or NULL */
  guint          removed_at;
};

G_DEFINE_FINAL_TYPE (RaqamExploreKept, raqam_explore_kept, RAQAM_TYPE_EXPLORE_PANEL)

static guint
n_kept (RaqamExploreKept *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->list));
}

/* Returns: (nullable) */
static GtkFlowBoxChild *
selected (RaqamExploreKept *self, guint *position)
{
  g_autoptr (GList) children = gtk_flow_box_get_selected_children (self->grid);
  GtkFlowBoxChild *child = children != NULL ? children->data : NULL;

  if (child != NULL)
    *position = (guint) gtk_flow_box_child_get_index (child);
  return child;
}

static void
select_at (RaqamExploreKept *self, guint position)
{
  GtkFlowBoxChild *child = gtk_flow_box_get_child_at_index (self->grid, (int) position);

  if (child == NULL)
    return;
  gtk_flow_box_select_child (self->grid, child);
  gtk_widget_grab_focus (GTK_WIDGET (child));
}

static void
selection_cb (RaqamExploreKept *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  guint position = 0;
  gboolean any = selected (self, &position) != NULL;

  gtk_widget_action_set_enabled (widget, "kept.rename", any);
  gtk_widget_action_set_enabled (widget, "kept.delete", any);
  gtk_widget_action_set_enabled (widget, "kept.back", any && position > 0);
  gtk_widget_action_set_enabled (widget, "kept.forward",
                                 any && position + 1 < n_kept (self));
}

static void
items_cb (RaqamExploreKept *self)
{
  guint n = n_kept (self);
  g_autofree char *number = raqam_format_integer (n);
  g_autofree char *text
    = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s picture kept", "%s pictures kept", n),
                       number);

  gtk_label_set_text (self->count, text);
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "kept" : "empty");
  selection_cb (self);
}

static void
forget_removed (RaqamExploreKept *self)
{
  g_clear_object (&self->removed);
  if (self->toast != NULL)
    adw_toast_dismiss (self->toast);
  g_clear_object (&self->toast);
}

static void
activated_cb (RaqamExploreKept *self, RaqamKeptCell *cell)
{
  RaqamExploreScene *scene = raqam_explore_panel_get_scene (RAQAM_EXPLORE_PANEL (self));
  const RaqamStyle *style = raqam_kept_item_get_style (raqam_kept_cell_get_item (cell));

  /* For a moment after a model was opened the one's before are still shown. */
  if (style->latent == raqam_explore_scene_get_style (scene)->latent)
    raqam_explore_scene_set_style (scene, style, NULL);
}

static void
put_popover (GtkPopover *popover, RaqamExploreKept *self, GtkWidget *child)
{
  graphene_rect_t bounds;
  GdkRectangle place;

  if (!gtk_widget_compute_bounds (child, GTK_WIDGET (self), &bounds))
    return;
  place = (GdkRectangle) { (int) bounds.origin.x, (int) bounds.origin.y, (int) bounds.size.width,
                           (int) bounds.size.height };
  gtk_popover_set_pointing_to (popover, &place);
  gtk_popover_popup (popover);
}

static void
rename_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RaqamExploreKept *self = RAQAM_EXPLORE_KEPT (widget);
  guint position;
  GtkFlowBoxChild *child = selected (self, &position);
  RaqamKeptItem *item;

  if (child == NULL)
    return;
  item = raqam_kept_cell_get_item (RAQAM_KEPT_CELL (child));
  gtk_editable_set_text (GTK_EDITABLE (self->rename_entry), raqam_kept_item_get_name (item));
  put_popover (self->rename_popover, self, GTK_WIDGET (child));
  gtk_widget_grab_focus (GTK_WIDGET (self->rename_entry));
}

static void
renamed_cb (RaqamExploreKept *self)
{
  g_autofree char *name
    = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->rename_entry))));
  guint position;

  if (selected (self, &position) != NULL && *name != '\0')
    raqam_kept_list_rename (self->list, position, name);
  gtk_popover_popdown (self->rename_popover);
}

/* The keys go on with the picture. */
static void
popover_closed_cb (RaqamExploreKept *self)
{
  guint position;

  if (selected (self, &position) != NULL)
    select_at (self, position);
}

static void
move_to (RaqamExploreKept *self, guint from, guint to)
{
  raqam_kept_list_move (self->list, from, to);
  select_at (self, to);
}

static void
move_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RaqamExploreKept *self = RAQAM_EXPLORE_KEPT (widget);
  gboolean back = g_str_equal (action, "kept.back");
  guint position;

  if (selected (self, &position) == NULL || (back ? position == 0 : position + 1 == n_kept (self)))
    return;
  move_to (self, position, back ? position - 1 : position + 1);
}

/* The arrow points the other way where the text does. */
static gboolean
arrow_cb (GtkWidget *widget, GVariant *args, gpointer left)
{
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  gtk_widget_activate_action (
    widget, (left != NULL) != mirrored ? "kept.back" : "kept.forward", NULL);
  return GDK_EVENT_STOP;
}

static void offer_undo (RaqamExploreKept *self);

/* Offered once more where it could not be done: the album is being read just now. */
static void
undo_cb (RaqamExploreKept *self)
{
  if (self->removed == NULL)
    return;
  if (!raqam_kept_list_insert (self->list, self->removed_at, self->removed))
    {
      offer_undo (self);
      return;
    }
  g_clear_object (&self->removed);
  select_at (self, self->removed_at);
}

static void
offer_undo (RaqamExploreKept *self)
{
  g_autofree char *message
    = g_strdup_printf (_("“%s” deleted"), raqam_kept_item_get_name (self->removed));

  raqam_toast_show (GTK_WIDGET (self), &self->toast, message, _("_Undo"));
  g_signal_connect_object (self->toast, "button-clicked", G_CALLBACK (undo_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
delete_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RaqamExploreKept *self = RAQAM_EXPLORE_KEPT (widget);
  guint position;
  GtkFlowBoxChild *child = selected (self, &position);

  if (child == NULL)
    return;
  g_set_object (&self->removed, raqam_kept_cell_get_item (RAQAM_KEPT_CELL (child)));
  self->removed_at = position;
  raqam_kept_list_remove (self->list, position);
  select_at (self, MIN (position, n_kept (self) - 1));
  offer_undo (self);
}

static void
dropped_cb (RaqamKeptCell *cell, RaqamKeptItem *dragged, RaqamExploreKept *self)
{
  guint from, to;

  if (raqam_kept_list_find (self->list, dragged, &from)
      && raqam_kept_list_find (self->list, raqam_kept_cell_get_item (cell), &to))
    move_to (self, from, to);
}

static gboolean
menu_key_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  RaqamExploreKept *self = RAQAM_EXPLORE_KEPT (widget);
  guint position;
  GtkFlowBoxChild *child = selected (self, &position);

  if (child == NULL)
    return GDK_EVENT_PROPAGATE;
  put_popover (GTK_POPOVER (self->popup), self, GTK_WIDGET (child));
  return GDK_EVENT_STOP;
}

static void
menu_pressed_cb (GtkGestureClick *gesture, int n, double x, double y, RaqamExploreKept *self)
{
  GtkFlowBoxChild *child = gtk_flow_box_get_child_at_pos (self->grid, (int) x, (int) y);

  if (child == NULL)
    return;
  gtk_flow_box_select_child (self->grid, child);
  put_popover (GTK_POPOVER (self->popup), self, GTK_WIDGET (child));
}

static GtkWidget *
make_cell (gpointer item, gpointer data)
{
  GtkWidget *cell = raqam_kept_cell_new (item);

  g_signal_connect_object (cell, "dropped", G_CALLBACK (dropped_cb), data, 0);
  return cell;
}

static void
raqam_explore_kept_start (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  RaqamExploreKept *self = RAQAM_EXPLORE_KEPT (panel);

  self->list = g_object_ref (raqam_explore_scene_get_kept (scene));
  gtk_flow_box_bind_model (self->grid, G_LIST_MODEL (self->list), make_cell, self, NULL);
  g_signal_connect_object (self->list, "items-changed", G_CALLBACK (items_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "notify::path", G_CALLBACK (forget_removed), self,
                           G_CONNECT_SWAPPED);
  items_cb (self);
}

static void
raqam_explore_kept_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GTK_WIDGET_CLASS (raqam_explore_kept_parent_class)->size_allocate (widget, width, height, baseline);

  gtk_popover_present (RAQAM_EXPLORE_KEPT (widget)->rename_popover);
  gtk_popover_present (GTK_POPOVER (RAQAM_EXPLORE_KEPT (widget)->popup));
}

static void
raqam_explore_kept_dispose (GObject *object)
{
  RaqamExploreKept *self = RAQAM_EXPLORE_KEPT (object);

  if (self->rename_popover != NULL)
    {
      gtk_widget_unparent (GTK_WIDGET (self->rename_popover));
      gtk_widget_unparent (self->popup);
      self->rename_popover = NULL;
    }
  g_clear_object (&self->removed);
  g_clear_object (&self->toast);
  g_clear_object (&self->list);

  G_OBJECT_CLASS (raqam_explore_kept_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreKept, stack);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreKept, count);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreKept, grid);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreKept, rename_popover);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreKept, rename_entry);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreKept, popup);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, selection_cb);
  gtk_widget_class_bind_template_callback (widget_class, renamed_cb);
  gtk_widget_class_bind_template_callback (widget_class, popover_closed_cb);
  gtk_widget_class_bind_template_callback (widget_class, menu_pressed_cb);
}

static void
raqam_explore_kept_class_init (RaqamExploreKeptClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = raqam_explore_kept_dispose;
  widget_class->size_allocate = raqam_explore_kept_size_allocate;
  RAQAM_EXPLORE_PANEL_CLASS (klass)->start = raqam_explore_kept_start;

  gtk_widget_class_install_action (widget_class, "kept.rename", NULL, rename_cb);
  gtk_widget_class_install_action (widget_class, "kept.back", NULL, move_cb);
  gtk_widget_class_install_action (widget_class, "kept.forward", NULL, move_cb);
  gtk_widget_class_install_action (widget_class, "kept.delete", NULL, delete_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F2, 0, "kept.rename", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "kept.delete", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Up, GDK_ALT_MASK, "kept.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Down, GDK_ALT_MASK, "kept.forward",
                                       NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, menu_key_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, menu_key_cb, NULL);

  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("explore-kept"));
  bind_children (widget_class);
}

/* Alt and an arrow would otherwise move the focus out of the grid. */
static void
add_shortcuts (RaqamExploreKept *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (controller),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Left, GDK_ALT_MASK),
                      gtk_callback_action_new (arrow_cb, self, NULL)));
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (controller),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Right, GDK_ALT_MASK),
                      gtk_callback_action_new (arrow_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
raqam_explore_kept_init (RaqamExploreKept *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_parent (GTK_WIDGET (self->rename_popover), GTK_WIDGET (self));
  gtk_widget_set_parent (self->popup, GTK_WIDGET (self));
  add_shortcuts (self);
}
