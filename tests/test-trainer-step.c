/* test-trainer-step.c — recorded steps, several at a time, are the plain ones.
 * SPDX-License-Identifier: MIT
 *
 * On the device "cuda", which is pretended-gpu.c unless RAQAM_MODULE_DIR names
 * another: the emulated GPU, or a real one. Skipped where there is none. */

#include <math.h>
#include <string.h>

#include "engine/device.h"
#include "engine/generator.h"
#include "engine/trainer.h"
#include "toy.h"

#define N_IMAGES 64 /* not a multiple of the batch: batches run on across epochs */

typedef struct
{
  char         *folder;
  RaqamDataset *dataset;
  RaqamRecipe  *recipe;
} Fixture;

static gboolean has_gpu, pretended;

static void
set_up (Fixture *fixture, gconstpointer like)
{
  fixture->folder = toy_folder ();
  fixture->dataset = toy_dataset (fixture->folder, N_IMAGES);
  fixture->recipe = toy_recipe (like);
  g_unsetenv ("RAQAM_PRETENDED_FAILURE");
}

static void
tear_down (Fixture *fixture, gconstpointer like)
{
  raqam_recipe_free (fixture->recipe);
  raqam_dataset_unref (fixture->dataset);
  toy_remove (fixture->folder);
  g_free (fixture->folder);
}

static RaqamTrainer *
new_trainer (Fixture *fixture, const char *device)
{
  RaqamDeviceOptions options = { .precision = RAQAM_PRECISION_F32, .n_threads = 1 };
  g_autoptr (GError) error = NULL;
  RaqamTrainer *trainer
    = raqam_trainer_new (fixture->recipe, fixture->dataset, device, &options, &error);

  g_assert_no_error (error);
  return trainer;
}

/* @n steps at a time */
static void
run (RaqamTrainer *trainer, RaqamPoint *points, int n)
{
  g_autoptr (GError) error = NULL;
  guint64 before = raqam_trainer_get_step (trainer);

  g_assert_cmpint (raqam_trainer_run (trainer, points, n, &error), ==, n);
  g_assert_no_error (error);
  for (int i = 0; i < n; i++)
    g_assert_cmpuint (points[i].step, ==, before + i + 1);
}

/* A checkpoint's bytes, which hold every number of the training. */
static GBytes *
save (Fixture *fixture, RaqamTrainer *trainer, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *data;
  gsize size;

  raqam_trainer_save (trainer, path, &error);
  g_assert_no_error (error);
  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);

  return g_bytes_new_take (data, size);
}

static void
restore (Fixture *fixture, RaqamTrainer *trainer, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  raqam_trainer_restore (trainer, path, &error);
  g_assert_no_error (error);
}

static void
look (RaqamTrainer *trainer)
{
  g_autofree guint8 *grid = g_malloc (3 * 10 * RAQAM_IMAGE_SIZE);
  g_autoptr (RaqamModel) model = raqam_trainer_snapshot (trainer, 100, NULL);

  g_assert_nonnull (model);
  g_assert_true (raqam_trainer_sample (trainer, grid, 3, 100, NULL));
}

static void
assert_same_points (const RaqamPoint *a, const RaqamPoint *b, int n)
{
  for (int i = 0; i < n; i++)
    g_assert_cmpmem (&a[i], sizeof a[i], &b[i], sizeof b[i]);
}

/* However steps are divided, and whoever looks between: 15 of them, across two ends of epochs. */
static void
test_divided (Fixture *fixture, gconstpointer like)
{
  g_autoptr (RaqamTrainer) one = new_trainer (fixture, "cuda"), many = new_trainer (fixture, "cuda");
  g_autoptr (GBytes) first = NULL, second = NULL;
  RaqamPoint points[2][15] = { 0 };

  g_assert_cmpint (raqam_trainer_get_longest_run (one), ==, RAQAM_LONGEST_RUN);
  for (int i = 0; i < 15; i++)
    run (one, &points[0][i], 1);
  run (many, points[1], 4);
  look (many);
  run (many, points[1] + 4, 1);
  run (many, points[1] + 5, 9);
  look (many);
  run (many, points[1] + 14, 1);

  assert_same_points (points[0], points[1], 15);
  first = save (fixture, one, "one");
  second = save (fixture, many, "many");
  g_assert_true (g_bytes_equal (first, second));
}

