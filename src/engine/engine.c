/* engine.c — the engine's public face: training and exploring on its own threads.
 * SPDX-License-Identifier: MIT */

#include "engine/engine.h"

#include "engine/explorer.h"
#include "engine/job.h"
#include "engine/mailbox.h"

struct _RaqamEngine
{
  GObject parent_instance;

  RaqamMailbox  *mailbox;
  RaqamExplorer *explorer;
  RaqamJob      *job; /* NULL: none was started since the last one ended */
  RaqamState     state;
  gboolean       follow;
};

enum
{
  PROP_0,
  PROP_STATE,
  N_PROPS,
};

enum
{
  PROGRESS,
  POINTS,
  SAMPLES,
  SAVED,
  ENDED,
  MODEL,
  BESIDE,
  DRAWN,
  FAILED,
  NOTICE,
  N_SIGNALS,
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamEngine, raqam_engine, G_TYPE_OBJECT)

static void
set_state (RaqamEngine *self, RaqamState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

/* The state is IDLE only once the job's last report is in, and STOPPING until then. */
static void
deliver_state (gpointer target, gpointer report)
{
  RaqamEngine *self = target;

  if (self->state != RAQAM_STATE_STOPPING)
    set_state (self, GPOINTER_TO_INT (report));
}

static void
free_nothing (gpointer report)
{
}

static void
deliver_progress (gpointer target, gpointer report)
{
  g_signal_emit (target, signals[PROGRESS], 0, report);
}

static gpointer
merge_progress (gpointer older, gpointer newer)
{
  return raqam_mailbox_keep_newer (older, newer, g_free);
}

static void
deliver_points (gpointer target, gpointer report)
{
  GArray *points = report;

  g_signal_emit (target, signals[POINTS], 0, points->data, points->len);
}

static void
free_points (gpointer report)
{
  g_array_unref (report);
}

static gpointer
merge_points (gpointer older, gpointer newer)
{
  GArray *points = newer;

  g_array_append_vals (older, points->data, points->len);
  g_array_unref (points);
  return older;
}

static void
deliver_samples (gpointer target, gpointer report)
{
  g_signal_emit (target, signals[SAMPLES], 0, report);
}

static gpointer
merge_samples (gpointer older, gpointer newer)
{
  return raqam_mailbox_keep_newer (older, newer, raqam_samples_free);
}

static void
deliver_saved (gpointer target, gpointer report)
{
  g_signal_emit (target, signals[SAVED], 0, report);
}

static void
deliver_snapshot (gpointer target, gpointer report)
{
  RaqamEngine *self = target;

  if (self->follow)
    raqam_explorer_take_model (self->explorer, report);
}

static void
free_model (gpointer report)
{
  raqam_model_unref (report);
}

static gpointer
merge_models (gpointer older, gpointer newer)
{
  return raqam_mailbox_keep_newer (older, newer, free_model);
}

static void
deliver_ended (gpointer target, gpointer report)
{
  RaqamEngine *self = target;
  RaqamEnding *ending = report;

  /* The thread has posted its last report, so this does not wait for work. */
  g_clear_pointer (&self->job, raqam_job_free);
  set_state (self, RAQAM_STATE_IDLE);
  g_signal_emit (self, signals[ENDED], 0, ending->finished, ending->error);
}

static void
deliver_model (gpointer target, gpointer report)
{
  RaqamModelReport *model = report;

  g_signal_emit (target, signals[MODEL], 0, model->model, model->error);
}

static void
deliver_beside (gpointer target, gpointer report)
{
  RaqamModelReport *model = report;

  g_signal_emit (target, signals[BESIDE], 0, model->model, model->error);
}

static void
deliver_drawing (gpointer target, gpointer report)
{
  RaqamDrawing *drawing = report;

  g_signal_emit (target, signals[DRAWN], 0, drawing->slot, drawing->pixels);
}

static gpointer
merge_drawings (gpointer older, gpointer newer)
{
  return raqam_mailbox_keep_newer (older, newer, raqam_drawing_free);
}

static void
deliver_failure (gpointer target, gpointer report)
{
  g_signal_emit (target, signals[FAILED], 0, report);
}

static void
deliver_notice (gpointer target, gpointer report)
{
  g_signal_emit (target, signals[NOTICE], 0, report);
}

static void
free_error (gpointer report)
{
  g_error_free (report);
}

static const RaqamReportClass STATE_CLASS = { deliver_state, free_nothing, NULL };
static const RaqamReportClass PROGRESS_CLASS = { deliver_progress, g_free, merge_progress };
static const RaqamReportClass POINTS_CLASS = { deliver_points, free_points, merge_points };
static const RaqamReportClass SAMPLES_CLASS = { deliver_samples, raqam_samples_free, merge_samples };
static const RaqamReportClass SAVED_CLASS = { deliver_saved, g_free, NULL };
static const RaqamReportClass SNAPSHOT_CLASS = { deliver_snapshot, free_model, merge_models };
static const RaqamReportClass ENDED_CLASS = { deliver_ended, raqam_ending_free, NULL };
static const RaqamReportClass MODEL_CLASS = { deliver_model, raqam_model_report_free, NULL };
static const RaqamReportClass BESIDE_CLASS = { deliver_beside, raqam_model_report_free, NULL };
static const RaqamReportClass DRAWING_CLASS = { deliver_drawing, raqam_drawing_free, merge_drawings };
static const RaqamReportClass FAILURE_CLASS = { deliver_failure, free_error, NULL };
static const RaqamReportClass NOTICE_CLASS = { deliver_notice, free_error, NULL };

static const RaqamJobReports JOB_REPORTS = {
  .state = &STATE_CLASS,
  .progress = &PROGRESS_CLASS,
  .points = &POINTS_CLASS,
  .samples = &SAMPLES_CLASS,
  .saved = &SAVED_CLASS,
  .snapshot = &SNAPSHOT_CLASS,
  .notice = &NOTICE_CLASS,
  .ended = &ENDED_CLASS,
};

static const RaqamExplorerReports EXPLORER_REPORTS = {
  .drawing = &DRAWING_CLASS,
  .model = &MODEL_CLASS,
  .beside = &BESIDE_CLASS,
  .failure = &FAILURE_CLASS,
};

static void
raqam_engine_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RaqamEngine *self = RAQAM_ENGINE (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
raqam_engine_dispose (GObject *object)
{
  raqam_engine_close (RAQAM_ENGINE (object));

  G_OBJECT_CLASS (raqam_engine_parent_class)->dispose (object);
}

static guint
add_signal (const char *name, guint n_params, const GType types[2])
{
  return g_signal_new (name, RAQAM_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                       n_params, types[0], types[1]);
}

static void
raqam_engine_class_init (RaqamEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = raqam_engine_get_property;
  object_class->dispose = raqam_engine_dispose;

  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, RAQAM_STATE_IDLE, RAQAM_STATE_STOPPING,
                                        RAQAM_STATE_IDLE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[PROGRESS] = add_signal ("progress", 1, (GType[2]) { G_TYPE_POINTER });
  signals[POINTS] = add_signal ("points", 2, (GType[2]) { G_TYPE_POINTER, G_TYPE_UINT });
  signals[SAMPLES] = add_signal ("samples", 1, (GType[2]) { G_TYPE_POINTER });
  signals[SAVED] = add_signal ("saved", 1, (GType[2]) { G_TYPE_STRING });
  signals[ENDED] = add_signal ("ended", 2, (GType[2]) { G_TYPE_BOOLEAN, G_TYPE_POINTER });
  signals[MODEL] = add_signal ("model", 2, (GType[2]) { G_TYPE_POINTER, G_TYPE_POINTER });
  signals[BESIDE] = add_signal ("beside", 2, (GType[2]) { G_TYPE_POINTER, G_TYPE_POINTER });
  signals[DRAWN] = add_signal ("drawn", 2, (GType[2]) { G_TYPE_UINT, G_TYPE_POINTER });
  signals[FAILED] = add_signal ("failed", 1, (GType[2]) { G_TYPE_POINTER });
  signals[NOTICE] = add_signal ("notice", 1, (GType[2]) { G_TYPE_POINTER });
}

static void
raqam_engine_init (RaqamEngine *self)
{
  self->mailbox = raqam_mailbox_new (self);
  self->explorer = raqam_explorer_new (self->mailbox, &EXPLORER_REPORTS);
}

RaqamEngine *
raqam_engine_new (void)
{
  return g_object_new (RAQAM_TYPE_ENGINE, NULL);
}

RaqamState
raqam_engine_get_state (RaqamEngine *self)
{
  g_return_val_if_fail (RAQAM_IS_ENGINE (self), RAQAM_STATE_IDLE);

  return self->state;
}

void
raqam_engine_train (RaqamEngine *self, const RaqamTrainSettings *settings)
{
  g_return_if_fail (RAQAM_IS_ENGINE (self));
  g_return_if_fail (self->mailbox != NULL && self->job == NULL);
  g_return_if_fail (settings->run_folder != NULL && settings->device != NULL);
  g_return_if_fail (settings->resume || (settings->recipe != NULL && settings->data != NULL));
  g_return_if_fail (settings->sample_rows >= 1 && settings->sample_rows <= 10);

  self->job = raqam_job_new (raqam_train_settings_copy (settings), self->mailbox, &JOB_REPORTS);
  raqam_job_follow (self->job, self->follow);
  set_state (self, RAQAM_STATE_LOADING);
}

void
raqam_engine_pause (RaqamEngine *self)
{
  g_return_if_fail (RAQAM_IS_ENGINE (self));

  if (self->job != NULL)
    raqam_job_pause (self->job);
}

void
raqam_engine_resume (RaqamEngine *self)
{
  g_return_if_fail (RAQAM_IS_ENGINE (self));

  if (self->job != NULL)
    raqam_job_resume (self->job);
}

void
raqam_engine_stop (RaqamEngine *self)
{
  g_return_if_fail (RAQAM_IS_ENGINE (self));

  if (self->job == NULL)
    return;

  raqam_job_stop (self->job);
  set_state (self, RAQAM_STATE_STOPPING);
}

void
raqam_engine_follow (RaqamEngine *self, gboolean follow)
{
  g_return_if_fail (RAQAM_IS_ENGINE (self));

  self->follow = follow;
  if (self->job != NULL)
    raqam_job_follow (self->job, follow);
}

void
raqam_engine_open_model (RaqamEngine *self, const char *path)
{
  g_return_if_fail (RAQAM_IS_ENGINE (self));
  g_return_if_fail (self->mailbox != NULL);

  raqam_explorer_open_model (self->explorer, path);
}

void
raqam_engine_open_beside (RaqamEngine *self, const char *path)
{
  g_return_if_fail (RAQAM_IS_ENGINE (self));
  g_return_if_fail (self->mailbox != NULL);

  raqam_explorer_open_beside (self->explorer, path);
}

void
raqam_engine_draw (RaqamEngine *self, RaqamStage stage, guint slot, const RaqamStyle *styles,
                   guint n)
{
  g_return_if_fail (RAQAM_IS_ENGINE (self));
  g_return_if_fail (self->mailbox != NULL);

  raqam_explorer_draw (self->explorer, stage, slot, styles, n);
}

void
raqam_engine_explore_on (RaqamEngine *self, const char *device)
{
  g_return_if_fail (RAQAM_IS_ENGINE (self));
  g_return_if_fail (self->mailbox != NULL);

  raqam_explorer_set_device (self->explorer, device);
}

void
raqam_engine_close (RaqamEngine *self)
{
  g_return_if_fail (RAQAM_IS_ENGINE (self));

  if (self->mailbox == NULL)
    return;

  g_clear_pointer (&self->job, raqam_job_free);
  g_clear_pointer (&self->explorer, raqam_explorer_free);
  raqam_mailbox_close (self->mailbox);
  g_clear_pointer (&self->mailbox, raqam_mailbox_unref);
  set_state (self, RAQAM_STATE_IDLE);
}
