/* test-symmetric.c — eigenvalues that are known, and what makes an eigenvector one.
 * SPDX-License-Identifier: MIT */

#include "engine/symmetric.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int
rising_cb (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* @matrix times row i of @vectors is @values i times it, the rows are orthonormal,
 * and without vectors the values are the same. */
static void
assert_decomposed (const double *values, const double *vectors, const double *matrix, int n)
{
  double largest = 0;

  for (int i = 0; i < n; i++)
    largest = MAX (largest, fabs (values[i]));

  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      {
        double product = 0, square = 0;

        for (int k = 0; k < n; k++)
          {
            product += matrix[j * n + k] * vectors[i * n + k];
            square += vectors[i * n + k] * vectors[j * n + k];
          }
        g_assert_cmpfloat_with_epsilon (square, i == j, 1e-13 * n);
        g_assert_cmpfloat (fabs (product - values[i] * vectors[i * n + j]), <=,
                           8 * n * DBL_EPSILON * largest);
      }
}

/* Returns: (transfer full): the eigenvalues, rising, once they have been tested */
static double *
decompose (const double *matrix, int n)
{
  g_autofree double *copy = g_memdup2 (matrix, n * n * sizeof *matrix);
  g_autofree double *vectors = g_new (double, n *n);
  double *values = g_new (double, n);
  g_autofree double *alone = g_new (double, n);

  raqam_symmetric_eigen (values, vectors, copy, n);
  assert_decomposed (values, vectors, matrix, n);

  memcpy (copy, matrix, n * n * sizeof *matrix);
  raqam_symmetric_eigen (alone, NULL, copy, n);
  g_assert_cmpmem (alone, n * sizeof *alone, values, n * sizeof *values);

  qsort (values, n, sizeof *values, rising_cb);
  return values;
}

/* A string of equal masses: 2 − 2 cos (kπ / (n + 1)). */
static void
test_string (void)
{
  for (int n = 1; n <= 40; n++)
    {
      g_autofree double *matrix = g_new0 (double, n *n);
      g_autofree double *values = NULL;

      for (int i = 0; i < n; i++)
        {
          matrix[i * n + i] = 2;
          if (i > 0)
            matrix[i * n + i - 1] = matrix[(i - 1) * n + i] = -1;
        }
      values = decompose (matrix, n);
      for (int k = 1; k <= n; k++)
        g_assert_cmpfloat_with_epsilon (values[k - 1], 2 - 2 * cos (k * G_PI / (n + 1)), 1e-13);
    }
}

/* Sums of products of a few random rows: singular, as covariances of few images are. */
static void
test_singular (void)
{
  enum
  {
    N = 60,
    RANK = 7
  };
  double rows[RANK][N], matrix[N * N] = { 0 }, trace = 0, sum = 0;
  g_autofree double *values = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (int r = 0; r < RANK; r++)
    for (int i = 0; i < N; i++)
      rows[r][i] = g_rand_double_range (random, -1, 1);
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      for (int r = 0; r < RANK; r++)
        matrix[i * N + j] += rows[r][i] * rows[r][j];

  values = decompose (matrix, N);
  for (int i = 0; i < N; i++)
    {
      trace += matrix[i * N + i];
      sum += values[i];
      if (i < N - RANK)
        g_assert_cmpfloat_with_epsilon (values[i], 0, 1e-13);
      else
        g_assert_cmpfloat (values[i], >, 1);
    }
  g_assert_cmpfloat_with_epsilon (sum, trace, 1e-11);
}

/* All numbers the same, as of one picture over and over: rank 1, to the last bit. */
static void
test_constant (void)
{
  for (int n = 2; n <= 260; n += 43)
    {
      g_autofree double *matrix = g_new (double, n *n);
      g_autofree double *values = NULL;

      for (int i = 0; i < n * n; i++)
        matrix[i] = 1.0 / n;
      values = decompose (matrix, n);
      g_assert_cmpfloat_with_epsilon (values[n - 1], 1, 1e-13);
      g_assert_cmpfloat_with_epsilon (values[n - 2], 0, 1e-14);
      g_assert_cmpfloat_with_epsilon (values[0], 0, 1e-14);
    }
}

/* I + uuᵀ: n − 1 equal values, and 1 + |u|². */
static void
test_repeated (void)
{
  enum
  {
    N = 30
  };
  double matrix[N * N];
  g_autofree double *values = NULL;

  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      matrix[i * N + j] = (i == j) + (i + 1.0) * (j + 1.0) / 100;
  values = decompose (matrix, N);
  for (int i = 0; i < N - 1; i++)
    g_assert_cmpfloat_with_epsilon (values[i], 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (values[N - 1], 1 + N * (N + 1) * (2 * N + 1) / 600.0, 1e-11);
}

static void
test_diagonal (void)
{
  const double matrix[] = { 3, 0, 0, 0, -5, 0, 0, 0, 0 }, zero[16] = { 0 };
  g_autofree double *values = decompose (matrix, 3);
  g_autofree double *none = decompose (zero, 4);

  g_assert_cmpfloat (values[0], ==, -5);
  g_assert_cmpfloat (values[1], ==, 0);
  g_assert_cmpfloat (values[2], ==, 3);
  g_assert_cmpfloat (none[0], ==, 0);
  g_assert_cmpfloat (none[3], ==, 0);
}

/* (2 1; 1 2) has 1 and 3, however large or small its unit. */
static void
test_scale (gconstpointer data)
{
  double unit = *(const double *) data;
  const double matrix[] = { 2 * unit, unit, 0, unit, 2 * unit, 0, 0, 0, 7 * unit };
  g_autofree double *values = decompose (matrix, 3);

  g_assert_cmpfloat_with_epsilon (values[0] / unit, 1, 1e-14);
  g_assert_cmpfloat_with_epsilon (values[1] / unit, 3, 1e-14);
  g_assert_cmpfloat_with_epsilon (values[2] / unit, 7, 1e-14);
}

int
main (int argc, char **argv)
{
  static const double large = 1e300, small = 1e-300;

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/symmetric/string", test_string);
  g_test_add_func ("/symmetric/singular", test_singular);
  g_test_add_func ("/symmetric/constant", test_constant);
  g_test_add_func ("/symmetric/repeated", test_repeated);
  g_test_add_func ("/symmetric/diagonal", test_diagonal);
  g_test_add_data_func ("/symmetric/large", &large, test_scale);
  g_test_add_data_func ("/symmetric/small", &small, test_scale);

  return g_test_run ();
}
