/* block-rig.c — one block on one device, with all its memory and inputs.
 * SPDX-License-Identifier: MIT */

#include "block-rig.h"

#include <math.h>
#include <string.h>

#define ROOM 32 /* floats that are nobody's, before a slab's tensors and after them */

static const RaqamPulse pulse = { .seed = G_GUINT64_CONSTANT (0xfedcba9876543210), .step = 11 };

/* Inputs. */

/* Returns: how many products add up to one value of the output */
static double
fan_in (const RaqamBlockSpec *spec)
{
  double taps = spec->kernel * spec->kernel;

  switch (spec->kind)
    {
    case RAQAM_BLOCK_CONV:
      return taps * spec->in_c;
    case RAQAM_BLOCK_TCONV:
      return taps * spec->in_c / (spec->stride * spec->stride);
    default:
      return block_features (spec);
    }
}

static float
draw (GRand *random, const RaqamBlockSpec *spec, BlockTensor tensor)
{
  double x = g_rand_double_range (random, -1, 1);

  switch (tensor)
    {
    case BLOCK_WEIGHT:
    case BLOCK_EMBEDDING:
      return x * sqrt (3 / fan_in (spec));
    case BLOCK_SCALE:
    case BLOCK_VARIANCE:
      return 1 + 0.5 * x;
    default:
      return 0.5 * x;
    }
}

static float *
draw_many (GRand *random, gsize n)
{
  float *x = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    x[i] = g_rand_double_range (random, -1.7, 1.7);
  return x;
}

RigInputs *
rig_inputs_new (const RaqamBlockSpec *spec, int batch, guint32 seed)
{
  RigInputs *self = g_new0 (RigInputs, 1);
  GRand *random = g_rand_new_with_seed (seed);

  self->spec = *spec;
  self->batch = batch;
  self->n_in = batch * block_in_size (spec);
  self->n_out = batch * block_out_size (spec);
  self->n_weights = self->n_state = ROOM;
  block_lay_out (&self->spec, &self->n_weights, &self->n_state);
  self->n_weights += ROOM;
  self->n_state += ROOM;

  self->weights = g_new0 (float, self->n_weights);
  self->state = g_new0 (float, self->n_state);
  for (BlockTensor t = 0; t < BLOCK_N_TENSORS; t++)
    for (gsize i = 0; i < block_tensor_size (spec, t); i++)
      {
        float *slab = t < BLOCK_N_TRAINED ? self->weights : self->state;

        slab[block_tensor_offset (&self->spec, t) + i] = draw (random, spec, t);
      }

  for (int b = 0; b < RIG_BATCHES; b++)
    self->in[b] = draw_many (random, self->n_in);
  self->d_out = draw_many (random, self->n_out);
  self->labels = g_new (guint8, batch);
  for (int n = 0; n < batch; n++)
    self->labels[n] = g_rand_int_range (random, 0, spec->n_classes);

  g_rand_free (random);
  return self;
}

void
rig_inputs_free (RigInputs *self)
{
  for (int b = 0; b < RIG_BATCHES; b++)
    g_free (self->in[b]);
  g_free (self->weights);
  g_free (self->state);
  g_free (self->labels);
  g_free (self->d_out);
  g_free (self);
}

/* Running. */

static void
fill (TestDevice *device, float *memory, gsize n, float value)
{
  g_autofree float *x = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    x[i] = value;
  test_device_set (device, memory, x, n * sizeof (float));
}

Rig *
rig_new (TestDevice *device, const RigInputs *inputs, gboolean train, GError **error)
{
  RaqamBlock *block =
    device->backend->block_new (device->device, &inputs->spec, inputs->batch, train, error);
  Rig *self;

  if (block == NULL)
    return NULL;

  self = g_new0 (Rig, 1);
  self->device = device;
  self->inputs = inputs;
  self->block = block;
  self->pulse = test_device_put (device, &pulse, sizeof pulse);
  self->weights = test_device_new (device, inputs->n_weights * sizeof (float));
  self->state = test_device_new (device, inputs->n_state * sizeof (float));
  for (int b = 0; b < RIG_BATCHES; b++)
    self->in[b] = test_device_put (device, inputs->in[b], inputs->n_in * sizeof (float));
  self->d_out = test_device_new (device, inputs->n_out * sizeof (float));
  self->out = test_device_new (device, (inputs->n_out + ROOM) * sizeof (float));
  self->d_in = test_device_new (device, (inputs->n_in + ROOM) * sizeof (float));
  self->d_params = test_device_new (device, inputs->n_weights * sizeof (float));
  if (block_uses_labels (&inputs->spec))
    self->labels = test_device_put (device, inputs->labels, inputs->batch);
  rig_reset (self);

  return self;
}

void
rig_free (Rig *self)
{
  self->device->backend->block_free (self->block);
  g_free (self);
}

