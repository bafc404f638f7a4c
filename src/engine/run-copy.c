/* run-copy.c — the runs that Raqam keeps: new ones made after old ones.
 * SPDX-License-Identifier: MIT */

#include "engine/run-store.h"

#include "engine/error.h"
#include "engine/history.h"
#include "engine/model-private.h"
#include "engine/safetensors.h"
#include "engine/timeline.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#define MAX_NAME_BYTES 200

/* A run that is being made: in the trash, under a name that no list shows, until it is
 * whole. What a crash leaves of it goes when the trash is emptied. */
typedef struct
{
  char *folder;
  char *target;
  gboolean done;
} Draft;

static void
remove_draft (const char *folder)
{
  static const char *const parts[] = { "checkpoints", "samples", "." };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *part = g_build_filename (folder, parts[i], NULL);
      g_autoptr (GDir) dir = g_dir_open (part, 0, NULL);
      const char *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *path = g_build_filename (part, name, NULL);

          g_remove (path);
        }
    }
  g_rmdir (folder);
}

static void
draft_clear (Draft *draft)
{
  if (draft->folder != NULL && !draft->done)
    remove_draft (draft->folder);
  g_free (draft->folder);
  g_free (draft->target);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Draft, draft_clear)

static gboolean
refuse (GError **error, const char *name, const char *why)
{
  g_autofree char *shown = g_filename_display_name (name);

  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN, _("Cannot make a run called “%s”: %s"), shown,
               why);
  return FALSE;
}

static gboolean
check_name (const char *name, const char *target, GError **error)
{
  GStatBuf about;

  if (*name == '\0' || *name == '.' || strchr (name, '/') != NULL || strlen (name) > MAX_NAME_BYTES
      || !g_utf8_validate (name, -1, NULL))
    return refuse (error, name,
                   _("a run's name is at most 200 bytes of UTF-8, without “/” and with no dot in "
                      "front"));
  if (g_lstat (target, &about) == 0)
    return refuse (error, name, _("there is one already. Choose another name"));
  return TRUE;
}

static gboolean
draft_begin (Draft *draft, const char *name, GError **error)
{
  g_autofree char *runs = raqam_runs_folder ();
  g_autofree char *trash = raqam_run_trash_folder ();

  draft->target = g_build_filename (runs, name, NULL);
  if (!check_name (name, draft->target, error))
    return FALSE;
  if (g_mkdir_with_parents (trash, 0777) != 0)
    return refuse (error, name, g_strerror (errno));
  draft->folder = g_build_filename (trash, ".copy-XXXXXX", NULL);
  if (g_mkdtemp_full (draft->folder, 0777) == NULL)
    {
      g_clear_pointer (&draft->folder, g_free);
      return refuse (error, name, g_strerror (errno));
    }
  return TRUE;
}

/* rename() would put it in the place of an empty folder, which is no loss. */
static char *
draft_finish (Draft *draft, const char *name, GError **error)
{
  if (g_rename (draft->folder, draft->target) != 0)
    {
      refuse (error, name, g_strerror (errno));
      return NULL;
    }
  draft->done = TRUE;
  return g_strdup (draft->target);
}

static gboolean
save_settings (const Draft *draft, const RaqamRun *run, const char *name, const char *state,
               guint64 step, double epoch, GError **error)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  RaqamRun copy = *run;

  copy.folder = draft->folder;
  copy.name = (char *) name;
  copy.state = (char *) state;
  copy.message = NULL;
  copy.notes = NULL;
  copy.step = step;
  copy.epoch = epoch;
  copy.created = now;
  copy.changed = now;
  return raqam_run_save (&copy, error);
}

char *
raqam_run_duplicate (const RaqamRun *run, const char *name, GError **error)
{
  g_auto (Draft) draft = { 0 };

  if (!draft_begin (&draft, name, error) || !save_settings (&draft, run, name, "new", 0, 0, error))
    return NULL;
  return draft_finish (&draft, name, error);
}

