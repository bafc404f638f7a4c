/* hidden.c — the hidden blocks: linear, bias, norm and activation, dropout.
 * SPDX-License-Identifier: MIT
 *
 * cuDNN wants edges that are padded and of the device's type. A side of the block
 * that is such an edge is worked on in place; for one that is not there is a buffer.
 * With norm and training, what was normalised is kept in the buffer of y. */

#include "cuda/device.h"

#include "cuda/kernels-hidden.h"
#include "cuda/linear.h"
#include "cuda/norm.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  RaqamBlock    parent;
  RaqamLinear  *linear;
  RaqamCudaNorm norm;
  gpointer      memory;    /* device memory, what the pointers below point into */
  gboolean      bf16;
  gboolean      plain_in;  /* whether the side is another than cuDNN wants */
  gboolean      plain_out;
  float         slope;     /* 1 for no activation */

  gpointer in;       /* with plain_in */
  gpointer d_in;     /* with plain_in and training */
  gpointer y;        /* with plain_out, or norm and training: the linear part's result */
  gpointer d_y;      /* with plain_out and training */
  float   *partials; /* (chunks, padded): sums of d_y, where the linear part needs them */
} Hidden;

static gboolean
has_norm (const Hidden *self)
{
  return self->parent.spec.norm != RAQAM_NORM_NONE;
}

/* Returns: whether that edge must be converted for cuDNN */
static gboolean
is_plain (const RaqamDevice *device, int c, gboolean inner)
{
  return !inner && (device->precision == RAQAM_PRECISION_BF16 || c != raqam_cuda_padded (c));
}

static gsize
in_rows (const Hidden *self)
{
  return (gsize) self->parent.batch * self->parent.spec.in_h * self->parent.spec.in_w;
}

static RaqamDropout
dropout_of (const Hidden *self, const RaqamForward *how)
{
  float rate = self->parent.spec.dropout;

  if (how->mode != RAQAM_MODE_TRAIN || rate <= 0.0f)
    return (RaqamDropout) { 0 };

  return (RaqamDropout) {
    .pulse = how->pulse,
    .stream = how->stream,
    .threshold = raqam_philox_keep_threshold (rate),
    .scale = 1.0f / (1.0f - rate),
  };
}

static void
finish_forward (Hidden *self, gpointer out, gpointer y, const guint8 *labels,
                const RaqamForward *how)
{
  RaqamBlock *block = &self->parent;
  const RaqamBias *bias = &self->linear->bias;
  RaqamDropout dropout = dropout_of (self, how);

  if (!has_norm (self))
    raqam_cuda_launch_bias_activation (out, self->plain_out, y, self->bf16, bias, self->slope,
                                       &dropout, labels, &self->linear->rows,
                                       block->device->stream);
  else if (how->mode == RAQAM_MODE_TRAIN)
    raqam_cuda_norm_forward (&self->norm, out, y, bias, &dropout, labels, block, how->update);
  else
    raqam_cuda_norm_infer (&self->norm, out, y, bias, labels, block);
}

static gboolean
hidden_forward (RaqamBlock *block, float *out, const float *in, const guint8 *labels,
                const RaqamForward *how, GError **error)
{
  Hidden *self = (Hidden *) block;
  gconstpointer x = self->plain_in ? self->in : (gconstpointer) in;
  gpointer y = self->y != NULL ? self->y : out;

  if (self->plain_in)
    raqam_cuda_launch_pad (self->in, in, in_rows (self), block->spec.in_c, self->bf16,
                           block->device->stream);
  if (!self->linear->klass->forward (self->linear, y, x, error))
    return FALSE;
  finish_forward (self, out, y, labels, how);

  return raqam_cuda_check_launches (_("a layer"), error);
}

/* To the gradient of the linear part's result. */
static void
begin_backward (Hidden *self, gpointer d_y, float *partials, float *d_params, float *d_out)
{
  RaqamBlock *block = &self->parent;
  RaqamDropout dropout = dropout_of (self, &block->how);

  if (has_norm (self))
    raqam_cuda_norm_backward (&self->norm, d_y, partials, d_params, d_out, self->y, &dropout,
                              block->labels, block);
  else
    raqam_cuda_launch_activation_backward (d_y, partials, d_out, block->out, self->plain_out,
                                           self->bf16, self->slope, &dropout,
                                           &self->linear->rows, block->device->stream);
}

static gboolean
backward_data (Hidden *self, float *d_in, gconstpointer d_y, GError **error)
{
  RaqamBlock *block = &self->parent;
  gpointer d_x = self->plain_in ? self->d_in : d_in;

  if (!self->linear->klass->backward (self->linear, d_x, d_y, error))
    return FALSE;
  if (self->plain_in)
    raqam_cuda_launch_unpad (d_in, d_x, in_rows (self), block->spec.in_c, self->bf16,
                             block->device->stream);
  return TRUE;
}

