/* test-evaluation.c — the judge tells good models from bad ones, and repeats itself.
 * SPDX-License-Identifier: MIT */

#include "engine/evaluation-private.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/wait.h>

#include "engine/evaluation-write.h"
#include "engine/generator.h"
#include "engine/model-private.h"
#include "engine/safetensors.h"
#include "segments.h"
#include "toy.h"

#define N_TRAIN 2500
#define N_TEST 700
#define N_IMAGES 600

/* The judge is trained once for all tests, and kept in a cache of their own. */
static char *folder;
static RaqamEvaluationData *data;

static RaqamEvaluationSettings
settings_of (int n_threads)
{
  return (RaqamEvaluationSettings){
    .n_images = N_IMAGES, .seed = 1, .threshold = TRUE, .scores = TRUE, .utility_epochs = 1,
    .device = "cpu", .options = { .n_threads = n_threads },
  };
}

static RaqamEvaluation *
judge_images (GBytes *pixels)
{
  RaqamEvaluationSettings settings = settings_of (2);
  g_autoptr (GError) error = NULL;
  RaqamEvaluation *evaluation =
    raqam_evaluation_new_for_images (pixels, "images", data, &settings, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return evaluation;
}

/* A generator with first weights: it draws grey noise, but always the same. */
static RaqamModel *
new_model (void)
{
  g_autoptr (RaqamRecipe) recipe = toy_recipe ("fast");
  RaqamModel *model = raqam_model_new (recipe);
  RaqamNetworkSpec spec;

  raqam_network_spec_init (&spec, recipe, RAQAM_GENERATOR);
  raqam_network_initialise (model->params, model->state, &spec, recipe);
  model->origin = g_strdup ("first weights");
  return model;
}

static char *
judge_model (RaqamModel *model, const RaqamEvaluationSettings *settings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamEvaluation) evaluation =
    raqam_evaluation_new (model, data, settings, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return raqam_evaluation_to_json (evaluation);
}

/* The first image of each digit in the test part, over and over. */
static GBytes *
ten_pictures (void)
{
  const guint8 *images = raqam_dataset_get_images (data->test);
  guint8 *pixels = g_malloc ((gsize) N_IMAGES * RAQAM_IMAGE_SIZE);

  for (int i = 0; i < N_IMAGES; i++)
    memcpy (pixels + (gsize) i * RAQAM_IMAGE_SIZE, images + (gsize) (i % 10) * RAQAM_IMAGE_SIZE,
            RAQAM_IMAGE_SIZE);
  return g_bytes_new_take (pixels, (gsize) N_IMAGES * RAQAM_IMAGE_SIZE);
}

static GBytes *
noise (void)
{
  GRand *rand = g_rand_new_with_seed (5);
  guint8 *pixels = g_malloc ((gsize) N_IMAGES * RAQAM_IMAGE_SIZE);

  for (gsize i = 0; i < (gsize) N_IMAGES * RAQAM_IMAGE_SIZE; i++)
    pixels[i] = g_rand_boolean (rand) ? 255 : 0;
  g_rand_free (rand);
  return g_bytes_new_take (pixels, (gsize) N_IMAGES * RAQAM_IMAGE_SIZE);
}

/* The images lie in the order of their digits, as in segments_write(). */
static GBytes *
copies (void)
{
  return g_bytes_new (raqam_dataset_get_images (data->train), (gsize) N_IMAGES * RAQAM_IMAGE_SIZE);
}

/* What the judge makes of real images that nobody has seen: how it treats a perfect model. */
static void
test_perfect (void)
{
  g_autoptr (GBytes) pixels = segments_pixels (N_IMAGES, 77);
  g_autoptr (RaqamEvaluation) e = judge_images (pixels);

  g_assert_cmpfloat (e->classifier->accuracy, >, 0.9);
  g_assert_cmpfloat (e->report->accuracy, >, 0.9);
  g_assert_cmpfloat (e->frechet.all, <, 1.5 * e->frechet_real.all);
  g_assert_cmpfloat (e->manifold.precision, >, 0.7);
  g_assert_cmpfloat (e->manifold.recall, >, 0.7);
  g_assert_cmpfloat (e->memorisation, >, 0.4);
  g_assert_cmpfloat (e->memorisation, <, 0.6);
  g_assert_cmpfloat (e->diversity.all, >, 0.8 * e->diversity_real.all);
  g_assert_cmpuint (e->matched_n, ==, N_IMAGES);
  g_assert_cmpuint (e->manifold_n, ==, N_IMAGES);
}

static void
test_ten_pictures (void)
{
  g_autoptr (GBytes) pixels = ten_pictures ();
  g_autoptr (RaqamEvaluation) e = judge_images (pixels);

  /* These alone would flatter it. */
  g_assert_cmpfloat (e->report->accuracy, >, 0.8);
  g_assert_cmpfloat (e->inception.mean, >, 6);

  g_assert_cmpfloat (e->diversity.all, <, 1.001);
  g_assert_cmpfloat (e->diversity_real.all, >, 5);
  g_assert_cmpfloat (e->manifold.recall, <, 0.05);
  g_assert_cmpfloat (e->frechet.all, >, 5 * e->frechet_real.all);
  for (int c = 0; c < 10; c++)
    g_assert_cmpfloat (e->frechet.of_class[c], >, e->frechet_real.of_class[c]);
}

static void
test_noise (void)
{
  g_autoptr (GBytes) pixels = noise ();
  g_autoptr (RaqamEvaluation) e = judge_images (pixels);

  g_assert_cmpfloat (e->report->accuracy, <, 0.3);
  g_assert_cmpfloat (e->manifold.precision, <, 0.05);
  g_assert_cmpfloat (e->memorisation, <, 0.05);
  g_assert_cmpfloat (e->nearest_median, >, 2 * e->nearest_median_real);
  g_assert_cmpfloat (e->frechet.all, >, 20 * e->frechet_real.all);
}

static void
test_copies (void)
{
  g_autoptr (GBytes) pixels = copies ();
  g_autoptr (RaqamEvaluation) e = judge_images (pixels);

  /* All else says that it could not be better. */
  g_assert_cmpfloat (e->report->accuracy, >, 0.9);
  g_assert_cmpfloat (e->frechet.all, <, 1.5 * e->frechet_real.all);
  g_assert_cmpfloat (e->manifold.precision, >, 0.7);
  g_assert_cmpfloat (e->manifold.recall, >, 0.7);
  g_assert_cmpfloat (e->diversity.all, >, 0.8 * e->diversity_real.all);

  g_assert_cmpfloat (e->memorisation, >, 0.98);
  g_assert_cmpfloat (e->nearest_median, ==, 0);
  g_assert_cmpfloat (e->nearest_median_real, >, 0);
}

/* Another number of threads makes no other judge, either. */
static void
test_same_bytes (void)
{
  g_autofree char *classifier = raqam_classifier_cache_path (raqam_dataset_get_checksum (data->train));
  g_autoptr (RaqamModel) model = new_model ();
  RaqamEvaluationSettings settings = settings_of (2), one_thread = settings_of (1), other = settings;
  g_autofree char *first = judge_model (model, &settings);
  g_autofree char *second = judge_model (model, &settings);
  g_autofree char *third = NULL, *fourth = NULL;

  g_assert_cmpstr (first, ==, second);
  g_assert_cmpint (g_unlink (classifier), ==, 0);
  third = judge_model (model, &one_thread);
  g_assert_cmpstr (first, ==, third);
  other.seed = 2;
  fourth = judge_model (model, &other);
  g_assert_cmpstr (first, !=, fourth);
}

static RaqamTensor
tensor (const char *name, RaqamDtype dtype, guint64 rows, guint64 columns, gconstpointer at)
{
  return (RaqamTensor){
    .name = name, .dtype = dtype, .n_dims = columns > 0 ? 2 : 1, .shape = { rows, columns },
    .data = at,
  };
}

/* Everything that the figures of @e come from, read anew. */
static void
save_arrays (const char *path, const RaqamEvaluation *e)
{
  const char *checksum = raqam_dataset_get_checksum (data->train);
  g_autofree char *cached = raqam_classifier_cache_path (checksum);
  const RaqamDeviceOptions options = { .n_threads = 1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamClassifier) classifier =
    raqam_classifier_load (cached, checksum, "cpu", &options, &error);
  g_autofree float *train = g_new (float, N_TRAIN *RAQAM_CLASSIFIER_FEATURES);
  g_autofree float *test = g_new (float, N_TEST *RAQAM_CLASSIFIER_FEATURES);
  g_autofree float *generated = g_new (float, N_IMAGES *RAQAM_CLASSIFIER_FEATURES);
  g_autofree float *probabilities = g_new (float, N_TEST * 10);
  const RaqamTensor tensors[] = {
    tensor ("train", RAQAM_DTYPE_F32, N_TRAIN, RAQAM_CLASSIFIER_FEATURES, train),
    tensor ("test", RAQAM_DTYPE_F32, N_TEST, RAQAM_CLASSIFIER_FEATURES, test),
    tensor ("generated", RAQAM_DTYPE_F32, N_IMAGES, RAQAM_CLASSIFIER_FEATURES, generated),
    tensor ("test_probabilities", RAQAM_DTYPE_F32, N_TEST, 10, probabilities),
    tensor ("probabilities", RAQAM_DTYPE_F32, N_IMAGES, 10, g_bytes_get_data (e->probabilities, NULL)),
    tensor ("train_labels", RAQAM_DTYPE_U8, N_TRAIN, 0, raqam_dataset_get_labels (data->train)),
    tensor ("test_labels", RAQAM_DTYPE_U8, N_TEST, 0, raqam_dataset_get_labels (data->test)),
    tensor ("labels", RAQAM_DTYPE_U8, N_IMAGES, 0, g_bytes_get_data (e->labels, NULL)),
    tensor ("predicted", RAQAM_DTYPE_U8, N_IMAGES, 0, g_bytes_get_data (e->predicted, NULL)),
  };
  const char *metadata[] = { NULL };

  g_assert_no_error (error);
  raqam_classifier_read (classifier, NULL, train, raqam_dataset_get_images (data->train), N_TRAIN, &error);
  raqam_classifier_read (classifier, probabilities, test, raqam_dataset_get_images (data->test), N_TEST,
                         &error);
  raqam_classifier_read (classifier, NULL, generated, g_bytes_get_data (e->pixels, NULL), N_IMAGES,
                         &error);
  raqam_safetensors_write (path, tensors, G_N_ELEMENTS (tensors), metadata, &error);
  g_assert_no_error (error);
}

/* @mode: an argument of evaluation-peer.py, or NULL */
static void
ask_peer (GBytes *pixels, const char *mode)
{
  g_autoptr (RaqamEvaluation) e = judge_images (pixels);
  g_autofree char *arrays = g_build_filename (folder, "arrays.safetensors", NULL);
  g_autofree char *report = g_build_filename (folder, "report.json", NULL);
  g_autofree char *json = raqam_evaluation_to_json (e);
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "evaluation-peer.py", NULL);
  g_autofree char *printed = NULL, *complaint = NULL;
  const char *python = g_getenv ("RAQAM_TEST_PYTHON");
  const char *argv[] = { python != NULL ? python : "/usr/bin/python3", script, arrays, report, mode, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  save_arrays (arrays, e);
  g_file_set_contents (report, json, -1, &error);
  g_assert_no_error (error);
  if (!g_file_test (argv[0], G_FILE_TEST_IS_EXECUTABLE))
    {
      g_test_skip_printf ("%s is not installed", argv[0]);
      return;
    }

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &printed, &complaint,
                &status, &error);
  g_assert_no_error (error);
  if (WIFEXITED (status) && WEXITSTATUS (status) == 77)
    g_test_skip_printf ("Python lacks a library: %s", printed);
  else if (status != 0)
    g_error ("%s disagrees: %s%s", script, printed, complaint);
}

