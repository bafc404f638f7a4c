/* linear.h — the linear part of a hidden block: a matrix or a convolution.
 * SPDX-License-Identifier: MIT
 *
 * What goes in and out is padded and of the device's type (see edge.h), whatever
 * the block's sides are. All only start the work, but for the constructors.
 */

#pragma once

#include "cuda/rows.h"
#include "cuda/scratch.h"

G_BEGIN_DECLS

typedef struct _RaqamLinear RaqamLinear;

typedef struct
{
  void     (*free)    (RaqamLinear *self);
  /* Takes the pieces of the block's memory that it needs. */
  void     (*lay_out) (RaqamLinear *self, RaqamScratch *scratch);
  gboolean (*prepare) (RaqamLinear *self, const float *params, float *state, gboolean power,
                       GError **error);

  /* y = linear (in), without bias. */
  gboolean (*forward) (RaqamLinear *self, gpointer y, gconstpointer in, GError **error);
  /* d_in, from @d_y */
  gboolean (*backward) (RaqamLinear *self, gpointer d_in, gconstpointer d_y, GError **error);
  /* The weights' and the bias's gradients, in the slab @d_params. @partials: the sums of
   * @d_y in each chunk of rows, where sums_bias is set; else NULL */
  gboolean (*backward_weights) (RaqamLinear *self, float *d_params, gconstpointer in,
                                gconstpointer d_y, const guint8 *labels, const float *partials,
                                GError **error);
} RaqamLinearClass;

struct _RaqamLinear
{
  const RaqamLinearClass *klass;
  RaqamDevice            *device;
  const RaqamBlockSpec   *spec; /* the block's */
  int                     batch;
  gboolean                train;

  RaqamRows rows;      /* of y */
  RaqamBias bias;      /* what is to be added to y, set by prepare */
  gboolean  sums_bias; /* whether backward_weights needs partials */
};

/* DENSE */
RaqamLinear *raqam_cuda_dense_new (RaqamDevice *device, const RaqamBlockSpec *spec, int batch,
                                   gboolean train, GError **error);
/* CONV and TCONV */
RaqamLinear *raqam_cuda_conv_new  (RaqamDevice *device, const RaqamBlockSpec *spec, int batch,
                                   gboolean train, GError **error);

G_END_DECLS
