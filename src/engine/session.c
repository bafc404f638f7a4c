/* session.c — a training and the run folder that keeps it.
 * SPDX-License-Identifier: MIT */

#include "engine/session.h"

#include "engine/file.h"
#include "engine/lock.h"
#include "engine/picture.h"
#include "engine/timeline.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

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

static void
add_notice (RaqamSession *self, GError *notice)
{
  g_ptr_array_add (self->notices, notice);
}

/* What the GPU was to do in a way that the CPU has not, the CPU does in its own. */
static RaqamTrainer *
try_cpu (RaqamSession *self, RaqamDataset *dataset, const RaqamDeviceOptions *options,
         GError **error)
{
  RaqamDeviceOptions plain = *options;
  g_autoptr (GError) no_gpu = g_steal_pointer (error);
  RaqamTrainer *trainer;

  plain.precision = RAQAM_PRECISION_AUTO;
  trainer = raqam_trainer_new (self->run->recipe, dataset, "cpu", &plain, NULL);
  if (trainer == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&no_gpu));
      return NULL;
    }

  add_notice (self, g_error_new (no_gpu->domain, no_gpu->code, _("%s Training goes on with the CPU."),
                                 no_gpu->message));
  return trainer;
}

static RaqamTrainer *
new_trainer (RaqamSession *self, RaqamDataset *dataset, const char *device,
             const RaqamDeviceOptions *options, GError **error)
{
  GError *failure = NULL;
  RaqamTrainer *trainer
    = raqam_trainer_new (self->run->recipe, dataset, device, options, &failure);

  if (trainer == NULL && g_str_equal (device, "auto") && raqam_error_is_device (failure))
    trainer = try_cpu (self, dataset, options, &failure);
  else if (trainer != NULL && raqam_trainer_get_passed_over (trainer) != NULL)
    add_notice (self, g_error_new (RAQAM_ERROR, RAQAM_ERROR_DEVICE, _("%s Training goes on with the CPU."),
                                   raqam_trainer_get_passed_over (trainer)));

  if (trainer == NULL)
    g_propagate_error (error, failure);
  return trainer;
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
  self->trainer = new_trainer (self, dataset, settings->device, &options, error);
  return self->trainer != NULL;
}

static gboolean
make_folder (const char *folder, const char *part, GError **error)
{
  g_autofree char *path = g_build_filename (folder, part, NULL);
  g_autofree char *name = NULL;
  int code;

  if (g_mkdir_with_parents (path, 0777) == 0)
    return TRUE;

  code = errno;
  name = g_filename_display_name (path);
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN,
               _("Could not make the folder “%s” for the run: %s."), name, g_strerror (code));
  return FALSE;
}

static gboolean
refuse_used_folder (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "run.json", NULL);

  g_autoptr (GPtrArray) checkpoints = raqam_run_list_checkpoints (folder);
  g_autofree char *name = g_filename_display_name (folder);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN,
                 _("“%s” already holds a run. Resume it, or choose another folder."), name);
  else if (checkpoints->len > 0)
    g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN,
                 _("“%s” holds checkpoints of a run that lacks its run.json. Choose another folder."),
                 name);
  else
    return TRUE;
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

/* Out of the way: by its name a damaged one would count among the newest and
 * push a whole one out. What is given up is told. */
static void
set_damaged_aside (RaqamSession *self, const char *newest_whole)
{
  g_autoptr (GPtrArray) paths = raqam_run_list_checkpoints (self->run->folder);
  g_autofree char *whole = g_filename_display_basename (newest_whole);
  gboolean told = FALSE;

  for (guint i = 0; i < paths->len && strcmp (paths->pdata[i], newest_whole) != 0; i++)
    {
      g_autofree char *aside = g_strconcat (paths->pdata[i], ".damaged", NULL);
      g_autofree char *name = g_filename_display_name (paths->pdata[i]);

      if (g_rename (paths->pdata[i], aside) != 0 || told)
        continue;
      add_notice (self, g_error_new (RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT,
                                     _("The newest checkpoint, “%s”, is damaged and now has "
                                       "“.damaged” behind its name. The run goes on from the one "
                                       "before, “%s”."),
                                     name, whole));
      told = TRUE;
    }
}

