/* bench-step.c — times training steps and single pictures; bench/run calls it.
 * SPDX-License-Identifier: MIT
 *
 * Prints one line a measurement, "what name=value …". Times are medians; cpu is
 * the calling thread's own time, which other programs disturb least. */

#include "engine/generator.h"
#include "engine/trainer.h"

#include <omp.h>
#include <oneapi/dnnl/dnnl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "toy.h"

#define MILLION 1e6

/* What the generator alone costs in a thesis step, an image (docs/performance.md). */
#define THESIS_FLOP (542 * MILLION)

#define SGEMM_SIDE 2048
#define MAX_DRAWS 500

static char *recipe_name = (char *) "thesis";
static char *device_name = (char *) "cpu", *precision_name = (char *) "f32";
static int batch, n_steps = 8, n_threads = 1, n_draws = MAX_DRAWS;
static gboolean bf16, latency;
static RaqamPrecision precision;

static const char *const precision_names[] = { "auto", "f32", "tf32", "bf16" };

static const GOptionEntry options[] = {
  { "recipe", 'r', 0, G_OPTION_ARG_STRING, &recipe_name, "A recipe, \"thesis\" unless said",
    "NAME|FILE" },
  { "batch", 'b', 0, G_OPTION_ARG_INT, &batch, "Images a step, the recipe's own unless said", "N" },
  { "steps", 's', 0, G_OPTION_ARG_INT, &n_steps, "Steps to time, 8 unless said", "N" },
  { "threads", 't', 0, G_OPTION_ARG_INT, &n_threads, "Threads, 1 unless said", "N" },
  { "device", 'd', 0, G_OPTION_ARG_STRING, &device_name, "cpu, unless cuda is said", "NAME" },
  { "precision", 'p', 0, G_OPTION_ARG_STRING, &precision_name, "auto, f32 (unless said), tf32 or bf16",
    "NAME" },
  { "bf16", 0, 0, G_OPTION_ARG_NONE, &bf16, "The same as --precision bf16", NULL },
  { "latency", 'l', 0, G_OPTION_ARG_NONE, &latency,
    "Time one picture at a time instead of training", NULL },
  { "draws", 'n', 0, G_OPTION_ARG_INT, &n_draws, "Pictures to time, 500 unless said, which is the most",
    "N" },
  { NULL },
};

