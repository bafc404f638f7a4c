/* evaluation.c — a judgement of what a model draws: every figure, and what made it.
 * SPDX-License-Identifier: MIT */

#include "engine/evaluation-private.h"

#include "engine/generator.h"
#include "engine/network.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define N_CLASSES RAQAM_DATASET_CLASSES
#define DRAWN_AT_A_TIME 100
#define TELL_EVERY (G_USEC_PER_SEC / 10)

const char *
raqam_evaluation_stage_name (RaqamEvaluationStage stage)
{
  static const char *const names[] = {
    [RAQAM_EVALUATION_CLASSIFIER] = N_ ("Training the classifier"),
    [RAQAM_EVALUATION_REAL] = N_ ("Reading the real digits"),
    [RAQAM_EVALUATION_DRAWING] = N_ ("Drawing digits"),
    [RAQAM_EVALUATION_JUDGING] = N_ ("Judging the digits"),
    [RAQAM_EVALUATION_SCORES] = N_ ("Working out the scores"),
    [RAQAM_EVALUATION_UTILITY] = N_ ("Training on generated digits"),
  };

  g_return_val_if_fail ((guint) stage < G_N_ELEMENTS (names), NULL);

  return _ (names[stage]);
}

gboolean
raqam_judge_tell (RaqamJudge *self, RaqamEvaluationStage stage, double done, GError **error)
{
  gint64 now = g_get_monotonic_time ();

  if (self->progress != NULL && (stage != self->stage || now >= self->next))
    {
      self->stage = stage;
      self->next = now + TELL_EVERY;
      self->progress (stage, done, self->progress_data);
    }
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

static void
search_progress_cb (double fraction, gpointer data)
{
  RaqamJudge *self = data;

  raqam_judge_tell (self, self->stage, self->from + fraction * (self->to - self->from), NULL);
}

RaqamSearch
raqam_judge_search (RaqamJudge *self, RaqamEvaluationStage stage, double from, double to)
{
  raqam_judge_tell (self, stage, from, NULL);
  self->stage = stage;
  self->from = from;
  self->to = to;
  return (RaqamSearch){ .n_threads = self->n_threads, .cancellable = self->cancellable,
                        .progress = search_progress_cb, .user_data = self };
}

gboolean
raqam_judge_read (RaqamJudge *self, float *probabilities, float *features, const guint8 *images,
                  gsize n, RaqamEvaluationStage stage, double from, double to, GError **error)
{
  for (gsize i = 0; i < n; i += RAQAM_EVALUATION_CHUNK)
    if (!raqam_judge_tell (self, stage, from + (to - from) * i / n, error)
        || !raqam_classifier_read (
          self->classifier, probabilities != NULL ? probabilities + i * N_CLASSES : NULL,
          features != NULL ? features + i * RAQAM_CLASSIFIER_FEATURES : NULL,
          images + i * RAQAM_IMAGE_SIZE, MIN (n - i, RAQAM_EVALUATION_CHUNK), error))
      return FALSE;
  return TRUE;
}

RaqamClassifier *
raqam_judge_train (RaqamJudge *self, const guint8 *images, const guint8 *labels, gsize n,
                   const RaqamClassifierTraining *training, RaqamClassifierProgress progress,
                   gpointer progress_data, GError **error)
{
  RaqamDeviceOptions options = self->options;

  options.n_threads = RAQAM_EVALUATION_TRAINERS;
  return raqam_classifier_train (images, labels, n, training, self->settings->device, &options,
                                 progress, progress_data, self->cancellable, error);
}

float *
raqam_judge_alloc (gsize n, gsize size, GError **error)
{
  float *memory = g_try_malloc_n (n, sizeof (float) * size);

  if (memory == NULL)
    g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_MEMORY,
                 _("There is not enough memory to judge %zu images. Judge fewer."), n);
  return memory;
}

guint8 *
raqam_evaluation_predict (const float *probabilities, gsize n)
{
  guint8 *predicted = g_malloc0 (n);

  for (gsize i = 0; i < n; i++)
    for (guint8 c = 1; c < N_CLASSES; c++)
      if (probabilities[i * N_CLASSES + c] > probabilities[i * N_CLASSES + predicted[i]])
        predicted[i] = c;
  return predicted;
}

