/* explore-source.c — where the picture comes from: chance, a seed, how far from the mean.
 * SPDX-License-Identifier: MIT */

#include "app/explore-source.h"

#include "app/scroll.h"
#include "app/seed-text.h"
#include "app/split.h"
#include "app/ui.h"
#include "print/format.h"

#include <glib/gi18n.h>
#include <string.h>

struct _RaqamExploreSource
{
  RaqamExplorePanel parent_instance;

  GtkEditable *seed;
  GtkRange    *truncation;
  GtkLabel    *truncation_value;

  GHashTable *seeds; /* of guint64: seeds that were gone to, by the beginnings of their vectors */
  gboolean    quiet;   /* the slider is being set */
  char       *settled; /* what the field says of where it was gone to; or NULL */
};

G_DEFINE_FINAL_TYPE (RaqamExploreSource, raqam_explore_source, RAQAM_TYPE_EXPLORE_PANEL)

static guint64
beginning (const RaqamStyle *style)
{
  guint64 bits;

  G_STATIC_ASSERT (sizeof bits == 2 * sizeof style->z[0]);
  memcpy (&bits, style->z, sizeof bits);
  return bits;
}

static RaqamStyle
style_of_seed (const RaqamStyle *like, guint64 seed)
{
  RaqamStyle style = *like;

  raqam_style_randomise (&style, seed, 0);
  return style;
}

static void
remember (RaqamExploreSource *self, const RaqamStyle *style, guint64 seed)
{
  guint64 key = beginning (style);

  g_hash_table_insert (self->seeds, g_memdup2 (&key, sizeof key), g_memdup2 (&seed, sizeof seed));
}

/* Returns: whether @style is that of a seed that was gone to; @seed, overwritten if so */
static gboolean
find_seed (RaqamExploreSource *self, const RaqamStyle *style, guint64 *seed)
{
  guint64 key = beginning (style);
  const guint64 *found = g_hash_table_lookup (self->seeds, &key);
  RaqamStyle same;

  if (found == NULL)
    return FALSE;
  *seed = *found;
  same = style_of_seed (style, *found);
  return raqam_style_equal (&same, style);
}

static void
go_to_seed (RaqamExploreSource *self, guint64 seed)
{
  RaqamExploreScene *scene = raqam_explore_panel_get_scene (RAQAM_EXPLORE_PANEL (self));
  RaqamStyle style = style_of_seed (raqam_explore_scene_get_style (scene), seed);

  remember (self, &style, seed);
  raqam_explore_scene_set_style (scene, &style, NULL);
}

static void
surprise_cb (RaqamExploreSource *self)
{
  go_to_seed (self, g_random_int ());
}

static gboolean
surprise_key_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));

  /* In a field it is a letter. */
  if (!gtk_widget_get_mapped (widget) || GTK_IS_EDITABLE (focus))
    return GDK_EVENT_PROPAGATE;
  surprise_cb (RAQAM_EXPLORE_SOURCE (widget));
  return GDK_EVENT_STOP;
}

static void
set_wrong (RaqamExploreSource *self, gboolean wrong)
{
  GtkWidget *entry = GTK_WIDGET (self->seed);

  if (wrong)
    gtk_widget_add_css_class (entry, "error");
  else
    gtk_widget_remove_css_class (entry, "error");
  gtk_widget_set_tooltip_text (
    entry, wrong ? _("A seed is a whole number from 0 to 18446744073709551615") : NULL);
  gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

static void
settle (RaqamExploreSource *self)
{
  g_free (self->settled);
  self->settled = g_strdup (gtk_editable_get_text (self->seed));
}

static void
seed_activate_cb (RaqamExploreSource *self)
{
  guint64 seed;

  if (raqam_seed_parse (gtk_editable_get_text (self->seed), &seed))
    {
      go_to_seed (self, seed);
      settle (self);
    }
  else
    set_wrong (self, TRUE);
}

static void
seed_changed_cb (RaqamExploreSource *self)
{
  set_wrong (self, FALSE);
}

/* In the field, too, the style is undone, unless there is something written to undo. */
static gboolean
undo_key_cb (GtkWidget *seed, GVariant *args, gpointer action)
{
  RaqamExploreSource *self
    = RAQAM_EXPLORE_SOURCE (gtk_widget_get_ancestor (seed, RAQAM_TYPE_EXPLORE_SOURCE));

  if (g_strcmp0 (gtk_editable_get_text (self->seed), self->settled) != 0)
    return GDK_EVENT_PROPAGATE;
  gtk_widget_activate_action (seed, action, NULL);
  return GDK_EVENT_STOP;
}

/* The seed stays when the picture is changed, so that Enter leads back to it. */
static void
show_seed (RaqamExploreSource *self, const RaqamStyle *style)
{
  GtkWidget *entry = GTK_WIDGET (self->seed);
  guint64 seed;
  gboolean present = find_seed (self, style, &seed);

  if (present)
    {
      g_autofree char *text = raqam_seed_text (seed);

      gtk_widget_remove_css_class (entry, "left-behind");
      if (strcmp (text, gtk_editable_get_text (self->seed)) != 0)
        gtk_editable_set_text (self->seed, text);
      settle (self);
    }
  else
    gtk_widget_add_css_class (entry, "left-behind");
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
    present ? _("The picture is this seed's")
            : _("The picture has been changed since; Enter goes to the seed's own"),
    -1);
}

