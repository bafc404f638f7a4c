/* evaluate-page.c — the page that judges: what to judge at the side, the figures beside it.
 * SPDX-License-Identifier: MIT */

#include "app/evaluate-page.h"

#include "app/evaluate-export.h"
#include "app/evaluate-eye.h"
#include "app/evaluate-real.h"
#include "app/evaluate-report.h"
#include "app/evaluate-scores.h"
#include "app/evaluate-setup.h"
#include "app/evaluate-status.h"
#include "app/evaluate-target.h"
#include "app/evaluate-text.h"
#include "app/evaluate-time.h"
#include "app/evaluate-welcome.h"
#include "app/ui.h"
#include "engine/evaluator.h"

#include <glib/gi18n.h>

struct _RaqamEvaluatePage
{
  AdwBin parent_instance;

  AdwFlap              *flap;
  RaqamEvaluateSetup   *setup;
  GtkWidget            *start_button;
  GtkWidget            *stop_button;
  RaqamEvaluateStatus  *status;
  GtkStack             *pages;
  GtkStackPage         *scores_page;
  GtkStackPage         *eye_page;
  GtkStack             *report_stack;
  RaqamEvaluateWelcome *welcome;
  RaqamEvaluateReport  *report;
  RaqamEvaluateScores  *scores;
  RaqamEvaluateTime    *time;
  RaqamEvaluateEye     *eye;
  GtkWidget            *footer;
  GtkLabel             *footer_label;

  RaqamEngine        *engine;
  RaqamEvaluator     *evaluator;
  GSimpleActionGroup *actions;
  GCancellable       *cancellable; /* of all that is asked in threads */
  GCancellable       *looking;     /* of looking at a target */
  GCancellable       *reading;     /* of reading real digits */

  RaqamEvaluateTarget *target;   /* or NULL */
  char                *training; /* folder of the run that saved last, or NULL */
  gboolean             evaluating;

  /* The evaluation that is shown, or NULL, and what it was made from. */
  RaqamEvaluation *evaluation;
  char           **data;
  char            *folder; /* of the run, or NULL */
  gboolean         grey;
};

enum
{
  EXPLORE,
  EXPLORE_PICTURE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamEvaluatePage, raqam_evaluate_page, ADW_TYPE_BIN)

static void look_at (RaqamEvaluatePage *self, const char *path);

static void
enable (RaqamEvaluatePage *self, const char *action, gboolean enabled)
{
  GAction *found = g_action_map_lookup_action (G_ACTION_MAP (self->actions), action);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (found), enabled);
}

static gboolean
is_busy (RaqamEvaluatePage *self)
{
  gboolean busy = FALSE;

  if (self->evaluator != NULL)
    g_object_get (self->evaluator, "busy", &busy, NULL);
  return busy;
}

static void
update (RaqamEvaluatePage *self)
{
  gboolean busy = is_busy (self);
  gboolean can_judge = self->target != NULL && raqam_evaluate_setup_get_model (self->setup) != NULL;

  enable (self, "start", can_judge && !self->evaluating);
  enable (self, "stop", self->evaluating);
  enable (self, "stop-timeline", busy);
  enable (self, "export", self->evaluation != NULL);
  gtk_widget_set_visible (self->start_button, !self->evaluating);
  gtk_widget_set_visible (self->stop_button, self->evaluating);
  raqam_evaluate_status_set_busy (self->status, busy);
  raqam_evaluate_time_set_busy (self->time, busy);
  gtk_stack_page_set_visible (self->scores_page, self->evaluation != NULL);
  gtk_stack_page_set_visible (self->eye_page, self->evaluation != NULL);
  gtk_widget_set_visible (self->footer, self->evaluation != NULL);
  gtk_stack_set_visible_child_name (self->report_stack,
                                    self->evaluation != NULL ? "report" : "welcome");
  raqam_evaluate_welcome_set (self->welcome, self->target != NULL ? self->target->title : NULL);
}

static void
busy_cb (RaqamEvaluatePage *self)
{
  if (!is_busy (self))
    self->evaluating = FALSE;
  update (self);
}

static void
real_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamDataset) real = raqam_evaluate_real_finish (result, &error);
  RaqamEvaluatePage *self = data;

  if (real != NULL)
    raqam_evaluate_eye_set (self->eye, self->evaluation, real);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    raqam_evaluate_status_set_problem (self->status, error->message);
}

/* Gives up the question before: its answer would come too late. */
static GCancellable *
renew (GCancellable **cancellable)
{
  if (*cancellable != NULL)
    g_cancellable_cancel (*cancellable);
  g_clear_object (cancellable);
  *cancellable = g_cancellable_new ();
  return *cancellable;
}

