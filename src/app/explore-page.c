/* explore-page.c — the page that explores: a digit, a latent vector, the picture.
 * SPDX-License-Identifier: MIT */

#include "app/explore-page.h"

#include "app/digit-picture.h"
#include "app/digit-row.h"
#include "app/explore-blend.h"
#include "app/explore-directions.h"
#include "app/explore-draw.h"
#include "app/explore-export.h"
#include "app/explore-kept.h"
#include "app/explore-models.h"
#include "app/explore-numbers.h"
#include "app/explore-opinion.h"
#include "app/explore-panel.h"
#include "app/explore-source.h"
#include "app/explore-variations.h"
#include "app/explore-walk.h"
#include "app/settings.h"
#include "app/split.h"
#include "app/ui.h"
#include "engine/generator.h"
#include "print/format.h"

#include <glib/gi18n.h>

struct _RaqamExplorePage
{
  AdwBin parent_instance;

  AdwToastOverlay   *toasts;
  GtkStack          *stack;
  RaqamDigitRow     *digits;
  RaqamDigitPicture *picture;
  RaqamDigitPicture *beside;
  GtkWidget         *beside_box;
  GtkWidget         *caption; /* below the first picture while there is a second one */

  RaqamExploreModels *models_panel;

  /* Each a RaqamExplorePanel. */
  GtkWidget *source_panel;
  GtkWidget *walk_panel;
  GtkWidget *export_panel;
  GtkWidget *opinion_panel;
  GtkWidget *directions_panel;
  GtkWidget *numbers_panel;
  GtkWidget *blend_panel;
  GtkWidget *variations_panel;
  GtkWidget *draw_panel;
  GtkWidget *kept_panel;

  AdwViewStack *tabs;
  guint         tick;     /* until the tabs are shown, or 0 */
  int           n_frames; /* since the page came on the screen */

  RaqamEngine       *engine;
  RaqamExploreScene *scene;
};

enum
{
  PROBLEM,
  DEVICE_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamExplorePage, raqam_explore_page, ADW_TYPE_BIN)

/* The ten digits of one style, which are the buttons' pictures. */
static void
draw_digits (RaqamExplorePage *self)
{
  RaqamStyle styles[RAQAM_N_DIGITS];

  for (int d = 0; d < RAQAM_N_DIGITS; d++)
    {
      styles[d] = *raqam_explore_scene_get_style (self->scene);
      styles[d].digit = d;
      styles[d].other = d;
      styles[d].mix = 0;
    }
  raqam_explore_scene_draw (self->scene, RAQAM_SCENE_DIGITS, styles, RAQAM_N_DIGITS);
}

static void
changed_cb (RaqamExplorePage *self)
{
  const RaqamStyle *style = raqam_explore_scene_get_style (self->scene);

  raqam_digit_row_set_digit (self->digits, raqam_style_main_digit (style));
  draw_digits (self);
}

static void
digit_changed_cb (RaqamExplorePage *self)
{
  int digit = raqam_digit_row_get_digit (self->digits);

  if (self->scene != NULL
      && digit != raqam_style_main_digit (raqam_explore_scene_get_style (self->scene)))
    raqam_explore_scene_set_digit (self->scene, digit);
}

static void
picture_cb (RaqamExploreScene *scene, guint slot, GBytes *pixels, RaqamExplorePage *self)
{
  raqam_digit_picture_set_pixels (self->picture, pixels, raqam_explore_scene_get_style (scene));
}

static void
beside_cb (RaqamExploreScene *scene, guint slot, GBytes *pixels, RaqamExplorePage *self)
{
  raqam_digit_picture_set_pixels (self->beside, pixels, raqam_explore_scene_get_style (scene));
}

static void
digits_cb (RaqamExploreScene *scene, guint slot, GBytes *pixels, RaqamExplorePage *self)
{
  raqam_digit_row_set_pixels (self->digits, pixels);
}

static void
models_cb (RaqamExplorePage *self)
{
  const RaqamModel *model = raqam_explore_scene_get_model (self->scene);
  const RaqamModel *beside = raqam_explore_scene_get_beside (self->scene);

  if (model != NULL)
    gtk_stack_set_visible_child_name (self->stack, "model");
  gtk_widget_set_visible (self->beside_box, beside != NULL);
  gtk_widget_set_visible (self->caption, beside != NULL);
  if (model != NULL && beside != NULL && model->recipe->latent != beside->recipe->latent)
    raqam_digit_picture_set_pixels (self->beside, NULL,
                                    raqam_explore_scene_get_style (self->scene));
}

