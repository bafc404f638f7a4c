/* test-neighbours.c — nearest images, beside SciPy's and plain loops.
 * SPDX-License-Identifier: MIT */

#include "engine/neighbours.h"
#include "feature-sets.h"

#include <math.h>
#include <stdlib.h>

static void
test_scipy (void)
{
  g_autoptr (GPtrArray) lines = read_fixture_lines ("manifold.txt");

  g_assert_cmpuint (lines->len, ==, 12);
  for (guint i = 0; i < lines->len; i++)
    {
      char **words = lines->pdata[i];
      const RaqamSearch search = { .n_threads = 1 + i % 3 };
      int n_real, n, d = atoi (words[2]);
      g_autofree float *real = manifold_case_set (&n_real, words, 0);
      g_autofree float *generated = manifold_case_set (&n, words, 1);
      g_autofree float *squares = g_new (float, n);
      g_autofree guint32 *indices = g_new (guint32, n);
      double mean = 0, want = g_ascii_strtod (words[15], NULL), places = 0;
      GError *error = NULL;

      g_assert_true (
        raqam_nearest (squares, indices, generated, n, real, n_real, d, 1, &search, &error));
      g_assert_no_error (error);
      for (int j = 0; j < n; j++)
        {
          mean += sqrt (squares[j]) / n;
          places += (double) indices[j] * (j + 1);
        }
      g_test_message ("%s: %g", words[0], mean);
      g_assert_cmpfloat (fabs (mean - want), <=, 1e-6 * want);
      g_assert_cmpfloat (places, ==, g_ascii_strtod (words[16], NULL));
    }
}

/* Takes the nearest out one after another, the lowest index of several first. */
static void
assert_row (const float *squares, const guint32 *indices, const float *query, int self,
            const float *references, int n, int k)
{
  g_autofree gboolean *taken = g_new0 (gboolean, n);

  for (int neighbour = 0; neighbour < k; neighbour++)
    {
      int best = -1;
      float least = INFINITY;

      for (int j = 0; j < n; j++)
        {
          float square = (*query - references[j]) * (*query - references[j]);

          if (!taken[j] && j != self && square < least)
            {
              best = j;
              least = square;
            }
        }
      g_assert_cmpuint (indices[neighbour], ==, best);
      g_assert_cmpfloat (squares[neighbour], ==, least);
      taken[best] = TRUE;
    }
}

/* Whole numbers on a line: many are equally near. */
static void
test_ties (void)
{
  enum
  {
    N = 150,
    QUERIES = 130,
    K = 6
  };
  float references[N], queries[QUERIES], squares[N * K];
  guint32 indices[N * K];
  GError *error = NULL;

  for (int i = 0; i < N; i++)
    references[i] = i * 37 % 20;
  for (int i = 0; i < QUERIES; i++)
    queries[i] = i * 11 % 23;

  raqam_nearest (squares, indices, queries, QUERIES, references, N, 1, K, NULL, &error);
  g_assert_no_error (error);
  for (int i = 0; i < QUERIES; i++)
    assert_row (squares + i * K, indices + i * K, &queries[i], -1, references, N, K);

  raqam_nearest (squares, indices, references, N, references, N, 1, K, NULL, &error);
  g_assert_no_error (error);
  for (int i = 0; i < N; i++)
    assert_row (squares + i * K, indices + i * K, &references[i], i, references, N, K);
}

/* Either answer can be had alone. */
static void
test_halves (void)
{
  const float features[] = { 0, 10, 11, 20 };
  float squares[4];
  guint32 indices[4];

  g_assert_true (raqam_nearest (squares, NULL, features, 4, features, 4, 1, 1, NULL, NULL));
  g_assert_true (raqam_nearest (NULL, indices, features, 4, features, 4, 1, 1, NULL, NULL));
  g_assert_cmpfloat (squares[0], ==, 100);
  g_assert_cmpfloat (squares[3], ==, 81);
  g_assert_cmpuint (indices[0], ==, 1);
  g_assert_cmpuint (indices[1], ==, 2);
  g_assert_cmpuint (indices[2], ==, 1);
  g_assert_cmpuint (indices[3], ==, 2);
}

static void
test_few (void)
{
  const float features[] = { 1, 2, 3 }, query = 0;
  float squares[9];
  g_autoptr (GError) same = NULL, none = NULL;

  g_assert_true (raqam_nearest (squares, NULL, &query, 1, features, 3, 1, 3, NULL, NULL));
  g_assert_false (raqam_nearest (squares, NULL, features, 3, features, 3, 1, 3, NULL, &same));
  g_assert_error (same, RAQAM_ERROR, RAQAM_ERROR_DATA);
  g_assert_false (raqam_nearest (squares, NULL, &query, 1, features, 0, 1, 1, NULL, &none));
  g_assert_error (none, RAQAM_ERROR, RAQAM_ERROR_DATA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/neighbours/scipy", test_scipy);
  g_test_add_func ("/neighbours/ties", test_ties);
  g_test_add_func ("/neighbours/halves", test_halves);
  g_test_add_func ("/neighbours/few", test_few);

  return g_test_run ();
}