void
rig_reset (Rig *self)
{
  const RigInputs *inputs = self->inputs;

  test_device_set (self->device, self->weights, inputs->weights,
                   inputs->n_weights * sizeof (float));
  test_device_set (self->device, self->state, inputs->state, inputs->n_state * sizeof (float));
  fill (self->device, self->out, inputs->n_out + ROOM, RIG_UNTOUCHED);
  fill (self->device, self->d_in, inputs->n_in + ROOM, RIG_UNTOUCHED);
  fill (self->device, self->d_params, inputs->n_weights, RIG_UNTOUCHED);
}

void
rig_prepare (Rig *self, gboolean power)
{
  TEST_TRY (
    self->device->backend->block_prepare (self->block, self->weights, self->state, power, &error));
}

void
rig_forward (Rig *self, int batch, RaqamMode mode, float update, guint32 stream)
{
  gboolean random = mode == RAQAM_MODE_TRAIN && self->inputs->spec.dropout > 0;
  RaqamForward how = { mode, update, stream, random ? self->pulse : NULL };

  TEST_TRY (self->device->backend->block_forward (self->block, self->out, self->in[batch],
                                                  self->labels, &how, &error));
}

void
rig_backward (Rig *self, gboolean d_in, gboolean d_params)
{
  const RigInputs *inputs = self->inputs;

  test_device_set (self->device, self->d_out, inputs->d_out, inputs->n_out * sizeof (float));
  TEST_TRY (self->device->backend->block_backward (
    self->block, d_in ? self->d_in : NULL, d_params ? self->d_params : NULL, self->d_out, &error));
}

static float *
fetch (Rig *self, const float *memory, gsize n)
{
  float *x = g_new (float, n);

  test_device_get (self->device, x, memory, n * sizeof (float));
  return x;
}

/* Returns: (transfer full): @n floats, after which nothing may have been written */
static float *
fetch_guarded (Rig *self, const float *memory, gsize n)
{
  float *x = fetch (self, memory, n + ROOM);

  for (gsize i = n; i < n + ROOM; i++)
    g_assert_cmpfloat (x[i], ==, RIG_UNTOUCHED);
  return x;
}

RigResults *
rig_results (Rig *self)
{
  const RigInputs *inputs = self->inputs;
  RigResults *results = g_new0 (RigResults, 1);

  results->out = fetch_guarded (self, self->out, inputs->n_out);
  results->d_in = fetch_guarded (self, self->d_in, inputs->n_in);
  results->d_params = fetch (self, self->d_params, inputs->n_weights);
  results->state = fetch (self, self->state, inputs->n_state);

  return results;
}

void
rig_results_free (RigResults *results)
{
  g_free (results->out);
  g_free (results->d_in);
  g_free (results->d_params);
  g_free (results->state);
  g_free (results);
}

/* Comparing. */

void
rig_compare (const char *what, const float *got, const float *want, gsize n, double tolerance)
{
  double error = 0, size = 0;

  for (gsize i = 0; i < n; i++)
    {
      error += pow ((double) got[i] - want[i], 2);
      size += (double) want[i] * want[i];
    }
  error = error == 0 ? 0 : sqrt (error / size);

  g_test_message ("%s: %.2g", what, error);
  if (!(error <= tolerance))
    {
      g_test_message ("%s: FAILED: its error is %g of its norm %g; %g is allowed", what, error,
                      sqrt (size), tolerance);
      g_test_fail ();
    }
}

static void
compare_slab (const char *what, const RigInputs *inputs, BlockTensor first, BlockTensor end,
              const float *got, const float *want, double tolerance)
{
  for (BlockTensor t = first; t < end; t++)
    {
      g_autofree char *name = g_strdup_printf ("%s, %s", what, block_tensor_name (t));
      gssize offset = block_tensor_offset (&inputs->spec, t);

      if (offset >= 0)
        rig_compare (name, got + offset, want + offset, block_tensor_size (&inputs->spec, t),
                     tolerance);
    }
}

void
rig_compare_gradients (const char *what, const RigInputs *inputs, const float *got,
                       const float *want, double tolerance)
{
  compare_slab (what, inputs, 0, BLOCK_N_TRAINED, got, want, tolerance);
}

void
rig_compare_state (const char *what, const RigInputs *inputs, const float *got, const float *want,
                   double tolerance)
{
  compare_slab (what, inputs, BLOCK_N_TRAINED, BLOCK_N_TENSORS, got, want, tolerance);
}

void
rig_check_gaps (const RigInputs *inputs, const float *d_params)
{
  g_autofree gboolean *ours = g_new0 (gboolean, inputs->n_weights);

  for (BlockTensor t = 0; t < BLOCK_N_TRAINED; t++)
    for (gsize i = 0; i < block_tensor_size (&inputs->spec, t); i++)
      ours[block_tensor_offset (&inputs->spec, t) + i] = TRUE;

  for (gsize i = 0; i < inputs->n_weights; i++)
    g_assert_true (ours[i] || d_params[i] == RIG_UNTOUCHED);
}
