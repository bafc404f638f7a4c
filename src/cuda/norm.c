/* norm.c — batch norm of a hidden layer: statistics, coefficients, gradients.
 * SPDX-License-Identifier: MIT */

#include "cuda/norm.h"

#include "cuda/kernels-norm.h"

void
raqam_cuda_norm_init (RaqamCudaNorm *self, const RaqamDevice *device, const RaqamBlockSpec *spec,
                      int batch, gboolean plain)
{
  float slope = spec->activation == RAQAM_ACTIVATION_NONE ? 1.0f : spec->slope;
  gboolean after = spec->norm_place == RAQAM_NORM_AFTER_ACTIVATION;
  int pixels = spec->out_h * spec->out_w;

  *self = (RaqamCudaNorm) {
    .rows = raqam_cuda_rows (batch, pixels, spec->out_c, FALSE),
    .images = raqam_cuda_rows (batch, pixels, spec->out_c, spec->norm == RAQAM_NORM_CLASS),
    .n_tables = spec->norm == RAQAM_NORM_CLASS ? spec->n_classes : 1,
    .bf16 = device->precision == RAQAM_PRECISION_BF16,
    .plain = plain,
    .epsilon = spec->norm_epsilon,
    .inner = after ? slope : 1.0f,
    .outer = after ? 1.0f : slope,
  };
}

void
raqam_cuda_norm_lay_out (RaqamCudaNorm *self, RaqamScratch *scratch, gboolean train)
{
  gsize c = self->rows.padded, tables = self->n_tables;
  gsize partials = 3 * (gsize) self->rows.n_chunks;

  self->mean = raqam_scratch_take (scratch, c, sizeof (float));
  self->inverse = raqam_scratch_take (scratch, c, sizeof (float));
  self->scale = raqam_scratch_take (scratch, tables * c, sizeof (float));
  self->shift = raqam_scratch_take (scratch, tables * c, sizeof (float));
  if (train)
    {
      self->along = raqam_scratch_take (scratch, tables * c, sizeof (float));
      self->across = raqam_scratch_take (scratch, c, sizeof (float));
      self->apart = raqam_scratch_take (scratch, c, sizeof (float));
      self->sums = raqam_scratch_take (scratch, 2 * tables * c, sizeof (double));
      partials = MAX (partials, 2 * (gsize) self->images.n_chunks);
    }
  self->partials = raqam_scratch_take (scratch, partials * c, sizeof (float));
}

void
raqam_cuda_norm_forward (RaqamCudaNorm *self, gpointer out, gpointer y, const RaqamBias *bias,
                         const RaqamDropout *dropout, const guint8 *labels,
                         const RaqamBlock *block, float update)
{
  const RaqamBlockLayout *layout = &block->spec.layout;
  cudaStream_t stream = block->device->stream;

  raqam_cuda_launch_norm_collect (self, y, bias, labels, stream);
  raqam_cuda_launch_norm_use_batch (self, block->params + layout->scale,
                                    block->params + layout->shift, block->state + layout->mean,
                                    block->state + layout->variance, update, stream);
  raqam_cuda_launch_normalise (self, out, y, dropout, labels, stream);
}

void
raqam_cuda_norm_infer (RaqamCudaNorm *self, gpointer out, gconstpointer y, const RaqamBias *bias,
                       const guint8 *labels, const RaqamBlock *block)
{
  const RaqamBlockLayout *layout = &block->spec.layout;

  raqam_cuda_launch_norm_infer (self, out, y, bias, block->params + layout->scale,
                                block->params + layout->shift, block->state + layout->mean,
                                block->state + layout->variance, labels, block->device->stream);
}

void
raqam_cuda_norm_backward (RaqamCudaNorm *self, gpointer d, float *d_bias_partials,
                          float *d_params, gconstpointer d_out, gconstpointer x,
                          const RaqamDropout *dropout, const guint8 *labels,
                          const RaqamBlock *block)
{
  const RaqamBlockLayout *layout = &block->spec.layout;
  cudaStream_t stream = block->device->stream;

  raqam_cuda_launch_norm_collect_backward (self, d_out, x, dropout, labels, stream);
  raqam_cuda_launch_norm_finish_backward (self, d_params == NULL ? NULL : d_params + layout->scale,
                                          d_params == NULL ? NULL : d_params + layout->shift,
                                          block->params + layout->scale, labels, stream);
  raqam_cuda_launch_norm_backward (self, d, d_bias_partials, d_out, x, dropout, labels, stream);
}
