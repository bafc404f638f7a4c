/* input.c — the first block of a discriminator: convolution of an image of one channel.
 * SPDX-License-Identifier: MIT
 *
 * One product of the image's patches with the weights. Label planes are never
 * made: a plane of ones adds to a pixel the sum of those of its weights whose taps
 * fall inside the image, so class and kind of border choose a row of a small table
 * of biases. The gradient of a row is the sum of its pixels' gradients, and that
 * of a plane's weight the sum over the kinds in which its tap is inside. */

#include "cpu/device.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "cpu/border.h"
#include "cpu/dnnl.h"
#include "cpu/kernels.h"
#include "cpu/scratch.h"
#include "cpu/spectral.h"

/* Pixels of the output in a chunk: enough for a product at full speed, few enough
 * to stay in a core's cache. */
#define CHUNK_PIXELS 1568

typedef struct
{
  RaqamBlock   block;
  RaqamPatches patches; /* big: the image; small: the output */
  int          n_taps, n_small, n_big, channels;
  int          chunk;     /* images */
  int          n_classes; /* 1 without labels */
  RaqamBorders borders;   /* told apart with labels only: a bias is the same everywhere */

  /* Set by prepare. */
  float *weights; /* (n_taps, C), over σ */
  float *table;   /* (n_classes, n_kinds, C) */
  float *w_hat;   /* (C, n_taps), with spectral norm */
  float *v;       /* (n_taps) */
  float  sigma;

  /* Set by forward. */
  guint8 *keep; /* (N, out), with dropout; without train one image a worker */

  /* One a worker. */
  float  *taps; /* (n_taps, chunk · n_small) */
  float  *part; /* (n_taps, C) and (n_kinds, C) */
  double *sums; /* (n_taps, C) and (n_classes, n_kinds, C) */
  int     n_sums;
  gsize   taps_pitch, part_pitch, sums_pitch;

  gpointer memory;
} InputBlock;

typedef struct
{
  InputBlock     *self;
  float          *out;
  const float    *in;
  const guint8   *labels;
  gboolean        drop;
  RaqamDropoutKey key;

  float   *d_in;
  float   *d_out;
  gboolean sums;

  int status; /* oneDNN's first failure */
} Job;

/* ---- memory ---- */

static gsize
lay_out (InputBlock *self, char *base)
{
  RaqamScratch scratch = { base, 0 };
  gsize workers = raqam_pool_n_workers (self->block.device->pool);
  gsize c = self->channels, product = self->n_taps * c, table = self->borders.n_kinds * c;
  gboolean train = self->block.train;
  gsize n_kept = train ? (gsize) self->block.batch : workers;

  self->taps_pitch = raqam_scratch_pitch ((gsize) self->n_taps * self->chunk * self->n_small);
  self->part_pitch = raqam_scratch_pitch (train ? product + table : 0);
  self->n_sums = product + self->n_classes * table;
  self->sums_pitch = raqam_scratch_pitch (train ? self->n_sums : 0);

  self->weights = raqam_scratch_take (&scratch, product, sizeof (float));
  self->table = raqam_scratch_take (&scratch, self->n_classes * table, sizeof (float));
  self->w_hat = raqam_scratch_take (&scratch, product, sizeof (float));
  self->v = raqam_scratch_take (&scratch, self->n_taps, sizeof (float));
  self->taps = raqam_scratch_take (&scratch, workers * self->taps_pitch, sizeof (float));
  self->part = raqam_scratch_take (&scratch, workers * self->part_pitch, sizeof (float));
  self->sums = raqam_scratch_take (&scratch, workers * self->sums_pitch, sizeof (double));
  if (self->block.spec.dropout > 0)
    self->keep = raqam_scratch_take (&scratch, n_kept * self->n_small * c, sizeof (guint8));

  return scratch.used;
}

static void
input_free (RaqamBlock *block)
{
  InputBlock *self = (InputBlock *) block;

  raqam_borders_clear (&self->borders);
  free (self->memory);
  g_free (self);
}

/* ---- prepare ---- */