static void
notice_cb (RaqamExplorePage *self, const char *message)
{
  g_autofree char *escaped = g_markup_escape_text (message, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
scene_problem_cb (RaqamExplorePage *self, const char *message)
{
  g_signal_emit (self, signals[PROBLEM], 0, message);
}

static void
failed_cb (RaqamEngine *engine, const GError *error, RaqamExplorePage *self)
{
  g_autofree char *message
    = g_strdup_printf (_("The picture could not be drawn: %s"), error->message);

  g_signal_emit (self, signals[raqam_error_is_device (error) ? DEVICE_FAILED : PROBLEM], 0,
                 message);
}

void
raqam_explore_page_follow (RaqamExplorePage *self)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_PAGE (self));

  raqam_explore_models_follow (self->models_panel);
}

void
raqam_explore_page_open (RaqamExplorePage *self, const char *path, gboolean quiet)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_PAGE (self));

  raqam_explore_models_open (self->models_panel, path, quiet);
}

void
raqam_explore_page_open_picture (RaqamExplorePage *self, GFile *file)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_PAGE (self));

  raqam_explore_draw_open (RAQAM_EXPLORE_DRAW (self->draw_panel), file);
}

void
raqam_explore_page_show (RaqamExplorePage *self, const char *path, guint64 seed, guint64 number,
                         int digit)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_PAGE (self));

  raqam_explore_models_show (self->models_panel, path, seed, number, digit);
}

static void
open_file_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  raqam_explore_models_choose_file (RAQAM_EXPLORE_PAGE (widget)->models_panel);
}

static void
open_run_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  raqam_explore_models_choose_folder (RAQAM_EXPLORE_PAGE (widget)->models_panel);
}

/* Whether a key is for the page, not for a field in which somebody writes. */
static gboolean
takes_keys (RaqamExplorePage *self)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));

  return gtk_widget_get_mapped (GTK_WIDGET (self->digits)) && !GTK_IS_EDITABLE (focus);
}

static gboolean
digit_key_cb (GtkWidget *widget, GVariant *args, gpointer digit)
{
  RaqamExplorePage *self = RAQAM_EXPLORE_PAGE (widget);

  if (!takes_keys (self))
    return GDK_EVENT_PROPAGATE;
  raqam_explore_scene_set_digit (self->scene, GPOINTER_TO_INT (digit));
  return GDK_EVENT_STOP;
}

static gboolean
crisp_key_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  RaqamExplorePage *self = RAQAM_EXPLORE_PAGE (widget);

  if (!takes_keys (self))
    return GDK_EVENT_PROPAGATE;
  raqam_digit_picture_set_crisp (self->picture, !raqam_digit_picture_get_crisp (self->picture));
  return GDK_EVENT_STOP;
}

static gboolean
checkpoint_key_cb (GtkWidget *widget, GVariant *args, gpointer by)
{
  RaqamExplorePage *self = RAQAM_EXPLORE_PAGE (widget);

  if (!takes_keys (self))
    return GDK_EVENT_PROPAGATE;
  raqam_explore_models_step (self->models_panel, GPOINTER_TO_INT (by));
  return GDK_EVENT_STOP;
}

static gboolean
undo_key_cb (GtkWidget *widget, GVariant *args, gpointer redo)
{
  RaqamExplorePage *self = RAQAM_EXPLORE_PAGE (widget);

  if (!takes_keys (self))
    return GDK_EVENT_PROPAGATE;
  if (GPOINTER_TO_INT (redo))
    raqam_explore_scene_redo (self->scene);
  else
    raqam_explore_scene_undo (self->scene);
  return GDK_EVENT_STOP;
}

static void
add_shortcut (GtkEventController *controller, guint key, GdkModifierType modifiers,
              GtkShortcutFunc callback, int data)
{
  GtkShortcut *shortcut
    = gtk_shortcut_new (gtk_keyval_trigger_new (key, modifiers),
                        gtk_callback_action_new (callback, GINT_TO_POINTER (data), NULL));

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
}

