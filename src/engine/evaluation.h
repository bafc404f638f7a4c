/* evaluation.h — a judgement of what a model draws: every figure, and what made it.
 * SPDX-License-Identifier: MIT
 *
 * The judge is the classifier, trained on the training part of real digits and
 * on nothing else; the test part is held back from it, whatever the model saw.
 * "Real" figures are the same figures of real test images, the floor or ceiling
 * that a perfect model would reach: without them no figure says much. Figures
 * that depend on the number of images are taken of equally many on both sides.
 */

#pragma once

#include <gio/gio.h>

#include "engine/backend.h"
#include "engine/confusion.h"
#include "engine/dataset.h"
#include "engine/inception.h"
#include "engine/manifold.h"
#include "engine/model.h"

G_BEGIN_DECLS

#define RAQAM_EVALUATION_MIN_IMAGES 100
#define RAQAM_EVALUATION_MAX_IMAGES 100000

/* How it was made; all of it is written into every report. */
typedef struct
{
  int        n_images;  /* generated; image i shows digit i % n_classes, drawn from latent
                         * vector i of the seed (raqam_generator_random_latents()) */
  guint64    seed;
  gboolean   threshold; /* pictures are set to 0 or 1 at 0.5, as binarised data are */
  gboolean   scores;    /* the figures on features too, and not the report alone */
  gboolean   utility;   /* also train on synthetic, test on real */
  int        utility_epochs; /* of each of those trainings; 0 for the classifier's own number */
  const char *device;   /* as raqam_device_open() */
  RaqamDeviceOptions options;
} RaqamEvaluationSettings;

/* The real digits, in their two parts. Never changed once made; any thread. */
typedef struct
{
  RaqamDataset *train;
  RaqamDataset *test;
  gboolean      held_back; /* the data came without a test part: every sixth image of
                            * each digit was taken from train for it */
  char         *checksum;  /* of all images in the order of the files, as a model knows the
                            * data that it was trained on */
} RaqamEvaluationData;

/* What the model was trained on, by the checksum that it keeps. */
typedef enum
{
  RAQAM_SEEN_UNKNOWN, /* other images, or it does not say */
  RAQAM_SEEN_TRAIN,   /* the training part and nothing else */
  RAQAM_SEEN_ALL,     /* the test part too */
  RAQAM_SEEN_TEST,    /* the test part alone */
} RaqamSeen;

/**
 * raqam_evaluation_data_load:
 * @paths: as raqam_dataset_load(); files whose name begins with "Test" (any case) are the test part
 * @grey: as raqam_dataset_load()
 *
 * Blocks. Returns: (transfer full): NULL with what raqam_dataset_load() says, or
 *   RAQAM_ERROR_DATA where a part lacks a digit
 */
RaqamEvaluationData *raqam_evaluation_data_load (const char *const *paths, gboolean grey,
                                                 GCancellable *cancellable, GError **error);
void raqam_evaluation_data_free (RaqamEvaluationData *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamEvaluationData, raqam_evaluation_data_free)

/* A figure of the whole and of each class; NAN where it was not made. */
typedef struct
{
  double all;
  double of_class[RAQAM_DATASET_CLASSES];
} RaqamFigure;

/* One training of "train on synthetic, test on real". */
typedef struct
{
  guint        n_real;      /* images it was trained on */
  guint        n_synthetic;
  RaqamReport *report;      /* on the real test images */
} RaqamUtility;

typedef enum
{
  RAQAM_UTILITY_REAL,
  RAQAM_UTILITY_SYNTHETIC,
  RAQAM_UTILITY_BOTH,
  RAQAM_N_UTILITIES
} RaqamUtilityKind;