/* A channel's weights: those of the image, then those of each label plane. */
static gsize
row_length (const InputBlock *self)
{
  return (gsize) self->n_taps * (self->block.spec.labels ? 1 + self->n_classes : 1);
}

static void
fill_table (InputBlock *self, const float *weight, const float *bias)
{
  float *to = self->table;

  for (int class = 0; class < self->n_classes; class++)
    for (int kind = 0; kind < self->borders.n_kinds; kind++, to += self->channels)
      for (int c = 0; c < self->channels; c++)
        {
          const float *plane = weight + c * row_length (self) + (gsize) (1 + class) * self->n_taps;
          double sum = bias == NULL ? 0 : bias[c];

          if (self->block.spec.labels)
            for (int t = 0; t < self->n_taps; t++)
              if (raqam_borders_is_inside (&self->borders, kind, t))
                sum += plane[t];
          to[c] = sum;
        }
}

static gboolean
input_prepare (RaqamBlock *block, const float *params, float *state, gboolean power,
               GError **error)
{
  InputBlock *self = (InputBlock *) block;
  const RaqamBlockLayout *layout = &block->spec.layout;
  const float *weight = params + layout->weight;
  int n_taps = self->n_taps, channels = self->channels;

  self->sigma = 1;
  if (block->spec.spectral)
    raqam_cpu_spectral_power (self->v, state + layout->u, &self->sigma, weight, channels, n_taps,
                              power);

  for (int c = 0; c < channels; c++)
    for (int t = 0; t < n_taps; t++)
      {
        self->w_hat[c * n_taps + t] = weight[c * row_length (self) + t] / self->sigma;
        self->weights[t * channels + c] = self->w_hat[c * n_taps + t];
      }
  fill_table (self, weight, block->spec.bias ? params + layout->bias : NULL);

  return TRUE;
}

/* ---- forward ---- */

static void
note (Job *job, int status)
{
  if (status != 0)
    __atomic_store_n (&job->status, status, __ATOMIC_RELAXED);
}

/* LeakyReLU's slope in the kernels' sense: 1 is no activation. */
static float
slope (const InputBlock *self)
{
  return self->block.spec.activation == RAQAM_ACTIVATION_NONE ? 1 : self->block.spec.slope;
}

static gsize
class_of (const InputBlock *self, const guint8 *labels, int image)
{
  return self->block.spec.labels ? labels[image] : 0;
}

static void
gather_images (const InputBlock *self, float *taps, const float *in, int i, int n)
{
  for (int j = 0; j < n; j++)
    raqam_kernels ()->image->gather (taps + (gsize) j * self->n_small, (gsize) n * self->n_small,
                                     in + (gsize) (i + j) * self->n_big, &self->patches);
}

static void
finish_image (Job *job, int worker, int i)
{
  InputBlock *self = job->self;
  const RaqamHiddenKernels *kernels = raqam_kernels ()->hidden;
  gsize c = self->channels, size = self->n_small * c;
  float *out = job->out + i * size;
  const float *table = self->table + class_of (self, job->labels, i) * self->borders.n_kinds * c;

  for (int r = 0; r < self->borders.n_runs; r++)
    {
      const RaqamRun *run = &self->borders.runs[r];

      kernels->bias_activation (out + run->begin * c, table + run->kind * c, slope (self), run->n,
                                c);
    }

  if (job->drop)
    kernels->dropout (out, self->keep + (self->block.train ? i : worker) * size, &job->key,
                      i * size, 1 / (1 - self->block.spec.dropout), size);
}

static void
forward_share (gpointer data, int worker, int begin, int end)
{
  Job *job = data;
  InputBlock *self = job->self;
  gsize c = self->channels;
  float *taps = self->taps + worker * self->taps_pitch;

  for (int i = begin, n; i < end; i += n)
    {
      gsize columns;

      n = MIN (self->chunk, end - i);
      columns = (gsize) n * self->n_small;
      gather_images (self, taps, job->in, i, n);
      note (job, raqam_sgemm (TRUE, FALSE, columns, c, self->n_taps, taps, columns, self->weights,
                              c, 0, job->out + (gsize) i * self->n_small * c, c));
      for (int j = i; j < i + n; j++)
        finish_image (job, worker, j);
    }
}

