/* directions.c — the directions of latent space in which a digit's pictures vary most.
 * SPDX-License-Identifier: MIT */

#include "engine/directions.h"

#include "engine/generator.h"
#include "engine/symmetric.h"

#include <math.h>
#include <string.h>

#define N_PICTURES 2000 /* or more, for a long latent vector */
#define N_POPULATION 500 /* of them are measured */
#define N_TRIALS 100
#define REACH 2
#define CHUNK 50

/* @columns: (n, m) → centred, in double */
static double *
centred (const float *columns, int n, int m)
{
  double *result = g_new (double, (gsize) n *m);
  g_autofree double *mean = g_new0 (double, m);

  for (int i = 0; i < n; i++)
    for (int k = 0; k < m; k++)
      mean[k] += columns[(gsize) i * m + k] / (double) n;
  for (int i = 0; i < n; i++)
    for (int k = 0; k < m; k++)
      result[(gsize) i * m + k] = columns[(gsize) i * m + k] - mean[k];
  return result;
}

/* Returns: (transfer full): (m_a, m_b): mean of aᵀb over the n rows; NULL once cancelled */
static double *
mean_product (const double *a, int m_a, const double *b, int m_b, int n, GCancellable *cancellable)
{
  g_autofree double *product = g_new0 (double, (gsize) m_a *m_b);

  for (int i = 0; i < n && !g_cancellable_is_cancelled (cancellable); i++)
    for (int k = 0; k < m_a; k++)
      {
        double factor = a[(gsize) i * m_a + k] / n;
        const double *row = b + (gsize) i * m_b;

        for (int l = 0; l < m_b; l++)
          product[(gsize) k * m_b + l] += factor * row[l];
      }
  return g_cancellable_is_cancelled (cancellable) ? NULL : g_steal_pointer (&product);
}

/* @right: (n, m), overwritten with matrix⁻¹ · right; @matrix: (n, n), positive definite,
 * overwritten (Cholesky's LLᵀ, in its lower half). */
static void
solve (double *right, double *matrix, int n, int m)
{
  for (int j = 0; j < n; j++)
    for (int i = j; i < n; i++)
      {
        double sum = matrix[i * n + j];

        for (int k = 0; k < j; k++)
          sum -= matrix[i * n + k] * matrix[j * n + k];
        matrix[i * n + j] = i == j ? sqrt (sum) : sum / matrix[j * n + j];
      }

  for (int i = 0; i < n; i++)
    for (int k = 0; k <= i; k++)
      for (int l = 0; l < m; l++)
        right[i * m + l] = k < i ? right[i * m + l] - matrix[i * n + k] * right[k * m + l]
                                 : right[i * m + l] / matrix[i * n + i];
  for (int i = n - 1; i >= 0; i--)
    for (int k = n - 1; k >= i; k--)
      for (int l = 0; l < m; l++)
        right[i * m + l] = k > i ? right[i * m + l] - matrix[k * n + i] * right[k * m + l]
                                 : right[i * m + l] / matrix[i * n + i];
}

/* Takes the largest eigenvalue that is left. */
static void
take_direction (RaqamDirection *direction, double *values, const double *vectors, int n,
                double total)
{
  int best = 0, largest = 0;
  double sign;

  for (int i = 1; i < n; i++)
    if (values[i] > values[best])
      best = i;
  for (int i = 1; i < n; i++)
    if (fabs (vectors[best * n + i]) > fabs (vectors[best * n + largest]))
      largest = i;
  sign = vectors[best * n + largest] < 0 ? -1 : 1;

  memset (direction, 0, sizeof *direction);
  direction->meaning = RAQAM_DIRECTION_UNNAMED;
  direction->share = total > 0 ? CLAMP (values[best] / total, 0, 1) : 0;
  for (int i = 0; i < n; i++)
    direction->vector[i] = (float) (sign * vectors[best * n + i]);
  values[best] = -INFINITY;
}

/* How the features answer to each latent number: (latent, n_features); NULL once cancelled. */
static double *
regress (double *total, const float *z, const float *features, int n, int latent, int n_features,
         GCancellable *cancellable)
{
  g_autofree double *inputs = centred (z, n, latent);
  g_autofree double *outputs = centred (features, n, n_features);
  g_autofree double *covariance = mean_product (inputs, latent, inputs, latent, n, cancellable);
  double *response = mean_product (inputs, latent, outputs, n_features, n, cancellable);

  if (covariance == NULL || response == NULL)
    {
      g_free (response);
      return NULL;
    }
  solve (response, covariance, latent, n_features);
  *total = 0;
  for (gsize i = 0; i < (gsize) n * n_features; i++)
    *total += outputs[i] * outputs[i] / n;
  return response;
}