/* Counted by references; never changed once made; any thread. */
typedef struct
{
  RaqamEvaluationSettings settings; /* device's string is owned */
  char   *model_origin;   /* the file, for people */
  char   *model_checksum; /* SHA-256 of the generator's weights and running statistics */
  char   *recipe_name;
  char   *model_data_checksum; /* of the data it was trained on; NULL where it does not say */
  RaqamSeen seen;
  guint64 step;
  double  epoch;
  int     n_classes;

  /* The judge, and what each saw. */
  guint   n_train, n_test;
  char   *train_checksum, *test_checksum;
  gboolean held_back;
  char   *classifier_checksum; /* SHA-256 of its weights: only figures of one judge compare */
  RaqamReport *classifier;  /* of the classifier on the real test images */

  /* The pictures, in the order of their latent vectors. */
  GBytes *pixels;        /* uint8 (n_images, 784), 255 is ink, as they were judged */
  GBytes *labels;        /* uint8 (n_images): the digit asked for */
  GBytes *predicted;     /* uint8 (n_images) */
  GBytes *probabilities; /* float (n_images, n_classes) */

  RaqamConfusion *confusion;
  RaqamReport    *report;

  /* Only with settings.scores; NAN otherwise. *_real: real test images instead
   * of generated ones, against real training images. */
  guint   matched_n;              /* generated images, and test images beside them, for the figures
                                   * that depend on the number (all but manifold and memorisation) */
  RaqamFigure frechet;            /* generated against the real training images */
  RaqamFigure frechet_real;       /* the floor: test against training images, as many */
  RaqamInceptionScore inception;
  RaqamInceptionScore inception_real;
  RaqamManifold manifold;
  RaqamManifold manifold_real;
  guint   manifold_n;             /* images on either side */
  double  memorisation;           /* raqam_memorisation() */
  double  nearest_median;         /* distance from the nearest training image, of features */
  double  nearest_median_real;
  RaqamFigure diversity;          /* of_class; all is their mean */
  RaqamFigure diversity_real;

  gboolean     has_utility;
  RaqamUtility utility[RAQAM_N_UTILITIES];

  gint ref_count;
} RaqamEvaluation;

typedef enum
{
  RAQAM_EVALUATION_CLASSIFIER, /* trains the classifier, where none is kept for these data */
  RAQAM_EVALUATION_REAL,       /* reads the real images, where their features are not kept */
  RAQAM_EVALUATION_DRAWING,
  RAQAM_EVALUATION_JUDGING,
  RAQAM_EVALUATION_SCORES,
  RAQAM_EVALUATION_UTILITY,
} RaqamEvaluationStage;

/**
 * RaqamEvaluationProgress:
 * @done: 0 to 1, of the stage
 *
 * Called in the judging thread, at most some ten times a second.
 */
typedef void (*RaqamEvaluationProgress) (RaqamEvaluationStage stage, double done, gpointer data);

/* Returns: (transfer none): the stage in words, translated: "Training the classifier" */
const char *raqam_evaluation_stage_name (RaqamEvaluationStage stage);

/**
 * raqam_evaluation_new:
 * @data: its images as grey or binarised as the model's own training data
 * @model: with RAQAM_DATASET_CLASSES classes
 *
 * Blocks. The same arguments give the same figures on the same machine, on any
 * number of threads. The classifier and what it sees in the real images are kept
 * in the user's cache; where that cannot be written they are made each time.
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_DATA, RAQAM_ERROR_DEVICE,
 *   RAQAM_ERROR_MEMORY, RAQAM_ERROR_DIVERGED or G_IO_ERROR_CANCELLED
 */
RaqamEvaluation *raqam_evaluation_new (RaqamModel *model, const RaqamEvaluationData *data,
                                       const RaqamEvaluationSettings *settings,
                                       RaqamEvaluationProgress progress, gpointer progress_data,
                                       GCancellable *cancellable, GError **error);
RaqamEvaluation *raqam_evaluation_ref   (RaqamEvaluation *self);
void             raqam_evaluation_unref (RaqamEvaluation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamEvaluation, raqam_evaluation_unref)

G_END_DECLS
