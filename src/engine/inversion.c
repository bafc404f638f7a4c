/* inversion.c — finds the latent vector whose picture comes nearest to a given one.
 * SPDX-License-Identifier: MIT */

#include "engine/inversion.h"

#include "engine/error.h"
#include "engine/generator.h"
#include "engine/inversion-sight.h"
#include "engine/least-squares.h"
#include "engine/network.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define SIZE RAQAM_IMAGE_SIZE
#define N_DIGITS 10
#define N_TRIALS 3 /* lengths of step that are tried at a time */
#define MOST_STARTS 16
#define COARSE_SHARE 0.1 /* of the whole time */
#define STEP 0.02f /* of the finite differences */
#define LONGEST_STEP 2.0f
#define PRIOR 0.04
#define FIRST_DAMPING 0.1
#define LEAST_DAMPING 1e-4
#define DAMPING_RISE 16.0
#define REPORT_EVERY (G_USEC_PER_SEC / 10)

/* The search's turns, from the coarse to the fine. */
static const struct
{
  float blur;
  float contrast;
} TURNS[] = { { 2.0f, 4.0f }, { 1.0f, 8.0f }, { 0.5f, 12.5f } };

#define N_TURNS ((int) G_N_ELEMENTS (TURNS))

/* How much of everything: so much that two processor cores search for a second or,
 * where a picture takes forty times as long, for a few. */
typedef struct
{
  int n_coarse;     /* random latent vectors of one digit */
  int n_coarse_any; /* of each of ten */
  int n_directions; /* at most: of the latent numbers that take part in a step */
  int n_starts[N_TURNS];
  int n_iterations[N_TURNS];
} Plan;

static const Plan LIGHT = { 512, 128, 64, { MOST_STARTS, 8, 3 }, { 4, 5, 8 } };
static const Plan HEAVY = { 128, 16, 32, { 5, 2, 1 }, { 3, 4, 6 } };

#define HEAVY_FROM 10e6 /* multiplications a picture; "fast" has 2 million, "thesis" 67 */

/* Of the steps that are tried, times that of the last one that was taken. */
static const double DAMPINGS[N_TRIALS] = { 0.2, 1, 6 };

/* A random latent vector that was looked at. */
typedef struct
{
  double cost;
  int    digit;
  int    number; /* of the seed's */
} Candidate;

/* One place of the search. */
typedef struct
{
  int    digit;
  double cost;    /* as the turn sees it */
  double damping;
  float *z;       /* (latent) */
  float  image[SIZE];
  float  seen[SIZE];
} Start;

typedef struct
{
  const RaqamModel       *model;
  const guint8           *target;
  RaqamGenerator         *generator;
  GCancellable           *cancellable;
  RaqamInversionProgress  progress;
  gpointer                progress_data;
  RaqamInversion         *best;
  gint64                  reported;
  double                  done;
  const Plan             *plan;
  int                     latent;
  int                     n_directions;
  RaqamSight              sight;
  RaqamLeastSquares      *equations;
  guint64                 seed;
  int                     n_planned; /* iterations of starts */
  int                     n_starts;
  Start                   starts[MOST_STARTS];
  float                  *start_z; /* (MOST_STARTS, latent) */
  float                  *trials;  /* (MOST_STARTS, N_TRIALS, latent) */

  /* What is drawn together: n_together pictures. */
  float  *z;
  guint8 *labels;
  float  *images;
  float  *slopes; /* (n_directions, 784) */
} Search;

double
raqam_inversion_distance (const guint8 *a, const guint8 *b)
{
  int apart = 0, ink = 0;

  for (int i = 0; i < SIZE; i++)
    {
      apart += ABS (a[i] - b[i]);
      ink += a[i] + b[i];
    }
  return ink > 0 ? (double) apart / ink : 0;
}

static void
note (Search *self, int digit, const float *z, const float *image)
{
  guint8 pixels[SIZE];
  double distance;

  raqam_sight_ink (pixels, image, self->model->recipe);
  distance = raqam_inversion_distance (self->target, pixels);
  if (distance >= self->best->distance)
    return;
  raqam_style_init (&self->best->style, digit, self->latent);
  memcpy (self->best->style.z, z, sizeof (float) * self->latent);
  memcpy (self->best->pixels, pixels, sizeof pixels);
  self->best->distance = distance;
}

