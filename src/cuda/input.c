/* input.c — the first block of a discriminator: convolution of an image of one channel.
 * SPDX-License-Identifier: MIT
 *
 * A product of the image's patches with the weights (see patches.h). Label planes are
 * never made: a plane of ones adds to a pixel the sum of those of its weights whose
 * taps fall inside the image, so class and kind of border choose a row of a small
 * table of biases. The gradient of a row is the sum of its pixels' gradients, and that
 * of a plane's weight the sum over the kinds in which its tap is inside. */

#include "cuda/device.h"

#include <glib/gi18n-lib.h>

#include "cuda/kernels-correlate.h"
#include "cuda/kernels-input.h"
#include "cuda/kernels-lift.h"
#include "cuda/kernels-spread.h"
#include "cuda/kernels-sum.h"
#include "cuda/memory.h"
#include "cuda/scratch.h"
#include "cuda/spectral.h"

typedef struct
{
  RaqamBlock      block;
  RaqamPatches    patches; /* big: the image; small: the output */
  RaqamEdge       edge;    /* of the output */
  RaqamInputShape shape;
  RaqamBorders    borders; /* the host's; told apart with labels only */

  /* Set by prepare. */
  gpointer          factors; /* (factor taps, factor channels): the weights, over σ */
  float            *table;   /* (classes, kinds, factor channels) */
  RaqamCudaSpectral spectral;
  float            *normed;  /* (C, n_taps): with spectral norm the weights over σ */

  /* Backward's own. */
  RaqamCorrelation correlation;
  float           *partials;    /* (groups, sums); see kernels-correlate.h */
  double          *sums;        /* those of the partials' rows */
  float           *by_kind;     /* (N, kinds, padded) */
  double          *kind_sums;   /* (classes, kinds, padded) */

  gpointer memory;
} InputBlock;

/* ---- memory ---- */

static gsize
lay_out (InputBlock *self, char *base)
{
  RaqamScratch scratch = { base, 0 };
  const RaqamBlockSpec *spec = &self->block.spec;
  const RaqamCorrelation *correlation = &self->correlation;
  gsize channels = raqam_cuda_factor_channels (spec->out_c);
  gsize padded = raqam_cuda_padded (spec->out_c), kinds = self->borders.n_kinds;
  gsize classes = self->shape.n_classes;
  gpointer borders = raqam_scratch_take (&scratch, raqam_cuda_borders_size (&self->borders),
                                         sizeof (gint32));

  self->shape.borders = raqam_cuda_borders_at (&self->borders, borders);
  self->factors = raqam_scratch_take (&scratch,
                                      raqam_cuda_factor_taps (self->shape.n_taps) * channels,
                                      sizeof (float));
  self->table = raqam_scratch_take (&scratch, classes * kinds * channels, sizeof (float));
  if (spec->spectral)
    {
      raqam_cuda_spectral_lay_out (&self->spectral, spec->out_c, self->shape.n_taps, &scratch);
      self->normed = raqam_scratch_take (&scratch, (gsize) spec->out_c * self->shape.n_taps,
                                         sizeof (float));
    }
  if (self->block.train)
    {
      self->partials = raqam_scratch_take (
        &scratch, (gsize) correlation->n_groups * correlation->n_sums, sizeof (float));
      self->sums = raqam_scratch_take (&scratch, correlation->n_sums, sizeof (double));
      self->by_kind = raqam_scratch_take (&scratch, self->block.batch * kinds * padded,
                                          sizeof (float));
      self->kind_sums = raqam_scratch_take (&scratch, classes * kinds * padded, sizeof (double));
    }

  return scratch.used;
}

static void
input_free (RaqamBlock *block)
{
  InputBlock *self = (InputBlock *) block;

  raqam_cuda_borders_clear (&self->borders);
  raqam_cuda_free (block->device, self->memory);
  g_free (self);
}

/* ---- prepare ---- */