static gboolean
input_forward (RaqamBlock *block, float *out, const float *in, const guint8 *labels,
               const RaqamForward *how, GError **error)
{
  InputBlock *self = (InputBlock *) block;
  gboolean training = how->mode == RAQAM_MODE_TRAIN;
  Job job = { .self = self, .out = out, .in = in, .labels = labels,
              .drop = training && block->spec.dropout > 0 };

  if (job.drop)
    job.key = (RaqamDropoutKey) { how->pulse->seed, how->pulse->step, how->stream,
                                  raqam_philox_keep_threshold (block->spec.dropout) };

  raqam_pool_run (block->device->pool, forward_share, &job, block->batch);
  return raqam_dnnl_check (job.status, _("the image's first layer, forward"), error);
}

/* ---- backward ---- */

/* Down to the product's gradient, in place; its sums by kind into @sums. */
static void
start_image (Job *job, float *part, double *sums, int i)
{
  InputBlock *self = job->self;
  const RaqamKernels *kernels = raqam_kernels ();
  gsize c = self->channels, size = self->n_small * c, table = self->borders.n_kinds * c;
  float *d = job->d_out + i * size;
  const float *out = self->block.out + i * size;

  memset (part, 0, table * sizeof *part);
  if (self->block.spec.dropout > 0)
    kernels->hidden->dropout_backward (d, self->keep + i * size,
                                       1 / (1 - self->block.spec.dropout), size);
  for (int r = 0; r < self->borders.n_runs; r++)
    {
      const RaqamRun *run = &self->borders.runs[r];

      kernels->hidden->activation_backward (d + run->begin * c, part + run->kind * c,
                                            out + run->begin * c, slope (self), run->n, c);
    }
  if (job->sums)
    kernels->vector->add_to_double (sums + class_of (self, self->block.labels, i) * table, part,
                                    table);
}

static void
image_gradients (Job *job, float *taps, int i, int n)
{
  InputBlock *self = job->self;
  gsize c = self->channels, columns = (gsize) n * self->n_small;

  note (job, raqam_sgemm (FALSE, TRUE, self->n_taps, columns, c, self->weights, c,
                          job->d_out + (gsize) i * self->n_small * c, c, 0, taps, columns));
  memset (job->d_in + (gsize) i * self->n_big, 0, (gsize) n * self->n_big * sizeof *job->d_in);
  for (int j = 0; j < n; j++)
    raqam_kernels ()->image->scatter (job->d_in + (gsize) (i + j) * self->n_big,
                                      taps + (gsize) j * self->n_small, columns, &self->patches);
}

static void
backward_share (gpointer data, int worker, int begin, int end)
{
  Job *job = data;
  InputBlock *self = job->self;
  gsize c = self->channels, product = self->n_taps * c;
  float *taps = self->taps + worker * self->taps_pitch;
  float *part = self->part + worker * self->part_pitch;
  double *sums = self->sums + worker * self->sums_pitch;

  if (job->sums)
    memset (sums, 0, self->n_sums * sizeof *sums);

  for (int i = begin, n; i < end; i += n)
    {
      gsize columns;

      n = MIN (self->chunk, end - i);
      columns = (gsize) n * self->n_small;
      for (int j = i; j < i + n; j++)
        start_image (job, part + product, sums + product, j);

      if (job->sums)
        {
          gather_images (self, taps, self->block.in, i, n);
          note (job, raqam_sgemm (FALSE, FALSE, self->n_taps, c, columns, taps, columns,
                                  job->d_out + (gsize) i * self->n_small * c, c, 0, part, c));
          raqam_kernels ()->vector->add_to_double (sums, part, product);
        }
      if (job->d_in != NULL)
        image_gradients (job, taps, i, n);
    }
}