static void
test_scipy (void)
{
  g_autoptr (GBytes) pixels = segments_pixels (N_IMAGES, 78);

  ask_peer (pixels, NULL);
}

/* With mistakes in it: half of the images are of the next digit. */
static void
test_scikit_learn (void)
{
  guint8 *pixels = g_malloc ((gsize) N_IMAGES * RAQAM_IMAGE_SIZE);
  g_autoptr (GBytes) bytes = NULL;

  for (int i = 0; i < N_IMAGES; i++)
    segments_draw (pixels + (gsize) i * RAQAM_IMAGE_SIZE, 79, i % 7 < 3 ? i + 1 : i);
  bytes = g_bytes_new_take (pixels, (gsize) N_IMAGES * RAQAM_IMAGE_SIZE);
  ask_peer (bytes, "sklearn");
}

static char *
json_of_images (void)
{
  g_autoptr (GBytes) pixels = segments_pixels (N_IMAGES, 80);
  g_autoptr (RaqamEvaluation) e = judge_images (pixels);

  return raqam_evaluation_to_json (e);
}

static void
damage (const char *path)
{
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_file_get_contents (path, &content, &size, &error);
  g_assert_no_error (error);
  content[size - 5] ^= 1;
  g_file_set_contents (path, content, size, &error);
  g_assert_no_error (error);
}

