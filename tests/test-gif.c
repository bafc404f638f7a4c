/* test-gif.c — grey animations as GIF.
 * SPDX-License-Identifier: MIT */

#include "engine/gif.h"

#include "engine/error.h"
#include "read-back.h"
#include "toy.h"

#include <gif_lib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

typedef struct
{
  int width, height, n_frames, delay;
} Case;

static const Case cases[] = {
  { 1, 1, 1, 2 }, { 28, 28, 3, 4 }, { 301, 7, 12, 100 }, { 5, 700, 2, 65535 }, { 448, 448, 4, 10 },
};

/* Noise in the even frames, which does not compress, and an even grey in the odd ones. */
static guint8 *
made_frame (const Case *c, int frame)
{
  gsize n = (gsize) c->width * c->height;
  guint8 *pixels = g_malloc (n);
  g_autoptr (GRand) rand = g_rand_new_with_seed (frame);

  for (gsize i = 0; i < n; i++)
    pixels[i] = (guint8) (frame % 2 != 0 ? (guint) frame * 37 : g_rand_int (rand) >> 24);
  return pixels;
}

static void
write_case (const Case *c, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamGif) gif = raqam_gif_new (path, c->width, c->height, c->delay, &error);

  g_assert_no_error (error);
  for (int i = 0; i < c->n_frames; i++)
    {
      g_autofree guint8 *frame = made_frame (c, i);
      g_autofree guint8 *kept = g_memdup2 (frame, (gsize) c->width * c->height);

      g_assert_true (raqam_gif_add (gif, frame, &error));
      g_assert_no_error (error);
      g_assert_cmpmem (frame, (gsize) c->width * c->height, kept, (gsize) c->width * c->height);
    }
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (raqam_gif_commit (gif, &error));
  g_assert_no_error (error);
}

static void
assert_frame (const Case *c, const GifFileType *file, int i)
{
  const SavedImage *image = &file->SavedImages[i];
  g_autofree guint8 *wanted = made_frame (c, i);
  GraphicsControlBlock control;

  g_assert_cmpint (image->ImageDesc.Width, ==, c->width);
  g_assert_cmpint (image->ImageDesc.Height, ==, c->height);
  g_assert_cmpint (image->ImageDesc.Left, ==, 0);
  g_assert_cmpint (image->ImageDesc.Top, ==, 0);
  g_assert_null (image->ImageDesc.ColorMap);
  g_assert_cmpmem (image->RasterBits, (gsize) c->width * c->height, wanted,
                   (gsize) c->width * c->height);
  g_assert_cmpint (DGifSavedExtensionToGCB ((GifFileType *) file, i, &control), ==, GIF_OK);
  g_assert_cmpint (control.DelayTime, ==, c->delay);
  g_assert_cmpint (control.TransparentColor, ==, NO_TRANSPARENT_COLOR);
}

/* By giflib's reader: every pixel, the greys, the delay and the loop. */
static void
test_giflib (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *folder = toy_folder ();
  g_autofree char *path = g_build_filename (folder, "animation.gif", NULL);
  const ExtensionBlock *loop;
  GifFileType *file;

  write_case (c, path);
  file = DGifOpenFileName (path, NULL);
  g_assert_nonnull (file);
  g_assert_cmpint (DGifSlurp (file), ==, GIF_OK);
  g_assert_cmpint (file->SWidth, ==, c->width);
  g_assert_cmpint (file->SHeight, ==, c->height);
  g_assert_cmpint (file->ImageCount, ==, c->n_frames);
  g_assert_cmpint (file->SColorMap->ColorCount, ==, 256);
  for (int i = 0; i < 256; i++)
    {
      g_assert_cmpint (file->SColorMap->Colors[i].Red, ==, i);
      g_assert_cmpint (file->SColorMap->Colors[i].Green, ==, i);
      g_assert_cmpint (file->SColorMap->Colors[i].Blue, ==, i);
    }
  for (int i = 0; i < c->n_frames; i++)
    assert_frame (c, file, i);

  loop = file->SavedImages[0].ExtensionBlocks;
  g_assert_cmpint (loop[0].Function, ==, APPLICATION_EXT_FUNC_CODE);
  g_assert_cmpmem (loop[0].Bytes, loop[0].ByteCount, "NETSCAPE2.0", 11);
  g_assert_cmpmem (loop[1].Bytes, loop[1].ByteCount, "\x01\x00\x00", 3);
  g_assert_cmpint (DGifCloseFile (file, NULL), ==, GIF_OK);
  toy_remove (folder);
}

