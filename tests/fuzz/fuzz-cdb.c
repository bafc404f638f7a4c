/* fuzz-cdb.c — feeds anything to the .cdb reader.
 * SPDX-License-Identifier: MIT */

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
