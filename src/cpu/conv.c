/* conv.c — the convolution, or transposed convolution, of a hidden block.
 * SPDX-License-Identifier: MIT
 *
 * A transposed convolution is the data gradient of a plain one whose input has
 * the size of its output; so both are the same three passes with roles swapped.
 * Forward and data gradient go in chunks of a few images, so that what the block
 * does with each value finds it in the cache; the weights' gradient is fastest
 * on all of a worker's images at once. Behind a head that pools nearly all of
 * the output's gradient is 0, and the gradients are sums over a few patches. */

#include "cpu/linear.h"

#include "cpu/conv-plan.h"
#include "cpu/dnnl.h"
#include "cpu/kernels.h"
#include "cpu/scratch.h"
#include "cpu/sparse.h"
#include "cpu/spectral.h"

#include <stdlib.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#define CHUNK 8

/* Layouts of weights differ at most between passes and numbers of images. */
#define MAX_COPIES (2 * CHUNK)

/* The weights in a layout that some plans share. */
typedef struct
{
  RaqamConvPlan *plan; /* the first of them, which packs */
  gpointer       weights;
} Copy;

typedef struct
{
  RaqamLinear  parent;
  char        *memory; /* what the pointers to numbers point into */

  gsize in_size;     /* values an image */
  gsize out_size;
  gsize weight_size;

  /* By number of images; NULL where it does not occur. */
  RaqamConvPlan *forward[CHUNK + 1];
  RaqamConvPlan *backward[CHUNK + 1];
  RaqamConvPlan *gradient[2]; /* of the smaller shares and of the larger */
  int            n_copies;
  Copy           copies[MAX_COPIES];

  const float *weight; /* as forward uses it: in the slab, or normed */
  float       *zeros;  /* (out_c): for bias */
  float       *parts;  /* (workers, weight_size): each worker's gradient */
  char        *packed; /* (workers, packed_size bytes): the same before unpacking */
  gsize        packed_size;
  float       *d_weight; /* in the slab, while finish runs */

  /* CONV with training: for gradients that are mostly 0. */
  float    *channels_last;   /* (weight_size): the weights */
  float    *d_channels_last; /* (workers, weight_size) */
  gboolean *dense;           /* (workers): some chunk of the worker's share was not sparse */

  /* Spectral norm. */
  float *normed; /* (weight_size): weight / sigma */
  float *u;      /* (out_c) */
  float *v;      /* (weight_size / out_c) */
  float  sigma;

  /* bf16 copies, of the whole batch. */
  guint16 *in16;
  guint16 *out16;
} Conv;

typedef struct
{
  Conv *conv;
  int   status; /* atomic */
} Packing;

static gboolean
is_bf16 (const Conv *self)
{
  return self->parent.device->precision == RAQAM_PRECISION_BF16;
}

/* Only a plain convolution stands before a head. */
static gboolean
can_be_sparse (const Conv *self)
{
  return self->parent.train && self->parent.spec->kind == RAQAM_BLOCK_CONV;
}

static gsize
lay_out (Conv *self)
{
  RaqamLinear *linear = &self->parent;
  RaqamScratch scratch = { self->memory, 0 };
  gsize workers = raqam_pool_n_workers (linear->device->pool);
  gsize out_c = linear->spec->out_c, batch = linear->batch;

  self->zeros = raqam_scratch_take (&scratch, out_c, sizeof (float));
  if (linear->train)
    {
      linear->bias_sums = raqam_scratch_take (&scratch, workers * out_c, sizeof (double));
      self->parts = raqam_scratch_take (&scratch, workers * self->weight_size, sizeof (float));
      self->packed = raqam_scratch_take (&scratch, workers, self->packed_size);
      self->dense = raqam_scratch_take (&scratch, workers, sizeof (gboolean));
    }
  if (can_be_sparse (self))
    {
      self->channels_last = raqam_scratch_take (&scratch, self->weight_size, sizeof (float));
      self->d_channels_last
          = raqam_scratch_take (&scratch, workers * self->weight_size, sizeof (float));
    }
  if (linear->spec->spectral)
    {
      self->normed = raqam_scratch_take (&scratch, self->weight_size, sizeof (float));
      self->u = raqam_scratch_take (&scratch, out_c, sizeof (float));
      self->v = raqam_scratch_take (&scratch, self->weight_size / out_c, sizeof (float));
    }
  if (is_bf16 (self))
    {
      self->in16 = raqam_scratch_take (&scratch, batch * self->in_size, sizeof (guint16));
      self->out16 = raqam_scratch_take (&scratch, batch * self->out_size, sizeof (guint16));
    }
  for (int i = 0; i < self->n_copies; i++)
    self->copies[i].weights
        = raqam_scratch_take (&scratch, 1, raqam_conv_plan_weights_size (self->copies[i].plan));

  return scratch.used;
}

