/* test-critic-training.c — the critic's classifier: trained, kept, shared and given up.
 * SPDX-License-Identifier: MIT */

#include "engine/critic-training.h"

#include <glib/gstdio.h>
#include <string.h>

#include "critic-rig.h"
#include "segments.h"

#define SIZE RAQAM_IMAGE_SIZE

static char *
cache_path (void)
{
  g_autoptr (RaqamEvaluationData) data = critic_rig_load_data ();

  return raqam_classifier_cache_path (raqam_dataset_get_checksum (data->train));
}

static void
train_classifier (CriticRig *rig)
{
  raqam_critic_train_classifier (rig->critic);
  g_assert_true (raqam_critic_is_training (rig->critic));
  raqam_critic_train_classifier (rig->critic);
  critic_rig_wait_until (&rig->n_trained, 1);
}

/* Asked before there is one, answered once more when there is; and found by the next critic. */
static void
test_classifier (CriticRig *rig, gconstpointer unused)
{
  g_autofree char *path = cache_path ();
  g_autoptr (RaqamEvaluationData) data = critic_rig_load_data ();
  RaqamDeviceOptions options = { .precision = RAQAM_PRECISION_F32, .n_threads = 1 };
  g_autoptr (RaqamClassifier) classifier = NULL;
  g_autoptr (GBytes) pixels = critic_rig_picture (6), other = critic_rig_picture (9);
  float wanted[RAQAM_DATASET_CLASSES];

  critic_rig_set_model (rig, critic_places.thesis_checkpoint);
  critic_rig_ask (rig, pixels, 6);
  g_assert_false (rig->opinion.has_probabilities);
  g_assert_false (raqam_critic_get_state (rig->critic)->has_classifier);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  train_classifier (rig);
  g_assert_no_error (rig->error);
  g_assert_cmpuint (rig->n_trained, ==, 1);
  g_assert_cmpuint (rig->n_progress, >, 0);
  g_assert_true (raqam_critic_get_state (rig->critic)->has_classifier);
  g_assert_true (rig->opinion.has_probabilities);

  classifier = raqam_classifier_load (path, raqam_dataset_get_checksum (data->train), "cpu",
                                      &options, NULL);
  g_assert_nonnull (classifier);
  for (int i = 0; i < 2; i++)
    {
      GBytes *question = i == 0 ? pixels : other;
      guint8 two[2 * SIZE] = { 0 };
      float of_two[2 * RAQAM_DATASET_CLASSES];

      if (i == 1)
        critic_rig_ask (rig, other, 9);
      memcpy (two, g_bytes_get_data (question, NULL), SIZE);
      g_assert_true (raqam_classifier_read (classifier, of_two, NULL, two, 2, NULL));
      memcpy (wanted, of_two, sizeof wanted);
      for (int c = 0; c < RAQAM_DATASET_CLASSES; c++)
        g_assert_cmpfloat_with_epsilon (rig->opinion.probabilities[c], wanted[c], 1e-5);
    }
}

/* One that the evaluation, or another critic, has kept meanwhile. */
static void
test_cached_classifier (CriticRig *rig, gconstpointer unused)
{
  g_autoptr (RaqamEvaluationData) data = critic_rig_load_data ();
  RaqamDeviceOptions options = { .n_threads = 1 };
  g_autoptr (RaqamClassifier) classifier = raqam_classifier_train (
    raqam_dataset_get_images (data->train), raqam_dataset_get_labels (data->train), CRITIC_N_TRAIN,
    &raqam_classifier_training, "cpu", &options, NULL, NULL, NULL, NULL);

  critic_rig_set_model (rig, critic_places.checkpoint);
  critic_rig_wait_for_state (rig, RAQAM_CRITIC_READY);
  g_assert_false (raqam_critic_get_state (rig->critic)->has_classifier);
  raqam_classifier_keep (classifier, raqam_dataset_get_checksum (data->train));
  critic_rig_set_model (rig, critic_places.checkpoint);
  critic_rig_wait_for_state (rig, RAQAM_CRITIC_READY);
  g_assert_true (raqam_critic_get_state (rig->critic)->has_classifier);
  train_classifier (rig);
  g_assert_cmpuint (rig->n_progress, ==, 0);
}

/* Where nothing can be kept the classifier is there nevertheless. */
static void
test_no_cache (CriticRig *rig, gconstpointer unused)
{
  g_autofree char *blocked = g_build_filename (g_get_user_cache_dir (), "raqam", NULL);
  g_autoptr (GBytes) pixels = critic_rig_picture (6);

  g_assert_cmpint (g_mkdir_with_parents (g_get_user_cache_dir (), 0777), ==, 0);
  g_assert_true (g_file_set_contents (blocked, "", 0, NULL));
  critic_rig_set_model (rig, critic_places.checkpoint);
  critic_rig_wait_for_state (rig, RAQAM_CRITIC_READY);
  train_classifier (rig);
  g_assert_no_error (rig->error);
  g_assert_true (raqam_critic_get_state (rig->critic)->has_classifier);
  critic_rig_ask (rig, pixels, 6);
  g_assert_true (rig->opinion.has_probabilities);
  g_assert_cmpint (g_unlink (blocked), ==, 0);
}

