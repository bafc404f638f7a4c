/* session.c — a training and the run folder that keeps it.
 * SPDX-License-Identifier: MIT */

#include "engine/session.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/lock.h"
#include "engine/picture.h"

#define KEPT_EPOCHS 32

static const RaqamPictureSheet SHEET = { .columns = 10, .margin = 8, .scale = 3, .dark_ink = TRUE };

static int
choose_threads (const RaqamTrainSettings *settings)
{
  int cores = (int) g_get_num_processors ();

  if (settings->n_threads > 0)
    return settings->n_threads;
  return settings->background ? MAX (1, cores - 1) : cores;
}

static gboolean
start_trainer (RaqamSession *self, const RaqamTrainSettings *settings, GCancellable *cancellable,
               GError **error)
{
  const RaqamRun *run = self->run;
  RaqamDeviceOptions options = {
    .precision = settings->precision,
    .n_threads = choose_threads (settings),
    .background = settings->background,
  };
  g_autoptr (RaqamDataset) dataset = raqam_dataset_load ((const char *const *) run->data, run->recipe->grey,
                                                         NULL, NULL, cancellable, error);

  if (dataset == NULL)
    return FALSE;

  self->n_images = raqam_dataset_get_n (dataset);
  g_free (self->run->data_checksum);
  self->run->data_checksum = g_strdup (raqam_dataset_get_checksum (dataset));
  self->trainer = raqam_trainer_new (run->recipe, dataset, settings->device, &options, error);
  return self->trainer != NULL;
}

static gboolean
make_folder (const char *folder, const char *part, GError **error)
{
  g_autofree char *path = g_build_filename (folder, part, NULL);

  if (g_mkdir_with_parents (path, 0777) == 0)
    return TRUE;

  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN,
               _("Could not make the folder “%s” for the run: %s."), path, g_strerror (errno));
  return FALSE;
}

static gboolean
refuse_used_folder (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "run.json", NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;

  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN,
               _("“%s” already holds a run. Resume it, or choose another folder."), folder);
  return FALSE;
}

static gboolean
open_new (RaqamSession *self, const RaqamTrainSettings *settings, GCancellable *cancellable,
          GError **error)
{
  const char *folder = settings->run_folder;
  RaqamRun *run = g_new0 (RaqamRun, 1);

  self->run = run;
  run->folder = g_strdup (folder);
  run->name = settings->name != NULL ? g_strdup (settings->name) : g_path_get_basename (folder);
  run->state = g_strdup ("training");
  run->recipe = raqam_recipe_copy (settings->recipe);
  run->data = g_strdupv ((char **) settings->data);
  run->created = g_get_real_time () / G_USEC_PER_SEC;
  if (settings->epochs > 0)
    run->recipe->epochs = settings->epochs;

  if (!refuse_used_folder (folder, error)
      || !start_trainer (self, settings, cancellable, error)
      || !make_folder (folder, "checkpoints", error)
      || !make_folder (folder, "samples", error))
    return FALSE;

  self->lock = raqam_run_lock (folder, error);
  if (self->lock < 0 || !refuse_used_folder (folder, error))
    return FALSE;

  self->history = raqam_history_open (folder, 0, &self->past, error);
  return self->history != NULL && raqam_session_note (self, "training", NULL, error);
}

static gboolean
open_old (RaqamSession *self, const RaqamTrainSettings *settings, GCancellable *cancellable,
          GError **error)
{
  const char *folder = settings->run_folder;
  g_autofree char *checkpoint = NULL;

  self->run = raqam_run_load (folder, error);
  if (self->run == NULL)
    return FALSE;
  self->lock = raqam_run_lock (folder, error);
  if (self->lock < 0)
    return FALSE;

  if (settings->epochs > 0)
    self->run->recipe->epochs = settings->epochs;
  if (settings->data != NULL)
    {
      g_strfreev (self->run->data);
      self->run->data = g_strdupv ((char **) settings->data);
    }

  checkpoint = raqam_run_newest_checkpoint (folder, error);
  if (checkpoint == NULL
      || !start_trainer (self, settings, cancellable, error)
      || !raqam_trainer_restore (self->trainer, checkpoint, error))
    return FALSE;
  if (raqam_trainer_get_step (self->trainer) >= raqam_trainer_get_n_steps (self->trainer))
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN,
                   _("The run in “%s” has finished its %d epochs. Give it more epochs to go on."), folder,
                   self->run->recipe->epochs);
      return FALSE;
    }

  self->history = raqam_history_open (folder, raqam_trainer_get_step (self->trainer), &self->past, error);
  return self->history != NULL && raqam_session_note (self, "training", NULL, error);
}

