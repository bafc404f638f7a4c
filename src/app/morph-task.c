/* morph-task.c — draws and saves a morph in a thread.
 * SPDX-License-Identifier: MIT */

#include "app/morph-task.h"

#include "app/ink-large.h"

#include <glib/gi18n.h>
#include <string.h>

#define DELAY (100 / RAQAM_MORPH_RATE) /* hundredths of a second */
#define LOOK_AGAIN 100                 /* milliseconds until progress is told again */
#define FOLDER "morph"

static const RaqamDeviceOptions options = { .background = TRUE };

typedef struct
{
  RaqamMorphJob job;
  RaqamStyle   *styles;
  char         *path;

  int   done; /* frames; atomic */
  guint looking;
  void (*progress) (double share, gpointer user_data);
  gpointer user_data;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_clear_handle_id (&work->looking, g_source_remove);
  raqam_model_unref (work->job.model);
  g_free (work->styles);
  g_free (work->path);
  g_free (work);
}

static Work *
work_new (const RaqamMorphJob *job)
{
  Work *work = g_new0 (Work, 1);

  work->job = *job;
  raqam_model_ref (job->model);
  work->styles = g_memdup2 (job->morph.styles, sizeof (RaqamStyle) * job->morph.n_styles);
  work->job.morph.styles = work->styles;
  work->path = g_strdup (job->path);
  return work;
}

static void
progress_cb (guint done, guint n, gpointer data)
{
  g_atomic_int_set (&((Work *) data)->done, (int) done);
}

static RaqamMorphWork
engine_work (Work *work, GCancellable *cancellable)
{
  return (RaqamMorphWork) { "cpu", &options, cancellable, progress_cb, work };
}

static gboolean
keep_frame (guint frame, const guint8 *pixels, gpointer data, GError **error)
{
  memcpy ((guint8 *) data + (gsize) frame * RAQAM_IMAGE_SIZE, pixels, RAQAM_IMAGE_SIZE);
  return TRUE;
}

static void
frames_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  const RaqamMorph *morph = &work->job.morph;
  RaqamMorphWork how = engine_work (work, cancellable);
  gsize size = (gsize) raqam_morph_count (morph) * RAQAM_IMAGE_SIZE;
  g_autofree guint8 *frames = g_malloc (size);
  GError *error = NULL;

  if (raqam_morph_draw (work->job.model, morph, &how, keep_frame, frames, &error))
    g_task_return_pointer (task, g_bytes_new_take (g_steal_pointer (&frames), size),
                           (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

void
raqam_morph_frames_async (const RaqamMorphJob *job, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_task_data (task, work_new (job), work_free);
  g_task_run_in_thread (task, frames_thread);
}

GBytes *
raqam_morph_frames_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
enlarge_smoothly (guint8 *out, int side, const guint8 *pixels, gpointer data)
{
  raqam_ink_large_enlarge (data, out, side, pixels);
}

static char *
save (Work *work, const RaqamMorphLook *look, GCancellable *cancellable, GError **error)
{
  const RaqamMorphJob *job = &work->job;
  RaqamMorphWork how = engine_work (work, cancellable);
  g_autofree char *path = NULL;

  if (job->frames)
    path = raqam_morph_save_frames (job->model, &job->morph, look, work->path, FOLDER, &how, error);
  else if (raqam_morph_save_gif (job->model, &job->morph, look, work->path, DELAY, &how, error))
    path = g_strdup (work->path);
  return path != NULL ? g_filename_display_basename (path) : NULL;
}

static void
save_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  g_autoptr (RaqamInkLarge) ink = raqam_ink_large_new ();
  gboolean as_it_is = work->job.crisp || work->job.side == RAQAM_IMAGE_SIDE;
  RaqamMorphLook look = { work->job.side, as_it_is ? NULL : enlarge_smoothly, ink };
  GError *error = NULL;
  g_autofree char *name = save (work, &look, cancellable, &error);

  if (name == NULL)
    g_task_return_error (task, error);
  else if (work->job.frames)
    /* Translators: the name of a folder */
    g_task_return_pointer (task, g_strdup_printf (_("The frames are in the folder “%s”"), name),
                           g_free);
  else
    g_task_return_pointer (task, g_strdup_printf (_("Written: %s"), name), g_free);
}

static gboolean
look_cb (gpointer data)
{
  Work *work = data;

  work->progress (g_atomic_int_get (&work->done) / (double) raqam_morph_count (&work->job.morph),
                  work->user_data);
  return G_SOURCE_CONTINUE;
}

static void
saved_cb (GTask *task)
{
  Work *work = g_task_get_task_data (task);

  g_clear_handle_id (&work->looking, g_source_remove);
}

void
raqam_morph_save_async (const RaqamMorphJob *job, GCancellable *cancellable,
                        void (*progress) (double share, gpointer user_data),
                        GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Work *work = work_new (job);

  work->progress = progress;
  work->user_data = user_data;
  g_task_set_task_data (task, work, work_free);
  if (progress != NULL)
    {
      work->looking = g_timeout_add (LOOK_AGAIN, look_cb, work);
      g_signal_connect (task, "notify::completed", G_CALLBACK (saved_cb), NULL);
    }
  g_task_run_in_thread (task, save_thread);
}

char *
raqam_morph_save_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
