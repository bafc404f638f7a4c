/* window.c — the window: its pages and the engine behind them.
 * SPDX-License-Identifier: MIT */

#include "app/window.h"

#include "app/evaluate-page.h"
#include "app/explore-page.h"
#include "app/long-work.h"
#include "app/settings.h"
#include "app/survey.h"
#include "app/train-page.h"
#include "app/ui.h"

#include <glib/gi18n.h>
#include <string.h>

/* How long the hidden window waits for the display to have taken it away. */
#define HIDE_MS 60

struct _RaqamWindow
{
  AdwApplicationWindow parent_instance;

  AdwViewStack      *pages;
  RaqamTrainPage    *train;
  RaqamExplorePage  *explore;
  RaqamEvaluatePage *evaluate;
  GtkWidget         *run_box;
  GtkToggleButton   *fields_button;
  GtkInfoBar        *problem_bar;
  GtkLabel          *problem_label;
  GtkWidget         *cpu_button;

  RaqamEngine   *engine;
  RaqamLongWork *long_work;
  GSettings     *settings; /* or NULL */
  GCancellable  *cancellable;
  gboolean       asked; /* for a model: the newest run does not replace it */
  gboolean       keep_training; /* when the window is closed */
  gboolean       closing;
};

enum
{
  PROP_KEEP_TRAINING = 1
};

G_DEFINE_FINAL_TYPE (RaqamWindow, raqam_window, ADW_TYPE_APPLICATION_WINDOW)

static void
show_problem (RaqamWindow *self, const char *message, gboolean offer_cpu)
{
  gtk_label_set_label (self->problem_label, message);
  gtk_widget_set_visible (self->cpu_button, offer_cpu);
  gtk_info_bar_set_revealed (self->problem_bar, TRUE);
}

static void
problem_cb (RaqamWindow *self, const char *message)
{
  show_problem (self, message, FALSE);
}

static void
gpu_failed_cb (RaqamWindow *self, const char *message)
{
  show_problem (self, message, TRUE);
}

/* With "auto" the explorer has gone on by itself. */
static void
explorer_failed_cb (RaqamWindow *self, const char *message)
{
  RaqamDeviceGroup *devices = raqam_train_page_get_devices (self->train);

  show_problem (self, message, g_str_equal (raqam_device_group_get_device (devices), "cuda"));
}

static void
go_on_with_cpu_cb (RaqamWindow *self)
{
  gtk_info_bar_set_revealed (self->problem_bar, FALSE);
  gtk_widget_set_visible (self->cpu_button, FALSE);
  raqam_engine_explore_on (self->engine, "cpu");
  raqam_train_page_go_on_with_cpu (self->train);
}

static void
problem_response_cb (RaqamWindow *self)
{
  gtk_info_bar_set_revealed (self->problem_bar, FALSE);
}

static void
remember_run (RaqamWindow *self)
{
  const char *const *data = raqam_train_page_get_chosen (self->train);
  const char *recipe = raqam_train_page_get_recipe (self->train);

  if (self->settings == NULL)
    return;
  if (recipe != NULL)
    g_settings_set_string (self->settings, "last-recipe", recipe);
  for (gsize i = 0; data != NULL && data[i] != NULL; i++)
    if (!g_utf8_validate (data[i], -1, NULL))
      return;
  g_settings_set_strv (self->settings, "last-data",
                       data != NULL ? data : (const char *const[]){ NULL });
}

static void
started_cb (RaqamWindow *self)
{
  g_autofree char *name = NULL;

  g_object_get (self->train, "run-name", &name, NULL);
  raqam_long_work_set_run (self->long_work, name);
  gtk_info_bar_set_revealed (self->problem_bar, FALSE);
  raqam_explore_page_follow (self->explore);
  remember_run (self);
}

static void
device_changed_cb (RaqamWindow *self)
{
  RaqamDeviceGroup *devices = raqam_train_page_get_devices (self->train);
  const char *device = raqam_device_group_get_device (devices);

  raqam_engine_explore_on (self->engine, device);
  if (self->settings == NULL)
    return;
  g_settings_set_string (self->settings, "device", device);
  g_settings_set_string (self->settings, "precision",
                         raqam_device_group_get_precision_name (devices));
}