/* Returns: FALSE once cancelled */
static gboolean
find_principal (RaqamDirections *self, const float *z, const float *features, int n, int latent,
                int n_features, GCancellable *cancellable)
{
  g_autofree double *response = NULL;
  g_autofree double *square = g_new0 (double, latent *latent);
  g_autofree double *values = g_new (double, latent);
  g_autofree double *vectors = g_new (double, latent *latent);
  double total;

  response = regress (&total, z, features, n, latent, n_features, cancellable);
  if (response == NULL)
    return FALSE;
  for (int i = 0; i < latent; i++)
    for (int j = 0; j <= i; j++)
      {
        for (int k = 0; k < n_features; k++)
          square[i * latent + j] += response[i * n_features + k] * response[j * n_features + k];
        square[j * latent + i] = square[i * latent + j];
      }
  if (g_cancellable_is_cancelled (cancellable))
    return FALSE;
  raqam_symmetric_eigen (values, vectors, square, latent);

  self->latent = latent;
  self->n = MIN (RAQAM_DIRECTIONS_MAX, latent);
  for (int d = 0; d < self->n; d++)
    take_direction (&self->list[d], values, vectors, latent, total);
  return TRUE;
}

void
raqam_directions_principal (RaqamDirections *self, const float *z, const float *features, int n,
                            int latent, int n_features)
{
  g_return_if_fail (latent >= 1 && latent <= RAQAM_MAX_LATENT && n > latent);

  find_principal (self, z, features, n, latent, n_features, NULL);
}

/* What is known of a direction and a measure. */
typedef struct
{
  int    direction;
  int    measure;
  double effect;
  double agreement; /* share of the trials that go the same way */
} Effect;

static Effect
effect_of (int direction, int measure, const RaqamDirectionTrial *trials, int n, double deviation)
{
  Effect effect = { direction, measure, 0, 0 };
  double sum = 0;
  int counted = 0, rising = 0, falling = 0;

  for (int t = 0; t < n; t++)
    {
      double change = trials[t].high[measure] - trials[t].low[measure];

      if (isnan (change))
        continue;
      sum += change;
      rising += change > 0;
      falling += change < 0;
      counted++;
    }
  if (counted == 0 || !(deviation >= 1e-6))
    return effect;

  effect.effect = sum / counted / deviation;
  effect.agreement = (sum > 0 ? rising : falling) / (double) n;
  return effect;
}

static int
largest_first_cb (gconstpointer first, gconstpointer second)
{
  const Effect *a = first, *b = second;

  return (fabs (a->effect) < fabs (b->effect)) - (fabs (a->effect) > fabs (b->effect));
}

static void
give_name (RaqamDirection *direction, const Effect *effect, int latent)
{
  direction->meaning = effect->measure;
  if (effect->effect >= 0)
    return;
  for (int i = 0; i < latent; i++)
    direction->vector[i] = -direction->vector[i];
  for (int m = 0; m < RAQAM_N_SHAPES; m++)
    direction->effects[m] = -direction->effects[m];
}

void
raqam_directions_name (RaqamDirections *self, const RaqamDirectionTrial *trials, int n_trials,
                       const double deviations[RAQAM_N_SHAPES])
{
  Effect best[RAQAM_DIRECTIONS_MAX];
  gboolean given[RAQAM_N_SHAPES] = { FALSE };

  for (int d = 0; d < self->n; d++)
    {
      self->list[d].meaning = RAQAM_DIRECTION_UNNAMED;
      best[d] = (Effect) { .direction = d };
      for (int m = 0; m < RAQAM_N_SHAPES; m++)
        {
          Effect effect
            = effect_of (d, m, trials + (gsize) d * n_trials, n_trials, deviations[m]);

          self->list[d].effects[m] = effect.effect;
          if (fabs (effect.effect) > fabs (best[d].effect))
            best[d] = effect;
        }
    }

  qsort (best, self->n, sizeof *best, largest_first_cb);
  for (int i = 0; i < self->n; i++)
    if (fabs (best[i].effect) >= RAQAM_DIRECTION_EFFECT
        && best[i].agreement >= RAQAM_DIRECTION_AGREEMENT && !given[best[i].measure])
      {
        given[best[i].measure] = TRUE;
        give_name (&self->list[best[i].direction], &best[i], self->latent);
      }
}

typedef struct
{
  RaqamDirectionsDraw draw;
  gpointer            user_data;
  GCancellable       *cancellable;
  int                 latent;
} Drawing;

