/* set-aside.c — damaged files, kept under another name.
 * SPDX-License-Identifier: MIT */

#include "engine/set-aside.h"

#include <glib/gstdio.h>

#define MOST 1000

char *
raqam_set_aside (const char *path)
{
  for (int i = 1; i <= MOST; i++)
    {
      g_autofree char *aside = i == 1 ? g_strconcat (path, ".damaged", NULL)
                                      : g_strdup_printf ("%s.damaged-%d", path, i);

      if (g_file_test (aside, G_FILE_TEST_EXISTS))
        continue;
      return g_rename (path, aside) == 0 ? g_steal_pointer (&aside) : NULL;
    }
  return NULL;
}