/* Tells of what is known, now and then; FALSE where the search was given up. */
static gboolean
go_on (Search *self, double done, GError **error)
{
  gint64 now = g_get_monotonic_time ();

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (self->progress != NULL && (now - self->reported >= REPORT_EVERY || done == 1))
    {
      self->reported = now;
      self->progress (self->best, done, self->progress_data);
    }
  return TRUE;
}

static double
prior (const Search *self, const float *z)
{
  double sum = 0;

  for (int i = 0; i < self->latent; i++)
    sum += z[i] * z[i];
  return PRIOR * sum;
}

static void
set_sight (Search *self, float blur, float contrast)
{
  float target[SIZE];

  for (int i = 0; i < SIZE; i++)
    target[i] = self->target[i] / 255.0f;
  raqam_sight_init (&self->sight, self->model->recipe, target, blur, contrast);
}

static void
look (Search *self, Start *start)
{
  raqam_sight_see (&self->sight, start->seen, start->image);
  start->cost = raqam_sight_error (&self->sight, start->seen) + prior (self, start->z);
}

/* Draws the first @n of z and labels. */
static gboolean
draw (Search *self, int n, GError **error)
{
  return raqam_generator_draw_floats (self->generator, self->images, self->z, self->labels, n,
                                      error);
}

static gboolean
look_around (Search *self, Candidate *candidates, int digit, int n, GError **error)
{
  for (int from = 0; from < n; from += self->n_directions)
    {
      int some = MIN (n - from, self->n_directions);

      raqam_generator_random_latents (self->z, some, self->latent, self->seed, from);
      memset (self->labels, digit, some);
      if (!draw (self, some, error))
        return FALSE;
      for (int i = 0; i < some; i++)
        {
          float seen[SIZE];

          raqam_sight_see (&self->sight, seen, self->images + i * SIZE);
          candidates[from + i] = (Candidate){ raqam_sight_error (&self->sight, seen), digit, from + i };
          note (self, digit, self->z + i * self->latent, self->images + i * SIZE);
        }
      if (!go_on (self, self->done, error))
        return FALSE;
    }
  return TRUE;
}

static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *first = a, *second = b;

  if (first->cost != second->cost)
    return first->cost < second->cost ? -1 : 1;
  return first->digit != second->digit ? first->digit - second->digit
                                       : first->number - second->number;
}

/* Each digit's best comes before any digit's second. */
static void
prefer_each_digit (Candidate *candidates, int n)
{
  int n_first = 0;
  gboolean had[N_DIGITS] = { FALSE };

  for (int i = 0; i < n && n_first < N_DIGITS; i++)
    if (!had[candidates[i].digit])
      {
        Candidate best = candidates[i];

        had[best.digit] = TRUE;
        memmove (candidates + n_first + 1, candidates + n_first, sizeof best * (i - n_first));
        candidates[n_first++] = best;
      }
}

/* The places to go on from: what random latent vectors come nearest, seen coarsely. */
static gboolean
find_starts (Search *self, int wanted, GError **error)
{
  int first = wanted == RAQAM_INVERSION_ANY ? 0 : wanted;
  int n_digits = wanted == RAQAM_INVERSION_ANY ? N_DIGITS : 1;
  int n_each = wanted == RAQAM_INVERSION_ANY ? self->plan->n_coarse_any : self->plan->n_coarse;
  g_autofree Candidate *candidates = g_new (Candidate, n_digits * n_each);

  set_sight (self, TURNS[0].blur, TURNS[0].contrast);
  for (int d = 0; d < n_digits; d++)
    {
      self->done = COARSE_SHARE * d / n_digits;
      if (!look_around (self, candidates + d * n_each, first + d, n_each, error))
        return FALSE;
    }
  qsort (candidates, n_digits * n_each, sizeof *candidates, compare_candidates);
  prefer_each_digit (candidates, n_digits * n_each);

  self->n_starts = self->plan->n_starts[0];
  for (int s = 0; s < self->n_starts; s++)
    {
      Start *start = &self->starts[s];

      start->digit = candidates[s].digit;
      start->damping = FIRST_DAMPING;
      start->z = self->start_z + s * self->latent;
      raqam_generator_random_latents (start->z, 1, self->latent, self->seed, candidates[s].number);
      memcpy (self->z + s * self->latent, start->z, sizeof (float) * self->latent);
      self->labels[s] = (guint8) start->digit;
    }
  if (!draw (self, self->n_starts, error))
    return FALSE;
  for (int s = 0; s < self->n_starts; s++)
    memcpy (self->starts[s].image, self->images + s * SIZE, sizeof self->starts[s].image);
  return TRUE;
}