static void
show_evaluation (RaqamEvaluatePage *self, RaqamEvaluation *evaluation)
{
  g_autofree char *what = raqam_evaluate_what (evaluation);

  if (self->evaluation == NULL)
    adw_flap_set_reveal_flap (self->flap, FALSE);
  raqam_evaluation_ref (evaluation);
  g_clear_pointer (&self->evaluation, raqam_evaluation_unref);
  self->evaluation = evaluation;
  raqam_evaluate_report_set (self->report, evaluation);
  raqam_evaluate_scores_set (self->scores, evaluation);
  raqam_evaluate_eye_set (self->eye, evaluation, NULL);
  gtk_label_set_label (self->footer_label, what);
  raqam_evaluate_real_async ((const char *const *) self->data, self->grey, renew (&self->reading),
                             real_cb, self);
}

static void
evaluated_cb (RaqamEvaluatePage *self, RaqamEvaluation *evaluation, const GError *error)
{
  g_autofree char *message = NULL;

  self->evaluating = FALSE;
  if (evaluation != NULL)
    show_evaluation (self, evaluation);
  else if (error != NULL)
    {
      message = g_strdup_printf (_("The model could not be judged: %s"), error->message);
      raqam_evaluate_status_set_problem (self->status, message);
    }
  update (self);
}

static gboolean
is_shown (RaqamEvaluatePage *self, const char *folder)
{
  return self->target != NULL && self->target->run != NULL
         && g_strcmp0 (self->target->run->folder, folder) == 0;
}

static void
judged_cb (RaqamEvaluatePage *self, const char *folder)
{
  if (is_shown (self, folder))
    look_at (self, self->target->path);
}

static void
timeline_ended_cb (RaqamEvaluatePage *self, const char *folder, const GError *error)
{
  g_autofree char *message = NULL;

  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      message =
        g_strdup_printf (_("The run's checkpoints could not be judged: %s"), error->message);
      raqam_evaluate_status_set_problem (self->status, message);
    }
  judged_cb (self, folder);
}

static void
target_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  RaqamEvaluateTarget *target = raqam_evaluate_target_finish (result, &error);
  RaqamEvaluatePage *self = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error != NULL)
    raqam_evaluate_status_set_problem (self->status, error->message);
  g_clear_pointer (&self->target, raqam_evaluate_target_free);
  self->target = target;
  raqam_evaluate_setup_set_target (self->setup, target);
  raqam_evaluate_time_set_target (self->time, target);
  update (self);
}

static void
look_at (RaqamEvaluatePage *self, const char *path)
{
  g_autofree char *asked = g_strdup (path);

  raqam_evaluate_target_async (asked, renew (&self->looking), target_cb, self);
}

static void
picked_cb (RaqamEvaluatePage *self, const char *path)
{
  raqam_evaluate_status_set_problem (self->status, NULL);
  look_at (self, path);
}

static void
runs_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GPtrArray) runs = raqam_evaluate_runs_finish (result, NULL);

  if (runs != NULL)
    raqam_evaluate_setup_set_runs (RAQAM_EVALUATE_PAGE (data)->setup, runs);
}

void
raqam_evaluate_page_refresh (RaqamEvaluatePage *self)
{
  g_return_if_fail (RAQAM_IS_EVALUATE_PAGE (self));

  raqam_evaluate_runs_async (self->cancellable, runs_cb, self);
}

static gboolean
check_data (RaqamEvaluatePage *self)
{
  if (raqam_evaluate_setup_get_data (self->setup) != NULL)
    return TRUE;
  raqam_evaluate_status_set_problem (
    self->status, _("There are no real digits to judge by: choose the Hoda files, or other "
                     "data, under “Real digits” at the side."));
  adw_flap_set_reveal_flap (self->flap, TRUE);
  return FALSE;
}

static void
start (RaqamEvaluatePage *self, const char *model)
{
  const char *const *data = raqam_evaluate_setup_get_data (self->setup);
  RaqamEvaluationSettings settings;

  if (model == NULL || self->target == NULL || self->evaluating || !check_data (self))
    return;
  raqam_evaluate_status_set_problem (self->status, NULL);
  raqam_evaluate_setup_get_settings (self->setup, &settings);
  settings.threshold = !self->target->grey;
  g_strfreev (self->data);
  g_free (self->folder);
  self->data = g_strdupv ((char **) data);
  self->folder = self->target->run != NULL ? g_strdup (self->target->run->folder) : NULL;
  self->grey = self->target->grey;
  self->evaluating = TRUE;
  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
  raqam_evaluate_status_set_progress (self->status, _("Beginning"), 0, FALSE);
  raqam_evaluator_evaluate (self->evaluator, model, data, &settings);
  update (self);
}

