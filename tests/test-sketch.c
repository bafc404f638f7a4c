/* test-sketch.c — a digit that somebody drew, of any size, on its way to 28 × 28.
 * SPDX-License-Identifier: MIT */

#include "engine/sketch.h"

#include "engine/error.h"

#include <glib/gstdio.h>
#include <png.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A bar of 10 × 60 pixels in a field of 100 × 80, as RGBA. */
static GBytes *
make_png (guint32 paper, guint32 ink)
{
  guint32 pixels[80 * 100];
  png_image image = { .version = PNG_IMAGE_VERSION, .width = 100, .height = 80,
                      .format = PNG_FORMAT_RGBA };
  png_alloc_size_t size;
  guint8 *memory;

  for (int i = 0; i < 80 * 100; i++)
    {
      int x = i % 100, y = i / 100;

      pixels[i] = GUINT32_TO_BE (x >= 30 && x < 40 && y >= 5 && y < 65 ? ink : paper);
    }
  g_assert_true (png_image_write_get_memory_size (image, size, FALSE, pixels, 0, NULL));
  memory = g_malloc (size);
  g_assert_true (png_image_write_to_memory (&image, memory, &size, FALSE, pixels, 0, NULL));
  return g_bytes_new_take (memory, size);
}

typedef struct
{
  const char *name;
  guint32     paper, ink; /* RGBA */
} Colours;

static const Colours colours[] = {
  { "dark-on-light", 0xFFFFFFFF, 0x000000FF },
  { "light-on-dark", 0x000000FF, 0xFFFFFFFF },
  { "blue-on-yellow", 0xFFEE88FF, 0x102080FF },
  { "dark-on-nothing", 0x00000000, 0x000000FF },
  { "light-on-nothing", 0xFFFFFF00, 0xFFFFFFFF },
  { "faint", 0xE0E0E0FF, 0xA0A0A0FF },
};

static void
test_colours (gconstpointer data)
{
  const Colours *c = data;
  g_autoptr (GBytes) png = make_png (c->paper, c->ink);
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamSketch) sketch = raqam_sketch_parse (png, "bar.png", &error);

  g_assert_no_error (error);
  g_assert_cmpint (sketch->width, ==, 100);
  g_assert_cmpint (sketch->height, ==, 80);
  for (int i = 0; i < 80 * 100; i++)
    {
      int x = i % 100, y = i / 100;

      g_assert_cmpint (sketch->ink[i], ==, x >= 30 && x < 40 && y >= 5 && y < 65 ? 255 : 0);
    }
}

static void
assert_box (const guint8 *out, int left, int top, int right, int bottom)
{
  for (int i = 0; i < RAQAM_FIT_PIXELS; i++)
    {
      int x = i % 28, y = i / 28;
      gboolean inside = x >= left && x < right && y >= top && y < bottom;

      g_assert_cmpint (out[i], ==, inside ? 255 : 0);
    }
}

/* 10 × 60 fills as 28 · 10 / 60 = 4.67, so 5 × 28, in the middle. */
static void
test_fill (void)
{
  g_autoptr (GBytes) png = make_png (0xFFFFFFFF, 0x000000FF);
  g_autoptr (RaqamSketch) sketch = raqam_sketch_parse (png, "bar.png", NULL);
  guint8 out[RAQAM_FIT_PIXELS];

  raqam_sketch_fit (out, sketch, TRUE, FALSE);
  assert_box (out, 11, 0, 16, 28);
}

/* A field of 252: 9 pixels become one; 45 × 90 of it are 5 × 10, wherever they were. */
static void
test_as_drawn (void)
{
  g_autofree guint8 *ink = g_malloc0 (252 * 252);
  g_autoptr (RaqamSketch) sketch = NULL;
  guint8 out[RAQAM_FIT_PIXELS];

  for (int y = 0; y < 90; y++)
    memset (ink + (y + 18) * 252 + 9, 255, 45);
  sketch = raqam_sketch_new (ink, 252, 252);
  raqam_sketch_fit (out, sketch, FALSE, FALSE);
  assert_box (out, 11, 9, 16, 19);
  raqam_sketch_fit (out, sketch, TRUE, FALSE); /* less than 0.4: a zero is as small */
  assert_box (out, 11, 9, 16, 19);
}

/* What the program itself saves of a picture comes back as it was. */
static void
test_own_picture (void)
{
  g_autofree guint8 *ink = g_malloc0 (280 * 280);
  g_autoptr (RaqamSketch) sketch = NULL;
  guint8 picture[RAQAM_FIT_PIXELS] = { 0 }, out[RAQAM_FIT_PIXELS];

  for (int i = 0; i < 28; i++)
    picture[i * 28 + 10 + i % 7] = 255;
  for (int i = 0; i < 280 * 280; i++)
    ink[i] = picture[i / 280 / 10 * 28 + i % 280 / 10];
  sketch = raqam_sketch_new (ink, 280, 280);
  g_assert_cmpint (sketch->width, ==, RAQAM_SKETCH_SIDE);
  raqam_sketch_fit (out, sketch, FALSE, FALSE);
  for (int i = 0; i < RAQAM_FIT_PIXELS; i++) /* centred: 7 wide from column 10 */
    g_assert_cmpint (out[i], ==, picture[i]);
}

