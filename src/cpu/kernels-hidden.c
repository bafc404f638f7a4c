/* kernels-hidden.c — loops over the values of a hidden layer.
 * SPDX-License-Identifier: MIT */

#include "cpu/kernels-hidden.h"

#include <string.h>

#include "cpu/kernels-isa.h"
#include "cpu/kernels-philox.h"

static inline float
activate (float x, float slope)
{
  return x > 0.0f ? x : slope * x;
}

static inline float
derive (float d, float out, float slope)
{
  return out > 0.0f ? d : slope * d;
}

static void
bias_activation_kernel (float *restrict x, const float *restrict bias, float slope, gsize rows,
                        gsize c)
{
  for (gsize row = 0; row < rows; row++, x += c)
    for (gsize i = 0; i < c; i++)
      x[i] = activate (x[i] + bias[i], slope);
}

static void
bias_activation_sums_kernel (float *restrict x, float *restrict sum, float *restrict square,
                             const float *restrict bias, const float *restrict origin,
                             float slope, gsize rows, gsize c)
{
  for (gsize row = 0; row < rows; row++, x += c)
    for (gsize i = 0; i < c; i++)
      {
        float value = activate (x[i] + bias[i], slope);
        float offset = value - origin[i];

        x[i] = value;
        sum[i] += offset;
        square[i] += offset * offset;
      }
}

static void
sums_kernel (float *restrict sum, const float *restrict x, gsize rows, gsize c)
{
  for (gsize row = 0; row < rows; row++, x += c)
    for (gsize i = 0; i < c; i++)
      sum[i] += x[i];
}

/* out may be x, so they are not restrict; each value depends on its own place only. */
static void
scale_shift_activation_kernel (float *out, const float *x, const float *restrict scale,
                               const float *restrict shift, float slope, gsize rows, gsize c)
{
  for (gsize row = 0; row < rows; row++, x += c, out += c)
#pragma GCC ivdep
    for (gsize i = 0; i < c; i++)
      out[i] = activate (x[i] * scale[i] + shift[i], slope);
}

static void
activation_backward_kernel (float *restrict d, float *restrict d_bias, const float *restrict out,
                            float slope, gsize rows, gsize c)
{
  for (gsize row = 0; row < rows; row++, d += c, out += c)
    for (gsize i = 0; i < c; i++)
      {
        float value = derive (d[i], out[i], slope);

        d[i] = value;
        d_bias[i] += value;
      }
}

static void
activation_backward_sums_kernel (float *restrict d, float *restrict sum, float *restrict product,
                                 const float *restrict out, const float *restrict x,
                                 const float *restrict mean, float slope, gsize rows, gsize c)
{
  for (gsize row = 0; row < rows; row++, d += c, out += c, x += c)
    for (gsize i = 0; i < c; i++)
      {
        float value = derive (d[i], out[i], slope);

        d[i] = value;
        sum[i] += value;
        product[i] += value * (x[i] - mean[i]);
      }
}

static void
norm_sums_kernel (float *restrict sum, float *restrict product, const float *restrict d,
                  const float *restrict x, const float *restrict mean, gsize rows, gsize c)
{
  for (gsize row = 0; row < rows; row++, d += c, x += c)
    for (gsize i = 0; i < c; i++)
      {
        sum[i] += d[i];
        product[i] += d[i] * (x[i] - mean[i]);
      }
}

static void
norm_backward_kernel (float *restrict d, float *restrict d_bias, const float *restrict x,
                      const float *restrict along, const float *restrict across,
                      const float *restrict apart, float slope, gsize rows, gsize c)
{
  for (gsize row = 0; row < rows; row++, d += c, x += c)
    for (gsize i = 0; i < c; i++)
      {
        float value = derive (along[i] * d[i] + across[i] * x[i] + apart[i], x[i], slope);

        d[i] = value;
        d_bias[i] += value;
      }
}

static void
dropout_kernel (float *restrict x, guint8 *restrict keep, const RaqamDropoutKey *key,
                guint64 first, float scale, gsize n)
{
  guint32 threshold = key->threshold;
  gsize skip = first % 4;
  guint32 block = (guint32) (first / 4);

  for (gsize done = 0; done < n; skip = 0, block += RAQAM_PHILOX_BLOCKS)
    {
      guint32 words[RAQAM_PHILOX_WORDS];
      gsize count = MIN (n - done, RAQAM_PHILOX_WORDS - skip);

      raqam_philox_words (words, key->seed, key->step, key->stream, block);
      for (gsize i = 0; i < count; i++)
        {
          gboolean kept = words[skip + i] >= threshold;

          x[done + i] = kept ? x[done + i] * scale : 0.0f;
          keep[done + i] = kept;
        }
      done += count;
    }
}

static void
dropout_backward_kernel (float *restrict d, const guint8 *restrict keep, float scale, gsize n)
{
  for (gsize i = 0; i < n; i++)
    d[i] = keep[i] ? d[i] * scale : 0.0f;
}

static void
flush_kernel (double *restrict total, float *restrict partial, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      total[i] += partial[i];
      partial[i] = 0.0f;
    }
}

static void
add_kernel (float *restrict to, const float *restrict from, gsize n)
{
  for (gsize i = 0; i < n; i++)
    to[i] += from[i];
}

static void
add_scaled_kernel (float *restrict to, const float *restrict from, float factor, gsize n)
{
  for (gsize i = 0; i < n; i++)
    to[i] += from[i] * factor;
}

static void
to_bf16_kernel (guint16 *restrict to, const float *restrict from, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      guint32 bits, rounded;

      memcpy (&bits, &from[i], sizeof bits);
      rounded = bits + 0x7FFFu + ((bits >> 16) & 1u);
      to[i] = (guint16) ((bits & 0x7FFFFFFFu) > 0x7F800000u ? (bits >> 16) | 0x40u : rounded >> 16);
    }
}

extern const RaqamHiddenKernels RAQAM_KERNELS (hidden);

const RaqamHiddenKernels RAQAM_KERNELS (hidden) = {
  .bias_activation = bias_activation_kernel,
  .bias_activation_sums = bias_activation_sums_kernel,
  .sums = sums_kernel,
  .scale_shift_activation = scale_shift_activation_kernel,
  .activation_backward = activation_backward_kernel,
  .activation_backward_sums = activation_backward_sums_kernel,
  .norm_sums = norm_sums_kernel,
  .norm_backward = norm_backward_kernel,
  .dropout = dropout_kernel,
  .dropout_backward = dropout_backward_kernel,
  .flush = flush_kernel,
  .add = add_kernel,
  .add_scaled = add_scaled_kernel,
  .to_bf16 = to_bf16_kernel,
};