/* By Pillow, whose reader is its own: a line a frame. */
static void
test_pillow (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *folder = toy_folder ();
  g_autofree char *path = g_build_filename (folder, "animation.gif", NULL);
  g_autofree char *printed = NULL;
  g_autoptr (GString) wanted = g_string_new (NULL);

  write_case (c, path);
  printed = read_back (path);
  g_string_append_printf (wanted, "GIF (%d, %d) %d frames, loop %s\n", c->width, c->height,
                          c->n_frames, "0");
  for (int i = 0; i < c->n_frames; i++)
    {
      g_autofree guint8 *frame = made_frame (c, i);
      g_autofree char *digest
        = g_compute_checksum_for_data (G_CHECKSUM_SHA256, frame, (gsize) c->width * c->height);

      g_string_append_printf (wanted, "%d ms %s\n", c->delay * 10, digest);
    }
  if (printed != NULL)
    g_assert_cmpstr (printed, ==, wanted->str);
  toy_remove (folder);
}

static void
test_same_bytes (void)
{
  g_autofree char *folder = toy_folder ();
  g_autofree char *first = g_build_filename (folder, "a.gif", NULL);
  g_autofree char *second = g_build_filename (folder, "b.gif", NULL);
  g_autofree char *a = NULL, *b = NULL;
  gsize n_a, n_b;

  write_case (&cases[1], first);
  write_case (&cases[1], second);
  g_assert_true (g_file_get_contents (first, &a, &n_a, NULL));
  g_assert_true (g_file_get_contents (second, &b, &n_b, NULL));
  g_assert_cmpmem (a, n_a, b, n_b);
  toy_remove (folder);
}

/* @folder holds the one file @path, which says "old". */
static void
assert_untouched (const char *folder, const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *text = NULL;
  int n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  g_assert_cmpint (n, ==, 1);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "old");
}

/* Given up half-way: what was there is there, and nothing else. */
static void
test_given_up (void)
{
  const Case *c = &cases[4];
  g_autofree char *folder = toy_folder ();
  g_autofree char *path = g_build_filename (folder, "animation.gif", NULL);
  g_autofree guint8 *frame = made_frame (c, 0);
  g_autoptr (GError) error = NULL;
  RaqamGif *gif;

  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  gif = raqam_gif_new (path, c->width, c->height, c->delay, &error);
  g_assert_true (raqam_gif_add (gif, frame, &error));
  raqam_gif_free (gif);
  assert_untouched (folder, path);
  toy_remove (folder);
}

static void
test_no_folder (void)
{
  g_autofree char *folder = toy_folder ();
  g_autofree char *path = g_build_filename (folder, "nowhere", "animation.gif", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (raqam_gif_new (path, 28, 28, 4, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_nonnull (strstr (error->message, "animation.gif"));
  toy_remove (folder);
}

/* A full disk, as the kernel tells it of a limit: while frames are added, and at the end. */
static void
test_full (gconstpointer data)
{
  gboolean at_the_end = data != NULL;
  const Case *c = &cases[at_the_end ? 1 : 4];
  g_autofree char *folder = toy_folder ();
  g_autofree char *path = g_build_filename (folder, "animation.gif", NULL);
  g_autofree guint8 *frame = made_frame (c, 0);
  g_autoptr (GError) error = NULL;
  struct rlimit before, limit;
  RaqamGif *gif;

  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  gif = raqam_gif_new (path, c->width, c->height, c->delay, &error);
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &before);
  limit = before;
  limit.rlim_cur = at_the_end ? 500 : 70000;
  setrlimit (RLIMIT_FSIZE, &limit);
  g_assert_true (raqam_gif_add (gif, frame, &error) == at_the_end);
  if (at_the_end)
    g_assert_false (raqam_gif_commit (gif, &error));
  raqam_gif_free (gif);
  setrlimit (RLIMIT_FSIZE, &before);

  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "animation.gif"));
  assert_untouched (folder, path);
  toy_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autofree char *giflib = g_strdup_printf ("/gif/giflib/%d-%d", c->width, c->height);
      g_autofree char *pillow = g_strdup_printf ("/gif/pillow/%d-%d", c->width, c->height);

      g_test_add_data_func (giflib, c, test_giflib);
      g_test_add_data_func (pillow, c, test_pillow);
    }
  g_test_add_func ("/gif/same-bytes", test_same_bytes);
  g_test_add_func ("/gif/given-up", test_given_up);
  g_test_add_func ("/gif/no-folder", test_no_folder);
  g_test_add_data_func ("/gif/full", NULL, test_full);
  g_test_add_data_func ("/gif/full-at-the-end", GINT_TO_POINTER (1), test_full);
  return g_test_run ();
}