RaqamSession *
raqam_session_open (const RaqamTrainSettings *settings, GCancellable *cancellable, GError **error)
{
  g_autoptr (RaqamSession) self = g_new0 (RaqamSession, 1);
  gboolean opened;

  self->lock = -1;
  opened = settings->resume ? open_old (self, settings, cancellable, error)
                            : open_new (self, settings, cancellable, error);

  return opened ? g_steal_pointer (&self) : NULL;
}

void
raqam_session_free (RaqamSession *self)
{
  g_clear_pointer (&self->history, raqam_history_close);
  g_clear_pointer (&self->past, g_array_unref);
  g_clear_pointer (&self->trainer, raqam_trainer_free);
  g_clear_pointer (&self->run, raqam_run_free);
  if (self->lock >= 0)
    close (self->lock);
  g_free (self);
}

static char *
numbered_path (const RaqamSession *self, const char *part, const char *suffix)
{
  g_autofree char *name = g_strdup_printf ("step-%012" G_GUINT64_FORMAT "%s",
                                           raqam_trainer_get_step (self->trainer), suffix);

  return g_build_filename (self->run->folder, part, name, NULL);
}

static gboolean
save_sheet (RaqamSession *self, const guint8 *grid, int n_rows, GError **error)
{
  g_autofree char *path = numbered_path (self, "samples", ".png");
  gsize n = (gsize) n_rows * self->run->recipe->n_classes;
  int width, height;
  g_autofree guint8 *sheet = raqam_picture_sheet (&width, &height, grid, n, &SHEET, error);

  return sheet != NULL && raqam_picture_save (path, sheet, width, height, NULL, 0, error);
}

static gboolean
is_worth_keeping (const RaqamSession *self, guint64 step)
{
  guint64 every = (self->run->recipe->epochs + KEPT_EPOCHS - 1) / KEPT_EPOCHS;
  guint64 epoch = step * self->run->recipe->batch / self->n_images;

  return raqam_trainer_ends_epoch (self->trainer, step) && epoch % every == 0;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
thin_checkpoints (const RaqamSession *self)
{
  g_autofree char *folder = g_build_filename (self->run->folder, "checkpoints", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "step-") && g_str_has_suffix (name, ".safetensors"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);

  for (guint i = 0; i + 2 < names->len; i++)
    {
      const char *old = g_ptr_array_index (names, i);
      g_autofree char *path = g_build_filename (folder, old, NULL);

      if (!is_worth_keeping (self, g_ascii_strtoull (old + strlen ("step-"), NULL, 10)))
        g_unlink (path);
    }
}

char *
raqam_session_save (RaqamSession *self, const guint8 *grid, int n_rows, GError **error)
{
  g_autofree char *path = numbered_path (self, "checkpoints", ".safetensors");

  if (!raqam_trainer_save (self->trainer, path, error)
      || !raqam_history_flush (self->history, error)
      || (grid != NULL && !save_sheet (self, grid, n_rows, error)))
    return NULL;

  self->run->step = raqam_trainer_get_step (self->trainer);
  self->run->epoch = raqam_trainer_get_epoch (self->trainer);
  if (!raqam_session_note (self, self->run->state, self->run->message, error))
    return NULL;

  thin_checkpoints (self);
  return g_steal_pointer (&path);
}

gboolean
raqam_session_note (RaqamSession *self, const char *state, const char *message, GError **error)
{
  RaqamRun *run = self->run;
  char *new_state = g_strdup (state), *new_message = g_strdup (message);

  g_free (run->state);
  g_free (run->message);
  run->state = new_state;
  run->message = new_message;
  run->changed = g_get_real_time () / G_USEC_PER_SEC;

  return raqam_run_save (run, error);
}