static void
conv_free (RaqamLinear *linear)
{
  Conv *self = (Conv *) linear;

  for (int n = 0; n <= CHUNK; n++)
    {
      raqam_conv_plan_free (self->forward[n]);
      raqam_conv_plan_free (self->backward[n]);
    }
  raqam_conv_plan_free (self->gradient[0]);
  raqam_conv_plan_free (self->gradient[1]);
  free (self->memory);
  g_free (self);
}

static RaqamConvShape
shape_of (const Conv *self, int n)
{
  const RaqamBlockSpec *spec = self->parent.spec;
  RaqamConvShape shape = {
    .n = n,
    .in_h = spec->in_h, .in_w = spec->in_w, .in_c = spec->in_c,
    .out_h = spec->out_h, .out_w = spec->out_w, .out_c = spec->out_c,
    .kernel = spec->kernel, .stride = spec->stride, .pad = spec->pad,
  };

  if (spec->kind == RAQAM_BLOCK_TCONV)
    {
      shape.in_h = spec->out_h, shape.in_w = spec->out_w, shape.in_c = spec->out_c;
      shape.out_h = spec->in_h, shape.out_w = spec->in_w, shape.out_c = spec->in_c;
    }

  return shape;
}

/* Whether some worker's share is cut into a chunk of @n images. */
static gboolean
occurs (const Conv *self, int n)
{
  int n_workers = raqam_pool_n_workers (self->parent.device->pool);
  int small = self->parent.batch / n_workers;
  int large = small + (self->parent.batch % n_workers > 0 ? 1 : 0);

  if (n == CHUNK)
    return large >= CHUNK;
  return small % CHUNK == n || large % CHUNK == n;
}

static Copy *
find_copy (Conv *self, RaqamConvPlan *plan)
{
  int i = 0;

  while (i < self->n_copies && !raqam_conv_plan_same_weights (self->copies[i].plan, plan))
    i++;
  return &self->copies[i];
}

/* The largest chunk first: its layout is the one that matters. */
static gboolean
make_plans (Conv *self, RaqamConvPlan **plans, RaqamConvPass pass, GError **error)
{
  for (int n = CHUNK; n > 0; n--)
    {
      RaqamConvShape shape = shape_of (self, n);
      Copy *copy;

      if (!occurs (self, n))
        continue;
      plans[n] = raqam_conv_plan_new (self->parent.device, pass, &shape, error);
      if (plans[n] == NULL)
        return FALSE;

      copy = find_copy (self, plans[n]);
      if (copy->plan == NULL)
        {
          copy->plan = plans[n];
          self->n_copies++;
        }
    }

  return TRUE;
}

static gboolean
make_gradient_plans (Conv *self, GError **error)
{
  int n_workers = raqam_pool_n_workers (self->parent.device->pool);
  int small = self->parent.batch / n_workers;

  for (int i = 0; i < 2; i++)
    {
      RaqamConvShape shape = shape_of (self, small + i);

      if (shape.n == 0 || (i == 1 && self->parent.batch % n_workers == 0))
        continue;
      self->gradient[i] = raqam_conv_plan_new (self->parent.device, RAQAM_CONV_BACKWARD_WEIGHTS,
                                               &shape, error);
      if (self->gradient[i] == NULL)
        return FALSE;
      self->packed_size = MAX (self->packed_size,
                               raqam_conv_plan_weights_size (self->gradient[i]));
    }

  return TRUE;
}

static int
bind_plans (Conv *self, RaqamConvPlan **plans)
{
  int status = 0;

  for (int n = 1; n <= CHUNK && status == 0; n++)
    if (plans[n] != NULL)
      status = raqam_conv_plan_bind_weights (plans[n], find_copy (self, plans[n])->weights);

  return status;
}

