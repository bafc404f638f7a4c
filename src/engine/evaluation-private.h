/* evaluation-private.h — what the parts of an evaluation share while it is made.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/classifier.h"
#include "engine/distances.h"
#include "engine/evaluation.h"

G_BEGIN_DECLS

/* Weights depend on how many threads train them, in their last bits and so in all that
 * follows. The judge must not depend on what else the machine has to do, or on which it is. */
#define RAQAM_EVALUATION_TRAINERS 2

#define RAQAM_EVALUATION_CHUNK 2000 /* images between two looks at the cancellable */

/* One who judges, at work. */
typedef struct
{
  const RaqamEvaluationSettings *settings;
  const RaqamEvaluationData     *data;
  GCancellable                  *cancellable;
  int                            n_threads; /* 1 or more */
  RaqamDeviceOptions             options;   /* the classifier's device: exact, so that a setting of
                                             * the generator's makes no other judge */

  RaqamEvaluationProgress progress;
  gpointer                progress_data;
  RaqamEvaluationStage    stage;
  double                  from, to; /* the part of the stage that a search is */
  gint64                  next;     /* when progress may be told again */

  RaqamClassifier *classifier;
} RaqamJudge;

/* What the classifier sees in the real images. */
typedef struct
{
  gsize  n_train, n_test;
  float *train;              /* (n_train, RAQAM_CLASSIFIER_FEATURES) */
  float *test;               /* (n_test, RAQAM_CLASSIFIER_FEATURES) */
  float *test_probabilities; /* (n_test, RAQAM_DATASET_CLASSES) */
  float *test_nearest;       /* (n_test): squared distance from the nearest training image */
} RaqamRealFeatures;

/**
 * raqam_judge_tell:
 * @done: 0 to 1, of @stage
 *
 * Passes progress on, at most ten times a second but for a new stage.
 *
 * Returns: FALSE with G_IO_ERROR_CANCELLED
 */
gboolean raqam_judge_tell (RaqamJudge *self, RaqamEvaluationStage stage, double done,
                           GError **error);

/* Returns: how to search, told as the part of the stage @from to @to; until the next call */
RaqamSearch raqam_judge_search (RaqamJudge *self, RaqamEvaluationStage stage, double from,
                                double to);

/**
 * raqam_judge_train:
 * @images: (@n, 784), 255 is ink
 * @labels: (@n)
 *
 * raqam_classifier_train() on the device of the settings, always by as many threads.
 */
RaqamClassifier *raqam_judge_train (RaqamJudge *self, const guint8 *images, const guint8 *labels,
                                    gsize n, const RaqamClassifierTraining *training,
                                    RaqamClassifierProgress progress, gpointer progress_data,
                                    GError **error);

/**
 * raqam_judge_read:
 * @probabilities: (nullable): (@n, RAQAM_DATASET_CLASSES), overwritten
 * @features: (nullable): (@n, RAQAM_CLASSIFIER_FEATURES), overwritten
 *
 * raqam_classifier_read() with progress, as the part of the stage @from to @to.
 */
gboolean raqam_judge_read (RaqamJudge *self, float *probabilities, float *features,
                           const guint8 *images, gsize n, RaqamEvaluationStage stage, double from,
                           double to, GError **error);

/* Returns: (transfer full): (n, size) floats for g_free(); NULL with RAQAM_ERROR_MEMORY */
float *raqam_judge_alloc (gsize n, gsize size, GError **error);

/**
 * raqam_real_features_new:
 *
 * Reads them in the user's cache, whole and of this classifier and these data, or
 * makes them and tries to keep them there.
 *
 * Returns: (transfer full): NULL with the error of what failed
 */
RaqamRealFeatures *raqam_real_features_new  (RaqamJudge *judge, GError **error);
void               raqam_real_features_free (RaqamRealFeatures *self);

/* Returns: (transfer full): where they are kept, below the user's cache */
char *raqam_real_features_path (const RaqamEvaluationData *data);

/**
 * raqam_evaluation_balance:
 * @which: (out): (RAQAM_DATASET_CLASSES · @per_class), overwritten: images of @labels,
 *   the classes in turn, each class's evenly over all that it has
 * @per_class: at most what each class has
 */
void raqam_evaluation_balance (guint32 *which, const guint8 *labels, gsize n, gsize per_class);

/**
 * raqam_evaluation_score:
 * @features: (n_images, RAQAM_CLASSIFIER_FEATURES), of the generated images
 *
 * Sets all that is there only with settings.scores.
 */
gboolean raqam_evaluation_score (RaqamEvaluation *self, RaqamJudge *judge,
                                 const RaqamRealFeatures *real, const float *features,
                                 GError **error);

/* Sets @self's utility. */
gboolean raqam_evaluation_use (RaqamEvaluation *self, RaqamJudge *judge, GError **error);

/* Returns: (transfer full): of the likeliest class of each of @n images */
guint8 *raqam_evaluation_predict (const float *probabilities, gsize n);

/**
 * raqam_evaluation_new_for_images:
 * @pixels: (settings->n_images, 784), 255 is ink: image i is of class i % RAQAM_DATASET_CLASSES;
 *   taken as they are
 * @origin: where they come from, for people
 *
 * raqam_evaluation_new() of images that no model of ours drew; what is told of the
 * model stays NULL and 0.
 */
RaqamEvaluation *raqam_evaluation_new_for_images (GBytes *pixels, const char *origin,
                                                  const RaqamEvaluationData *data,
                                                  const RaqamEvaluationSettings *settings,
                                                  RaqamEvaluationProgress progress,
                                                  gpointer progress_data,
                                                  GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamRealFeatures, raqam_real_features_free)

G_END_DECLS
