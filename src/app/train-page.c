/* train-page.c — the page that trains: fields at the side, the run beside them.
 * SPDX-License-Identifier: MIT */

#include "app/train-page.h"

#include "print/format.h"
#include "app/run-view.h"
#include "app/train-setup.h"
#include "app/train-welcome.h"
#include "app/ui.h"

#include <glib/gi18n.h>

#define SAMPLE_ROWS 4

struct _RaqamTrainPage
{
  AdwBin parent_instance;

  AdwFlap         *flap;
  RaqamTrainSetup *setup;
  GtkWidget       *start_button;
  GtkWidget       *resume_button;
  GtkWidget       *pause_button;
  GtkWidget       *stop_button;
  GtkStack        *stack;
  RaqamTrainWelcome *welcome;
  RaqamRunView    *run_view;

  RaqamEngine        *engine;
  GSimpleActionGroup *actions;
  guint               folded_id; /* waits to tell that the flap has folded */

  /* The run that goes on, or that could be resumed. */
  char    *folder; /* or NULL */
  char    *name;
  double   epoch;
  int      n_epochs;
  gboolean resumable;
  gboolean progressed; /* since it was started here */
  gboolean on_gpu;     /* it is, or was to be */
  gboolean gpu_failed; /* under the last run */

  gboolean data_given; /* by the user: nothing that is found replaces it */
};

enum
{
  PROP_RUN_NAME = 1,
  PROP_FOLDED,
  PROP_REVEAL_FIELDS,
  N_PROPS
};

enum
{
  PROBLEM,
  GPU_FAILED,
  STARTED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamTrainPage, raqam_train_page, ADW_TYPE_BIN)

static void
enable (RaqamTrainPage *self, const char *action, gboolean enabled)
{
  GAction *found = g_action_map_lookup_action (G_ACTION_MAP (self->actions), action);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (found), enabled);
}

/* "Resume run fast-2 (epoch 3 of 8)" */
static char *
resume_offer (RaqamTrainPage *self)
{
  g_autofree char *epoch = raqam_format_integer (MIN ((int) self->epoch + 1, self->n_epochs));
  g_autofree char *n_epochs = raqam_format_integer (self->n_epochs);

  /* Translators: a run's name, the epoch it is in, the number of its epochs */
  return g_strdup_printf (_("Resume run %s (epoch %s of %s)"), self->name, epoch, n_epochs);
}

static void
show_welcome (RaqamTrainPage *self)
{
  g_autofree char *offer = self->resumable ? resume_offer (self) : NULL;

  raqam_train_welcome_show (self->welcome, offer, raqam_train_setup_get_data (self->setup) != NULL,
                            raqam_train_setup_uses_hoda (self->setup));
}

static void
update (RaqamTrainPage *self)
{
  RaqamState state = raqam_engine_get_state (self->engine);
  gboolean idle = state == RAQAM_STATE_IDLE;
  gboolean has_data = raqam_train_setup_get_data (self->setup) != NULL;

  enable (self, "start", idle && has_data);
  enable (self, "recommend", idle && has_data);
  enable (self, "resume", idle && self->resumable);
  enable (self, "pause", state == RAQAM_STATE_TRAINING || state == RAQAM_STATE_PAUSED);
  enable (self, "stop", !idle && state != RAQAM_STATE_STOPPING);
  enable (self, "new", idle);
  enable (self, "choose-data", idle);

  gtk_widget_set_sensitive (GTK_WIDGET (self->setup), idle);
  gtk_widget_set_visible (self->start_button, idle);
  gtk_widget_set_visible (self->resume_button, idle && self->resumable);
  gtk_widget_set_visible (self->pause_button, !idle);
  gtk_widget_set_visible (self->stop_button, !idle);
  gtk_button_set_label (GTK_BUTTON (self->pause_button),
                        state == RAQAM_STATE_PAUSED ? _("Continue") : _("Pause"));
  raqam_run_view_set_controls (self->run_view, !idle && adw_flap_get_folded (self->flap));
  show_welcome (self);
}

static void
set_run (RaqamTrainPage *self, const char *folder, const char *name)
{
  g_free (self->folder);
  g_free (self->name);
  self->folder = g_strdup (folder);
  self->name = g_strdup (name);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RUN_NAME]);
}

