/* head.c — the last block of a discriminator: to one logit an image.
 * SPDX-License-Identifier: MIT
 *
 * Projection is one row of weights a class, w + embedding[class]; without it there
 * is one row for all. Each image's logit is the product of its values, or of its
 * channels' maxima, with its row. */

#include "cuda/device.h"

#include <glib/gi18n-lib.h>

#include "cuda/kernels-head.h"
#include "cuda/scratch.h"
#include "cuda/spectral.h"

typedef struct
{
  RaqamBlock     block;
  RaqamHeadShape shape;

  /* Set by prepare. */
  float            *table; /* (n_rows, padded features) */
  RaqamCudaSpectral weight, embedding;
  float            *w_hat; /* (features), with spectral norm: over σ */
  float            *e_hat; /* (n_rows, features), with spectral norm and labels */

  /* Set by forward when pooled, with train. */
  float  *max;   /* (N, padded) */
  gint32 *where; /* (N, padded): the maximum's pixel */

  gpointer memory;
} HeadBlock;

static gsize
lay_out (HeadBlock *self, char *base)
{
  RaqamScratch scratch = { base, 0 };
  const RaqamBlockSpec *spec = &self->block.spec;
  const RaqamHeadShape *shape = &self->shape;
  gsize f = shape->n_features, maxima = (gsize) shape->n * shape->padded, rows = shape->n_rows;

  self->table = raqam_scratch_take (&scratch, rows * raqam_cuda_head_row (shape), sizeof (float));
  if (spec->spectral)
    {
      raqam_cuda_spectral_lay_out (&self->weight, 1, shape->n_features, &scratch);
      self->w_hat = raqam_scratch_take (&scratch, f, sizeof (float));
    }
  if (spec->spectral && spec->labels)
    {
      raqam_cuda_spectral_lay_out (&self->embedding, shape->n_rows, shape->n_features, &scratch);
      self->e_hat = raqam_scratch_take (&scratch, rows * f, sizeof (float));
    }
  if (spec->pool && self->block.train)
    {
      self->max = raqam_scratch_take (&scratch, maxima, sizeof (float));
      self->where = raqam_scratch_take (&scratch, maxima, sizeof (gint32));
    }

  return scratch.used;
}

static void
head_free (RaqamBlock *block)
{
  HeadBlock *self = (HeadBlock *) block;

  raqam_cuda_free (block->device, self->memory);
  g_free (self);
}

static gboolean
head_prepare (RaqamBlock *block, const float *params, float *state, gboolean power,
              GError **error)
{
  HeadBlock *self = (HeadBlock *) block;
  const RaqamBlockSpec *spec = &block->spec;
  const RaqamBlockLayout *layout = &spec->layout;
  const float *weight = params + layout->weight;
  const float *embedding = spec->labels ? params + layout->embedding : NULL;
  cudaStream_t stream = block->device->stream;

  if (spec->spectral)
    {
      raqam_cuda_spectral_power (&self->weight, self->w_hat, state + layout->u, weight, power,
                                 stream);
      weight = self->w_hat;
    }
  if (spec->spectral && spec->labels)
    {
      raqam_cuda_spectral_power (&self->embedding, self->e_hat, state + layout->embedding_u,
                                 embedding, power, stream);
      embedding = self->e_hat;
    }
  raqam_cuda_head_table (self->table, weight, embedding, &self->shape, stream);

  return raqam_cuda_check_launches (_("the weights of the last layer"), error);
}

static gboolean
head_forward (RaqamBlock *block, float *out, const float *in, const guint8 *labels,
              const RaqamForward *how, GError **error)
{
  HeadBlock *self = (HeadBlock *) block;
  const RaqamBlockSpec *spec = &block->spec;
  gboolean training = how->mode == RAQAM_MODE_TRAIN;

  raqam_cuda_head_forward (out, training ? self->max : NULL, self->where, in, self->table,
                           spec->labels ? labels : NULL,
                           spec->bias ? block->params + spec->layout.bias : NULL, &self->shape,
                           block->device->stream);

  return raqam_cuda_check_launches (_("the last layer, forward"), error);
}

static void
weight_gradients (HeadBlock *self, float *d_params, const float *d_out)
{
  const RaqamBlock *block = &self->block;
  const RaqamBlockSpec *spec = &block->spec;
  const RaqamBlockLayout *layout = &spec->layout;
  cudaStream_t stream = block->device->stream;
  gconstpointer features = block->in;

  if (spec->pool)
    features = self->max;
  raqam_cuda_head_gradients (d_params + layout->weight,
                             spec->labels ? d_params + layout->embedding : NULL,
                             spec->bias ? d_params + layout->bias : NULL, features, d_out,
                             spec->labels ? block->labels : NULL, &self->shape, stream);
  if (spec->spectral)
    raqam_cuda_spectral_gradient (&self->weight, d_params + layout->weight,
                                  block->params + layout->weight, stream);
  if (spec->spectral && spec->labels)
    raqam_cuda_spectral_gradient (&self->embedding, d_params + layout->embedding,
                                  block->params + layout->embedding, stream);
}

static gboolean
head_backward (RaqamBlock *block, float *d_in, float *d_params, float *d_out, GError **error)
{
  HeadBlock *self = (HeadBlock *) block;

  g_return_val_if_fail (block->train, FALSE);

  if (d_in != NULL)
    raqam_cuda_head_backward (d_in, d_out, self->where, self->table,
                              block->spec.labels ? block->labels : NULL, &self->shape,
                              block->device->stream);
  if (d_params != NULL)
    weight_gradients (self, d_params, d_out);

  return raqam_cuda_check_launches (_("the last layer, backward"), error);
}

static const RaqamBlockClass head_class = {
  .free = head_free,
  .prepare = head_prepare,
  .forward = head_forward,
  .backward = head_backward,
};

static void
take_shape (HeadBlock *self)
{
  const RaqamBlockSpec *spec = &self->block.spec;
  int n_pixels = spec->in_h * spec->in_w;

  self->shape = (RaqamHeadShape) {
    .edge = raqam_cuda_edge (self->block.device, self->block.batch, spec->in_h, spec->in_w,
                             spec->in_c, spec->inner_in),
    .n = self->block.batch,
    .n_pixels = n_pixels,
    .channels = spec->in_c,
    .padded = raqam_cuda_padded (spec->in_c),
    .n_features = spec->pool ? spec->in_c : n_pixels * spec->in_c,
    .pool = spec->pool,
    .n_rows = spec->labels ? spec->n_classes : 1,
  };
}

RaqamBlock *
raqam_cuda_head_block_new (RaqamDevice *device, const RaqamBlockSpec *spec, int batch,
                           gboolean train, GError **error)
{
  HeadBlock *self;

  g_return_val_if_fail (spec->kind == RAQAM_BLOCK_HEAD, NULL);

  if (spec->norm != RAQAM_NORM_NONE || spec->dropout > 0
      || spec->activation != RAQAM_ACTIVATION_NONE)
    {
      g_set_error_literal (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                           _("The GPU cannot run a last layer of the discriminator with a norm, "
                             "an activation or dropout of its own."));
      return NULL;
    }

  self = g_new0 (HeadBlock, 1);
  self->block = (RaqamBlock) {
    .klass = &head_class, .device = device, .spec = *spec, .batch = batch, .train = train,
  };
  take_shape (self);
  self->memory = raqam_cuda_alloc (device, lay_out (self, NULL), error);
  if (self->memory == NULL)
    {
      head_free (&self->block);
      return NULL;
    }
  lay_out (self, self->memory);

  return &self->block;
}
