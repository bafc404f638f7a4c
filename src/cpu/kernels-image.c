/* kernels-image.c — loops of the blocks that meet an image of one channel.
 * SPDX-License-Identifier: MIT */

#include "cpu/kernels-image.h"

#include <math.h>
#include <string.h>

#include "cpu/kernels-isa.h"

/* One tap of the kernel: the patches for which it is inside the plane. */
typedef struct
{
  int   top, bottom, left, right; /* [top, bottom) and [left, right) */
  gsize first;                    /* where the tap of patch (top, left) lies on the plane */
} Tap;

static void
inside (int *begin, int *end, int offset, int n_big, int n_small, int stride)
{
  int first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
  int past = n_big > offset ? (n_big - offset + stride - 1) / stride : 0;

  *end = MIN (past, n_small);
  *begin = MIN (first, *end);
}

/* Returns: whether the tap is inside the plane anywhere */
static gboolean
find_tap (Tap *tap, int index, const RaqamPatches *shape)
{
  int y = index / shape->kernel - shape->pad, x = index % shape->kernel - shape->pad;

  inside (&tap->top, &tap->bottom, y, shape->big_h, shape->small_h, shape->stride);
  inside (&tap->left, &tap->right, x, shape->big_w, shape->small_w, shape->stride);
  if (tap->top == tap->bottom || tap->left == tap->right)
    return FALSE;

  tap->first = (gsize) (tap->top * shape->stride + y) * shape->big_w
               + (tap->left * shape->stride + x);
  return TRUE;
}

/* Whether a tap's values lie in one piece on the plane but for the columns outside. */
static gboolean
is_shift (const RaqamPatches *shape)
{
  return shape->stride == 1 && shape->small_w == shape->big_w;
}

static gsize
shift_length (const Tap *tap, gsize width)
{
  return (tap->bottom - tap->top - 1) * width + (tap->right - tap->left);
}

/* Down each column: across, gcc would call memset for a value or two. */
static void
clear_columns (float *values, const Tap *tap, gsize width)
{
  for (gsize x = 0; x < (gsize) tap->left; x++)
    for (int y = tap->top; y < tap->bottom; y++)
      values[y * width + x] = 0;
  for (gsize x = tap->right; x < width; x++)
    for (int y = tap->top; y < tap->bottom; y++)
      values[y * width + x] = 0;
}

static void
gather_rows (float *restrict values, const float *restrict big, const Tap *tap,
             const RaqamPatches *shape)
{
  gsize stride = shape->stride, n = tap->right - tap->left;

  for (int y = tap->top; y < tap->bottom; y++)
    {
      float *to = values + (gsize) y * shape->small_w + tap->left;
      const float *from = big + tap->first + (gsize) (y - tap->top) * stride * shape->big_w;

      for (gsize x = 0; x < n; x++)
        to[x] = from[x * stride];
    }
}

static void
gather (float *restrict patches, gsize pitch, const float *restrict big,
        const RaqamPatches *shape)
{
  gsize width = shape->small_w, size = shape->small_h * width;

  for (int index = 0; index < shape->kernel * shape->kernel; index++, patches += pitch)
    {
      Tap tap;

      if (!find_tap (&tap, index, shape))
        {
          memset (patches, 0, size * sizeof *patches);
          continue;
        }

      memset (patches, 0, tap.top * width * sizeof *patches);
      memset (patches + tap.bottom * width, 0, (size - tap.bottom * width) * sizeof *patches);
      if (is_shift (shape))
        memcpy (patches + tap.top * width + tap.left, big + tap.first,
                shift_length (&tap, width) * sizeof *patches);
      else
        gather_rows (patches, big, &tap, shape);
      clear_columns (patches, &tap, width);
    }
}

static void
add (float *restrict to, const float *restrict from, gsize n)
{
  for (gsize i = 0; i < n; i++)
    to[i] += from[i];
}