static void
start_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RaqamEvaluatePage *self = data;

  start (self, raqam_evaluate_setup_get_model (self->setup));
}

static void
stop_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  raqam_evaluator_cancel_evaluations (RAQAM_EVALUATE_PAGE (data)->evaluator);
}

static void
stop_timeline_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  raqam_evaluator_cancel_timelines (RAQAM_EVALUATE_PAGE (data)->evaluator);
}

static void
progress_cb (RaqamEvaluatePage *self, const char *stage, double done)
{
  raqam_evaluate_status_set_progress (self->status, stage, done,
                                      raqam_evaluator_is_judging_run (self->evaluator));
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *done = raqam_evaluate_export_finish (result, &error);
  RaqamEvaluatePage *self = data;

  if (done != NULL)
    gtk_label_set_label (self->footer_label, done);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    raqam_evaluate_status_set_problem (self->status, error->message);
}

static void
export_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RaqamEvaluatePage *self = data;

  raqam_evaluate_export (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->evaluation,
                         self->folder, self->cancellable, exported_cb, self);
}

static void
open_model_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  raqam_evaluate_setup_choose_model (RAQAM_EVALUATE_PAGE (data)->setup);
}

static void
judge (RaqamEvaluatePage *self, const RaqamEvaluateTarget *target)
{
  RaqamEvaluationSettings settings;

  raqam_evaluate_setup_get_settings (self->setup, &settings);
  raqam_evaluate_time_judge (self->time, self->evaluator, target, &settings);
}

static void
judge_cb (RaqamEvaluatePage *self)
{
  if (self->target == NULL || !check_data (self))
    return;
  raqam_evaluate_status_set_problem (self->status, NULL);
  judge (self, self->target);
}

static void
open_cb (RaqamEvaluatePage *self, const char *path, gboolean explore)
{
  if (explore)
    g_signal_emit (self, signals[EXPLORE], 0, path);
  else
    {
      gtk_stack_set_visible_child_name (self->pages, "report");
      start (self, path);
    }
}

static void
picture_picked_cb (RaqamEvaluatePage *self, guint image)
{
  const guint8 *labels = g_bytes_get_data (self->evaluation->labels, NULL);

  g_signal_emit (self, signals[EXPLORE_PICTURE], 0, self->evaluation->model_origin,
                 self->evaluation->settings.seed, image, (int) labels[image]);
}

/* The run that trains has been looked at: its newest checkpoint is judged where it is its
 * turn, and at the end in any case. */
static void
training_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RaqamEvaluateTarget) target = raqam_evaluate_target_finish (result, NULL);
  RaqamEvaluatePage *self = data;

  if (target != NULL
      && raqam_evaluate_time_is_due (
        self->time, target, raqam_engine_get_state (self->engine) == RAQAM_STATE_IDLE))
    judge (self, target);
}

static void
saved_cb (RaqamEngine *engine, const char *path, RaqamEvaluatePage *self)
{
  g_autofree char *checkpoints = g_path_get_dirname (path);

  g_free (self->training);
  self->training = g_path_get_dirname (checkpoints);
  raqam_evaluate_target_async (self->training, self->cancellable, training_cb, self);
  if (is_shown (self, self->training))
    look_at (self, self->target->path);
  else
    raqam_evaluate_page_refresh (self);
}

static void
state_cb (RaqamEvaluatePage *self)
{
  if (raqam_engine_get_state (self->engine) != RAQAM_STATE_IDLE)
    return;
  raqam_evaluate_page_refresh (self);
  if (self->training != NULL)
    raqam_evaluate_target_async (self->training, self->cancellable, training_cb, self);
  g_clear_pointer (&self->training, g_free);
}

static gboolean
drop_cb (GtkDropTarget *drop, const GValue *value, double x, double y, RaqamEvaluatePage *self)
{
  const GSList *files = gdk_file_list_get_files (g_value_get_boxed (value));
  const char *path = files != NULL ? g_file_peek_path (files->data) : NULL;

  if (path == NULL)
    return FALSE;
  raqam_evaluate_setup_set_path (self->setup, path);
  picked_cb (self, path);
  return TRUE;
}

GActionGroup *
raqam_evaluate_page_get_actions (RaqamEvaluatePage *self)
{
  g_return_val_if_fail (RAQAM_IS_EVALUATE_PAGE (self), NULL);

  return G_ACTION_GROUP (self->actions);
}

