/* test-curves.c — curves reduced by blocks, against plain loops over the points.
 * SPDX-License-Identifier: MIT */

#include "app/curves.h"

#include <math.h>

#define N_POINTS 5000
#define N_COLUMNS 137

static float
value (guint i)
{
  return i % 97 == 5 ? NAN : sinf (i * 0.37f) + (i % 13) * 0.1f;
}

static void
test_reduce (void)
{
  g_autoptr (RaqamCurves) curves = raqam_curves_new (2);
  RaqamColumn columns[N_COLUMNS];
  double first = 3.0, last = 40.0;

  for (guint i = 0; i < N_POINTS; i++)
    raqam_curves_push (curves, i * 0.01, (float[]) { 0, value (i) });
  g_assert_cmpuint (raqam_curves_get_n (curves), ==, N_POINTS);
  raqam_curves_reduce (columns, curves, 1, first, last, N_COLUMNS);

  for (guint c = 0; c < N_COLUMNS; c++)
    {
      double left = first + (last - first) * c / N_COLUMNS;
      double right = first + (last - first) * (c + 1) / N_COLUMNS;
      float low = INFINITY, high = -INFINITY;
      double sum = 0;
      guint n = 0;

      for (guint i = 0; i < N_POINTS; i++)
        {
          double x = i * 0.01;

          if (x < left || (c + 1 == N_COLUMNS ? x > right : x >= right) || !isfinite (value (i)))
            continue;
          low = MIN (low, value (i));
          high = MAX (high, value (i));
          sum += value (i);
          n++;
        }
      g_assert_cmpuint (columns[c].n, ==, n);
      g_assert_cmpfloat (columns[c].low, ==, low);
      g_assert_cmpfloat (columns[c].high, ==, high);
      g_assert_cmpfloat_with_epsilon (columns[c].mean, sum / n, 1e-5);
    }
}

static void
test_gaps (void)
{
  g_autoptr (RaqamCurves) curves = raqam_curves_new (1);
  RaqamColumn columns[4];
  float smooth[4];

  g_assert_true (isnan (raqam_curves_get_latest (curves, 0)));
  raqam_curves_push (curves, 0.5, (float[]) { 2 });
  raqam_curves_push (curves, 1.5, (float[]) { NAN });
  raqam_curves_push (curves, 4.0, (float[]) { 2 });
  raqam_curves_reduce (columns, curves, 0, 0, 4, 4);
  g_assert_cmpuint (columns[0].n, ==, 1);
  g_assert_cmpuint (columns[1].n, ==, 0);
  g_assert_cmpuint (columns[1].n_gaps, ==, 1);
  g_assert_cmpuint (columns[2].n_gaps, ==, 0);
  g_assert_cmpuint (columns[2].n, ==, 0);
  g_assert_cmpuint (columns[3].n, ==, 1);

  /* A constant stays the constant, from its first point on. */
  raqam_curves_smooth (smooth, columns, 4, 0.05);
  g_assert_cmpfloat_with_epsilon (smooth[0], 2, 1e-6);
  g_assert_true (isnan (smooth[1]));
  g_assert_cmpfloat_with_epsilon (smooth[3], 2, 1e-6);
  g_assert_cmpfloat_with_epsilon (raqam_curves_get_latest (curves, 0), 2, 1e-6);

  raqam_curves_clear (curves);
  g_assert_cmpuint (raqam_curves_get_n (curves), ==, 0);
  raqam_curves_reduce (columns, curves, 0, 0, 4, 4);
  g_assert_cmpuint (columns[0].n, ==, 0);
}

/* One column of whatever points lie in [left, right), or up to right with @whole. */
static void
assert_column (const RaqamColumn *column, const double *xs, const float *ys, guint n_points,
               double left, double right, gboolean whole)
{
  float low = 0, high = 0;
  double sum = 0;
  guint n = 0, n_gaps = 0;

  for (guint i = 0; i < n_points; i++)
    {
      if (xs[i] < left || (whole ? xs[i] > right : xs[i] >= right))
        continue;
      if (!isfinite (ys[i]))
        {
          n_gaps++;
          continue;
        }
      low = n > 0 ? MIN (low, ys[i]) : ys[i];
      high = n > 0 ? MAX (high, ys[i]) : ys[i];
      sum += ys[i];
      n++;
    }
  g_assert_cmpuint (column->n, ==, n);
  g_assert_cmpuint (column->n_gaps, ==, n_gaps);
  g_assert_cmpfloat (column->low, ==, low);
  g_assert_cmpfloat (column->high, ==, high);
  if (n > 0)
    g_assert_cmpfloat_with_epsilon (column->mean, sum / n, 1e-4);
}