/* Which latent number direction @i of iteration @iteration is, counted through all turns of
 * the search: so all of them take part, or the first 416 where 13 steps are of 32. */
static int
direction (const Search *self, int iteration, int i)
{
  return (iteration * self->n_directions + i) % self->latent;
}

/* How what is seen changes with some of the latent numbers, by finite differences. */
static gboolean
find_slopes (Search *self, const Start *start, int iteration, GError **error)
{
  int latent = self->latent;

  for (int i = 0; i < self->n_directions; i++)
    {
      memcpy (self->z + i * latent, start->z, sizeof (float) * latent);
      self->z[i * latent + direction (self, iteration, i)] += STEP;
      self->labels[i] = (guint8) start->digit;
    }
  if (!draw (self, self->n_directions, error))
    return FALSE;
  for (int i = 0; i < self->n_directions; i++)
    {
      float *slopes = self->slopes + i * SIZE;

      raqam_sight_see (&self->sight, slopes, self->images + i * SIZE);
      for (int k = 0; k < SIZE; k++)
        slopes[k] = (slopes[k] - start->seen[k]) / STEP;
    }
  return TRUE;
}

/* Where steps of different damping would lead. */
static void
plan_trials (Search *self, float *trials, const Start *start, int iteration)
{
  float residuals[SIZE];
  float some[RAQAM_MAX_LATENT], step[RAQAM_MAX_LATENT];

  for (int k = 0; k < SIZE; k++)
    residuals[k] = start->seen[k] - self->sight.target[k];
  for (int i = 0; i < self->n_directions; i++)
    some[i] = start->z[direction (self, iteration, i)];
  raqam_least_squares_set (self->equations, self->slopes, residuals, some, SIZE, PRIOR);
  for (int t = 0; t < N_TRIALS; t++)
    {
      float *to = trials + t * self->latent;
      float length = 0;

      raqam_least_squares_step (self->equations, step, start->damping * DAMPINGS[t]);
      for (int i = 0; i < self->n_directions; i++)
        length += step[i] * step[i];
      length = sqrtf (length);
      memcpy (to, start->z, sizeof (float) * self->latent);
      for (int i = 0; i < self->n_directions; i++)
        to[direction (self, iteration, i)]
          += step[i] * (length > LONGEST_STEP ? LONGEST_STEP / length : 1);
    }
}

/* Goes to the best of the places in z, if it is better than where @start is. */
static void
take_best_trial (Search *self, Start *start, const float *z, const float *images)
{
  double damping = start->damping;
  int best = -1;

  for (int t = 0; t < N_TRIALS; t++)
    {
      float seen[SIZE];
      double cost;

      raqam_sight_see (&self->sight, seen, images + t * SIZE);
      cost = raqam_sight_error (&self->sight, seen) + prior (self, z + t * self->latent);
      note (self, start->digit, z + t * self->latent, images + t * SIZE);
      if (cost >= start->cost)
        continue;
      best = t;
      start->cost = cost;
      memcpy (start->seen, seen, sizeof seen);
    }
  start->damping = CLAMP (damping * (best >= 0 ? DAMPINGS[best] : DAMPING_RISE), LEAST_DAMPING, 1e3);
  if (best < 0)
    return;
  memcpy (start->z, z + best * self->latent, sizeof (float) * self->latent);
  memcpy (start->image, images + best * SIZE, sizeof start->image);
}

static gboolean
iterate (Search *self, int iteration, GError **error)
{
  for (int s = 0; s < self->n_starts; s++)
    {
      if (!find_slopes (self, &self->starts[s], iteration, error))
        return FALSE;
      plan_trials (self, self->trials + s * N_TRIALS * self->latent, &self->starts[s], iteration);
      self->best->n_iterations++;
      self->done += (1 - COARSE_SHARE) / self->n_planned;
      if (!go_on (self, self->done, error))
        return FALSE;
    }
  memcpy (self->z, self->trials, sizeof (float) * self->n_starts * N_TRIALS * self->latent);
  for (int i = 0; i < self->n_starts * N_TRIALS; i++)
    self->labels[i] = (guint8) self->starts[i / N_TRIALS].digit;
  if (!draw (self, self->n_starts * N_TRIALS, error))
    return FALSE;
  for (int s = 0; s < self->n_starts; s++)
    take_best_trial (self, &self->starts[s], self->trials + s * N_TRIALS * self->latent,
                     self->images + s * N_TRIALS * SIZE);
  return TRUE;
}

