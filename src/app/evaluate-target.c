/* evaluate-target.c — what can be judged: runs, their checkpoints, model files.
 * SPDX-License-Identifier: MIT */

#include "app/evaluate-target.h"

#include "engine/model.h"
#include "engine/real-paths.h"
#include "engine/timeline.h"

#include <string.h>

static gboolean
look_at_file (RaqamEvaluateTarget *self, GError **error)
{
  g_autoptr (RaqamModel) model = raqam_model_load (self->path, error);

  if (model == NULL)
    return FALSE;
  self->epoch = model->epoch;
  self->grey = model->recipe->grey;
  self->run = raqam_run_of_checkpoint (self->path);
  return TRUE;
}

static gboolean
look_at_run (RaqamEvaluateTarget *self, GError **error)
{
  self->run = raqam_run_load (self->path, error);
  if (self->run == NULL)
    return FALSE;
  self->is_run = TRUE;
  self->epoch = self->run->epoch;
  self->grey = self->run->recipe != NULL && self->run->recipe->grey;
  return TRUE;
}

static void
target_thread (GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
  g_autoptr (RaqamEvaluateTarget) self = g_new0 (RaqamEvaluateTarget, 1);
  GError *error = NULL;

  self->path = g_strdup (path);
  if (g_file_test (path, G_FILE_TEST_IS_DIR) ? !look_at_run (self, &error)
                                             : !look_at_file (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  self->title = self->is_run ? g_strdup (self->run->name) : g_filename_display_basename (path);
  self->data = raqam_real_paths_complete (self->run != NULL ? self->run->data : NULL);
  self->checkpoints = self->run != NULL ? raqam_run_list_checkpoints (self->run->folder)
                                        : g_ptr_array_new_with_free_func (g_free);
  self->timeline = self->run != NULL ? raqam_timeline_read (self->run->folder)
                                     : g_array_new (FALSE, FALSE, sizeof (RaqamQuality));
  g_task_return_pointer (task, g_steal_pointer (&self),
                         (GDestroyNotify) raqam_evaluate_target_free);
}

void
raqam_evaluate_target_async (const char *path, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, target_thread);
}

RaqamEvaluateTarget *
raqam_evaluate_target_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
raqam_evaluate_target_free (RaqamEvaluateTarget *self)
{
  g_free (self->path);
  g_free (self->title);
  g_clear_pointer (&self->run, raqam_run_free);
  g_strfreev (self->data);
  g_clear_pointer (&self->checkpoints, g_ptr_array_unref);
  g_clear_pointer (&self->timeline, g_array_unref);
  g_free (self);
}

guint64
raqam_checkpoint_step (const char *checkpoint)
{
  g_autofree char *name = g_path_get_basename (checkpoint);
  const char *digits = name + strcspn (name, "0123456789");

  return g_ascii_strtoull (digits, NULL, 10);
}

const char *
raqam_evaluate_target_find (const RaqamEvaluateTarget *self, guint64 step)
{
  for (guint i = 0; i < self->checkpoints->len; i++)
    if (raqam_checkpoint_step (self->checkpoints->pdata[i]) == step)
      return self->checkpoints->pdata[i];
  return NULL;
}

static void
runs_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) runs = raqam_run_list ();

  for (guint i = runs->len; i-- > 0;)
    {
      RaqamRun *run = runs->pdata[i];
      g_autoptr (GPtrArray) checkpoints = raqam_run_list_checkpoints (run->folder);

      if (checkpoints->len == 0)
        g_ptr_array_remove_index (runs, i);
    }
  g_task_return_pointer (task, g_steal_pointer (&runs), (GDestroyNotify) g_ptr_array_unref);
}

void
raqam_evaluate_runs_async (GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_run_in_thread (task, runs_thread);
}

GPtrArray *
raqam_evaluate_runs_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
