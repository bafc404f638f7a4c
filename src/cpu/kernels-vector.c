/* kernels-vector.c — loops over whole vectors: Adam, averages, products.
 * SPDX-License-Identifier: MIT */

#include "cpu/kernels-vector.h"

#include <math.h>

#include "cpu/kernels-isa.h"

static void
adam (float *restrict weights, float *restrict m, float *restrict v,
      const float *restrict gradient, gsize n, float rate, float beta1, float beta2,
      float epsilon)
{
  float rest1 = 1 - beta1, rest2 = 1 - beta2;

  for (gsize i = 0; i < n; i++)
    {
      float g = gradient[i];

      m[i] = beta1 * m[i] + rest1 * g;
      v[i] = beta2 * v[i] + rest2 * (g * g);
      weights[i] -= rate * m[i] / (sqrtf (v[i]) + epsilon);
    }
}

static void
average (float *restrict to, const float *restrict from, gsize n, float decay)
{
  float rest = 1 - decay;

  for (gsize i = 0; i < n; i++)
    to[i] = decay * to[i] + rest * from[i];
}

/* Chunks keep the rounding errors of a long sum short. */
static float
dot (const float *a, const float *b, gsize n)
{
  double sum = 0;

  for (gsize begin = 0; begin < n; begin += 512)
    {
      gsize end = MIN (begin + 512, n);
      float part = 0;

      for (gsize i = begin; i < end; i++)
        part += a[i] * b[i];
      sum += part;
    }

  return sum;
}

static void
add_scaled (float *restrict to, const float *restrict from, float scale, gsize n)
{
  for (gsize i = 0; i < n; i++)
    to[i] += scale * from[i];
}

static void
scaled (float *restrict out, const float *restrict from, float scale, gsize n)
{
  for (gsize i = 0; i < n; i++)
    out[i] = scale * from[i];
}

static void
add_to_double (double *restrict to, const float *restrict from, gsize n)
{
  for (gsize i = 0; i < n; i++)
    to[i] += from[i];
}

static void
from_bytes (float *restrict out, const guint8 *restrict from, gsize n)
{
  for (gsize i = 0; i < n; i++)
    out[i] = from[i] / 255.0f;
}

extern const RaqamVectorKernels RAQAM_KERNELS (vector);

const RaqamVectorKernels RAQAM_KERNELS (vector) = {
  .adam = adam,
  .average = average,
  .dot = dot,
  .add_scaled = add_scaled,
  .scaled = scaled,
  .add_to_double = add_to_double,
  .from_bytes = from_bytes,
};
