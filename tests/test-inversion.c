/* test-inversion.c — finds the latent vector whose picture comes nearest to a given one.
 * SPDX-License-Identifier: MIT
 *
 * The truth is a picture that the model itself drew from a latent vector that the
 * search is not told; another vector may draw the same, so pictures are compared.
 */

#include "engine/inversion.h"

#include "engine/error.h"
#include "engine/generator.h"
#include "engine/model-private.h"
#include "engine/philox.h"
#include "toy.h"

#include <math.h>
#include <string.h>

#define N_PICTURES 6
#define N_RANDOM 2000

/* First weights draw one grey; these are large enough that pictures differ. */
static RaqamModel *
model_of (RaqamRecipe *recipe, float gain)
{
  RaqamTensorInfo tensors[RAQAM_MAX_TENSORS];
  RaqamNetworkSpec spec;
  RaqamModel *model = raqam_model_new (recipe);
  int n;

  raqam_network_spec_init (&spec, recipe, RAQAM_GENERATOR);
  raqam_network_initialise (model->params, model->state, &spec, recipe);
  model->origin = g_strdup ("made weights");
  n = raqam_network_spec_tensors (tensors, &spec);
  for (int i = 0; i < n; i++)
    for (gsize j = 0; j < tensors[i].n && !tensors[i].state; j++)
      {
        float u = raqam_philox_uniform (raqam_philox (3, 0, (guint32) i, (guint32) j).word[0]);

        if (tensors[i].fan > 0)
          model->params[tensors[i].offset + j] = sqrtf (12.0f / tensors[i].fan) * (u - 0.5f) * gain;
      }
  return model;
}

static RaqamModel *
new_model (const char *like)
{
  g_autoptr (RaqamRecipe) recipe = toy_recipe (like);

  return model_of (recipe, g_str_equal (like, "fast") ? 1.5f : 3.0f);
}

/* What @model draws of @z, as people see it. */
static void
draw (guint8 *pixels, const RaqamModel *model, const float *z, guint8 digit, int n)
{
  RaqamDeviceOptions options = { .n_threads = 1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamGenerator) generator = raqam_generator_new (model, "cpu", &options, n, &error);
  g_autofree guint8 *labels = g_malloc (n);

  g_assert_no_error (error);
  memset (labels, digit, n);
  raqam_generator_draw (generator, pixels, z, labels, n, &error);
  g_assert_no_error (error);
  raqam_generator_clear_paper (pixels, (gsize) n * RAQAM_IMAGE_SIZE, model->recipe);
}

static RaqamInversionSettings
settings_of (int digit, guint64 seed)
{
  return (RaqamInversionSettings){ .digit = digit, .seed = seed, .device = "cpu", .n_threads = 1 };
}

