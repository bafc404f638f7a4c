/* image.c — the last block of a generator: to an image of one channel, sigmoid.
 * SPDX-License-Identifier: MIT
 *
 * A transposed convolution to one channel is one product, (kernel², C) weights by
 * (C, pixels), whose rows are then added onto the image, each where its tap
 * belongs; a convolution of stride 1 is the same with its kernel turned round.
 * oneDNN's own convolutions reach a tenth of that speed with one output channel.
 * Norm of the input is folded into the product: its scale into the weights, its
 * shift into a map that every image starts from (fold.h). */

#include "cpu/device.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "cpu/dnnl.h"
#include "cpu/fold.h"
#include "cpu/kernels.h"
#include "cpu/scratch.h"

/* Pixels of the input in a chunk: enough for a product at full speed, few enough
 * to stay in a core's cache. */
#define CHUNK_PIXELS 1568

typedef struct
{
  RaqamBlock   block;
  RaqamPatches patches; /* big: the image; small: the input */
  int          n_taps, n_small, n_big, channels;
  int          chunk; /* images */

  /* Set by prepare. */
  float *weights; /* (n_taps, C) */
  float *map;     /* (n_big): what the image has before its input counts: bias, norm's shift */

  /* Set by forward. */
  RaqamFold    fold;    /* with norm */
  const float *factors; /* of the product (n_taps, C): the weights, or with norm fold's */
  float       *sigmoid; /* (N, n_big) when out is set hard, else NULL: out is the sigmoid */

  /* Backward's own. */
  double *tap_sums; /* the sum of each tap's patches (n_taps) */

  /* One a worker. */
  float  *taps;      /* (n_taps, chunk · n_small) */
  float  *part;      /* (n_taps, C) or (2, C) */
  double *sums;      /* (n_taps, C) and (n_big), or (2, C) */
  gsize   taps_pitch, part_pitch, sums_pitch;

  gpointer memory;
} ImageBlock;

typedef struct
{
  ImageBlock  *self;
  float       *out;
  const float *in;
  gboolean     hard;

  float   *d_in;
  float   *d_out;
  gboolean first; /* of the passes of backward: d_out is still the image's */
  gboolean sums;  /* add up the product's gradient and the image's */

  int status; /* oneDNN's first failure */
} Job;

/* ---- memory ---- */

static gsize
lay_out (ImageBlock *self, char *base)
{
  RaqamScratch scratch = { base, 0 };
  gsize workers = raqam_pool_n_workers (self->block.device->pool);
  gsize c = self->channels, product = self->n_taps * c, n = self->block.batch;
  gboolean norm = self->block.spec.norm != RAQAM_NORM_NONE, train = self->block.train;

  self->taps_pitch = raqam_scratch_pitch ((gsize) self->n_taps * self->chunk * self->n_small);
  self->part_pitch = raqam_scratch_pitch (MAX (product, 2 * c));
  self->sums_pitch = raqam_scratch_pitch (MAX (train ? product + self->n_big : 0, 2 * c));

  self->weights = raqam_scratch_take (&scratch, product, sizeof (float));
  self->map = raqam_scratch_take (&scratch, self->n_big, sizeof (float));
  if (norm)
    raqam_fold_lay_out (&self->fold, &scratch, &self->block.spec, self->n_taps);
  self->factors = norm ? self->fold.weights : self->weights;
  self->tap_sums = raqam_scratch_take (&scratch, self->n_taps, sizeof (double));
  self->taps = raqam_scratch_take (&scratch, workers * self->taps_pitch, sizeof (float));
  self->part = raqam_scratch_take (&scratch, workers * self->part_pitch, sizeof (float));
  self->sums = raqam_scratch_take (&scratch, workers * self->sums_pitch, sizeof (double));
  if (self->block.spec.threshold && train)
    self->sigmoid = raqam_scratch_take (&scratch, n * self->n_big, sizeof (float));

  return scratch.used;
}

static void
image_free (RaqamBlock *block)
{
  ImageBlock *self = (ImageBlock *) block;

  free (self->memory);
  g_free (self);
}

/* ---- prepare ---- */

