/* explore-page.c — the page that explores: a digit, a latent vector, the picture.
 * SPDX-License-Identifier: MIT */

#include "app/explore-page.h"

#include "app/digit-picture.h"
#include "app/digit-row.h"
#include "app/explore-numbers.h"
#include "app/explore-panel.h"
#include "app/settings.h"
#include "app/split.h"
#include "app/ui.h"
#include "engine/generator.h"
#include "engine/run.h"
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
  AdwActionRow      *model_row;
  GtkSwitch         *follow;

  /* Each a RaqamExplorePanel. */
  GtkWidget *models_panel;
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

  RaqamEngine          *engine;
  RaqamExploreScene    *scene;
  GtkFileChooserNative *dialog;
  gboolean              quiet; /* the model that is being opened may fail untold */

  /* The picture to be shown once its model is there. */
  char   *wanted; /* the model's origin, or NULL */
  guint64 wanted_seed;
  guint64 wanted_number;
  int     wanted_digit;
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
surprise (RaqamExplorePage *self)
{
  RaqamStyle style = *raqam_explore_scene_get_style (self->scene);

  raqam_style_randomise (&style, g_random_int (), 0);
  raqam_explore_scene_set_style (self->scene, &style, NULL);
}

static gboolean
is_training (RaqamExplorePage *self)
{
  return raqam_engine_get_state (self->engine) != RAQAM_STATE_IDLE;
}

/* A checkpoint is called by its run: FOLDER of "…/FOLDER/checkpoints/step-….safetensors". */
static char *
model_name (const RaqamModel *model)
{
  g_autofree char *folder = g_path_get_dirname (model->origin);
  g_autofree char *name = g_path_get_basename (folder);
  g_autofree char *run = g_path_get_dirname (folder);

  return g_filename_display_basename (g_str_equal (name, "checkpoints") ? run : model->origin);
}

static void
show_model (RaqamExplorePage *self, const RaqamModel *model)
{
  g_autofree char *epoch = raqam_format_number (model->epoch, 2);
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;

  if (is_training (self) && gtk_switch_get_active (self->follow))
    title = g_strdup (_("Training now"));
  else
    title = model_name (model);
  /* Translators: a recipe's name and the number of epochs that a model was trained */
  subtitle = g_strdup_printf (_("%s, epoch %s"), _(model->recipe->title), epoch);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->model_row), model->origin);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->model_row), title);
  adw_action_row_set_subtitle (self->model_row, subtitle);
}

/* The picture that was asked for, where it is one of @model's. */
static void
show_wanted (RaqamExplorePage *self, const RaqamModel *model)
{
  RaqamStyle style;

  if (self->wanted == NULL || g_strcmp0 (self->wanted, model->origin) != 0)
    return;
  g_clear_pointer (&self->wanted, g_free);
  raqam_style_init (&style, self->wanted_digit, model->recipe->latent);
  raqam_style_randomise (&style, self->wanted_seed, self->wanted_number);
  raqam_explore_scene_set_style (self->scene, &style, NULL);
}

static void
model_cb (RaqamEngine *engine, RaqamModel *model, const GError *error, RaqamExplorePage *self)
{
  g_autofree char *message = NULL;

  if (model == NULL)
    {
      if (!self->quiet && error != NULL)
        {
          message = g_strdup_printf (_("The model could not be opened: %s"), error->message);
          g_signal_emit (self, signals[PROBLEM], 0, message);
        }
      self->quiet = FALSE;
      return;
    }
  self->quiet = FALSE;
  show_model (self, model);
  gtk_stack_set_visible_child_name (self->stack, "model");
  show_wanted (self, model);
}

static void
picture_cb (RaqamExploreScene *scene, guint slot, GBytes *pixels, RaqamExplorePage *self)
{
  raqam_digit_picture_set_pixels (self->picture, pixels,
                                  raqam_style_main_digit (raqam_explore_scene_get_style (scene)));
}

static void
beside_cb (RaqamExploreScene *scene, guint slot, GBytes *pixels, RaqamExplorePage *self)
{
  raqam_digit_picture_set_pixels (self->beside, pixels,
                                  raqam_style_main_digit (raqam_explore_scene_get_style (scene)));
}

