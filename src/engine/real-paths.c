/* real-paths.c — which real digits a model is measured by.
 * SPDX-License-Identifier: MIT */

#include "engine/real-paths.h"

#include "engine/dataset.h"

#include <string.h>

static gboolean
begins_with (const char *path, const char *word)
{
  g_autofree char *name = g_path_get_basename (path);

  return g_ascii_strncasecmp (name, word, strlen (word)) == 0;
}

static gboolean
is_test_part (const char *path)
{
  return begins_with (path, "Test") || g_file_test (path, G_FILE_TEST_IS_DIR);
}

/* The first file of the folder that @train lies in whose name says that it is a test part. */
static char *
find_test_part (const char *train)
{
  g_autofree char *folder = g_path_get_dirname (train);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *first = NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (begins_with (name, "Test") && g_str_has_suffix (name, ".cdb")
        && (first == NULL || strcmp (name, first) < 0))
      {
        g_free (first);
        first = g_strdup (name);
      }
  return first != NULL ? g_build_filename (folder, first, NULL) : NULL;
}

char **
raqam_real_paths_complete (char **paths)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *test = NULL;
  gboolean has_test = FALSE, any = FALSE;

  for (gsize i = 0; paths != NULL && paths[i] != NULL; i++)
    if (g_file_test (paths[i], G_FILE_TEST_EXISTS))
      {
        g_strv_builder_add (builder, paths[i]);
        has_test = has_test || is_test_part (paths[i]);
        any = TRUE;
        if (test == NULL && begins_with (paths[i], "Train"))
          test = find_test_part (paths[i]);
      }
  if (!any)
    return raqam_dataset_find_hoda ();
  if (!has_test && test != NULL)
    g_strv_builder_add (builder, test);
  return g_strv_builder_end (builder);
}

static RaqamRun *
run_of_model (const RaqamModel *model)
{
  if (model->origin == NULL)
    return NULL;
  return g_file_test (model->origin, G_FILE_TEST_IS_DIR) ? raqam_run_load (model->origin, NULL)
                                                         : raqam_run_of_checkpoint (model->origin);
}

char **
raqam_real_paths_of_model (const RaqamModel *model)
{
  g_autoptr (RaqamRun) run = run_of_model (model);

  return raqam_real_paths_complete (run != NULL ? run->data : NULL);
}