/* Where tap @tap of the patches lies in the weights' own kernel. */
static int
weight_tap (const ImageBlock *self, int tap)
{
  return self->block.spec.kind == RAQAM_BLOCK_CONV ? self->n_taps - 1 - tap : tap;
}

static void
fill_map (ImageBlock *self)
{
  const RaqamBlockSpec *spec = &self->block.spec;
  float bias = spec->bias ? self->block.params[spec->layout.bias] : 0;

  for (int i = 0; i < self->n_big; i++)
    self->map[i] = bias;
}

static gboolean
image_prepare (RaqamBlock *block, const float *params, float *state, gboolean power,
               GError **error)
{
  ImageBlock *self = (ImageBlock *) block;
  const float *from = params + block->spec.layout.weight;

  for (int t = 0; t < self->n_taps; t++)
    for (int c = 0; c < self->channels; c++)
      self->weights[t * self->channels + c] = from[c * self->n_taps + weight_tap (self, t)];
  fill_map (self);

  return TRUE;
}

/* ---- norm of the input ---- */

/* Backwards through the batch, like backward's first pass: what follows starts
 * with the images that were used last, which may still be in the cache. */
static void
moments_share (gpointer data, int worker, int begin, int end)
{
  const Job *job = data;
  ImageBlock *self = job->self;
  const RaqamKernels *kernels = raqam_kernels ();
  gsize c = self->channels;
  gsize first = (gsize) begin * self->n_small, row = (gsize) end * self->n_small, n;
  float *part = self->part + worker * self->part_pitch;
  double *sums = self->sums + worker * self->sums_pitch;

  memset (sums, 0, 2 * c * sizeof *sums);
  for (; row > first; row -= n)
    {
      n = MIN (row - first, RAQAM_SUM_ROWS);
      memset (part, 0, 2 * c * sizeof *part);
      kernels->image->moments (part, part + c, job->in + (row - n) * c, job->in, n, c);
      kernels->vector->add_to_double (sums, part, 2 * c);
    }
}

/* Sums are taken from the first pixel's values: a mean far from 0 costs no digits. */
static void
fold_norm (Job *job, const RaqamForward *how)
{
  ImageBlock *self = job->self;
  RaqamBlock *block = &self->block;
  RaqamPool *pool = block->device->pool;

  if (how->mode == RAQAM_MODE_TRAIN)
    {
      raqam_pool_run (pool, moments_share, job, block->batch);
      raqam_cpu_sum_workers (self->sums, self->sums_pitch, 2 * self->channels, pool);
      raqam_fold_use_batch (&self->fold, self->sums, job->in,
                            (double) block->batch * self->n_small, block->state, how->update);
    }
  else
    raqam_fold_use_running (&self->fold, block->state);

  raqam_fold_weights (&self->fold, self->weights, block->params);
  fill_map (self);
  for (int t = 0; t < self->n_taps; t++)
    for (int i = 0; i < self->n_small; i++)
      self->taps[t * self->n_small + i] = self->fold.constants[t];
  raqam_kernels ()->image->scatter (self->map, self->taps, self->n_small, &self->patches);
}

/* ---- forward ---- */

static void
note (Job *job, int status)
{
  if (status != 0)
    __atomic_store_n (&job->status, status, __ATOMIC_RELAXED);
}

/* A NaN stays one. */
static void
set_hard (float *out, const float *sigmoid, gsize n)
{
  for (gsize i = 0; i < n; i++)
    out[i] = sigmoid[i] >= 0.5f ? 1 : sigmoid[i] < 0.5f ? 0 : sigmoid[i];
}

static void
forward_share (gpointer data, int worker, int begin, int end)
{
  Job *job = data;
  ImageBlock *self = job->self;
  const RaqamImageKernels *kernels = raqam_kernels ()->image;
  gsize n_small = self->n_small, n_big = self->n_big, c = self->channels;
  float *taps = self->taps + worker * self->taps_pitch;

  for (int i = begin, n; i < end; i += n)
    {
      gsize columns;

      n = MIN (self->chunk, end - i);
      columns = n * n_small;
      note (job, raqam_sgemm (FALSE, TRUE, self->n_taps, columns, c, self->factors, c,
                              job->in + i * n_small * c, c, 0, taps, columns));

      for (int j = 0; j < n; j++)
        {
          float *out = job->out + (i + j) * n_big;
          float *sigmoid = self->sigmoid == NULL ? out : self->sigmoid + (i + j) * n_big;

          memcpy (sigmoid, self->map, n_big * sizeof *out);
          kernels->scatter (sigmoid, taps + j * n_small, columns, &self->patches);
          kernels->sigmoid (sigmoid, n_big);
          if (job->hard)
            set_hard (out, sigmoid, n_big);
          else if (sigmoid != out)
            memcpy (out, sigmoid, n_big * sizeof *out);
        }
    }
}

