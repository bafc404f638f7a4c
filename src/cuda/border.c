/* border.c — which taps of a convolution fall inside the image, pixel by pixel.
 * SPDX-License-Identifier: MIT */

#include "cuda/border.h"

/* Along one axis: the taps [first, past) are inside. */
typedef struct
{
  int first, past;
} Span;

/* The kind of each of @n_small places along an axis, numbered as they are met.
 * Returns: (transfer full): one span a kind */
static Span *
find_kinds (int *kind_of, int *n_kinds, int n_big, int n_small, const RaqamPatches *shape)
{
  Span *spans = g_new0 (Span, n_small);

  *n_kinds = 0;
  for (int i = 0; i < n_small; i++)
    {
      int offset = i * shape->stride - shape->pad, kind = 0;
      Span span = { MAX (0, -offset), MIN (shape->kernel, n_big - offset) };

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
fill_inside (RaqamBorders *self, const Span *rows, const Span *columns, int n_columns, int kernel)
{
  for (int kind = 0; kind < self->n_kinds; kind++)
    for (int tap = 0; tap < self->n_taps; tap++)
      {
        const Span *row = &rows[kind / n_columns], *column = &columns[kind % n_columns];
        int y = tap / kernel, x = tap % kernel;

        self->inside[kind * self->n_taps + tap]
          = y >= row->first && y < row->past && x >= column->first && x < column->past;
      }
}

static void
sort_pixels (RaqamBorders *self)
{
  int n = 0;

  for (int kind = 0; kind < self->n_kinds; kind++)
    {
      self->begin[kind] = n;
      for (int i = 0; i < self->n_pixels; i++)
        if (self->kind_of[i] == kind)
          self->pixels[n++] = i;
    }
  self->begin[self->n_kinds] = n;
}

void
raqam_cuda_borders_init (RaqamBorders *self, const RaqamPatches *shape, gboolean tell_apart)
{
  g_autofree int *row_kind = g_new0 (int, shape->small_h);
  g_autofree int *column_kind = g_new0 (int, shape->small_w);
  g_autofree Span *rows = NULL, *columns = NULL;
  int n_rows = 1, n_columns = 1;

  if (tell_apart)
    {
      rows = find_kinds (row_kind, &n_rows, shape->big_h, shape->small_h, shape);
      columns = find_kinds (column_kind, &n_columns, shape->big_w, shape->small_w, shape);
    }

  *self = (RaqamBorders) {
    .n_kinds = n_rows * n_columns,
    .n_pixels = shape->small_h * shape->small_w,
    .n_taps = shape->kernel * shape->kernel,
  };
  *self = raqam_cuda_borders_at (self, g_new0 (gint32, raqam_cuda_borders_size (self)));
  for (int i = 0; i < self->n_pixels; i++)
    self->kind_of[i] = row_kind[i / shape->small_w] * n_columns + column_kind[i % shape->small_w];
  if (tell_apart)
    fill_inside (self, rows, columns, n_columns, shape->kernel);
  sort_pixels (self);
}

void
raqam_cuda_borders_clear (RaqamBorders *self)
{
  g_clear_pointer (&self->kind_of, g_free);
}

gsize
raqam_cuda_borders_size (const RaqamBorders *self)
{
  return 2 * (gsize) self->n_pixels + self->n_kinds + 1 + (gsize) self->n_kinds * self->n_taps;
}

RaqamBorders
raqam_cuda_borders_at (const RaqamBorders *self, gint32 *memory)
{
  RaqamBorders moved = *self;

  moved.kind_of = memory;
  moved.pixels = moved.kind_of + self->n_pixels;
  moved.begin = moved.pixels + self->n_pixels;
  moved.inside = moved.begin + self->n_kinds + 1;

  return moved;
}
