/* run-list.c — the folders of runs, and the checkpoints in one.
 * SPDX-License-Identifier: MIT */

#include "engine/run.h"

#include "engine/error.h"
#include "engine/safetensors.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* Characters of a recipe's name that go into a folder's. */
#define MAX_NAME 40

char *
raqam_runs_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "raqam", "runs", NULL);
}

/* Letters, digits, "-" and "_"; anything else could be part of a path. */
static char *
plain_name (const char *name)
{
  GString *plain = g_string_new (NULL);

  for (int i = 0; i < MAX_NAME && *name != '\0'; i++, name = g_utf8_next_char (name))
    {
      gunichar c = g_utf8_get_char (name);

      g_string_append_unichar (plain, g_unichar_isalnum (c) || c == '_' ? c : '-');
    }
  return g_string_free (plain, FALSE);
}

char *
raqam_run_new_folder (const char *recipe_name)
{
  g_autofree char      *runs = raqam_runs_folder ();
  g_autofree char      *valid = g_utf8_make_valid (recipe_name, -1);
  g_autofree char      *plain = plain_name (*valid != '\0' ? valid : "run");
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *name =
    g_strdup_printf ("%s-%04d-%02d-%02d", plain, g_date_time_get_year (now),
                     g_date_time_get_month (now), g_date_time_get_day_of_month (now));
  char                 *folder = g_build_filename (runs, name, NULL);

  for (int i = 2;
       g_file_test (folder, G_FILE_TEST_EXISTS) || g_file_test (folder, G_FILE_TEST_IS_SYMLINK);
       i++)
    {
      g_autofree char *numbered = g_strdup_printf ("%s-%d", name, i);

      g_free (folder);
      folder = g_build_filename (runs, numbered, NULL);
    }
  return folder;
}

static int
compare_runs (gconstpointer a, gconstpointer b)
{
  const RaqamRun *left = *(const RaqamRun *const *) a, *right = *(const RaqamRun *const *) b;

  if (left->changed != right->changed)
    return left->changed > right->changed ? -1 : 1;
  return strcmp (left->folder, right->folder);
}

GPtrArray *
raqam_run_list (void)
{
  GPtrArray       *runs = g_ptr_array_new_with_free_func ((GDestroyNotify) raqam_run_free);
  g_autofree char *folder = raqam_runs_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char      *name;

  /* What begins with a dot is the trash. */
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char   *path = g_build_filename (folder, name, NULL);
      g_autoptr (GError) error = NULL;
      RaqamRun          *run = *name != '.' ? raqam_run_load (path, &error) : NULL;

      if (run != NULL)
        g_ptr_array_add (runs, run);
      else if (error != NULL)
        g_debug ("%s", error->message);
    }
  g_ptr_array_sort (runs, compare_runs);
  return runs;
}

static int
compare_newest_first (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) b, *(const char *const *) a);
}

GPtrArray *
raqam_run_list_checkpoints (const char *folder)
{
  GPtrArray       *paths = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *checkpoints = g_build_filename (folder, "checkpoints", NULL);
  g_autoptr (GDir) dir = g_dir_open (checkpoints, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "step-") && g_str_has_suffix (name, ".safetensors"))
      g_ptr_array_add (paths, g_build_filename (checkpoints, name, NULL));
  g_ptr_array_sort (paths, compare_newest_first);
  return paths;
}

gboolean
raqam_run_is_resumable (const RaqamRun *self)
{
  g_autoptr (GPtrArray) paths = raqam_run_list_checkpoints (self->folder);

  return paths->len > 0 && strcmp (self->state, "finished") != 0;
}

char *
raqam_run_newest_checkpoint (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) paths = NULL;
  g_autoptr (GError)    first = NULL;
  g_autofree char      *name = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  paths = raqam_run_list_checkpoints (folder);
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr (GError) problem = NULL;

      if (raqam_safetensors_verify (g_ptr_array_index (paths, i), &problem))
        return g_strdup (g_ptr_array_index (paths, i));
      if (first == NULL)
        first = g_steal_pointer (&problem);
    }

  name = g_filename_display_name (folder);
  if (first == NULL)
    g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN, _("There is no checkpoint in “%s”"), name);
  else
    g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN,
                 _("None of the %u checkpoints in “%s” is whole. The newest: %s"), paths->len,
                 name, first->message);
  return NULL;
}

RaqamRun *
raqam_run_of_checkpoint (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (folder);
  g_autofree char *run = g_path_get_dirname (folder);

  return g_str_equal (name, "checkpoints") ? raqam_run_load (run, NULL) : NULL;
}