static int
compare_starts (gconstpointer a, gconstpointer b)
{
  const Start *first = a, *second = b;

  return first->cost == second->cost ? 0 : first->cost < second->cost ? -1 : 1;
}

static gboolean
search (Search *self, int digit, GError **error)
{
  int iteration = 0;

  if (!find_starts (self, digit, error))
    return FALSE;
  for (int t = 0; t < N_TURNS; t++)
    {
      self->n_starts = self->plan->n_starts[t];
      set_sight (self, TURNS[t].blur, TURNS[t].contrast);
      for (int s = 0; s < self->n_starts; s++)
        look (self, &self->starts[s]);
      for (int i = 0; i < self->plan->n_iterations[t]; i++)
        if (!iterate (self, iteration++, error))
          return FALSE;
      qsort (self->starts, self->n_starts, sizeof (Start), compare_starts);
    }
  return go_on (self, 1, error);
}

static gboolean
has_ink (const guint8 *target, GError **error)
{
  for (int i = 0; i < SIZE; i++)
    if (target[i] > 0)
      return TRUE;
  g_set_error_literal (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
                       _("There is no ink in the picture to be found; draw something first"));
  return FALSE;
}

static void
search_clear (Search *self)
{
  g_clear_pointer (&self->generator, raqam_generator_free);
  g_clear_pointer (&self->equations, raqam_least_squares_free);
  g_free (self->start_z);
  g_free (self->trials);
  g_free (self->z);
  g_free (self->labels);
  g_free (self->images);
  g_free (self->slopes);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

static const Plan *
choose_plan (const RaqamModel *model)
{
  RaqamNetworkSpec spec;
  double products = 0;

  raqam_network_spec_init (&spec, model->recipe, RAQAM_GENERATOR);
  for (int b = 0; b < spec.n_blocks; b++)
    {
      const RaqamBlockSpec *block = &spec.block[b];
      gboolean spreads = block->kind == RAQAM_BLOCK_TCONV;
      double places = spreads ? block->in_h * block->in_w : block->out_h * block->out_w;

      products += places * block->in_c * block->out_c * MAX (1, block->kernel * block->kernel);
    }
  return products < HEAVY_FROM ? &LIGHT : &HEAVY;
}

static gboolean
prepare (Search *self, const RaqamInversionSettings *settings, GError **error)
{
  RaqamDeviceOptions options = { .n_threads = settings->n_threads };
  gsize latent = self->model->recipe->latent;
  gsize n_together;

  self->plan = choose_plan (self->model);
  self->latent = (int) latent;
  self->n_directions = MIN (self->latent, self->plan->n_directions);
  self->seed = settings->seed;
  self->generator
    = raqam_generator_new (self->model, settings->device, &options, self->n_directions, error);
  if (self->generator == NULL)
    return FALSE;

  n_together = MAX (self->n_directions, N_TRIALS * MOST_STARTS);
  self->equations = raqam_least_squares_new (self->n_directions);
  self->start_z = g_new0 (float, MOST_STARTS * latent);
  self->trials = g_new0 (float, N_TRIALS * MOST_STARTS * latent);
  self->z = g_new0 (float, n_together * latent);
  self->labels = g_new0 (guint8, n_together);
  self->images = g_new0 (float, n_together * SIZE);
  self->slopes = g_new0 (float, (gsize) self->n_directions * SIZE);
  for (int t = 0; t < N_TURNS; t++)
    self->n_planned += self->plan->n_starts[t] * self->plan->n_iterations[t];
  self->best->n_starts = self->plan->n_starts[0];
  return TRUE;
}

gboolean
raqam_invert (RaqamInversion *result, const RaqamModel *model, const guint8 *target,
              const RaqamInversionSettings *settings, RaqamInversionProgress progress,
              gpointer data, GCancellable *cancellable, GError **error)
{
  g_auto (Search) self = { .model = model, .target = target, .best = result,
                           .cancellable = cancellable, .progress = progress,
                           .progress_data = data };

  g_return_val_if_fail (settings->digit >= RAQAM_INVERSION_ANY && settings->digit < N_DIGITS, FALSE);

  memset (result, 0, sizeof *result);
  result->distance = G_MAXDOUBLE;
  return has_ink (target, error)
         && !g_cancellable_set_error_if_cancelled (cancellable, error)
         && prepare (&self, settings, error)
         && search (&self, settings->digit, error);
}
