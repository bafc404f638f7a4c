/* test-plot-view.c — zooming and panning along an axis.
 * SPDX-License-Identifier: MIT */

#include "app/plot-view.h"

static void
assert_view (const RaqamPlotView *view, double end, double first, double last)
{
  double got_first, got_last;

  raqam_plot_view_get (view, end, &got_first, &got_last);
  g_assert_cmpfloat_with_epsilon (got_first, first, 1e-9);
  g_assert_cmpfloat_with_epsilon (got_last, last, 1e-9);
}

/* Unzoomed, the view grows with the axis. */
static void
test_whole (void)
{
  RaqamPlotView view = { 0 };

  assert_view (&view, 10, 0, 10);
  assert_view (&view, 20, 0, 20);
  g_assert_false (raqam_plot_view_pan (&view, 20, 5));
  g_assert_false (raqam_plot_view_zoom (&view, 20, 5, 0.5));
  assert_view (&view, 20, 0, 20);
}

static void
test_zoom (void)
{
  RaqamPlotView view = { 0 };

  g_assert_true (raqam_plot_view_zoom (&view, 10, 4, 2));
  assert_view (&view, 10, 2, 7); /* 4 is at two fifths, as before */
  g_assert_true (raqam_plot_view_zoom (&view, 10, 2, 5));
  assert_view (&view, 10, 2, 3);
  assert_view (&view, 40, 2, 3); /* and stays there while the axis grows */
  g_assert_true (raqam_plot_view_zoom (&view, 10, 3, 0.5));
  assert_view (&view, 10, 1, 3);
  g_assert_true (raqam_plot_view_zoom (&view, 10, 1, 0.01));
  g_assert_false (view.zoomed);
}

/* From near an end it is that end that stays in sight. */
static void
test_edges (void)
{
  RaqamPlotView view = { 0 };

  raqam_plot_view_zoom (&view, 10, 10, 5);
  assert_view (&view, 10, 8, 10);
  g_assert_false (raqam_plot_view_pan (&view, 10, 3));
  g_assert_true (raqam_plot_view_pan (&view, 10, -3));
  assert_view (&view, 10, 5, 7);
  g_assert_true (raqam_plot_view_pan (&view, 10, -99));
  assert_view (&view, 10, 0, 2);
  g_assert_true (raqam_plot_view_zoom (&view, 10, 0.5, 0.5));
  assert_view (&view, 10, 0, 4); /* not -0.5 to 3.5 */
}

static void
test_closest (void)
{
  RaqamPlotView view = { 0 };

  for (int i = 0; i < 200; i++)
    raqam_plot_view_zoom (&view, 10, 3, 2);
  assert_view (&view, 10, 3 - 0.3e-5, 3 + 0.7e-5);
  g_assert_cmpfloat_with_epsilon (view.last - view.first, 1e-5, 1e-9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plot-view/whole", test_whole);
  g_test_add_func ("/plot-view/zoom", test_zoom);
  g_test_add_func ("/plot-view/edges", test_edges);
  g_test_add_func ("/plot-view/closest", test_closest);
  return g_test_run ();
}
