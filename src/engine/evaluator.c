/* evaluator.c — judging on a thread of its own, told by signals.
 * SPDX-License-Identifier: MIT */

#include "engine/evaluator.h"

#include "engine/checkpoint-choice.h"
#include "engine/kept-data.h"
#include "engine/mailbox.h"

#include <glib/gi18n-lib.h>

/* What somebody asked for. The thread's from the queue on. */
typedef struct
{
  gboolean                quit;
  char                   *model_path; /* or NULL: judges a run */
  char                   *run_folder;
  char                  **data;
  double                  every;
  RaqamEvaluationSettings settings;    /* device's string is owned */
  GCancellable           *cancellable; /* the main thread has a reference too */
} Request;

/* What the thread is at. */
typedef struct
{
  const Request       *request;
  RaqamEvaluationStage first_stage; /* that it told of; those before are not needed */
  gboolean             told;
  guint                number, n_checkpoints;
} Current;

/* The thread's own, with what it needs of the rest. */
typedef struct
{
  GAsyncQueue  *requests;
  RaqamMailbox *mailbox;

  RaqamKeptData data;
  Current       now;
} Worker;

struct _RaqamEvaluator
{
  GObject parent_instance;

  GThread      *thread;
  GAsyncQueue  *requests;
  RaqamMailbox *mailbox;
  gboolean      judging_run;

  /* Cancellables of the requests that were not answered yet. */
  GPtrArray *evaluations;
  GPtrArray *timelines;
};

typedef struct
{
  GCancellable *cancellable; /* of the request */
  gboolean      of_run;
  const char   *stage; /* static */
  double        done;
} Progress;

typedef struct
{
  GCancellable    *cancellable; /* of the request */
  char            *run_folder; /* of a run's timeline, or NULL */
  RaqamEvaluation *evaluation;
  GError          *error;
} Answer;

enum
{
  PROP_0,
  PROP_BUSY,
  N_PROPS,
};

enum
{
  PROGRESS,
  EVALUATED,
  JUDGED,
  TIMELINE_ENDED,
  N_SIGNALS,
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamEvaluator, raqam_evaluator, G_TYPE_OBJECT)

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->model_path);
  g_free (request->run_folder);
  g_strfreev (request->data);
  g_free ((char *) request->settings.device);
  g_clear_object (&request->cancellable);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static gboolean
is_busy (RaqamEvaluator *self)
{
  return self->evaluations->len > 0 || self->timelines->len > 0;
}

static void
deliver_progress (gpointer target, gpointer report)
{
  RaqamEvaluator *self = target;
  const Progress *progress = report;

  /* One that was given up has nothing more to say. */
  if (g_cancellable_is_cancelled (progress->cancellable))
    return;
  self->judging_run = progress->of_run;
  g_signal_emit (self, signals[PROGRESS], 0, progress->stage, progress->done);
}

static void
free_progress (gpointer report)
{
  Progress *progress = report;

  g_object_unref (progress->cancellable);
  g_free (progress);
}

static gpointer
merge_progress (gpointer older, gpointer newer)
{
  return raqam_mailbox_keep_newer (older, newer, free_progress);
}

static void
deliver_judged (gpointer target, gpointer report)
{
  g_signal_emit (target, signals[JUDGED], 0, report);
}

static void
free_answer (gpointer report)
{
  Answer *answer = report;

  g_object_unref (answer->cancellable);
  g_free (answer->run_folder);
  g_clear_pointer (&answer->evaluation, raqam_evaluation_unref);
  g_clear_error (&answer->error);
  g_free (answer);
}

/* A handler may ask for more, and "busy" must not go down and up again for that. */
static void
deliver_answer (gpointer target, gpointer report)
{
  RaqamEvaluator *self = g_object_ref (target);
  Answer *answer = report;
  gboolean cancelled = g_cancellable_is_cancelled (answer->cancellable);
  const GError *error = cancelled ? NULL : answer->error;

  g_ptr_array_remove (answer->run_folder != NULL ? self->timelines : self->evaluations,
                      answer->cancellable);
  if (answer->run_folder != NULL)
    g_signal_emit (self, signals[TIMELINE_ENDED], 0, answer->run_folder, error);
  else
    g_signal_emit (self, signals[EVALUATED], 0, cancelled ? NULL : answer->evaluation, error);

  if (!is_busy (self))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
  g_object_unref (self);
}

