/* device.c — an NVIDIA GPU as a device: its stream, its cuDNN, its table.
 * SPDX-License-Identifier: MIT
 *
 * All devices of a process share the GPU's primary context, so that a GPU that has
 * failed is lost to all of them, and to later ones, until the process ends. */

#include "cuda/device.h"

#include "cuda/check.h"
#include "cuda/edge.h"
#include "cuda/gpu.h"
#include "cuda/memory.h"
#include "cuda/ops.h"
#include "cuda/recording.h"

#include <glib/gi18n-lib.h>

static const char *const precision_names[] = {
  [RAQAM_PRECISION_F32] = "f32",
  [RAQAM_PRECISION_TF32] = "TF32",
  [RAQAM_PRECISION_BF16] = "bf16",
};

static RaqamPrecision
best_precision (const RaqamGpu *gpu)
{
  return gpu->compute >= RAQAM_COMPUTE_TENSOR ? RAQAM_PRECISION_TF32 : RAQAM_PRECISION_F32;
}

static gboolean
probe (RaqamDeviceInfo *info, GError **error)
{
  RaqamGpu gpu;

  if (!raqam_cuda_gpu (&gpu, error))
    return FALSE;

  *info = (RaqamDeviceInfo){
    .memory = gpu.memory,
    .precision = best_precision (&gpu),
    .has_tf32 = gpu.compute >= RAQAM_COMPUTE_TENSOR,
    .has_bf16 = gpu.compute >= RAQAM_COMPUTE_TENSOR,
  };
  g_strlcpy (info->name, gpu.name, sizeof info->name);

  return TRUE;
}

static gboolean
choose_precision (RaqamDevice *device, const RaqamGpu *gpu, RaqamPrecision asked, GError **error)
{
  device->precision = asked == RAQAM_PRECISION_AUTO ? best_precision (gpu) : asked;
  if (device->precision == RAQAM_PRECISION_F32 || gpu->compute >= RAQAM_COMPUTE_TENSOR)
    return TRUE;

  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
               _("The GPU %s has no %s: that came with compute capability 8.0 (Ampere, GeForce "
                 "RTX 30), and this one's is %d.%d. Choose precision f32 or “auto”."),
               gpu->name, precision_names[device->precision], gpu->compute / 10, gpu->compute % 10);
  return FALSE;
}

/* @words: what CUDA or cuDNN said. */
static gboolean
fail_open (const RaqamGpu *gpu, char *words, GError **error)
{
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
               _("The GPU %s cannot be opened: %s. Where it worked before, start Raqam again; "
                 "“nvidia-smi” says how the GPU is."),
               gpu->name, words);
  g_free (words);
  return FALSE;
}

static gboolean
open_stream (RaqamDevice *device, const RaqamGpu *gpu, gboolean interactive, GError **error)
{
  int last = 0, first = 0;
  cudaError_t status = cudaSetDevice (RAQAM_GPU);

  if (status == cudaSuccess)
    status = cudaDeviceGetStreamPriorityRange (&last, &first);
  if (status == cudaSuccess)
    status = cudaStreamCreateWithPriority (&device->stream, cudaStreamNonBlocking,
                                           interactive ? first : last);

  if (status == cudaErrorMemoryAllocation)
    return raqam_cuda_check (status, "opening the device", error);
  if (status == cudaSuccess)
    return TRUE;

  cudaGetLastError ();
  return fail_open (gpu, raqam_cuda_words (status), error);
}

