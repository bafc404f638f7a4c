/* conv.c — the convolution, or transposed convolution, of a hidden block.
 * SPDX-License-Identifier: MIT
 *
 * A transposed convolution is the data gradient of a plain one whose input has
 * the size of its output; so both are the same three passes with roles swapped. */

#include "cuda/linear.h"

#include "cuda/kernels-hidden.h"
#include "cuda/pack.h"
#include "cuda/plan.h"
#include "cuda/spectral.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  RaqamLinear       parent;
  RaqamConvPlan    *forward;
  RaqamConvPlan    *backward; /* this and the next NULL without training */
  RaqamConvPlan    *gradient;
  RaqamPacking      packing;
  const float      *weight;   /* in the slab */
  RaqamCudaSpectral spectral; /* of CONV's matrix (out_c, in_c · kernel²) */

  /* Device memory. */
  gpointer packed;   /* weights of the edges' type */
  float   *d_packed; /* their gradient */
} Conv;

static gboolean
is_transposed (const Conv *self)
{
  return self->parent.spec->kind == RAQAM_BLOCK_TCONV;
}

/* What is added to a whole channel, norm takes away again: right behind the bias
 * it leaves a gradient of exactly 0, where the sum would be rounding that Adam
 * takes for a direction. */
static gboolean
bias_has_gradient (const RaqamBlockSpec *spec)
{
  return spec->norm == RAQAM_NORM_NONE || spec->norm_place != RAQAM_NORM_BEFORE_ACTIVATION;
}

static void
conv_free (RaqamLinear *linear)
{
  Conv *self = (Conv *) linear;

  raqam_cuda_plan_free (self->forward);
  raqam_cuda_plan_free (self->backward);
  raqam_cuda_plan_free (self->gradient);
  g_free (self);
}

static void
conv_lay_out (RaqamLinear *linear, RaqamScratch *scratch)
{
  Conv *self = (Conv *) linear;
  const RaqamBlockSpec *spec = linear->spec;
  gsize n_weights = raqam_cuda_packed_size (&self->packing);

  self->packed = raqam_scratch_take (scratch, n_weights,
                                     linear->device->precision == RAQAM_PRECISION_BF16 ? 2 : 4);
  if (linear->train)
    self->d_packed = raqam_scratch_take (scratch, n_weights, sizeof (float));
  if (spec->spectral)
    raqam_cuda_spectral_lay_out (&self->spectral, spec->out_c,
                                 spec->in_c * spec->kernel * spec->kernel, scratch);
}

static RaqamConvShape
shape_of (const Conv *self)
{
  const RaqamBlockSpec *spec = self->parent.spec;
  RaqamConvShape shape = {
    .n = self->parent.batch,
    .in_h = spec->in_h, .in_w = spec->in_w, .in_c = spec->in_c,
    .out_h = spec->out_h, .out_w = spec->out_w, .out_c = spec->out_c,
    .kernel = spec->kernel, .stride = spec->stride, .pad = spec->pad,
  };

  if (is_transposed (self))
    {
      shape.in_h = spec->out_h, shape.in_w = spec->out_w, shape.in_c = spec->out_c;
      shape.out_h = spec->in_h, shape.out_w = spec->in_w, shape.out_c = spec->in_c;
    }

  return shape;
}

static gboolean
make_plans (Conv *self, GError **error)
{
  RaqamDevice *device = self->parent.device;
  RaqamConvShape shape = shape_of (self);
  RaqamConvPass forward = is_transposed (self) ? RAQAM_CONV_BACKWARD_DATA : RAQAM_CONV_FORWARD;
  RaqamConvPass backward = is_transposed (self) ? RAQAM_CONV_FORWARD : RAQAM_CONV_BACKWARD_DATA;

  self->forward = raqam_cuda_plan_new (device, forward, &shape, error);
  if (self->forward == NULL || !self->parent.train)
    return self->forward != NULL;

  self->backward = raqam_cuda_plan_new (device, backward, &shape, error);
  if (self->backward == NULL)
    return FALSE;

  self->gradient = raqam_cuda_plan_new (device, RAQAM_CONV_BACKWARD_WEIGHTS, &shape, error);
  return self->gradient != NULL;
}

