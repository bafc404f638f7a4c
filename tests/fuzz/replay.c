/* replay.c — gives files to a fuzzer's target, where libFuzzer is not at hand.
 * SPDX-License-Identifier: MIT */

#include <glib.h>

#ifndef RAQAM_LIBFUZZER
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
main (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    {
      g_autofree char *contents = NULL;
      g_autoptr (GError) error = NULL;
      gsize size;

      if (!g_file_get_contents (argv[i], &contents, &size, &error))
        {
          g_printerr ("%s\n", error->message);
          return 1;
        }
      LLVMFuzzerTestOneInput ((const guint8 *) contents, size);
    }
  g_print ("%d files replayed\n", argc - 1);
  return 0;
}
#endif