void
raqam_evaluate_page_set_engine (RaqamEvaluatePage *self, RaqamEngine *engine)
{
  g_return_if_fail (RAQAM_IS_EVALUATE_PAGE (self));
  g_return_if_fail (self->engine == NULL);

  self->engine = g_object_ref (engine);
  g_signal_connect_object (engine, "saved", G_CALLBACK (saved_cb), self, 0);
  g_signal_connect_object (engine, "notify::state", G_CALLBACK (state_cb), self, G_CONNECT_SWAPPED);
  raqam_evaluate_page_refresh (self);
}

void
raqam_evaluate_page_close (RaqamEvaluatePage *self)
{
  g_return_if_fail (RAQAM_IS_EVALUATE_PAGE (self));

  g_cancellable_cancel (self->cancellable);
  renew (&self->looking);
  renew (&self->reading);
  if (self->evaluator != NULL)
    raqam_evaluator_close (self->evaluator);
}

static void
raqam_evaluate_page_dispose (GObject *object)
{
  RaqamEvaluatePage *self = RAQAM_EVALUATE_PAGE (object);

  if (self->evaluator != NULL)
    raqam_evaluate_page_close (self);
  g_clear_object (&self->evaluator);
  g_clear_object (&self->engine);
  g_clear_object (&self->actions);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->looking);
  g_clear_object (&self->reading);

  G_OBJECT_CLASS (raqam_evaluate_page_parent_class)->dispose (object);
}

static void
raqam_evaluate_page_finalize (GObject *object)
{
  RaqamEvaluatePage *self = RAQAM_EVALUATE_PAGE (object);

  g_clear_pointer (&self->target, raqam_evaluate_target_free);
  g_clear_pointer (&self->evaluation, raqam_evaluation_unref);
  g_strfreev (self->data);
  g_free (self->folder);
  g_free (self->training);

  G_OBJECT_CLASS (raqam_evaluate_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("evaluate-page"));
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluatePage, flap);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluatePage, setup);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluatePage, start_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluatePage, stop_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluatePage, status);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluatePage, pages);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluatePage, scores_page);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluatePage, eye_page);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluatePage, report_stack);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluatePage, welcome);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluatePage, report);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluatePage, scores);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluatePage, time);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluatePage, eye);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluatePage, footer);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluatePage, footer_label);
  gtk_widget_class_bind_template_callback (widget_class, picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, picture_picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, judge_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
}

static void
raqam_evaluate_page_class_init (RaqamEvaluatePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = raqam_evaluate_page_dispose;
  object_class->finalize = raqam_evaluate_page_finalize;

  signals[EXPLORE] = g_signal_new ("explore", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[EXPLORE_PICTURE] =
    g_signal_new ("explore-picture", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 4,
                  G_TYPE_STRING, G_TYPE_UINT64, G_TYPE_UINT, G_TYPE_INT);

  g_type_ensure (RAQAM_TYPE_EVALUATE_EYE);
  g_type_ensure (RAQAM_TYPE_EVALUATE_REPORT);
  g_type_ensure (RAQAM_TYPE_EVALUATE_SCORES);
  g_type_ensure (RAQAM_TYPE_EVALUATE_SETUP);
  g_type_ensure (RAQAM_TYPE_EVALUATE_STATUS);
  g_type_ensure (RAQAM_TYPE_EVALUATE_TIME);
  g_type_ensure (RAQAM_TYPE_EVALUATE_WELCOME);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
connect_evaluator (RaqamEvaluatePage *self)
{
  const struct
  {
    const char *signal;
    GCallback callback;
  } connections[] = {
    { "notify::busy", G_CALLBACK (busy_cb) },
    { "progress", G_CALLBACK (progress_cb) },
    { "evaluated", G_CALLBACK (evaluated_cb) },
    { "judged", G_CALLBACK (judged_cb) },
    { "timeline-ended", G_CALLBACK (timeline_ended_cb) },
  };

  self->evaluator = raqam_evaluator_new ();
  for (guint i = 0; i < G_N_ELEMENTS (connections); i++)
    g_signal_connect_object (self->evaluator, connections[i].signal, connections[i].callback, self,
                             G_CONNECT_SWAPPED);
}

static void
raqam_evaluate_page_init (RaqamEvaluatePage *self)
{
  static const GActionEntry entries[] = {
    { "start", start_cb },
    { "stop", stop_cb },
    { "stop-timeline", stop_timeline_cb },
    { "export", export_cb },
    { "open-model", open_model_cb },
  };
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  self->cancellable = g_cancellable_new ();
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (drop, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
  connect_evaluator (self);
  update (self);
}