/* The cached files, of which any may be damaged: each is then made again as it was. */
static void
test_damaged_cache (void)
{
  g_autofree char *classifier = raqam_classifier_cache_path (raqam_dataset_get_checksum (data->train));
  g_autofree char *features = raqam_real_features_path (data);
  const char *paths[] = { classifier, features };
  g_autofree char *want = json_of_images ();

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *got = NULL;
      g_autofree char *before = NULL, *after = NULL;
      gsize n_before, n_after;

      g_assert_true (g_file_get_contents (paths[i], &before, &n_before, NULL));
      damage (paths[i]);
      got = json_of_images ();
      g_assert_cmpstr (got, ==, want);
      g_assert_true (g_file_get_contents (paths[i], &after, &n_after, NULL));
      g_assert_cmpmem (before, n_before, after, n_after);
    }
}

/* Whole files, but of other data, or of another classifier. */
static void
test_foreign_cache (void)
{
  g_autoptr (RaqamEvaluationData) other = g_new0 (RaqamEvaluationData, 1);
  RaqamEvaluationData *ours = data;
  g_autofree char *features = raqam_real_features_path (data), *foreign = NULL, *got = NULL;
  g_autofree char *classifier = NULL, *foreign_classifier = NULL;
  g_autofree char *want = json_of_images ();

  other->train = raqam_dataset_ref (data->test);
  other->test = raqam_dataset_ref (data->train);
  other->checksum = g_strdup ("other");
  data = other;
  g_free (json_of_images ());
  data = ours;

  foreign = raqam_real_features_path (other);
  classifier = raqam_classifier_cache_path (raqam_dataset_get_checksum (ours->train));
  foreign_classifier = raqam_classifier_cache_path (raqam_dataset_get_checksum (other->train));
  g_assert_cmpint (g_rename (foreign, features), ==, 0);
  g_assert_cmpint (g_rename (foreign_classifier, classifier), ==, 0);
  got = json_of_images ();
  g_assert_cmpstr (got, ==, want);
}

