/* read-back.c — lets Python's libraries read what a test wrote.
 * SPDX-License-Identifier: MIT */

#include "read-back.h"

#include <sys/wait.h>

#define PYTHON "/usr/bin/python3"
#define NOT_INSTALLED 77

char *
read_back (const char *path)
{
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "read-back.py", NULL);
  const char *argv[] = { PYTHON, script, path, NULL };
  g_autofree char *printed = NULL, *complaint = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!g_file_test (PYTHON, G_FILE_TEST_IS_EXECUTABLE))
    {
      g_test_skip (PYTHON " is not installed");
      return NULL;
    }
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &printed, &complaint,
                &status, &error);
  g_assert_no_error (error);
  if (WIFEXITED (status) && WEXITSTATUS (status) == NOT_INSTALLED)
    {
      g_test_skip_printf ("Python lacks a library: %s", printed);
      return NULL;
    }
  if (status != 0)
    g_error ("%s failed on %s: %s", script, path, complaint);
  return g_steal_pointer (&printed);
}