static gboolean
hidden_backward (RaqamBlock *block, float *d_in, float *d_params, float *d_out, GError **error)
{
  Hidden *self = (Hidden *) block;
  RaqamLinear *linear = self->linear;
  gconstpointer x = self->plain_in ? self->in : (gconstpointer) block->in;
  gpointer d_y = self->plain_out ? self->d_y : d_out;
  float *partials = d_params != NULL ? self->partials : NULL;

  begin_backward (self, d_y, partials, d_params, d_out);
  if (d_params != NULL
      && !linear->klass->backward_weights (linear, d_params, x, d_y, block->labels, partials,
                                           error))
    return FALSE;
  if (d_in != NULL && !backward_data (self, d_in, d_y, error))
    return FALSE;

  return raqam_cuda_check_launches (_("the gradient of a layer"), error);
}

static gboolean
hidden_prepare (RaqamBlock *block, const float *params, float *state, gboolean power,
                GError **error)
{
  RaqamLinear *linear = ((Hidden *) block)->linear;

  return linear->klass->prepare (linear, params, state, power, error)
         && raqam_cuda_check_launches (_("the weights of a layer"), error);
}

static void
hidden_free (RaqamBlock *block)
{
  Hidden *self = (Hidden *) block;

  if (self->linear != NULL)
    self->linear->klass->free (self->linear);
  raqam_cuda_free (block->device, self->memory);
  g_free (self);
}

static const RaqamBlockClass hidden_class = {
  .free = hidden_free,
  .prepare = hidden_prepare,
  .forward = hidden_forward,
  .backward = hidden_backward,
};

static gsize
lay_out (Hidden *self)
{
  const RaqamBlock *block = &self->parent;
  RaqamScratch scratch = { self->memory, 0 };
  const RaqamRows *rows = &self->linear->rows;
  gsize size = self->bf16 ? 2 : 4;
  gsize n_in = in_rows (self) * raqam_cuda_padded (block->spec.in_c);
  gsize n_y = (gsize) rows->n * rows->padded;

  if (self->plain_in)
    self->in = raqam_scratch_take (&scratch, n_in, size);
  if (self->plain_in && block->train)
    self->d_in = raqam_scratch_take (&scratch, n_in, size);
  if (self->plain_out || (has_norm (self) && block->train))
    self->y = raqam_scratch_take (&scratch, n_y, size);
  if (self->plain_out && block->train)
    self->d_y = raqam_scratch_take (&scratch, n_y, size);
  if (self->linear->sums_bias && block->train)
    self->partials = raqam_scratch_take (&scratch, (gsize) rows->n_chunks * rows->padded,
                                         sizeof (float));
  self->linear->klass->lay_out (self->linear, &scratch);
  if (has_norm (self))
    raqam_cuda_norm_lay_out (&self->norm, &scratch, block->train);

  return scratch.used;
}

static gboolean
check_spec (const RaqamBlockSpec *spec, GError **error)
{
  gboolean conv = spec->kind == RAQAM_BLOCK_CONV;
  const char *what = NULL;

  if (spec->labels && spec->kind != RAQAM_BLOCK_DENSE)
    what = _("label planes beside more than one input channel");
  else if (spec->activation == RAQAM_ACTIVATION_SIGMOID)
    what = _("a sigmoid with more than one output channel");
  else if (spec->norm != RAQAM_NORM_NONE && spec->norm_place == RAQAM_NORM_OF_INPUT)
    what = _("norm of the input with more than one output channel");
  else if (spec->spectral && !conv)
    what = _("spectral norm of a hidden layer that is not a convolution");

  if (what != NULL)
    g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                 _("The GPU cannot run this recipe: a layer asks for %s."), what);
  return what == NULL;
}

static gboolean
hidden_init (Hidden *self, GError **error)
{
  RaqamBlock *block = &self->parent;
  const RaqamBlockSpec *spec = &block->spec;

  self->linear = spec->kind == RAQAM_BLOCK_DENSE
                     ? raqam_cuda_dense_new (block->device, spec, block->batch, block->train,
                                             error)
                     : raqam_cuda_conv_new (block->device, spec, block->batch, block->train,
                                            error);
  if (self->linear == NULL)
    return FALSE;

  if (has_norm (self))
    raqam_cuda_norm_init (&self->norm, block->device, spec, block->batch, self->plain_out);

  self->memory = raqam_cuda_alloc (block->device, lay_out (self), error);
  if (self->memory == NULL)
    return FALSE;
  lay_out (self);

  return TRUE;
}

RaqamBlock *
raqam_cuda_hidden_block_new (RaqamDevice *device, const RaqamBlockSpec *spec, int batch,
                             gboolean train, GError **error)
{
  Hidden *self;

  if (!check_spec (spec, error))
    return NULL;

  self = g_new0 (Hidden, 1);
  self->parent.klass = &hidden_class;
  self->parent.device = device;
  self->parent.spec = *spec;
  self->parent.batch = batch;
  self->parent.train = train;
  self->bf16 = device->precision == RAQAM_PRECISION_BF16;
  self->plain_in = is_plain (device, spec->in_c, spec->inner_in);
  self->plain_out = is_plain (device, spec->out_c, spec->inner_out);
  self->slope = spec->activation == RAQAM_ACTIVATION_NONE ? 1.0f : spec->slope;

  if (!hidden_init (self, error))
    {
      hidden_free (&self->parent);
      return NULL;
    }

  return &self->parent;
}