static void
classifier_progress_cb (double done, double loss, gpointer data)
{
  raqam_judge_tell (data, RAQAM_EVALUATION_CLASSIFIER, done, NULL);
}

static RaqamClassifier *
new_classifier (RaqamJudge *judge, GError **error)
{
  RaqamDataset *train = judge->data->train;
  const char *checksum = raqam_dataset_get_checksum (train);
  g_autofree char *path = raqam_classifier_cache_path (checksum);
  RaqamClassifier *classifier;

  classifier = raqam_classifier_load (path, checksum, judge->settings->device, &judge->options, NULL);
  if (classifier != NULL)
    return classifier;

  classifier = raqam_judge_train (judge, raqam_dataset_get_images (train),
                                  raqam_dataset_get_labels (train), raqam_dataset_get_n (train),
                                  &raqam_classifier_training, classifier_progress_cb, judge, error);
  if (classifier != NULL)
    raqam_classifier_keep (classifier, checksum);
  return classifier;
}

static GBytes *
new_labels (int n)
{
  guint8 *labels = g_malloc (n);

  for (int i = 0; i < n; i++)
    labels[i] = (guint8) (i % N_CLASSES);
  return g_bytes_new_take (labels, n);
}

static gboolean
draw_chunks (RaqamJudge *judge, guint8 *pixels, RaqamGenerator *generator, const guint8 *labels,
             GError **error)
{
  const RaqamEvaluationSettings *settings = judge->settings;
  int latent = raqam_generator_get_latent (generator);
  g_autofree float *z = g_new (float, (gsize) DRAWN_AT_A_TIME *latent);

  for (int i = 0; i < settings->n_images; i += DRAWN_AT_A_TIME)
    {
      int n = MIN (DRAWN_AT_A_TIME, settings->n_images - i);
      guint8 *part = pixels + (gsize) i * RAQAM_IMAGE_SIZE;

      raqam_generator_random_latents (z, n, latent, settings->seed, i);
      if (!raqam_judge_tell (judge, RAQAM_EVALUATION_DRAWING, (double) i / settings->n_images, error)
          || !raqam_generator_draw (generator, part, z, labels + i, n, error))
        return FALSE;
      if (settings->threshold)
        raqam_generator_threshold (part, (gsize) n * RAQAM_IMAGE_SIZE, 0.5);
    }
  return TRUE;
}

static GBytes *
draw (RaqamJudge *judge, const RaqamModel *model, GBytes *labels, GError **error)
{
  const RaqamEvaluationSettings *settings = judge->settings;
  gsize size = (gsize) settings->n_images * RAQAM_IMAGE_SIZE;
  g_autofree guint8 *pixels = g_try_malloc (size);
  g_autoptr (RaqamGenerator) generator = NULL;

  if (pixels == NULL)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_MEMORY,
                   _("There is not enough memory to draw %d images. Draw fewer."),
                   settings->n_images);
      return NULL;
    }

  generator = raqam_generator_new (model, settings->device, &settings->options, DRAWN_AT_A_TIME,
                                   error);
  if (generator == NULL
      || !draw_chunks (judge, pixels, generator, g_bytes_get_data (labels, NULL), error))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&pixels), size);
}

static void
clear_figure (RaqamFigure *figure)
{
  figure->all = NAN;
  for (int c = 0; c < N_CLASSES; c++)
    figure->of_class[c] = NAN;
}

static void
clear_scores (RaqamEvaluation *self)
{
  RaqamFigure *figures[] = { &self->frechet, &self->frechet_real, &self->diversity,
                             &self->diversity_real };

  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    clear_figure (figures[i]);
  self->inception = self->inception_real = (RaqamInceptionScore){ NAN, NAN };
  self->manifold = self->manifold_real = (RaqamManifold){ NAN, NAN };
  self->memorisation = self->nearest_median = self->nearest_median_real = NAN;
}