static gboolean
conv_init (Conv *self, GError **error)
{
  gboolean transposed = self->parent.spec->kind == RAQAM_BLOCK_TCONV;
  int status;

  if (!make_plans (self, self->forward,
                   transposed ? RAQAM_CONV_BACKWARD_DATA : RAQAM_CONV_FORWARD, error))
    return FALSE;
  if (self->parent.train
      && (!make_plans (self, self->backward,
                       transposed ? RAQAM_CONV_FORWARD : RAQAM_CONV_BACKWARD_DATA, error)
          || !make_gradient_plans (self, error)))
    return FALSE;

  self->memory = raqam_cpu_alloc (lay_out (self), error);
  if (self->memory == NULL)
    return FALSE;
  lay_out (self);

  status = bind_plans (self, self->forward);
  if (status == 0)
    status = bind_plans (self, self->backward);
  return raqam_dnnl_check (status, _("weights of a convolution"), error);
}

static void
make_normed (Conv *self, const float *weight, float *u, gboolean power)
{
  int rows = self->parent.spec->out_c;
  int columns = (int) (self->weight_size / rows);

  raqam_cpu_spectral_power (self->v, u, &self->sigma, weight, rows, columns, power);
  memcpy (self->u, u, rows * sizeof (float));
  for (gsize i = 0; i < self->weight_size; i++)
    self->normed[i] = weight[i] / self->sigma;
}

static void
pack_copies (gpointer data, int worker, int begin, int end)
{
  Packing *packing = data;
  Conv *self = packing->conv;

  for (int i = begin; i < end; i++)
    {
      int status = raqam_conv_plan_pack (self->copies[i].plan, worker, self->copies[i].weights,
                                         self->weight);

      if (status != 0)
        g_atomic_int_set (&packing->status, status);
    }
}

static gboolean
conv_prepare (RaqamLinear *linear, const float *params, float *state, gboolean power,
              GError **error)
{
  Conv *self = (Conv *) linear;
  const RaqamBlockLayout *layout = &linear->spec->layout;
  Packing packing = { self, 0 };

  self->weight = params + layout->weight;
  linear->bias = linear->biased ? params + layout->bias : self->zeros;
  if (linear->spec->spectral)
    {
      make_normed (self, self->weight, state + layout->u, power);
      self->weight = self->normed;
    }
  if (can_be_sparse (self))
    raqam_cpu_sparse_pack (self->channels_last, self->weight, linear->spec);

  raqam_pool_run (linear->device->pool, pack_copies, &packing, self->n_copies);
  return raqam_dnnl_check (packing.status, _("weights of a convolution"), error);
}

/* @from as the plans want it: itself, or its bf16 copy, images @begin to @end of which are made. */
static gconstpointer
narrow (Conv *self, guint16 *copy, const float *from, gsize size, int begin, int end)
{
  if (!is_bf16 (self))
    return from + begin * size;

  raqam_kernels ()->hidden->to_bf16 (copy + begin * size, from + begin * size,
                                     (end - begin) * size);
  return copy + begin * size;
}

static int
conv_forward (RaqamLinear *linear, int worker, float *out, const float *in, int begin, int end)
{
  Conv *self = (Conv *) linear;

  return raqam_conv_plan_run (self->forward[end - begin], worker, out + begin * self->out_size,
                              narrow (self, self->in16, in, self->in_size, begin, end));
}

static int
conv_backward (RaqamLinear *linear, int worker, float *d_in, const float *d_out, int begin,
               int end)
{
  Conv *self = (Conv *) linear;
  int share_begin, share_end;
  gboolean sparse = can_be_sparse (self)
                    && raqam_cpu_is_sparse (d_out + begin * self->out_size,
                                            (end - begin) * self->out_size);
  gconstpointer from = narrow (self, self->out16, d_out, self->out_size, begin, end);

  raqam_pool_share (&share_begin, &share_end, linear->batch, worker,
                    raqam_pool_n_workers (linear->device->pool));
  self->dense[worker] = !sparse || (begin > share_begin && self->dense[worker]);
  if (d_in == NULL)
    return 0;
  if (sparse)
    {
      raqam_cpu_sparse_backward (d_in + begin * self->in_size, d_out + begin * self->out_size,
                                 self->channels_last, linear->spec, end - begin);
      return 0;
    }

  return raqam_conv_plan_run (self->backward[end - begin], worker, d_in + begin * self->in_size,
                              from);
}

