/* test-morph.c — pictures that turn into one another, as an animation.
 * SPDX-License-Identifier: MIT
 *
 * What is drawn is compared with the model's own generator, under whole labels and, for
 * the middle of a leg, under the middle one of three.
 */

#include "engine/morph.h"

#include "engine/blend.h"
#include "engine/error.h"
#include "engine/generator.h"
#include "engine/model-private.h"
#include "toy.h"

#include <gif_lib.h>
#include <glib/gstdio.h>
#include <png.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define N_STYLES 3
#define PER_LEG 12
#define N_PIXELS RAQAM_IMAGE_SIZE

static const RaqamDeviceOptions options = { .n_threads = 1 };

typedef struct
{
  char          *folder;
  RaqamModel    *model;
  RaqamStyle     styles[N_STYLES];
  RaqamMorph     morph;
  RaqamMorphLook look;
  RaqamMorphWork work;

  /* What progress() met, and does. */
  guint         n_done;
  guint         stop_at; /* 0: never */
  gboolean      by_limit; /* else by @cancellable */
  GCancellable *cancellable;
} Fixture;

static void
progress (guint done, guint n, gpointer data)
{
  Fixture *fixture = data;
  struct rlimit limit;

  g_assert_cmpuint (done, ==, ++fixture->n_done);
  g_assert_cmpuint (n, ==, raqam_morph_count (&fixture->morph));
  if (done != fixture->stop_at)
    return;
  if (!fixture->by_limit)
    {
      g_cancellable_cancel (fixture->cancellable);
      return;
    }
  getrlimit (RLIMIT_FSIZE, &limit);
  limit.rlim_cur = 20;
  setrlimit (RLIMIT_FSIZE, &limit);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const int digits[N_STYLES] = { 3, 8, 8 };
  g_autoptr (RaqamRecipe) recipe = toy_recipe ("thesis");
  RaqamNetworkSpec spec;

  fixture->folder = toy_folder ();
  fixture->model = raqam_model_new (recipe);
  raqam_network_spec_init (&spec, recipe, RAQAM_GENERATOR);
  raqam_network_initialise (fixture->model->params, fixture->model->state, &spec, recipe);
  for (gsize i = 0; i < spec.n_params; i++)
    fixture->model->params[i] *= 6; /* so that pictures differ from each other */

  for (int i = 0; i < N_STYLES; i++)
    {
      raqam_style_init (&fixture->styles[i], digits[i], recipe->latent);
      raqam_style_randomise (&fixture->styles[i], 5, i);
    }
  fixture->styles[1].truncation = 0.7f;
  fixture->morph = (RaqamMorph) { fixture->styles, N_STYLES, PER_LEG, .loop = TRUE };
  fixture->look = (RaqamMorphLook) { .side = 56 };
  fixture->cancellable = g_cancellable_new ();
  fixture->work = (RaqamMorphWork) { "cpu", &options, fixture->cancellable, progress, fixture };
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  raqam_model_unref (fixture->model);
  g_object_unref (fixture->cancellable);
  toy_remove (fixture->folder);
  g_free (fixture->folder);
}

static void
test_count (Fixture *fixture, gconstpointer data)
{
  RaqamMorph *morph = &fixture->morph;

  g_assert_cmpuint (raqam_morph_count (morph), ==, 3 * PER_LEG);
  morph->loop = FALSE;
  g_assert_cmpuint (raqam_morph_count (morph), ==, 2 * PER_LEG + 1);
  morph->n_styles = 2;
  g_assert_cmpuint (raqam_morph_count (morph), ==, PER_LEG + 1);
  morph->frames_per_leg = 1;
  g_assert_cmpuint (raqam_morph_count (morph), ==, 2);
}

static void
assert_way (const RaqamMorph *morph, guint frame, int from, int to, double t)
{
  RaqamStyle got, wanted;

  raqam_morph_style (&got, morph, frame);
  raqam_style_between (&wanted, &morph->styles[from], &morph->styles[to], t);
  g_assert_true (raqam_style_equal (&got, &wanted));
}

static void
test_ways (Fixture *fixture, gconstpointer data)
{
  RaqamMorph *morph = &fixture->morph;

  assert_way (morph, 0, 0, 1, 0);
  assert_way (morph, 3, 0, 1, 0.25);
  assert_way (morph, 12, 1, 2, 0);
  assert_way (morph, 18, 1, 2, 0.5);
  assert_way (morph, 33, 2, 0, 0.75);
  morph->loop = FALSE;
  assert_way (morph, 12, 1, 2, 0);
  assert_way (morph, 24, 1, 2, 1);
  morph->eased = TRUE;
  assert_way (morph, 0, 0, 1, 0);
  assert_way (morph, 3, 0, 1, 0.15625);
  assert_way (morph, 6, 0, 1, 0.5);
  assert_way (morph, 9, 0, 1, 0.84375);
  assert_way (morph, 24, 1, 2, 1);
}