static RaqamEvaluation *
evaluation_new (const RaqamJudge *judge)
{
  const RaqamEvaluationData *data = judge->data;
  RaqamEvaluation *self = g_new0 (RaqamEvaluation, 1);

  self->ref_count = 1;
  self->settings = *judge->settings;
  self->settings.device = g_strdup (judge->settings->device);
  self->n_classes = N_CLASSES;
  self->n_train = raqam_dataset_get_n (data->train);
  self->n_test = raqam_dataset_get_n (data->test);
  self->train_checksum = g_strdup (raqam_dataset_get_checksum (data->train));
  self->test_checksum = g_strdup (raqam_dataset_get_checksum (data->test));
  self->held_back = data->held_back;
  clear_scores (self);
  return self;
}

static RaqamSeen
what_it_saw (const char *checksum, const RaqamEvaluationData *data)
{
  if (g_strcmp0 (checksum, raqam_dataset_get_checksum (data->train)) == 0)
    return RAQAM_SEEN_TRAIN;
  if (g_strcmp0 (checksum, data->checksum) == 0)
    return RAQAM_SEEN_ALL;
  if (g_strcmp0 (checksum, raqam_dataset_get_checksum (data->test)) == 0)
    return RAQAM_SEEN_TEST;
  return RAQAM_SEEN_UNKNOWN;
}

static void
describe_model (RaqamEvaluation *self, const RaqamModel *model, const RaqamEvaluationData *data)
{
  RaqamNetworkSpec spec;

  raqam_network_spec_init (&spec, model->recipe, RAQAM_GENERATOR);
  self->model_origin = g_strdup (model->origin);
  self->model_checksum = raqam_network_spec_checksum (&spec, model->params, model->state);
  self->model_data_checksum = g_strdup (model->data_checksum);
  self->seen = what_it_saw (model->data_checksum, data);
  self->recipe_name = g_strdup (model->recipe->name);
  self->step = model->step;
  self->epoch = model->epoch;
}

static RaqamReport *
report_on_test (const RaqamRealFeatures *real, const RaqamEvaluationData *data)
{
  g_autofree guint8 *predicted = raqam_evaluation_predict (real->test_probabilities, real->n_test);
  g_autoptr (RaqamConfusion) confusion =
    raqam_confusion_new (raqam_dataset_get_labels (data->test), predicted, real->n_test, N_CLASSES);

  return raqam_report_new (confusion, FALSE);
}

/* Fills @self from its pictures. */
static gboolean
judge_pictures (RaqamEvaluation *self, RaqamJudge *judge, const RaqamRealFeatures *real,
                GError **error)
{
  gsize n = judge->settings->n_images;
  g_autofree float *probabilities = raqam_judge_alloc (n, N_CLASSES, error);
  g_autofree float *features = NULL;
  guint8 *predicted;

  if (probabilities == NULL)
    return FALSE;
  features = raqam_judge_alloc (n, RAQAM_CLASSIFIER_FEATURES, error);
  if (features == NULL
      || !raqam_judge_read (judge, probabilities, features, g_bytes_get_data (self->pixels, NULL), n,
                            RAQAM_EVALUATION_JUDGING, 0, 1, error))
    return FALSE;

  predicted = raqam_evaluation_predict (probabilities, n);
  self->confusion =
    raqam_confusion_new (g_bytes_get_data (self->labels, NULL), predicted, n, N_CLASSES);
  self->report = raqam_report_new (self->confusion, FALSE);
  self->predicted = g_bytes_new_take (predicted, n);
  self->probabilities =
    g_bytes_new_take (g_steal_pointer (&probabilities), sizeof (float) * n * N_CLASSES);

  return (!judge->settings->scores || raqam_evaluation_score (self, judge, real, features, error))
         && (!judge->settings->utility || raqam_evaluation_use (self, judge, error));
}

