/* reference-backend.c — the backend's whole table in plain loops.
 * SPDX-License-Identifier: MIT */

#include "reference-backend.h"

#include "reference-block.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct _RaqamDevice
{
  int unused;
};

struct _RaqamBlock
{
  ReferenceBlock *core;
  gboolean        train;
  const float    *params;
  float          *state;
};

static gboolean
probe (RaqamDeviceInfo *info, GError **error)
{
  *info = (RaqamDeviceInfo) { .name = "plain loops", .precision = RAQAM_PRECISION_F32 };
  return TRUE;
}

static RaqamDevice *
device_open (const RaqamDeviceOptions *options, GError **error)
{
  if (options->precision != RAQAM_PRECISION_AUTO && options->precision != RAQAM_PRECISION_F32)
    {
      g_set_error_literal (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE, "The reference computes in f32");
      return NULL;
    }

  return g_new0 (RaqamDevice, 1);
}

static void
device_close (RaqamDevice *device)
{
  g_free (device);
}

static const char *
device_describe (RaqamDevice *device)
{
  return "plain loops";
}

static void
device_memory (RaqamDevice *device, guint64 *used, guint64 *total)
{
  *used = *total = 0;
}

static gsize
edge_size (RaqamDevice *device, int h, int w, int c)
{
  return sizeof (float) * h * w * c;
}

static gpointer
memory_alloc (RaqamDevice *device, gsize n_bytes, GError **error)
{
  gpointer memory = aligned_alloc (64, (n_bytes + 63) / 64 * 64);

  if (memory == NULL)
    g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_MEMORY, "No %" G_GSIZE_FORMAT " bytes", n_bytes);
  else
    memset (memory, 0, n_bytes);
  return memory;
}

static void
memory_free (RaqamDevice *device, gpointer memory)
{
  free (memory);
}

static gboolean
memory_copy (RaqamDevice *device, gpointer to, gconstpointer from, gsize n_bytes, GError **error)
{
  memmove (to, from, n_bytes);
  return TRUE;
}

/* Blocks. */

static RaqamBlock *
block_new (RaqamDevice *device, const RaqamBlockSpec *spec, int batch, gboolean train,
           GError **error)
{
  RaqamBlock *block = g_new0 (RaqamBlock, 1);

  block->core = reference_block_new (spec, batch);
  block->train = train;
  return block;
}

static void
block_free (RaqamBlock *block)
{
  reference_block_free (block->core);
  g_free (block);
}

double
reference_backend_margin (RaqamBlock *block)
{
  return reference_block_margin (block->core);
}

static double *
widen (const float *from, gsize n)
{
  double *wide = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    wide[i] = from[i];
  return wide;
}

static void
narrow (float *to, const double *from, gsize n)
{
  for (gsize i = 0; i < n; i++)
    to[i] = from[i];
}

static void
load_tensors (RaqamBlock *block, const float *slab, BlockTensor first, BlockTensor end)
{
  const RaqamBlockSpec *spec = &block->core->spec;

  for (BlockTensor t = first; t < end; t++)
    for (gsize i = 0; i < block_tensor_size (spec, t); i++)
      block->core->tensor[t][i] = slab[block_tensor_offset (spec, t) + i];
}

static void
store_state (RaqamBlock *block)
{
  const RaqamBlockSpec *spec = &block->core->spec;

  for (BlockTensor t = BLOCK_N_TRAINED; t < BLOCK_N_TENSORS; t++)
    for (gsize i = 0; i < block_tensor_size (spec, t); i++)
      block->state[block_tensor_offset (spec, t) + i] = block->core->tensor[t][i];
}

static gboolean
block_prepare (RaqamBlock *block, const float *params, float *state, gboolean power, GError **error)
{
  block->params = params;
  block->state = state;
  load_tensors (block, params, 0, BLOCK_N_TRAINED);
  load_tensors (block, state, BLOCK_N_TRAINED, BLOCK_N_TENSORS);

  reference_block_prepare (block->core, power);

  store_state (block);
  return TRUE;
}

static gboolean
block_forward (RaqamBlock *block, float *out, const float *in, const guint8 *labels,
               const RaqamForward *how, GError **error)
{
  ReferenceBlock *core = block->core;
  double *wide_in = widen (in, core->batch * block_in_size (&core->spec));

  /* The running statistics may have been moved by another plan over the same state. */
  load_tensors (block, block->state, BLOCK_MEAN, BLOCK_VARIANCE + 1);

  reference_block_forward (core, wide_in, labels, how);

  narrow (out, core->value[core->n_stages], core->batch * block_out_size (&core->spec));
  store_state (block);
  g_free (wide_in);
  return TRUE;
}