/* Where the cache cannot be written, judging takes longer, and no more. */
static void
test_no_cache (void)
{
  g_autofree char *cache = g_build_filename (g_get_user_cache_dir (), "raqam", NULL);
  g_autofree char *aside = g_strconcat (cache, ".aside", NULL);
  g_autofree char *want = json_of_images (), *got = NULL;

  g_assert_cmpint (g_rename (cache, aside), ==, 0);
  g_assert_true (g_file_set_contents (cache, "a file", -1, NULL));
  got = json_of_images ();
  g_assert_cmpint (g_unlink (cache), ==, 0);
  g_assert_cmpint (g_rename (aside, cache), ==, 0);
  g_assert_cmpstr (got, ==, want);
}

typedef struct
{
  GCancellable        *cancellable;
  RaqamEvaluationStage at;
  gboolean             told[RAQAM_EVALUATION_UTILITY + 1];
  RaqamEvaluationStage last;
} Stop;

static void
stop_cb (RaqamEvaluationStage stage, double done, gpointer user_data)
{
  Stop *stop = user_data;

  g_assert_cmpint (stage, >=, stop->last);
  g_assert_cmpfloat (done, >=, 0);
  g_assert_cmpfloat (done, <=, 1);
  stop->last = stage;
  stop->told[stage] = TRUE;
  if (stage == stop->at)
    g_cancellable_cancel (stop->cancellable);
}

