/* test-draw-raster.c — the ink of a drawing, against plain loops.
 * SPDX-License-Identifier: MIT */

#include "app/draw-raster.h"

#include <math.h>
#include <string.h>

#define SIDE RAQAM_RASTER_SIDE
#define FINE 8 /* of a pixel's side: so many places are looked at */

/* What a perfect round brush covers: it stands at many places on the way, and covers a
 * place that is within half its width. */
static double
share_covered (int x, int y, RaqamRasterPoint from, RaqamRasterPoint to, double width)
{
  int steps = (int) ceil (4 * hypot (to.x - from.x, to.y - from.y)) + 1;
  int n = 0;

  if (x + 1 < MIN (from.x, to.x) - width / 2 || x > MAX (from.x, to.x) + width / 2
      || y + 1 < MIN (from.y, to.y) - width / 2 || y > MAX (from.y, to.y) + width / 2)
    return 0;
  for (int fine = 0; fine < FINE * FINE; fine++)
    {
      double px = x + (fine % FINE + 0.5) / FINE;
      double py = y + (fine / FINE + 0.5) / FINE;
      gboolean covered = FALSE;

      for (int i = 0; i <= steps && !covered; i++)
        covered = hypot (px - from.x - (to.x - from.x) * i / steps,
                         py - from.y - (to.y - from.y) * i / steps)
                  <= width / 2;
      n += covered;
    }
  return (double) n / (FINE * FINE);
}

/* Edges are smooth by their distance, which is near to the share that is covered. */
static void
assert_line (const guint8 *ink, RaqamRasterPoint from, RaqamRasterPoint to, double width)
{
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      {
        double share = share_covered (x, y, from, to, width);
        double got = ink[y * SIDE + x] / 255.0;

        if (fabs (got - share) > 0.16)
          g_error ("pixel %d, %d: %.2f instead of %.2f", x, y, got, share);
      }
}

typedef struct
{
  const char      *path;
  RaqamRasterPoint from, to;
  double           width;
} Case;

static const Case CASES[] = {
  { "/draw-raster/across", { 40, 100 }, { 90, 100 }, 27 },
  { "/draw-raster/down", { 70.5, 30 }, { 70.5, 61 }, 9 },
  { "/draw-raster/aslant", { 60, 90 }, { 33.3, 41.7 }, 18 },
  { "/draw-raster/dot", { 50.25, 60.75 }, { 50.25, 60.75 }, 27 },
  { "/draw-raster/top-left", { -5, 12 }, { 14, -6 }, 27 },
  { "/draw-raster/bottom-right", { SIDE - 9, SIDE + 4 }, { SIDE + 30, SIDE - 20 }, 27 },
};

static void
test_line (gconstpointer data)
{
  const Case *c = data;
  g_autofree guint8 *ink = g_malloc0 (RAQAM_RASTER_SIZE);

  raqam_raster_line (ink, c->from, c->to, c->width, FALSE);
  assert_line (ink, c->from, c->to, c->width);
}

/* From either end, and twice, it is the same line. */
static void
test_ends (void)
{
  g_autofree guint8 *ink = g_malloc0 (RAQAM_RASTER_SIZE);
  g_autofree guint8 *other = g_malloc0 (RAQAM_RASTER_SIZE);
  RaqamRasterPoint a = { 30.5, 40 }, b = { 95, 77.25 };

  raqam_raster_line (ink, a, b, 20, FALSE);
  raqam_raster_line (other, b, a, 20, FALSE);
  for (int i = 0; i < RAQAM_RASTER_SIZE; i++)
    g_assert_cmpint (abs (ink[i] - other[i]), <=, 1);
  memcpy (other, ink, RAQAM_RASTER_SIZE);
  raqam_raster_line (ink, a, b, 20, FALSE);
  g_assert_cmpmem (ink, RAQAM_RASTER_SIZE, other, RAQAM_RASTER_SIZE);
}

