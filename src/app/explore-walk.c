/* explore-walk.c — wanders through latent space by itself, as quickly as is asked.
 * SPDX-License-Identifier: MIT */

#include "app/explore-walk.h"

#include "app/ui.h"
#include "engine/wander.h"
#include "print/format.h"

#include <glib/gi18n.h>
#include <string.h>

#define GESTURE "walk"
#define LONGEST_FRAME 0.25 /* seconds: after a longer one it goes on from where it was */

struct _RaqamExploreWalk
{
  RaqamExplorePanel parent_instance;

  GtkToggleButton *toggle;
  GtkAdjustment   *speed; /* standard deviations a second */
  GtkScale        *scale;
  GtkLabel        *speed_label;

  RaqamStyle start; /* of the walk, under the present label */
  RaqamStyle mine;  /* what was last gone to from here */
  guint64    seed;
  double     way;      /* as raqam_wander() */
  guint      tick;     /* 0: it does not walk */
  gint64     last_tick; /* µs of the frame clock */
  gboolean   awaiting; /* a picture that was asked for is not drawn yet */
};

G_DEFINE_FINAL_TYPE (RaqamExploreWalk, raqam_explore_walk, RAQAM_TYPE_EXPLORE_PANEL)

static RaqamExploreScene *
scene_of (RaqamExploreWalk *self)
{
  return raqam_explore_panel_get_scene (RAQAM_EXPLORE_PANEL (self));
}

static void
start_from (RaqamExploreWalk *self, const RaqamStyle *style)
{
  self->start = *style;
  self->mine = *style;
  self->seed = (guint64) g_random_int () << 32 | g_random_int ();
  self->way = 0;
}

/* By the clock, not by frames, and never ahead of what is drawn. */
static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  RaqamExploreWalk *self = RAQAM_EXPLORE_WALK (widget);
  gint64 now = gdk_frame_clock_get_frame_time (clock);
  double seconds = (now - self->last_tick) / (double) G_USEC_PER_SEC;

  self->way += MIN (seconds, LONGEST_FRAME) * gtk_adjustment_get_value (self->speed);
  self->last_tick = now;
  if (self->awaiting)
    return G_SOURCE_CONTINUE;

  self->mine = self->start;
  raqam_wander (self->mine.z, self->start.z, self->start.latent, self->seed, self->way);
  self->awaiting
    = !raqam_style_equal (&self->mine, raqam_explore_scene_get_style (scene_of (self)));
  raqam_explore_scene_set_style (scene_of (self), &self->mine, GESTURE);
  return G_SOURCE_CONTINUE;
}

static void
toggled_cb (RaqamExploreWalk *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const RaqamStyle *style = raqam_explore_scene_get_style (scene_of (self));

  if (self->tick != 0)
    gtk_widget_remove_tick_callback (widget, self->tick);
  self->tick = 0;
  if (!gtk_toggle_button_get_active (self->toggle))
    return;
  if (style->latent == 0)
    {
      gtk_toggle_button_set_active (self->toggle, FALSE);
      return;
    }
  start_from (self, style);
  self->awaiting = FALSE;
  self->last_tick = gdk_frame_clock_get_frame_time (gtk_widget_get_frame_clock (widget));
  self->tick = gtk_widget_add_tick_callback (widget, tick_cb, NULL, NULL);
}

static void
stop (RaqamExploreWalk *self)
{
  gtk_toggle_button_set_active (self->toggle, FALSE);
}

static void
raqam_explore_walk_changed (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  RaqamExploreWalk *self = RAQAM_EXPLORE_WALK (panel);
  const RaqamStyle *style = raqam_explore_scene_get_style (scene);
  gboolean undone;

  if (self->tick == 0 || raqam_style_equal (style, &self->mine))
    return;
  g_object_get (scene, "can-redo", &undone, NULL);
  if (undone || style->latent != self->start.latent)
    stop (self);
  else if (memcmp (style->z, self->mine.z, sizeof (float) * style->latent) != 0)
    start_from (self, style);
  else
    {
      /* Another digit or truncation: the way is the same. */
      RaqamStyle start = *style;

      memcpy (start.z, self->start.z, sizeof start.z);
      self->start = start;
      self->mine = *style;
    }
}

static void
drawn_cb (RaqamExploreScene *scene, guint slot, GBytes *pixels, RaqamExploreWalk *self)
{
  self->awaiting = FALSE;
}

static void
speed_changed_cb (RaqamExploreWalk *self)
{
  g_autofree char *number = raqam_format_number (gtk_adjustment_get_value (self->speed), 1);
  /* Translators: how quickly every number of the latent vector changes */
  g_autofree char *text = g_strdup_printf (_("%s standard deviations a second"), number);

  gtk_label_set_text (self->speed_label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  text, -1);
}

static gboolean
key_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  RaqamExploreWalk *self = RAQAM_EXPLORE_WALK (widget);
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));

  if (!gtk_widget_get_mapped (widget) || GTK_IS_EDITABLE (focus))
    return GDK_EVENT_PROPAGATE;
  gtk_toggle_button_set_active (self->toggle, !gtk_toggle_button_get_active (self->toggle));
  return GDK_EVENT_STOP;
}

static void
add_key (RaqamExploreWalk *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (keys), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (keys),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_w, 0),
                      gtk_callback_action_new (key_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

static void
raqam_explore_walk_start (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  g_signal_connect_object (scene, "drawn::picture", G_CALLBACK (drawn_cb), panel, 0);
  g_signal_connect_object (raqam_explore_scene_get_engine (scene), "failed", G_CALLBACK (stop),
                           panel, G_CONNECT_SWAPPED);
}

static void
raqam_explore_walk_unmap (GtkWidget *widget)
{
  stop (RAQAM_EXPLORE_WALK (widget));

  GTK_WIDGET_CLASS (raqam_explore_walk_parent_class)->unmap (widget);
}

static void
raqam_explore_walk_dispose (GObject *object)
{
  RaqamExploreWalk *self = RAQAM_EXPLORE_WALK (object);

  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;

  G_OBJECT_CLASS (raqam_explore_walk_parent_class)->dispose (object);
}

static void
raqam_explore_walk_class_init (RaqamExploreWalkClass *klass)
{
  RaqamExplorePanelClass *panel_class = RAQAM_EXPLORE_PANEL_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = raqam_explore_walk_dispose;
  panel_class->start = raqam_explore_walk_start;
  panel_class->changed = raqam_explore_walk_changed;
  widget_class->unmap = raqam_explore_walk_unmap;

  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("explore-walk"));
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreWalk, toggle);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreWalk, speed);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreWalk, scale);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreWalk, speed_label);
  gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, speed_changed_cb);
}

static void
raqam_explore_walk_init (RaqamExploreWalk *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_key (self);
  speed_changed_cb (self);
}
