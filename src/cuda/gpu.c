/* gpu.c — the GPU, its driver and cuDNN, and whether they will do.
 * SPDX-License-Identifier: MIT */

#include "cuda/gpu.h"

#include "cuda/check.h"
#include "engine/error.h"

#include <glib/gi18n-lib.h>

/* The oldest drivers that know a CUDA of this major number: NVIDIA, "CUDA
 * Compatibility", table of minimum driver versions for Linux. */
static const struct
{
  int         major;
  const char *driver;
} drivers[] = { { 12, "525" }, { 13, "580" } };

static const char *
needed_driver (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (drivers); i++)
    if (drivers[i].major == CUDART_VERSION / 1000)
      return drivers[i].driver;

  return "";
}

static gboolean
fail_old_driver (int driver, GError **error)
{
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
               _("The GPU cannot be used: NVIDIA's driver is too old. It knows CUDA %d.%d, and "
                 "Raqam was built with CUDA %d.%d, which needs driver %s or newer."),
               driver / 1000, driver % 1000 / 10, CUDART_VERSION / 1000, CUDART_VERSION % 1000 / 10,
               needed_driver ());
  return FALSE;
}

/* A driver of the same major number serves every minor one. */
static gboolean
check_driver (int *driver, GError **error)
{
  g_autofree char *words = NULL;
  int count = 0;
  cudaError_t status = cudaDriverGetVersion (driver);

  if (status == cudaSuccess && *driver > 0 && *driver / 1000 < CUDART_VERSION / 1000)
    return fail_old_driver (*driver, error);
  if (status == cudaSuccess)
    status = cudaGetDeviceCount (&count);
  if (status == cudaSuccess && count > 0)
    return TRUE;

  cudaGetLastError ();
  if (status == cudaErrorInsufficientDriver && *driver > 0)
    return fail_old_driver (*driver, error);

  if (status == cudaSuccess || status == cudaErrorNoDevice || status == cudaErrorInsufficientDriver)
    {
      g_set_error_literal (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                           _("No GPU can be used: CUDA finds none. “nvidia-smi” lists what the "
                             "driver sees, and CUDA_VISIBLE_DEVICES may hide some."));
      return FALSE;
    }

  words = raqam_cuda_words (status);
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
               _("The GPU cannot be used: CUDA does not start (%s). Where it worked before, start "
                 "Raqam again, or the computer."),
               words);
  return FALSE;
}

/* 8 and older count 1000 for the major number, 9 and newer 10000. */
static gboolean
check_cudnn (RaqamGpu *gpu, GError **error)
{
  gsize version = cudnnGetVersion ();
  gsize major = version < 10000 ? version / 1000 : version / 10000;
  gsize minor = version < 10000 ? version % 1000 / 100 : version % 10000 / 100;

  gpu->cudnn = version;
  g_snprintf (gpu->cudnn_text, sizeof gpu->cudnn_text, "%zu.%zu.%zu", major, minor, version % 100);
  if (major >= 9)
    return TRUE;

  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
               _("The GPU cannot be used: cuDNN is too old. Version %s was found, and Raqam needs "
                 "9.0 or newer. Install it from NVIDIA, or name its folder in RAQAM_CUDNN_DIR."),
               gpu->cudnn_text);
  return FALSE;
}

static gboolean
check_compute (const RaqamGpu *gpu, GError **error)
{
  if (gpu->compute >= RAQAM_COMPUTE_OLDEST)
    return TRUE;

  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
               _("The GPU %s cannot be used: its compute capability is %d.%d, and Raqam needs "
                 "%d.%d (Turing, GeForce RTX 20 or GTX 16) or newer."),
               gpu->name, gpu->compute / 10, gpu->compute % 10, RAQAM_COMPUTE_OLDEST / 10,
               RAQAM_COMPUTE_OLDEST % 10);
  return FALSE;
}

gboolean
raqam_cuda_gpu (RaqamGpu *gpu, GError **error)
{
  struct cudaDeviceProp properties = { 0 };
  cudaError_t status;

  *gpu = (RaqamGpu){ 0 };
  if (!check_driver (&gpu->driver, error) || !check_cudnn (gpu, error))
    return FALSE;

  status = cudaGetDeviceProperties (&properties, RAQAM_GPU);
  if (status != cudaSuccess)
    {
      g_autofree char *words = raqam_cuda_words (status);

      cudaGetLastError ();
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                   _("The GPU cannot be used: it does not answer (%s)."), words);
      return FALSE;
    }

  g_strlcpy (gpu->name, properties.name, sizeof gpu->name);
  gpu->memory = properties.totalGlobalMem;
  gpu->compute = 10 * properties.major + properties.minor;
  gpu->n_sm = properties.multiProcessorCount;

  return check_compute (gpu, error);
}

void
raqam_cuda_bind (void)
{
  static __thread gboolean bound;

  if (!bound)
    bound = cudaSetDevice (RAQAM_GPU) == cudaSuccess;
}
