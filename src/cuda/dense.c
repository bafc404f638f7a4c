/* dense.c — a latent vector, and a label, times a matrix.
 * SPDX-License-Identifier: MIT
 *
 * The matrix product is a convolution of one pixel to cuDNN, whose output channels
 * are the values of an image of y, padding among them. The one-hot label only picks
 * a column of the weights: prepare adds the bias to each class's column and keeps
 * the sums as rows, one of which the block adds. Its gradient is the sum of the
 * class's gradients. */

#include "cuda/linear.h"

#include "cuda/kernels-dense.h"
#include "cuda/pack.h"
#include "cuda/plan.h"

/* Up to here a kernel that reads the weights for each image again is faster than
 * cuDNN's ways to a product, which are made for large ones. */
#define FEW_IMAGES 16

typedef struct
{
  RaqamLinear     parent;
  RaqamDenseShape shape;
  RaqamPacking    packing;
  gboolean        biased;
  RaqamConvPlan  *forward;  /* NULL for few images */
  RaqamConvPlan  *gradient; /* NULL without training */

  /* Device memory. */
  gpointer packed;   /* weights without labels, of the edges' type */
  float   *d_packed; /* their gradient */
  float   *biases;   /* (n_tables, pixels, padded) */
  double  *sums;     /* (n_tables, pixels, padded): d_y's */
} Dense;

static void
dense_free (RaqamLinear *linear)
{
  Dense *self = (Dense *) linear;

  raqam_cuda_plan_free (self->forward);
  raqam_cuda_plan_free (self->gradient);
  g_free (self);
}

static void
dense_lay_out (RaqamLinear *linear, RaqamScratch *scratch)
{
  Dense *self = (Dense *) linear;
  gsize n_weights = raqam_cuda_packed_size (&self->packing);
  gsize n_biases = (gsize) self->shape.n_tables * self->shape.pixels * self->shape.padded;

  self->packed = raqam_scratch_take (scratch, n_weights, self->shape.bf16 ? 2 : 4);
  if (self->biased)
    self->biases = raqam_scratch_take (scratch, n_biases, sizeof (float));
  if (linear->train)
    self->d_packed = raqam_scratch_take (scratch, n_weights, sizeof (float));
  if (linear->train && self->biased)
    self->sums = raqam_scratch_take (scratch, n_biases, sizeof (double));
}

static gboolean
dense_prepare (RaqamLinear *linear, const float *params, float *state, gboolean power,
               GError **error)
{
  Dense *self = (Dense *) linear;
  const RaqamBlockLayout *layout = &linear->spec->layout;
  const float *weight = params + layout->weight;

  if (self->biased)
    {
      raqam_cuda_launch_dense_biases (self->biases, weight,
                                      linear->spec->bias ? params + layout->bias : NULL,
                                      &self->shape, linear->device->stream);
      linear->bias = (RaqamBias) {
        .values = self->biases,
        .whole = TRUE,
        .by_label = linear->spec->labels,
      };
    }

  return raqam_cuda_pack (linear->device, self->packed, weight, NULL, &self->packing, error);
}

static gboolean
dense_forward (RaqamLinear *linear, gpointer y, gconstpointer in, GError **error)
{
  Dense *self = (Dense *) linear;

  if (self->forward != NULL)
    return raqam_cuda_plan_run (self->forward, (gpointer) in, y, self->packed, error);

  raqam_cuda_launch_dense_product (y, in, self->packed, &self->shape, linear->device->stream);
  return TRUE;
}

static gboolean
dense_backward (RaqamLinear *linear, gpointer d_in, gconstpointer d_y, GError **error)
{
  Dense *self = (Dense *) linear;

  raqam_cuda_launch_dense_backward (d_in, d_y, self->packed, &self->shape,
                                    linear->device->stream);
  return TRUE;
}

static gboolean
dense_backward_weights (RaqamLinear *linear, float *d_params, gconstpointer in, gconstpointer d_y,
                        const guint8 *labels, const float *partials, GError **error)
{
  Dense *self = (Dense *) linear;
  const RaqamBlockSpec *spec = linear->spec;
  float *d_weight = d_params + spec->layout.weight;

  if (self->biased)
    {
      raqam_cuda_launch_dense_sums (self->sums, d_y, labels, &self->shape,
                                    linear->device->stream);
      raqam_cuda_launch_dense_finish (d_weight,
                                      spec->bias ? d_params + spec->layout.bias : NULL,
                                      self->sums, &self->shape, linear->device->stream);
    }

  return raqam_cuda_plan_run (self->gradient, (gpointer) in, (gpointer) d_y, self->d_packed, error)
         && raqam_cuda_unpack (linear->device, d_weight, self->d_packed, &self->packing, error);
}

static gboolean
make_plans (Dense *self, GError **error)
{
  const RaqamLinear *linear = &self->parent;
  RaqamConvShape shape = {
    .n = linear->batch,
    .in_h = 1, .in_w = 1, .in_c = self->shape.in_c,
    .out_h = 1, .out_w = 1, .out_c = self->shape.pixels * self->shape.padded,
    .kernel = 1, .stride = 1,
  };

  if (linear->batch > FEW_IMAGES)
    {
      self->forward = raqam_cuda_plan_new (linear->device, RAQAM_CONV_FORWARD, &shape, error);
      if (self->forward == NULL)
        return FALSE;
    }
  if (!linear->train)
    return TRUE;

  self->gradient = raqam_cuda_plan_new (linear->device, RAQAM_CONV_BACKWARD_WEIGHTS, &shape, error);
  return self->gradient != NULL;
}

static const RaqamLinearClass dense_class = {
  .free = dense_free,
  .lay_out = dense_lay_out,
  .prepare = dense_prepare,
  .forward = dense_forward,
  .backward = dense_backward,
  .backward_weights = dense_backward_weights,
};

RaqamLinear *
raqam_cuda_dense_new (RaqamDevice *device, const RaqamBlockSpec *spec, int batch, gboolean train,
                      GError **error)
{
  Dense *self = g_new0 (Dense, 1);
  RaqamLinear *linear = &self->parent;
  int pixels = spec->out_h * spec->out_w;

  linear->klass = &dense_class;
  linear->device = device;
  linear->spec = spec;
  linear->batch = batch;
  linear->train = train;
  linear->rows = raqam_cuda_rows (batch, pixels, spec->out_c, FALSE);
  self->biased = spec->bias || spec->labels;

  self->shape = (RaqamDenseShape) {
    .batch = batch,
    .pixels = pixels,
    .c = spec->out_c,
    .padded = raqam_cuda_padded (spec->out_c),
    .in_c = spec->in_c,
    .in_padded = raqam_cuda_padded (spec->in_c),
    .n_tables = spec->labels ? spec->n_classes : 1,
    .pitch = spec->in_c + (spec->labels ? spec->n_classes : 0),
    .labels = spec->labels,
    .bf16 = device->precision == RAQAM_PRECISION_BF16,
  };
  self->packing = (RaqamPacking) {
    .rows = pixels * spec->out_c,
    .group = spec->out_c,
    .in_c = spec->in_c,
    .kernel = 1,
    .pitch = self->shape.pitch,
  };

  if (!make_plans (self, error))
    {
      dense_free (linear);
      return NULL;
    }

  return linear;
}