/* A trainer that restores goes on with what it recorded before. */
static void
test_restored (Fixture *fixture, gconstpointer like)
{
  g_autoptr (RaqamTrainer) trainer = new_trainer (fixture, "cuda"), other = NULL;
  g_autoptr (GBytes) half = NULL, whole = NULL, again = NULL, elsewhere = NULL;
  RaqamPoint points[10];

  run (trainer, points, 9);
  half = save (fixture, trainer, "half");
  run (trainer, points, 6);
  whole = save (fixture, trainer, "whole");

  restore (fixture, trainer, "half");
  run (trainer, points, 6);
  again = save (fixture, trainer, "again");
  g_assert_true (g_bytes_equal (whole, again));

  other = new_trainer (fixture, "cuda");
  run (other, points, 3);
  restore (fixture, other, "half");
  run (other, points, 2);
  run (other, points, 4);
  elsewhere = save (fixture, other, "elsewhere");
  g_assert_true (g_bytes_equal (whole, elsewhere));
}

/* Where products are rounded in other places, losses drift apart; by this much in 6 steps. */
static void
assert_close_points (const RaqamPoint *a, const RaqamPoint *b, int n)
{
  const double tolerance = pretended ? 0 : 2e-3;

  for (int i = 0; i < n; i++)
    for (int k = 0; k < 2; k++)
      {
        g_assert_cmpfloat (fabs ((double) a[i].loss[k] - b[i].loss[k]), <=, tolerance);
        g_assert_cmpfloat (fabs ((double) a[i].p_real[k] - b[i].p_real[k]), <=, tolerance);
        g_assert_cmpfloat (a[i].rate[k], ==, b[i].rate[k]);
      }
}

static void
test_same_seed_as_the_cpu (Fixture *fixture, gconstpointer like)
{
  g_autoptr (RaqamTrainer) cpu = new_trainer (fixture, "cpu"), gpu = new_trainer (fixture, "cuda");
  RaqamPoint points[2][6];

  for (int i = 0; i < 6; i++)
    run (cpu, &points[0][i], 1);
  run (gpu, points[1], 6);
  assert_close_points (points[0], points[1], 6);
  if (pretended)
    {
      g_autoptr (GBytes) first = save (fixture, cpu, "cpu"), second = save (fixture, gpu, "gpu");

      g_assert_true (g_bytes_equal (first, second));
    }
}

/* Saved on one device and resumed on the other: nothing is lost or added on the way. */
static void
cross (Fixture *fixture, const char *from, const char *to)
{
  g_autoptr (RaqamTrainer) a = new_trainer (fixture, from), b = new_trainer (fixture, to);
  g_autoptr (GBytes) saved = NULL, resaved = NULL;
  RaqamPoint points[2][4];

  for (int i = 0; i < 9; i++)
    run (a, points[0], 1);
  saved = save (fixture, a, "saved");
  restore (fixture, b, "saved");
  g_assert_cmpuint (raqam_trainer_get_step (b), ==, 9);
  resaved = save (fixture, b, "resaved");
  if (pretended || fixture->recipe->calibration == 0)
    g_assert_true (g_bytes_equal (saved, resaved));

  for (int i = 0; i < 4; i++)
    {
      run (a, &points[0][i], 1);
      run (b, &points[1][i], 1);
    }
  assert_close_points (points[0], points[1], 4);
}

static void
test_crossed (Fixture *fixture, gconstpointer like)
{
  cross (fixture, "cpu", "cuda");
  cross (fixture, "cuda", "cpu");
}

