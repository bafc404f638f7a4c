/* conv-plan-private.h — what the two kinds of convolution share.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "cpu/conv-plan.h"

G_BEGIN_DECLS

/* As the functions of conv-plan.h that have these names. */
typedef struct
{
  void     (*free)         (RaqamConvPlan *self);
  gsize    (*weights_size) (const RaqamConvPlan *self);
  gboolean (*same_weights) (const RaqamConvPlan *self, const RaqamConvPlan *other);
  int      (*bind_weights) (RaqamConvPlan *self, gpointer weights);
  int      (*pack)         (RaqamConvPlan *self, int worker, gpointer to, const float *from);
  int      (*unpack)       (RaqamConvPlan *self, int worker, float *to, gconstpointer from);
  int      (*run)          (RaqamConvPlan *self, int worker, float *result, gconstpointer from);
  int      (*run_weights)  (RaqamConvPlan *self, int worker, gpointer result, gconstpointer in,
                            gconstpointer out);
} RaqamConvPlanClass;

struct _RaqamConvPlan
{
  const RaqamConvPlanClass *klass;
  RaqamDevice              *device;
  RaqamConvPass             pass;
  RaqamConvShape            shape;
};

/* conv-dnnl.c: on oneDNN; f32 and bf16. */
RaqamConvPlan *raqam_conv_dnnl_new   (RaqamDevice *device, RaqamConvPass pass,
                                      const RaqamConvShape *shape, GError **error);

/* conv-direct.c and conv-gradient.c: on our own kernels, which must be there; f32. */
RaqamConvPlan *raqam_conv_direct_new   (RaqamDevice *device, RaqamConvPass pass,
                                        const RaqamConvShape *shape, GError **error);
RaqamConvPlan *raqam_conv_gradient_new (RaqamDevice *device, const RaqamConvShape *shape,
                                        GError **error);

G_END_DECLS
