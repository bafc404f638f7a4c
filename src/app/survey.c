/* survey.c — what is already there when the window opens: runs and data.
 * SPDX-License-Identifier: MIT */

#include "app/survey.h"

#include "engine/dataset.h"

typedef struct
{
  char  *run_folder;
  char **data;
} Question;

static void
question_free (Question *question)
{
  g_free (question->run_folder);
  g_strfreev (question->data);
  g_free (question);
}

static char **
existing (char **paths)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) found = NULL;

  for (gsize i = 0; paths != NULL && paths[i] != NULL; i++)
    if (g_file_test (paths[i], G_FILE_TEST_EXISTS))
      g_strv_builder_add (builder, paths[i]);
  found = g_strv_builder_end (builder);
  return found[0] != NULL ? g_steal_pointer (&found) : NULL;
}

static RaqamRun *
newest_run (void)
{
  g_autoptr (GPtrArray) runs = raqam_run_list ();

  return runs->len > 0 ? g_ptr_array_steal_index (runs, 0) : NULL;
}

static void
survey_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Question *question = task_data;
  g_autoptr (RaqamSurvey) survey = g_new0 (RaqamSurvey, 1);
  GError *error = NULL;

  if (question->run_folder != NULL)
    survey->run = raqam_run_load (question->run_folder, &error);
  else
    survey->run = newest_run ();
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  survey->resumable = survey->run != NULL && raqam_run_is_resumable (survey->run);
  survey->hoda = raqam_dataset_find_hoda ();
  survey->data = existing (question->data);
  g_task_return_pointer (task, g_steal_pointer (&survey), (GDestroyNotify) raqam_survey_free);
}

void
raqam_survey_async (const char *run_folder, const char *const *data, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Question *question = g_new (Question, 1);

  question->run_folder = g_strdup (run_folder);
  question->data = g_strdupv ((char **) data);
  g_task_set_task_data (task, question, (GDestroyNotify) question_free);
  g_task_run_in_thread (task, survey_thread);
}

RaqamSurvey *
raqam_survey_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
raqam_survey_free (RaqamSurvey *self)
{
  g_clear_pointer (&self->run, raqam_run_free);
  g_strfreev (self->hoda);
  g_strfreev (self->data);
  g_free (self);
}
