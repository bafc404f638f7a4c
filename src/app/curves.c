/* curves.c — curves over a common x, kept so that a plot of any width is quick.
 * SPDX-License-Identifier: MIT */

#include "app/curves.h"

#include <math.h>

#define FANOUT 16
#define N_LEVELS 6 /* blocks of up to 16^6 points */
#define LATEST_POINTS 50

typedef struct
{
  GArray *levels[N_LEVELS]; /* of RaqamColumn; level k: whole blocks of FANOUT^(k+1) points */
  GArray *points;           /* of float */
  double  sum, weight;      /* the moving average of the last points */
} Curve;

struct _RaqamCurves
{
  GArray *xs; /* of double */
  guint   n_curves;
  Curve   curves[];
};

RaqamCurves *
raqam_curves_new (guint n_curves)
{
  RaqamCurves *self;

  g_return_val_if_fail (n_curves > 0, NULL);

  self = g_malloc0 (sizeof *self + n_curves * sizeof *self->curves);
  self->n_curves = n_curves;
  self->xs = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint c = 0; c < n_curves; c++)
    {
      self->curves[c].points = g_array_new (FALSE, FALSE, sizeof (float));
      for (int k = 0; k < N_LEVELS; k++)
        self->curves[c].levels[k] = g_array_new (FALSE, FALSE, sizeof (RaqamColumn));
    }
  return self;
}

void
raqam_curves_free (RaqamCurves *self)
{
  for (guint c = 0; c < self->n_curves; c++)
    {
      g_array_unref (self->curves[c].points);
      for (int k = 0; k < N_LEVELS; k++)
        g_array_unref (self->curves[c].levels[k]);
    }
  g_array_unref (self->xs);
  g_free (self);
}

void
raqam_curves_clear (RaqamCurves *self)
{
  g_array_set_size (self->xs, 0);
  for (guint c = 0; c < self->n_curves; c++)
    {
      Curve *curve = &self->curves[c];

      g_array_set_size (curve->points, 0);
      for (int k = 0; k < N_LEVELS; k++)
        g_array_set_size (curve->levels[k], 0);
      curve->sum = curve->weight = 0;
    }
}

/* Joins @more to @column: both may be empty. */
static void
column_add (RaqamColumn *column, const RaqamColumn *more)
{
  column->n_gaps += more->n_gaps;
  if (more->n == 0)
    return;
  if (column->n == 0)
    {
      column->low = more->low;
      column->high = more->high;
    }
  column->low = MIN (column->low, more->low);
  column->high = MAX (column->high, more->high);
  column->mean += (more->mean - column->mean) * more->n / (float) (column->n + more->n);
  column->n += more->n;
}

static RaqamColumn
column_of_point (const Curve *curve, gsize i)
{
  float y = g_array_index (curve->points, float, i);

  return isfinite (y) ? (RaqamColumn) { y, y, y, 1, 0 } : (RaqamColumn) { .n_gaps = 1 };
}

/* The lowest level's blocks are points: @level -1. */
static RaqamColumn
column_of_block (const Curve *curve, int level, gsize i)
{
  return level < 0 ? column_of_point (curve, i)
                   : g_array_index (curve->levels[level], RaqamColumn, i);
}

static void
curve_push (Curve *curve, float y)
{
  gsize n;

  g_array_append_val (curve->points, y);
  if (isfinite (y))
    {
      double keep = exp (-1.0 / LATEST_POINTS);

      curve->sum = curve->sum * keep + y;
      curve->weight = curve->weight * keep + 1;
    }

  n = curve->points->len;
  for (int k = 0; k < N_LEVELS && n % FANOUT == 0; k++, n /= FANOUT)
    {
      RaqamColumn block = { 0 };

      for (gsize i = n - FANOUT; i < n; i++)
        {
          RaqamColumn part = column_of_block (curve, k - 1, i);

          column_add (&block, &part);
        }
      g_array_append_val (curve->levels[k], block);
    }
}

void
raqam_curves_push (RaqamCurves *self, double x, const float *y)
{
  g_array_append_val (self->xs, x);
  for (guint c = 0; c < self->n_curves; c++)
    curve_push (&self->curves[c], y[c]);
}

gsize
raqam_curves_get_n (const RaqamCurves *self)
{
  return self->xs->len;
}

double
raqam_curves_get_x (const RaqamCurves *self, gsize index)
{
  g_return_val_if_fail (index < self->xs->len, 0);

  return g_array_index (self->xs, double, index);
}

float
raqam_curves_get_y (const RaqamCurves *self, guint curve, gsize index)
{
  g_return_val_if_fail (curve < self->n_curves && index < self->xs->len, NAN);

  return g_array_index (self->curves[curve].points, float, index);
}

float
raqam_curves_get_latest (const RaqamCurves *self, guint curve)
{
  g_return_val_if_fail (curve < self->n_curves, NAN);

  return (float) (self->curves[curve].sum / self->curves[curve].weight);
}

/* Returns: the first point whose x is not below @x, or, with @after, is above it */
static gsize
find_x (const RaqamCurves *self, double x, gboolean after)
{
  gsize low = 0, high = self->xs->len;

  while (low < high)
    {
      gsize middle = (low + high) / 2;
      double there = g_array_index (self->xs, double, middle);

      if (there < x || (after && there == x))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

gsize
raqam_curves_nearest (const RaqamCurves *self, double x)
{
  gsize after = find_x (self, x, FALSE);

  g_return_val_if_fail (self->xs->len > 0, 0);

  if (after == self->xs->len)
    return after - 1;
  if (after == 0)
    return 0;
  return x - raqam_curves_get_x (self, after - 1) <= raqam_curves_get_x (self, after) - x
           ? after - 1
           : after;
}

/* The points from @begin to before @end, by the largest blocks that fit. */
static RaqamColumn
curve_range (const Curve *curve, gsize begin, gsize end)
{
  RaqamColumn all = { 0 };

  while (begin < end)
    {
      int level = -1;
      gsize size = 1;
      RaqamColumn part;

      while (level + 1 < N_LEVELS && begin % (size * FANOUT) == 0 && begin + size * FANOUT <= end)
        {
          level++;
          size *= FANOUT;
        }
      part = column_of_block (curve, level, begin / size);
      column_add (&all, &part);
      begin += size;
    }
  return all;
}

void
raqam_curves_reduce (RaqamColumn *columns, const RaqamCurves *self, guint curve,
                     double first, double last, guint n_columns)
{
  gsize begin;

  g_return_if_fail (curve < self->n_curves);
  g_return_if_fail (first < last);

  begin = find_x (self, first, FALSE);
  for (guint c = 0; c < n_columns; c++)
    {
      double edge = first + (last - first) * (c + 1) / n_columns;
      gsize end = find_x (self, edge, c + 1 == n_columns);

      columns[c] = curve_range (&self->curves[curve], begin, end);
      begin = MAX (begin, end);
    }
}

void
raqam_curves_smooth (float *smooth, const RaqamColumn *columns, guint n_columns, double share)
{
  double n = 0, sum = 0, weight = 0, memory;

  for (guint c = 0; c < n_columns; c++)
    n += columns[c].n;
  memory = MAX (10, n * share);

  for (guint c = 0; c < n_columns; c++)
    {
      double keep = exp (-(double) columns[c].n / memory);

      smooth[c] = NAN;
      if (columns[c].n == 0)
        continue;
      if (share <= 0)
        {
          smooth[c] = columns[c].mean;
          continue;
        }
      sum = sum * keep + columns[c].mean * (1 - keep);
      weight = weight * keep + (1 - keep);
      smooth[c] = (float) (sum / weight);
    }
}
