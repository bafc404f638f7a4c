/* test-picture.c — grey pictures as PNG, and sheets of digits.
 * SPDX-License-Identifier: MIT */

#include "engine/picture.h"

#include "engine/error.h"
#include "read-back.h"

#include <glib/gstdio.h>
#include <png.h>
#include <string.h>

#define SIDE 28

static const RaqamPictureText texts[] = {
  { "Software", "raqam-cli" },
  { "Seed", "1384" },
  { "Title", "رقم‌های فارسی" },
};

static guint8 *
made_pixels (gsize n)
{
  guint8 *pixels = g_malloc (n);

  for (gsize i = 0; i < n; i++)
    pixels[i] = (i * 2654435761u & 0xFFFFFFFF) >> 24;
  return pixels;
}

typedef struct
{
  int width, height;
} Size;

static const Size sizes[] = { { 1, 1 }, { 28, 28 }, { 301, 7 }, { 5, 1000 } };

/* By libpng's other interface, which shares little with the one we write by. */
static void
test_libpng (gconstpointer data)
{
  const Size *size = data;
  gsize n = (gsize) size->width * size->height;
  g_autofree guint8 *pixels = made_pixels (n), *got = g_malloc (n);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes
    = raqam_picture_encode (pixels, size->width, size->height, texts, 3, &error);
  png_image image = { .version = PNG_IMAGE_VERSION };

  g_assert_no_error (error);
  g_assert_true (png_image_begin_read_from_memory (&image, g_bytes_get_data (bytes, NULL),
                                                   g_bytes_get_size (bytes)));
  g_assert_cmpuint (image.width, ==, size->width);
  g_assert_cmpuint (image.height, ==, size->height);
  g_assert_cmpuint (image.format, ==, PNG_FORMAT_GRAY);
  g_assert_true (png_image_finish_read (&image, NULL, got, size->width, NULL));
  g_assert_cmpmem (got, n, pixels, n);
}

static void
test_pillow (void)
{
  g_autofree char *folder = g_dir_make_tmp ("raqam-picture-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "picture.png", NULL);
  g_autofree guint8 *pixels = made_pixels (40 * 30);
  g_autofree char *digest
    = g_compute_checksum_for_data (G_CHECKSUM_SHA256, pixels, 40 * 30);
  g_autofree char *want = g_strdup_printf ("PNG L (40, 30) %s\nSoftware: raqam-cli\nSeed: 1384\n"
                                           "Title: رقم‌های فارسی\n",
                                           digest);
  g_autofree char *got = NULL;
  g_autoptr (GError) error = NULL;

  raqam_picture_save (path, pixels, 40, 30, texts, 3, &error);
  g_assert_no_error (error);
  got = read_back (path);
  g_unlink (path);
  g_rmdir (folder);
  if (got != NULL)
    g_assert_cmpstr (got, ==, want);
}

static void
test_same_bytes (void)
{
  g_autofree guint8 *pixels = made_pixels (40 * 30);
  g_autoptr (GBytes) a = raqam_picture_encode (pixels, 40, 30, texts, 3, NULL);
  g_autoptr (GBytes) b = raqam_picture_encode (pixels, 40, 30, texts, 3, NULL);

  g_assert_true (g_bytes_equal (a, b));
}

static void
test_too_wide (void)
{
  g_autofree guint8 *pixels = g_malloc0 (1000001);
  g_autoptr (GError) error = NULL;

  g_assert_null (raqam_picture_encode (pixels, 1000001, 1, NULL, 0, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "1000001"));
}

static void
test_save_fails (void)
{
  static const guint8 pixel = 0;
  g_autofree char *folder = g_dir_make_tmp ("raqam-picture-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "none", "picture.png", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (raqam_picture_save (path, &pixel, 1, 1, NULL, 0, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_rmdir (folder);
}

typedef struct
{
  gsize             n;
  RaqamPictureSheet sheet;
  int               width, height; /* counted by hand */
} SheetCase;

static const SheetCase sheet_cases[] = {
  { 1, { 1, 0, 1, FALSE }, 28, 28 },
  { 10, { 10, 2, 1, TRUE }, 302, 32 },
  { 7, { 3, 2, 3, TRUE }, 260, 260 },
  { 7, { 3, 2, 3, FALSE }, 260, 260 },
  { 2, { 5, 1, 2, TRUE }, 286, 58 },
  { 6, { 3, 5, 1, FALSE }, 104, 71 },
};

/* What must be at (@x, @y): found from the place, not from the image as the code does. */
static int
expected_pixel (const SheetCase *c, const guint8 *images, int x, int y)
{
  int margin = c->sheet.margin, side = SIDE * c->sheet.scale;
  int column = x / (side + margin), row = y / (side + margin);
  int in_x = x - column * (side + margin) - margin, in_y = y - row * (side + margin) - margin;
  gsize i = (gsize) row * c->sheet.columns + column;
  int ink = 0;

  if (in_x >= 0 && in_y >= 0 && column < c->sheet.columns && i < c->n)
    ink = images[i * SIDE * SIDE + in_y / c->sheet.scale * SIDE + in_x / c->sheet.scale];
  return c->sheet.dark_ink ? 255 - ink : ink;
}

static void
test_sheet (gconstpointer data)
{
  const SheetCase *c = data;
  g_autofree guint8 *images = made_pixels (c->n * SIDE * SIDE);
  g_autoptr (GError) error = NULL;
  int width, height;
  g_autofree guint8 *pixels
    = raqam_picture_sheet (&width, &height, images, c->n, &c->sheet, &error);

  g_assert_no_error (error);
  g_assert_cmpint (width, ==, c->width);
  g_assert_cmpint (height, ==, c->height);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      g_assert_cmpint (pixels[y * width + x], ==, expected_pixel (c, images, x, y));
}

static void
test_sheet_too_large (void)
{
  static const RaqamPictureSheet sheets[] = {
    { 40000, 0, 1, TRUE }, { 1, 0, G_MAXINT, TRUE }, { 1, G_MAXINT, 1, TRUE },
    { G_MAXINT, G_MAXINT, G_MAXINT, TRUE },
  };
  static const guint8 image[SIDE * SIDE];

  for (gsize i = 0; i < G_N_ELEMENTS (sheets); i++)
    {
      g_autoptr (GError) error = NULL;
      int width, height;

      g_assert_null (raqam_picture_sheet (&width, &height, image, 1, &sheets[i], &error));
      g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *path
        = g_strdup_printf ("/picture/libpng/%d-%d", sizes[i].width, sizes[i].height);

      g_test_add_data_func (path, &sizes[i], test_libpng);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (sheet_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/picture/sheet/%zu", i);

      g_test_add_data_func (path, &sheet_cases[i], test_sheet);
    }
  g_test_add_func ("/picture/pillow", test_pillow);
  g_test_add_func ("/picture/same-bytes", test_same_bytes);
  g_test_add_func ("/picture/too-wide", test_too_wide);
  g_test_add_func ("/picture/save-fails", test_save_fails);
  g_test_add_func ("/picture/sheet-too-large", test_sheet_too_large);
  return g_test_run ();
}