/* @pixels: or NULL, for @model to draw them */
static RaqamEvaluation *
judge_run (RaqamJudge *judge, RaqamModel *model, GBytes *pixels, const char *origin, GError **error)
{
  g_autoptr (RaqamEvaluation) self = evaluation_new (judge);
  g_autoptr (RaqamRealFeatures) real = NULL;

  judge->classifier = new_classifier (judge, error);
  if (judge->classifier == NULL
      || (self->classifier_checksum = raqam_classifier_make_checksum (judge->classifier, error)) == NULL
      || (real = raqam_real_features_new (judge, error)) == NULL)
    return NULL;
  self->classifier = report_on_test (real, judge->data);

  if (model != NULL)
    describe_model (self, model, judge->data);
  else
    self->model_origin = g_strdup (origin);
  self->labels = new_labels (judge->settings->n_images);
  self->pixels = pixels != NULL ? g_bytes_ref (pixels) : draw (judge, model, self->labels, error);
  if (self->pixels == NULL || !judge_pictures (self, judge, real, error))
    return NULL;

  return g_steal_pointer (&self);
}

static void
judge_init (RaqamJudge *judge, const RaqamEvaluationData *data,
            const RaqamEvaluationSettings *settings, RaqamEvaluationProgress progress,
            gpointer progress_data, GCancellable *cancellable)
{
  int n_threads = settings->options.n_threads;

  *judge = (RaqamJudge){
    .settings = settings,
    .data = data,
    .cancellable = cancellable,
    .n_threads = n_threads > 0 ? n_threads : (int) g_get_num_processors (),
    .options = settings->options,
    .progress = progress,
    .progress_data = progress_data,
  };
  judge->options.precision = RAQAM_PRECISION_F32;
}

RaqamEvaluation *
raqam_evaluation_new_for_images (GBytes *pixels, const char *origin,
                                 const RaqamEvaluationData *data,
                                 const RaqamEvaluationSettings *settings,
                                 RaqamEvaluationProgress progress, gpointer progress_data,
                                 GCancellable *cancellable, GError **error)
{
  RaqamEvaluation *self;
  RaqamJudge judge;

  g_return_val_if_fail (g_bytes_get_size (pixels) == (gsize) settings->n_images * RAQAM_IMAGE_SIZE,
                        NULL);

  judge_init (&judge, data, settings, progress, progress_data, cancellable);
  self = judge_run (&judge, NULL, pixels, origin, error);
  g_clear_pointer (&judge.classifier, raqam_classifier_free);
  return self;
}

RaqamEvaluation *
raqam_evaluation_new (RaqamModel *model, const RaqamEvaluationData *data,
                      const RaqamEvaluationSettings *settings, RaqamEvaluationProgress progress,
                      gpointer progress_data, GCancellable *cancellable, GError **error)
{
  RaqamEvaluation *self;
  RaqamJudge judge;

  g_return_val_if_fail (settings->n_images >= RAQAM_EVALUATION_MIN_IMAGES
                          && settings->n_images <= RAQAM_EVALUATION_MAX_IMAGES,
                        NULL);

  if (model->recipe->n_classes != N_CLASSES)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
                   _("“%s” draws %d classes; only models of the ten digits can be judged."),
                   model->origin, model->recipe->n_classes);
      return NULL;
    }

  judge_init (&judge, data, settings, progress, progress_data, cancellable);
  self = judge_run (&judge, model, NULL, NULL, error);
  g_clear_pointer (&judge.classifier, raqam_classifier_free);
  return self;
}

RaqamEvaluation *
raqam_evaluation_ref (RaqamEvaluation *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
raqam_evaluation_unref (RaqamEvaluation *self)
{
  char *strings[] = { (char *) self->settings.device, self->model_origin, self->model_checksum,
                      self->recipe_name, self->model_data_checksum, self->train_checksum,
                      self->test_checksum, self->classifier_checksum };

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    g_free (strings[i]);
  g_clear_pointer (&self->classifier, raqam_report_free);
  g_clear_pointer (&self->pixels, g_bytes_unref);
  g_clear_pointer (&self->labels, g_bytes_unref);
  g_clear_pointer (&self->predicted, g_bytes_unref);
  g_clear_pointer (&self->probabilities, g_bytes_unref);
  g_clear_pointer (&self->confusion, raqam_confusion_free);
  g_clear_pointer (&self->report, raqam_report_free);
  for (int i = 0; i < RAQAM_N_UTILITIES; i++)
    g_clear_pointer (&self->utility[i].report, raqam_report_free);
  g_free (self);
}