static gboolean
open_cudnn (RaqamDevice *device, const RaqamGpu *gpu, GError **error)
{
  cudnnStatus_t status = cudnnCreate (&device->cudnn);
  g_autoptr (GError) failure = NULL;

  if (status == CUDNN_STATUS_SUCCESS)
    status = cudnnSetStream (device->cudnn, device->stream);
  if (raqam_cudnn_check (status, "opening cuDNN", &failure))
    return TRUE;
  if (!g_error_matches (failure, RAQAM_ERROR, RAQAM_ERROR_MEMORY))
    return fail_open (gpu, raqam_cudnn_words (status), error);

  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static void
describe (RaqamDevice *device, const RaqamGpu *gpu)
{
  device->description =
    g_strdup_printf (_ ("%s, %.0f GiB, %s, cuDNN %s"), gpu->name, gpu->memory / (double) (1 << 30),
                     precision_names[device->precision], gpu->cudnn_text);
  device->key = g_strdup_printf ("%s, %d multiprocessors, compute %d, driver %d, cuDNN %s",
                                 gpu->name, gpu->n_sm, gpu->compute, gpu->driver, gpu->cudnn_text);
}

static void
device_close (RaqamDevice *device)
{
  if (device == NULL)
    return;

  raqam_cuda_bind ();
  if (device->stream != NULL)
    cudaStreamSynchronize (device->stream);
  if (device->cudnn != NULL)
    cudnnDestroy (device->cudnn);
  raqam_cuda_free (device, device->workspace);
  for (guint i = 0; i < device->outgrown->len; i++)
    raqam_cuda_free (device, g_ptr_array_index (device->outgrown, i));
  g_ptr_array_unref (device->outgrown);
  raqam_cuda_staging_free (device->staging);
  if (device->stream != NULL)
    cudaStreamDestroy (device->stream);
  cudaGetLastError ();
  g_free (device->description);
  g_free (device->key);
  g_free (device);
}

static RaqamDevice *
device_open (const RaqamDeviceOptions *options, GError **error)
{
  RaqamDevice *device;
  RaqamGpu gpu;

  if (!raqam_cuda_gpu (&gpu, error))
    return NULL;

  device = g_new0 (RaqamDevice, 1);
  device->compute = gpu.compute;
  device->n_sm = gpu.n_sm;
  device->outgrown = g_ptr_array_new ();
  if (choose_precision (device, &gpu, options->precision, error)
      && open_stream (device, &gpu, options->interactive, error)
      && (device->staging = raqam_cuda_staging_new (options->interactive, error)) != NULL
      && open_cudnn (device, &gpu, error))
    {
      describe (device, &gpu);
      return device;
    }

  device_close (device);
  return NULL;
}

static const char *
device_describe (RaqamDevice *device)
{
  return device->description;
}

static void
device_memory (RaqamDevice *device, guint64 *used, guint64 *total)
{
  gsize free = 0, all = 0;

  raqam_cuda_bind ();
  if (cudaMemGetInfo (&free, &all) != cudaSuccess)
    {
      cudaGetLastError ();
      free = all = 0;
    }
  *used = all - free;
  *total = all;
}

static gpointer
memory_alloc (RaqamDevice *device, gsize n_bytes, GError **error)
{
  raqam_cuda_bind ();
  return raqam_cuda_alloc (device, n_bytes, error);
}

static void
memory_free (RaqamDevice *device, gpointer memory)
{
  raqam_cuda_bind ();
  raqam_cuda_free (device, memory);
}

static gsize
edge_size (RaqamDevice *device, int h, int w, int c)
{
  RaqamEdge edge = raqam_cuda_edge (device, 1, h, w, c, TRUE);

  return raqam_cuda_edge_size (&edge);
}

static RaqamBlock *
block_new (RaqamDevice *device, const RaqamBlockSpec *spec, int batch, gboolean train,
           GError **error)
{
  g_return_val_if_fail (batch > 0, NULL);

  raqam_cuda_bind ();
  if (spec->kind == RAQAM_BLOCK_HEAD)
    return raqam_cuda_head_block_new (device, spec, batch, train, error);
  if (spec->kind == RAQAM_BLOCK_CONV && spec->in_c == 1 && spec->norm == RAQAM_NORM_NONE)
    return raqam_cuda_input_block_new (device, spec, batch, train, error);
  if (spec->kind != RAQAM_BLOCK_DENSE && spec->out_c == 1)
    return raqam_cuda_image_block_new (device, spec, batch, train, error);
  return raqam_cuda_hidden_block_new (device, spec, batch, train, error);
}

static void
block_free (RaqamBlock *block)
{
  if (block == NULL)
    return;

  raqam_cuda_bind ();
  block->klass->free (block);
}

static gboolean
block_prepare (RaqamBlock *block, const float *params, float *state, gboolean power, GError **error)
{
  raqam_cuda_bind ();
  block->params = params;
  block->state = state;
  return block->klass->prepare (block, params, state, power, error);
}

static gboolean
block_forward (RaqamBlock *block, float *out, const float *in, const guint8 *labels,
               const RaqamForward *how, GError **error)
{
  g_return_val_if_fail (block->params != NULL, FALSE);

  raqam_cuda_bind ();
  if (how->mode == RAQAM_MODE_TRAIN)
    {
      block->out = out;
      block->in = in;
      block->labels = labels;
      block->how = *how;
    }
  return block->klass->forward (block, out, in, labels, how, error);
}

static gboolean
block_backward (RaqamBlock *block, float *d_in, float *d_params, float *d_out, GError **error)
{
  g_return_val_if_fail (block->train && block->in != NULL, FALSE);

  raqam_cuda_bind ();
  return block->klass->backward (block, d_in, d_params, d_out, error);
}

static const RaqamBackend cuda_backend = {
  .abi = RAQAM_BACKEND_ABI,
  .name = "cuda",
  .probe = probe,
  .device_open = device_open,
  .device_close = device_close,
  .device_describe = device_describe,
  .device_memory = device_memory,
  .alloc = memory_alloc,
  .free = memory_free,
  .upload = raqam_cuda_upload,
  .download = raqam_cuda_download,
  .copy = raqam_cuda_copy,
  .edge_size = edge_size,
  .record = raqam_cuda_record,
  .replay = raqam_cuda_replay,
  .recording_free = raqam_cuda_recording_free,
  .block_new = block_new,
  .block_free = block_free,
  .block_prepare = block_prepare,
  .block_forward = block_forward,
  .block_backward = block_backward,
  .bce = raqam_cuda_bce,
  .adam = raqam_cuda_adam,
  .average = raqam_cuda_average,
  .normal = raqam_cuda_normal,
  .gather = raqam_cuda_gather,
};

/* Exported; engine/module.c looks it up by RAQAM_BACKEND_SYMBOL. */
__attribute__ ((visibility ("default"))) const RaqamBackend *raqam_backend (void);

const RaqamBackend *
raqam_backend (void)
{
  return &cuda_backend;
}