static void
restore_device (RaqamWindow *self)
{
  RaqamDeviceGroup *devices = raqam_train_page_get_devices (self->train);
  g_autofree char *device = NULL, *precision = NULL;

  if (self->settings != NULL)
    {
      device = g_settings_get_string (self->settings, "device");
      precision = g_settings_get_string (self->settings, "precision");
      raqam_device_group_choose (devices, device, precision);
    }
  raqam_engine_explore_on (self->engine, raqam_device_group_get_device (devices));
  g_signal_connect_object (devices, "changed", G_CALLBACK (device_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
survey_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamSurvey) survey = raqam_survey_finish (result, &error);
  RaqamWindow *self = data;

  if (survey == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        problem_cb (self, error->message);
      return;
    }
  raqam_train_page_set_survey (self->train, survey);
  if (survey->run != NULL && !self->asked
      && raqam_engine_get_state (self->engine) == RAQAM_STATE_IDLE)
    raqam_explore_page_open (self->explore, survey->run->folder, TRUE);
}

static void
explore (RaqamWindow *self, const char *path)
{
  self->asked = TRUE;
  raqam_explore_page_open (self->explore, path, FALSE);
  adw_view_stack_set_visible_child_name (self->pages, "explore");
}

static void
look_around (RaqamWindow *self)
{
  g_auto (GStrv) last = NULL;

  if (self->settings != NULL)
    last = g_settings_get_strv (self->settings, "last-data");
  raqam_survey_async (NULL, (const char *const *) last, self->cancellable, survey_cb, self);
}

void
raqam_window_open (RaqamWindow *self, const char *const *paths)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) data = NULL;

  g_return_if_fail (RAQAM_IS_WINDOW (self));

  for (gsize i = 0; paths[i] != NULL; i++)
    if (g_str_has_suffix (paths[i], ".safetensors"))
      explore (self, paths[i]);
    else if (g_str_has_suffix (paths[i], ".cdb"))
      g_strv_builder_add (builder, paths[i]);
    else
      {
        self->asked = FALSE;
        raqam_survey_async (paths[i], NULL, self->cancellable, survey_cb, self);
      }

  data = g_strv_builder_end (builder);
  if (data[0] != NULL)
    raqam_train_page_set_data (self->train, (const char *const *) data);
}

static gboolean
is_picture (const char *path)
{
  const char *dot = strrchr (path, '.');

  return dot != NULL && g_ascii_strcasecmp (dot, ".png") == 0;
}

static void
find_picture (RaqamWindow *self, GFile *file)
{
  adw_view_stack_set_visible_child_name (self->pages, "explore");
  raqam_explore_page_open_picture (self->explore, file);
}

/* A run's folder is explored as its model is, and a picture is looked for; what is not a
 * digit's or a model's is left alone. */
static gboolean
drop_cb (RaqamWindow *self, const GValue *value)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) paths = NULL;
  gboolean taken = FALSE;

  for (const GSList *file = gdk_file_list_get_files (g_value_get_boxed (value)); file != NULL;
       file = file->next)
    {
      const char *path = g_file_peek_path (file->data);

      if (path == NULL)
        continue;
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        explore (self, path);
      else if (is_picture (path))
        find_picture (self, file->data);
      else if (g_str_has_suffix (path, ".safetensors") || g_str_has_suffix (path, ".cdb"))
        g_strv_builder_add (builder, path);
      else
        continue;
      taken = TRUE;
    }
  paths = g_strv_builder_end (builder);
  raqam_window_open (self, (const char *const *) paths);
  return taken;
}

RaqamEngine *
raqam_window_get_engine (RaqamWindow *self)
{
  g_return_val_if_fail (RAQAM_IS_WINDOW (self), NULL);

  return self->engine;
}

static void
show_page_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  adw_view_stack_set_visible_child_name (RAQAM_WINDOW (widget)->pages,
                                         g_variant_get_string (parameter, NULL));
}