static const RaqamReportClass PROGRESS_CLASS = { deliver_progress, free_progress, merge_progress };
static const RaqamReportClass JUDGED_CLASS = { deliver_judged, g_free, NULL };
static const RaqamReportClass ANSWER_CLASS = { deliver_answer, free_answer, NULL };

static void
post_progress (Worker *self, const char *stage, double done)
{
  Progress *progress = g_new (Progress, 1);

  progress->cancellable = g_object_ref (self->now.request->cancellable);
  progress->of_run = self->now.request->run_folder != NULL;
  progress->stage = stage;
  progress->done = (self->now.number + CLAMP (done, 0, 1)) / MAX (self->now.n_checkpoints, 1);
  raqam_mailbox_post (self->mailbox, &PROGRESS_CLASS, 0, progress);
}

/* Roughly how long each stage takes, in seconds on two cores. */
static double
stage_seconds (const RaqamEvaluationSettings *settings, RaqamEvaluationStage stage)
{
  double n = settings->n_images;
  int epochs = settings->utility_epochs > 0 ? settings->utility_epochs : 3;

  switch (stage)
    {
    case RAQAM_EVALUATION_CLASSIFIER:
      return 60;
    case RAQAM_EVALUATION_REAL:
      return 10;
    case RAQAM_EVALUATION_DRAWING:
      return n * 5e-5;
    case RAQAM_EVALUATION_JUDGING:
      return n * 1e-4;
    case RAQAM_EVALUATION_SCORES:
      return settings->scores ? 1.5 + n * 4e-4 : 0;
    case RAQAM_EVALUATION_UTILITY:
      return settings->utility ? n * 2e-3 * epochs : 0;
    default:
      g_assert_not_reached ();
    }
}

/* Of the stages from the first on that there was: what is kept is not made again. */
static void
stage_progress_cb (RaqamEvaluationStage stage, double done, gpointer data)
{
  Worker *self = data;
  double before = 0, all = 0;

  if (!self->now.told)
    self->now.first_stage = stage;
  self->now.told = TRUE;
  for (int s = self->now.first_stage; s <= RAQAM_EVALUATION_UTILITY; s++)
    {
      double seconds = stage_seconds (&self->now.request->settings, s);

      all += seconds;
      before += s < (int) stage ? seconds : s == (int) stage ? done * seconds : 0;
    }
  post_progress (self, raqam_evaluation_stage_name (stage), before / all);
}

static gboolean
load_data (Worker *self, gboolean grey, GError **error)
{
  const Request *request = self->now.request;
  const char *const *paths = (const char *const *) request->data;

  if (raqam_kept_data_has (&self->data, paths, grey))
    return TRUE;
  post_progress (self, _ ("Loading the data"), 0);
  return raqam_kept_data_load (&self->data, paths, grey, request->cancellable, error);
}

static RaqamEvaluation *
evaluate (Worker *self, const char *path, GError **error)
{
  const Request *request = self->now.request;
  g_autoptr (RaqamModel) model = NULL;

  if (g_cancellable_set_error_if_cancelled (request->cancellable, error))
    return NULL;
  model = raqam_model_load (path, error);
  if (model == NULL || !load_data (self, model->recipe->grey, error))
    return NULL;

  self->now.told = FALSE;
  return raqam_evaluation_new (model, self->data.data, &request->settings, stage_progress_cb, self,
                               request->cancellable, error);
}

static gboolean
judge_checkpoint (Worker *self, const char *path, GError **error)
{
  const char *folder = self->now.request->run_folder;
  g_autoptr (RaqamEvaluation) evaluation = evaluate (self, path, error);
  RaqamQuality quality;

  if (evaluation == NULL)
    return FALSE;
  raqam_quality_init (&quality, evaluation);
  if (!raqam_timeline_add (folder, &quality, error))
    return FALSE;
  raqam_mailbox_post (self->mailbox, &JUDGED_CLASS, 0, g_strdup (folder));
  return TRUE;
}

/* A checkpoint that was thinned out meanwhile is nobody's fault; a damaged one is told of
 * when the others are done. Anything else would go wrong with all of them. */
static gboolean
may_go_on (const char *path, GError **first, GError *problem)
{
  gboolean damaged = g_error_matches (problem, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT);
  gboolean gone = !g_file_test (path, G_FILE_TEST_EXISTS);

  if (gone || *first != NULL)
    g_error_free (problem);
  else
    *first = problem;
  return gone || damaged;
}

static void work (Worker *self, const Request *request);