static void
test_small (void)
{
  const guint8 ink[6] = { 255, 255, 255, 255, 255, 255 };
  g_autoptr (RaqamSketch) sketch = raqam_sketch_new (ink, 2, 3);
  guint8 out[RAQAM_FIT_PIXELS];

  raqam_sketch_fit (out, sketch, TRUE, TRUE);
  assert_box (out, 13, 12, 15, 15);
}

static void
test_empty (void)
{
  const guint8 ink[4] = { 0 };
  g_autoptr (RaqamSketch) sketch = raqam_sketch_new (ink, 2, 2);
  guint8 out[RAQAM_FIT_PIXELS];

  raqam_sketch_fit (out, sketch, TRUE, TRUE);
  assert_box (out, 0, 0, 0, 0);
}

/* The checksum of PNG's chunks: its annex D. */
static guint32
crc32 (const guint8 *bytes, gsize n)
{
  guint32 c = 0xFFFFFFFF;

  for (gsize i = 0; i < n; i++)
    {
      c ^= bytes[i];
      for (int k = 0; k < 8; k++)
        c = c & 1 ? 0xEDB88320 ^ c >> 1 : c >> 1;
    }
  return ~c;
}

static void
expect_error (GBytes *png, const char *says)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (raqam_sketch_parse (png, "bad.png", &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "bad.png"));
  g_assert_nonnull (strstr (error->message, says));
}

static void
test_errors (void)
{
  g_autoptr (GBytes) text = g_bytes_new_static ("not a picture at all", 20);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) whole = make_png (0xFFFFFFFF, 0x000000FF);
  g_autoptr (GBytes) part = g_bytes_new_from_bytes (whole, 0, g_bytes_get_size (whole) / 2);
  g_autoptr (GBytes) plain = make_png (0x336699FF, 0x336699FF);
  g_autofree guint8 *huge = g_memdup2 (g_bytes_get_data (whole, NULL), g_bytes_get_size (whole));
  g_autoptr (GBytes) large = NULL;
  guint32 check;

  expect_error (text, "could not be read");
  expect_error (nothing, "could not be read");
  expect_error (part, "could not be read");
  expect_error (plain, "one shade");

  /* IHDR: its type at 12, the width at 16, the height at 20, and its checksum at 29. */
  huge[18] = huge[22] = 0x40;
  check = GUINT32_TO_BE (crc32 (huge + 12, 17));
  memcpy (huge + 29, &check, 4);
  large = g_bytes_new (huge, g_bytes_get_size (whole));
  expect_error (large, "too large");
}

static void
test_no_file (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/nowhere/at-all.png");
  g_autoptr (GError) error = NULL;

  g_assert_null (raqam_sketch_load (file, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* Neither is read: the one for its size, the other for nobody writes into it. */
static void
test_no_picture (void)
{
  g_autoptr (GError) folder_error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("raqam-XXXXXX", &folder_error);
  static const char *const names[] = { "long.png", "pipe.png" };

  g_assert_no_error (folder_error);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);
      g_autoptr (GFile) file = g_file_new_for_path (path);
      g_autoptr (GError) error = NULL;

      if (i == 0)
        {
          g_assert_true (g_file_set_contents (path, "", 0, NULL));
          g_assert_cmpint (truncate (path, (256 << 20) + 1), ==, 0);
        }
      else
        g_assert_cmpint (mkfifo (path, 0600), ==, 0);
      g_assert_null (raqam_sketch_load (file, NULL, &error));
      g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
      g_assert_nonnull (strstr (error->message, names[i]));
      g_assert_nonnull (strstr (error->message, "256 MiB"));
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (colours); i++)
    {
      g_autofree char *path = g_strconcat ("/sketch/colours/", colours[i].name, NULL);

      g_test_add_data_func (path, &colours[i], test_colours);
    }
  g_test_add_func ("/sketch/fill", test_fill);
  g_test_add_func ("/sketch/as-drawn", test_as_drawn);
  g_test_add_func ("/sketch/own-picture", test_own_picture);
  g_test_add_func ("/sketch/small", test_small);
  g_test_add_func ("/sketch/empty", test_empty);
  g_test_add_func ("/sketch/errors", test_errors);
  g_test_add_func ("/sketch/no-file", test_no_file);
  g_test_add_func ("/sketch/no-picture", test_no_picture);
  return g_test_run ();
}