static void
digits_cb (RaqamExploreScene *scene, guint slot, GBytes *pixels, RaqamExplorePage *self)
{
  raqam_digit_row_set_pixels (self->digits, pixels);
}

static void
scene_model_cb (RaqamExplorePage *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->beside),
                          raqam_explore_scene_get_beside (self->scene) != NULL);
}

static void
notice_cb (RaqamExplorePage *self, const char *message)
{
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (message));
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

static void
state_cb (RaqamEngine *engine, GParamSpec *pspec, RaqamExplorePage *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->follow), is_training (self));
}

static void
follow_cb (RaqamExplorePage *self)
{
  if (self->engine != NULL)
    raqam_engine_follow (self->engine, gtk_switch_get_active (self->follow));
}

void
raqam_explore_page_follow (RaqamExplorePage *self)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_PAGE (self));

  gtk_switch_set_active (self->follow, TRUE);
  raqam_engine_follow (self->engine, TRUE);
}

void
raqam_explore_page_open (RaqamExplorePage *self, const char *path, gboolean quiet)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_PAGE (self));

  self->quiet = quiet;
  gtk_switch_set_active (self->follow, FALSE);
  raqam_engine_open_model (self->engine, path);
}

void
raqam_explore_page_show (RaqamExplorePage *self, const char *path, guint64 seed, guint64 number,
                         int digit)
{
  g_return_if_fail (RAQAM_IS_EXPLORE_PAGE (self));
  g_return_if_fail (digit >= 0 && digit < RAQAM_N_DIGITS);

  g_free (self->wanted);
  self->wanted = g_filename_display_name (path);
  self->wanted_seed = seed;
  self->wanted_number = number;
  self->wanted_digit = digit;
  raqam_explore_page_open (self, path, FALSE);
}

static void
dialog_response_cb (GtkNativeDialog *dialog, int response, RaqamExplorePage *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      if (file != NULL && g_file_peek_path (file) != NULL)
        raqam_explore_page_open (self, g_file_peek_path (file), FALSE);
    }
  g_clear_object (&self->dialog);
}

static void
choose (RaqamExplorePage *self, const char *title, GtkFileChooserAction action)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));

  if (self->dialog != NULL)
    return;
  self->dialog = gtk_file_chooser_native_new (title, parent, action, _("_Open"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->dialog), TRUE);
  if (action == GTK_FILE_CHOOSER_ACTION_OPEN)
    {
      g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

      gtk_file_filter_set_name (filter, _("Models and checkpoints (.safetensors)"));
      gtk_file_filter_add_pattern (filter, "*.safetensors");
      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->dialog), filter);
    }
  else
    {
      g_autofree char *runs = raqam_runs_folder ();
      g_autoptr (GFile) folder = g_file_new_for_path (runs);

      gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->dialog), folder, NULL);
    }
  g_signal_connect (self->dialog, "response", G_CALLBACK (dialog_response_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->dialog));
}

static void
open_file_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  choose (RAQAM_EXPLORE_PAGE (widget), _("Open Model or Checkpoint"),
          GTK_FILE_CHOOSER_ACTION_OPEN);
}

static void
open_run_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  choose (RAQAM_EXPLORE_PAGE (widget), _("Open Run Folder"),
          GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

static gboolean
digit_key_cb (GtkWidget *widget, GVariant *args, gpointer digit)
{
  RaqamExplorePage *self = RAQAM_EXPLORE_PAGE (widget);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self->digits)))
    return GDK_EVENT_PROPAGATE;
  raqam_digit_row_set_digit (self->digits, GPOINTER_TO_INT (digit));
  return GDK_EVENT_STOP;
}

static gboolean
surprise_key_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  RaqamExplorePage *self = RAQAM_EXPLORE_PAGE (widget);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self->digits)))
    return GDK_EVENT_PROPAGATE;
  surprise (self);
  return GDK_EVENT_STOP;
}

static gboolean
crisp_key_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  RaqamExplorePage *self = RAQAM_EXPLORE_PAGE (widget);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self->picture)))
    return GDK_EVENT_PROPAGATE;
  raqam_digit_picture_set_crisp (self->picture, !raqam_digit_picture_get_crisp (self->picture));
  return GDK_EVENT_STOP;
}