static void
test_cancel (CriticRig *rig, gconstpointer unused)
{
  g_autofree char *path = cache_path ();

  critic_rig_set_model (rig, critic_places.checkpoint);
  critic_rig_wait_for_state (rig, RAQAM_CRITIC_READY);
  raqam_critic_train_classifier (rig->critic);
  raqam_critic_cancel_training (rig->critic);
  critic_rig_wait_until (&rig->n_trained, 1);
  g_assert_no_error (rig->error);
  g_assert_false (raqam_critic_get_state (rig->critic)->has_classifier);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (rig->n_progress, ==, 0);

  /* And in the midst of it. */
  rig->cancel_at_progress = TRUE;
  raqam_critic_train_classifier (rig->critic);
  critic_rig_wait_until (&rig->n_trained, 2);
  g_assert_cmpuint (rig->n_progress, ==, 1);
  g_assert_no_error (rig->error);
}

/* Too few images for one batch: the training says so. */
static void
test_training_fails (CriticRig *rig, gconstpointer unused)
{
  g_autofree char *content = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (critic_places.train, &content, &size, NULL));
  g_free (segments_write (critic_places.folder, "Train seven.cdb", 100, 1));
  critic_rig_set_model (rig, critic_places.checkpoint);
  critic_rig_wait_for_state (rig, RAQAM_CRITIC_READY);
  train_classifier (rig);
  g_assert_error (rig->error, RAQAM_ERROR, RAQAM_ERROR_DATA);
  g_assert_false (raqam_critic_get_state (rig->critic)->has_classifier);
  g_assert_true (g_file_set_contents (critic_places.train, content, size, NULL));
}

/* Other digits mean another judge: nobody waits for the one that is being trained. */
static void
test_other_data (CriticRig *rig, gconstpointer unused)
{
  g_autofree char *content = NULL, *path = cache_path ();
  gsize size;

  critic_rig_set_model (rig, critic_places.checkpoint);
  critic_rig_wait_for_state (rig, RAQAM_CRITIC_READY);
  g_assert_true (g_file_get_contents (critic_places.train, &content, &size, NULL));
  g_free (segments_write (critic_places.folder, "Train seven.cdb", 300, 5));
  raqam_critic_train_classifier (rig->critic);
  critic_rig_set_model (rig, critic_places.checkpoint);
  critic_rig_wait_until (&rig->n_trained, 1);
  g_assert_no_error (rig->error);
  g_assert_false (raqam_critic_get_state (rig->critic)->has_classifier);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_set_contents (critic_places.train, content, size, NULL));
}

/* Nor is one whose digits cannot be read any more. */
static void
test_damaged_data (CriticRig *rig, gconstpointer unused)
{
  g_autofree char *content = NULL, *path = cache_path ();
  gsize size;

  critic_rig_set_model (rig, critic_places.checkpoint);
  critic_rig_wait_for_state (rig, RAQAM_CRITIC_READY);
  g_assert_true (g_file_get_contents (critic_places.train, &content, &size, NULL));
  g_assert_true (g_file_set_contents (critic_places.train, content, size / 2, NULL));
  raqam_critic_train_classifier (rig->critic);
  critic_rig_set_model (rig, critic_places.checkpoint);
  critic_rig_wait_until (&rig->n_trained, 1);
  g_assert_no_error (rig->error);
  g_assert_cmpint (raqam_critic_get_state (rig->critic)->data, ==, RAQAM_CRITIC_BAD_DATA);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_set_contents (critic_places.train, content, size, NULL));
}

/* The digits of the model that was set last are trained on, though nobody waited for them. */
static void
test_at_once (CriticRig *rig, gconstpointer unused)
{
  critic_rig_set_model (rig, critic_places.checkpoint);
  train_classifier (rig);
  g_assert_no_error (rig->error);
  g_assert_true (raqam_critic_get_state (rig->critic)->has_classifier);
}

/* In the midst of things: the threads are joined, and nothing is told after. */
static void
test_close (CriticRig *rig, gconstpointer unused)
{
  g_autoptr (GBytes) pixels = critic_rig_picture (1);

  critic_rig_set_model (rig, critic_places.checkpoint);
  critic_rig_wait_for_state (rig, RAQAM_CRITIC_READY);
  raqam_critic_train_classifier (rig->critic);
  critic_rig_wait_until (&rig->n_progress, 1);
  raqam_critic_ask (rig->critic, pixels, 1);
  raqam_critic_close (rig->critic);
  g_assert_false (raqam_critic_is_training (rig->critic));
  for (int i = 0; i < 20; i++)
    critic_rig_iterate ();
  g_assert_cmpuint (rig->n_trained, ==, 0);
  g_assert_cmpuint (rig->n_told, ==, 0);
  raqam_critic_close (rig->critic);
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  critic_rig_begin ();
  critic_rig_add ("classifier", test_classifier, NULL);
  critic_rig_add ("cached-classifier", test_cached_classifier, NULL);
  critic_rig_add ("no-cache", test_no_cache, NULL);
  critic_rig_add ("cancel", test_cancel, NULL);
  critic_rig_add ("training-fails", test_training_fails, NULL);
  critic_rig_add ("other-data", test_other_data, NULL);
  critic_rig_add ("damaged-data", test_damaged_data, NULL);
  critic_rig_add ("at-once", test_at_once, NULL);
  critic_rig_add ("close", test_close, NULL);
  status = g_test_run ();
  critic_rig_end ();
  return status;
}