/* What lies outside leaves nothing inside, nor any mark beyond the raster. */
static void
test_outside (void)
{
  const int guard = 3 * SIDE;
  g_autofree guint8 *memory = g_malloc0 (RAQAM_RASTER_SIZE + 2 * guard);
  guint8 *ink = memory + guard;
  const RaqamRasterPoint far[] = {
    { -40, 50 }, { 50, -40 }, { SIDE + 40, 50 }, { 50, SIDE + 40 }, { -1e9, -1e9 }
  };

  for (guint i = 0; i < G_N_ELEMENTS (far); i++)
    raqam_raster_line (ink, far[i], far[i], 27, FALSE);
  for (int i = 0; i < RAQAM_RASTER_SIZE + 2 * guard; i++)
    g_assert_cmpint (memory[i], ==, 0);

  raqam_raster_line (ink, (RaqamRasterPoint){ -1e9, SIDE / 2 }, (RaqamRasterPoint){ 1e9, SIDE / 2 },
                     10, FALSE);
  for (int i = 0; i < guard; i++)
    {
      g_assert_cmpint (memory[i], ==, 0);
      g_assert_cmpint (memory[guard + RAQAM_RASTER_SIZE + i], ==, 0);
    }
  for (int x = 0; x < SIDE; x++)
    g_assert_cmpint (ink[SIDE / 2 * SIDE + x], ==, 255);
}

/* The eraser takes off what a brush of its width would lay on, and no more. */
static void
test_erase (void)
{
  g_autofree guint8 *ink = g_malloc (RAQAM_RASTER_SIZE);
  RaqamRasterPoint from = { 60, 90 }, to = { 33.3, 41.7 };

  memset (ink, 255, RAQAM_RASTER_SIZE);
  raqam_raster_line (ink, from, to, 18, TRUE);
  for (int i = 0; i < RAQAM_RASTER_SIZE; i++)
    ink[i] = 255 - ink[i];
  assert_line (ink, from, to, 18);

  memset (ink, 0, RAQAM_RASTER_SIZE);
  raqam_raster_line (ink, from, to, 18, FALSE);
  raqam_raster_line (ink, from, to, 20, TRUE);
  g_assert_cmpfloat (raqam_raster_share (ink), ==, 0);
}

static void
test_share (void)
{
  g_autofree guint8 *ink = g_malloc0 (RAQAM_RASTER_SIZE);
  double area = G_PI * 27 * 27 / 4 + 27 * 100;

  g_assert_cmpfloat (raqam_raster_share (ink), ==, 0);
  raqam_raster_line (ink, (RaqamRasterPoint){ 70, 80 }, (RaqamRasterPoint){ 170, 80 }, 27, FALSE);
  g_assert_cmpfloat_with_epsilon (raqam_raster_share (ink) * RAQAM_RASTER_SIZE, area, 8);
  memset (ink, 255, RAQAM_RASTER_SIZE);
  g_assert_cmpfloat_with_epsilon (raqam_raster_share (ink), 1, 1e-12);
}

/* A curve goes through the middle of its parabola, and straight ones are lines. */
static void
test_curve (void)
{
  g_autofree guint8 *ink = g_malloc0 (RAQAM_RASTER_SIZE);
  g_autofree guint8 *line = g_malloc0 (RAQAM_RASTER_SIZE);
  RaqamRasterPoint from = { 40, 120 }, control = { 90, 20 }, to = { 140, 120 };

  raqam_raster_curve (ink, from, control, to, 9, FALSE);
  for (int i = 0; i <= 40; i++)
    {
      double t = i / 40.0, u = 1 - t;
      int x = (int) (u * u * from.x + 2 * u * t * control.x + t * t * to.x);
      int y = (int) (u * u * from.y + 2 * u * t * control.y + t * t * to.y);

      g_assert_cmpint (ink[y * SIDE + x], ==, 255);
    }
  g_assert_cmpint (ink[64 * SIDE + 90], ==, 0); /* above its top, which is at 70 */
  g_assert_cmpint (ink[120 * SIDE + 90], ==, 0);

  memset (ink, 0, RAQAM_RASTER_SIZE);
  raqam_raster_curve (ink, from, (RaqamRasterPoint){ 90, 120 }, to, 9, FALSE);
  raqam_raster_line (line, from, to, 9, FALSE);
  for (int i = 0; i < RAQAM_RASTER_SIZE; i++)
    g_assert_cmpint (abs (ink[i] - line[i]), <=, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    g_test_add_data_func (CASES[i].path, &CASES[i], test_line);
  g_test_add_func ("/draw-raster/ends", test_ends);
  g_test_add_func ("/draw-raster/outside", test_outside);
  g_test_add_func ("/draw-raster/erase", test_erase);
  g_test_add_func ("/draw-raster/share", test_share);
  g_test_add_func ("/draw-raster/curve", test_curve);

  return g_test_run ();
}
