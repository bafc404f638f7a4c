/* kernels-image.c — loops of the blocks that meet an image of one channel.
 * SPDX-License-Identifier: MIT */

#include "cpu/kernels-image.h"

#include <math.h>
#include <string.h>

#include "cpu/kernels-isa.h"

/* The patches [*begin, *end) along one axis whose tap @tap lies inside the plane. */
static void
inside (int *begin, int *end, int tap, int n_big, int n_small, const RaqamPatches *shape)
{
  int offset = tap - shape->pad, stride = shape->stride;
  int first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
  int past = n_big > offset ? (n_big - offset + stride - 1) / stride : 0;

  *end = MIN (past, n_small);
  *begin = MIN (first, *end);
}

/* Where tap (ky, kx) of patch (y, x), which must be inside, lies on the plane. */
static const float *
first_inside (const float *big, int y, int x, int ky, int kx, const RaqamPatches *shape)
{
  gsize row = y * shape->stride + ky - shape->pad, column = x * shape->stride + kx - shape->pad;

  return big + row * shape->big_w + column;
}

static void
gather (float *patches, gsize pitch, const float *big, const RaqamPatches *shape)
{
  int kernel = shape->kernel, stride = shape->stride, small_w = shape->small_w;

  for (int tap = 0; tap < kernel * kernel; tap++)
    {
      int ky = tap / kernel, kx = tap % kernel;
      int top, bottom, left, right;
      float *plane = patches + tap * pitch;

      inside (&top, &bottom, ky, shape->big_h, shape->small_h, shape);
      inside (&left, &right, kx, shape->big_w, small_w, shape);
      if (left == right)
        bottom = top;
      memset (plane, 0, (gsize) top * small_w * sizeof *plane);
      memset (plane + (gsize) bottom * small_w, 0,
              (gsize) (shape->small_h - bottom) * small_w * sizeof *plane);

      for (int y = top; y < bottom; y++)
        {
          float *restrict to = plane + (gsize) y * small_w;
          const float *restrict from = first_inside (big, y, left, ky, kx, shape);

          for (int x = 0; x < left; x++)
            to[x] = 0;
          if (stride == 1)
            for (int x = left; x < right; x++)
              to[x] = from[x - left];
          else
            for (int x = left; x < right; x++)
              to[x] = from[(x - left) * stride];
          for (int x = right; x < small_w; x++)
            to[x] = 0;
        }
    }
}

static void
scatter (float *big, const float *patches, gsize pitch, const RaqamPatches *shape)
{
  int kernel = shape->kernel, stride = shape->stride, small_w = shape->small_w;

  for (int tap = 0; tap < kernel * kernel; tap++)
    {
      int ky = tap / kernel, kx = tap % kernel;
      int top, bottom, left, right;

      inside (&top, &bottom, ky, shape->big_h, shape->small_h, shape);
      inside (&left, &right, kx, shape->big_w, small_w, shape);
      if (left == right)
        bottom = top;

      for (int y = top; y < bottom; y++)
        {
          const float *restrict from = patches + tap * pitch + (gsize) y * small_w + left;
          float *restrict to = (float *) first_inside (big, y, left, ky, kx, shape);

          if (stride == 1)
            for (int x = 0; x < right - left; x++)
              to[x] += from[x];
          else
            for (int x = 0; x < right - left; x++)
              to[x * stride] += from[x];
        }
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

static void
moments (float *restrict sum, float *restrict square, const float *restrict x,
         const float *restrict origin, gsize rows, gsize c)
{
  for (gsize row = 0; row < rows; row++, x += c)
    for (gsize i = 0; i < c; i++)
      {
        float value = x[i] - origin[i];

        sum[i] += value;
        square[i] += value * value;
      }
}

static void
add_affine (float *restrict d, const float *restrict x, const float *restrict across,
            const float *restrict apart, gsize rows, gsize c)
{
  for (gsize row = 0; row < rows; row++, d += c, x += c)
    for (gsize i = 0; i < c; i++)
      d[i] += across[i] * x[i] + apart[i];
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
