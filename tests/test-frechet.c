/* test-frechet.c — moments and Fréchet distances, beside SciPy's.
 * SPDX-License-Identifier: MIT */

#include "engine/frechet.h"
#include "feature-sets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static RaqamMoments *
moments_of (const float *features, int n, int d)
{
  GError *error = NULL;
  RaqamMoments *moments = raqam_moments_new (features, NULL, 0, n, d, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (moments->n, ==, n);
  return moments;
}

static RaqamMoments *
case_moments (char **words, int number)
{
  char **set = words + 3 + 4 * number;
  int n = atoi (set[0]), d = atoi (words[2]);
  g_autofree float *features =
    feature_set_new (g_ascii_strtoull (words[1], NULL, 10), number, n, d, atoi (set[1]),
                     atoi (set[2]), g_ascii_strtod (set[3], NULL));

  return moments_of (features, n, d);
}

static double
trace (const RaqamMoments *moments)
{
  double sum = 0;

  for (int i = 0; i < moments->d; i++)
    sum += moments->covariance[i * moments->d + i];
  return sum;
}

static double
norm (const double *x, int n)
{
  double sum = 0;

  for (int i = 0; i < n; i++)
    sum += x[i] * x[i];
  return sqrt (sum);
}

/* Zeros have to be met exactly. */
static void
assert_close (double got, double want, double error)
{
  g_assert_cmpfloat (fabs (got - want), <=, error);
}

static void
assert_moments (const RaqamMoments *moments, char **figures)
{
  double mean = g_ascii_strtod (figures[1], NULL), sum = g_ascii_strtod (figures[2], NULL);
  double whole = g_ascii_strtod (figures[3], NULL), corner = g_ascii_strtod (figures[4], NULL);
  int d = moments->d;

  assert_close (norm (moments->mean, d), mean, 1e-12 * mean);
  assert_close (trace (moments), sum, 1e-12 * sum);
  assert_close (norm (moments->covariance, d * d), whole, 1e-12 * whole);
  assert_close (moments->covariance[d - 1], corner, 1e-12 * whole);
  g_assert_cmpfloat (moments->covariance[d * (d - 1)], ==, moments->covariance[d - 1]);
}

static void
test_scipy (void)
{
  g_autoptr (GPtrArray) lines = read_fixture_lines ("frechet.txt");

  g_assert_cmpuint (lines->len, ==, 12);
  for (guint i = 0; i < lines->len; i++)
    {
      char **words = lines->pdata[i];
      g_autoptr (RaqamMoments) a = case_moments (words, 0);
      g_autoptr (RaqamMoments) b = case_moments (words, 1);
      double want = g_ascii_strtod (words[11], NULL), spread = trace (a) + trace (b);

      g_test_message ("%s: %.12g, and here %.12g", words[0], want, raqam_frechet_distance (a, b));
      assert_moments (b, words + 11);
      assert_close (raqam_frechet_distance (a, b), want, 1e-10 * spread + 1e-12 * want);
      assert_close (raqam_frechet_distance (b, a), want, 1e-10 * spread + 1e-12 * want);
    }
}

/* Equal sets are at no distance, however few the images. */
static void
test_equal (void)
{
  for (int n = 2; n < 60; n += 19)
    {
      g_autofree float *features = feature_set_new (7, 0, n, 30, 30, 1, 1);
      g_autoptr (RaqamMoments) moments = moments_of (features, n, 30);

      g_assert_cmpfloat_with_epsilon (raqam_frechet_distance (moments, moments), 0,
                                      1e-7 * trace (moments));
    }
}

/* A class taken out by its label is the class alone. */
static void
test_labels (void)
{
  enum
  {
    N = 90,
    D = 6,
    CLASS = 37
  };
  g_autofree float *features = feature_set_new (8, 0, N, D, D, 1, 1);
  float alone[CLASS * D];
  guint8 labels[N];
  int n = 0;
  g_autoptr (RaqamMoments) want = NULL, got = NULL;
  GError *error = NULL;

  for (int i = 0; i < N; i++)
    {
      labels[i] = i * CLASS % N < CLASS ? 4 : i % 4;
      if (labels[i] == 4)
        memcpy (alone + n++ * D, features + i * D, sizeof (float) * D);
    }
  g_assert_cmpint (n, ==, CLASS);

  want = moments_of (alone, CLASS, D);
  got = raqam_moments_new (features, labels, 4, N, D, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (got->n, ==, CLASS);
  g_assert_cmpmem (got->mean, D * sizeof (double), want->mean, D * sizeof (double));
  g_assert_cmpmem (got->covariance, D * D * sizeof (double), want->covariance,
                   D * D * sizeof (double));
}

/* Means a million times as large as what varies: one pass would lose it. */
static void
test_far_away (void)
{
  const float features[] = { 1e6f, 1e6f + 1, 1e6f + 2, 1e6f + 3 };
  g_autoptr (RaqamMoments) moments = moments_of (features, 4, 1);

  g_assert_cmpfloat (moments->mean[0], ==, 1000001.5);
  g_assert_cmpfloat_with_epsilon (moments->covariance[0], 5.0 / 3, 1e-15);
}

static void
test_refused (void)
{
  const guint8 labels[] = { 0, 1, 1 };
  float features[] = { 1, 2, 3, 4, 5, 6 };
  g_autoptr (GError) few = NULL, infinite = NULL, none = NULL;

  g_assert_null (raqam_moments_new (features, labels, 0, 3, 2, &few));
  g_assert_error (few, RAQAM_ERROR, RAQAM_ERROR_DATA);
  g_assert_null (raqam_moments_new (features, labels, 2, 3, 2, &none));
  g_assert_error (none, RAQAM_ERROR, RAQAM_ERROR_DATA);
  features[3] = NAN;
  g_assert_null (raqam_moments_new (features, NULL, 0, 3, 2, &infinite));
  g_assert_error (infinite, RAQAM_ERROR, RAQAM_ERROR_DIVERGED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/frechet/scipy", test_scipy);
  g_test_add_func ("/frechet/equal", test_equal);
  g_test_add_func ("/frechet/labels", test_labels);
  g_test_add_func ("/frechet/far-away", test_far_away);
  g_test_add_func ("/frechet/refused", test_refused);

  return g_test_run ();
}
