/* image.c — the last block of a generator: to an image of one channel, sigmoid.
 * SPDX-License-Identifier: MIT
 *
 * A transposed convolution to one channel spreads its input over the image (see
 * patches.h); a convolution of stride 1 is the same with its kernel turned round.
 * Norm of the input is folded into the product (see fold.h). */

#include "cuda/device.h"

#include <glib/gi18n-lib.h>

#include "cuda/kernels-fold.h"
#include "cuda/kernels-lift.h"
#include "cuda/kernels-spread.h"
#include "cuda/kernels-sum.h"

typedef struct
{
  RaqamBlock   block;
  RaqamPatches patches; /* big: the image; small: the input */
  RaqamFold    fold;
  float       *sigmoid; /* (N, big) when out is set hard, else NULL: out is the sigmoid */

  gpointer memory;
} ImageBlock;

static gsize
lay_out (ImageBlock *self, char *base)
{
  RaqamScratch scratch = { base, 0 };
  const RaqamBlockSpec *spec = &self->block.spec;
  gsize n = self->block.batch;

  raqam_cuda_fold_lay_out (&self->fold, &scratch, self->block.train);
  if (spec->threshold && self->block.train)
    self->sigmoid = raqam_scratch_take (&scratch, n * spec->out_h * spec->out_w, sizeof (float));

  return scratch.used;
}

static void
image_free (RaqamBlock *block)
{
  ImageBlock *self = (ImageBlock *) block;

  raqam_cuda_free (block->device, self->memory);
  g_free (self);
}

/* ---- forward ---- */

static const float *
tensor (const float *slab, gssize offset)
{
  return offset < 0 ? NULL : slab + offset;
}

static RaqamFoldParams
fold_params (const RaqamBlock *block)
{
  const RaqamBlockLayout *layout = &block->spec.layout;

  return (RaqamFoldParams) {
    .weight = tensor (block->params, layout->weight),
    .scale = tensor (block->params, layout->scale),
    .shift = tensor (block->params, layout->shift),
  };
}

/* With norm the factors hang on the input, or on statistics that other blocks move. */
static gboolean
image_prepare (RaqamBlock *block, const float *params, float *state, gboolean power,
               GError **error)
{
  ImageBlock *self = (ImageBlock *) block;
  RaqamFoldParams tensors = fold_params (block);

  if (!self->fold.norm)
    raqam_cuda_fold_weights (&self->fold, &tensors, NULL, NULL, block->device->stream);

  return raqam_cuda_check_launches (_("the image's weights"), error);
}

static void
fold_norm (ImageBlock *self, const float *in, const RaqamForward *how)
{
  const RaqamBlock *block = &self->block;
  float *mean = block->state + block->spec.layout.mean;
  float *variance = block->state + block->spec.layout.variance;
  RaqamFoldParams params = fold_params (block);
  cudaStream_t stream = block->device->stream;

  if (how->mode == RAQAM_MODE_TRAIN)
    {
      raqam_cuda_fold_use_batch (&self->fold, in, mean, variance, how->update, stream);
      raqam_cuda_fold_weights (&self->fold, &params, NULL, NULL, stream);
    }
  else
    raqam_cuda_fold_weights (&self->fold, &params, mean, variance, stream);
}

static gboolean
image_forward (RaqamBlock *block, float *out, const float *in, const guint8 *labels,
               const RaqamForward *how, GError **error)
{
  ImageBlock *self = (ImageBlock *) block;
  gboolean hard = how->mode == RAQAM_MODE_TRAIN && block->spec.threshold;
  RaqamSpread spread = {
    .shape = self->patches,
    .precision = block->device->precision,
    .n = block->batch,
    .small = in,
    .edge = self->fold.edge,
    .factors = self->fold.factors,
    .constants = self->fold.constants,
    .bias = tensor (block->params, block->spec.layout.bias),
    .big = out,
    .sigmoid = TRUE,
    .hard = hard,
    .soft = hard ? self->sigmoid : NULL,
  };

  if (self->fold.norm)
    fold_norm (self, in, how);
  raqam_cuda_spread (&spread, block->device->stream);

  return raqam_cuda_check_launches (_("the image's forward pass"), error);
}

/* ---- backward ---- */

