/* made-evaluation.c — evaluations with made-up figures, for what shows them.
 * SPDX-License-Identifier: MIT */

#include "made-evaluation.h"

#include <math.h>
#include <string.h>

#define N_CLASSES RAQAM_DATASET_CLASSES
#define SIZE RAQAM_IMAGE_SIZE

static void
draw_bar (guint8 *pixels, int digit)
{
  for (int row = 24 - 2 * digit; row < 26; row++)
    memset (pixels + row * RAQAM_IMAGE_SIDE + 12, 255, 5);
}

static RaqamReport *
report_of (const guint8 *labels, const guint8 *predicted, gsize n)
{
  g_autoptr (RaqamConfusion) confusion = raqam_confusion_new (labels, predicted, n, N_CLASSES);

  return raqam_report_new (confusion, FALSE);
}

static RaqamFigure
figure (double all, double slope)
{
  RaqamFigure made = { .all = all };

  for (int c = 0; c < N_CLASSES; c++)
    made.of_class[c] = all + slope * c;
  return made;
}

static void
add_scores (RaqamEvaluation *self, const guint8 *labels, const guint8 *predicted)
{
  self->frechet = figure (6.25, 0.5);
  self->frechet_real = figure (1.5, 0.1);
  self->inception = (RaqamInceptionScore) { 9.412, 0.03 };
  self->inception_real = (RaqamInceptionScore) { 9.871, 0.02 };
  self->manifold = (RaqamManifold) { 0.931, 0.702 };
  self->manifold_real = (RaqamManifold) { 0.962, 0.958 };
  self->matched_n = self->manifold_n = (guint) self->settings.n_images;
  self->memorisation = 0.473;
  self->nearest_median = 2.31;
  self->nearest_median_real = 2.22;
  self->diversity = figure (41.5, -1.5);
  self->diversity_real = figure (55.0, -0.5);

  self->has_utility = TRUE;
  for (int i = 0; i < RAQAM_N_UTILITIES; i++)
    self->utility[i] = (RaqamUtility) {
      .n_real = i == RAQAM_UTILITY_SYNTHETIC ? 0 : 60000,
      .n_synthetic = i == RAQAM_UTILITY_REAL ? 0 : 60000,
      .report = report_of (labels, predicted, self->settings.n_images),
    };
}

static void
clear_scores (RaqamEvaluation *self)
{
  RaqamFigure none = figure (NAN, NAN);

  self->frechet = self->frechet_real = self->diversity = self->diversity_real = none;
  self->inception = self->inception_real = (RaqamInceptionScore) { NAN, NAN };
  self->manifold = self->manifold_real = (RaqamManifold) { NAN, NAN };
  self->memorisation = self->nearest_median = self->nearest_median_real = NAN;
}

RaqamEvaluation *
made_evaluation_new (int n_images, gboolean scores)
{
  RaqamEvaluation *self = g_new0 (RaqamEvaluation, 1);
  guint8 *pixels = g_new0 (guint8, (gsize) n_images * SIZE);
  guint8 *labels = g_new (guint8, n_images), *predicted = g_new (guint8, n_images);
  float *probabilities = g_new0 (float, (gsize) n_images * N_CLASSES);

  for (int i = 0; i < n_images; i++)
    {
      labels[i] = (guint8) (i % N_CLASSES);
      predicted[i] = labels[i] == 4 && i / N_CLASSES % 10 == 9 ? 3 : labels[i];
      probabilities[i * N_CLASSES + predicted[i]] = 1;
      draw_bar (pixels + (gsize) i * SIZE, labels[i]);
    }

  self->ref_count = 1;
  self->settings = (RaqamEvaluationSettings) {
    .n_images = n_images, .seed = 7, .threshold = TRUE, .scores = scores, .utility = scores,
    .device = g_strdup ("cpu"),
  };
  self->model_origin = g_strdup ("made-up.safetensors");
  self->model_checksum = g_strnfill (64, 'a');
  self->recipe_name = g_strdup ("fast");
  self->step = 3750;
  self->epoch = 8;
  self->n_classes = N_CLASSES;
  self->n_train = 60000;
  self->n_test = 20000;
  self->train_checksum = g_strnfill (64, 'b');
  self->test_checksum = g_strnfill (64, 'c');
  self->classifier = report_of (labels, labels, n_images);
  self->confusion = raqam_confusion_new (labels, predicted, n_images, N_CLASSES);
  self->report = raqam_report_new (self->confusion, FALSE);
  if (scores)
    add_scores (self, labels, predicted);
  else
    clear_scores (self);

  self->pixels = g_bytes_new_take (pixels, (gsize) n_images * SIZE);
  self->labels = g_bytes_new_take (labels, n_images);
  self->predicted = g_bytes_new_take (predicted, n_images);
  self->probabilities = g_bytes_new_take (probabilities, sizeof (float) * n_images * N_CLASSES);

  return self;
}

GArray *
made_timeline_new (int n)
{
  GArray *timeline = g_array_new (FALSE, FALSE, sizeof (RaqamQuality));

  for (int i = 0; i < n; i++)
    {
      gboolean last = i == n - 1;
      RaqamQuality quality = {
        .step = 100 * (i + 1), .epoch = i + 1, .n_images = 1000, .seed = 1, .threshold = TRUE,
        .accuracy = figure (0.99 - 0.4 / (i + 1) - 0.1 * last, -0.01),
        .frechet = figure (5 + 60.0 / (i + 1) + 4 * last, 0.5),
      };

      g_array_append_val (timeline, quality);
    }

  return timeline;
}