static void
scatter_rows (float *restrict big, const float *restrict values, const Tap *tap,
              const RaqamPatches *shape)
{
  gsize stride = shape->stride, n = tap->right - tap->left;

  for (int y = tap->top; y < tap->bottom; y++)
    {
      const float *from = values + (gsize) y * shape->small_w + tap->left;
      float *to = big + tap->first + (gsize) (y - tap->top) * stride * shape->big_w;

      for (gsize x = 0; x < n; x++)
        to[x * stride] += from[x];
    }
}

static void
scatter (float *restrict big, float *restrict patches, gsize pitch, const RaqamPatches *shape)
{
  gsize width = shape->small_w;

  for (int index = 0; index < shape->kernel * shape->kernel; index++, patches += pitch)
    {
      Tap tap;

      if (!find_tap (&tap, index, shape))
        continue;

      if (is_shift (shape))
        {
          clear_columns (patches, &tap, width);
          add (big + tap.first, patches + tap.top * width + tap.left, shift_length (&tap, width));
        }
      else
        scatter_rows (big, patches, &tap, shape);
    }
}

/* 2^n · 2^f with f in [-1/2, 1/2] from the Taylor series of exp, good to 2e-7
 * where it matters to a sigmoid. NaN comes out as NaN. */
static inline float
exponential (float x)
{
  float clamped = x > 87 ? 87 : x < -87 ? -87 : x;
  float y = clamped * 1.44269504088896341f;
  float whole = rintf (y);
  float r = (y - whole) * 0.693147180559945309f;
  float series = 1 + r * (1 + r * (1 / 2.0f + r * (1 / 6.0f + r * (1 / 24.0f + r * (1 / 120.0f
                 + r * (1 / 720.0f + r * (1 / 5040.0f)))))));
  union
  {
    gint32 bits;
    float  value;
  } power;

  power.bits = ((gint32) (x == x ? whole : 0) + 127) << 23;
  return power.value * series;
}

static void
sigmoid (float *y, gsize n)
{
  for (gsize i = 0; i < n; i++)
    y[i] = 1 / (1 + exponential (-y[i]));
}

static void
sigmoid_backward (float *restrict d, const float *restrict y, gsize n)
{
  for (gsize i = 0; i < n; i++)
    d[i] *= y[i] * (1 - y[i]);
}

/* Asks for row @x, c floats, AHEAD floats early: over a batch, which no cache
 * holds, moments reads 13 GB/s with it and 9 without (Zen 3). */
#define AHEAD 2048

static inline void
ask_ahead (const float *x, gsize c)
{
  for (gsize i = 0; i < c; i += 16)
    __builtin_prefetch (x + AHEAD + i);
}

static void
moments (float *restrict sum, float *restrict square, const float *restrict x,
         const float *restrict origin, gsize rows, gsize c)
{
  for (gsize row = 0; row < rows; row++, x += c)
    {
      ask_ahead (x, c);
      for (gsize i = 0; i < c; i++)
        {
          float value = x[i] - origin[i];

          sum[i] += value;
          square[i] += value * value;
        }
    }
}

static void
add_affine (float *restrict d, const float *restrict x, const float *restrict across,
            const float *restrict apart, gsize rows, gsize c)
{
  for (gsize row = 0; row < rows; row++, d += c, x += c)
    {
      ask_ahead (x, c);
      for (gsize i = 0; i < c; i++)
        d[i] += across[i] * x[i] + apart[i];
    }
}

static void
pool (float *restrict max, gint32 *restrict row, const float *restrict x, gsize rows, gsize c)
{
  for (gsize i = 0; i < c; i++)
    {
      max[i] = x[i];
      row[i] = 0;
    }

  for (gsize r = 1; r < rows; r++)
    {
      const float *restrict from = x + r * c;

      for (gsize i = 0; i < c; i++)
        {
          gboolean above = (from[i] > max[i]) | (from[i] != from[i]);

          max[i] = above ? from[i] : max[i];
          row[i] = above ? (gint32) r : row[i];
        }
    }
}

extern const RaqamImageKernels RAQAM_KERNELS (image);

const RaqamImageKernels RAQAM_KERNELS (image) = {
  .gather = gather,
  .scatter = scatter,
  .sigmoid = sigmoid,
  .sigmoid_backward = sigmoid_backward,
  .moments = moments,
  .add_affine = add_affine,
  .pool = pool,
};