static gboolean
input_prepare (RaqamBlock *block, const float *params, float *state, gboolean power,
               GError **error)
{
  InputBlock *self = (InputBlock *) block;
  const RaqamBlockLayout *layout = &block->spec.layout;
  const float *weight = params + layout->weight;
  cudaStream_t stream = block->device->stream;

  if (block->spec.spectral)
    raqam_cuda_spectral_power (&self->spectral, self->normed, state + layout->u, weight, power,
                               stream);
  raqam_cuda_input_weights (self->factors, self->table,
                            block->spec.spectral ? self->normed : weight, weight,
                            block->spec.bias ? params + layout->bias : NULL, &self->shape, stream);

  return raqam_cuda_check_launches (_("the weights of the image's first layer"), error);
}

/* ---- forward ---- */

/* LeakyReLU's slope in the kernels' sense: 1 is no activation. */
static float
slope (const InputBlock *self)
{
  return self->block.spec.activation == RAQAM_ACTIVATION_NONE ? 1 : self->block.spec.slope;
}

static RaqamDropout
dropout (const InputBlock *self, const RaqamForward *how)
{
  float rate = self->block.spec.dropout;

  if (how->mode != RAQAM_MODE_TRAIN || rate <= 0)
    return (RaqamDropout) { 0 };

  return (RaqamDropout) {
    .pulse = how->pulse,
    .stream = how->stream,
    .threshold = raqam_philox_keep_threshold (rate),
    .scale = 1 / (1 - rate),
  };
}

static gboolean
input_forward (RaqamBlock *block, float *out, const float *in, const guint8 *labels,
               const RaqamForward *how, GError **error)
{
  InputBlock *self = (InputBlock *) block;
  RaqamLift lift = {
    .shape = self->patches,
    .precision = block->device->precision,
    .n = block->batch,
    .plane = { in, NULL },
    .factors = self->factors,
    .small = out,
    .edge = self->edge,
    .table = self->table,
    .kind_of = self->shape.borders.kind_of,
    .n_kinds = self->borders.n_kinds,
    .labels = block->spec.labels ? labels : NULL,
    .slope = slope (self),
    .dropout = dropout (self, how),
  };

  raqam_cuda_lift (&lift, block->device->stream);
  return raqam_cuda_check_launches (_("the image's first layer, forward"), error);
}

/* ---- backward ---- */

static void
weight_gradients (InputBlock *self, float *d_params, const float *d)
{
  const RaqamBlock *block = &self->block;
  const RaqamBlockSpec *spec = &block->spec;
  const RaqamBlockLayout *layout = &spec->layout;
  cudaStream_t stream = block->device->stream;
  int n_kinds = self->borders.n_kinds;
  RaqamCorrelate correlate = {
    .shape = self->patches,
    .precision = block->device->precision,
    .n = block->batch,
    .plane = { block->in, NULL },
    .small = d,
    .edge = self->edge,
    .partials = self->partials,
  };

  raqam_cuda_correlate (&correlate, stream);
  raqam_cuda_sum_rows (self->sums, self->partials, self->correlation.n_groups,
                       self->correlation.n_sums, NULL, 1, stream);
  raqam_cuda_sum_rows (self->kind_sums, self->by_kind, block->batch,
                       n_kinds * raqam_cuda_padded (spec->out_c),
                       spec->labels ? block->labels : NULL, self->shape.n_classes, stream);
  raqam_cuda_input_gradients (d_params + layout->weight,
                              spec->bias ? d_params + layout->bias : NULL, self->sums,
                              self->correlation.channels, self->kind_sums, &self->shape, stream);
  if (spec->spectral)
    raqam_cuda_spectral_gradient (&self->spectral, d_params + layout->weight,
                                  block->params + layout->weight, stream);
}

