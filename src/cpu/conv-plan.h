/* conv-plan.h — a convolution of fixed shape.
 * SPDX-License-Identifier: MIT
 *
 * Convolution and its two gradients, with activations N, H, W, C and weights in
 * whatever layout is best for each; and the way to and from PyTorch's layout. On
 * our own kernels where the processor has a set of them that beats oneDNN's, and
 * on oneDNN elsewhere and for bf16. Plans are made and freed in the device's thread; run, pack and unpack
 * may be called from every worker at once, each with its own number. A status is
 * oneDNN's: 0 is success.
 */

#pragma once

#include "cpu/device.h"

G_BEGIN_DECLS

typedef enum
{
  RAQAM_CONV_FORWARD,          /* (N, out) from (N, in) and weights */
  RAQAM_CONV_BACKWARD_DATA,    /* (N, in) from (N, out) and weights: a transposed convolution */
  RAQAM_CONV_BACKWARD_WEIGHTS, /* weights from (N, in) and (N, out) */
} RaqamConvPass;

/* A convolution from in to out; weights (out_c, in_c, kernel, kernel). */
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
 * raqam_conv_plan_new:
 *
 * Values are float, but in a device of RAQAM_PRECISION_BF16 what is multiplied
 * (activations and packed weights) is bf16.
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_DEVICE, also where oneDNN has
 *   only its reference code, a thousand times slower than the rest
 */
RaqamConvPlan *raqam_conv_plan_new  (RaqamDevice *device, RaqamConvPass pass,
                                     const RaqamConvShape *shape, GError **error);
void           raqam_conv_plan_free (RaqamConvPlan *self);

/* Bytes of the weights in the plan's own layout. */
gsize    raqam_conv_plan_weights_size (const RaqamConvPlan *self);
/* Whether two plans have the same layout of weights. */
gboolean raqam_conv_plan_same_weights (const RaqamConvPlan *self, const RaqamConvPlan *other);

/**
 * raqam_conv_plan_bind_weights:
 * @weights: in the plan's layout; its address is that of every run from now on
 *
 * For FORWARD and BACKWARD_DATA, once, before the first run.
 */
int raqam_conv_plan_bind_weights (RaqamConvPlan *self, gpointer weights);

/**
 * raqam_conv_plan_pack:
 * @to: FORWARD and BACKWARD_DATA: weights in the plan's layout
 * @from: (out_c, in_c, kernel, kernel)
 */
int raqam_conv_plan_pack   (RaqamConvPlan *self, int worker, gpointer to, const float *from);

/* The way back, of BACKWARD_WEIGHTS' gradient. */
int raqam_conv_plan_unpack (RaqamConvPlan *self, int worker, float *to, gconstpointer from);

/**
 * raqam_conv_plan_run:
 * @result: FORWARD: (n, out); BACKWARD_DATA: (n, in)
 * @from: the other of the two
 *
 * With the bound weights.
 */
int raqam_conv_plan_run (RaqamConvPlan *self, int worker, float *result, gconstpointer from);

/**
 * raqam_conv_plan_run_weights:
 * @result: gradient of the weights in the plan's layout, overwritten
 * @in: (n, in)
 * @out: (n, out), its gradient
 */
int raqam_conv_plan_run_weights (RaqamConvPlan *self, int worker, gpointer result,
                                 gconstpointer in, gconstpointer out);

G_END_DECLS
