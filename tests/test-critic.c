/* test-critic.c — opinions on a picture against those of plain loops over the same data.
 * SPDX-License-Identifier: MIT */

#include "engine/critic.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "critic-rig.h"
#include "engine/generator.h"
#include "engine/model-private.h"
#include "engine/trainer.h"
#include "reference-backend.h"
#include "segments.h"
#include "toy.h"

#define SIZE RAQAM_IMAGE_SIZE

/* Every grey there is. */
static GBytes *
grey_picture (void)
{
  guint8 pixels[SIZE];

  for (int i = 0; i < SIZE; i++)
    pixels[i] = (guint8) (i * 5);
  return g_bytes_new (pixels, SIZE);
}

static double
distance (const guint8 *a, const guint8 *b)
{
  double sum = 0;

  for (int i = 0; i < SIZE; i++)
    sum += (a[i] / 255.0 - b[i] / 255.0) * (a[i] / 255.0 - b[i] / 255.0);
  return sqrt (sum / SIZE);
}

/* The nearest of those that are not taken, and takes it. */
static guint
take_nearest (gboolean *taken, double *nearest, const guint8 *pixels, const RaqamDataset *of)
{
  guint best = 0;

  *nearest = G_MAXDOUBLE;
  for (guint i = 0; i < raqam_dataset_get_n (of); i++)
    {
      double d = distance (pixels, raqam_dataset_get_images (of) + (gsize) i * SIZE);

      if (!taken[i] && d < *nearest - 1e-12)
        {
          best = i;
          *nearest = d;
        }
    }
  taken[best] = TRUE;
  return best;
}

static void
assert_neighbours (CriticRig *rig, const guint8 *seen, const RaqamDataset *real)
{
  g_autofree gboolean *taken = g_new0 (gboolean, raqam_dataset_get_n (real));

  g_assert_cmpint (rig->near.n_neighbours, ==, RAQAM_CRITIC_NEIGHBOURS);
  for (int i = 0; i < RAQAM_CRITIC_NEIGHBOURS; i++)
    {
      const RaqamNeighbour *neighbour = &rig->near.neighbours[i];
      double nearest;
      guint index = take_nearest (taken, &nearest, seen, real);

      g_assert_cmpuint (neighbour->index, ==, index);
      g_assert_cmpfloat_with_epsilon (neighbour->distance, nearest, 1e-6);
      g_assert_cmpint (neighbour->label, ==, raqam_dataset_get_labels (real)[index]);
      g_assert_cmpmem (neighbour->pixels, SIZE,
                       raqam_dataset_get_images (real) + (gsize) index * SIZE, SIZE);
    }
}

static void
test_neighbours (CriticRig *rig, gconstpointer unused)
{
  g_autoptr (RaqamEvaluationData) data = critic_rig_load_data ();
  g_autoptr (GBytes) strange = critic_rig_picture (4);
  g_autoptr (GBytes) copy =
    g_bytes_new (raqam_dataset_get_images (data->train) + (gsize) 123 * SIZE, SIZE);

  critic_rig_set_model (rig, critic_places.thesis_checkpoint);
  critic_rig_wait_for_state (rig, RAQAM_CRITIC_READY);
  critic_rig_ask (rig, strange, 4);
  assert_neighbours (rig, g_bytes_get_data (strange, NULL), data->train);
  g_assert_cmpint (rig->near.digit, ==, 4);
  g_assert_cmpfloat (rig->near.neighbours[0].distance, >, 0.01);

  critic_rig_ask (rig, copy, 3);
  g_assert_cmpuint (rig->near.neighbours[0].index, ==, 123);
  g_assert_cmpfloat (rig->near.neighbours[0].distance, ==, 0);
}

/* Greys are compared as the binarised data have them: ink from one half on, which behind a
 * threshold lies at 0.5 before the paper was cleared. */
