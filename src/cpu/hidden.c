/* hidden.c — the hidden blocks: linear, bias, norm and activation, dropout.
 * SPDX-License-Identifier: MIT
 *
 * Without norm (or with running statistics) one pass does all of a chunk of
 * images. With the batch's statistics there are two, parted by the sum over the
 * workers: linear and statistics, then norm. Backward the same way round. */

#include "cpu/device.h"

#include "cpu/dnnl.h"
#include "cpu/kernels.h"
#include "cpu/linear.h"
#include "cpu/norm.h"
#include "cpu/scratch.h"

#include <stdlib.h>
#include <string.h>

#include <glib/gi18n-lib.h>

typedef struct
{
  RaqamBlock                parent;
  const RaqamHiddenKernels *kernels;
  RaqamLinear              *linear;
  RaqamCpuNorm             *norm;   /* NULL for none */
  char                     *memory; /* what the pointers below point into */

  gsize  pixels;   /* an image of the output */
  gsize  size;     /* values an image of the output */
  float  slope;    /* 1 for no activation */
  float *kept;     /* (batch, size): what was normalised; NULL for no norm or no training */
  guint8 *keep;    /* (batch, size): the dropout mask; NULL for no dropout */
  float *partials; /* (workers, bias_c) */
} Hidden;

/* One call of forward or backward, for the workers. */
typedef struct
{
  Hidden          *hidden;
  float           *out;    /* backward: NULL */
  const float     *in;
  const guint8    *labels;
  float           *d_in;
  float           *d_out;
  gboolean         wants_weights;
  gboolean         train;
  RaqamDropoutKey  key;
  float            scale;  /* of what dropout keeps */
  int              status; /* atomic: the first failure of oneDNN */
} Job;

static void
note_failure (Job *job, int status)
{
  if (status != 0)
    g_atomic_int_compare_and_exchange (&job->status, 0, status);
}

static gboolean
normalises_after (const Hidden *self)
{
  return self->norm != NULL && self->parent.spec.norm_place == RAQAM_NORM_AFTER_ACTIVATION;
}

/* The activation's slope before the norm, and after it. */
static float
inner_slope (const Hidden *self)
{
  return self->norm == NULL || normalises_after (self) ? self->slope : 1.0f;
}

static float
outer_slope (const Hidden *self)
{
  return self->norm == NULL || normalises_after (self) ? 1.0f : self->slope;
}

static int
table_of (const Job *job, int n_tables, int image)
{
  return n_tables > 1 ? job->labels[image] : 0;
}

static const float *
bias_of (const Job *job, int image)
{
  const RaqamLinear *linear = job->hidden->linear;

  return linear->bias + table_of (job, (int) linear->n_biases, image) * linear->bias_c;
}

static void
drop (const Job *job, int image)
{
  const Hidden *self = job->hidden;
  gsize at = image * self->size;

  if (job->train && self->keep != NULL)
    self->kernels->dropout (job->out + at, self->keep + at, &job->key, at, job->scale, self->size);
}

static void
activate_image (const Job *job, float *x, int image)
{
  const Hidden *self = job->hidden;
  const RaqamLinear *linear = self->linear;

  if (linear->biased || inner_slope (self) != 1.0f)
    self->kernels->bias_activation (x, bias_of (job, image), inner_slope (self),
                                    self->size / linear->bias_c, linear->bias_c);
}

static void
normalise_image (const Job *job, const float *x, int image)
{
  const Hidden *self = job->hidden;
  const RaqamCpuNorm *norm = self->norm;
  gsize table = table_of (job, norm->n_tables, image) * norm->c;

  self->kernels->scale_shift_activation (job->out + image * self->size, x, norm->scale + table,
                                         norm->shift + table, outer_slope (self), self->pixels,
                                         norm->c);
}

static void
collect_image (const Job *job, float *x, int worker, int image)
{
  const Hidden *self = job->hidden;

  if (self->linear->bias_c == self->norm->c)
    {
      raqam_cpu_norm_collect (self->norm, worker, x, bias_of (job, image), inner_slope (self),
                              self->pixels);
      return;
    }

  activate_image (job, x, image);
  raqam_cpu_norm_collect (self->norm, worker, x, self->norm->zeros, 1.0f, self->pixels);
}

/* Linear part and all that does not need the whole batch. */
static void
forward_share (gpointer data, int worker, int begin, int end)
{
  Job *job = data;
  Hidden *self = job->hidden;
  RaqamLinear *linear = self->linear;
  gboolean collects = self->norm != NULL && job->train;
  float *x = collects && self->kept != NULL ? self->kept : job->out;

  if (collects)
    raqam_cpu_norm_begin (self->norm, worker);

  for (int first = begin; first < end; first += linear->chunk)
    {
      int last = MIN (first + linear->chunk, end);

      note_failure (job, linear->klass->forward (linear, worker, x, job->in, first, last));
      for (int image = first; image < last; image++)
        {
          float *values = x + image * self->size;

          if (collects)
            {
              collect_image (job, values, worker, image);
              continue;
            }
          activate_image (job, values, image);
          if (self->norm != NULL)
            normalise_image (job, values, image);
          drop (job, image);
        }
    }
}

