/* evaluation-utility.c — what generated digits are good for: train on them, test on real ones.
 * SPDX-License-Identifier: MIT
 *
 * As many real images as generated ones, and as many steps for each of the three
 * trainings: more of either would count as a virtue of the images.
 */

#include "engine/evaluation-private.h"

#include <string.h>

#define N_CLASSES RAQAM_DATASET_CLASSES

typedef struct
{
  RaqamJudge             *judge;
  RaqamClassifierTraining training;
  const guint8           *images, *labels; /* the real ones, then the generated ones */
  gsize                   n;               /* of each */
  int                     number;          /* of the training that is going on */
} Course;

static void
progress_cb (double done, double loss, gpointer data)
{
  Course *self = data;

  raqam_judge_tell (self->judge, RAQAM_EVALUATION_UTILITY, (self->number + done) / RAQAM_N_UTILITIES,
                    NULL);
}

/* Returns: (transfer full): of @classifier on the real test images */
static RaqamReport *
examine (Course *self, RaqamClassifier *classifier, GError **error)
{
  RaqamDataset *test = self->judge->data->test;
  gsize n = raqam_dataset_get_n (test);
  g_autofree float *probabilities = raqam_judge_alloc (n, N_CLASSES, error);
  g_autofree guint8 *predicted = NULL;
  g_autoptr (RaqamConfusion) confusion = NULL;

  if (probabilities == NULL
      || !raqam_classifier_read (classifier, probabilities, NULL, raqam_dataset_get_images (test), n,
                                 error))
    return NULL;

  predicted = raqam_evaluation_predict (probabilities, n);
  confusion = raqam_confusion_new (raqam_dataset_get_labels (test), predicted, n, N_CLASSES);
  return raqam_report_new (confusion, FALSE);
}

static gboolean
train (Course *self, RaqamUtility *utility, gsize first, gsize n, GError **error)
{
  g_autoptr (RaqamClassifier) classifier =
    raqam_judge_train (self->judge, self->images + first * RAQAM_IMAGE_SIZE, self->labels + first, n,
                       &self->training, progress_cb, self, error);

  if (classifier == NULL)
    return FALSE;

  utility->n_real = (guint) (first == 0 ? self->n : 0);
  utility->n_synthetic = (guint) (first + n > self->n ? self->n : 0);
  utility->report = examine (self, classifier, error);
  return utility->report != NULL;
}

static gboolean
train_all (Course *self, RaqamEvaluation *evaluation, GError **error)
{
  const gsize first[RAQAM_N_UTILITIES] = { [RAQAM_UTILITY_SYNTHETIC] = self->n };

  for (self->number = 0; self->number < RAQAM_N_UTILITIES; self->number++)
    if (!train (self, &evaluation->utility[self->number], first[self->number],
                self->number == RAQAM_UTILITY_BOTH ? 2 * self->n : self->n, error))
      return FALSE;
  return TRUE;
}

/* How many of each kind: as there are of both, balanced over the classes. */
static gsize
count (const RaqamEvaluation *evaluation, const RaqamDataset *real)
{
  gsize per_class = evaluation->settings.n_images / N_CLASSES;

  for (int c = 0; c < N_CLASSES; c++)
    per_class = MIN (per_class, raqam_dataset_get_count (real, c));
  return N_CLASSES * per_class;
}

static void
gather (guint8 *images, guint8 *labels, const RaqamEvaluation *evaluation, const RaqamDataset *real,
        gsize n)
{
  g_autofree guint32 *which = g_new (guint32, n);

  raqam_evaluation_balance (which, raqam_dataset_get_labels (real), raqam_dataset_get_n (real),
                            n / N_CLASSES);
  for (gsize i = 0; i < n; i++)
    {
      memcpy (images + i * RAQAM_IMAGE_SIZE,
              raqam_dataset_get_images (real) + (gsize) which[i] * RAQAM_IMAGE_SIZE,
              RAQAM_IMAGE_SIZE);
      labels[i] = raqam_dataset_get_labels (real)[which[i]];
    }
  memcpy (images + n * RAQAM_IMAGE_SIZE, g_bytes_get_data (evaluation->pixels, NULL),
          n * RAQAM_IMAGE_SIZE);
  memcpy (labels + n, g_bytes_get_data (evaluation->labels, NULL), n);
}

gboolean
raqam_evaluation_use (RaqamEvaluation *self, RaqamJudge *judge, GError **error)
{
  const RaqamDataset *real = judge->data->train;
  gsize n = count (self, real);
  int epochs = self->settings.utility_epochs;
  g_autofree guint8 *images = NULL;
  g_autofree guint8 *labels = g_malloc (2 * n);
  Course course = { .judge = judge, .training = raqam_classifier_training, .n = n };

  if (!raqam_judge_tell (judge, RAQAM_EVALUATION_UTILITY, 0, error))
    return FALSE;
  images = (guint8 *) raqam_judge_alloc (2 * n, RAQAM_IMAGE_SIZE / sizeof (float), error);
  if (images == NULL)
    return FALSE;

  gather (images, labels, self, real, n);
  course.images = images;
  course.labels = labels;
  course.training.batch = (int) MIN (n, (gsize) course.training.batch);
  course.training.steps = 2 * n / course.training.batch
                          * (epochs > 0 ? epochs : course.training.epochs);
  self->has_utility = train_all (&course, self, error);
  return self->has_utility;
}