static void
test_black_and_white (CriticRig *rig, gconstpointer path)
{
  g_autoptr (RaqamEvaluationData) data = critic_rig_load_data ();
  g_autoptr (RaqamModel) model = raqam_model_load (*(char *const *) path, NULL);
  guint8 raw[SIZE], shown[SIZE], ink[SIZE];
  g_autoptr (GBytes) pixels = NULL;

  for (int i = 0; i < SIZE; i++)
    {
      raw[i] = (guint8) i;
      ink[i] = raw[i] / 255.0 >= 0.5 ? 255 : 0;
    }
  memcpy (shown, raw, SIZE);
  raqam_generator_clear_paper (shown, SIZE, model->recipe);
  pixels = g_bytes_new (shown, SIZE);
  critic_rig_set_model (rig, *(char *const *) path);
  critic_rig_ask (rig, pixels, 0);
  assert_neighbours (rig, ink, data->train);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Of 20 test images of a digit the first is 1 in 20, the tenth one half, the 19th all but one. */
static void
test_unseen (CriticRig *rig, gconstpointer unused)
{
  g_autoptr (RaqamEvaluationData) data = critic_rig_load_data ();
  g_autofree gboolean *taken = g_new0 (gboolean, CRITIC_N_TRAIN);
  g_autoptr (GBytes) pixels = critic_rig_picture (7);
  double distances[CRITIC_N_TEST / 10];
  int n = 0;

  for (int i = 0; i < CRITIC_N_TEST; i++)
    if (raqam_dataset_get_labels (data->test)[i] == 7)
      {
        const guint8 *image = raqam_dataset_get_images (data->test) + (gsize) i * SIZE;

        memset (taken, 0, sizeof (gboolean) * CRITIC_N_TRAIN);
        take_nearest (taken, &distances[n++], image, data->train);
      }
  g_assert_cmpint (n, ==, 20);
  qsort (distances, n, sizeof (double), compare_doubles);

  critic_rig_set_model (rig, critic_places.checkpoint);
  critic_rig_ask (rig, pixels, 7);
  while (!rig->near.has_unseen)
    critic_rig_wait_until (&rig->n_neighbours, rig->n_neighbours + 1);
  g_assert_cmpfloat_with_epsilon (rig->near.unseen_near, distances[0], 1e-6);
  g_assert_cmpfloat_with_epsilon (rig->near.unseen_median, distances[9], 1e-6);
  g_assert_cmpfloat_with_epsilon (rig->near.unseen_far, distances[18], 1e-6);
  g_assert_cmpfloat (distances[0], <, distances[9]);
}

/* sigmoid (−logit) of the checkpoint's tensors in plain loops. */
static double
reference_realness (const char *path, const guint8 *seen, int digit)
{
  const RaqamBackend *backend = &raqam_reference_backend;
  RaqamDeviceOptions options = { .n_threads = 1 };
  g_autoptr (RaqamSafetensors) file = raqam_safetensors_open (path, NULL);
  g_autoptr (RaqamRecipe) recipe = raqam_checkpoint_read_recipe (file, path, NULL);
  RaqamDevice *device = backend->device_open (&options, NULL);
  RaqamForward how = { .mode = RAQAM_MODE_INFER };
  RaqamNetworkSpec spec;
  RaqamNetwork *network;
  g_autofree float *params = NULL, *state = NULL;
  float image[SIZE], logit;
  guint8 label = (guint8) digit;

  raqam_network_spec_init (&spec, recipe, RAQAM_DISCRIMINATOR);
  params = g_new0 (float, spec.n_params);
  state = g_new0 (float, spec.n_state + 1);
  g_assert_true (raqam_group_read (params, state, file, RAQAM_GROUP_DISCRIMINATOR, &spec, NULL));
  for (int i = 0; i < SIZE; i++)
    image[i] = seen[i] / 255.0f;
  network = raqam_network_new (backend, device, &spec, 1, FALSE, NULL);
  g_assert_true (raqam_network_prepare (network, params, state, FALSE, NULL));
  g_assert_true (raqam_network_forward (network, &logit, image, &label, &how, NULL));
  raqam_network_free (network);
  backend->device_close (device);
  return 1 / (1 + exp (logit));
}

/* Behind a threshold the discriminator never saw a grey; without one it sees them all. */
static void
test_realness (CriticRig *rig, gconstpointer path)
{
  const char *file = *(char *const *) path;
  gboolean threshold = file == critic_places.checkpoint;
  g_autoptr (GBytes) pixels = grey_picture ();
  guint8 seen[SIZE];
  double first, second;

  for (int i = 0; i < SIZE; i++)
    {
      guint8 shown = ((const guint8 *) g_bytes_get_data (pixels, NULL))[i];

      seen[i] = !threshold ? shown : shown / 12.5 + 0.49 * 255 >= 127.5 ? 255 : 0;
    }
  critic_rig_set_model (rig, file);
  critic_rig_ask (rig, pixels, 3);
  g_assert_true (raqam_critic_get_state (rig->critic)->has_discriminator);
  g_assert_true (rig->opinion.has_realness);
  first = rig->opinion.realness;
  g_assert_cmpfloat_with_epsilon (first, reference_realness (file, seen, 3), 1e-4);

  raqam_critic_ask (rig->critic, pixels, 8);
  while (rig->opinion.digit != 8)
    critic_rig_wait_until (&rig->n_told, rig->n_told + 1);
  second = rig->opinion.realness;
  g_assert_cmpfloat_with_epsilon (second, reference_realness (file, seen, 8), 1e-4);
  g_assert_cmpfloat (fabs (first - second), >, 1e-4);
}

/* The same discriminator comes with a checkpoint and with the snapshot of a run that goes on. */
static void
test_snapshot (CriticRig *rig, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (critic_places.folder, "now.safetensors", NULL);
  g_autoptr (RaqamRecipe) recipe = toy_recipe ("fast");
  g_autoptr (RaqamDataset) dataset = toy_dataset (critic_places.folder, 60);
  RaqamDeviceOptions options = { .n_threads = 1 };
  g_autoptr (RaqamTrainer) trainer = raqam_trainer_new (recipe, dataset, "cpu", &options, &error);
  g_autoptr (RaqamModel) snapshot = NULL, loaded = NULL;
  g_autofree char *first = NULL, *second = NULL;
  RaqamNetworkSpec spec;
  RaqamPoint points[4];

  g_assert_no_error (error);
  g_assert_cmpint (raqam_trainer_run (trainer, points, 4, &error), ==, 4);
  g_assert_true (raqam_trainer_save (trainer, path, &error));
  snapshot = raqam_trainer_snapshot (trainer, 100, &error);
  loaded = raqam_model_load (path, &error);
  g_assert_no_error (error);
  raqam_network_spec_init (&spec, recipe, RAQAM_DISCRIMINATOR);
  first = raqam_network_spec_checksum (&spec, snapshot->discriminator_params,
                                       snapshot->discriminator_state);
  second = raqam_network_spec_checksum (&spec, loaded->discriminator_params,
                                        loaded->discriminator_state);
  g_assert_cmpstr (first, ==, second);
}

/* Writes the tensors of @from that are not the discriminator's. */
static void
write_generator_only (const char *to, const char *from)
{
  g_autoptr (RaqamSafetensors) file = raqam_safetensors_open (from, NULL);
  gsize n = raqam_safetensors_get_n_tensors (file), n_kept = 0;
  g_autofree RaqamTensor *tensors = g_new (RaqamTensor, n);
  const char *metadata[] = {
    RAQAM_META_RECIPE, raqam_safetensors_get_metadata (file, RAQAM_META_RECIPE),
    RAQAM_META_STEP,   raqam_safetensors_get_metadata (file, RAQAM_META_STEP),
    NULL,
  };

  for (gsize i = 0; i < n; i++)
    if (!g_str_has_prefix (raqam_safetensors_get_tensor (file, i)->name, "discriminator."))
      tensors[n_kept++] = *raqam_safetensors_get_tensor (file, i);
  g_assert_cmpuint (n_kept, <, n);
  g_assert_true (raqam_safetensors_write (to, tensors, n_kept, metadata, NULL));
}

/* A model to share lies in no run: what is measured by are the digits that can be found. */
static void
test_no_discriminator (CriticRig *rig, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (critic_places.folder, "shared.safetensors", NULL);
  g_autofree char *here = segments_write (".", "Train found.cdb", 400, 3);
  g_autofree char *too = segments_write (".", "Test found.cdb", 100, 4);
  g_autoptr (GBytes) pixels = critic_rig_picture (2);

  write_generator_only (path, critic_places.checkpoint);
  critic_rig_set_model (rig, critic_places.checkpoint);
  critic_rig_wait_for_state (rig, RAQAM_CRITIC_READY);
  g_assert_true (raqam_critic_get_state (rig->critic)->has_discriminator);
  critic_rig_set_model (rig, path);
  critic_rig_wait_for_state (rig, RAQAM_CRITIC_READY);
  g_assert_false (raqam_critic_get_state (rig->critic)->has_discriminator);
  critic_rig_ask (rig, pixels, 2);
  g_assert_false (rig->opinion.has_realness);
  g_assert_false (rig->opinion.has_probabilities);
  g_assert_cmpint (g_unlink (here), ==, 0);
  g_assert_cmpint (g_unlink (too), ==, 0);
}

static void
test_no_data (CriticRig *rig, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (critic_places.folder, "shared.safetensors", NULL);
  g_autoptr (GBytes) pixels = critic_rig_picture (2);

  write_generator_only (path, critic_places.checkpoint);
  critic_rig_set_model (rig, path);
  critic_rig_wait_for_state (rig, RAQAM_CRITIC_NO_DATA);
  g_assert_null (raqam_critic_get_state (rig->critic)->problem);
  raqam_critic_ask (rig->critic, pixels, 2);
  critic_rig_wait_until (&rig->n_told, 1);

  /* There is nothing to train on, and nobody fails. */
  raqam_critic_train_classifier (rig->critic);
  critic_rig_wait_until (&rig->n_trained, 1);
  g_assert_no_error (rig->error);

  critic_rig_set_model (rig, critic_places.checkpoint);
  critic_rig_ask (rig, pixels, 2);
  g_assert_cmpuint (rig->n_neighbours, ==, 1);
}

/* Told of in words, and read again once it is mended. */
static void
test_damaged_data (CriticRig *rig, gconstpointer unused)
{
  g_autofree char *content = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (critic_places.train, &content, &size, NULL));
  g_assert_true (g_file_set_contents (critic_places.train, content, size / 2, NULL));
  critic_rig_set_model (rig, critic_places.checkpoint);
  critic_rig_wait_for_state (rig, RAQAM_CRITIC_BAD_DATA);
  g_assert_nonnull (strstr (raqam_critic_get_state (rig->critic)->problem, "Train seven.cdb"));
  critic_rig_set_model (rig, critic_places.checkpoint);
  critic_rig_wait_for_state (rig, RAQAM_CRITIC_BAD_DATA);

  g_assert_true (g_file_set_contents (critic_places.train, content, size, NULL));
  critic_rig_set_model (rig, critic_places.checkpoint);
  critic_rig_wait_for_state (rig, RAQAM_CRITIC_READY);
  g_assert_null (raqam_critic_get_state (rig->critic)->problem);
}

