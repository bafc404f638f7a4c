/* fit.c — brings a digit of any size to 28 × 28.
 * SPDX-License-Identifier: MIT */

#include "engine/fit.h"

#include <string.h>

#define SIDE RAQAM_FIT_SIDE
#define MAX_SIDE 255

/* One side of the scaling: @length pixels become @n. Lengths are counted in
 * parts of which a pixel of the input has @n and one of the result @length. */
typedef struct
{
  int length;
  int n;
} Axis;

/* How many parts of pixel @i of the input lie in pixel @o of the result. */
static inline int
overlap (const Axis *axis, int o, int i)
{
  int begin = MAX (o * axis->length, i * axis->n);
  int end = MIN ((o + 1) * axis->length, (i + 1) * axis->n);

  return end - begin;
}

static inline int
first_covered (const Axis *axis, int o)
{
  return o * axis->length / axis->n;
}

static inline int
end_covered (const Axis *axis, int o)
{
  return ((o + 1) * axis->length + axis->n - 1) / axis->n;
}

/* Each row of the input, summed over the columns that a column of the result covers. */
static void
sum_columns (guint32 *sums, const guint8 *in, int height, const Axis *across)
{
  for (int y = 0; y < height; y++)
    for (int o = 0; o < across->n; o++)
      {
        guint32 sum = 0;

        for (int x = first_covered (across, o); x < end_covered (across, o); x++)
          sum += overlap (across, o, x) * in[y * across->length + x];
        sums[y * SIDE + o] = sum;
      }
}

static void
scale (guint8 *out, const guint8 *in, const Axis *across, const Axis *down)
{
  guint32 sums[MAX_SIDE * SIDE];
  guint32 area = across->length * down->length;

  sum_columns (sums, in, down->length, across);
  for (int o = 0; o < down->n; o++)
    for (int x = 0; x < across->n; x++)
      {
        guint32 sum = 0;

        for (int y = first_covered (down, o); y < end_covered (down, o); y++)
          sum += overlap (down, o, y) * sums[y * SIDE + x];
        out[o * across->n + x] = (sum + area / 2) / area;
      }
}

static void
centre (guint8 *out, const guint8 *in, int width, int height)
{
  int left = (SIDE - width) / 2, top = (SIDE - height) / 2;

  memset (out, 0, RAQAM_FIT_PIXELS);
  for (int y = 0; y < height; y++)
    memcpy (out + (top + y) * SIDE + left, in + y * width, width);
}

void
raqam_fit (guint8 *out, const guint8 *in, int width, int height, gboolean grey)
{
  g_return_if_fail (width >= 1 && width <= MAX_SIDE);
  g_return_if_fail (height >= 1 && height <= MAX_SIDE);

  if (width > SIDE || height > SIDE)
    {
      int longer = MAX (width, height);
      Axis across = { width, MAX (1, (2 * SIDE * width + longer) / (2 * longer)) };
      Axis down = { height, MAX (1, (2 * SIDE * height + longer) / (2 * longer)) };
      guint8 scaled[RAQAM_FIT_PIXELS];

      scale (scaled, in, &across, &down);
      centre (out, scaled, across.n, down.n);
    }
  else
    centre (out, in, width, height);

  if (!grey)
    for (int i = 0; i < RAQAM_FIT_PIXELS; i++)
      out[i] = out[i] >= 128 ? 255 : 0;
}
