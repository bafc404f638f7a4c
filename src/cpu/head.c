/* head.c — the last block of a discriminator: to one logit an image.
 * SPDX-License-Identifier: MIT
 *
 * Projection is one row of weights a class, w + embedding[class]; without it there
 * is one row for all. Each image's logit is the product of its values, or of its
 * channels' maxima, with its row. */

#include "cpu/device.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "cpu/kernels.h"
#include "cpu/scratch.h"
#include "cpu/spectral.h"

/* Features that are summed at a time, and images between two roundings of the sum. */
#define SLICE 256
#define SLICE_IMAGES 32

typedef struct
{
  RaqamBlock block;
  int        n_pixels, channels;
  int        n_features;
  int        n_rows; /* of the table: 1 without projection */

  /* Set by prepare; all but the table with spectral norm. */
  float *table;     /* (n_rows, n_features) */
  float *w_hat, *v; /* (n_features) */
  float  sigma;
  float *e_hat;     /* (n_rows, n_features) */
  float *e_v;       /* (n_features) */
  float  e_sigma;

  /* Set by forward when pooled: N images', without train one a worker's. */
  float  *max;   /* (N, C) */
  gint32 *where; /* (N, C): the maximum's pixel */

  gpointer memory;
} HeadBlock;

typedef struct
{
  HeadBlock    *self;
  float        *out;
  const float  *in;
  const guint8 *labels;
  float        *d_in;
  const float  *d_out;
  float        *d_params;
} Job;

/* ---- memory ---- */

static gsize
lay_out (HeadBlock *self, char *base)
{
  RaqamScratch scratch = { base, 0 };
  const RaqamBlockSpec *spec = &self->block.spec;
  gsize f = self->n_features, table = self->n_rows * f;
  gsize n = self->block.train ? self->block.batch : raqam_pool_n_workers (self->block.device->pool);

  self->table = raqam_scratch_take (&scratch, table, sizeof (float));
  if (spec->spectral)
    {
      self->w_hat = raqam_scratch_take (&scratch, f, sizeof (float));
      self->v = raqam_scratch_take (&scratch, f, sizeof (float));
      self->e_hat = raqam_scratch_take (&scratch, table, sizeof (float));
      self->e_v = raqam_scratch_take (&scratch, f, sizeof (float));
    }
  if (spec->pool)
    {
      self->max = raqam_scratch_take (&scratch, n * f, sizeof (float));
      self->where = raqam_scratch_take (&scratch, n * f, sizeof (gint32));
    }

  return scratch.used;
}

static void
head_free (RaqamBlock *block)
{
  HeadBlock *self = (HeadBlock *) block;

  free (self->memory);
  g_free (self);
}

/* ---- prepare ---- */

/* Returns: @w, or, with spectral norm, @w over its largest singular value, in @w_hat */
static const float *
normalise (const HeadBlock *self, float *w_hat, float *v, float *u, float *sigma, const float *w,
           int rows, gboolean power)
{
  if (!self->block.spec.spectral)
    return w;

  raqam_cpu_spectral_power (v, u, sigma, w, rows, self->n_features, power);
  for (gsize i = 0; i < (gsize) rows * self->n_features; i++)
    w_hat[i] = w[i] / *sigma;

  return w_hat;
}

static gboolean
head_prepare (RaqamBlock *block, const float *params, float *state, gboolean power,
              GError **error)
{
  HeadBlock *self = (HeadBlock *) block;
  const RaqamBlockLayout *layout = &block->spec.layout;
  const float *w, *embedding = NULL;
  gsize f = self->n_features;

  w = normalise (self, self->w_hat, self->v, state + layout->u, &self->sigma,
                 params + layout->weight, 1, power);
  if (block->spec.labels)
    embedding = normalise (self, self->e_hat, self->e_v, state + layout->embedding_u,
                           &self->e_sigma, params + layout->embedding, self->n_rows, power);

  for (int row = 0; row < self->n_rows; row++)
    for (gsize i = 0; i < f; i++)
      self->table[row * f + i] = w[i] + (embedding == NULL ? 0 : embedding[row * f + i]);

  return TRUE;
}

/* ---- forward ---- */

static const float *
row_of (const HeadBlock *self, const guint8 *labels, int image)
{
  return self->table + (self->block.spec.labels ? labels[image] : 0) * (gsize) self->n_features;
}

static void
forward_share (gpointer data, int worker, int begin, int end)
{
  const Job *job = data;
  HeadBlock *self = job->self;
  const RaqamKernels *kernels = raqam_kernels ();
  const RaqamBlockSpec *spec = &self->block.spec;
  gsize f = self->n_features, size = (gsize) self->n_pixels * self->channels;
  float bias = spec->bias ? self->block.params[spec->layout.bias] : 0;

  for (int i = begin; i < end; i++)
    {
      const float *features = job->in + i * size;

      if (spec->pool)
        {
          gsize slot = (self->block.train ? i : worker) * f;

          kernels->image->pool (self->max + slot, self->where + slot, features, self->n_pixels, f);
          features = self->max + slot;
        }
      job->out[i] = bias + kernels->vector->dot (features, row_of (self, job->labels, i), f);
    }
}

static gboolean
head_forward (RaqamBlock *block, float *out, const float *in, const guint8 *labels,
              const RaqamForward *how, GError **error)
{
  HeadBlock *self = (HeadBlock *) block;
  Job job = { .self = self, .out = out, .in = in, .labels = labels };

  raqam_pool_run (block->device->pool, forward_share, &job, block->batch);
  return TRUE;
}