/* Latin, Persian and Arabic digits, wherever the focus is. */
static void
add_shortcuts (RaqamExplorePage *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller),
                                     GTK_SHORTCUT_SCOPE_GLOBAL);
  for (int d = 0; d < RAQAM_N_DIGITS; d++)
    {
      add_shortcut (controller, GDK_KEY_0 + d, 0, digit_key_cb, d);
      add_shortcut (controller, GDK_KEY_KP_0 + d, 0, digit_key_cb, d);
      add_shortcut (controller, GDK_KEY_Farsi_0 + d, 0, digit_key_cb, d);
      add_shortcut (controller, GDK_KEY_Arabic_0 + d, 0, digit_key_cb, d);
    }
  add_shortcut (controller, GDK_KEY_p, 0, crisp_key_cb, 0);
  add_shortcut (controller, GDK_KEY_bracketleft, 0, checkpoint_key_cb, -1);
  add_shortcut (controller, GDK_KEY_bracketright, 0, checkpoint_key_cb, 1);
  add_shortcut (controller, GDK_KEY_z, GDK_CONTROL_MASK, undo_key_cb, FALSE);
  add_shortcut (controller, GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK, undo_key_cb, TRUE);
  add_shortcut (controller, GDK_KEY_y, GDK_CONTROL_MASK, undo_key_cb, TRUE);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
start_panels (RaqamExplorePage *self)
{
  GtkWidget *panels[] = { self->source_panel,     self->walk_panel,    self->export_panel,
                          self->opinion_panel,    self->directions_panel,
                          self->numbers_panel,    self->blend_panel,
                          self->variations_panel, self->draw_panel,    self->kept_panel };

  raqam_explore_panel_set_scene (RAQAM_EXPLORE_PANEL (self->models_panel), self->scene);
  for (guint i = 0; i < G_N_ELEMENTS (panels); i++)
    if (RAQAM_IS_EXPLORE_PANEL (panels[i]))
      raqam_explore_panel_set_scene (RAQAM_EXPLORE_PANEL (panels[i]), self->scene);
}

static void
undo_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  raqam_explore_scene_undo (RAQAM_EXPLORE_PAGE (widget)->scene);
}

static void
redo_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  raqam_explore_scene_redo (RAQAM_EXPLORE_PAGE (widget)->scene);
}

static void
history_cb (RaqamExplorePage *self)
{
  gboolean undo, redo;

  g_object_get (self->scene, "can-undo", &undo, "can-redo", &redo, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explore.undo", undo);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explore.redo", redo);
}

