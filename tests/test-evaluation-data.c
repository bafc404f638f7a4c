/* test-evaluation-data.c — real digits in two parts.
 * SPDX-License-Identifier: MIT */

#include "engine/evaluation.h"

#include <string.h>

#include "segments.h"
#include "toy.h"

#define N_TRAIN 300
#define N_TEST 50

typedef struct
{
  char *folder;
  char *train;
  char *test;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = toy_folder ();
  fixture->train = segments_write (fixture->folder, "Train seven.cdb", N_TRAIN, 1);
  fixture->test = segments_write (fixture->folder, "tESt seven.cdb", N_TEST, 2);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  toy_remove (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->train);
  g_free (fixture->test);
}

static RaqamDataset *
load (const char *first, const char *second)
{
  const char *paths[] = { first, second, NULL };
  g_autoptr (GError) error = NULL;
  RaqamDataset *dataset = raqam_dataset_load (paths, FALSE, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return dataset;
}

static RaqamEvaluationData *
split (const char *first, const char *second)
{
  const char *paths[] = { first, second, NULL };
  g_autoptr (GError) error = NULL;
  RaqamEvaluationData *data = raqam_evaluation_data_load (paths, FALSE, NULL, &error);

  g_assert_no_error (error);
  return data;
}

/* By the names of the files, in whatever order; a model knows them in the order of its own. */
static void
test_files (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (RaqamDataset) train = load (fixture->train, NULL), test = load (fixture->test, NULL);

  for (int turned = 0; turned < 2; turned++)
    {
      const char *first = turned ? fixture->test : fixture->train;
      const char *second = turned ? fixture->train : fixture->test;
      g_autoptr (RaqamDataset) whole = load (first, second);
      g_autoptr (RaqamEvaluationData) data = split (first, second);

      g_assert_false (data->held_back);
      g_assert_cmpuint (raqam_dataset_get_n (data->train), ==, N_TRAIN);
      g_assert_cmpuint (raqam_dataset_get_n (data->test), ==, N_TEST);
      g_assert_cmpstr (data->checksum, ==, raqam_dataset_get_checksum (whole));
      g_assert_cmpstr (raqam_dataset_get_checksum (data->train), ==, raqam_dataset_get_checksum (train));
      g_assert_cmpstr (raqam_dataset_get_checksum (data->test), ==, raqam_dataset_get_checksum (test));
    }
}

static void
test_held_back (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (RaqamDataset) whole = load (fixture->train, NULL);
  g_autoptr (RaqamEvaluationData) data = split (fixture->train, NULL);

  g_assert_true (data->held_back);
  g_assert_cmpstr (data->checksum, ==, raqam_dataset_get_checksum (whole));
  g_assert_cmpuint (raqam_dataset_get_n (data->train), ==, N_TRAIN / 6 * 5);
  g_assert_cmpuint (raqam_dataset_get_n (data->test), ==, N_TRAIN / 6);
  for (int c = 0; c < 10; c++)
    g_assert_cmpuint (raqam_dataset_get_count (data->test, c), ==, N_TRAIN / 10 / 6);

  /* The sixth image of digit 0 is number 50 of all, and the one before stays. */
  g_assert_cmpmem (raqam_dataset_get_images (data->test), 784,
                   raqam_dataset_get_images (whole) + 50 * 784, 784);
  g_assert_cmpmem (raqam_dataset_get_images (data->train) + 49 * 784, 784,
                   raqam_dataset_get_images (whole) + 49 * 784, 784);
  g_assert_cmpmem (raqam_dataset_get_images (data->train) + 50 * 784, 784,
                   raqam_dataset_get_images (whole) + 60 * 784, 784);
}

/* @words: that the message has to hold */
static void
assert_refused (const char *path, const char *words)
{
  const char *paths[] = { path, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_null (raqam_evaluation_data_load (paths, FALSE, NULL, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_refused (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *nine = segments_write (fixture->folder, "Train nine.cdb", 9, 3);
  g_autofree char *fifty = segments_write (fixture->folder, "Train fifty.cdb", 50, 3);

  assert_refused (fixture->test, "training images");
  assert_refused (nine, "digit 0");
  assert_refused (fifty, "digit 0");
}

static void
add (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/evaluation-data/%s", name);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("files", test_files);
  add ("held-back", test_held_back);
  add ("refused", test_refused);

  return g_test_run ();
}
