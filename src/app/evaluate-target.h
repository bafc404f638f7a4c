/* evaluate-target.h — what can be judged: runs, their checkpoints, model files.
 * SPDX-License-Identifier: MIT
 *
 * Each question is answered in a thread of its own; callbacks run on the main context.
 */

#pragma once

#include <gio/gio.h>

#include "engine/run.h"

G_BEGIN_DECLS

/* A run or a model file, looked at. */
typedef struct
{
  char      *path;        /* as it was asked for */
  char      *title;       /* for people */
  RaqamRun  *run;         /* that it is or belongs to; or NULL */
  gboolean   is_run;      /* @path is the run itself */
  double     epoch;       /* of a file; of a run's newest checkpoint */
  gboolean   grey;        /* whether its data are kept grey */
  char     **data;        /* the run's data that exist, with their test part; or NULL */
  GPtrArray *checkpoints; /* (element-type filename): the run's, newest first; may be empty */
  GArray    *timeline;    /* (element-type RaqamQuality): the run's; may be empty */
} RaqamEvaluateTarget;

/**
 * raqam_evaluate_target_async:
 * @path: a run's folder, a checkpoint or a model
 */
void raqam_evaluate_target_async (const char *path, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);

/* Returns: (transfer full): NULL with RAQAM_ERROR_RUN, RAQAM_ERROR_CHECKPOINT,
 * RAQAM_ERROR_RECIPE or a G_IO_ERROR */
RaqamEvaluateTarget *raqam_evaluate_target_finish (GAsyncResult *result, GError **error);
void raqam_evaluate_target_free (RaqamEvaluateTarget *self);

/**
 * raqam_evaluate_target_find:
 * @step: of a checkpoint
 *
 * Returns: (transfer none): the run's checkpoint of this step; NULL where it is not
 *   there (any more)
 */
const char *raqam_evaluate_target_find (const RaqamEvaluateTarget *self, guint64 step);

/* Returns: the step that a checkpoint's name holds */
guint64 raqam_checkpoint_step (const char *checkpoint);

/* Asks for all runs. */
void raqam_evaluate_runs_async (GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);

/* Returns: (transfer full) (element-type RaqamRun): those with a checkpoint, newest
 * change first; NULL when it was cancelled */
GPtrArray *raqam_evaluate_runs_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamEvaluateTarget, raqam_evaluate_target_free)

G_END_DECLS