static void
begin (RaqamTrainPage *self, const RaqamTrainSettings *settings)
{
  self->progressed = FALSE;
  self->on_gpu = g_str_equal (settings->device, "cuda");
  self->gpu_failed = FALSE;
  raqam_run_view_clear (self->run_view, settings->run_folder);
  gtk_stack_set_visible_child_name (self->stack, "run");
  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
  g_signal_emit (self, signals[STARTED], 0);
  raqam_engine_train (self->engine, settings);
}

static void
start (RaqamTrainPage *self, const char *device, RaqamPrecision precision)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamRecipe) recipe = raqam_train_setup_make_recipe (self->setup, &error);
  g_autofree char *folder = NULL;
  g_autofree char *name = NULL;

  if (recipe == NULL)
    {
      g_signal_emit (self, signals[PROBLEM], 0, error->message);
      return;
    }
  folder = raqam_run_new_folder (recipe->name);
  name = g_filename_display_basename (folder);
  self->resumable = FALSE;
  self->epoch = 0;
  self->n_epochs = recipe->epochs;
  set_run (self, folder, name);
  begin (self, &(RaqamTrainSettings) {
                 .recipe = recipe,
                 .data = raqam_train_setup_get_data (self->setup),
                 .run_folder = folder,
                 .name = name,
                 .device = device,
                 .precision = precision,
                 .background = TRUE,
                 .sample_rows = SAMPLE_ROWS,
               });
}

static void
start_on_chosen (RaqamTrainPage *self)
{
  RaqamDeviceGroup *devices = raqam_train_setup_get_devices (self->setup);

  start (self, raqam_device_group_get_device (devices),
         raqam_device_group_get_precision (devices));
}

static void
start_cb (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  start_on_chosen (self);
}

static void
recommend_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RaqamTrainPage *self = data;

  raqam_train_setup_recommend (self->setup);
  start_on_chosen (self);
}

static void
resume (RaqamTrainPage *self, const char *device, RaqamPrecision precision)
{
  begin (self, &(RaqamTrainSettings) {
                 .run_folder = self->folder,
                 .resume = TRUE,
                 .device = device,
                 .precision = precision,
                 .background = TRUE,
                 .sample_rows = SAMPLE_ROWS,
               });
}

static void
resume_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RaqamTrainPage *self = data;
  RaqamDeviceGroup *devices = raqam_train_setup_get_devices (self->setup);

  resume (self, raqam_device_group_get_device (devices),
          raqam_device_group_get_precision (devices));
}

static void
pause_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RaqamTrainPage *self = data;

  if (raqam_engine_get_state (self->engine) == RAQAM_STATE_PAUSED)
    raqam_engine_resume (self->engine);
  else
    raqam_engine_pause (self->engine);
}

static void
stop_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  raqam_engine_stop (RAQAM_TRAIN_PAGE (data)->engine);
}

static void
new_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RaqamTrainPage *self = data;

  gtk_stack_set_visible_child_name (self->stack, "welcome");
  if (!self->resumable)
    set_run (self, NULL, NULL);
  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, TRUE);
  update (self);
}

static void
choose_data_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  raqam_train_setup_choose_data (RAQAM_TRAIN_PAGE (data)->setup);
}

static void
progress_cb (RaqamEngine *engine, const RaqamProgress *progress, RaqamTrainPage *self)
{
  self->progressed = TRUE;
  self->epoch = progress->epoch;
  self->n_epochs = progress->n_epochs;
  self->on_gpu = g_str_equal (progress->backend, "cuda");
  raqam_device_group_show_at_work (raqam_train_setup_get_devices (self->setup), progress->device);
  raqam_train_setup_set_n_images (self->setup, progress->n_images);
}

static void
saved_cb (RaqamEngine *engine, const char *path, RaqamTrainPage *self)
{
  self->resumable = TRUE;
}

static void
ended_cb (RaqamEngine *engine, gboolean finished, const GError *error, RaqamTrainPage *self)
{
  g_autofree char *message = NULL;

  if (finished)
    self->resumable = FALSE;
  raqam_device_group_show_at_work (raqam_train_setup_get_devices (self->setup), NULL);
  if (error != NULL)
    {
      self->gpu_failed = self->on_gpu && raqam_error_is_device (error);
      message = g_strdup_printf (_("The training ended: %s"), error->message);
      g_signal_emit (self, signals[self->gpu_failed ? GPU_FAILED : PROBLEM], 0, message);
      if (!self->progressed)
        gtk_stack_set_visible_child_name (self->stack, "welcome");
    }
  update (self);
}

