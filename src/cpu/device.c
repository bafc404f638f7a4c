/* device.c — the CPU as a device: its workers, its memory, its table.
 * SPDX-License-Identifier: MIT */

#include "cpu/device.h"

#include "cpu/dnnl.h"
#include "cpu/kernels.h"
#include "cpu/ops.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include <glib/gi18n-lib.h>
#include <omp.h>

#define ALIGNMENT 64
#define MAX_THREADS 1024

gpointer
raqam_cpu_alloc (gsize n_bytes, GError **error)
{
  gpointer memory = NULL;

  if (n_bytes > G_MAXSSIZE || posix_memalign (&memory, ALIGNMENT, MAX (n_bytes, 1)) != 0)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_MEMORY,
                   _("Not enough memory: %zu bytes were asked for on the CPU. "
                     "A smaller batch needs less."),
                   n_bytes);
      return NULL;
    }

  return memset (memory, 0, n_bytes);
}

/* The cores that this process may run on, which may be fewer than the machine has. */
static int
count_cores (void)
{
  cpu_set_t set;

  if (sched_getaffinity (0, sizeof set, &set) == 0)
    return MAX (1, CPU_COUNT (&set));

  return MAX (1, (int) g_get_num_processors ());
}

/* oneDNN's name for the processor is its instruction set; people know the model. */
static char *
processor_name (void)
{
  g_autofree char *text = NULL;
  const char *line, *colon;

  if (!g_file_get_contents ("/proc/cpuinfo", &text, NULL, NULL)
      || (line = strstr (text, "model name")) == NULL
      || (colon = strchr (line, ':')) == NULL)
    return g_strdup (_("CPU"));

  return g_strstrip (g_strndup (colon + 1, strcspn (colon + 1, "\n")));
}

static char *
describe (const RaqamDevice *device)
{
  g_autofree char *processor = processor_name ();
  g_autofree char *version = raqam_dnnl_version ();
  int n_threads = raqam_pool_n_workers (device->pool);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s, %d thread, %s, oneDNN %s, %s",
                                       "%s, %d threads, %s, oneDNN %s, %s", n_threads),
                          processor, n_threads,
                          device->precision == RAQAM_PRECISION_BF16 ? "bf16" : "f32", version,
                          raqam_kernels ()->name);
}

/* oneDNN must never start a team of its own inside a worker. The setting is the
 * thread's own. The calling thread, which is worker 0, may be another one later,
 * so it is told again at each call that leads to oneDNN, and keeps the setting. */
static void
set_one_thread (gpointer data, int worker, int begin, int end)
{
  omp_set_num_threads (1);
}

static gboolean
check_options (const RaqamDeviceOptions *options, GError **error)
{
  if (raqam_kernels () == NULL)
    {
      g_set_error_literal (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                           _("This processor is too old: the CPU backend needs SSE 4.2 "
                             "(x86-64-v2)."));
      return FALSE;
    }

  if (options->precision == RAQAM_PRECISION_TF32)
    {
      g_set_error_literal (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                           _("TF32 belongs to NVIDIA GPUs, and the CPU has none. Choose precision "
                             "f32 or “auto”."));
      return FALSE;
    }

  if (options->precision == RAQAM_PRECISION_BF16 && !raqam_dnnl_has_bf16 ())
    {
      g_set_error_literal (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                           _("This processor has no instructions for bf16 (AVX-512 BF16 or AMX). "
                             "Choose precision f32."));
      return FALSE;
    }

  if (options->n_threads < 0 || options->n_threads > MAX_THREADS)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                   _("Cannot use %d threads: choose between 1 and %d, or 0 for one a core."),
                   options->n_threads, MAX_THREADS);
      return FALSE;
    }

  return TRUE;
}