void
raqam_explore_page_set_engine (RaqamExplorePage *self, RaqamEngine *engine)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_PAGE (self));
  g_return_if_fail (self->engine == NULL);

  self->engine = g_object_ref (engine);
  self->scene = raqam_explore_scene_new (engine);
  g_signal_connect_object (self->scene, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->scene, "model-changed", G_CALLBACK (models_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->scene, "beside-changed", G_CALLBACK (models_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->scene, "drawn::picture", G_CALLBACK (picture_cb), self, 0);
  g_signal_connect_object (self->scene, "drawn::beside", G_CALLBACK (beside_cb), self, 0);
  g_signal_connect_object (self->scene, "drawn::digits", G_CALLBACK (digits_cb), self, 0);
  g_signal_connect_object (self->scene, "notify", G_CALLBACK (history_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->scene, "notice", G_CALLBACK (notice_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->scene, "problem", G_CALLBACK (scene_problem_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (engine, "failed", G_CALLBACK (failed_cb), self, 0);
  history_cb (self);
  start_panels (self);
  raqam_explore_export_attach (RAQAM_EXPLORE_EXPORT (self->export_panel),
                               GTK_WIDGET (self->picture));
}

RaqamExploreScene *
raqam_explore_page_get_scene (RaqamExplorePage *self)
{
  g_return_val_if_fail (RAQAM_IS_EXPLORE_PAGE (self), NULL);

  return self->scene;
}

/* The page comes on the screen in two frames: all at once would hold the main loop up. */
static gboolean
show_tabs_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  RaqamExplorePage *self = RAQAM_EXPLORE_PAGE (widget);

  if (++self->n_frames < 2)
    return G_SOURCE_CONTINUE;
  gtk_widget_set_visible (GTK_WIDGET (self->tabs), TRUE);
  self->tick = 0;
  return G_SOURCE_REMOVE;
}

static void
raqam_explore_page_map (GtkWidget *widget)
{
  RaqamExplorePage *self = RAQAM_EXPLORE_PAGE (widget);

  GTK_WIDGET_CLASS (raqam_explore_page_parent_class)->map (widget);

  self->n_frames = 0;
  self->tick = gtk_widget_add_tick_callback (widget, show_tabs_cb, NULL, NULL);
}

static void
raqam_explore_page_unmap (GtkWidget *widget)
{
  RaqamExplorePage *self = RAQAM_EXPLORE_PAGE (widget);

  if (self->tick != 0)
    gtk_widget_remove_tick_callback (widget, self->tick);
  self->tick = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->tabs), FALSE);

  GTK_WIDGET_CLASS (raqam_explore_page_parent_class)->unmap (widget);
}

static void
raqam_explore_page_dispose (GObject *object)
{
  RaqamExplorePage *self = RAQAM_EXPLORE_PAGE (object);

  g_clear_object (&self->scene);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (raqam_explore_page_parent_class)->dispose (object);
}

static void
raqam_explore_page_class_init (RaqamExplorePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = raqam_explore_page_dispose;
  widget_class->map = raqam_explore_page_map;
  widget_class->unmap = raqam_explore_page_unmap;

  signals[PROBLEM] = g_signal_new ("problem", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  signals[DEVICE_FAILED] = g_signal_new ("device-failed", G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                         G_TYPE_STRING);

  gtk_widget_class_install_action (widget_class, "explore.open-file", NULL, open_file_cb);
  gtk_widget_class_install_action (widget_class, "explore.open-run", NULL, open_run_cb);
  gtk_widget_class_install_action (widget_class, "explore.undo", NULL, undo_cb);
  gtk_widget_class_install_action (widget_class, "explore.redo", NULL, redo_cb);

  g_type_ensure (RAQAM_TYPE_DIGIT_PICTURE);
  g_type_ensure (RAQAM_TYPE_DIGIT_ROW);
  g_type_ensure (RAQAM_TYPE_EXPLORE_BLEND);
  g_type_ensure (RAQAM_TYPE_EXPLORE_DIRECTIONS);
  g_type_ensure (RAQAM_TYPE_EXPLORE_DRAW);
  g_type_ensure (RAQAM_TYPE_EXPLORE_EXPORT);
  g_type_ensure (RAQAM_TYPE_EXPLORE_KEPT);
  g_type_ensure (RAQAM_TYPE_EXPLORE_MODELS);
  g_type_ensure (RAQAM_TYPE_EXPLORE_NUMBERS);
  g_type_ensure (RAQAM_TYPE_EXPLORE_OPINION);
  g_type_ensure (RAQAM_TYPE_EXPLORE_SOURCE);
  g_type_ensure (RAQAM_TYPE_EXPLORE_VARIATIONS);
  g_type_ensure (RAQAM_TYPE_EXPLORE_WALK);
  g_type_ensure (RAQAM_TYPE_SPLIT);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("explore-page"));
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, toasts);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, tabs);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, stack);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, digits);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, picture);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, beside);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, caption);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, beside_box);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, models_panel);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, source_panel);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, walk_panel);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, export_panel);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, opinion_panel);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, directions_panel);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, numbers_panel);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, blend_panel);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, variations_panel);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, draw_panel);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, kept_panel);
  gtk_widget_class_bind_template_callback (widget_class, digit_changed_cb);
}

/* Both pictures, and from one time to the next. */
static void
bind_crisp (RaqamExplorePage *self)
{
  g_autoptr (GSettings) settings = raqam_settings_new ();

  g_object_bind_property (self->picture, "crisp", self->beside, "crisp", G_BINDING_BIDIRECTIONAL);
  if (settings != NULL)
    g_settings_bind (settings, "explore-crisp", self->picture, "crisp", G_SETTINGS_BIND_DEFAULT);
}

static void
raqam_explore_page_init (RaqamExplorePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_shortcuts (self);
  bind_crisp (self);
}