/* Somebody sits before an evaluation, while a timeline may take hours. */
static void
let_evaluations_pass (Worker *self)
{
  gboolean any = TRUE;

  while (any)
    {
      Request *next;

      g_async_queue_lock (self->requests);
      next = g_async_queue_try_pop_unlocked (self->requests);
      any = next != NULL && next->model_path != NULL;
      if (next != NULL && !any)
        g_async_queue_push_front_unlocked (self->requests, next);
      g_async_queue_unlock (self->requests);

      if (any)
        {
          work (self, next);
          request_free (next);
        }
    }
}

static void
judge_run (Worker *self, GError **error)
{
  const Request *request = self->now.request;
  g_autoptr (RaqamRun) run = raqam_run_load (request->run_folder, error);
  g_autoptr (GArray) timeline = NULL;
  g_autoptr (GPtrArray) paths = NULL;
  gboolean going_on = TRUE;
  GError *first = NULL;

  if (run == NULL || g_cancellable_set_error_if_cancelled (request->cancellable, error)
      || !load_data (self, run->recipe->grey, error))
    return;

  timeline = raqam_timeline_read (request->run_folder);
  paths = raqam_choose_checkpoints (run, timeline, request->every, &request->settings,
                                    raqam_dataset_get_checksum (self->data.data->train));
  self->now.n_checkpoints = paths->len;
  for (guint i = 0; going_on && i < paths->len; i++)
    {
      GError *problem = NULL;

      let_evaluations_pass (self);
      self->now.number = i;
      if (!judge_checkpoint (self, paths->pdata[i], &problem))
        going_on = may_go_on (paths->pdata[i], &first, problem);
    }
  if (first != NULL)
    g_propagate_error (error, first);
}

static void
work (Worker *self, const Request *request)
{
  const Current before = self->now;
  Answer *answer = g_new0 (Answer, 1);

  self->now = (Current){ .request = request, .n_checkpoints = 1 };
  answer->cancellable = g_object_ref (request->cancellable);
  answer->run_folder = g_strdup (request->run_folder);
  if (request->run_folder != NULL)
    judge_run (self, &answer->error);
  else
    answer->evaluation = evaluate (self, request->model_path, &answer->error);
  raqam_mailbox_post (self->mailbox, &ANSWER_CLASS, 0, answer);
  self->now = before;
}

static gpointer
worker_main (gpointer data)
{
  Worker *self = data;
  gboolean quit = FALSE;

  while (!quit)
    {
      g_autoptr (Request) request = g_async_queue_pop (self->requests);

      quit = request->quit;
      if (!quit)
        work (self, request);
    }

  raqam_kept_data_clear (&self->data);
  g_async_queue_unref (self->requests);
  raqam_mailbox_unref (self->mailbox);
  g_free (self);
  return NULL;
}

