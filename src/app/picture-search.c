/* picture-search.c — looks for a picture in a thread of its own.
 * SPDX-License-Identifier: MIT */

#include "app/picture-search.h"

#include <string.h>

#define SEED 1384

struct _RaqamPictureSearch
{
  GObject parent_instance;

  GCancellable *cancellable; /* of the search in hand; NULL where there is none */
};

typedef struct
{
  RaqamModel *model;
  guint8      target[RAQAM_IMAGE_SIZE];
  int         digit;
} Job;

/* On its way from the thread to the main context. */
typedef struct
{
  GTask         *task;
  RaqamInversion best;
  double         done;
} Report;

enum
{
  PROGRESS,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamPictureSearch, raqam_picture_search, G_TYPE_OBJECT)

static void
job_free (gpointer data)
{
  Job *job = data;

  raqam_model_unref (job->model);
  g_free (job);
}

static gboolean
is_current (RaqamPictureSearch *self, GTask *task)
{
  return self->cancellable != NULL && self->cancellable == g_task_get_cancellable (task);
}

static gboolean
deliver_cb (gpointer data)
{
  Report *report = data;
  RaqamPictureSearch *self = g_task_get_source_object (report->task);

  if (is_current (self, report->task))
    g_signal_emit (self, signals[PROGRESS], 0, &report->best, report->done);
  return G_SOURCE_REMOVE;
}

static void
report_free (gpointer data)
{
  Report *report = data;

  g_object_unref (report->task);
  g_free (report);
}

/* In the thread: at most ten times a second, so nothing piles up. */
static void
progress_cb (const RaqamInversion *best, double done, gpointer data)
{
  Report *report = g_new (Report, 1);

  report->task = g_object_ref (data);
  report->best = *best;
  report->done = done;
  g_main_context_invoke_full (g_task_get_context (data), G_PRIORITY_DEFAULT, deliver_cb, report,
                              report_free);
}

static void
search_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  RaqamInversionSettings settings = { .digit = job->digit, .seed = SEED, .device = "cpu" };
  g_autofree RaqamInversion *result = g_new (RaqamInversion, 1);
  GError *error = NULL;

  if (raqam_invert (result, job->model, job->target, &settings, progress_cb, task, cancellable,
                    &error))
    g_task_return_pointer (task, g_steal_pointer (&result), g_free);
  else
    g_task_return_error (task, error);
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  RaqamPictureSearch *self = RAQAM_PICTURE_SEARCH (source);
  gboolean current = is_current (self, G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree RaqamInversion *found = g_task_propagate_pointer (G_TASK (result), &error);

  if (!current)
    return;
  g_clear_object (&self->cancellable);
  g_signal_emit (self, signals[ENDED], 0, found, error);
}

void
raqam_picture_search_start (RaqamPictureSearch *self, RaqamModel *model, const guint8 *target,
                            int digit)
{
  Job *job = g_new (Job, 1);
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (RAQAM_IS_PICTURE_SEARCH (self));

  raqam_picture_search_stop (self);
  self->cancellable = g_cancellable_new ();
  job->model = raqam_model_ref (model);
  memcpy (job->target, target, sizeof job->target);
  job->digit = digit;
  task = g_task_new (self, self->cancellable, ended_cb, NULL);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, search_thread);
}

void
raqam_picture_search_stop (RaqamPictureSearch *self)
{
  g_return_if_fail (RAQAM_IS_PICTURE_SEARCH (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

gboolean
raqam_picture_search_is_busy (RaqamPictureSearch *self)
{
  g_return_val_if_fail (RAQAM_IS_PICTURE_SEARCH (self), FALSE);

  return self->cancellable != NULL;
}

static void
raqam_picture_search_class_init (RaqamPictureSearchClass *klass)
{
  signals[PROGRESS]
    = g_signal_new ("progress", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_DOUBLE);
  signals[ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_POINTER);
}

static void
raqam_picture_search_init (RaqamPictureSearch *self)
{
}

RaqamPictureSearch *
raqam_picture_search_new (void)
{
  return g_object_new (RAQAM_TYPE_PICTURE_SEARCH, NULL);
}
