/* test-plot-axis.c — ticks and places on a y axis.
 * SPDX-License-Identifier: MIT */

#include "app/plot-axis.h"

#include <math.h>

static void
assert_ticks (const RaqamPlotAxis *axis, const double *ticks, const int *decimals, int n)
{
  g_assert_cmpint (axis->n_ticks, ==, n);
  for (int i = 0; i < n; i++)
    {
      g_assert_cmpfloat_with_epsilon (axis->ticks[i], ticks[i], 1e-12 * ticks[i] + 1e-15);
      g_assert_cmpint (axis->decimals[i], ==, decimals[i]);
    }
}

static void
test_linear (void)
{
  RaqamPlotAxis axis = raqam_plot_axis_linear (0.3, 1.9);

  assert_ticks (&axis, (double[]){ 0, 0.5, 1, 1.5, 2 }, (int[]){ 1, 1, 1, 1, 1 }, 5);
  g_assert_cmpfloat (raqam_plot_axis_share (&axis, 0), ==, 0);
  g_assert_cmpfloat (raqam_plot_axis_share (&axis, 0.5), ==, 0.25);
  g_assert_cmpfloat (raqam_plot_axis_share (&axis, 4), ==, 2);
}

static void
test_log (void)
{
  RaqamPlotAxis axis = raqam_plot_axis_log (0.3, 1.9);

  assert_ticks (&axis, (double[]){ 0.2, 0.5, 1, 2 }, (int[]){ 1, 1, 0, 0 }, 4);
  g_assert_cmpfloat (axis.first, ==, axis.ticks[0]);
  g_assert_cmpfloat_with_epsilon (raqam_plot_axis_share (&axis, sqrt (0.2 * 2)), 0.5, 1e-12);
  g_assert_cmpfloat (raqam_plot_axis_share (&axis, 0), ==, -1);
  g_assert_cmpfloat (raqam_plot_axis_share (&axis, -3), ==, -1);
  g_assert_cmpfloat (raqam_plot_axis_share (&axis, 1e-30), ==, -1);
}

/* Long axes have powers of ten only, very long ones not all of them; ends stay ends. */
static void
test_log_long (void)
{
  RaqamPlotAxis axis = raqam_plot_axis_log (0.001, 100);

  assert_ticks (&axis, (double[]){ 0.001, 0.01, 0.1, 1, 10, 100 }, (int[]){ 3, 2, 1, 0, 0, 0 }, 6);
  axis = raqam_plot_axis_log (1e-12, 1e12);
  g_assert_cmpint (axis.n_ticks, ==, 7);
  g_assert_cmpfloat_with_epsilon (axis.ticks[3], 1, 1e-12);
  axis = raqam_plot_axis_log (5, 5);
  g_assert_cmpfloat (axis.first, ==, 5);
  g_assert_cmpfloat (axis.last, ==, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plot-axis/linear", test_linear);
  g_test_add_func ("/plot-axis/log", test_log);
  g_test_add_func ("/plot-axis/log-long", test_log_long);
  return g_test_run ();
}