/* ---- backward ---- */

static void
data_share (gpointer data, int worker, int begin, int end)
{
  const Job *job = data;
  HeadBlock *self = job->self;
  gsize c = self->channels, size = self->n_pixels * c;

  for (int i = begin; i < end; i++)
    {
      const float *row = row_of (self, self->block.labels, i);
      float *d_in = job->d_in + i * size, d = job->d_out[i];

      if (self->block.spec.pool)
        {
          const gint32 *where = self->where + i * c;

          memset (d_in, 0, size * sizeof *d_in);
          for (gsize k = 0; k < c; k++)
            d_in[where[k] * c + k] = d * row[k];
        }
      else
        raqam_kernels ()->vector->scaled (d_in, row, d, size);
    }
}

/* sum (n) = Σ d_out[i] · features[i] over the images of @row. */
static void
sum_slice (double *sum, const Job *job, int row, gsize from, gsize n)
{
  const HeadBlock *self = job->self;
  const RaqamVectorKernels *kernels = raqam_kernels ()->vector;
  const float *features = self->block.spec.pool ? self->max : self->block.in;
  float part[SLICE] = { 0 };
  int n_added = 0;

  memset (sum, 0, n * sizeof *sum);
  for (int i = 0; i < self->block.batch; i++)
    {
      if (self->block.spec.labels && self->block.labels[i] != row)
        continue;

      kernels->add_scaled (part, features + (gsize) i * self->n_features + from, job->d_out[i], n);
      if (++n_added % SLICE_IMAGES == 0)
        {
          kernels->add_to_double (sum, part, n);
          memset (part, 0, sizeof part);
        }
    }
  kernels->add_to_double (sum, part, n);
}

/* A worker has its features to itself, for all images: nothing to add up after. */
static void
params_share (gpointer data, int worker, int begin, int end)
{
  const Job *job = data;
  const HeadBlock *self = job->self;
  const RaqamBlockSpec *spec = &self->block.spec;

  for (int from = begin, n; from < end; from += n)
    {
      double sum[SLICE], total[SLICE] = { 0 };

      n = MIN (SLICE, end - from);
      for (int row = 0; row < self->n_rows; row++)
        {
          float *d_row = job->d_params + spec->layout.embedding + (gsize) row * self->n_features;

          sum_slice (sum, job, row, from, n);
          for (int k = 0; k < n; k++)
            total[k] += sum[k];
          if (spec->labels)
            for (int k = 0; k < n; k++)
              d_row[from + k] = sum[k];
        }
      for (int k = 0; k < n; k++)
        job->d_params[spec->layout.weight + from + k] = total[k];
    }
}

static void
param_gradients (Job *job)
{
  HeadBlock *self = job->self;
  const RaqamBlockSpec *spec = &self->block.spec;
  const RaqamBlockLayout *layout = &spec->layout;
  const float *state = self->block.state;
  double d_bias = 0;

  raqam_pool_run (self->block.device->pool, params_share, job, self->n_features);

  for (int i = 0; i < self->block.batch; i++)
    d_bias += job->d_out[i];
  if (spec->bias)
    job->d_params[layout->bias] = d_bias;

  if (spec->spectral)
    raqam_cpu_spectral_gradient (job->d_params + layout->weight, self->w_hat, state + layout->u,
                                 self->v, self->sigma, 1, self->n_features);
  if (spec->spectral && spec->labels)
    raqam_cpu_spectral_gradient (job->d_params + layout->embedding, self->e_hat,
                                 state + layout->embedding_u, self->e_v, self->e_sigma,
                                 self->n_rows, self->n_features);
}

static gboolean
head_backward (RaqamBlock *block, float *d_in, float *d_params, float *d_out, GError **error)
{
  HeadBlock *self = (HeadBlock *) block;
  Job job = { .self = self, .d_in = d_in, .d_out = d_out, .d_params = d_params };

  g_return_val_if_fail (block->train, FALSE);

  if (d_in != NULL)
    raqam_pool_run (block->device->pool, data_share, &job, block->batch);
  if (d_params != NULL)
    param_gradients (&job);

  return TRUE;
}

/* ---- construction ---- */

static const RaqamBlockClass head_class = {
  .free = head_free,
  .prepare = head_prepare,
  .forward = head_forward,
  .backward = head_backward,
};

RaqamBlock *
raqam_cpu_head_block_new (RaqamDevice *device, const RaqamBlockSpec *spec, int batch,
                          gboolean train, GError **error)
{
  HeadBlock *self;

  g_return_val_if_fail (spec->kind == RAQAM_BLOCK_HEAD, NULL);

  if (spec->norm != RAQAM_NORM_NONE || spec->dropout > 0
      || spec->activation != RAQAM_ACTIVATION_NONE)
    {
      g_set_error_literal (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                           _("The CPU cannot run a last layer of the discriminator with a norm, "
                             "an activation or dropout of its own."));
      return NULL;
    }

  self = g_new0 (HeadBlock, 1);
  self->block = (RaqamBlock) {
    .klass = &head_class, .device = device, .spec = *spec, .batch = batch, .train = train,
  };
  self->n_pixels = spec->in_h * spec->in_w;
  self->channels = spec->in_c;
  self->n_features = spec->pool ? self->channels : self->n_pixels * self->channels;
  self->n_rows = spec->labels ? spec->n_classes : 1;
  self->memory = raqam_cpu_alloc (lay_out (self, NULL), error);
  if (self->memory == NULL)
    {
      head_free (&self->block);
      return NULL;
    }
  lay_out (self, self->memory);

  return &self->block;
}
