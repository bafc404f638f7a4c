/* conv-plan.c — a convolution of fixed shape.
 * SPDX-License-Identifier: MIT */

#include "cpu/conv-plan-private.h"

#include "cpu/kernels.h"

RaqamConvPlan *
raqam_conv_plan_new (RaqamDevice *device, RaqamConvPass pass, const RaqamConvShape *shape,
                     GError **error)
{
  if (raqam_kernels ()->conv == NULL || device->precision != RAQAM_PRECISION_F32)
    return raqam_conv_dnnl_new (device, pass, shape, error);
  if (pass == RAQAM_CONV_BACKWARD_WEIGHTS)
    return raqam_conv_gradient_new (device, shape, error);
  return raqam_conv_direct_new (device, pass, shape, error);
}

void
raqam_conv_plan_free (RaqamConvPlan *self)
{
  if (self != NULL)
    self->klass->free (self);
}

gsize
raqam_conv_plan_weights_size (const RaqamConvPlan *self)
{
  return self->klass->weights_size (self);
}

gboolean
raqam_conv_plan_same_weights (const RaqamConvPlan *self, const RaqamConvPlan *other)
{
  return self->klass == other->klass && self->klass->same_weights (self, other);
}

int
raqam_conv_plan_bind_weights (RaqamConvPlan *self, gpointer weights)
{
  return self->klass->bind_weights (self, weights);
}

int
raqam_conv_plan_pack (RaqamConvPlan *self, int worker, gpointer to, const float *from)
{
  return self->klass->pack (self, worker, to, from);
}

int
raqam_conv_plan_unpack (RaqamConvPlan *self, int worker, float *to, gconstpointer from)
{
  return self->klass->unpack (self, worker, to, from);
}

int
raqam_conv_plan_run (RaqamConvPlan *self, int worker, float *result, gconstpointer from)
{
  return self->klass->run (self, worker, result, from);
}

int
raqam_conv_plan_run_weights (RaqamConvPlan *self, int worker, gpointer result, gconstpointer in,
                             gconstpointer out)
{
  return self->klass->run_weights (self, worker, result, in, out);
}
