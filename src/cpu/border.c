/* border.c — which taps of a convolution fall inside the image, pixel by pixel.
 * SPDX-License-Identifier: MIT */

#include "cpu/border.h"

/* The kind of each of @n_small places along an axis, numbered as they are met. */
static RaqamSpan *
find_kinds (int *kind_of, int *n_kinds, int n_big, int n_small, const RaqamPatches *shape)
{
  RaqamSpan *spans = g_new0 (RaqamSpan, n_small);

  *n_kinds = 0;
  for (int i = 0; i < n_small; i++)
    {
      int offset = i * shape->stride - shape->pad, kind = 0;
      RaqamSpan span = { MAX (0, -offset), MIN (shape->kernel, n_big - offset) };

      while (kind < *n_kinds
             && (spans[kind].first != span.first || spans[kind].past != span.past))
        kind++;
      if (kind == *n_kinds)
        spans[(*n_kinds)++] = span;
      kind_of[i] = kind;
    }

  return spans;
}

static void
find_runs (RaqamBorders *self, const int *row_kind, const int *column_kind,
           const RaqamPatches *shape)
{
  int n_pixels = shape->small_h * shape->small_w;
  RaqamRun *run = NULL;

  self->runs = g_new (RaqamRun, n_pixels);
  for (int i = 0; i < n_pixels; i++)
    {
      int kind = row_kind[i / shape->small_w] * self->n_columns + column_kind[i % shape->small_w];

      if (run == NULL || run->kind != kind || run->n == RAQAM_SUM_ROWS)
        {
          run = &self->runs[self->n_runs++];
          *run = (RaqamRun) { i, 0, kind };
        }
      run->n++;
    }
}

void
raqam_borders_init (RaqamBorders *self, const RaqamPatches *shape, gboolean tell_apart)
{
  g_autofree int *row_kind = g_new0 (int, shape->small_h);
  g_autofree int *column_kind = g_new0 (int, shape->small_w);

  *self = (RaqamBorders) { .kernel = shape->kernel, .n_rows = 1, .n_columns = 1 };
  if (tell_apart)
    {
      self->rows = find_kinds (row_kind, &self->n_rows, shape->big_h, shape->small_h, shape);
      self->columns = find_kinds (column_kind, &self->n_columns, shape->big_w, shape->small_w,
                                  shape);
    }
  self->n_kinds = self->n_rows * self->n_columns;
  find_runs (self, row_kind, column_kind, shape);
}

void
raqam_borders_clear (RaqamBorders *self)
{
  g_clear_pointer (&self->rows, g_free);
  g_clear_pointer (&self->columns, g_free);
  g_clear_pointer (&self->runs, g_free);
}

gboolean
raqam_borders_is_inside (const RaqamBorders *self, int kind, int tap)
{
  RaqamSpan row = self->rows[kind / self->n_columns];
  RaqamSpan column = self->columns[kind % self->n_columns];
  int ky = tap / self->kernel, kx = tap % self->kernel;

  return ky >= row.first && ky < row.past && kx >= column.first && kx < column.past;
}
