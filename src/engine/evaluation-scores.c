/* evaluation-scores.c — the figures of an evaluation that come from features.
 * SPDX-License-Identifier: MIT */

#include "engine/evaluation-private.h"

#include "engine/diversity.h"
#include "engine/frechet.h"
#include "engine/memorisation.h"
#include "engine/neighbours.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N_CLASSES RAQAM_DATASET_CLASSES
#define N_FEATURES RAQAM_CLASSIFIER_FEATURES

/* The paper takes 50,000 images; on two processor cores these take seconds. */
#define MANIFOLD_MOST 10000

/* What of the stage each part takes, by the clock. */
#define MOMENTS_END 0.15
#define NEAREST_END 0.55
#define MANIFOLD_END 0.75

/* Some of a set's images. */
typedef struct
{
  gsize   n;
  float  *features;      /* (n, N_FEATURES) */
  float  *probabilities; /* (n, N_CLASSES); NULL where nobody asks */
  guint8 *labels;        /* (n) */
} Sample;

typedef struct
{
  RaqamEvaluation         *evaluation;
  RaqamJudge              *judge;
  const RaqamRealFeatures *real;
  const float             *generated;     /* (n_images, N_FEATURES) */
  Sample                   test;          /* as many as of generated images, in the same order of classes */

  double widths[N_CLASSES];               /* of the real training images */
  GError *errors[N_CLASSES + 1];          /* of the figures on threads */
  gint    next;                           /* of them, the one to take; atomic */
} Scores;

static void
sample_clear (Sample *self)
{
  g_free (self->features);
  g_free (self->probabilities);
  g_free (self->labels);
}

void
raqam_evaluation_balance (guint32 *which, const guint8 *labels, gsize n, gsize per_class)
{
  gsize count[N_CLASSES] = { 0 }, seen[N_CLASSES] = { 0 }, taken[N_CLASSES] = { 0 };

  for (gsize i = 0; i < n; i++)
    count[labels[i]]++;
  for (gsize i = 0; i < n; i++)
    {
      guint8 c = labels[i];

      /* Number t of the class is the one at ⌊t · count / per_class⌋. */
      if (taken[c] < per_class && seen[c] == taken[c] * count[c] / per_class)
        which[N_CLASSES * taken[c]++ + c] = (guint32) i;
      seen[c]++;
    }
}

static guint
smallest_class (const RaqamDataset *data)
{
  guint n = raqam_dataset_get_n (data);

  for (int c = 0; c < N_CLASSES; c++)
    n = MIN (n, raqam_dataset_get_count (data, c));
  return n;
}

static gboolean
sample_take (Sample *self, const float *features, const float *probabilities,
             const RaqamDataset *data, gsize per_class, GError **error)
{
  const guint8 *labels = raqam_dataset_get_labels (data);
  gsize n = N_CLASSES * per_class;
  g_autofree guint32 *which = g_new (guint32, n);

  *self = (Sample){ .n = n };
  self->labels = g_malloc (n);
  self->features = raqam_judge_alloc (n, N_FEATURES, error);
  if (self->features == NULL
      || (probabilities != NULL
          && (self->probabilities = raqam_judge_alloc (n, N_CLASSES, error)) == NULL))
    return FALSE;

  raqam_evaluation_balance (which, labels, raqam_dataset_get_n (data), per_class);
  for (gsize i = 0; i < n; i++)
    {
      memcpy (self->features + i * N_FEATURES, features + (gsize) which[i] * N_FEATURES,
              sizeof (float) * N_FEATURES);
      if (probabilities != NULL)
        memcpy (self->probabilities + i * N_CLASSES, probabilities + (gsize) which[i] * N_CLASSES,
                sizeof (float) * N_CLASSES);
      self->labels[i] = labels[which[i]];
    }
  return TRUE;
}