static void
normalise_share (gpointer data, int worker, int begin, int end)
{
  Job *job = data;
  Hidden *self = job->hidden;
  const float *x = self->kept != NULL ? self->kept : job->out;

  for (int image = begin; image < end; image++)
    {
      normalise_image (job, x + image * self->size, image);
      drop (job, image);
    }
}

static void
set_dropout (Job *job, const RaqamForward *how)
{
  const RaqamBlockSpec *spec = &job->hidden->parent.spec;

  job->scale = 1.0f / (1.0f - spec->dropout);
  if (!job->train || job->hidden->keep == NULL || job->out == NULL)
    return;

  job->key = (RaqamDropoutKey) {
    .seed = how->pulse->seed,
    .step = how->pulse->step,
    .stream = how->stream,
    .threshold = raqam_philox_keep_threshold (spec->dropout),
  };
}

static gboolean
hidden_forward (RaqamBlock *block, float *out, const float *in, const guint8 *labels,
                const RaqamForward *how, GError **error)
{
  Hidden *self = (Hidden *) block;
  RaqamPool *pool = block->device->pool;
  Job job = {
    .hidden = self,
    .out = out,
    .in = in,
    .labels = labels,
    .train = how->mode == RAQAM_MODE_TRAIN,
  };

  set_dropout (&job, how);
  if (self->norm != NULL && !job.train)
    raqam_cpu_norm_use_running (self->norm, block->params, block->state);

  raqam_pool_run (pool, forward_share, &job, block->batch);
  if (self->norm != NULL && job.train)
    {
      raqam_cpu_norm_use_batch (self->norm, block->params, block->state, how->update);
      raqam_pool_run (pool, normalise_share, &job, block->batch);
    }

  return raqam_dnnl_check (job.status, _("a block's output"), error);
}

static void
undrop (const Job *job, int image)
{
  const Hidden *self = job->hidden;
  gsize at = image * self->size;

  if (self->keep != NULL)
    self->kernels->dropout_backward (job->d_out + at, self->keep + at, job->scale, self->size);
}

/* Sums for the norm's gradient; leaves in d_out the gradient at the norm's end. */
static void
collect_backward_share (gpointer data, int worker, int begin, int end)
{
  Job *job = data;
  Hidden *self = job->hidden;

  raqam_cpu_norm_begin (self->norm, worker);
  for (int image = begin; image < end; image++)
    {
      gsize at = image * self->size;

      undrop (job, image);
      raqam_cpu_norm_collect_backward (self->norm, worker, job->d_out + at,
                                       self->parent.out + at, self->kept + at,
                                       table_of (job, self->norm->n_tables, image), self->pixels);
    }
}

/* From the gradient at the norm's or, without one, the block's end to that of
 * the linear part; adds up the bias's. */
static void
backward_rows (const Job *job, float *d, float *d_bias, int image, gsize row, gsize rows, gsize c)
{
  const Hidden *self = job->hidden;
  const RaqamCpuNorm *norm = self->norm;
  gsize at = image * self->size + row * c;

  if (norm != NULL)
    self->kernels->norm_backward (d, d_bias, self->kept + at,
                                  norm->along + table_of (job, norm->n_tables, image) * norm->c,
                                  norm->across, norm->apart, inner_slope (self), rows, c);
  else
    self->kernels->activation_backward (d, d_bias, self->parent.out + at, self->slope, rows, c);
}

static void
backward_image (const Job *job, int worker, int image)
{
  const Hidden *self = job->hidden;
  const RaqamLinear *linear = self->linear;
  gsize c = linear->bias_c;
  gsize table = table_of (job, (int) linear->n_biases, image);
  float *d = job->d_out + image * self->size;
  float *partial = self->partials + worker * c;
  double *sums = linear->bias_sums + (worker * linear->n_biases + table) * c;

  /* A bias for each value of the image, and norm for each channel: two passes. */
  if (self->norm != NULL && self->norm->c != c)
    {
      backward_rows (job, d, partial, image, 0, self->pixels, self->norm->c);
      memset (partial, 0, c * sizeof (float));
      self->kernels->sums (partial, d, 1, c);
      self->kernels->flush (sums, partial, c);
      return;
    }

  for (gsize row = 0; row < self->size / c; row += RAQAM_SUM_ROWS)
    {
      backward_rows (job, d + row * c, partial, image, row,
                     MIN (RAQAM_SUM_ROWS, self->size / c - row), c);
      self->kernels->flush (sums, partial, c);
    }
}

