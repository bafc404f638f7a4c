/* fuzz-cdb.c — feeds anything to the .cdb reader.
 * SPDX-License-Identifier: MIT
 *
 * With clang's -fsanitize=fuzzer it is a libFuzzer target; otherwise a program
 * that replays the files it is given. */

#include "engine/cdb.h"

#include "engine/error.h"
#include "engine/fit.h"

#define N_CLASSES 10

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_image (const RaqamCdbImage *image)
{
  guint8 fitted[RAQAM_FIT_PIXELS];

  g_assert_cmpint (image->label, <, N_CLASSES);
  for (int grey = FALSE; grey <= TRUE; grey++)
    raqam_fit (fitted, image->pixels, image->width, image->height, grey);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamCdb) cdb = raqam_cdb_open_bytes (data, size, "fuzz", N_CLASSES, &error);
  RaqamCdbImage image;
  gsize n = 0;

  while (cdb != NULL && raqam_cdb_next (cdb, &image, &error))
    {
      check_image (&image);
      n++;
    }
  if (error != NULL)
    g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
  else
    g_assert_cmpuint (n, ==, raqam_cdb_get_header (cdb)->n_records);
  return 0;
}

#ifndef RAQAM_LIBFUZZER
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