/* Class @c, or all of them for N_CLASSES. A class of fewer than two images has no figure. */
static gboolean
compare_moments (Scores *self, int c, GError **error)
{
  RaqamEvaluation *evaluation = self->evaluation;
  const RaqamDataset *train = self->judge->data->train;
  gboolean all = c == N_CLASSES;
  double *frechet = all ? &evaluation->frechet.all : &evaluation->frechet.of_class[c];
  double *floor = all ? &evaluation->frechet_real.all : &evaluation->frechet_real.of_class[c];
  const guint8 *labels = self->test.labels; /* the generated ones' too: the classes in turn */
  g_autoptr (RaqamMoments) real = NULL;
  g_autoptr (RaqamMoments) generated = NULL;
  g_autoptr (RaqamMoments) test = NULL;

  if (!all && (self->test.n < 2 * N_CLASSES || raqam_dataset_get_count (train, c) < 2))
    return TRUE;

  real = raqam_moments_new (self->real->train, all ? NULL : raqam_dataset_get_labels (train),
                            (guint8) c, self->real->n_train, N_FEATURES, error);
  if (real == NULL)
    return FALSE;
  generated = raqam_moments_new (self->generated, all ? NULL : labels, (guint8) c, self->test.n,
                                 N_FEATURES, error);
  if (generated == NULL)
    return FALSE;
  test = raqam_moments_new (self->test.features, all ? NULL : labels, (guint8) c, self->test.n,
                            N_FEATURES, error);
  if (test == NULL)
    return FALSE;

  *frechet = raqam_frechet_distance (generated, real);
  *floor = raqam_frechet_distance (test, real);
  return TRUE;
}

/* The whole first: it takes longest. */
static gpointer
moments_thread (gpointer data)
{
  Scores *self = data;
  int i;

  while ((i = g_atomic_int_add (&self->next, 1)) <= N_CLASSES
         && !g_cancellable_is_cancelled (self->judge->cancellable))
    compare_moments (self, N_CLASSES - i, &self->errors[N_CLASSES - i]);
  return NULL;
}

static gboolean
first_error (Scores *self, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->errors); i++)
    if (self->errors[i] != NULL)
      {
        g_propagate_error (error, g_steal_pointer (&self->errors[i]));
        return FALSE;
      }
  return TRUE;
}

/* Each figure on one thread alone, so that their number changes none. */
static gboolean
score_frechet (Scores *self, GError **error)
{
  int n_helpers = MIN (self->judge->n_threads, N_CLASSES + 1) - 1;
  g_autofree GThread **helpers = g_new0 (GThread *, n_helpers + 1);

  for (int i = 0; i < n_helpers; i++)
    helpers[i] = g_thread_try_new ("moments", moments_thread, self, NULL);
  moments_thread (self);
  for (int i = 0; i < n_helpers; i++)
    if (helpers[i] != NULL)
      g_thread_join (helpers[i]);

  return first_error (self, error)
         && raqam_judge_tell (self->judge, RAQAM_EVALUATION_SCORES, MOMENTS_END, error);
}

static gboolean
score_inception (Scores *self, GError **error)
{
  RaqamEvaluation *evaluation = self->evaluation;

  return raqam_inception_score (&evaluation->inception,
                                g_bytes_get_data (evaluation->probabilities, NULL), self->test.n,
                                N_CLASSES, RAQAM_INCEPTION_SPLITS, error)
         && raqam_inception_score (&evaluation->inception_real, self->test.probabilities,
                                   self->test.n, N_CLASSES, RAQAM_INCEPTION_SPLITS, error);
}