static gboolean
image_forward (RaqamBlock *block, float *out, const float *in, const guint8 *labels,
               const RaqamForward *how, GError **error)
{
  ImageBlock *self = (ImageBlock *) block;
  gboolean training = how->mode == RAQAM_MODE_TRAIN;
  Job job = { .self = self, .out = out, .in = in, .hard = training && block->spec.threshold };

  if (block->spec.norm != RAQAM_NORM_NONE)
    fold_norm (&job, how);

  raqam_pool_run (block->device->pool, forward_share, &job, block->batch);
  return raqam_dnnl_check (job.status, _("the image's forward pass"), error);
}

/* ---- backward ---- */

static void
gather_gradient (Job *job, float *taps, double *map, int i, int n)
{
  ImageBlock *self = job->self;
  const RaqamKernels *kernels = raqam_kernels ();
  const float *sigmoid = self->sigmoid == NULL ? self->block.out : self->sigmoid;
  gsize n_big = self->n_big, columns = (gsize) n * self->n_small;

  for (int j = 0; j < n; j++)
    {
      float *d = job->d_out + (i + j) * n_big;

      if (job->first)
        kernels->image->sigmoid_backward (d, sigmoid + (i + j) * n_big, n_big);
      if (job->sums)
        kernels->vector->add_to_double (map, d, n_big);
      kernels->image->gather (taps + j * self->n_small, columns, d, &self->patches);
    }
}

static void
backward_share (gpointer data, int worker, int begin, int end)
{
  Job *job = data;
  ImageBlock *self = job->self;
  const RaqamKernels *kernels = raqam_kernels ();
  gboolean norm = self->block.spec.norm != RAQAM_NORM_NONE;
  gsize n_small = self->n_small, c = self->channels, n_taps = self->n_taps, product = n_taps * c;
  float *taps = self->taps + worker * self->taps_pitch;
  float *part = self->part + worker * self->part_pitch;
  double *sums = self->sums + worker * self->sums_pitch;

  if (job->sums)
    memset (sums, 0, (product + self->n_big) * sizeof *sums);

  for (int done = 0, n; done < end - begin; done += n)
    {
      const float *x;
      gsize i, columns;

      n = MIN (self->chunk, end - begin - done);
      i = job->first ? end - done - n : begin + done;
      x = self->block.in + i * n_small * c;
      columns = n * n_small;
      gather_gradient (job, taps, sums + product, i, n);

      if (job->sums)
        {
          note (job, raqam_sgemm (FALSE, FALSE, n_taps, c, columns, taps, columns, x, c, 0,
                                  part, c));
          kernels->vector->add_to_double (sums, part, product);
        }

      if (job->d_in != NULL)
        {
          float *d_in = job->d_in + i * n_small * c;

          note (job, raqam_sgemm (TRUE, FALSE, columns, c, n_taps, taps, columns, self->factors, c,
                                  0, d_in, c));
          if (norm)
            kernels->image->add_affine (d_in, x, self->fold.across, self->fold.apart, columns, c);
        }
    }
}

/* The sum of a tap's patches, from the sum of the images' gradients. */
static double
tap_sum (const ImageBlock *self, const double *map, int tap)
{
  const RaqamPatches *shape = &self->patches;
  int top = tap / shape->kernel - shape->pad, left = tap % shape->kernel - shape->pad;
  double sum = 0;

  for (int y = top; y < top + shape->small_h * shape->stride; y += shape->stride)
    for (int x = left; x < left + shape->small_w * shape->stride; x += shape->stride)
      if (y >= 0 && y < shape->big_h && x >= 0 && x < shape->big_w)
        sum += map[y * shape->big_w + x];

  return sum;
}

