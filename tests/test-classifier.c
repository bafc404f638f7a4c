/* test-classifier.c — the classifier learns, repeats itself, and is kept.
 * SPDX-License-Identifier: MIT */

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "engine/classifier-private.h"
#include "toy.h"

#define N_IMAGES 160

static const RaqamDeviceOptions ONE_THREAD = { .n_threads = 1 };
static const RaqamClassifierTraining SHORT = { .epochs = 1, .batch = 32, .rate = 2e-3f, .seed = 3 };
static const RaqamClassifierTraining LONG = { .epochs = 12, .batch = 16, .rate = 2e-3f, .seed = 3 };

typedef struct
{
  char         *folder;
  RaqamDataset *dataset;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = toy_folder ();
  fixture->dataset = toy_dataset (fixture->folder, N_IMAGES);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  raqam_dataset_unref (fixture->dataset);
  toy_remove (fixture->folder);
  g_free (fixture->folder);
}

static RaqamClassifier *
train (Fixture *fixture, const RaqamClassifierTraining *training)
{
  g_autoptr (GError) error = NULL;
  RaqamClassifier *classifier
      = raqam_classifier_train (raqam_dataset_get_images (fixture->dataset),
                                raqam_dataset_get_labels (fixture->dataset), N_IMAGES, training, "cpu",
                                &ONE_THREAD, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return classifier;
}

static float *
read_all (Fixture *fixture, RaqamClassifier *classifier, float **features)
{
  float *probabilities = g_new (float, N_IMAGES * RAQAM_DATASET_CLASSES);
  g_autoptr (GError) error = NULL;

  *features = g_new (float, N_IMAGES * RAQAM_CLASSIFIER_FEATURES);
  raqam_classifier_read (classifier, probabilities, *features,
                         raqam_dataset_get_images (fixture->dataset), N_IMAGES, &error);
  g_assert_no_error (error);
  return probabilities;
}

static void
test_learns (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamClassifier) classifier = train (fixture, &LONG);
  g_autofree float *features = NULL;
  g_autofree float *probabilities = read_all (fixture, classifier, &features);
  int n_right = 0;

  for (int i = 0; i < N_IMAGES; i++)
    {
      const float *row = probabilities + i * RAQAM_DATASET_CLASSES;
      float sum = 0;
      int best = 0;

      for (int c = 0; c < RAQAM_DATASET_CLASSES; c++)
        {
          sum += row[c];
          best = row[c] > row[best] ? c : best;
        }
      g_assert_cmpfloat_with_epsilon (sum, 1, 1e-5);
      n_right += best == raqam_dataset_get_labels (fixture->dataset)[i];
    }
  g_assert_cmpint (n_right, >, N_IMAGES * 95 / 100);
}

static void
test_same_seed (Fixture *fixture, gconstpointer data)
{
  RaqamClassifierTraining other = SHORT;
  g_autoptr (RaqamClassifier) a = train (fixture, &SHORT), b = train (fixture, &SHORT), c = NULL;
  g_autofree float *features_a = NULL, *features_b = NULL, *features_c = NULL;
  g_autofree float *first = read_all (fixture, a, &features_a);
  g_autofree float *second = read_all (fixture, b, &features_b);
  g_autofree float *third = NULL;
  gsize size = sizeof (float) * N_IMAGES * RAQAM_DATASET_CLASSES;

  g_assert_cmpmem (first, size, second, size);
  other.seed++;
  c = train (fixture, &other);
  third = read_all (fixture, c, &features_c);
  g_assert_cmpint (memcmp (first, third, size), !=, 0);
}

static void
test_kept (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "classifier.safetensors", NULL);
  g_autoptr (RaqamClassifier) classifier = train (fixture, &SHORT), loaded = NULL;
  g_autofree float *features = NULL, *loaded_features = NULL;
  g_autofree float *before = read_all (fixture, classifier, &features);
  g_autofree float *after = NULL;
  gsize size = sizeof (float) * N_IMAGES * RAQAM_CLASSIFIER_FEATURES;
  g_autoptr (GError) error = NULL;

  g_assert_true (raqam_classifier_save (classifier, path, "abc", &error));
  g_assert_no_error (error);
  loaded = raqam_classifier_load (path, "abc", "cpu", &ONE_THREAD, &error);
  g_assert_no_error (error);
  after = read_all (fixture, loaded, &loaded_features);
  g_assert_cmpmem (features, size, loaded_features, size);
  g_assert_cmpmem (before, 40, after, 40);

  g_assert_null (raqam_classifier_load (path, "abd", "cpu", &ONE_THREAD, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT);
}