static double
seconds (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (double) now.tv_sec + (double) now.tv_nsec * 1e-9;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

/* Sorts @values. */
static double
quantile (double *values, int n, double share)
{
  qsort (values, (gsize) n, sizeof *values, compare);
  return values[(int) (share * (n - 1) + 0.5)];
}

typedef struct
{
  float *a, *b, *c;
} Matrices;

static void
matrices_init (Matrices *self)
{
  const gsize size = (gsize) SGEMM_SIDE * SGEMM_SIDE;

  self->a = g_new (float, size);
  self->b = g_new (float, size);
  self->c = g_new0 (float, size);
  for (gsize i = 0; i < size; i++)
    {
      self->a[i] = (float) (i % 7) - 3;
      self->b[i] = (float) (i % 5) - 2;
    }
}

static void
matrices_clear (Matrices *self)
{
  g_free (self->a);
  g_free (self->b);
  g_free (self->c);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Matrices, matrices_clear)

/* Seconds that oneDNN takes for one product, in this thread. */
static double
time_sgemm (const Matrices *of)
{
  const dnnl_dim_t n = SGEMM_SIDE;
  double start;

  omp_set_num_threads (1);
  start = seconds (CLOCK_THREAD_CPUTIME_ID);
  dnnl_sgemm ('N', 'N', n, n, n, 1, of->a, n, of->b, n, 0, of->c, n);
  return seconds (CLOCK_THREAD_CPUTIME_ID) - start;
}

static RaqamTrainer *
make_trainer (RaqamRecipe *recipe, GError **error)
{
  g_autofree char *folder = toy_folder ();
  g_autoptr (RaqamDataset) dataset = toy_dataset (folder, MAX (1000, 4 * recipe->batch));
  RaqamDeviceOptions device = { .precision = precision, .n_threads = n_threads };

  toy_remove (folder);
  recipe->epochs = 1000;
  return raqam_trainer_new (recipe, dataset, device_name, &device, error);
}

/* What each step took, and a sgemm right behind it, in seconds. */
typedef struct
{
  double *cpu, *wall, *sgemm;
} Times;

/* On a device that is given many steps before it is waited for, so are they here:
 * the time is a run's by its steps. The first runs warm up, record and settle. */
static gboolean
time_runs (Times *times, RaqamTrainer *trainer, GError **error)
{
  const int n = MIN (MAX (1, n_steps / 5), raqam_trainer_get_longest_run (trainer));

  for (int i = -3; i < n_steps; i++)
    {
      RaqamPoint points[RAQAM_LONGEST_RUN];
      double cpu_start = seconds (CLOCK_PROCESS_CPUTIME_ID), wall_start = seconds (CLOCK_MONOTONIC);
      int length = i < -1 ? 1 : n;

      if (raqam_trainer_run (trainer, points, length, error) < length)
        return FALSE;
      if (i < 0)
        continue;
      times->cpu[i] = (seconds (CLOCK_PROCESS_CPUTIME_ID) - cpu_start) / length;
      times->wall[i] = (seconds (CLOCK_MONOTONIC) - wall_start) / length;
    }
  return TRUE;
}

/* Two steps first, so that memory is there and the processor awake. */
static gboolean
time_steps (Times *times, RaqamTrainer *trainer, GError **error)
{
  g_auto (Matrices) matrices = { NULL };

  matrices_init (&matrices);
  for (int i = -2; i < n_steps; i++)
    {
      RaqamPoint point;
      double cpu_start = seconds (CLOCK_THREAD_CPUTIME_ID);
      double wall_start = seconds (CLOCK_MONOTONIC);

      if (!raqam_trainer_step (trainer, &point, error))
        return FALSE;
      if (i >= 0)
        {
          times->cpu[i] = seconds (CLOCK_THREAD_CPUTIME_ID) - cpu_start;
          times->wall[i] = seconds (CLOCK_MONOTONIC) - wall_start;
        }
      if (n_threads == 1)
        times->sgemm[MAX (0, i)] = time_sgemm (&matrices);
    }
  return TRUE;
}

/* Of the medians, and of the least of each, which other programs disturbed least. */
static void
print_share (Times *times, int n_images)
{
  const double flop = 2.0 * SGEMM_SIDE * SGEMM_SIDE * SGEMM_SIDE;
  double share[2];

  for (int i = 0; i < 2; i++)
    share[i] = THESIS_FLOP / flop * quantile (times->sgemm, n_steps, i == 0 ? 0.5 : 0)
               / (quantile (times->cpu, n_steps, i == 0 ? 0.5 : 0) / n_images);
  printf ("share of=%.0fMFLOP value=%.4f best=%.4f\n", THESIS_FLOP / MILLION, share[0], share[1]);
}

static gboolean
bench_steps (RaqamRecipe *recipe, GError **error)
{
  g_autofree double *memory = g_new (double, 3 * n_steps);
  Times times = { memory, memory + n_steps, memory + 2 * n_steps };
  g_autoptr (RaqamTrainer) trainer = make_trainer (recipe, error);
  double wall;

  if (trainer == NULL)
    return FALSE;
  printf ("device %s\n", raqam_trainer_describe (trainer));
  if (raqam_trainer_get_longest_run (trainer) > 1 ? !time_runs (&times, trainer, error)
                                                  : !time_steps (&times, trainer, error))
    return FALSE;
  wall = quantile (times.wall, n_steps, 0.5);
  printf (
    "step recipe=%s precision=%s batch=%d threads=%d cpu_ms=%.4f wall_ms=%.4f images_s=%.1f step_ms=%.4f\n",
    recipe->name, precision_names[precision], recipe->batch, n_threads,
    quantile (times.cpu, n_steps, 0.5) / recipe->batch * 1e3, wall / recipe->batch * 1e3,
    recipe->batch / wall, wall * 1e3);
  if (n_threads > 1 || raqam_trainer_get_longest_run (trainer) > 1)
    return TRUE;

  printf ("sgemm side=%d gflop_s=%.2f\n", SGEMM_SIDE,
          2e-9 * SGEMM_SIDE * SGEMM_SIDE * SGEMM_SIDE / quantile (times.sgemm, n_steps, 0.5));
  if (strcmp (recipe->name, "thesis") == 0)
    print_share (&times, recipe->batch);
  return TRUE;
}

static gboolean
bench_latency (RaqamRecipe *recipe, GError **error)
{
  RaqamDeviceOptions device = { .precision = precision, .n_threads = n_threads,
                                .interactive = TRUE };
  g_autoptr (RaqamTrainer) trainer = make_trainer (recipe, error);
  g_autoptr (RaqamModel) model =
    trainer != NULL ? raqam_trainer_snapshot (trainer, 100, error) : NULL;
  g_autoptr (RaqamGenerator) generator =
    model != NULL ? raqam_generator_new (model, device_name, &device, 1, error) : NULL;
  g_autofree float *z = g_new0 (float, recipe->latent);
  double cpu[MAX_DRAWS], wall[MAX_DRAWS];

  for (int i = -5; generator != NULL && i < n_draws; i++)
    {
      guint8 pixels[RAQAM_IMAGE_SIZE], label = (guint8) ABS (i % recipe->n_classes);
      double cpu_start = seconds (CLOCK_THREAD_CPUTIME_ID), wall_start = seconds (CLOCK_MONOTONIC);

      raqam_generator_random_latents (z, 1, recipe->latent, 1, (guint64) ABS (i));
      if (!raqam_generator_draw (generator, pixels, z, &label, 1, error))
        return FALSE;
      if (i >= 0)
        {
          cpu[i] = seconds (CLOCK_THREAD_CPUTIME_ID) - cpu_start;
          wall[i] = seconds (CLOCK_MONOTONIC) - wall_start;
        }
    }
  if (generator == NULL)
    return FALSE;
  printf ("device %s\n", raqam_generator_describe (generator));
  printf (
    "latency recipe=%s threads=%d cpu_p50_ms=%.4f cpu_p99_ms=%.4f wall_p50_ms=%.4f wall_p99_ms=%.4f\n",
    recipe->name, n_threads, quantile (cpu, n_draws, 0.5) * 1e3,
    quantile (cpu, n_draws, 0.99) * 1e3, quantile (wall, n_draws, 0.5) * 1e3,
    quantile (wall, n_draws, 0.99) * 1e3);
  return TRUE;
}

static gboolean
read_precision (GError **error)
{
  const char *name = bf16 ? "bf16" : precision_name;

  for (guint i = 0; i < G_N_ELEMENTS (precision_names); i++)
    if (strcmp (name, precision_names[i]) == 0)
      {
        precision = (RaqamPrecision) i;
        return TRUE;
      }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "there is no precision “%s”", name);
  return FALSE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("— times training steps");
  g_autoptr (RaqamRecipe) recipe = NULL;
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || !read_precision (&error))
    {
      fprintf (stderr, "%s\n", error->message);
      return 2;
    }
  n_steps = CLAMP (n_steps, 1, 10000);
  n_draws = CLAMP (n_draws, 10, MAX_DRAWS);
  recipe = raqam_recipe_find (recipe_name, &error);
  if (recipe != NULL && batch > 0)
    recipe->batch = batch;
  if (recipe == NULL || !(latency ? bench_latency (recipe, &error) : bench_steps (recipe, &error)))
    {
      fprintf (stderr, "%s\n", error->message);
      return 1;
    }
  return 0;
}