static void
test_cancel (void)
{
  g_autoptr (RaqamModel) model = new_model ();
  RaqamEvaluationSettings settings = settings_of (2);
  g_autofree char *classifier = raqam_classifier_cache_path (raqam_dataset_get_checksum (data->train));
  g_autofree char *features = raqam_real_features_path (data);

  settings.utility = TRUE;
  settings.n_images = 200;
  for (int at = RAQAM_EVALUATION_UTILITY; at >= RAQAM_EVALUATION_CLASSIFIER; at--)
    {
      g_autoptr (GError) error = NULL;
      Stop stop = { .cancellable = g_cancellable_new (), .at = at };

      if (at <= RAQAM_EVALUATION_REAL)
        g_unlink (features);
      if (at == RAQAM_EVALUATION_CLASSIFIER)
        g_unlink (classifier);
      g_assert_null (raqam_evaluation_new (model, data, &settings, stop_cb, &stop, stop.cancellable,
                                           &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_true (stop.told[at]);
      g_assert_cmpint (stop.last, ==, at);
      g_assert_cmpint (g_file_test (features, G_FILE_TEST_EXISTS), ==, at > RAQAM_EVALUATION_REAL);
      g_object_unref (stop.cancellable);
    }
  g_assert_false (g_file_test (classifier, G_FILE_TEST_EXISTS));
}

/* Each digit drawn as the next one: who learns from these alone reads all real ones wrongly. */
static void
test_utility (void)
{
  RaqamEvaluationSettings settings = settings_of (2);
  guint8 *pixels = g_malloc ((gsize) N_IMAGES * RAQAM_IMAGE_SIZE);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamEvaluation) e = NULL;
  const RaqamUtility *real, *synthetic, *both;

  for (int i = 0; i < N_IMAGES; i++)
    segments_draw (pixels + (gsize) i * RAQAM_IMAGE_SIZE, 81, i + 1);
  bytes = g_bytes_new_take (pixels, (gsize) N_IMAGES * RAQAM_IMAGE_SIZE);
  settings.scores = FALSE;
  settings.utility = TRUE;
  settings.utility_epochs = 6;
  e = raqam_evaluation_new_for_images (bytes, "images", data, &settings, NULL, NULL, NULL, &error);
  g_assert_no_error (error);

  g_assert_true (e->has_utility && isnan (e->frechet.all) && isnan (e->diversity.of_class[3]));
  real = &e->utility[RAQAM_UTILITY_REAL];
  synthetic = &e->utility[RAQAM_UTILITY_SYNTHETIC];
  both = &e->utility[RAQAM_UTILITY_BOTH];
  g_assert_true (real->n_real == N_IMAGES && real->n_synthetic == 0);
  g_assert_true (synthetic->n_real == 0 && synthetic->n_synthetic == N_IMAGES);
  g_assert_true (both->n_real == N_IMAGES && both->n_synthetic == N_IMAGES);
  g_assert_cmpfloat (real->report->accuracy, >, 0.8);
  g_assert_cmpfloat (synthetic->report->accuracy, <, 0.05);
  g_assert_cmpfloat (both->report->accuracy, >, synthetic->report->accuracy);
  g_assert_cmpfloat (both->report->accuracy, <, real->report->accuracy);
}

static void
test_seen (void)
{
  g_autoptr (RaqamModel) model = new_model ();
  RaqamEvaluationSettings settings = settings_of (2);
  const struct
  {
    const char *checksum;
    RaqamSeen   seen;
  } cases[] = {
    { NULL, RAQAM_SEEN_UNKNOWN },
    { "another", RAQAM_SEEN_UNKNOWN },
    { raqam_dataset_get_checksum (data->train), RAQAM_SEEN_TRAIN },
    { raqam_dataset_get_checksum (data->test), RAQAM_SEEN_TEST },
    { data->checksum, RAQAM_SEEN_ALL },
  };

  settings.scores = FALSE;
  settings.n_images = 100;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RaqamEvaluation) e = NULL;

      g_free (model->data_checksum);
      model->data_checksum = g_strdup (cases[i].checksum);
      e = raqam_evaluation_new (model, data, &settings, NULL, NULL, NULL, NULL);
      g_assert_cmpint (e->seen, ==, cases[i].seen);
      g_assert_cmpstr (e->model_data_checksum, ==, cases[i].checksum);
    }
}

