/* kernels-hidden.h — loops over the values of a hidden layer.
 * SPDX-License-Identifier: MIT
 *
 * A layer's values are (rows, c): a row is a pixel, its values one a channel.
 * `slope` is LeakyReLU's; 1 is no activation, 0 is ReLU. Sums are added to what
 * is there and are taken in float: callers give few rows at a time (see
 * RAQAM_SUM_ROWS) and add up the results in double. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Rows a call of a summing kernel should have at most, for sums good to 1e-6. */
#define RAQAM_SUM_ROWS 64

typedef struct
{
  guint64 seed;
  guint64 step;
  guint32 stream;
  guint32 threshold; /* raqam_philox_keep_threshold () */
} RaqamDropoutKey;

typedef struct
{
  /* x = activation (x + bias); bias (c) */
  void (*bias_activation) (float *x, const float *bias, float slope, gsize rows, gsize c);

  /* The same, then sum (c) += x - origin and square (c) += (x - origin)² */
  void (*bias_activation_sums) (float *x, float *sum, float *square, const float *bias,
                                const float *origin, float slope, gsize rows, gsize c);

  /* sum (c) += x */
  void (*sums) (float *sum, const float *x, gsize rows, gsize c);

  /* out = activation (x · scale + shift); scale, shift (c); out may be x */
  void (*scale_shift_activation) (float *out, const float *x, const float *scale,
                                  const float *shift, float slope, gsize rows, gsize c);

  /* d = d · activation' (out); d_bias (c) += d */
  void (*activation_backward) (float *d, float *d_bias, const float *out, float slope, gsize rows,
                               gsize c);

  /* d = d · activation' (out); sum (c) += d; product (c) += d · (x - mean) */
  void (*activation_backward_sums) (float *d, float *sum, float *product, const float *out,
                                    const float *x, const float *mean, float slope, gsize rows,
                                    gsize c);

  /* sum (c) += d; product (c) += d · (x - mean) */
  void (*norm_sums) (float *sum, float *product, const float *d, const float *x,
                     const float *mean, gsize rows, gsize c);

  /* d = (along · d + across · x + apart) · activation' (x); d_bias (c) += d */
  void (*norm_backward) (float *d, float *d_bias, const float *x, const float *along,
                         const float *across, const float *apart, float slope, gsize rows,
                         gsize c);

  /* Value i of x is number first + i: kept (keep[i] = 1) where its word is at
   * least the threshold and then times scale, else 0 (keep[i] = 0). */
  void (*dropout) (float *x, guint8 *keep, const RaqamDropoutKey *key, guint64 first, float scale,
                   gsize n);
  /* d = d · keep · scale */
  void (*dropout_backward) (float *d, const guint8 *keep, float scale, gsize n);

  /* total += partial; partial = 0 */
  void (*flush) (double *total, float *partial, gsize n);

  /* to += from */
  void (*add) (float *to, const float *from, gsize n);

  /* to += from · factor */
  void (*add_scaled) (float *to, const float *from, float factor, gsize n);

  /* To bfloat16, nearest, ties to even; NaN stays NaN */
  void (*to_bf16) (guint16 *to, const float *from, gsize n);
} RaqamHiddenKernels;

G_END_DECLS