/* A checkpoint that a crash cut short is megabytes, and nobody sees its hidden name. */
static void
clean_up (const char *folder)
{
  static const char *const parts[] = { "checkpoints", "samples" };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *path = g_build_filename (folder, parts[i], NULL);

      raqam_file_remove_temporaries (path);
    }
}

/* One whose settings were kept, but which has not been trained yet. */
static gboolean
begin_new (RaqamSession *self, const RaqamTrainSettings *settings, GCancellable *cancellable,
           GError **error)
{
  const char *folder = self->run->folder;

  if (!start_trainer (self, settings, cancellable, error)
      || !make_folder (folder, "checkpoints", error)
      || !make_folder (folder, "samples", error))
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

  if (self->run->data[0] == NULL)
    {
      g_autofree char *name = g_filename_display_name (folder);

      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN,
                   _("The run in “%s” does not say what data it was trained on. Name the same files "
                     "to go on with it."),
                   name);
      return FALSE;
    }

  if (g_str_equal (self->run->state, "new"))
    return begin_new (self, settings, cancellable, error);

  checkpoint = raqam_run_newest_checkpoint (folder, error);
  if (checkpoint == NULL
      || !start_trainer (self, settings, cancellable, error)
      || !raqam_trainer_restore (self->trainer, checkpoint, error))
    return FALSE;
  if (raqam_trainer_get_step (self->trainer) >= raqam_trainer_get_n_steps (self->trainer))
    {
      g_autofree char *name = g_filename_display_name (folder);

      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN,
                   _("The run in “%s” has finished its %d epochs. Give it more epochs to go on."), name,
                   self->run->recipe->epochs);
      return FALSE;
    }

  set_damaged_aside (self, checkpoint);
  clean_up (folder);
  self->history = raqam_history_open (folder, raqam_trainer_get_step (self->trainer), &self->past, error);
  return self->history != NULL && raqam_session_note (self, "training", NULL, error);
}

RaqamSession *
raqam_session_open (const RaqamTrainSettings *settings, GCancellable *cancellable, GError **error)
{
  g_autoptr (RaqamSession) self = g_new0 (RaqamSession, 1);
  gboolean opened;

  self->lock = -1;
  self->notices = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
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
  g_ptr_array_unref (self->notices);
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

gboolean
raqam_session_keeps_step (const RaqamSession *self)
{
  return is_worth_keeping (self, raqam_trainer_get_step (self->trainer));
}

static guint64
step_of (const char *checkpoint)
{
  g_autofree char *name = g_path_get_basename (checkpoint);

  return g_ascii_strtoull (name + strlen ("step-"), NULL, 10);
}

/* Returns: of the checkpoint that was judged best, or G_MAXUINT64 */
static guint64
best_step (const char *folder)
{
  g_autoptr (GArray) timeline = raqam_timeline_read (folder);
  int best = raqam_timeline_best (timeline);

  return best >= 0 ? g_array_index (timeline, RaqamQuality, best).step : G_MAXUINT64;
}

static void
thin_checkpoints (const RaqamSession *self)
{
  g_autoptr (GPtrArray) paths = raqam_run_list_checkpoints (self->run->folder);
  guint64 best = best_step (self->run->folder);

  for (guint i = 2; i < paths->len; i++)
    if (step_of (paths->pdata[i]) != best && !is_worth_keeping (self, step_of (paths->pdata[i])))
      g_unlink (paths->pdata[i]);
}

char *
raqam_session_save (RaqamSession *self, const guint8 *grid, int n_rows, GError **error)
{
  g_autofree char *path = numbered_path (self, "checkpoints", ".safetensors");

  /* Somebody may have removed them; the training is still here. */
  if (!make_folder (self->run->folder, "checkpoints", error)
      || !make_folder (self->run->folder, "samples", error)
      || !raqam_trainer_save (self->trainer, path, error)
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
