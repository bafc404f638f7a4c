/* dense.c — a latent vector, and a label, times a matrix.
 * SPDX-License-Identifier: MIT
 *
 * The one-hot label only picks a column of the weights: prepare adds the bias to
 * each class's column and keeps the sums as rows, and that row is what the block
 * adds. Its gradient is the sum of the class's gradients, which the block makes
 * as it makes a bias's. */

#include "cpu/linear.h"

#include "cpu/dnnl.h"
#include "cpu/scratch.h"

#include <stdlib.h>

typedef struct
{
  RaqamLinear  parent;
  char        *memory; /* what biases, bias_sums and parts point into */

  gsize        n_in;   /* of the latent vector */
  gsize        n_out;
  gsize        pitch;  /* of a row of weights */
  const float *weight; /* in the slab */
  const float *slab_bias; /* in the slab; NULL for none */
  float       *biases; /* (n_biases, n_out) */
  float       *parts;  /* (workers, n_out, n_in): each worker's gradient */
  float       *d_params;
} Dense;

static gsize
lay_out (Dense *self)
{
  RaqamLinear *linear = &self->parent;
  RaqamScratch scratch = { self->memory, 0 };
  gsize workers = raqam_pool_n_workers (linear->device->pool);

  self->biases = raqam_scratch_take (&scratch, linear->n_biases * self->n_out, sizeof (float));
  if (linear->train)
    {
      linear->bias_sums = raqam_scratch_take (&scratch, workers * linear->n_biases * self->n_out,
                                              sizeof (double));
      self->parts = raqam_scratch_take (&scratch, workers * self->n_out * self->n_in,
                                        sizeof (float));
    }

  return scratch.used;
}

static void
dense_free (RaqamLinear *linear)
{
  Dense *self = (Dense *) linear;

  free (self->memory);
  g_free (self);
}

static void
make_biases (gpointer data, int worker, int begin, int end)
{
  Dense *self = data;
  gboolean labels = self->parent.spec->labels;

  for (gsize k = 0; k < self->parent.n_biases; k++)
    for (int i = begin; i < end; i++)
      self->biases[k * self->n_out + i]
          = (labels ? self->weight[i * self->pitch + self->n_in + k] : 0.0f)
            + (self->slab_bias != NULL ? self->slab_bias[i] : 0.0f);
}

static gboolean
dense_prepare (RaqamLinear *linear, const float *params, float *state, gboolean power,
               GError **error)
{
  Dense *self = (Dense *) linear;

  self->weight = params + linear->spec->layout.weight;
  self->slab_bias = linear->spec->bias ? params + linear->spec->layout.bias : NULL;
  if (linear->biased)
    raqam_pool_run (linear->device->pool, make_biases, self, (int) self->n_out);

  return TRUE;
}

static int
dense_forward (RaqamLinear *linear, int worker, float *out, const float *in, int begin, int end)
{
  Dense *self = (Dense *) linear;

  return raqam_sgemm (FALSE, TRUE, end - begin, self->n_out, self->n_in, in + begin * self->n_in,
                      self->n_in, self->weight, self->pitch, 0.0f, out + begin * self->n_out,
                      self->n_out);
}

static int
dense_backward (RaqamLinear *linear, int worker, float *d_in, const float *d_out, int begin,
                int end)
{
  Dense *self = (Dense *) linear;

  if (d_in == NULL)
    return 0;

  return raqam_sgemm (FALSE, FALSE, end - begin, self->n_in, self->n_out,
                      d_out + begin * self->n_out, self->n_out, self->weight, self->pitch, 0.0f,
                      d_in + begin * self->n_in, self->n_in);
}

static int
dense_backward_weights (RaqamLinear *linear, int worker, const float *in, const float *d_out,
                        int begin, int end)
{
  Dense *self = (Dense *) linear;

  return raqam_sgemm (TRUE, FALSE, self->n_out, self->n_in, end - begin,
                      d_out + begin * self->n_out, self->n_out, in + begin * self->n_in,
                      self->n_in, 0.0f, self->parts + worker * self->n_out * self->n_in,
                      self->n_in);
}

/* Of one row of weights: the sum over the workers that had images. */
static void
finish_row (Dense *self, gsize row, int n_parts)
{
  RaqamLinear *linear = &self->parent;
  gboolean labels = linear->spec->labels;
  float *d_row = self->d_params + linear->spec->layout.weight + row * self->pitch;
  double d_bias = 0.0;

  for (gsize i = 0; i < self->n_in; i++)
    {
      float sum = 0.0f;

      for (int part = 0; part < n_parts; part++)
        sum += self->parts[(part * self->n_out + row) * self->n_in + i];
      d_row[i] = sum;
    }

  for (gsize k = 0; k < linear->n_biases; k++)
    {
      double sum = 0.0;

      for (int part = 0; part < n_parts; part++)
        sum += linear->bias_sums[(part * linear->n_biases + k) * self->n_out + row];
      if (labels)
        d_row[self->n_in + k] = (float) sum;
      d_bias += sum;
    }
  if (linear->spec->bias)
    self->d_params[linear->spec->layout.bias + row] = (float) d_bias;
}

static void
finish_rows (gpointer data, int worker, int begin, int end)
{
  Dense *self = data;
  int n_workers = raqam_pool_n_workers (self->parent.device->pool);

  for (int row = begin; row < end; row++)
    finish_row (self, row, MIN (n_workers, self->parent.batch));
}

static gboolean
dense_finish (RaqamLinear *linear, float *d_params, GError **error)
{
  Dense *self = (Dense *) linear;

  self->d_params = d_params;
  raqam_pool_run (linear->device->pool, finish_rows, self, (int) self->n_out);
  return TRUE;
}

static const RaqamLinearClass dense_class = {
  .free = dense_free,
  .prepare = dense_prepare,
  .forward = dense_forward,
  .backward = dense_backward,
  .backward_weights = dense_backward_weights,
  .finish = dense_finish,
};

RaqamLinear *
raqam_cpu_dense_new (RaqamDevice *device, const RaqamBlockSpec *spec, int batch, gboolean train,
                     GError **error)
{
  Dense *self = g_new0 (Dense, 1);
  RaqamLinear *linear = &self->parent;

  linear->klass = &dense_class;
  linear->device = device;
  linear->spec = spec;
  linear->batch = batch;
  linear->train = train;
  linear->chunk = batch;
  linear->biased = spec->bias || spec->labels;
  linear->n_biases = spec->labels ? spec->n_classes : 1;

  self->n_in = spec->in_c;
  self->n_out = (gsize) spec->out_h * spec->out_w * spec->out_c;
  self->pitch = self->n_in + (spec->labels ? spec->n_classes : 0);
  linear->bias_c = self->n_out;

  self->memory = raqam_cpu_alloc (lay_out (self), error);
  if (self->memory == NULL)
    {
      dense_free (linear);
      return NULL;
    }
  lay_out (self);
  linear->bias = self->biases;

  return linear;
}
