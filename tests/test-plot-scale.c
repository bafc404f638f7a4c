/* test-plot-scale.c — ranges and ticks.
 * SPDX-License-Identifier: MIT */

#include "print/plot-scale.h"

typedef struct
{
  double low, high;
  int    n_ticks;
  double first, last, step; /* what a person would draw */
  int    decimals;
} Case;

static void
test_fit (void)
{
  static const Case cases[] = {
    { 0.3, 1.2, 5, 0.2, 1.2, 0.2, 1 },   { 0, 8, 4, 0, 8, 2, 0 },
    { 0.412, 0.438, 3, 0.41, 0.44, 0.01, 2 }, { -7, 93, 4, -50, 100, 50, 0 },
    { 0, 350, 7, 0, 350, 50, 0 },        { 2.0, 2.0, 4, 1.8, 2.2, 0.1, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      RaqamPlotScale scale
        = raqam_plot_scale_fit (cases[i].low, cases[i].high, cases[i].n_ticks);

      g_test_message ("%g to %g", cases[i].low, cases[i].high);
      g_assert_cmpfloat_with_epsilon (scale.first, cases[i].first, 1e-9);
      g_assert_cmpfloat_with_epsilon (scale.last, cases[i].last, 1e-9);
      g_assert_cmpfloat_with_epsilon (scale.step, cases[i].step, 1e-9);
      g_assert_cmpint (scale.decimals, ==, cases[i].decimals);
    }
}

static void
test_epochs (void)
{
  g_assert_cmpfloat_with_epsilon (raqam_plot_scale_epochs (0, 8), 0.01, 1e-9);
  g_assert_cmpfloat_with_epsilon (raqam_plot_scale_epochs (0.3, 8), 0.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (raqam_plot_scale_epochs (3, 8), 5, 1e-9);
  g_assert_cmpfloat_with_epsilon (raqam_plot_scale_epochs (6, 8), 8, 1e-9);
  g_assert_cmpfloat_with_epsilon (raqam_plot_scale_epochs (9, 8), 9, 1e-9);
  g_assert_cmpfloat_with_epsilon (raqam_plot_scale_epochs (60, 0), 100, 1e-9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plot-scale/fit", test_fit);
  g_test_add_func ("/plot-scale/epochs", test_epochs);
  return g_test_run ();
}