/* Ten a second at the most. */
static gint64
searches_since (gint64 began)
{
  return (g_get_monotonic_time () - began) * 10 / G_USEC_PER_SEC + 1;
}

/* One question after the other, each as soon as the last one is answered. */
static void
test_seldom (CriticRig *rig, gconstpointer unused)
{
  gint64 began;

  critic_rig_set_model (rig, critic_places.checkpoint);
  critic_rig_wait_for_state (rig, RAQAM_CRITIC_READY);
  began = g_get_monotonic_time ();
  for (int i = 0; i < 4; i++)
    {
      g_autoptr (GBytes) pixels = critic_rig_picture (i);

      critic_rig_ask (rig, pixels, i);
    }
  g_assert_cmpuint (rig->n_searches, ==, 4);
  g_assert_cmpint (rig->n_searches, <=, searches_since (began));
}

/* Two hundred questions at once: the last one is answered last, and is searched for once. */
static void
test_newest_wins (CriticRig *rig, gconstpointer unused)
{
  g_autoptr (GPtrArray) asked = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  gint64 began;

  critic_rig_set_model (rig, critic_places.checkpoint);
  critic_rig_wait_for_state (rig, RAQAM_CRITIC_READY);
  began = g_get_monotonic_time ();
  for (int i = 0; i < 200; i++)
    {
      g_ptr_array_add (asked, critic_rig_picture (i));
      raqam_critic_ask (rig->critic, asked->pdata[i], i % 10);
    }
  while (rig->told != asked->pdata[199] || rig->near_told != asked->pdata[199])
    critic_rig_iterate ();
  g_assert_cmpint (rig->n_searches, <=, searches_since (began));
  g_assert_cmpuint (rig->n_told, <, 200);

  /* Nothing older comes behind it. */
  rig->only = asked->pdata[199];
  for (int i = 0; i < 400; i++)
    critic_rig_iterate ();
}