static void
raqam_evaluator_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RaqamEvaluator *self = RAQAM_EVALUATOR (object);

  switch (prop_id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, is_busy (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
raqam_evaluator_dispose (GObject *object)
{
  raqam_evaluator_close (RAQAM_EVALUATOR (object));

  G_OBJECT_CLASS (raqam_evaluator_parent_class)->dispose (object);
}

static void
raqam_evaluator_finalize (GObject *object)
{
  RaqamEvaluator *self = RAQAM_EVALUATOR (object);

  g_async_queue_unref (self->requests);
  g_ptr_array_unref (self->evaluations);
  g_ptr_array_unref (self->timelines);

  G_OBJECT_CLASS (raqam_evaluator_parent_class)->finalize (object);
}

static guint
add_signal (const char *name, guint n_params, const GType types[2])
{
  return g_signal_new (name, RAQAM_TYPE_EVALUATOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, n_params, types[0], types[1]);
}

static void
raqam_evaluator_class_init (RaqamEvaluatorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = raqam_evaluator_get_property;
  object_class->dispose = raqam_evaluator_dispose;
  object_class->finalize = raqam_evaluator_finalize;

  props[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE,
                                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[PROGRESS] = add_signal ("progress", 2, (GType[2]){ G_TYPE_STRING, G_TYPE_DOUBLE });
  signals[EVALUATED] = add_signal ("evaluated", 2, (GType[2]){ G_TYPE_POINTER, G_TYPE_POINTER });
  signals[JUDGED] = add_signal ("judged", 1, (GType[2]){ G_TYPE_STRING });
  signals[TIMELINE_ENDED] =
    add_signal ("timeline-ended", 2, (GType[2]){ G_TYPE_STRING, G_TYPE_POINTER });
}

static void
raqam_evaluator_init (RaqamEvaluator *self)
{
  Worker *worker = g_new0 (Worker, 1);

  self->mailbox = raqam_mailbox_new (self);
  self->requests = g_async_queue_new_full (request_free);
  self->evaluations = g_ptr_array_new_with_free_func (g_object_unref);
  self->timelines = g_ptr_array_new_with_free_func (g_object_unref);
  worker->requests = g_async_queue_ref (self->requests);
  worker->mailbox = raqam_mailbox_ref (self->mailbox);
  self->thread = g_thread_new ("raqam-evaluator", worker_main, worker);
}

RaqamEvaluator *
raqam_evaluator_new (void)
{
  return g_object_new (RAQAM_TYPE_EVALUATOR, NULL);
}

static int
compare_requests (gconstpointer a, gconstpointer b, gpointer data)
{
  const Request *first = a, *second = b;

  return (first->model_path == NULL) - (second->model_path == NULL);
}

static void
ask (RaqamEvaluator *self, Request *request, const char *const *data,
     const RaqamEvaluationSettings *settings)
{
  gboolean was_busy = is_busy (self);

  request->data = g_strdupv ((char **) data);
  request->settings = *settings;
  request->settings.device = g_strdup (settings->device);
  request->cancellable = g_cancellable_new ();
  g_ptr_array_add (request->run_folder != NULL ? self->timelines : self->evaluations,
                   g_object_ref (request->cancellable));
  g_async_queue_push_sorted (self->requests, request, compare_requests, NULL);
  if (!was_busy)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
}

void
raqam_evaluator_evaluate (RaqamEvaluator *self, const char *model_path, const char *const *data,
                          const RaqamEvaluationSettings *settings)
{
  Request *request;

  g_return_if_fail (RAQAM_IS_EVALUATOR (self) && self->mailbox != NULL);
  g_return_if_fail (model_path != NULL && data != NULL && *data != NULL);

  request = g_new0 (Request, 1);
  request->model_path = g_strdup (model_path);
  ask (self, request, data, settings);
}

void
raqam_evaluator_judge_run (RaqamEvaluator *self, const char *run_folder, const char *const *data,
                           double every, const RaqamEvaluationSettings *settings)
{
  Request *request;

  g_return_if_fail (RAQAM_IS_EVALUATOR (self) && self->mailbox != NULL);
  g_return_if_fail (run_folder != NULL && data != NULL && *data != NULL && every >= 0);

  request = g_new0 (Request, 1);
  request->run_folder = g_strdup (run_folder);
  request->every = every;
  ask (self, request, data, settings);
}

gboolean
raqam_evaluator_is_judging_run (RaqamEvaluator *self)
{
  g_return_val_if_fail (RAQAM_IS_EVALUATOR (self), FALSE);

  return self->judging_run;
}

static void
cancel_all (GPtrArray *cancellables)
{
  for (guint i = 0; i < cancellables->len; i++)
    g_cancellable_cancel (cancellables->pdata[i]);
}

void
raqam_evaluator_cancel_evaluations (RaqamEvaluator *self)
{
  g_return_if_fail (RAQAM_IS_EVALUATOR (self));

  cancel_all (self->evaluations);
}

void
raqam_evaluator_cancel_timelines (RaqamEvaluator *self)
{
  g_return_if_fail (RAQAM_IS_EVALUATOR (self));

  cancel_all (self->timelines);
}

void
raqam_evaluator_cancel (RaqamEvaluator *self)
{
  raqam_evaluator_cancel_evaluations (self);
  raqam_evaluator_cancel_timelines (self);
}

void
raqam_evaluator_close (RaqamEvaluator *self)
{
  Request *quit;

  g_return_if_fail (RAQAM_IS_EVALUATOR (self));

  if (self->mailbox == NULL)
    return;

  raqam_evaluator_cancel (self);
  quit = g_new0 (Request, 1);
  quit->quit = TRUE;
  g_async_queue_push_sorted (self->requests, quit, compare_requests, NULL);
  g_thread_join (self->thread);
  raqam_mailbox_close (self->mailbox);
  g_clear_pointer (&self->mailbox, raqam_mailbox_unref);
  if (is_busy (self))
    {
      g_ptr_array_set_size (self->evaluations, 0);
      g_ptr_array_set_size (self->timelines, 0);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
    }
}