static gboolean
block_backward (RaqamBlock *block, float *d_in, float *d_params, float *d_out, GError **error)
{
  ReferenceBlock *core = block->core;
  const RaqamBlockSpec *spec = &core->spec;
  gsize n_in = core->batch * block_in_size (spec);
  double *wide_in, *wide_out;

  g_return_val_if_fail (block->train, FALSE);

  wide_in = g_new (double, n_in);
  wide_out = widen (d_out, core->batch * block_out_size (spec));

  reference_block_backward (core, wide_in, wide_out);

  if (d_in != NULL)
    narrow (d_in, wide_in, n_in);
  if (d_params != NULL)
    for (BlockTensor t = 0; t < BLOCK_N_TRAINED; t++)
      if (core->gradient[t] != NULL)
        narrow (d_params + block_tensor_offset (spec, t), core->gradient[t],
                block_tensor_size (spec, t));

  g_free (wide_in);
  g_free (wide_out);
  return TRUE;
}

/* The rest. */

static gboolean
bce (RaqamDevice *device, float *d_logits, float *results, const float *logits, int n, int n_first,
     float first, float rest, GError **error)
{
  double loss[2] = { 0, 0 }, mean[2] = { 0, 0 };

  for (int i = 0; i < n; i++)
    {
      int part = i < n_first ? 0 : 1;
      int count = part == 0 ? n_first : n - n_first;
      double target = part == 0 ? first : rest;
      double logit = logits[i], probability = 1 / (1 + exp (-logit));

      d_logits[i] = (probability - target) / n;
      mean[part] += probability / count;
      loss[part] += (MAX (logit, 0) - logit * target + log1p (exp (-fabs (logit)))) / count;
    }

  for (int part = 0; part < 2; part++)
    {
      results[part] = loss[part];
      results[2 + part] = mean[part];
    }
  return TRUE;
}

static gboolean
adam (RaqamDevice *device, float *weights, float *m, float *v, const float *gradient, gsize n,
      const float *rate, float beta1, float beta2, float epsilon, GError **error)
{
  for (gsize i = 0; i < n; i++)
    {
      double g = gradient[i];
      double new_m = (double) beta1 * m[i] + (1 - (double) beta1) * g;
      double new_v = (double) beta2 * v[i] + (1 - (double) beta2) * g * g;

      m[i] = new_m;
      v[i] = new_v;
      weights[i] = weights[i] - *rate * new_m / (sqrt (new_v) + epsilon);
    }
  return TRUE;
}

static gboolean
average (RaqamDevice *device, float *to, const float *from, gsize n, const float *decay,
         GError **error)
{
  for (gsize i = 0; i < n; i++)
    to[i] = (double) *decay * to[i] + (1 - (double) *decay) * from[i];
  return TRUE;
}

static gboolean
normal (RaqamDevice *device, float *out, gsize n, guint32 stream, const RaqamPulse *pulse,
        GError **error)
{
  for (gsize i = 0; i < n; i++)
    {
      float four[4];

      raqam_philox_normal (four, raqam_philox (pulse->seed, pulse->step, stream, i / 4));
      out[i] = four[i % 4];
    }
  return TRUE;
}

static gboolean
gather (RaqamDevice *device, float *images, guint8 *labels, const guint8 *data,
        const guint8 *data_labels, const guint32 *order, int batch, int image_size,
        const RaqamPulse *pulse, GError **error)
{
  for (int i = 0; i < batch; i++)
    {
      gsize which = order[pulse->position + i];

      labels[i] = data_labels[which];
      for (int k = 0; k < image_size; k++)
        images[i * image_size + k] = data[which * image_size + k] / 255.0;
    }
  return TRUE;
}

const RaqamBackend raqam_reference_backend = {
  .abi = RAQAM_BACKEND_ABI,
  .name = "reference",
  .probe = probe,
  .device_open = device_open,
  .device_close = device_close,
  .device_describe = device_describe,
  .device_memory = device_memory,
  .alloc = memory_alloc,
  .free = memory_free,
  .upload = memory_copy,
  .download = memory_copy,
  .copy = memory_copy,
  .edge_size = edge_size,
  .block_new = block_new,
  .block_free = block_free,
  .block_prepare = block_prepare,
  .block_forward = block_forward,
  .block_backward = block_backward,
  .bce = bce,
  .adam = adam,
  .average = average,
  .normal = normal,
  .gather = gather,
};