/* What was asked of one model is not answered by the next. */
static void
test_other_model (CriticRig *rig, gconstpointer unused)
{
  g_autoptr (GBytes) first = critic_rig_picture (1), second = critic_rig_picture (2);

  rig->only = second;
  critic_rig_set_model (rig, critic_places.checkpoint);
  raqam_critic_ask (rig->critic, first, 1);
  g_usleep (20000);
  critic_rig_set_model (rig, critic_places.thesis_checkpoint);
  critic_rig_wait_for_state (rig, RAQAM_CRITIC_READY);
  critic_rig_ask (rig, second, 2);
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  critic_rig_begin ();
  critic_rig_add ("neighbours", test_neighbours, NULL);
  critic_rig_add ("black-and-white/fast", test_black_and_white, &critic_places.checkpoint);
  critic_rig_add ("black-and-white/thesis", test_black_and_white, &critic_places.thesis_checkpoint);
  critic_rig_add ("unseen", test_unseen, NULL);
  critic_rig_add ("realness/fast", test_realness, &critic_places.checkpoint);
  critic_rig_add ("realness/thesis", test_realness, &critic_places.thesis_checkpoint);
  critic_rig_add ("snapshot", test_snapshot, NULL);
  critic_rig_add ("no-discriminator", test_no_discriminator, NULL);
  critic_rig_add ("no-data", test_no_data, NULL);
  critic_rig_add ("damaged-data", test_damaged_data, NULL);
  critic_rig_add ("seldom", test_seldom, NULL);
  critic_rig_add ("newest-wins", test_newest_wins, NULL);
  critic_rig_add ("other-model", test_other_model, NULL);
  status = g_test_run ();
  critic_rig_end ();
  return status;
}