static void
new_run_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RaqamWindow *self = RAQAM_WINDOW (widget);

  adw_view_stack_set_visible_child_name (self->pages, "train");
  g_action_group_activate_action (raqam_train_page_get_actions (self->train), "new", NULL);
}

static void
new_enabled_cb (RaqamWindow *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.new-run",
                                 raqam_engine_get_state (self->engine) == RAQAM_STATE_IDLE);
}

static void
update_header_cb (RaqamWindow *self)
{
  g_autofree char *name = NULL;
  gboolean folded;
  const char *page = adw_view_stack_get_visible_child_name (self->pages);

  g_object_get (self->train, "run-name", &name, "folded", &folded, NULL);
  gtk_widget_set_visible (self->run_box, name[0] != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->fields_button),
                          folded && g_strcmp0 (page, "train") == 0);
}

/* The blocking end of the engine, once the window is off the screen. */
static gboolean
close_engine_cb (gpointer data)
{
  RaqamWindow *self = data;

  raqam_evaluate_page_close (self->evaluate);
  raqam_engine_close (self->engine);
  gtk_window_destroy (GTK_WINDOW (self));
  return G_SOURCE_REMOVE;
}

static void
remember_window (RaqamWindow *self)
{
  int width, height;

  if (self->settings == NULL)
    return;
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_int (self->settings, "window-width", MAX (width, 360));
  g_settings_set_int (self->settings, "window-height", MAX (height, 200));
  g_settings_set_boolean (self->settings, "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
  g_settings_set_string (self->settings, "last-page",
                         adw_view_stack_get_visible_child_name (self->pages));
}

static void
restore_window (RaqamWindow *self)
{
  g_autofree char *page = NULL;
  g_autofree char *recipe = NULL;

  if (self->settings == NULL)
    return;
  gtk_window_set_default_size (GTK_WINDOW (self),
                               g_settings_get_int (self->settings, "window-width"),
                               g_settings_get_int (self->settings, "window-height"));
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  recipe = g_settings_get_string (self->settings, "last-recipe");
  raqam_train_page_set_recipe (self->train, recipe);
  page = g_settings_get_string (self->settings, "last-page");
  if (adw_view_stack_get_child_by_name (self->pages, page) != NULL)
    adw_view_stack_set_visible_child_name (self->pages, page);
}

static void
explore_cb (RaqamWindow *self, const char *path)
{
  explore (self, path);
}

static void
explore_picture_cb (RaqamWindow *self, const char *path, guint64 seed, guint image, int digit)
{
  raqam_explore_page_show (self->explore, path, seed, image, digit);
  adw_view_stack_set_visible_child_name (self->pages, "explore");
}

static void
hide (RaqamWindow *self)
{
  remember_window (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
raqam_window_quit (RaqamWindow *self)
{
  g_return_if_fail (RAQAM_IS_WINDOW (self));

  if (self->closing)
    return;
  self->closing = TRUE;
  hide (self);
  raqam_long_work_close (self->long_work);
  g_cancellable_cancel (self->cancellable);
  g_timeout_add_full (G_PRIORITY_DEFAULT, HIDE_MS, close_engine_cb, g_object_ref (self),
                      g_object_unref);
}

gboolean
raqam_window_is_closing (RaqamWindow *self)
{
  g_return_val_if_fail (RAQAM_IS_WINDOW (self), FALSE);

  return self->closing;
}

static gboolean
raqam_window_close_request (GtkWindow *window)
{
  RaqamWindow *self = RAQAM_WINDOW (window);

  if (!self->keep_training || raqam_engine_get_state (self->engine) == RAQAM_STATE_IDLE)
    {
      raqam_window_quit (self);
      return TRUE;
    }
  hide (self);
  raqam_long_work_tell_background (self->long_work);
  return TRUE;
}

/* Nobody would find the program again that waits without a window. */
static void
ended_cb (RaqamWindow *self)
{
  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    raqam_window_quit (self);
}

static void
raqam_window_dispose (GObject *object)
{
  RaqamWindow *self = RAQAM_WINDOW (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->long_work);
  if (self->engine != NULL)
    raqam_engine_close (self->engine);
  g_clear_object (&self->engine);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (raqam_window_parent_class)->dispose (object);
}

static void
raqam_window_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_KEEP_TRAINING)
    g_value_set_boolean (value, RAQAM_WINDOW (object)->keep_training);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
raqam_window_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_KEEP_TRAINING)
    RAQAM_WINDOW (object)->keep_training = g_value_get_boolean (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
raqam_window_class_init (RaqamWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = raqam_window_dispose;
  G_OBJECT_CLASS (klass)->get_property = raqam_window_get_property;
  G_OBJECT_CLASS (klass)->set_property = raqam_window_set_property;
  GTK_WINDOW_CLASS (klass)->close_request = raqam_window_close_request;

  gtk_widget_class_install_action (widget_class, "win.page", "s", show_page_cb);
  gtk_widget_class_install_action (widget_class, "win.new-run", NULL, new_run_cb);
  g_object_class_install_property (
    G_OBJECT_CLASS (klass), PROP_KEEP_TRAINING,
    g_param_spec_boolean ("keep-training", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  gtk_widget_class_install_property_action (widget_class, "win.keep-training", "keep-training");

  g_type_ensure (RAQAM_TYPE_EVALUATE_PAGE);
  g_type_ensure (RAQAM_TYPE_EXPLORE_PAGE);
  g_type_ensure (RAQAM_TYPE_TRAIN_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("window"));
  gtk_widget_class_bind_template_child (widget_class, RaqamWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, RaqamWindow, train);
  gtk_widget_class_bind_template_child (widget_class, RaqamWindow, explore);
  gtk_widget_class_bind_template_child (widget_class, RaqamWindow, evaluate);
  gtk_widget_class_bind_template_child (widget_class, RaqamWindow, run_box);
  gtk_widget_class_bind_template_child (widget_class, RaqamWindow, fields_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamWindow, problem_bar);
  gtk_widget_class_bind_template_child (widget_class, RaqamWindow, problem_label);
  gtk_widget_class_bind_template_child (widget_class, RaqamWindow, cpu_button);
  gtk_widget_class_bind_template_callback (widget_class, explore_cb);
  gtk_widget_class_bind_template_callback (widget_class, explore_picture_cb);
  gtk_widget_class_bind_template_callback (widget_class, problem_cb);
  gtk_widget_class_bind_template_callback (widget_class, gpu_failed_cb);
  gtk_widget_class_bind_template_callback (widget_class, explorer_failed_cb);
  gtk_widget_class_bind_template_callback (widget_class, go_on_with_cpu_cb);
  gtk_widget_class_bind_template_callback (widget_class, problem_response_cb);
  gtk_widget_class_bind_template_callback (widget_class, started_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_header_cb);
}

static void
raqam_window_init (RaqamWindow *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  self->engine = raqam_engine_new ();
  self->cancellable = g_cancellable_new ();
  self->settings = raqam_settings_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (drop, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));

  raqam_train_page_set_engine (self->train, self->engine);
  raqam_explore_page_set_engine (self->explore, self->engine);
  raqam_evaluate_page_set_engine (self->evaluate, self->engine);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "train",
                                  raqam_train_page_get_actions (self->train));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "evaluate",
                                  raqam_evaluate_page_get_actions (self->evaluate));
  self->long_work = raqam_long_work_new (GTK_WINDOW (self), self->engine);
  g_signal_connect_object (self->engine, "notify::state", G_CALLBACK (new_enabled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->engine, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
  if (self->settings != NULL)
    g_settings_bind (self->settings, "keep-training", self, "keep-training",
                     G_SETTINGS_BIND_DEFAULT);
  update_header_cb (self);
  restore_window (self);
  restore_device (self);
  look_around (self);
}

RaqamWindow *
raqam_window_new (GtkApplication *application)
{
  return g_object_new (RAQAM_TYPE_WINDOW, "application", application, NULL);
}