static gboolean
conv_prepare (RaqamLinear *linear, const float *params, float *state, gboolean power,
              GError **error)
{
  Conv *self = (Conv *) linear;
  const RaqamBlockSpec *spec = linear->spec;

  self->weight = params + spec->layout.weight;
  if (spec->bias)
    linear->bias.values = params + spec->layout.bias;
  if (spec->spectral)
    raqam_cuda_spectral_power (&self->spectral, NULL, state + spec->layout.u, self->weight, power,
                               linear->device->stream);

  return raqam_cuda_pack (linear->device, self->packed, self->weight,
                          spec->spectral ? self->spectral.sigma : NULL, &self->packing, error);
}

/* @x: the block's input or its gradient; @y: its output's */
static gboolean
run (const Conv *self, RaqamConvPlan *plan, gconstpointer x, gconstpointer y, gpointer weights,
     GError **error)
{
  gpointer in = (gpointer) (is_transposed (self) ? y : x);
  gpointer out = (gpointer) (is_transposed (self) ? x : y);

  return raqam_cuda_plan_run (plan, in, out, weights, error);
}

static gboolean
conv_forward (RaqamLinear *linear, gpointer y, gconstpointer in, GError **error)
{
  Conv *self = (Conv *) linear;

  return run (self, self->forward, in, y, self->packed, error);
}

static gboolean
conv_backward (RaqamLinear *linear, gpointer d_in, gconstpointer d_y, GError **error)
{
  Conv *self = (Conv *) linear;

  return run (self, self->backward, d_in, d_y, self->packed, error);
}

static gboolean
finish_bias (const RaqamLinear *linear, float *d_bias, const float *partials, GError **error)
{
  cudaStream_t stream = linear->device->stream;

  if (!linear->sums_bias)
    return raqam_cuda_check (cudaMemsetAsync (d_bias, 0, linear->spec->out_c * sizeof (float),
                                              stream),
                             _("the gradient of a layer"), error);

  raqam_cuda_launch_sum_chunks (d_bias, partials, &linear->rows, stream);
  return TRUE;
}

static gboolean
conv_backward_weights (RaqamLinear *linear, float *d_params, gconstpointer in, gconstpointer d_y,
                       const guint8 *labels, const float *partials, GError **error)
{
  Conv *self = (Conv *) linear;
  const RaqamBlockSpec *spec = linear->spec;
  float *d_weight = d_params + spec->layout.weight;

  if (!run (self, self->gradient, in, d_y, self->d_packed, error)
      || !raqam_cuda_unpack (linear->device, d_weight, self->d_packed, &self->packing, error))
    return FALSE;
  if (spec->spectral)
    raqam_cuda_spectral_gradient (&self->spectral, d_weight, self->weight, linear->device->stream);

  return !spec->bias || finish_bias (linear, d_params + spec->layout.bias, partials, error);
}

static const RaqamLinearClass conv_class = {
  .free = conv_free,
  .lay_out = conv_lay_out,
  .prepare = conv_prepare,
  .forward = conv_forward,
  .backward = conv_backward,
  .backward_weights = conv_backward_weights,
};

RaqamLinear *
raqam_cuda_conv_new (RaqamDevice *device, const RaqamBlockSpec *spec, int batch, gboolean train,
                     GError **error)
{
  Conv *self = g_new0 (Conv, 1);
  RaqamLinear *linear = &self->parent;
  gboolean transposed = spec->kind == RAQAM_BLOCK_TCONV;
  int rows = transposed ? spec->in_c : spec->out_c;
  int columns = transposed ? spec->out_c : spec->in_c;

  linear->klass = &conv_class;
  linear->device = device;
  linear->spec = spec;
  linear->batch = batch;
  linear->train = train;
  linear->rows = raqam_cuda_rows (batch, spec->out_h * spec->out_w, spec->out_c, FALSE);
  linear->sums_bias = spec->bias && bias_has_gradient (spec);
  self->packing = (RaqamPacking) {
    .rows = rows,
    .group = rows,
    .in_c = columns,
    .kernel = spec->kernel,
    .pitch = (gsize) columns * spec->kernel * spec->kernel,
  };

  if (!make_plans (self, error))
    {
      conv_free (linear);
      return NULL;
    }

  return linear;
}
