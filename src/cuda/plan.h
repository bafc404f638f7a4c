/* plan.h — a convolution of fixed shape, on cuDNN's backend (graph) API.
 * SPDX-License-Identifier: MIT
 *
 * Activations are edges (see edge.h): N, H, W, C, channels padded, bf16 or float.
 * Weights are packed: (out_c, kernel, kernel, in_c) with both channel counts
 * padded, in the edges' type; gradients of weights are packed the same but float.
 * Plans are made by timing cuDNN's engines once for each shape, precision, GPU,
 * driver and cuDNN (plan-cache.h); engines that are not deterministic are left
 * out, and in RAQAM_PRECISION_F32 those that round their factors.
 */

#pragma once

#include "cuda/device.h"

G_BEGIN_DECLS

typedef enum
{
  RAQAM_CONV_FORWARD,          /* (N, out) from (N, in) and weights */
  RAQAM_CONV_BACKWARD_DATA,    /* (N, in) from (N, out) and weights: a transposed convolution */
  RAQAM_CONV_BACKWARD_WEIGHTS, /* weights from (N, in) and (N, out) */
} RaqamConvPass;

/* A convolution from in to out; channels as they count, not padded. A matrix
 * product of (N, in_c) is a convolution with everything else 1. */
typedef struct
{
  int n;
  int in_h, in_w, in_c;
  int out_h, out_w, out_c;
  int kernel;
  int stride;
  int pad; /* above and left; what is needed below and right follows */
} RaqamConvShape;

typedef struct _RaqamConvPlan RaqamConvPlan;

/**
 * raqam_cuda_plan_new:
 *
 * Also reserves the device's workspace. Takes a second or two for a shape that
 * was never planned on this GPU.
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_DEVICE or RAQAM_ERROR_MEMORY
 */
RaqamConvPlan *raqam_cuda_plan_new  (RaqamDevice *device, RaqamConvPass pass,
                                     const RaqamConvShape *shape, GError **error);
void           raqam_cuda_plan_free (RaqamConvPlan *self); /* NULL is allowed */

/* Values of packed weights of @shape. */
gsize raqam_cuda_plan_n_weights (const RaqamConvShape *shape);

/**
 * raqam_cuda_plan_run:
 * @in: (n, in); @out: (n, out); @weights: packed
 *
 * Writes the one of the three that the pass is for, whole, and reads the others.
 * Only starts the work; may be recorded.
 */
gboolean raqam_cuda_plan_run (RaqamConvPlan *self, gpointer in, gpointer out, gpointer weights,
                              GError **error);

G_END_DECLS
