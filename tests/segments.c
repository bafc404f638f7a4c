/* segments.c — digits of seven segments, written by many hands: real images for tests.
 * SPDX-License-Identifier: MIT */

#include "segments.h"

#include "cdb-bytes.h"

#include <string.h>

/* From (x0, y0) to (x1, y1), on a plane of 1 × 2. */
static const struct
{
  int x0, y0, x1, y1;
} SEGMENTS[7] = {
  { 0, 0, 1, 0 }, { 1, 0, 1, 1 }, { 1, 1, 1, 2 }, { 0, 2, 1, 2 },
  { 0, 1, 0, 2 }, { 0, 0, 0, 1 }, { 0, 1, 1, 1 },
};

/* Which of them are on, for 0 to 9. */
static const guint8 DIGITS[10] = { 0x3f, 0x06, 0x5b, 0x4f, 0x66, 0x6d, 0x7d, 0x07, 0x7f, 0x6f };

static void
fill (guint8 *pixels, int x0, int y0, int x1, int y1)
{
  for (int y = MAX (y0, 0); y < MIN (y1, 28); y++)
    for (int x = MAX (x0, 0); x < MIN (x1, 28); x++)
      pixels[y * 28 + x] = 255;
}

void
segments_draw (guint8 *pixels, guint32 seed, int i)
{
  const guint32 seeds[] = { seed, (guint32) i };
  GRand *rand = g_rand_new_with_seed_array (seeds, G_N_ELEMENTS (seeds));
  int width = g_rand_int_range (rand, 7, 13), height = g_rand_int_range (rand, 7, 10);
  int left = g_rand_int_range (rand, 3, 9), top = g_rand_int_range (rand, 2, 6);
  int thick = g_rand_int_range (rand, 2, 5), slant = g_rand_int_range (rand, -1, 3);

  memset (pixels, 0, 28 * 28);
  for (int s = 0; s < 7; s++)
    if (DIGITS[i % 10] >> s & 1)
      {
        int x = left + SEGMENTS[s].x0 * width + (2 - SEGMENTS[s].y0) * slant;
        int y = top + SEGMENTS[s].y0 * height;

        fill (pixels, x, y, x + (SEGMENTS[s].x1 - SEGMENTS[s].x0) * width + thick,
              y + (SEGMENTS[s].y1 - SEGMENTS[s].y0) * height + thick);
      }
  for (int spots = g_rand_int_range (rand, 0, 12); spots > 0; spots--)
    pixels[g_rand_int_range (rand, 0, 28 * 28)] ^= 255;
  g_rand_free (rand);
}

char *
segments_write (const char *folder, const char *name, int n, guint32 seed)
{
  g_autoptr (GByteArray) bytes = cdb_bytes_new (FALSE, 28, 28);
  g_autoptr (GError) error = NULL;
  char *path = g_build_filename (folder, name, NULL);

  for (int i = 0; i < n; i++)
    {
      guint8 pixels[28 * 28];

      segments_draw (pixels, seed, i);
      cdb_bytes_add (bytes, (guint8) (i % 10), 28, 28, pixels);
    }
  g_file_set_contents (path, (const char *) bytes->data, bytes->len, &error);
  g_assert_no_error (error);
  return path;
}

GBytes *
segments_pixels (int n, guint32 seed)
{
  guint8 *pixels = g_malloc ((gsize) n * 28 * 28);

  for (int i = 0; i < n; i++)
    segments_draw (pixels + (gsize) i * 28 * 28, seed, i);
  return g_bytes_new_take (pixels, (gsize) n * 28 * 28);
}