static gboolean
copy_file (const char *from, const char *to_folder, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = g_path_get_basename (from);
  g_autofree char *to = g_build_filename (to_folder, name, NULL);
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  g_autoptr (GError) problem = NULL;

  if (g_file_copy (source, target, G_FILE_COPY_NONE, cancellable, NULL, NULL, &problem))
    return TRUE;
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    {
      g_autofree char *shown = g_filename_display_name (from);

      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN, _("Cannot copy “%s” into the new run: %s"),
                   shown, problem->message);
    }
  return FALSE;
}

/* Curves of a run that has none are no reason to fail. */
static gboolean
copy_curves (const Draft *draft, const RaqamRun *run, guint64 step, GCancellable *cancellable,
             GError **error)
{
  g_autofree char *from = g_build_filename (run->folder, "metrics.csv", NULL);
  g_autoptr (RaqamHistory) history = NULL;

  if (!g_file_test (from, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!copy_file (from, draft->folder, cancellable, error))
    return FALSE;
  history = raqam_history_open (draft->folder, step, NULL, error);
  return history != NULL;
}

static gboolean
copy_quality (const Draft *draft, const RaqamRun *run, guint64 step, GError **error)
{
  g_autoptr (GArray) timeline = raqam_timeline_read (run->folder);

  for (guint i = 0; i < timeline->len; i++)
    {
      const RaqamQuality *quality = &g_array_index (timeline, RaqamQuality, i);

      if (quality->step <= step && !raqam_timeline_add (draft->folder, quality, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
copy_samples (const Draft *draft, const RaqamRun *run, guint64 step, GCancellable *cancellable,
              GError **error)
{
  g_autofree char *from = g_build_filename (run->folder, "samples", NULL);
  g_autofree char *to = g_build_filename (draft->folder, "samples", NULL);
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (from, name, NULL);

      if (g_str_has_prefix (name, "step-") && g_str_has_suffix (name, ".png")
          && raqam_run_step_of (name) <= step && !copy_file (path, to, cancellable, error))
        return FALSE;
    }
  return TRUE;
}

/* The checkpoint itself knows its place better than its name does. */
static gboolean
read_place (const char *checkpoint, guint64 *step, double *epoch, GError **error)
{
  g_autoptr (RaqamSafetensors) file = raqam_safetensors_open (checkpoint, error);
  const char *step_text =
    file != NULL ? raqam_safetensors_get_metadata (file, RAQAM_META_STEP) : NULL;
  const char *epoch_text =
    file != NULL ? raqam_safetensors_get_metadata (file, RAQAM_META_EPOCH) : NULL;
  g_autofree char *name = g_filename_display_name (checkpoint);

  if (file == NULL)
    return FALSE;
  *epoch = epoch_text != NULL ? g_ascii_strtod (epoch_text, NULL) : NAN;
  if (step_text != NULL && g_ascii_string_to_unsigned (step_text, 10, 1, G_MAXINT64, step, NULL)
      && isfinite (*epoch))
    return TRUE;
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT,
               _("“%s” does not say how far its training was; no run can go on from it"), name);
  return FALSE;
}

static gboolean
fill_fork (const Draft *draft, const RaqamRun *run, const char *checkpoint, guint64 step,
           GCancellable *cancellable, GError **error)
{
  g_autofree char *checkpoints = g_build_filename (draft->folder, "checkpoints", NULL);
  g_autofree char *samples = g_build_filename (draft->folder, "samples", NULL);

  if (g_mkdir (checkpoints, 0777) != 0 || g_mkdir (samples, 0777) != 0)
    return refuse (error, draft->target, g_strerror (errno));
  return copy_file (checkpoint, checkpoints, cancellable, error)
         && copy_curves (draft, run, step, cancellable, error)
         && copy_quality (draft, run, step, error)
         && copy_samples (draft, run, step, cancellable, error);
}

char *
raqam_run_fork (const RaqamRun *run, const char *checkpoint, const char *name,
                GCancellable *cancellable, GError **error)
{
  g_auto (Draft) draft = { 0 };
  guint64 step;
  double epoch;

  if (!read_place (checkpoint, &step, &epoch, error) || !draft_begin (&draft, name, error)
      || !fill_fork (&draft, run, checkpoint, step, cancellable, error)
      || !save_settings (&draft, run, name, "stopped", step, epoch, error))
    return NULL;
  return draft_finish (&draft, name, error);
}
