/* run-store.c — the runs that Raqam keeps: their size, and their trash.
 * SPDX-License-Identifier: MIT */

#include "engine/run-store.h"

#include "engine/error.h"
#include "engine/lock.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

G_GNUC_PRINTF (4, 5)
static void
fail (GError **error, const char *what, const char *path, const char *format, ...)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *why = NULL;
  va_list arguments;

  va_start (arguments, format);
  why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN, what, name, why);
}

guint64
raqam_run_size (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint64 size = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf about;

      if (g_lstat (path, &about) != 0)
        continue;
      if (S_ISDIR (about.st_mode))
        size += raqam_run_size (path);
      else if (S_ISREG (about.st_mode))
        size += (guint64) about.st_size;
    }
  return size;
}

const char *
raqam_run_state_now (const RaqamRun *run)
{
  gboolean claims = g_str_equal (run->state, "training") || g_str_equal (run->state, "paused");

  return claims && !raqam_run_is_locked (run->folder) ? "interrupted" : run->state;
}

static gboolean
annotate (const char *folder, const char *notes, const char *const *tags, GError **error)
{
  g_autoptr (RaqamRun) run = raqam_run_load (folder, error);

  if (run == NULL)
    return FALSE;
  if (notes != NULL)
    {
      g_free (run->notes);
      run->notes = *notes != '\0' ? g_strdup (notes) : NULL;
    }
  if (tags != NULL)
    {
      g_strfreev (run->tags);
      run->tags = g_strdupv ((char **) tags);
    }
  return raqam_run_save (run, error);
}

gboolean
raqam_run_annotate (const char *folder, const char *notes, const char *const *tags, GError **error)
{
  g_autoptr (RaqamRun) there = raqam_run_load (folder, error);
  int lock = there != NULL ? raqam_run_lock (folder, error) : -1;
  gboolean done;

  if (lock < 0)
    return FALSE;
  done = annotate (folder, notes, tags, error);
  close (lock);
  return done;
}