static void
weight_gradients (ImageBlock *self, const RaqamPlane *plane, float *d_params)
{
  const RaqamBlock *block = &self->block;
  const RaqamBlockLayout *layout = &block->spec.layout;
  RaqamFold *fold = &self->fold;
  cudaStream_t stream = block->device->stream;
  RaqamFoldParams params = fold_params (block);
  RaqamFoldGradients gradients = { 0 };
  RaqamCorrelate correlate = {
    .shape = self->patches,
    .precision = block->device->precision,
    .n = block->batch,
    .plane = *plane,
    .small = block->in,
    .edge = fold->edge,
    .partials = fold->partials,
  };

  if (d_params != NULL)
    gradients = (RaqamFoldGradients) {
      .weight = d_params + layout->weight,
      .bias = block->spec.bias ? d_params + layout->bias : NULL,
      .scale = fold->norm ? d_params + layout->scale : NULL,
      .shift = fold->norm ? d_params + layout->shift : NULL,
    };

  raqam_cuda_correlate (&correlate, stream);
  raqam_cuda_sum_rows (fold->sums, fold->partials, fold->correlation.n_groups,
                       fold->correlation.n_sums, NULL, 1, stream);
  raqam_cuda_fold_gradients (fold, &gradients, &params, stream);
}

static gboolean
image_backward (RaqamBlock *block, float *d_in, float *d_params, float *d_out, GError **error)
{
  ImageBlock *self = (ImageBlock *) block;
  RaqamPlane plane = { d_out, self->sigmoid == NULL ? block->out : self->sigmoid };
  RaqamLift lift = {
    .shape = self->patches,
    .precision = block->device->precision,
    .n = block->batch,
    .plane = plane,
    .factors = self->fold.factors,
    .small = d_in,
    .edge = self->fold.edge,
    .across = self->fold.across,
    .apart = self->fold.apart,
    .x = block->in,
  };

  g_return_val_if_fail (block->train, FALSE);

  if (self->fold.norm || d_params != NULL)
    weight_gradients (self, &plane, d_params);
  if (d_in != NULL)
    raqam_cuda_lift (&lift, block->device->stream);

  return raqam_cuda_check_launches (_("the image's backward pass"), error);
}

/* ---- construction ---- */

static const RaqamBlockClass image_class = {
  .free = image_free,
  .prepare = image_prepare,
  .forward = image_forward,
  .backward = image_backward,
};

/* Returns: what the block cannot do of @spec, or NULL */
static const char *
refusal (const RaqamBlockSpec *spec)
{
  if (spec->kind != RAQAM_BLOCK_CONV && spec->kind != RAQAM_BLOCK_TCONV)
    return _("it must be a convolution or a transposed convolution");
  if (spec->kind == RAQAM_BLOCK_CONV && spec->stride != 1)
    return _("a convolution to an image must have stride 1");
  if (spec->kernel > RAQAM_PATCHES_KERNEL || spec->stride > RAQAM_PATCHES_STRIDE)
    return _("its kernel or stride is too large");
  if (spec->activation != RAQAM_ACTIVATION_SIGMOID)
    return _("its activation must be the sigmoid");
  if (spec->norm == RAQAM_NORM_CLASS)
    return _("its norm cannot be conditional on the class");
  if (spec->norm == RAQAM_NORM_BATCH && spec->norm_place != RAQAM_NORM_OF_INPUT)
    return _("its norm must be that of its input");
  if (spec->labels || spec->spectral || spec->dropout > 0)
    return _("it can have no labels, spectral norm or dropout");

  return NULL;
}

static void
take_shape (ImageBlock *self)
{
  const RaqamBlockSpec *spec = &self->block.spec;
  gboolean conv = spec->kind == RAQAM_BLOCK_CONV;

  self->patches = (RaqamPatches) {
    .big_h = spec->out_h,
    .big_w = spec->out_w,
    .small_h = spec->in_h,
    .small_w = spec->in_w,
    .kernel = spec->kernel,
    .stride = spec->stride,
    .pad = conv ? spec->kernel - 1 - spec->pad : spec->pad,
  };
  raqam_cuda_fold_init (&self->fold, self->block.device, spec, &self->patches, self->block.batch);
}

RaqamBlock *
raqam_cuda_image_block_new (RaqamDevice *device, const RaqamBlockSpec *spec, int batch,
                            gboolean train, GError **error)
{
  const char *reason = refusal (spec);
  ImageBlock *self;

  g_return_val_if_fail (spec->out_c == 1, NULL);

  if (reason != NULL)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                   _("The GPU cannot run a last layer of the generator like this one: %s."),
                   reason);
      return NULL;
    }

  self = g_new0 (ImageBlock, 1);
  self->block = (RaqamBlock) {
    .klass = &image_class, .device = device, .spec = *spec, .batch = batch, .train = train,
  };
  take_shape (self);
  self->memory = raqam_cuda_alloc (device, lay_out (self, NULL), error);
  if (self->memory == NULL)
    {
      image_free (&self->block);
      return NULL;
    }
  lay_out (self, self->memory);

  return &self->block;
}
