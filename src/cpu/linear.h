/* linear.h — the linear part of a hidden block: a matrix or a convolution.
 * SPDX-License-Identifier: MIT
 *
 * forward, backward and backward_weights are called from the workers, each for
 * images @begin to @end of arrays given whole, and return a oneDNN status; the
 * others from the device's thread.
 */

#pragma once

#include "cpu/device.h"

G_BEGIN_DECLS

typedef struct _RaqamLinear RaqamLinear;

typedef struct
{
  void     (*free)    (RaqamLinear *self);
  gboolean (*prepare) (RaqamLinear *self, const float *params, float *state, gboolean power,
                       GError **error);

  /* out = linear (in), without bias; at most chunk images. */
  int (*forward) (RaqamLinear *self, int worker, float *out, const float *in, int begin, int end);
  /* d_in, unless it is NULL; at most chunk images. */
  int (*backward) (RaqamLinear *self, int worker, float *d_in, const float *d_out, int begin,
                   int end);
  /* The worker's part of the weights' gradient, of its whole share, which
   * backward has seen before. */
  int (*backward_weights) (RaqamLinear *self, int worker, const float *in, const float *d_out,
                           int begin, int end);
  /* Adds up the parts and, from bias_sums, the bias's gradient. */
  gboolean (*finish) (RaqamLinear *self, float *d_params, GError **error);
} RaqamLinearClass;

struct _RaqamLinear
{
  const RaqamLinearClass *klass;
  RaqamDevice            *device;
  const RaqamBlockSpec   *spec; /* the block's */
  int                     batch;
  gboolean                train;
  int                     chunk; /* images */

  /* What is to be added to the result: a row of bias_c values a pixel, or one
   * for the whole image; where there are several, the label says which. */
  const float *bias;   /* (n_biases, bias_c), set by prepare */
  gboolean     biased; /* FALSE where all of bias is 0 */
  gsize        n_biases;
  gsize        bias_c;
  double      *bias_sums; /* (workers, n_biases, bias_c): the caller adds gradients */
};

/* DENSE */
RaqamLinear *raqam_cpu_dense_new (RaqamDevice *device, const RaqamBlockSpec *spec, int batch,
                                  gboolean train, GError **error);
/* CONV and TCONV */
RaqamLinear *raqam_cpu_conv_new  (RaqamDevice *device, const RaqamBlockSpec *spec, int batch,
                                  gboolean train, GError **error);

G_END_DECLS
