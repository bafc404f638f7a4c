/* bench-plots.c — times the drawing of charts of very long runs.
 * SPDX-License-Identifier: MIT
 *
 * Two curves of a million points are drawn into an image of the size of a chart on a
 * wide display, at ranges by chance, with gaps, a crosshair, linear and logarithmic.
 * Prints one line a case, "what name=value …", in milliseconds a frame: p50, p99 of the
 * thread's own time, which other programs do not lengthen, and wall_p50 of the clock's. */

#include "app/chart-drawing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define N_POINTS 1000000
#define N_FRAMES 600
#define N_EPOCHS 100.0

static const char *const names[] = { "Generator", "Discriminator" };

static int
compare (const void *a, const void *b)
{
  double difference = *(const double *) a - *(const double *) b;

  return difference < 0 ? -1 : difference > 0;
}

static double
own_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void
push (RaqamCurves *curves)
{
  g_autoptr (GRand) chance = g_rand_new_with_seed (7);
  double began = own_ms ();

  for (guint i = 0; i < N_POINTS; i++)
    {
      float y[2] = { (float) (1 + exp (-i / 1e5) + g_rand_double (chance)),
                     i % 100003 < 400 ? NAN : (float) g_rand_double (chance) };

      raqam_curves_push (curves, N_EPOCHS * i / N_POINTS, y);
    }
  printf ("push points=%d ns_a_point=%.0f\n", N_POINTS,
          1e6 * (own_ms () - began) / N_POINTS);
}

static void
draw (RaqamChart *chart, int width, int height)
{
  g_autoptr (GRand) chance = g_rand_new_with_seed (8);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  double times[N_FRAMES], walls[N_FRAMES];

  for (int i = 0; i < N_FRAMES; i++)
    {
      double span = N_EPOCHS * pow (10, g_rand_double_range (chance, -5, 0));
      double began = own_ms ();
      gint64 wall = g_get_monotonic_time ();
      cairo_t *cr = cairo_create (surface);

      chart->view = (RaqamPlotView){ .zoomed = TRUE };
      chart->view.first = g_rand_double_range (chance, 0, N_EPOCHS - span * 0.999);
      chart->view.last = chart->view.first + span;
      chart->crosshair = chart->view.first + span / 2;
      cairo_set_source_rgb (cr, 1, 1, 1);
      cairo_paint (cr);
      raqam_chart_draw (chart, cr, width, height, NULL);
      cairo_destroy (cr);
      times[i] = own_ms () - began;
      walls[i] = (g_get_monotonic_time () - wall) / 1000.0;
    }
  qsort (walls, N_FRAMES, sizeof *walls, compare);
  qsort (times, N_FRAMES, sizeof *times, compare);
  printf ("draw width=%d height=%d log=%d frames=%d p50=%.2f p99=%.2f wall_p50=%.2f\n", width,
          height, chart->log, N_FRAMES, times[N_FRAMES / 2], times[N_FRAMES * 99 / 100],
          walls[N_FRAMES / 2]);
  cairo_surface_destroy (surface);
}

int
main (void)
{
  g_autoptr (RaqamCurves) curves = raqam_curves_new (2);
  PangoFontDescription *font = pango_font_description_from_string ("Sans 11");
  RaqamChartStyle style;
  RaqamChart chart = {
    .style = &style,
    .title = "Loss",
    .names = names,
    .n_curves = 2,
    .decimals = 2,
    .curves = curves,
    .smoothing = RAQAM_CURVES_SMOOTHING,
  };

  raqam_chart_style_init_paper (&style, font, FALSE, 1);
  push (curves);
  for (int log = 0; log < 2; log++)
    {
      chart.log = log;
      draw (&chart, 600, 226);
      draw (&chart, 1800, 400);
    }
  raqam_chart_style_clear (&style);
  pango_font_description_free (font);
  return 0;
}