static void
add_shortcut (GtkEventController *controller, guint key, GtkShortcutFunc callback, int digit)
{
  GtkShortcut *shortcut
    = gtk_shortcut_new (gtk_keyval_trigger_new (key, 0),
                        gtk_callback_action_new (callback, GINT_TO_POINTER (digit), NULL));

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
      add_shortcut (controller, GDK_KEY_0 + d, digit_key_cb, d);
      add_shortcut (controller, GDK_KEY_KP_0 + d, digit_key_cb, d);
      add_shortcut (controller, GDK_KEY_Farsi_0 + d, digit_key_cb, d);
      add_shortcut (controller, GDK_KEY_Arabic_0 + d, digit_key_cb, d);
    }
  add_shortcut (controller, GDK_KEY_r, surprise_key_cb, 0);
  add_shortcut (controller, GDK_KEY_p, crisp_key_cb, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
start_panels (RaqamExplorePage *self)
{
  GtkWidget *panels[] = { self->models_panel,     self->source_panel,  self->walk_panel,
                          self->export_panel,     self->opinion_panel, self->directions_panel,
                          self->numbers_panel,    self->blend_panel,   self->variations_panel,
                          self->draw_panel,       self->kept_panel };

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
  g_signal_connect_object (self->scene, "model-changed", G_CALLBACK (scene_model_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->scene, "drawn::picture", G_CALLBACK (picture_cb), self, 0);
  g_signal_connect_object (self->scene, "drawn::beside", G_CALLBACK (beside_cb), self, 0);
  g_signal_connect_object (self->scene, "drawn::digits", G_CALLBACK (digits_cb), self, 0);
  g_signal_connect_object (self->scene, "notify", G_CALLBACK (history_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->scene, "notice", G_CALLBACK (notice_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->scene, "problem", G_CALLBACK (scene_problem_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (engine, "model", G_CALLBACK (model_cb), self, 0);
  g_signal_connect_object (engine, "failed", G_CALLBACK (failed_cb), self, 0);
  g_signal_connect_object (engine, "notify::state", G_CALLBACK (state_cb), self, 0);
  state_cb (engine, NULL, self);
  history_cb (self);
  start_panels (self);
}

RaqamExploreScene *
raqam_explore_page_get_scene (RaqamExplorePage *self)
{
  g_return_val_if_fail (RAQAM_IS_EXPLORE_PAGE (self), NULL);

  return self->scene;
}

static void
raqam_explore_page_dispose (GObject *object)
{
  RaqamExplorePage *self = RAQAM_EXPLORE_PAGE (object);

  g_clear_object (&self->scene);
  g_clear_object (&self->engine);
  g_clear_object (&self->dialog);
  g_clear_pointer (&self->wanted, g_free);

  G_OBJECT_CLASS (raqam_explore_page_parent_class)->dispose (object);
}

static void
raqam_explore_page_class_init (RaqamExplorePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = raqam_explore_page_dispose;

  signals[PROBLEM] = g_signal_new ("problem", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  signals[DEVICE_FAILED] = g_signal_new ("device-failed", G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                         G_TYPE_STRING);

  gtk_widget_class_install_action (widget_class, "explore.open-file", NULL, open_file_cb);
  gtk_widget_class_install_action (widget_class, "explore.open-run", NULL, open_run_cb);
  gtk_widget_class_install_action (widget_class, "explore.undo", NULL, undo_cb);
  gtk_widget_class_install_action (widget_class, "explore.redo", NULL, redo_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "explore.undo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "explore.redo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_y, GDK_CONTROL_MASK, "explore.redo", NULL);

  g_type_ensure (RAQAM_TYPE_DIGIT_PICTURE);
  g_type_ensure (RAQAM_TYPE_DIGIT_ROW);
  g_type_ensure (RAQAM_TYPE_EXPLORE_NUMBERS);
  g_type_ensure (RAQAM_TYPE_SPLIT);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("explore-page"));
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, toasts);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, stack);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, digits);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, picture);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, beside);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, model_row);
  gtk_widget_class_bind_template_child (widget_class, RaqamExplorePage, follow);
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
  gtk_widget_class_bind_template_callback (widget_class, follow_cb);
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
