/* test-least-squares.c — one step of Levenberg and Marquardt's method.
 * SPDX-License-Identifier: MIT */

#include "engine/least-squares.h"

#include <math.h>

#define M 40

static double
wave (int i, int j)
{
  return sin (1.3 * i + 0.7 * j * j + 0.1);
}

/* Residuals that are linear in x: with hardly any damping one step leads to where the
 * slope of the cost is 0, which is checked on the cost itself. */
static void
test_linear (gconstpointer data)
{
  int n = GPOINTER_TO_INT (data);
  g_autoptr (RaqamLeastSquares) equations = raqam_least_squares_new (n);
  g_autofree float *slopes = g_new (float, n * M);
  g_autofree float *x = g_new (float, n);
  g_autofree float *step = g_new (float, n);
  float residuals[M];
  double prior = 0.25;

  for (int i = 0; i < n; i++)
    x[i] = (float) wave (i, 5);
  for (int k = 0; k < M; k++)
    {
      double sum = wave (k, 3);

      for (int i = 0; i < n; i++)
        {
          slopes[i * M + k] = (float) wave (i, k);
          sum += slopes[i * M + k] * x[i];
        }
      residuals[k] = (float) sum;
    }

  raqam_least_squares_set (equations, slopes, residuals, x, M, prior);
  g_assert_true (raqam_least_squares_step (equations, step, 1e-9));
  for (int j = 0; j < n; j++)
    {
      double slope = prior * (x[j] + step[j]);

      for (int k = 0; k < M; k++)
        {
          double residual = residuals[k];

          for (int i = 0; i < n; i++)
            residual += slopes[i * M + k] * step[i];
          slope += slopes[j * M + k] * residual;
        }
      g_assert_cmpfloat_with_epsilon (slope, 0, 2e-3);
    }
}

/* Under much damping a step is short and goes straight down. */
static void
test_damping (void)
{
  g_autoptr (RaqamLeastSquares) equations = raqam_least_squares_new (2);
  const float slopes[] = { 3, 0, 0, 1 }; /* curvatures 9 and 1, 5 in the mean */
  const float residuals[] = { 2, -4 }, x[] = { 0, 0 };
  float step[2];

  raqam_least_squares_set (equations, slopes, residuals, x, 2, 0);
  g_assert_true (raqam_least_squares_step (equations, step, 2));
  g_assert_cmpfloat_with_epsilon (step[0], -6.0 / (9 + 10), 1e-6);
  g_assert_cmpfloat_with_epsilon (step[1], 4.0 / (1 + 10), 1e-6);
}

static void
test_no_solution (void)
{
  g_autoptr (RaqamLeastSquares) equations = raqam_least_squares_new (2);
  const float slopes[] = { 0, 0, 0, 0 }, residuals[] = { 1, 1 }, x[] = { 1, 1 };
  float step[2] = { 9, 9 };

  raqam_least_squares_set (equations, slopes, residuals, x, 2, 0);
  g_assert_false (raqam_least_squares_step (equations, step, 0.1));
  g_assert_cmpfloat (step[0], ==, 0);
  g_assert_cmpfloat (step[1], ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/least-squares/linear/1", GINT_TO_POINTER (1), test_linear);
  g_test_add_data_func ("/least-squares/linear/13", GINT_TO_POINTER (13), test_linear);
  g_test_add_data_func ("/least-squares/linear/32", GINT_TO_POINTER (32), test_linear);
  g_test_add_func ("/least-squares/damping", test_damping);
  g_test_add_func ("/least-squares/no-solution", test_no_solution);
  return g_test_run ();
}