static void
notice_cb (RaqamEngine *engine, const GError *error, RaqamTrainPage *self)
{
  g_signal_emit (self, signals[PROBLEM], 0, error->message);
}

static void
state_cb (RaqamEngine *engine, GParamSpec *pspec, RaqamTrainPage *self)
{
  update (self);
}

static void
data_changed_cb (RaqamTrainPage *self)
{
  if (self->engine != NULL)
    update (self);
}

static gboolean
tell_folded_cb (gpointer data)
{
  RaqamTrainPage *self = data;

  self->folded_id = 0;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FOLDED]);
  if (self->engine != NULL)
    update (self);
  return G_SOURCE_REMOVE;
}

/* The flap folds while sizes are being allocated, when nothing may be shown or hidden. */
static void
folded_cb (RaqamTrainPage *self)
{
  if (self->folded_id == 0)
    self->folded_id = g_idle_add (tell_folded_cb, self);
}

static void
reveal_cb (RaqamTrainPage *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REVEAL_FIELDS]);
}

void
raqam_train_page_set_engine (RaqamTrainPage *self, RaqamEngine *engine)
{
  g_return_if_fail (RAQAM_IS_TRAIN_PAGE (self));
  g_return_if_fail (self->engine == NULL);

  self->engine = g_object_ref (engine);
  raqam_run_view_set_engine (self->run_view, engine);
  g_signal_connect_object (engine, "progress", G_CALLBACK (progress_cb), self, 0);
  g_signal_connect_object (engine, "saved", G_CALLBACK (saved_cb), self, 0);
  g_signal_connect_object (engine, "ended", G_CALLBACK (ended_cb), self, 0);
  g_signal_connect_object (engine, "notice", G_CALLBACK (notice_cb), self, 0);
  g_signal_connect_object (engine, "notify::state", G_CALLBACK (state_cb), self, 0);
  update (self);
}

GActionGroup *
raqam_train_page_get_actions (RaqamTrainPage *self)
{
  g_return_val_if_fail (RAQAM_IS_TRAIN_PAGE (self), NULL);

  return G_ACTION_GROUP (self->actions);
}

RaqamDeviceGroup *
raqam_train_page_get_devices (RaqamTrainPage *self)
{
  g_return_val_if_fail (RAQAM_IS_TRAIN_PAGE (self), NULL);

  return raqam_train_setup_get_devices (self->setup);
}

void
raqam_train_page_go_on_with_cpu (RaqamTrainPage *self)
{
  g_return_if_fail (RAQAM_IS_TRAIN_PAGE (self));

  if (!self->gpu_failed || raqam_engine_get_state (self->engine) != RAQAM_STATE_IDLE)
    return;
  if (self->resumable)
    resume (self, "cpu", RAQAM_PRECISION_AUTO);
  else
    start (self, "cpu", RAQAM_PRECISION_AUTO);
}

void
raqam_train_page_set_survey (RaqamTrainPage *self, const RaqamSurvey *survey)
{
  g_auto (GStrv) given = NULL;

  g_return_if_fail (RAQAM_IS_TRAIN_PAGE (self));

  if (raqam_engine_get_state (self->engine) != RAQAM_STATE_IDLE)
    return;
  if (self->data_given)
    given = g_strdupv ((char **) raqam_train_setup_get_data (self->setup));
  raqam_train_setup_set_hoda (self->setup, (const char *const *) survey->hoda);
  if (survey->data != NULL)
    raqam_train_setup_set_data (self->setup, (const char *const *) survey->data);
  if (survey->run != NULL && survey->resumable)
    {
      set_run (self, survey->run->folder, survey->run->name);
      self->resumable = TRUE;
      self->epoch = survey->run->epoch;
      self->n_epochs = survey->run->recipe != NULL ? survey->run->recipe->epochs : 0;
      raqam_train_setup_show_run (self->setup, survey->run);
      gtk_stack_set_visible_child_name (self->stack, "welcome");
    }
  if (given != NULL)
    raqam_train_setup_set_data (self->setup, (const char *const *) given);
  update (self);
}