static gboolean
input_backward (RaqamBlock *block, float *d_in, float *d_params, float *d_out, GError **error)
{
  InputBlock *self = (InputBlock *) block;
  RaqamDropout mask = dropout (self, &block->how);
  RaqamSpread spread = {
    .shape = self->patches,
    .precision = block->device->precision,
    .n = block->batch,
    .small = d_out,
    .edge = self->edge,
    .factors = self->factors,
    .big = d_in,
  };

  g_return_val_if_fail (block->train, FALSE);

  raqam_cuda_input_start_backward (d_out, self->by_kind, block->out, self->edge, block->batch,
                                   &mask, slope (self), &self->shape, block->device->stream);
  if (d_params != NULL)
    weight_gradients (self, d_params, d_out);
  if (d_in != NULL)
    raqam_cuda_spread (&spread, block->device->stream);

  return raqam_cuda_check_launches (_("the image's first layer, backward"), error);
}

/* ---- construction ---- */

static const RaqamBlockClass input_class = {
  .free = input_free,
  .prepare = input_prepare,
  .forward = input_forward,
  .backward = input_backward,
};

/* Returns: what the block cannot do of @spec, or NULL */
static const char *
refusal (const RaqamBlockSpec *spec)
{
  if (spec->norm != RAQAM_NORM_NONE)
    return _("it can have no norm");
  if (spec->activation == RAQAM_ACTIVATION_SIGMOID)
    return _("its activation cannot be the sigmoid");
  if (spec->labels && spec->spectral)
    return _("it cannot have both labels and spectral norm");
  if (spec->kernel > RAQAM_PATCHES_KERNEL || spec->stride > RAQAM_PATCHES_STRIDE)
    return _("its kernel or stride is too large");

  return NULL;
}

static void
take_shape (InputBlock *self)
{
  const RaqamBlockSpec *spec = &self->block.spec;
  const RaqamDevice *device = self->block.device;
  int n = self->block.batch;

  self->patches = (RaqamPatches) {
    .big_h = spec->in_h,
    .big_w = spec->in_w,
    .small_h = spec->out_h,
    .small_w = spec->out_w,
    .kernel = spec->kernel,
    .stride = spec->stride,
    .pad = spec->pad,
  };
  self->edge = raqam_cuda_edge (device, n, spec->out_h, spec->out_w, spec->out_c,
                                spec->inner_out);
  self->shape = (RaqamInputShape) {
    .precision = device->precision,
    .channels = spec->out_c,
    .n_taps = spec->kernel * spec->kernel,
    .n_planes = spec->labels ? 1 + spec->n_classes : 1,
    .n_classes = spec->labels ? spec->n_classes : 1,
  };
  self->correlation = raqam_cuda_correlation (&self->patches, n, spec->out_c);
  raqam_cuda_borders_init (&self->borders, &self->patches, spec->labels);
}

static gboolean
take_memory (InputBlock *self, GError **error)
{
  RaqamDevice *device = self->block.device;

  self->memory = raqam_cuda_alloc (device, lay_out (self, NULL), error);
  if (self->memory == NULL)
    return FALSE;

  lay_out (self, self->memory);
  return raqam_cuda_upload (device, self->shape.borders.kind_of, self->borders.kind_of,
                            raqam_cuda_borders_size (&self->borders) * sizeof (gint32), error);
}

RaqamBlock *
raqam_cuda_input_block_new (RaqamDevice *device, const RaqamBlockSpec *spec, int batch,
                            gboolean train, GError **error)
{
  const char *reason = refusal (spec);
  InputBlock *self;

  g_return_val_if_fail (spec->kind == RAQAM_BLOCK_CONV && spec->in_c == 1, NULL);

  if (reason != NULL)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                   _("The GPU cannot run a first layer of the discriminator like this one: %s."),
                   reason);
      return NULL;
    }

  self = g_new0 (InputBlock, 1);
  self->block = (RaqamBlock) {
    .klass = &input_class, .device = device, .spec = *spec, .batch = batch, .train = train,
  };
  take_shape (self);
  if (!take_memory (self, error))
    {
      input_free (&self->block);
      return NULL;
    }

  return &self->block;
}
