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
  double      worst; /* error over what is allowed */
} Fixture;

typedef struct
{
  const char *recipe;
  int         n_threads; /* 0: on the reference */
} Case;

static const Case cases[] = {
  { "thesis", 0 }, { "thesis", 1 }, { "thesis", 2 }, { "thesis", 3 },
  { "fast", 0 }, { "fast", 1 }, { "fast", 2 }, { "fast", 3 },
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
allowed (const char *name, const Want *want)
{
  /* A change is a difference of two floats near 1, so it has their rounding. */
  if (g_str_has_suffix (name, ".change"))
    return 1e-4 * want->norm + 6e-8 * sqrt (want->n);
  return 1e-5 * want->norm;
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
  share = distance / allowed (name, want);
  g_test_message ("%s: %.2g of its norm", name, distance / want->norm);
  if (!(share <= 1) /* or a NaN */
      || !(sampled_difference (fixture, want, x) <= allowed (name, want)))
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
  RaqamDeviceOptions options = { .n_threads = MAX (c->n_threads, 1) };
  GError *error = NULL;
  TestDevice *device = test_device_open (backend, &options, &error);
  Fixture fixture = { 0 };
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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autofree char *on =
        c->n_threads == 0 ? g_strdup ("reference") : g_strdup_printf ("threads-%d", c->n_threads);
      g_autofree char *path = g_strdup_printf ("/step/%s/%s", c->recipe, on);

      g_test_add_data_func (path, c, test_step);
    }

  return g_test_run ();
}
