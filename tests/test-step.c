/* test-step.c — a whole training step on a device against float64 PyTorch.
 * SPDX-License-Identifier: MIT */

#include "reference-backend.h"
#include "step-driver.h"

#include <math.h>
#include <string.h>

#define N_PROJECTIONS 32
#define N_SAMPLES 32
#define SIGNS 3000 /* streams of Philox, as in fixtures/make-step.py */
#define SAMPLES 3001

typedef struct
{
  gsize    n;
  double   norm, projection[N_PROJECTIONS], sample[N_SAMPLES];
  gboolean met;
} Want;

typedef struct
{
  GHashTable *wants; /* name → Want */
  guint64     seed;
  double      tolerance;
  double      worst; /* error over what is allowed */
} Fixture;

typedef struct
{
  const char    *recipe;
  int            n_threads; /* 0: on the reference */
  RaqamPrecision precision;
} Case;

static const char *const recipes[] = { "thesis", "fast" };
static const char *const precisions[] = { "auto", "f32", "tf32", "bf16" };

/* How far from PyTorch's float64 a result may lie, over its norm. Where factors are rounded
 * most of it comes from values at corners of ReLU and maxima of pools that go the other way;
 * PyTorch's own step in bf16 lies 0.1 to 0.2 off. */
static const double tolerances[] = {
  [RAQAM_PRECISION_F32] = 1e-5,
  [RAQAM_PRECISION_TF32] = 0.1,
  [RAQAM_PRECISION_BF16] = 0.35,
};

static void
read_line (Fixture *fixture, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  Want *want = g_new0 (Want, 1);

  g_assert_cmpuint (g_strv_length (words), >=, 3 + N_PROJECTIONS + 1);
  want->n = g_ascii_strtoull (words[1], NULL, 10);
  g_assert_cmpuint (g_strv_length (words), ==, 3 + N_PROJECTIONS + MIN (want->n, N_SAMPLES));

  want->norm = g_ascii_strtod (words[2], NULL);
  for (int i = 0; i < N_PROJECTIONS; i++)
    want->projection[i] = g_ascii_strtod (words[3 + i], NULL);
  for (gsize i = 0; i < MIN (want->n, N_SAMPLES); i++)
    want->sample[i] = g_ascii_strtod (words[3 + N_PROJECTIONS + i], NULL);

  g_hash_table_insert (fixture->wants, g_strdup (words[0]), want);
}

static void
read_fixture (Fixture *fixture, const char *recipe)
{
  g_autofree char *name = g_strdup_printf ("step-%s.txt", recipe);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", name, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  GError *error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  fixture->seed = step_seed (recipe);
  fixture->wants = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  lines = g_strsplit (text, "\n", -1);
  for (int i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '#' && lines[i][0] != '\0')
      read_line (fixture, lines[i]);
  g_assert_cmpuint (g_hash_table_size (fixture->wants), >, 20);
}

/* Returns: the distance of two tensors, from their projections on random signs */
static double
estimate_distance (const Fixture *fixture, const Want *want, const double *x)
{
  double got[N_PROJECTIONS] = { 0 }, sum = 0;

  for (gsize i = 0; i < want->n; i++)
    {
      guint32 signs = raqam_philox (fixture->seed, 0, SIGNS, i / 4).word[i % 4];

      for (int j = 0; j < N_PROJECTIONS; j++)
        got[j] += signs >> j & 1 ? x[i] : -x[i];
    }

  for (int j = 0; j < N_PROJECTIONS; j++)
    sum += pow (got[j] - want->projection[j], 2);
  return sqrt (sum / N_PROJECTIONS);
}

/* Returns: the largest difference of the values that are stored */
static double
sampled_difference (const Fixture *fixture, const Want *want, const double *x)
{
  double most = 0;

  for (gsize i = 0; i < MIN (want->n, N_SAMPLES); i++)
    {
      gsize place = i;

      if (want->n > N_SAMPLES)
        place = raqam_philox (fixture->seed, 0, SAMPLES, i / 4).word[i % 4] % want->n;
      most = fmax (most, fabs (x[place] - want->sample[i]));
    }

  return most;
}

/* Returns: how far a result may lie from PyTorch's */
static double
allowed (const Fixture *fixture, const char *name, const Want *want)
{
  /* A change is a difference of two floats near 1, so it has their rounding. */
  if (g_str_has_suffix (name, ".change"))
    return fmax (1e-4, fixture->tolerance) * want->norm + 6e-8 * sqrt (want->n);
  return fixture->tolerance * want->norm;
}

static void
check (const char *name, const double *x, gsize n, gpointer user_data)
{
  Fixture *fixture = user_data;
  Want *want = g_hash_table_lookup (fixture->wants, name);
  double distance, share;

  g_assert_nonnull (want);
  g_assert_false (want->met);
  g_assert_cmpuint (n, ==, want->n);
  want->met = TRUE;

  distance = estimate_distance (fixture, want, x);
  share = distance / allowed (fixture, name, want);
  g_test_message ("%s: %.2g of its norm", name, distance / want->norm);
  if (!(share <= 1) /* or a NaN */
      || !(sampled_difference (fixture, want, x) <= allowed (fixture, name, want)))
    {
      g_test_message ("%s is %g off its norm, %g times what is allowed", name,
                      distance / want->norm, share);
      g_test_fail ();
    }
  fixture->worst = fmax (fixture->worst, share);
}

static void
test_step (gconstpointer data)
{
  const Case *c = data;
  const RaqamBackend *backend = c->n_threads == 0 ? &raqam_reference_backend : test_backend ();
  RaqamDeviceOptions options = { .precision = c->precision, .n_threads = MAX (c->n_threads, 1) };
  GError *error = NULL;
  TestDevice *device = test_device_open (backend, &options, &error);
  Fixture fixture = { .tolerance = tolerances[c->precision] };
  GHashTableIter iter;
  gpointer name, want;

  g_assert_no_error (error);
  read_fixture (&fixture, c->recipe);

  step_run (device, c->recipe, check, &fixture);

  g_test_message ("the worst is %.2g of what is allowed", fixture.worst);
  g_hash_table_iter_init (&iter, fixture.wants);
  while (g_hash_table_iter_next (&iter, &name, &want))
    if (!((Want *) want)->met)
      g_error ("the step did not report %s", (char *) name);

  g_hash_table_unref (fixture.wants);
  test_device_close (device);
}

static void
add_test (const char *recipe, int n_threads, RaqamPrecision precision)
{
  Case *c = g_new0 (Case, 1);
  g_autofree char *threads = g_strdup_printf ("threads-%d", n_threads);
  g_autofree char *path =
    g_strdup_printf ("/step/%s/%s/%s", recipe, n_threads == 0 ? "reference" : threads,
                     precisions[precision]);

  *c = (Case) { recipe, n_threads, precision };
  g_test_add_data_func_full (path, c, test_step, g_free);
}

int
main (int argc, char *argv[])
{
  if (!test_backend_is_here ())
    return 0;
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (recipes); i++)
    {
      add_test (recipes[i], 0, RAQAM_PRECISION_F32);
      for (int n_threads = 1; n_threads <= test_backend_max_threads (); n_threads++)
        add_test (recipes[i], n_threads, RAQAM_PRECISION_F32);
      if (test_backend () != &raqam_cpu_backend)
        {
          add_test (recipes[i], 1, RAQAM_PRECISION_TF32);
          add_test (recipes[i], 1, RAQAM_PRECISION_BF16);
        }
    }

  return g_test_run ();
}