/* @wanted: (784): by @model's own generator, for @label and the style's vector */
static void
draw_alone (guint8 *wanted, const RaqamModel *model, const RaqamStyle *style, int label)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamGenerator) generator = raqam_generator_new (model, "cpu", &options, 1, &error);
  float z[RAQAM_MAX_LATENT];
  guint8 labels[1] = { (guint8) label };

  g_assert_no_error (error);
  raqam_style_effective (z, style);
  g_assert_true (raqam_generator_draw (generator, wanted, z, labels, 1, &error));
  raqam_generator_clear_paper (wanted, N_PIXELS, model->recipe);
}

/* Sums may be added up in another order, and then rounded to another grey. */
static void
assert_alike (const guint8 *got, const guint8 *wanted)
{
  for (int i = 0; i < N_PIXELS; i++)
    g_assert_cmpint (ABS (got[i] - wanted[i]), <=, 1);
}

static int
difference (const guint8 *a, const guint8 *b)
{
  int sum = 0;

  for (int i = 0; i < N_PIXELS; i++)
    sum += ABS (a[i] - b[i]);
  return sum;
}

static gboolean
keep_frame (guint frame, const guint8 *pixels, gpointer data, GError **error)
{
  GByteArray *frames = data;

  g_assert_cmpuint (frames->len, ==, frame * N_PIXELS);
  g_byte_array_append (frames, pixels, N_PIXELS);
  return TRUE;
}

static void
test_draw (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) frames = g_byte_array_new ();
  g_autoptr (RaqamModel) middle = raqam_model_blend (fixture->model, 3, 8, 3);
  g_autoptr (GError) error = NULL;
  guint8 wanted[4][N_PIXELS];
  RaqamStyle style;

  fixture->morph.loop = FALSE;
  g_assert_true (raqam_morph_draw (fixture->model, &fixture->morph, &fixture->work, keep_frame,
                                   frames, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (frames->len, ==, (2 * PER_LEG + 1) * N_PIXELS);
  g_assert_cmpuint (fixture->n_done, ==, 2 * PER_LEG + 1);

  for (int i = 0; i < N_STYLES; i++)
    {
      draw_alone (wanted[i], fixture->model, &fixture->styles[i], i == 0 ? 3 : 8);
      assert_alike (frames->data + i * PER_LEG * N_PIXELS, wanted[i]);
    }
  raqam_style_between (&style, &fixture->styles[0], &fixture->styles[1], 0.5);
  draw_alone (wanted[3], middle, &style, 1);
  assert_alike (frames->data + PER_LEG / 2 * N_PIXELS, wanted[3]);
  raqam_style_between (&style, &fixture->styles[1], &fixture->styles[2], 0.5);
  draw_alone (wanted[3], fixture->model, &style, 8);
  assert_alike (frames->data + 3 * PER_LEG / 2 * N_PIXELS, wanted[3]);

  /* Or else alike says nothing. */
  for (int i = 0; i < 3; i++)
    g_assert_cmpint (difference (wanted[i], wanted[i + 1]), >, 5 * N_PIXELS);
}

/* The last leg of a loop leads back to the first style's digit. */
static void
test_loop (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) frames = g_byte_array_new ();
  g_autoptr (RaqamModel) middle = raqam_model_blend (fixture->model, 8, 3, 3);
  g_autoptr (GError) error = NULL;
  guint8 wanted[N_PIXELS];
  RaqamStyle style;

  g_assert_true (raqam_morph_draw (fixture->model, &fixture->morph, &fixture->work, keep_frame,
                                   frames, &error));
  g_assert_cmpuint (frames->len, ==, 3 * PER_LEG * N_PIXELS);
  raqam_style_between (&style, &fixture->styles[2], &fixture->styles[0], 0.5);
  draw_alone (wanted, middle, &style, 1);
  assert_alike (frames->data + 5 * PER_LEG / 2 * N_PIXELS, wanted);
}

static gboolean
refuse_frame (guint frame, const guint8 *pixels, gpointer data, GError **error)
{
  if (frame < 4)
    return TRUE;
  g_set_error_literal (error, RAQAM_ERROR, RAQAM_ERROR_DATA, "no more");
  return FALSE;
}