static int
conv_backward_weights (RaqamLinear *linear, int worker, const float *in, const float *d_out,
                       int begin, int end)
{
  Conv *self = (Conv *) linear;
  int small = linear->batch / raqam_pool_n_workers (linear->device->pool);
  RaqamConvPlan *plan = self->gradient[end - begin - small];
  gconstpointer first = narrow (self, self->in16, in, self->in_size, begin, end);
  gconstpointer second = is_bf16 (self) ? (gconstpointer) (self->out16 + begin * self->out_size)
                                        : d_out + begin * self->out_size;
  char *packed = self->packed + worker * self->packed_size;
  float *part = self->parts + worker * self->weight_size;
  int status;

  if (!self->dense[worker])
    {
      float *d_channels_last = self->d_channels_last + worker * self->weight_size;

      raqam_cpu_sparse_backward_weights (d_channels_last, in + begin * self->in_size,
                                         d_out + begin * self->out_size, linear->spec,
                                         end - begin);
      raqam_cpu_sparse_unpack (part, d_channels_last, linear->spec);
      return 0;
    }

  if (linear->spec->kind == RAQAM_BLOCK_TCONV)
    status = raqam_conv_plan_run_weights (plan, worker, packed, second, first);
  else
    status = raqam_conv_plan_run_weights (plan, worker, packed, first, second);
  if (status == 0)
    status = raqam_conv_plan_unpack (plan, worker, part, packed);

  return status;
}

static void
add_parts (gpointer data, int worker, int begin, int end)
{
  Conv *self = data;
  int n_parts = MIN (raqam_pool_n_workers (self->parent.device->pool), self->parent.batch);

  memcpy (self->d_weight + begin, self->parts + begin, (end - begin) * sizeof (float));
  for (int part = 1; part < n_parts; part++)
    raqam_kernels ()->hidden->add (self->d_weight + begin,
                                   self->parts + part * self->weight_size + begin, end - begin);
}

/* What is added to a whole channel, norm takes away again: right behind the bias
 * it leaves a gradient of exactly 0, where the sum would be rounding that Adam
 * takes for a direction. */
static void
finish_bias (const RaqamLinear *linear, float *d_bias)
{
  int n_parts = MIN (raqam_pool_n_workers (linear->device->pool), linear->batch);

  if (linear->spec->norm != RAQAM_NORM_NONE
      && linear->spec->norm_place == RAQAM_NORM_BEFORE_ACTIVATION)
    n_parts = 0;

  for (gsize i = 0; i < linear->bias_c; i++)
    {
      double sum = 0.0;

      for (int part = 0; part < n_parts; part++)
        sum += linear->bias_sums[part * linear->bias_c + i];
      d_bias[i] = (float) sum;
    }
}

static gboolean
conv_finish (RaqamLinear *linear, float *d_params, GError **error)
{
  Conv *self = (Conv *) linear;
  const RaqamBlockSpec *spec = linear->spec;

  self->d_weight = d_params + spec->layout.weight;
  raqam_pool_run (linear->device->pool, add_parts, self, (int) self->weight_size);
  if (spec->spectral)
    raqam_cpu_spectral_gradient (self->d_weight, self->normed, self->u, self->v, self->sigma,
                                 spec->out_c, (int) (self->weight_size / spec->out_c));
  if (linear->biased)
    finish_bias (linear, d_params + spec->layout.bias);

  return TRUE;
}

static const RaqamLinearClass conv_class = {
  .free = conv_free,
  .prepare = conv_prepare,
  .forward = conv_forward,
  .backward = conv_backward,
  .backward_weights = conv_backward_weights,
  .finish = conv_finish,
};

RaqamLinear *
raqam_cpu_conv_new (RaqamDevice *device, const RaqamBlockSpec *spec, int batch, gboolean train,
                    GError **error)
{
  Conv *self = g_new0 (Conv, 1);
  RaqamLinear *linear = &self->parent;

  linear->klass = &conv_class;
  linear->device = device;
  linear->spec = spec;
  linear->batch = batch;
  linear->train = train;
  linear->chunk = CHUNK;
  linear->biased = spec->bias;
  linear->n_biases = 1;
  linear->bias_c = spec->out_c;

  self->in_size = (gsize) spec->in_h * spec->in_w * spec->in_c;
  self->out_size = (gsize) spec->out_h * spec->out_w * spec->out_c;
  self->weight_size = (gsize) spec->out_c * spec->in_c * spec->kernel * spec->kernel;

  if (!conv_init (self, error))
    {
      conv_free (linear);
      return NULL;
    }

  return linear;
}