char *
raqam_run_trash_folder (void)
{
  g_autofree char *runs = raqam_runs_folder ();

  return g_build_filename (runs, ".trash", NULL);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
raqam_run_list_trash (void)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *trash = raqam_run_trash_folder ();
  g_autoptr (GDir) dir = g_dir_open (trash, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (*name != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

/* A name in @folder that is not taken: @name, or with a number. */
static char *
free_name (const char *folder, const char *name)
{
  char *found = g_strdup (name);

  for (int i = 2;; i++)
    {
      g_autofree char *path = g_build_filename (folder, found, NULL);
      GStatBuf about;

      if (g_lstat (path, &about) != 0)
        return found;
      g_free (found);
      found = g_strdup_printf ("%s-%d", name, i);
    }
}

static gboolean
is_kept_here (const char *folder)
{
  g_autofree char *runs = raqam_runs_folder ();
  g_autofree char *parent = g_path_get_dirname (folder);
  g_autofree char *name = g_path_get_basename (folder);

  return g_str_equal (runs, parent) && name[0] != '.';
}

static char *
move_to_trash (const char *folder, GError **error)
{
  g_autofree char *trash = raqam_run_trash_folder ();
  g_autofree char *name = g_path_get_basename (folder);
  g_autofree char *there = NULL;
  g_autofree char *target = NULL;

  if (g_mkdir_with_parents (trash, 0777) != 0)
    {
      fail (error, _("Cannot make the trash, “%s”: %s"), trash, "%s", g_strerror (errno));
      return NULL;
    }
  there = free_name (trash, name);
  target = g_build_filename (trash, there, NULL);
  if (g_rename (folder, target) == 0)
    return g_steal_pointer (&there);
  fail (error, _("Cannot throw away the run in “%s”: %s"), folder, "%s", g_strerror (errno));
  return NULL;
}

char *
raqam_run_throw_away (const char *folder, GError **error)
{
  g_autofree char *whole = g_canonicalize_filename (folder, NULL);
  char *name = NULL;
  int lock;

  if (!is_kept_here (whole))
    {
      g_autofree char *runs = raqam_runs_folder ();

      fail (error, _("The run in “%s” cannot be thrown away: %s"), whole,
            _("it is not among those in “%s”. Remove the folder itself if it is to go"), runs);
      return NULL;
    }
  if (!g_file_test (whole, G_FILE_TEST_IS_DIR))
    {
      fail (error, _("The run in “%s” cannot be thrown away: %s"), whole, "%s",
            _("there is no such folder"));
      return NULL;
    }

  lock = raqam_run_lock (whole, error);
  if (lock < 0)
    return NULL;
  name = move_to_trash (whole, error);
  close (lock);
  return name;
}

char *
raqam_run_take_back (const char *name, GError **error)
{
  g_autofree char *trash = raqam_run_trash_folder ();
  g_autofree char *runs = raqam_runs_folder ();
  g_autofree char *from = g_build_filename (trash, name, NULL);
  g_autofree char *to = g_build_filename (runs, name, NULL);
  GStatBuf about;

  if (*name == '\0' || *name == '.' || strchr (name, '/') != NULL || g_lstat (from, &about) != 0)
    fail (error, _("Cannot take “%s” back: %s"), name, "%s",
          _("there is no such run in the trash"));
  else if (g_lstat (to, &about) == 0)
    fail (error, _("Cannot take “%s” back: %s"), name,
          _("another run has its name now. Rename or delete “%s” first"), to);
  else if (g_rename (from, to) != 0)
    fail (error, _("Cannot take “%s” back: %s"), name, "%s", g_strerror (errno));
  else
    return g_steal_pointer (&to);
  return NULL;
}

/* Links are removed, not what they lead to. */
static gboolean
remove_tree (const char *path, guint64 *freed, GError **error)
{
  g_autoptr (GDir) dir = NULL;
  GStatBuf about = { 0 };
  const char *name;

  if (g_lstat (path, &about) == 0 && S_ISDIR (about.st_mode))
    dir = g_dir_open (path, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      if (!remove_tree (inner, freed, error))
        return FALSE;
    }
  if (g_remove (path) != 0)
    {
      fail (error, _("Cannot remove “%s” from the trash: %s"), path, "%s", g_strerror (errno));
      return FALSE;
    }
  *freed += S_ISREG (about.st_mode) ? (guint64) about.st_size : 0;
  return TRUE;
}

gboolean
raqam_run_empty_trash (guint64 *freed, GError **error)
{
  g_autofree char *trash = raqam_run_trash_folder ();

  *freed = 0;
  return !g_file_test (trash, G_FILE_TEST_EXISTS) || remove_tree (trash, freed, error);
}

guint64
raqam_run_step_of (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);

  return g_str_has_prefix (name, "step-") ? g_ascii_strtoull (name + strlen ("step-"), NULL, 10)
                                          : 0;
}

double
raqam_run_epoch_of (const RaqamRun *run, guint64 step)
{
  return run->step > 0 ? step * (run->epoch / run->step) : 0;
}

static char *
name_checkpoints (const RaqamRun *run, const GPtrArray *paths)
{
  GString *text = g_string_new (NULL);

  for (guint i = paths->len; i > 0; i--)
    {
      guint64 step = raqam_run_step_of (paths->pdata[i - 1]);

      g_string_append_printf (text, "%s%.2f (step-%" G_GUINT64_FORMAT ")",
                              text->len > 0 ? ", " : "", raqam_run_epoch_of (run, step), step);
    }
  return g_string_free (text, FALSE);
}

char *
raqam_run_find_checkpoint (const RaqamRun *run, double epoch, guint64 step, GError **error)
{
  g_autoptr (GPtrArray) paths = raqam_run_list_checkpoints (run->folder);
  g_autofree char *names = name_checkpoints (run, paths);
  double nearest = 0.5;
  char *found = NULL;

  for (guint i = 0; i < paths->len; i++)
    {
      guint64 there = raqam_run_step_of (paths->pdata[i]);
      double away = epoch >= 0 ? fabs (raqam_run_epoch_of (run, there) - epoch)
                               : (there == step ? 0 : G_MAXDOUBLE);

      if (away < nearest)
        {
          nearest = away;
          found = paths->pdata[i];
        }
    }
  if (found != NULL)
    return g_strdup (found);
  if (paths->len > 0)
    fail (error, _("The run in “%s” has no such checkpoint. %s"), run->folder,
          _("It has those of the epochs %s"), names);
  else
    fail (error, _("The run in “%s” has no such checkpoint. %s"), run->folder, "%s",
          _("It has none at all"));
  return NULL;
}