/* A moment that is no number breaks the weights at the end of the next step: the
 * step after it is the first whose loss shows it. */
static void
test_diverged (Fixture *fixture, gconstpointer like)
{
  g_autoptr (RaqamTrainer) one = new_trainer (fixture, "cuda"), many = new_trainer (fixture, "cuda");
  g_autofree char *good = g_build_filename (fixture->folder, "good", NULL);
  g_autofree char *bad = g_build_filename (fixture->folder, "bad", NULL);
  g_autoptr (GError) first = NULL, second = NULL;
  RaqamPoint points[2][6] = { 0 };

  for (int i = 0; i < 3; i++)
    run (one, points[0], 1);
  g_assert_true (raqam_trainer_save (one, good, NULL));
  toy_poison (bad, good, "adam.v.generator.0.weight", NAN);
  restore (fixture, one, "bad");
  restore (fixture, many, "bad");

  g_assert_true (raqam_trainer_step (one, &points[0][0], &first));
  g_assert_false (raqam_trainer_step (one, &points[0][1], &first));
  g_assert_error (first, RAQAM_ERROR, RAQAM_ERROR_DIVERGED);
  g_assert_nonnull (strstr (first->message, "step 5"));

  g_assert_cmpint (raqam_trainer_run (many, points[1], 6, &second), ==, 1);
  g_assert_error (second, RAQAM_ERROR, RAQAM_ERROR_DIVERGED);
  g_assert_cmpstr (first->message, ==, second->message);
  assert_same_points (points[0], points[1], 1);

  restore (fixture, many, "good");
  run (many, points[1], 6);
}

/* A device that will not record trains all the same. */
static void
test_unrecorded (Fixture *fixture, gconstpointer like)
{
  g_autoptr (RaqamTrainer) plain = NULL, recorded = NULL;
  g_autoptr (GBytes) first = NULL, second = NULL;
  RaqamPoint points[5];

  if (!pretended)
    {
      g_test_skip ("only the pretended GPU can be told to refuse");
      return;
    }

  recorded = new_trainer (fixture, "cuda");
  run (recorded, points, 5);
  second = save (fixture, recorded, "recorded");

  g_setenv ("RAQAM_PRETENDED_FAILURE", "record", TRUE);
  plain = new_trainer (fixture, "cuda");
  g_test_expect_message ("raqam", G_LOG_LEVEL_WARNING, "*cannot record*");
  run (plain, points, 3);
  run (plain, points, 2);
  g_test_assert_expected_messages ();
  first = save (fixture, plain, "plain");
  g_assert_true (g_bytes_equal (first, second));
}

static void
test_fails_in_mid_run (Fixture *fixture, gconstpointer like)
{
  g_autoptr (RaqamTrainer) trainer = NULL;
  g_autoptr (GError) error = NULL, save_error = NULL;
  g_autofree char *path = g_build_filename (fixture->folder, "lost", NULL);
  RaqamPoint points[9];

  if (!pretended)
    {
      g_test_skip ("only the pretended GPU can be told to fail");
      return;
    }

  g_setenv ("RAQAM_PRETENDED_FAILURE", "5", TRUE);
  trainer = new_trainer (fixture, "cuda");
  g_assert_cmpint (raqam_trainer_run (trainer, points, 9, &error), ==, 0);
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE);
  g_assert_false (raqam_trainer_save (trainer, path, &save_error));
  g_assert_error (save_error, RAQAM_ERROR, RAQAM_ERROR_DEVICE);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* Pictures are recorded too, one recording for all weights. */