static gboolean
probe (RaqamDeviceInfo *info, GError **error)
{
  RaqamDeviceOptions options = { 0 };
  g_autofree char *processor = processor_name ();
  g_autofree char *fits = g_utf8_substring (processor, 0, MIN (g_utf8_strlen (processor, -1), 31));

  if (!check_options (&options, error))
    return FALSE;

  *info = (RaqamDeviceInfo) {
    .precision = RAQAM_PRECISION_F32,
    .has_bf16 = raqam_dnnl_has_bf16 (),
  };
  g_strlcpy (info->name, strlen (processor) < sizeof info->name ? processor : fits,
             sizeof info->name);

  return TRUE;
}

static void
device_close (RaqamDevice *device)
{
  if (device == NULL)
    return;

  raqam_dnnl_close (device);
  raqam_pool_free (device->pool);
  g_free (device->description);
  g_free (device);
}

static RaqamDevice *
device_open (const RaqamDeviceOptions *options, GError **error)
{
  RaqamDevice *device;

  if (!check_options (options, error))
    return NULL;

  device = g_new0 (RaqamDevice, 1);
  device->precision = options->precision == RAQAM_PRECISION_BF16 ? RAQAM_PRECISION_BF16
                                                                   : RAQAM_PRECISION_F32;
  device->pool = raqam_pool_new (options->n_threads > 0 ? options->n_threads : count_cores (),
                                 options->background, error);
  if (device->pool == NULL || !raqam_dnnl_open (device, error))
    {
      device_close (device);
      return NULL;
    }

  raqam_pool_run (device->pool, set_one_thread, NULL, raqam_pool_n_workers (device->pool));
  device->description = describe (device);

  return device;
}

static const char *
device_describe (RaqamDevice *device)
{
  return device->description;
}

/* The processor's memory is everybody's. */
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
  return raqam_cpu_alloc (n_bytes, error);
}

static void
memory_free (RaqamDevice *device, gpointer memory)
{
  free (memory);
}

/* The device's memory is the program's: upload, download and copy are one. */
static gboolean
memory_copy (RaqamDevice *device, gpointer to, gconstpointer from, gsize n_bytes, GError **error)
{
  if (n_bytes > 0)
    memmove (to, from, n_bytes);
  return TRUE;
}

static RaqamBlock *
block_new (RaqamDevice *device, const RaqamBlockSpec *spec, int batch, gboolean train,
           GError **error)
{
  g_return_val_if_fail (batch > 0, NULL);

  omp_set_num_threads (1);
  if (spec->kind == RAQAM_BLOCK_HEAD)
    return raqam_cpu_head_block_new (device, spec, batch, train, error);
  if (spec->kind == RAQAM_BLOCK_CONV && spec->in_c == 1 && spec->norm == RAQAM_NORM_NONE)
    return raqam_cpu_input_block_new (device, spec, batch, train, error);
  if (spec->kind != RAQAM_BLOCK_DENSE && spec->out_c == 1)
    return raqam_cpu_image_block_new (device, spec, batch, train, error);
  return raqam_cpu_hidden_block_new (device, spec, batch, train, error);
}

static void
block_free (RaqamBlock *block)
{
  if (block != NULL)
    block->klass->free (block);
}

static gboolean
block_prepare (RaqamBlock *block, const float *params, float *state, gboolean power,
               GError **error)
{
  omp_set_num_threads (1);
  block->params = params;
  block->state = state;
  return block->klass->prepare (block, params, state, power, error);
}

static gboolean
block_forward (RaqamBlock *block, float *out, const float *in, const guint8 *labels,
               const RaqamForward *how, GError **error)
{
  g_return_val_if_fail (block->params != NULL, FALSE);

  omp_set_num_threads (1);
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

  omp_set_num_threads (1);
  return block->klass->backward (block, d_in, d_params, d_out, error);
}

const RaqamBackend raqam_cpu_backend = {
  .abi = RAQAM_BACKEND_ABI,
  .name = "cpu",
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
  .bce = raqam_cpu_bce,
  .adam = raqam_cpu_adam,
  .average = raqam_cpu_average,
  .normal = raqam_cpu_normal,
  .gather = raqam_cpu_gather,
};