static void
backward_share (gpointer data, int worker, int begin, int end)
{
  Job *job = data;
  Hidden *self = job->hidden;
  RaqamLinear *linear = self->linear;

  if (begin == end)
    return;

  memset (linear->bias_sums + worker * linear->n_biases * linear->bias_c, 0,
          linear->n_biases * linear->bias_c * sizeof (double));
  for (int first = begin; first < end; first += linear->chunk)
    {
      int last = MIN (first + linear->chunk, end);

      for (int image = first; image < last; image++)
        {
          if (self->norm == NULL)
            undrop (job, image);
          backward_image (job, worker, image);
        }
      note_failure (job, linear->klass->backward (linear, worker, job->d_in, job->d_out, first,
                                                  last));
    }

  if (job->wants_weights)
    note_failure (job, linear->klass->backward_weights (linear, worker, job->in, job->d_out,
                                                        begin, end));
}

static gboolean
hidden_backward (RaqamBlock *block, float *d_in, float *d_params, float *d_out, GError **error)
{
  Hidden *self = (Hidden *) block;
  RaqamPool *pool = block->device->pool;
  Job job = {
    .hidden = self,
    .in = block->in,
    .labels = block->labels,
    .d_in = d_in,
    .d_out = d_out,
    .wants_weights = d_params != NULL,
    .train = TRUE,
  };

  set_dropout (&job, &block->how);
  if (self->norm != NULL)
    {
      raqam_pool_run (pool, collect_backward_share, &job, block->batch);
      raqam_cpu_norm_finish_backward (self->norm, d_params, block->params,
                                      block->batch * self->pixels);
    }
  raqam_pool_run (pool, backward_share, &job, block->batch);

  return raqam_dnnl_check (job.status, _("a block's gradient"), error)
         && (d_params == NULL || self->linear->klass->finish (self->linear, d_params, error));
}

static gboolean
hidden_prepare (RaqamBlock *block, const float *params, float *state, gboolean power,
                GError **error)
{
  RaqamLinear *linear = ((Hidden *) block)->linear;

  return linear->klass->prepare (linear, params, state, power, error);
}

static void
hidden_free (RaqamBlock *block)
{
  Hidden *self = (Hidden *) block;

  if (self->linear != NULL)
    self->linear->klass->free (self->linear);
  raqam_cpu_norm_free (self->norm);
  free (self->memory);
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
  gsize n = block->batch * self->size;

  if (self->norm != NULL && block->train)
    self->kept = raqam_scratch_take (&scratch, n, sizeof (float));
  if (block->spec.dropout > 0.0f)
    self->keep = raqam_scratch_take (&scratch, n, sizeof (guint8));
  self->partials = raqam_scratch_take (&scratch,
                                       raqam_pool_n_workers (block->device->pool)
                                           * self->linear->bias_c,
                                       sizeof (float));
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
                 _("The CPU cannot run this recipe: a layer asks for %s."), what);
  return what == NULL;
}

static gboolean
hidden_init (Hidden *self, GError **error)
{
  RaqamBlock *block = &self->parent;
  const RaqamBlockSpec *spec = &block->spec;
  int n_workers = raqam_pool_n_workers (block->device->pool);

  self->linear = spec->kind == RAQAM_BLOCK_DENSE
                     ? raqam_cpu_dense_new (block->device, spec, block->batch, block->train, error)
                     : raqam_cpu_conv_new (block->device, spec, block->batch, block->train, error);
  if (self->linear == NULL)
    return FALSE;

  if (spec->norm != RAQAM_NORM_NONE)
    {
      self->norm = raqam_cpu_norm_new (spec, n_workers, error);
      if (self->norm == NULL)
        return FALSE;
    }

  self->memory = raqam_cpu_alloc (lay_out (self), error);
  if (self->memory == NULL)
    return FALSE;
  lay_out (self);

  return TRUE;
}

RaqamBlock *
raqam_cpu_hidden_block_new (RaqamDevice *device, const RaqamBlockSpec *spec, int batch,
                            gboolean train, GError **error)
{
  Hidden *self;

  if (!check_spec (spec, error))
    return NULL;

  self = g_new0 (Hidden, 1);
  self->kernels = raqam_kernels ()->hidden;
  self->parent.klass = &hidden_class;
  self->parent.device = device;
  self->parent.spec = *spec;
  self->parent.batch = batch;
  self->parent.train = train;
  self->pixels = (gsize) spec->out_h * spec->out_w;
  self->size = self->pixels * spec->out_c;
  self->slope = spec->activation == RAQAM_ACTIVATION_NONE ? 1.0f : spec->slope;

  if (!hidden_init (self, error))
    {
      hidden_free (&self->parent);
      return NULL;
    }

  return &self->parent;
}