static int
rising_cb (gconstpointer a, gconstpointer b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

/* Of squared distances: the median of the distances. */
static double
median_distance (const float *squares, gsize n)
{
  g_autofree float *sorted = g_memdup2 (squares, n * sizeof *squares);

  qsort (sorted, n, sizeof *sorted, rising_cb);
  return (sqrt (sorted[(n - 1) / 2]) + sqrt (sorted[n / 2])) / 2;
}

/* Against all training images: a copied one may be any of them. */
static gboolean
score_memorisation (Scores *self, GError **error)
{
  RaqamEvaluation *evaluation = self->evaluation;
  const RaqamRealFeatures *real = self->real;
  gsize n = evaluation->settings.n_images;
  g_autofree float *nearest = raqam_judge_alloc (n, 1, error);
  RaqamSearch search;

  if (nearest == NULL)
    return FALSE;

  search = raqam_judge_search (self->judge, RAQAM_EVALUATION_SCORES, MOMENTS_END, NEAREST_END);
  if (!raqam_nearest (nearest, NULL, self->generated, n, real->train, real->n_train, N_FEATURES, 1,
                      &search, error))
    return FALSE;

  evaluation->memorisation = raqam_memorisation (nearest, n, real->test_nearest, real->n_test);
  evaluation->nearest_median = median_distance (nearest, n);
  evaluation->nearest_median_real = median_distance (real->test_nearest, real->n_test);
  return TRUE;
}

static gboolean
compare_manifolds (Scores *self, const Sample *train, GError **error)
{
  RaqamEvaluation *evaluation = self->evaluation;
  double middle = (NEAREST_END + MANIFOLD_END) / 2;
  RaqamSearch search =
    raqam_judge_search (self->judge, RAQAM_EVALUATION_SCORES, NEAREST_END, middle);

  if (!raqam_manifold_compare (&evaluation->manifold, train->features, train->n, self->generated,
                               train->n, N_FEATURES, RAQAM_MANIFOLD_NEIGHBOURS, &search, error))
    return FALSE;

  search = raqam_judge_search (self->judge, RAQAM_EVALUATION_SCORES, middle, MANIFOLD_END);
  return raqam_manifold_compare (&evaluation->manifold_real, train->features, train->n,
                                 self->test.features, train->n, N_FEATURES,
                                 RAQAM_MANIFOLD_NEIGHBOURS, &search, error);
}

/* The sample of the test images begins with a smaller one as good as any. */
static gboolean
score_manifold (Scores *self, GError **error)
{
  RaqamDataset *train_data = self->judge->data->train;
  gsize per_class = MIN (self->test.n, MANIFOLD_MOST) / N_CLASSES;
  Sample train;
  gboolean done;

  per_class = MIN (per_class, smallest_class (train_data));
  self->evaluation->manifold_n = N_CLASSES * per_class;
  done = sample_take (&train, self->real->train, NULL, train_data, per_class, error)
         && compare_manifolds (self, &train, error);
  sample_clear (&train);
  return done;
}

static void
set_diversity (RaqamFigure *figure, const double *numbers)
{
  double sum = 0;

  for (int c = 0; c < N_CLASSES; c++)
    {
      figure->of_class[c] = numbers[c];
      sum += numbers[c];
    }
  figure->all = sum / N_CLASSES;
}

static gboolean
diversity_of (Scores *self, RaqamFigure *figure, const float *features, GError **error)
{
  double numbers[N_CLASSES];

  if (!raqam_diversity (numbers, features, self->test.labels, self->test.n, N_FEATURES, N_CLASSES,
                        self->widths, RAQAM_DIVERSITY_SAMPLE, error))
    return FALSE;
  set_diversity (figure, numbers);
  return TRUE;
}

static gboolean
score_diversity (Scores *self, GError **error)
{
  RaqamDataset *train = self->judge->data->train;

  return raqam_diversity_width (self->widths, self->real->train, raqam_dataset_get_labels (train),
                                self->real->n_train, N_FEATURES, N_CLASSES, error)
         && raqam_judge_tell (self->judge, RAQAM_EVALUATION_SCORES, 0.8, error)
         && diversity_of (self, &self->evaluation->diversity, self->generated, error)
         && raqam_judge_tell (self->judge, RAQAM_EVALUATION_SCORES, 0.9, error)
         && diversity_of (self, &self->evaluation->diversity_real, self->test.features, error);
}

gboolean
raqam_evaluation_score (RaqamEvaluation *self, RaqamJudge *judge, const RaqamRealFeatures *real,
                        const float *features, GError **error)
{
  Scores scores = { .evaluation = self, .judge = judge, .real = real, .generated = features };
  gsize per_class = MIN ((gsize) self->settings.n_images / N_CLASSES,
                         smallest_class (judge->data->test));
  gboolean done;

  self->matched_n = N_CLASSES * per_class;
  done = raqam_judge_tell (judge, RAQAM_EVALUATION_SCORES, 0, error)
         && sample_take (&scores.test, real->test, real->test_probabilities, judge->data->test,
                         per_class, error)
         && score_frechet (&scores, error) && score_inception (&scores, error)
         && score_memorisation (&scores, error) && score_manifold (&scores, error)
         && score_diversity (&scores, error);

  for (guint i = 0; i < G_N_ELEMENTS (scores.errors); i++)
    g_clear_error (&scores.errors[i]);
  sample_clear (&scores.test);
  return done;
}