void
raqam_train_page_set_recipe (RaqamTrainPage *self, const char *name)
{
  g_return_if_fail (RAQAM_IS_TRAIN_PAGE (self));

  raqam_train_setup_set_recipe (self->setup, name);
}

const char *
raqam_train_page_get_recipe (RaqamTrainPage *self)
{
  g_return_val_if_fail (RAQAM_IS_TRAIN_PAGE (self), NULL);

  return raqam_train_setup_get_recipe (self->setup);
}

void
raqam_train_page_set_data (RaqamTrainPage *self, const char *const *paths)
{
  g_return_if_fail (RAQAM_IS_TRAIN_PAGE (self));

  self->data_given = TRUE;
  raqam_train_setup_set_data (self->setup, paths);
}

const char *const *
raqam_train_page_get_chosen (RaqamTrainPage *self)
{
  g_return_val_if_fail (RAQAM_IS_TRAIN_PAGE (self), NULL);

  return raqam_train_setup_uses_hoda (self->setup) ? NULL
                                                   : raqam_train_setup_get_data (self->setup);
}

static void
raqam_train_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RaqamTrainPage *self = RAQAM_TRAIN_PAGE (object);

  switch (id)
    {
    case PROP_RUN_NAME:
      g_value_set_string (value, self->name != NULL ? self->name : "");
      break;
    case PROP_FOLDED:
      g_value_set_boolean (value, adw_flap_get_folded (self->flap));
      break;
    case PROP_REVEAL_FIELDS:
      g_value_set_boolean (value, adw_flap_get_reveal_flap (self->flap));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
raqam_train_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_REVEAL_FIELDS)
    adw_flap_set_reveal_flap (RAQAM_TRAIN_PAGE (object)->flap, g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
raqam_train_page_dispose (GObject *object)
{
  RaqamTrainPage *self = RAQAM_TRAIN_PAGE (object);

  g_clear_handle_id (&self->folded_id, g_source_remove);
  g_clear_object (&self->engine);
  g_clear_object (&self->actions);

  G_OBJECT_CLASS (raqam_train_page_parent_class)->dispose (object);
}

static void
raqam_train_page_finalize (GObject *object)
{
  RaqamTrainPage *self = RAQAM_TRAIN_PAGE (object);

  g_free (self->folder);
  g_free (self->name);

  G_OBJECT_CLASS (raqam_train_page_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  props[PROP_RUN_NAME] = g_param_spec_string ("run-name", NULL, NULL, "", readable);
  props[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE, readable);
  props[PROP_REVEAL_FIELDS]
    = g_param_spec_boolean ("reveal-fields", NULL, NULL, TRUE,
                            readable | G_PARAM_WRITABLE | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
raqam_train_page_class_init (RaqamTrainPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = raqam_train_page_dispose;
  object_class->finalize = raqam_train_page_finalize;
  object_class->get_property = raqam_train_page_get_property;
  object_class->set_property = raqam_train_page_set_property;
  install_properties (object_class);

  signals[PROBLEM] = g_signal_new ("problem", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[GPU_FAILED] = g_signal_new ("gpu-failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[STARTED] = g_signal_new ("started", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (RAQAM_TYPE_RUN_VIEW);
  g_type_ensure (RAQAM_TYPE_TRAIN_SETUP);
  g_type_ensure (RAQAM_TYPE_TRAIN_WELCOME);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("train-page"));
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainPage, flap);
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainPage, setup);
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainPage, start_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainPage, resume_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainPage, pause_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainPage, stop_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainPage, stack);
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainPage, welcome);
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainPage, run_view);
  gtk_widget_class_bind_template_callback (widget_class, data_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, reveal_cb);
}

static void
raqam_train_page_init (RaqamTrainPage *self)
{
  static const GActionEntry entries[] = {
    { "start", start_cb },   { "recommend", recommend_cb },
    { "resume", resume_cb }, { "pause", pause_cb },
    { "stop", stop_cb },     { "new", new_cb },
    { "choose-data", choose_data_cb },
  };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  gtk_widget_init_template (GTK_WIDGET (self));
}