/* Picture i is number i of the seed, so that Explore can draw it again. */
static void
test_pictures (void)
{
  g_autoptr (RaqamModel) model = new_model ();
  RaqamEvaluationSettings settings = settings_of (2);
  const RaqamDeviceOptions options = { .n_threads = 1 };
  g_autoptr (RaqamGenerator) generator = raqam_generator_new (model, "cpu", &options, 1, NULL);
  g_autofree float *z = g_new (float, model->recipe->latent);
  const guint8 label = 137 % 10;
  g_autoptr (RaqamEvaluation) e = NULL;
  guint8 pixels[RAQAM_IMAGE_SIZE];

  settings.scores = FALSE;
  settings.n_images = 200;
  settings.threshold = FALSE;
  e = raqam_evaluation_new (model, data, &settings, NULL, NULL, NULL, NULL);
  raqam_generator_random_latents (z, 1, model->recipe->latent, settings.seed, 137);
  g_assert_true (raqam_generator_draw (generator, pixels, z, &label, 1, NULL));
  g_assert_cmpmem (pixels, sizeof pixels,
                   (const guint8 *) g_bytes_get_data (e->pixels, NULL) + 137 * RAQAM_IMAGE_SIZE,
                   RAQAM_IMAGE_SIZE);
  g_assert_cmpint (((const guint8 *) g_bytes_get_data (e->labels, NULL))[137], ==, 7);
}

static void
load_data (void)
{
  g_autofree char *train = segments_write (folder, "Train seven.cdb", N_TRAIN, 1);
  g_autofree char *test = segments_write (folder, "tESt seven.cdb", N_TEST, 2);
  const char *paths[] = { train, test, NULL };
  g_autoptr (GError) error = NULL;

  data = raqam_evaluation_data_load (paths, FALSE, NULL, &error);
  g_assert_no_error (error);
}

int
main (int argc, char *argv[])
{
  g_autofree char *cache = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = toy_folder ();
  cache = g_build_filename (folder, "cache", NULL);
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  load_data ();

  g_test_add_func ("/evaluation/perfect", test_perfect);
  g_test_add_func ("/evaluation/ten-pictures", test_ten_pictures);
  g_test_add_func ("/evaluation/noise", test_noise);
  g_test_add_func ("/evaluation/copies", test_copies);
  g_test_add_func ("/evaluation/same-bytes", test_same_bytes);
  g_test_add_func ("/evaluation/scipy", test_scipy);
  g_test_add_func ("/evaluation/scikit-learn", test_scikit_learn);
  g_test_add_func ("/evaluation/seen", test_seen);
  g_test_add_func ("/evaluation/pictures", test_pictures);
  g_test_add_func ("/evaluation/utility", test_utility);
  g_test_add_func ("/evaluation/damaged-cache", test_damaged_cache);
  g_test_add_func ("/evaluation/foreign-cache", test_foreign_cache);
  g_test_add_func ("/evaluation/no-cache", test_no_cache);
  g_test_add_func ("/evaluation/cancel", test_cancel);
  status = g_test_run ();

  raqam_evaluation_data_free (data);
  toy_remove (folder);
  g_free (folder);
  return status;
}
