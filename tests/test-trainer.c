/* test-trainer.c — the same seed gives the same weights, saved or not.
 * SPDX-License-Identifier: MIT */

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "engine/model.h"
#include "engine/trainer.h"
#include "toy.h"

#define N_IMAGES 64 /* not a multiple of the batch: batches run on across epochs */

typedef struct
{
  char         *folder;
  RaqamDataset *dataset;
  RaqamRecipe  *recipe;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer like)
{
  fixture->folder = toy_folder ();
  fixture->dataset = toy_dataset (fixture->folder, N_IMAGES);
  fixture->recipe = toy_recipe (like);
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
new_trainer (Fixture *fixture, int n_threads)
{
  RaqamDeviceOptions options = { .n_threads = n_threads };
  g_autoptr (GError) error = NULL;
  RaqamTrainer *trainer = raqam_trainer_new (fixture->recipe, fixture->dataset, "cpu", &options, &error);

  g_assert_no_error (error);
  return trainer;
}

static void
step (RaqamTrainer *trainer, int n)
{
  RaqamPoint point;
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < n; i++)
    {
      raqam_trainer_step (trainer, &point, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (point.step, ==, raqam_trainer_get_step (trainer));
    }
}

/* A checkpoint's bytes, which hold every number of the training. */
static GBytes *
save (RaqamTrainer *trainer, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
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
restore (RaqamTrainer *trainer, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  raqam_trainer_restore (trainer, path, &error);
  g_assert_no_error (error);
}

static void
test_same_seed (Fixture *fixture, gconstpointer like)
{
  g_autoptr (RaqamTrainer) a = new_trainer (fixture, 2), b = new_trainer (fixture, 2);
  g_autoptr (GBytes) first = NULL, second = NULL, third = NULL;

  step (a, 9);
  step (b, 9);
  first = save (a, fixture->folder, "a");
  second = save (b, fixture->folder, "b");
  g_assert_true (g_bytes_equal (first, second));

  step (b, 1);
  third = save (b, fixture->folder, "b");
  g_assert_false (g_bytes_equal (first, third));
}

static void
test_other_seed (Fixture *fixture, gconstpointer like)
{
  g_autoptr (RaqamTrainer) a = new_trainer (fixture, 1), b = NULL;
  RaqamPoint point[2];

  fixture->recipe->seed++;
  b = new_trainer (fixture, 1);
  g_assert_true (raqam_trainer_step (a, &point[0], NULL));
  g_assert_true (raqam_trainer_step (b, &point[1], NULL));
  g_assert_cmpfloat (point[0].loss[1], !=, point[1].loss[1]);
}

/* Step 9 is in the middle of the second epoch, and its batch has images of two. */
static void
test_resumed (Fixture *fixture, gconstpointer like)
{
  g_autoptr (GBytes) unbroken = NULL, resumed = NULL;

  {
    g_autoptr (RaqamTrainer) trainer = new_trainer (fixture, 2);

    step (trainer, 15);
    unbroken = save (trainer, fixture->folder, "unbroken");
  }
  {
    g_autoptr (RaqamTrainer) trainer = new_trainer (fixture, 2);
    g_autoptr (GBytes) bytes = NULL;

    step (trainer, 9);
    bytes = save (trainer, fixture->folder, "half");
  }
  {
    g_autoptr (RaqamTrainer) trainer = new_trainer (fixture, 2);

    restore (trainer, fixture->folder, "half");
    g_assert_cmpuint (raqam_trainer_get_step (trainer), ==, 9);
    step (trainer, 6);
    resumed = save (trainer, fixture->folder, "resumed");
  }

  g_assert_true (g_bytes_equal (unbroken, resumed));
}

/* Samples, snapshots and checkpoints only look on. */
static void
test_looking_changes_nothing (Fixture *fixture, gconstpointer like)
{
  g_autoptr (RaqamTrainer) a = new_trainer (fixture, 1), b = new_trainer (fixture, 1);
  g_autoptr (GBytes) first = NULL, second = NULL;
  g_autofree guint8 *grid = g_malloc (3 * 10 * RAQAM_IMAGE_SIZE);

  step (a, 8);
  for (int i = 0; i < 8; i++)
    {
      g_autoptr (RaqamModel) model = NULL;

      step (b, 1);
      model = raqam_trainer_snapshot (b, 100, NULL);
      g_assert_nonnull (model);
      g_assert_true (raqam_trainer_sample (b, grid, 3, 100, NULL));
    }

  first = save (a, fixture->folder, "a");
  second = save (b, fixture->folder, "b");
  g_assert_true (g_bytes_equal (first, second));
}

/* What is shown belongs to the weights as they are, also behind a restore to the same step. */
static void
test_samples_follow_the_weights (Fixture *fixture, gconstpointer like)
{
  const gsize size = 3 * 10 * RAQAM_IMAGE_SIZE;
  g_autoptr (RaqamTrainer) a = new_trainer (fixture, 1), b = NULL;
  g_autofree guint8 *first = g_malloc (size), *second = g_malloc (size);
  g_autoptr (GBytes) saved = NULL;

  step (a, 5);
  saved = save (a, fixture->folder, "a");
  g_assert_true (raqam_trainer_sample (a, first, 3, 0, NULL));
  step (a, 1);
  g_assert_true (raqam_trainer_sample (a, second, 3, 0, NULL));
  g_assert_cmpint (memcmp (first, second, size), !=, 0);

  fixture->recipe->rate[0] *= 2;
  b = new_trainer (fixture, 1);
  step (b, 5);
  g_assert_true (raqam_trainer_sample (b, second, 3, 0, NULL));
  g_assert_cmpint (memcmp (first, second, size), !=, 0);
  restore (b, fixture->folder, "a");
  g_assert_true (raqam_trainer_sample (b, second, 3, 0, NULL));
  g_assert_cmpmem (first, size, second, size);
}

static void
test_checkpoint_is_the_snapshot (Fixture *fixture, gconstpointer like)
{
  g_autoptr (RaqamTrainer) trainer = new_trainer (fixture, 1);
  g_autofree char *path = g_build_filename (fixture->folder, "saved", NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (RaqamModel) snapshot = NULL, loaded = NULL;
  g_autoptr (GError) error = NULL;

  step (trainer, 5);
  bytes = save (trainer, fixture->folder, "saved");
  snapshot = raqam_trainer_snapshot (trainer, 0, &error);
  g_assert_no_error (error);
  loaded = raqam_model_load (path, &error);
  g_assert_no_error (error);

  g_assert_cmpuint (loaded->step, ==, 5);
  g_assert_cmpfloat_with_epsilon (loaded->epoch, 5 * 10 / (double) N_IMAGES, 1e-12);
  g_assert_cmpmem (loaded->params, sizeof (float) * loaded->n_params,
                   snapshot->params, sizeof (float) * snapshot->n_params);
  g_assert_cmpmem (loaded->state, sizeof (float) * loaded->n_state,
                   snapshot->state, sizeof (float) * snapshot->n_state);
}

static void
test_refuses_other_data (Fixture *fixture, gconstpointer like)
{
  g_autoptr (RaqamTrainer) trainer = new_trainer (fixture, 1), other = NULL;
  g_autoptr (GBytes) bytes = save (trainer, fixture->folder, "saved");
  g_autofree char *path = g_build_filename (fixture->folder, "saved", NULL);
  g_autoptr (GError) error = NULL;

  raqam_dataset_unref (fixture->dataset);
  fixture->dataset = toy_dataset (fixture->folder, N_IMAGES + 10);
  other = new_trainer (fixture, 1);
  g_assert_false (raqam_trainer_restore (other, path, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT);
  g_assert_nonnull (strstr (error->message, path));
}

static void
test_refuses_other_networks (Fixture *fixture, gconstpointer like)
{
  g_autoptr (RaqamTrainer) trainer = new_trainer (fixture, 1), other = NULL;
  g_autoptr (GBytes) bytes = save (trainer, fixture->folder, "saved");
  g_autofree char *path = g_build_filename (fixture->folder, "saved", NULL);
  g_autoptr (GError) error = NULL;

  fixture->recipe->discriminator[0].filters = 12;
  other = new_trainer (fixture, 1);
  g_assert_false (raqam_trainer_restore (other, path, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT);
}

static void
test_every_image_once_an_epoch (Fixture *fixture, gconstpointer like)
{
  g_autoptr (RaqamTrainer) trainer = new_trainer (fixture, 1);
  guint n_ends = 0;

  g_assert_cmpuint (raqam_trainer_get_n_steps (trainer), ==, (3 * N_IMAGES + 9) / 10);
  for (guint64 step = 1; step <= raqam_trainer_get_n_steps (trainer); step++)
    n_ends += raqam_trainer_ends_epoch (trainer, step);
  g_assert_cmpuint (n_ends, ==, 3);
  g_assert_false (raqam_trainer_ends_epoch (trainer, 6)); /* 60 of 64 images */
  g_assert_true (raqam_trainer_ends_epoch (trainer, 7));
}

static void
test_divergence (Fixture *fixture, gconstpointer like)
{
  const char *const where[] = { "generator.0.weight", "discriminator.1.weight" };
  const float values[] = { NAN, INFINITY };
  g_autofree char *good = g_build_filename (fixture->folder, "good", NULL);
  g_autofree char *bad = g_build_filename (fixture->folder, "bad", NULL);
  g_autofree char *worse = g_build_filename (fixture->folder, "worse", NULL);
  g_autoptr (RaqamTrainer) trainer = new_trainer (fixture, 1);
  RaqamPoint point;

  g_assert_true (raqam_trainer_save (trainer, good, NULL));
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GError) error = NULL, save_error = NULL;

      toy_poison (bad, good, where[i / 2], values[i % 2]);
      g_assert_true (raqam_trainer_restore (trainer, bad, NULL));
      g_assert_false (raqam_trainer_step (trainer, &point, &error));
      g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DIVERGED);
      g_assert_false (raqam_trainer_save (trainer, worse, &save_error));
      g_assert_error (save_error, RAQAM_ERROR, RAQAM_ERROR_DIVERGED);
      g_assert_false (g_file_test (worse, G_FILE_TEST_EXISTS));
    }

  restore (trainer, fixture->folder, "good");
  step (trainer, 3);
}

static void
test_too_little_data (void)
{
  g_autofree char *folder = toy_folder ();
  g_autoptr (RaqamDataset) dataset = toy_dataset (folder, 9);
  g_autoptr (RaqamRecipe) recipe = toy_recipe ("fast");
  RaqamDeviceOptions options = { .n_threads = 1 };
  g_autoptr (GError) error = NULL;

  g_assert_null (raqam_trainer_new (recipe, dataset, "cpu", &options, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
  g_clear_error (&error);

  recipe->batch = 5;
  g_assert_null (raqam_trainer_new (recipe, dataset, "abacus", &options, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE);
  toy_remove (folder);
}

static void
add (const char *like, const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/trainer/%s/%s", like, name);

  g_test_add (path, Fixture, like, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  const char *const recipes[] = { "fast", "thesis" };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (recipes); i++)
    {
      add (recipes[i], "same-seed", test_same_seed);
      add (recipes[i], "other-seed", test_other_seed);
      add (recipes[i], "resumed", test_resumed);
      add (recipes[i], "looking-changes-nothing", test_looking_changes_nothing);
      add (recipes[i], "samples-follow-the-weights", test_samples_follow_the_weights);
      add (recipes[i], "checkpoint-is-the-snapshot", test_checkpoint_is_the_snapshot);
      add (recipes[i], "refuses-other-data", test_refuses_other_data);
      add (recipes[i], "refuses-other-networks", test_refuses_other_networks);
      add (recipes[i], "every-image-once-an-epoch", test_every_image_once_an_epoch);
      add (recipes[i], "divergence", test_divergence);
    }
  g_test_add_func ("/trainer/too-little-data", test_too_little_data);

  return g_test_run ();
}