/* From the product's gradient to the weights', in place, and the norm's. */
static void
norm_gradients (ImageBlock *self)
{
  const double *map = self->sums + (gsize) self->n_taps * self->channels;

  for (int t = 0; t < self->n_taps; t++)
    self->tap_sums[t] = tap_sum (self, map, t);
  raqam_fold_gradients (&self->fold, self->sums, self->tap_sums, self->weights,
                        (double) self->block.batch * self->n_small);
}

static void
write_gradients (const ImageBlock *self, float *d_params)
{
  const RaqamBlockLayout *layout = &self->block.spec.layout;
  const double *map = self->sums + (gsize) self->n_taps * self->channels;
  float *d_weight = d_params + layout->weight;
  double d_bias = 0;

  for (int t = 0; t < self->n_taps; t++)
    for (int c = 0; c < self->channels; c++)
      d_weight[c * self->n_taps + weight_tap (self, t)] = self->sums[t * self->channels + c];

  for (int i = 0; i < self->n_big; i++)
    d_bias += map[i];
  if (self->block.spec.bias)
    d_params[layout->bias] = d_bias;

  if (self->block.spec.norm != RAQAM_NORM_NONE)
    {
      memcpy (d_params + layout->scale, self->fold.d_scale, self->channels * sizeof (float));
      memcpy (d_params + layout->shift, self->fold.d_shift, self->channels * sizeof (float));
    }
}

static gboolean
image_backward (RaqamBlock *block, float *d_in, float *d_params, float *d_out, GError **error)
{
  ImageBlock *self = (ImageBlock *) block;
  gboolean norm = block->spec.norm != RAQAM_NORM_NONE;
  Job job = { .self = self, .d_in = norm ? NULL : d_in, .d_out = d_out, .first = TRUE,
              .sums = norm || d_params != NULL };

  g_return_val_if_fail (block->train, FALSE);

  raqam_pool_run (block->device->pool, backward_share, &job, block->batch);
  if (job.sums)
    raqam_cpu_sum_workers (self->sums, self->sums_pitch, self->n_taps * self->channels
                           + self->n_big, block->device->pool);
  if (norm)
    norm_gradients (self);
  if (d_params != NULL)
    write_gradients (self, d_params);

  if (norm && d_in != NULL)
    {
      job.d_in = d_in;
      job.first = job.sums = FALSE;
      raqam_pool_run (block->device->pool, backward_share, &job, block->batch);
    }

  return raqam_dnnl_check (job.status, _("the image's backward pass"), error);
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

  self->patches = (RaqamPatches) {
    .big_h = spec->out_h,
    .big_w = spec->out_w,
    .small_h = spec->in_h,
    .small_w = spec->in_w,
    .kernel = spec->kernel,
    .stride = spec->stride,
    .pad = spec->kind == RAQAM_BLOCK_CONV ? spec->kernel - 1 - spec->pad : spec->pad,
  };
  self->n_taps = spec->kernel * spec->kernel;
  self->n_small = spec->in_h * spec->in_w;
  self->n_big = spec->out_h * spec->out_w;
  self->channels = spec->in_c;
  self->chunk = CLAMP (CHUNK_PIXELS / self->n_small, 1, self->block.batch);
}

RaqamBlock *
raqam_cpu_image_block_new (RaqamDevice *device, const RaqamBlockSpec *spec, int batch,
                           gboolean train, GError **error)
{
  const char *reason = refusal (spec);
  ImageBlock *self;

  g_return_val_if_fail (spec->out_c == 1, NULL);

  if (reason != NULL)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                   _("The CPU cannot run a last layer of the generator like this one: %s."),
                   reason);
      return NULL;
    }

  self = g_new0 (ImageBlock, 1);
  self->block = (RaqamBlock) {
    .klass = &image_class, .device = device, .spec = *spec, .batch = batch, .train = train,
  };
  take_shape (self);
  self->memory = raqam_cpu_alloc (lay_out (self, NULL), error);
  if (self->memory == NULL)
    {
      image_free (&self->block);
      return NULL;
    }
  lay_out (self, self->memory);

  return &self->block;
}