/* Ranges, numbers of points and of columns by chance; points at one x, gaps of both kinds. */
static void
test_random_ranges (void)
{
  double xs[3000];
  float ys[3000];
  RaqamColumn columns[60];

  for (int round = 0; round < 60; round++)
    {
      g_autoptr (RaqamCurves) curves = raqam_curves_new (1);
      guint n_points = g_test_rand_int_range (0, 3000);
      guint n_columns = g_test_rand_int_range (1, 60);
      double x = 0, first, last;

      for (guint i = 0; i < n_points; i++)
        {
          int kind = g_test_rand_int_range (0, 40);

          xs[i] = x += g_test_rand_int_range (0, 3) * 0.25;
          ys[i] = kind == 0 ? NAN : kind == 1 ? -INFINITY : g_test_rand_double_range (-3, 3);
          if (i > 1000 && i < 1300)
            ys[i] = NAN;
          raqam_curves_push (curves, xs[i], &ys[i]);
        }
      first = g_test_rand_double_range (-10, x + 10);
      last = first + g_test_rand_double_range (0.01, x + 20);
      raqam_curves_reduce (columns, curves, 0, first, last, n_columns);
      for (guint c = 0; c < n_columns; c++)
        assert_column (&columns[c], xs, ys, n_points, first + (last - first) * c / n_columns,
                       first + (last - first) * (c + 1) / n_columns, c + 1 == n_columns);
    }
}

static void
test_nearest (void)
{
  g_autoptr (RaqamCurves) curves = raqam_curves_new (2);

  for (guint i = 0; i < 40; i++)
    raqam_curves_push (curves, i * 0.5, (float[]) { i, i == 7 ? NAN : -(float) i });
  g_assert_cmpuint (raqam_curves_nearest (curves, -3), ==, 0);
  g_assert_cmpuint (raqam_curves_nearest (curves, 3.4), ==, 7);
  g_assert_cmpuint (raqam_curves_nearest (curves, 3.8), ==, 8);
  g_assert_cmpuint (raqam_curves_nearest (curves, 4), ==, 8);
  g_assert_cmpuint (raqam_curves_nearest (curves, 99), ==, 39);
  g_assert_cmpfloat (raqam_curves_get_y (curves, 0, 7), ==, 7);
  g_assert_true (isnan (raqam_curves_get_y (curves, 1, 7)));
}

/* No smoothing is the means, whatever came before. */
static void
test_no_smoothing (void)
{
  RaqamColumn columns[3] = { { 0, 2, 1, 2, 0 }, { 0, 0, 0, 0, 3 }, { 4, 4, 4, 1, 0 } };
  float smooth[3];

  raqam_curves_smooth (smooth, columns, 3, 0);
  g_assert_cmpfloat (smooth[0], ==, 1);
  g_assert_true (isnan (smooth[1]));
  g_assert_cmpfloat (smooth[2], ==, 4);
}

/* A step from 0 to 1: the smoothed curve rises, stays below 1 and comes close. */
static void
test_smooth (void)
{
  RaqamColumn columns[400] = { 0 };
  float smooth[400];

  for (guint c = 0; c < 400; c++)
    columns[c] = (RaqamColumn) { c >= 200, c >= 200, c >= 200, 1, 0 };
  raqam_curves_smooth (smooth, columns, 400, 0.05);
  g_assert_cmpfloat_with_epsilon (smooth[199], 0, 1e-6);
  for (guint c = 200; c < 400; c++)
    {
      /* The average forgets over a twentieth of 400 points. */
      double forgotten = 1 - exp (-((double) c - 199) / 20.0);
      double weight = 1 - exp (-((double) c + 1) / 20.0);

      g_assert_cmpfloat_with_epsilon (smooth[c], forgotten / weight, 1e-4);
    }
}

static void
test_million (void)
{
  g_autoptr (RaqamCurves) curves = raqam_curves_new (2);
  RaqamColumn columns[1000];
  gint64 begin;
  double milliseconds;

  for (guint i = 0; i < 1000000; i++)
    raqam_curves_push (curves, i * 1e-5, (float[]) { value (i), value (i + 1) });
  begin = g_get_monotonic_time ();
  for (guint k = 0; k < 20; k++)
    raqam_curves_reduce (columns, curves, k % 2, 0, 10, 1000);
  milliseconds = (g_get_monotonic_time () - begin) / 20000.0;
  g_test_message ("%.3f ms to reduce a million points to 1,000 columns", milliseconds);

  /* A loop over all points takes some ten times this long. */
  g_assert_cmpfloat (milliseconds, <, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/curves/reduce", test_reduce);
  g_test_add_func ("/curves/gaps", test_gaps);
  g_test_add_func ("/curves/smooth", test_smooth);
  g_test_add_func ("/curves/random-ranges", test_random_ranges);
  g_test_add_func ("/curves/nearest", test_nearest);
  g_test_add_func ("/curves/no-smoothing", test_no_smoothing);
  g_test_add_func ("/curves/million", test_million);
  return g_test_run ();
}