static void
test_frame_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (raqam_morph_draw (fixture->model, &fixture->morph, &fixture->work, refuse_frame,
                                    NULL, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
  g_assert_cmpuint (fixture->n_done, ==, 4);
}

static void
test_no_device (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "morph.gif", NULL);
  g_autoptr (GError) error = NULL;

  fixture->work.device = "abacus";
  g_assert_false (raqam_morph_save_gif (fixture->model, &fixture->morph, &fixture->look, path, 4,
                                        &fixture->work, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* Black on white, every pixel a square of two by two. */
static void
assert_large (const guint8 *large, const guint8 *pixels)
{
  for (int y = 0; y < 56; y++)
    for (int x = 0; x < 56; x++)
      g_assert_cmpint (large[y * 56 + x], ==, 255 - pixels[y / 2 * 28 + x / 2]);
}

static void
test_gif (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "morph.gif", NULL);
  g_autoptr (GByteArray) frames = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  GifFileType *file;

  g_assert_true (raqam_morph_save_gif (fixture->model, &fixture->morph, &fixture->look, path, 4,
                                       &fixture->work, &error));
  g_assert_no_error (error);
  fixture->n_done = 0;
  raqam_morph_draw (fixture->model, &fixture->morph, &fixture->work, keep_frame, frames, NULL);

  file = DGifOpenFileName (path, NULL);
  g_assert_cmpint (DGifSlurp (file), ==, GIF_OK);
  g_assert_cmpint (file->ImageCount, ==, 3 * PER_LEG);
  for (int i = 0; i < file->ImageCount; i++)
    assert_large (file->SavedImages[i].RasterBits, frames->data + i * N_PIXELS);
  DGifCloseFile (file, NULL);
}

static void
fill (guint8 *out, int side, const guint8 *pixels, gpointer data)
{
  memset (out, pixels[0], (gsize) side * side);
  out[0] = *(const guint8 *) data;
}

static void
read_png (guint8 *out, const char *folder, int number, int side)
{
  g_autofree char *name = g_strdup_printf ("frame-%04d.png", number);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  png_image image = { .version = PNG_IMAGE_VERSION };

  g_assert_true (png_image_begin_read_from_file (&image, path));
  g_assert_cmpuint (image.width, ==, side);
  g_assert_cmpuint (image.height, ==, side);
  g_assert_cmpuint (image.format, ==, PNG_FORMAT_GRAY);
  g_assert_true (png_image_finish_read (&image, NULL, out, side, NULL));
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static char *
save_frames (Fixture *fixture, GError **error)
{
  return raqam_morph_save_frames (fixture->model, &fixture->morph, &fixture->look, fixture->folder,
                                  "morph", &fixture->work, error);
}

static void
test_frames (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) frames = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *wanted = g_build_filename (fixture->folder, "morph", NULL);
  g_autofree char *folder = save_frames (fixture, &error);
  guint8 large[56 * 56];

  g_assert_no_error (error);
  g_assert_cmpstr (folder, ==, wanted);
  g_assert_cmpuint (count_files (folder), ==, 3 * PER_LEG);
  fixture->n_done = 0;
  raqam_morph_draw (fixture->model, &fixture->morph, &fixture->work, keep_frame, frames, NULL);
  for (int i = 0; i < 3 * PER_LEG; i++)
    {
      read_png (large, folder, i + 1, 56);
      assert_large (large, frames->data + i * N_PIXELS);
    }
}

/* What is there stays as it is, and the caller's way of enlarging is used. */
static void
test_frames_beside (Fixture *fixture, gconstpointer data)
{
  g_autofree char *there = g_build_filename (fixture->folder, "morph", NULL);
  g_autofree char *second = g_build_filename (fixture->folder, "morph 2", NULL);
  g_autofree char *third = g_build_filename (fixture->folder, "morph 3", NULL);
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;
  guint8 corner = 200, large[31 * 31];

  g_assert_cmpint (g_mkdir (there, 0777), ==, 0);
  g_assert_true (g_file_set_contents (second, "a file", -1, NULL));
  fixture->look = (RaqamMorphLook) { 31, fill, &corner };
  folder = save_frames (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (folder, ==, third);
  g_assert_cmpuint (count_files (there), ==, 0);
  read_png (large, folder, 1, 31);
  g_assert_cmpint (large[0], ==, 255 - 200);
}

static void
test_no_parent (Fixture *fixture, gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (fixture->folder, "nowhere", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (raqam_morph_save_frames (fixture->model, &fixture->morph, &fixture->look, nowhere,
                                          "morph", &fixture->work, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_nonnull (strstr (error->message, "nowhere"));
  g_assert_cmpuint (fixture->n_done, ==, 0);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "morph.gif", NULL);
  g_autoptr (GError) error = NULL;

  fixture->stop_at = 15;
  g_assert_false (raqam_morph_save_gif (fixture->model, &fixture->morph, &fixture->look, path, 4,
                                        &fixture->work, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fixture->n_done, ==, 15);
  g_assert_cmpuint (count_files (fixture->folder), ==, 0);

  g_clear_error (&error);
  g_cancellable_reset (fixture->cancellable);
  fixture->n_done = 0;
  g_assert_null (save_frames (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fixture->n_done, ==, 15);
  g_assert_cmpuint (count_files (fixture->folder), ==, 0);
}

/* A full disk, as the kernel tells it of a limit, once some frames are there. */
static void
test_full (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  struct rlimit before;

  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &before);
  fixture->stop_at = 15;
  fixture->by_limit = TRUE;
  g_assert_null (save_frames (fixture, &error));
  setrlimit (RLIMIT_FSIZE, &before);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "frame-0016.png"));
  g_assert_cmpuint (count_files (fixture->folder), ==, 0);
}

static void
add (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/morph/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("count", test_count);
  add ("ways", test_ways);
  add ("draw", test_draw);
  add ("loop", test_loop);
  add ("frame-refused", test_frame_refused);
  add ("no-device", test_no_device);
  add ("gif", test_gif);
  add ("frames", test_frames);
  add ("frames-beside", test_frames_beside);
  add ("no-parent", test_no_parent);
  add ("cancelled", test_cancelled);
  add ("full", test_full);
  return g_test_run ();
}