static char *
checksum_of (RaqamClassifier *classifier)
{
  g_autoptr (GError) error = NULL;
  char *checksum = raqam_classifier_make_checksum (classifier, &error);

  g_assert_no_error (error);
  return checksum;
}

/* 160 images are 5 batches of 32, so 5 steps are an epoch, and others are not. */
static void
test_steps (Fixture *fixture, gconstpointer data)
{
  RaqamClassifierTraining by_steps = SHORT, fewer = SHORT;
  g_autoptr (RaqamClassifier) a = train (fixture, &SHORT), b = NULL, c = NULL;
  g_autofree char *first = checksum_of (a), *second = NULL, *third = NULL;

  by_steps.epochs = 7;
  by_steps.steps = 5;
  b = train (fixture, &by_steps);
  second = checksum_of (b);
  g_assert_cmpstr (first, ==, second);
  fewer.steps = 4;
  c = train (fixture, &fewer);
  third = checksum_of (c);
  g_assert_cmpstr (first, !=, third);
}

/* @from and @to of one length */
static void
assert_changed_is_refused (const char *path, const char *from, const char *to)
{
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;
  char *at;

  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  at = memmem (content, size, from, strlen (from));
  g_assert_nonnull (at);
  memcpy (at, to, strlen (to));
  g_assert_true (g_file_set_contents (path, content, size, NULL));
  g_assert_null (raqam_classifier_load (path, "abc", "cpu", &ONE_THREAD, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT);
  memcpy (at, from, strlen (from));
  g_assert_true (g_file_set_contents (path, content, size, NULL));
}

/* A file that somebody wrote over, or that has lost its checksum. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "classifier.safetensors", NULL);
  g_autoptr (RaqamClassifier) classifier = train (fixture, &SHORT), loaded = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (raqam_classifier_save (classifier, path, "abc", NULL));
  assert_changed_is_refused (path, "classifier.version\":\"2\"", "classifier.version\":\"1\"");
  assert_changed_is_refused (path, "raqam.sha256", "raqam.sha255");
  loaded = raqam_classifier_load (path, "abc", "cpu", &ONE_THREAD, &error);
  g_assert_no_error (error);
}

static void
cancel_cb (double done, double loss, gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (raqam_classifier_train (raqam_dataset_get_images (fixture->dataset),
                                         raqam_dataset_get_labels (fixture->dataset), N_IMAGES,
                                         &raqam_classifier_training, "cpu", &ONE_THREAD, cancel_cb,
                                         cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_too_little_data (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (raqam_classifier_train (raqam_dataset_get_images (fixture->dataset),
                                         raqam_dataset_get_labels (fixture->dataset), 31, &SHORT, "cpu",
                                         &ONE_THREAD, NULL, NULL, NULL, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
}

/* e / (e + 1 + 1/e) and so on, and no overflow. */
static void
test_softmax (void)
{
  const float logits[6] = { 1, 0, -1, 1e30f, 0, -1e30f };
  const double e = 2.718281828459045;
  float got[6];

  raqam_softmax (got, logits, 2, 3);
  g_assert_cmpfloat_with_epsilon (got[0], e / (e + 1 + 1 / e), 1e-6);
  g_assert_cmpfloat_with_epsilon (got[1], 1 / (e + 1 + 1 / e), 1e-6);
  g_assert_cmpfloat_with_epsilon (got[2], 1 / e / (e + 1 + 1 / e), 1e-6);
  g_assert_cmpfloat (got[3], ==, 1);
  g_assert_cmpfloat (got[5], ==, 0);
}

static void
add (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/classifier/%s", name);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("learns", test_learns);
  add ("same-seed", test_same_seed);
  add ("kept", test_kept);
  add ("steps", test_steps);
  add ("refused", test_refused);
  add ("cancelled", test_cancelled);
  add ("too-little-data", test_too_little_data);
  g_test_add_func ("/classifier/softmax", test_softmax);

  return g_test_run ();
}
