/* kernels-vector.h — loops over whole vectors: Adam, averages, products.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  /* RaqamBackend's adam, over n weights */
  void (*adam) (float *weights, float *m, float *v, const float *gradient, gsize n, float rate,
                float beta1, float beta2, float epsilon);

  /* to = decay · to + (1 - decay) · from */
  void (*average) (float *to, const float *from, gsize n, float decay);

  /* Returns: a · b */
  float (*dot) (const float *a, const float *b, gsize n);

  /* to += scale · from */
  void (*add_scaled) (float *to, const float *from, float scale, gsize n);

  /* out = scale · from */
  void (*scaled) (float *out, const float *from, float scale, gsize n);

  /* to += from */
  void (*add_to_double) (double *to, const float *from, gsize n);

  /* out = from / 255 */
  void (*from_bytes) (float *out, const guint8 *from, gsize n);
} RaqamVectorKernels;

G_END_DECLS