static RaqamInversion
invert (const RaqamModel *model, const guint8 *target, int digit, guint64 seed)
{
  RaqamInversionSettings settings = settings_of (digit, seed);
  g_autoptr (GError) error = NULL;
  RaqamInversion result;

  g_assert_true (raqam_invert (&result, model, target, &settings, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  return result;
}

static double
nearest_random (const RaqamModel *model, const guint8 *target, guint8 digit)
{
  int latent = model->recipe->latent;
  g_autofree float *z = g_new (float, N_RANDOM * latent);
  g_autofree guint8 *pixels = g_malloc (N_RANDOM * RAQAM_IMAGE_SIZE);
  double nearest = 1;

  raqam_generator_random_latents (z, N_RANDOM, latent, 77, 0);
  draw (pixels, model, z, digit, N_RANDOM);
  for (int i = 0; i < N_RANDOM; i++)
    nearest = MIN (nearest, raqam_inversion_distance (target, pixels + i * RAQAM_IMAGE_SIZE));
  return nearest;
}

/* Pictures that the model can draw are found again, and much nearer than chance would
 * have it; what the result says of itself is so. */
static void
test_finds_own (gconstpointer like)
{
  g_autoptr (RaqamModel) model = new_model (like);
  int latent = model->recipe->latent;
  g_autofree float *z = g_new (float, N_PICTURES * latent);

  raqam_generator_random_latents (z, N_PICTURES, latent, 2024, 0);
  for (int i = 0; i < N_PICTURES; i++)
    {
      guint8 target[RAQAM_IMAGE_SIZE], drawn[RAQAM_IMAGE_SIZE];
      RaqamInversion result;
      double by_chance;

      draw (target, model, z + i * latent, (guint8) i, 1);
      result = invert (model, target, i, 1);
      by_chance = nearest_random (model, target, (guint8) i);
      g_test_message ("%d: distance %.4f, by chance %.4f", i, result.distance, by_chance);
      g_assert_cmpfloat (by_chance, >, 0.05);
      g_assert_cmpfloat (result.distance, <, 0.5 * by_chance);

      g_assert_cmpint (result.style.digit, ==, i);
      g_assert_cmpint (result.style.mix, ==, 0);
      g_assert_cmpfloat (result.style.truncation, ==, 1);
      g_assert_cmpint (result.style.latent, ==, latent);
      g_assert_cmpint (result.n_starts, >, 1);
      g_assert_cmpint (result.n_iterations, >, 0);
      draw (drawn, model, result.style.z, (guint8) i, 1);
      for (int k = 0; k < RAQAM_IMAGE_SIZE; k++)
        g_assert_cmpint (ABS (drawn[k] - result.pixels[k]), <=, 13); /* one grey of clear_paper's */
      g_assert_cmpfloat (result.distance, ==, raqam_inversion_distance (target, result.pixels));
    }
}

/* All ten are tried, and the one that the picture is of comes nearest. */
static void
test_finds_digit (void)
{
  g_autoptr (RaqamModel) model = new_model ("fast");
  float z[RAQAM_MAX_LATENT];
  guint8 target[RAQAM_IMAGE_SIZE];
  RaqamInversion any, wrong;

  raqam_generator_random_latents (z, 1, model->recipe->latent, 5, 0);
  draw (target, model, z, 7, 1);
  any = invert (model, target, RAQAM_INVERSION_ANY, 1);
  wrong = invert (model, target, 4, 1);
  g_assert_cmpint (any.style.digit, ==, 7);
  g_assert_cmpint (wrong.style.digit, ==, 4);
  g_assert_cmpfloat (any.distance, <, wrong.distance);
}

typedef struct
{
  GCancellable *cancellable; /* is cancelled once it was told so often; NULL: never */
  int           cancel_after;
  int           n;
  double        distance, done;
} Told;

static void
progress_cb (const RaqamInversion *best, double done, gpointer data)
{
  Told *told = data;

  g_assert_cmpfloat (best->distance, <=, told->distance);
  g_assert_cmpfloat (best->distance, <=, 1);
  g_assert_cmpfloat (done, >=, told->done);
  g_assert_cmpfloat (done, <=, 1);
  told->distance = best->distance;
  told->done = done;
  if (++told->n == told->cancel_after)
    g_cancellable_cancel (told->cancellable);
}

static void
make_target (guint8 *target, const RaqamModel *model)
{
  float z[RAQAM_MAX_LATENT];

  raqam_generator_random_latents (z, 1, model->recipe->latent, 8, 0);
  draw (target, model, z, 3, 1);
}

static void
test_progress (void)
{
  g_autoptr (RaqamModel) model = new_model ("fast");
  RaqamInversionSettings settings = settings_of (3, 1);
  Told told = { .distance = 2 };
  guint8 target[RAQAM_IMAGE_SIZE];
  g_autoptr (GError) error = NULL;
  RaqamInversion result;

  make_target (target, model);
  g_assert_true (raqam_invert (&result, model, target, &settings, progress_cb, &told, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (told.n, >=, 2);
  g_assert_cmpfloat (told.done, ==, 1);
  g_assert_cmpfloat (told.distance, ==, result.distance);
}

static void
test_cancel (void)
{
  g_autoptr (RaqamModel) model = new_model ("fast");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  RaqamInversionSettings settings = settings_of (3, 1);
  Told told = { .cancellable = cancellable, .cancel_after = 1, .distance = 2 };
  guint8 target[RAQAM_IMAGE_SIZE];
  g_autoptr (GError) error = NULL;
  RaqamInversion result;

  make_target (target, model);
  g_assert_false (raqam_invert (&result, model, target, &settings, progress_cb, &told, cancellable,
                                &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (told.n, ==, 1);
  g_assert_cmpfloat (told.done, <, 1);

  /* And one that never began. */
  g_clear_error (&error);
  g_assert_false (raqam_invert (&result, model, target, &settings, progress_cb, &told, cancellable,
                                &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (told.n, ==, 1);
}

static void
test_seed (void)
{
  g_autoptr (RaqamModel) model = new_model ("fast");
  guint8 target[RAQAM_IMAGE_SIZE];
  RaqamInversion first, again, other;

  make_target (target, model);
  first = invert (model, target, 3, 11);
  again = invert (model, target, 3, 11);
  other = invert (model, target, 3, 12);
  g_assert_true (raqam_style_equal (&first.style, &again.style));
  g_assert_cmpmem (first.pixels, sizeof first.pixels, again.pixels, sizeof again.pixels);
  g_assert_cmpfloat (first.distance, ==, again.distance);
  g_assert_false (raqam_style_equal (&first.style, &other.style));
}

/* One number, two, and as many as there may be. */
static void
test_lengths (void)
{
  static const int lengths[] = { 1, 2, RAQAM_MAX_LATENT };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (RaqamRecipe) recipe = toy_recipe ("fast");
      g_autoptr (RaqamModel) model = NULL;
      guint8 target[RAQAM_IMAGE_SIZE], drawn[RAQAM_IMAGE_SIZE];
      RaqamInversion result;

      recipe->latent = lengths[i];
      model = model_of (recipe, 1.5f);
      make_target (target, model);
      result = invert (model, target, RAQAM_INVERSION_ANY, 11);
      g_assert_cmpint (result.style.latent, ==, lengths[i]);
      draw (drawn, model, result.style.z, (guint8) result.style.digit, 1);
      g_assert_cmpmem (drawn, sizeof drawn, result.pixels, sizeof drawn);
    }
}

static void
test_nothing_drawn (void)
{
  g_autoptr (RaqamModel) model = new_model ("fast");
  RaqamInversionSettings settings = settings_of (RAQAM_INVERSION_ANY, 1);
  const guint8 target[RAQAM_IMAGE_SIZE] = { 0 };
  g_autoptr (GError) error = NULL;
  RaqamInversion result;

  g_assert_false (raqam_invert (&result, model, target, &settings, NULL, NULL, NULL, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "draw something first"));
}

static void
test_no_device (void)
{
  g_autoptr (RaqamModel) model = new_model ("fast");
  RaqamInversionSettings settings = settings_of (3, 1);
  guint8 target[RAQAM_IMAGE_SIZE];
  g_autoptr (GError) error = NULL;
  RaqamInversion result;

  make_target (target, model);
  settings.device = "abacus";
  g_assert_false (raqam_invert (&result, model, target, &settings, NULL, NULL, NULL, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE);
}

static void
test_distance (void)
{
  guint8 a[RAQAM_IMAGE_SIZE] = { 0 }, b[RAQAM_IMAGE_SIZE] = { 0 };

  g_assert_cmpfloat (raqam_inversion_distance (a, b), ==, 0);
  a[0] = 200;
  b[783] = 100;
  g_assert_cmpfloat (raqam_inversion_distance (a, b), ==, 1);
  g_assert_cmpfloat (raqam_inversion_distance (a, a), ==, 0);
  b[0] = 100; /* 100 + 100 apart of 200 + 200 */
  g_assert_cmpfloat (raqam_inversion_distance (a, b), ==, 0.5);
  g_assert_cmpfloat (raqam_inversion_distance (b, a), ==, 0.5);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/inversion/finds-own/fast", "fast", test_finds_own);
  g_test_add_data_func ("/inversion/finds-own/thesis", "thesis-32", test_finds_own);
  g_test_add_func ("/inversion/finds-digit", test_finds_digit);
  g_test_add_func ("/inversion/progress", test_progress);
  g_test_add_func ("/inversion/cancel", test_cancel);
  g_test_add_func ("/inversion/seed", test_seed);
  g_test_add_func ("/inversion/lengths", test_lengths);
  g_test_add_func ("/inversion/nothing-drawn", test_nothing_drawn);
  g_test_add_func ("/inversion/no-device", test_no_device);
  g_test_add_func ("/inversion/distance", test_distance);
  return g_test_run ();
}