static void
write_plane_gradients (const InputBlock *self, float *d_weight, const double *sums)
{
  for (int class = 0; class < self->n_classes; class++)
    for (int c = 0; c < self->channels; c++)
      for (int t = 0; t < self->n_taps; t++)
        {
          double sum = 0;

          for (int kind = 0; kind < self->borders.n_kinds; kind++)
            if (raqam_borders_is_inside (&self->borders, kind, t))
              sum += sums[((gsize) class * self->borders.n_kinds + kind) * self->channels + c];
          d_weight[c * row_length (self) + (gsize) (1 + class) * self->n_taps + t] = sum;
        }
}

static void
write_bias_gradient (const InputBlock *self, float *d_bias, const double *sums)
{
  for (int c = 0; c < self->channels; c++)
    {
      double sum = 0;

      for (int row = 0; row < self->n_classes * self->borders.n_kinds; row++)
        sum += sums[row * self->channels + c];
      d_bias[c] = sum;
    }
}

static void
write_gradients (const InputBlock *self, float *d_params)
{
  const RaqamBlockSpec *spec = &self->block.spec;
  float *d_weight = d_params + spec->layout.weight;
  const double *by_kind = self->sums + (gsize) self->n_taps * self->channels;

  for (int c = 0; c < self->channels; c++)
    for (int t = 0; t < self->n_taps; t++)
      d_weight[c * row_length (self) + t] = self->sums[t * self->channels + c];

  if (spec->spectral)
    raqam_cpu_spectral_gradient (d_weight, self->w_hat, self->block.state + spec->layout.u,
                                 self->v, self->sigma, self->channels, self->n_taps);
  if (spec->labels)
    write_plane_gradients (self, d_weight, by_kind);
  if (spec->bias)
    write_bias_gradient (self, d_params + spec->layout.bias, by_kind);
}

static gboolean
input_backward (RaqamBlock *block, float *d_in, float *d_params, float *d_out, GError **error)
{
  InputBlock *self = (InputBlock *) block;
  Job job = { .self = self, .d_in = d_in, .d_out = d_out, .sums = d_params != NULL };

  g_return_val_if_fail (block->train, FALSE);

  raqam_pool_run (block->device->pool, backward_share, &job, block->batch);
  if (d_params != NULL)
    {
      raqam_cpu_sum_workers (self->sums, self->sums_pitch, self->n_sums, block->device->pool);
      write_gradients (self, d_params);
    }

  return raqam_dnnl_check (job.status, _("the image's first layer, backward"), error);
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

  return NULL;
}

static void
take_shape (InputBlock *self)
{
  const RaqamBlockSpec *spec = &self->block.spec;

  self->patches = (RaqamPatches) {
    .big_h = spec->in_h,
    .big_w = spec->in_w,
    .small_h = spec->out_h,
    .small_w = spec->out_w,
    .kernel = spec->kernel,
    .stride = spec->stride,
    .pad = spec->pad,
  };
  self->n_taps = spec->kernel * spec->kernel;
  self->n_small = spec->out_h * spec->out_w;
  self->n_big = spec->in_h * spec->in_w;
  self->channels = spec->out_c;
  self->chunk = CLAMP (CHUNK_PIXELS / self->n_small, 1, self->block.batch);
  self->n_classes = spec->labels ? spec->n_classes : 1;
}

RaqamBlock *
raqam_cpu_input_block_new (RaqamDevice *device, const RaqamBlockSpec *spec, int batch,
                           gboolean train, GError **error)
{
  const char *reason = refusal (spec);
  InputBlock *self;

  g_return_val_if_fail (spec->kind == RAQAM_BLOCK_CONV && spec->in_c == 1, NULL);

  if (reason != NULL)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                   _("The CPU cannot run a first layer of the discriminator like this one: %s."),
                   reason);
      return NULL;
    }

  self = g_new0 (InputBlock, 1);
  self->block = (RaqamBlock) {
    .klass = &input_class, .device = device, .spec = *spec, .batch = batch, .train = train,
  };
  take_shape (self);
  raqam_borders_init (&self->borders, &self->patches, spec->labels);
  self->memory = raqam_cpu_alloc (lay_out (self, NULL), error);
  if (self->memory == NULL)
    {
      input_free (&self->block);
      return NULL;
    }
  lay_out (self, self->memory);

  return &self->block;
}
