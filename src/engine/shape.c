/* shape.c — what can be measured of one picture of a digit.
 * SPDX-License-Identifier: MIT */

#include "engine/shape.h"

#include "engine/recipe.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* The picture with a row of paper around it, each pixel in 2 × 2. */
#define FINE (2 * (RAQAM_IMAGE_SIDE + 2))
#define HALF 0.5f

/* In pixels of the picture; the middle of its first one is (0.5, 0.5). */
typedef struct
{
  float x, y;
} Point;

typedef struct
{
  int   n_ink;
  int   n_contour;
  Point ink[FINE * FINE];
  Point contour[2 * FINE * FINE]; /* where the level is crossed between neighbours */
} Outline;

static float
grey (const guint8 *pixels, int x, int y)
{
  return x >= 0 && y >= 0 && x < RAQAM_IMAGE_SIDE && y < RAQAM_IMAGE_SIDE
           ? pixels[y * RAQAM_IMAGE_SIDE + x] / 255.0f
           : 0.0f;
}

/* The middles of the fine pixels lie a quarter of a pixel beside those of the pixels. */
static void
enlarge (float *fine, const guint8 *pixels)
{
  for (int v = 0; v < FINE; v++)
    for (int u = 0; u < FINE; u++)
      {
        int x = u / 2 - 1, y = v / 2 - 1;
        int beside = u % 2 == 0 ? x - 1 : x + 1, above = v % 2 == 0 ? y - 1 : y + 1;

        fine[v * FINE + u] = 0.5625f * grey (pixels, x, y) + 0.1875f * grey (pixels, beside, y)
                             + 0.1875f * grey (pixels, x, above)
                             + 0.0625f * grey (pixels, beside, above);
      }
}

static Point
point_at (float u, float v)
{
  return (Point) { (u + 0.5f) / 2 - 1, (v + 0.5f) / 2 - 1 };
}

/* How far from @from to @to the level is crossed; negative where it is not. */
static float
crossing (float from, float to)
{
  return (from >= HALF) == (to >= HALF) ? -1 : (HALF - from) / (to - from);
}

static void
outline_of (Outline *outline, const guint8 *pixels)
{
  float fine[FINE * FINE];

  enlarge (fine, pixels);
  outline->n_ink = outline->n_contour = 0;
  for (int v = 0; v < FINE; v++)
    for (int u = 0; u < FINE; u++)
      {
        const float *here = &fine[v * FINE + u];
        float right = u + 1 < FINE ? crossing (here[0], here[1]) : -1;
        float down = v + 1 < FINE ? crossing (here[0], here[FINE]) : -1;

        if (*here >= HALF)
          outline->ink[outline->n_ink++] = point_at (u, v);
        if (right >= 0)
          outline->contour[outline->n_contour++] = point_at (u + right, v);
        if (down >= 0)
          outline->contour[outline->n_contour++] = point_at (u, v + down);
      }
}

static double
stroke_of (const Outline *outline)
{
  double sum = 0;

  for (int i = 0; i < outline->n_ink; i++)
    {
      Point ink = outline->ink[i];
      float nearest = FLT_MAX;

      for (int k = 0; k < outline->n_contour; k++)
        {
          float dx = outline->contour[k].x - ink.x, dy = outline->contour[k].y - ink.y;
          float squared = dx * dx + dy * dy;

          nearest = squared < nearest ? squared : nearest;
        }
      sum += sqrtf (nearest);
    }
  return 4 * sum / outline->n_ink;
}

static int
by_place_cb (gconstpointer first, gconstpointer second)
{
  const Point *a = first, *b = second;

  return a->x != b->x ? (a->x > b->x) - (a->x < b->x) : (a->y > b->y) - (a->y < b->y);
}

/* Twice the area of a triangle, above 0 where it turns one way. */
static float
turn (Point a, Point b, Point c)
{
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/* Adds @point to a chain that turns one way only. */
static int
chain_add (Point *chain, int n, int least, Point point)
{
  while (n > least && turn (chain[n - 2], chain[n - 1], point) <= 0)
    n--;
  chain[n] = point;
  return n + 1;
}

/* Andrew's monotone chain, 1979. Sorts the contour; returns the number of corners,
 * the first of which is there again at the end. */
static int
hull_of (Point *hull, Outline *outline)
{
  int n = 0, least = 1;

  qsort (outline->contour, outline->n_contour, sizeof (Point), by_place_cb);
  for (int i = 0; i < outline->n_contour; i++)
    n = chain_add (hull, n, least, outline->contour[i]);
  least = n;
  for (int i = outline->n_contour - 2; i >= 0; i--)
    n = chain_add (hull, n, least, outline->contour[i]);
  return n;
}

static double
roundness_of (Outline *outline)
{
  g_autofree Point *hull = g_new (Point, outline->n_contour + 2);
  int n = hull_of (hull, outline);
  double area = 0, perimeter = 0;

  for (int i = 0; i + 1 < n; i++)
    {
      area += (double) hull[i].x * hull[i + 1].y - (double) hull[i + 1].x * hull[i].y;
      perimeter += hypot (hull[i + 1].x - hull[i].x, hull[i + 1].y - hull[i].y);
    }
  return 2 * G_PI * fabs (area) / (perimeter * perimeter);
}

/* Returns: the sum of the greys */
static double
slant_of (double *slant, const guint8 *pixels)
{
  double sum = 0, sum_x = 0, sum_y = 0, xy = 0, yy = 0;

  for (int i = 0; i < RAQAM_IMAGE_SIZE; i++)
    {
      sum += pixels[i];
      sum_x += pixels[i] * (i % RAQAM_IMAGE_SIDE);
      sum_y += pixels[i] * (i / RAQAM_IMAGE_SIDE);
    }
  for (int i = 0; i < RAQAM_IMAGE_SIZE && sum > 0; i++)
    {
      double x = i % RAQAM_IMAGE_SIDE - sum_x / sum, y = i / RAQAM_IMAGE_SIDE - sum_y / sum;

      xy += pixels[i] * x * y;
      yy += pixels[i] * y * y;
    }
  /* Rows count downwards. */
  *slant = atan2 (-xy, yy) * 180 / G_PI;
  return sum / 255;
}

void
raqam_shape_measure (double *measures, const guint8 *pixels)
{
  Outline outline;
  Point low = { FLT_MAX, FLT_MAX }, high = { -FLT_MAX, -FLT_MAX };

  for (int m = 0; m < RAQAM_N_SHAPES; m++)
    measures[m] = NAN;
  measures[RAQAM_SHAPE_INK] = slant_of (&measures[RAQAM_SHAPE_SLANT], pixels);
  outline_of (&outline, pixels);
  if (outline.n_ink == 0)
    {
      measures[RAQAM_SHAPE_SLANT] = NAN;
      return;
    }

  for (int i = 0; i < outline.n_contour; i++)
    {
      low = (Point) { MIN (low.x, outline.contour[i].x), MIN (low.y, outline.contour[i].y) };
      high = (Point) { MAX (high.x, outline.contour[i].x), MAX (high.y, outline.contour[i].y) };
    }
  measures[RAQAM_SHAPE_HEIGHT] = high.y - low.y;
  measures[RAQAM_SHAPE_WIDTH] = high.x - low.x;
  measures[RAQAM_SHAPE_STROKE] = stroke_of (&outline);
  measures[RAQAM_SHAPE_ROUNDNESS] = roundness_of (&outline);
}