static gboolean
draw_all (const Drawing *self, guint8 *pixels, const float *z, int n, GError **error)
{
  for (int i = 0; i < n; i += CHUNK)
    if (g_cancellable_set_error_if_cancelled (self->cancellable, error)
        || !self->draw (pixels + (gsize) i * RAQAM_IMAGE_SIZE, z + (gsize) i * self->latent,
                        MIN (CHUNK, n - i), self->user_data, error))
      return FALSE;
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

/* Once cancelled @deviations are of no use. */
static void
measure_deviations (double deviations[RAQAM_N_SHAPES], const guint8 *pixels, int n,
                    GCancellable *cancellable)
{
  double sum[RAQAM_N_SHAPES] = { 0 }, squares[RAQAM_N_SHAPES] = { 0 };
  int counted[RAQAM_N_SHAPES] = { 0 };

  for (int i = 0; i < n && !g_cancellable_is_cancelled (cancellable); i++)
    {
      double measures[RAQAM_N_SHAPES];

      raqam_shape_measure (measures, pixels + (gsize) i * RAQAM_IMAGE_SIZE);
      for (int m = 0; m < RAQAM_N_SHAPES; m++)
        if (!isnan (measures[m]))
          {
            sum[m] += measures[m];
            squares[m] += measures[m] * measures[m];
            counted[m]++;
          }
    }
  for (int m = 0; m < RAQAM_N_SHAPES; m++)
    {
      double mean = sum[m] / counted[m];

      deviations[m] = sqrt (MAX (squares[m] / counted[m] - mean * mean, 0));
    }
}

/* @out: (N_TRIALS, latent): the styles of @z, moved to @place along @u */
static void
place_styles (float *out, const float *z, const float *u, int latent, double place)
{
  for (int t = 0; t < N_TRIALS; t++)
    {
      double now = 0;

      for (int i = 0; i < latent; i++)
        now += (double) z[t * latent + i] * u[i];
      for (int i = 0; i < latent; i++)
        out[t * latent + i] = (float) (z[t * latent + i] + (place - now) * u[i]);
    }
}

static gboolean
try_direction (RaqamDirectionTrial *trials, const RaqamDirection *direction, const Drawing *drawing,
               const float *z, GError **error)
{
  g_autofree float *moved = g_new (float, N_TRIALS * drawing->latent);
  g_autofree guint8 *pixels = g_malloc (N_TRIALS * RAQAM_IMAGE_SIZE);

  for (int end = 0; end < 2; end++)
    {
      place_styles (moved, z, direction->vector, drawing->latent, end == 0 ? -REACH : REACH);
      if (!draw_all (drawing, pixels, moved, N_TRIALS, error))
        return FALSE;
      for (int t = 0; t < N_TRIALS && !g_cancellable_is_cancelled (drawing->cancellable); t++)
        raqam_shape_measure (end == 0 ? trials[t].low : trials[t].high,
                             pixels + (gsize) t * RAQAM_IMAGE_SIZE);
    }
  return !g_cancellable_set_error_if_cancelled (drawing->cancellable, error);
}

gboolean
raqam_directions_find (RaqamDirections *self, int latent, RaqamDirectionsDraw draw,
                       gpointer user_data, guint64 seed, GCancellable *cancellable, GError **error)
{
  Drawing drawing = { draw, user_data, cancellable, latent };
  int n = MAX (N_PICTURES, 4 * latent);
  gsize n_pixels = (gsize) n * RAQAM_IMAGE_SIZE;
  g_autofree float *z = g_new (float, (gsize) n *latent);
  g_autofree guint8 *pixels = g_malloc (n_pixels);
  g_autofree float *features = g_new (float, n_pixels);
  g_autofree RaqamDirectionTrial *trials
    = g_new (RaqamDirectionTrial, RAQAM_DIRECTIONS_MAX * N_TRIALS);
  double deviations[RAQAM_N_SHAPES];

  raqam_generator_random_latents (z, n, latent, seed, 0);
  if (!draw_all (&drawing, pixels, z, n, error))
    return FALSE;
  for (gsize i = 0; i < n_pixels; i++)
    features[i] = pixels[i] / 255.0f;
  if (!find_principal (self, z, features, n, latent, RAQAM_IMAGE_SIZE, cancellable))
    return !g_cancellable_set_error_if_cancelled (cancellable, error);

  measure_deviations (deviations, pixels, N_POPULATION, cancellable);
  for (int d = 0; d < self->n; d++)
    if (!try_direction (trials + (gsize) d * N_TRIALS, &self->list[d], &drawing, z, error))
      return FALSE;
  raqam_directions_name (self, trials, N_TRIALS, deviations);
  return TRUE;
}

typedef struct
{
  RaqamGenerator    *generator;
  const RaqamRecipe *recipe;
  guint8             labels[CHUNK];
} Digit;

static gboolean
draw_digit (guint8 *pixels, const float *z, int n, gpointer user_data, GError **error)
{
  Digit *self = user_data;

  if (!raqam_generator_draw (self->generator, pixels, z, self->labels, n, error))
    return FALSE;
  raqam_generator_clear_paper (pixels, (gsize) n * RAQAM_IMAGE_SIZE, self->recipe);
  return TRUE;
}

gboolean
raqam_directions_of_model (RaqamDirections *self, const RaqamModel *model, int digit, guint64 seed,
                           GCancellable *cancellable, GError **error)
{
  RaqamDeviceOptions options = { .n_threads = 1, .background = TRUE };
  g_autoptr (RaqamGenerator) generator
    = raqam_generator_new (model, "cpu", &options, CHUNK, error);
  Digit one = { generator, model->recipe, { 0 } };

  if (generator == NULL)
    return FALSE;
  memset (one.labels, digit, sizeof one.labels);
  return raqam_directions_find (self, model->recipe->latent, draw_digit, &one, seed, cancellable,
                                error);
}
