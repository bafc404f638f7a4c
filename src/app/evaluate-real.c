/* evaluate-real.c — real test digits to be looked at, read in a thread of its own.
 * SPDX-License-Identifier: MIT */

#include "app/evaluate-real.h"

#include "engine/evaluation.h"

typedef struct
{
  char   **paths;
  gboolean grey;
} Question;

static void
question_free (Question *question)
{
  g_strfreev (question->paths);
  g_free (question);
}

static void
real_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Question *question = task_data;
  GError *error = NULL;
  g_autoptr (RaqamEvaluationData) data = raqam_evaluation_data_load (
    (const char *const *) question->paths, question->grey, cancellable, &error);

  if (data != NULL)
    g_task_return_pointer (task, raqam_dataset_ref (data->test),
                           (GDestroyNotify) raqam_dataset_unref);
  else
    g_task_return_error (task, error);
}

void
raqam_evaluate_real_async (const char *const *paths, gboolean grey, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Question *question = g_new (Question, 1);

  question->paths = g_strdupv ((char **) paths);
  question->grey = grey;
  g_task_set_task_data (task, question, (GDestroyNotify) question_free);
  g_task_run_in_thread (task, real_thread);
}

RaqamDataset *
raqam_evaluate_real_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