static void
truncation_cb (RaqamExploreSource *self)
{
  RaqamExploreScene *scene = raqam_explore_panel_get_scene (RAQAM_EXPLORE_PANEL (self));
  double value = gtk_range_get_value (self->truncation);
  g_autofree char *text = raqam_format_number (value, 2);
  RaqamStyle style;

  gtk_label_set_label (self->truncation_value, text);
  if (self->quiet || scene == NULL)
    return;
  style = *raqam_explore_scene_get_style (scene);
  style.truncation = (float) value;
  raqam_explore_scene_set_style (scene, &style, "truncation");
}

static void
truncation_pressed_cb (GtkGestureClick *click, int n_press, double x, double y,
                       RaqamExploreSource *self)
{
  if (n_press < 2)
    return;
  gtk_gesture_set_state (GTK_GESTURE (click), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_range_set_value (self->truncation, 1);
}

static gboolean
truncation_key_cb (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state,
                   RaqamExploreSource *self)
{
  if (key != GDK_KEY_Delete && key != GDK_KEY_KP_Delete && key != GDK_KEY_BackSpace)
    return GDK_EVENT_PROPAGATE;
  gtk_range_set_value (self->truncation, 1);
  return GDK_EVENT_STOP;
}

static void
raqam_explore_source_model_changed (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  RaqamExploreSource *self = RAQAM_EXPLORE_SOURCE (panel);
  guint64 seed = raqam_explore_scene_get_seed (scene);
  RaqamStyle first = style_of_seed (raqam_explore_scene_get_style (scene), seed);

  remember (self, &first, seed);
}

static void
raqam_explore_source_changed (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  RaqamExploreSource *self = RAQAM_EXPLORE_SOURCE (panel);
  const RaqamStyle *style = raqam_explore_scene_get_style (scene);

  self->quiet = TRUE;
  gtk_range_set_value (self->truncation, style->truncation);
  self->quiet = FALSE;
  show_seed (self, style);
}

static void
raqam_explore_source_finalize (GObject *object)
{
  RaqamExploreSource *self = RAQAM_EXPLORE_SOURCE (object);

  g_hash_table_unref (self->seeds);
  g_free (self->settled);

  G_OBJECT_CLASS (raqam_explore_source_parent_class)->finalize (object);
}

static void
raqam_explore_source_class_init (RaqamExploreSourceClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = raqam_explore_source_finalize;
  RAQAM_EXPLORE_PANEL_CLASS (klass)->model_changed = raqam_explore_source_model_changed;
  RAQAM_EXPLORE_PANEL_CLASS (klass)->changed = raqam_explore_source_changed;

  g_type_ensure (RAQAM_TYPE_SPLIT);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("explore-source"));
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreSource, seed);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreSource, truncation);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreSource, truncation_value);
  gtk_widget_class_bind_template_callback (widget_class, seed_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, seed_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, surprise_cb);
  gtk_widget_class_bind_template_callback (widget_class, truncation_cb);
  gtk_widget_class_bind_template_callback (widget_class, truncation_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, truncation_pressed_cb);
}

/* Before the field has its own undo. */
static void
add_undo (RaqamExploreSource *self)
{
  static const struct
  {
    guint           key;
    GdkModifierType modifiers;
    const char     *action;
  } keys[] = {
    { GDK_KEY_z, GDK_CONTROL_MASK, "explore.undo" },
    { GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "explore.redo" },
    { GDK_KEY_y, GDK_CONTROL_MASK, "explore.redo" },
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_keyval_trigger_new (keys[i].key, keys[i].modifiers),
                        gtk_callback_action_new (undo_key_cb, (gpointer) keys[i].action, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self->seed), controller);
}

/* R, wherever the focus is. */
static void
add_shortcut (RaqamExploreSource *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller),
                                     GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (controller),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_r, 0),
                      gtk_callback_action_new (surprise_key_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
raqam_explore_source_init (RaqamExploreSource *self)
{
  self->seeds = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_range_set_range (self->truncation, 0, RAQAM_TRUNCATION_MAX);
  gtk_range_set_value (self->truncation, 1);
  gtk_scale_add_mark (GTK_SCALE (self->truncation), 1, GTK_POS_BOTTOM, NULL);
  raqam_scroll_leave (GTK_WIDGET (self->truncation));
  add_shortcut (self);
  add_undo (self);
}