static void
test_generator (Fixture *fixture, gconstpointer like)
{
  const RaqamDeviceOptions options = { .precision = RAQAM_PRECISION_F32, .n_threads = 1,
                                       .interactive = TRUE };
  g_autoptr (RaqamTrainer) trainer = new_trainer (fixture, "cpu");
  RaqamModel *models[2];
  g_autoptr (RaqamGenerator) cpu = NULL, gpu = NULL;
  guint8 pixels[2][12 * RAQAM_IMAGE_SIZE], labels[12];
  g_autofree float *z = g_new (float, 12 * fixture->recipe->latent);
  RaqamPoint point;

  for (int m = 0; m < 2; m++)
    {
      for (int i = 0; i < 3; i++)
        run (trainer, &point, 1);
      models[m] = raqam_trainer_snapshot (trainer, 100, NULL);
      g_assert_nonnull (models[m]);
    }
  cpu = raqam_generator_new (models[0], "cpu", &options, 5, NULL);
  gpu = raqam_generator_new (models[0], "cuda", &options, 5, NULL);
  g_assert_nonnull (cpu);
  g_assert_nonnull (gpu);
  g_assert_cmpstr (raqam_generator_get_backend (gpu), ==, "cuda");

  raqam_generator_random_latents (z, 12, fixture->recipe->latent, 3, 0);
  for (int i = 0; i < 12; i++)
    labels[i] = (guint8) (i % 10);
  for (int pass = 0; pass < 4; pass++)
    {
      g_assert_true (raqam_generator_set_model (cpu, models[pass / 2], NULL));
      g_assert_true (raqam_generator_set_model (gpu, models[pass / 2], NULL));
      g_assert_true (raqam_generator_draw (cpu, pixels[0], z, labels, 12, NULL));
      g_assert_true (raqam_generator_draw (gpu, pixels[1], z, labels, 12, NULL));
      for (gsize i = 0; i < sizeof pixels[0]; i++)
        g_assert_cmpint (ABS (pixels[0][i] - pixels[1][i]), <=, pretended ? 0 : 1);
    }

  for (int m = 0; m < 2; m++)
    raqam_model_unref (models[m]);
}

static void
test_memory (Fixture *fixture, gconstpointer like)
{
  g_autoptr (RaqamTrainer) gpu = new_trainer (fixture, "cuda"), cpu = new_trainer (fixture, "cpu");
  guint64 used, total;

  raqam_trainer_get_memory (gpu, &used, &total);
  g_assert_cmpuint (used, >, 0);
  g_assert_cmpuint (used, <=, total);
  raqam_trainer_get_memory (cpu, &used, &total);
  g_assert_cmpuint (total, ==, 0);
}

static void
look_for_gpu (void)
{
  g_autoptr (GPtrArray) devices = raqam_device_list ();

  for (guint i = 0; i < devices->len; i++)
    {
      const RaqamDeviceEntry *device = devices->pdata[i];

      if (!g_str_equal (device->name, "cuda"))
        continue;
      has_gpu = device->why_not == NULL;
      pretended = has_gpu && g_str_equal (device->info.name, "Pretended GPU");
      if (!has_gpu)
        g_print ("# %s\n", device->why_not);
    }
}

static void
test_no_gpu (void)
{
  g_test_skip ("there is no GPU that can be used");
}

static void
add (const char *like, const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/trainer-step/%s/%s", like, name);

  g_test_add (path, Fixture, like, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  const char *const recipes[] = { "fast", "thesis" };

  g_test_init (&argc, &argv, NULL);
  look_for_gpu ();

  if (!has_gpu)
    g_test_add_func ("/trainer-step", test_no_gpu);
  for (guint i = 0; has_gpu && i < G_N_ELEMENTS (recipes); i++)
    {
      add (recipes[i], "divided", test_divided);
      add (recipes[i], "restored", test_restored);
      add (recipes[i], "same-seed-as-the-cpu", test_same_seed_as_the_cpu);
      add (recipes[i], "crossed", test_crossed);
      add (recipes[i], "diverged", test_diverged);
      add (recipes[i], "unrecorded", test_unrecorded);
      add (recipes[i], "fails-in-mid-run", test_fails_in_mid_run);
      add (recipes[i], "generator", test_generator);
      add (recipes[i], "memory", test_memory);
    }

  return g_test_run ();
}
