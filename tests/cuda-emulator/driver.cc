/* driver.cc — the pretended GPU's driver, libcuda.so.1, as far as the engine looks.
 * SPDX-License-Identifier: MIT */

#include "control.h"

#include <cuda.h>

static RaqamEmulatorSettings
settings (void)
{
  RaqamEmulatorSettings read;

  raqam_emulator_settings (&read);
  return read;
}

CUresult
cuInit (unsigned flags)
{
  (void) flags;
  return settings ().devices == 0 ? CUDA_ERROR_NO_DEVICE : CUDA_SUCCESS;
}

CUresult
cuDeviceGetCount (int *count)
{
  *count = settings ().devices;
  return CUDA_SUCCESS;
}

CUresult
cuGetErrorString (CUresult status, const char **text)
{
  *text = status == CUDA_ERROR_NO_DEVICE ? "no CUDA-capable device is detected" : "no error";
  return CUDA_SUCCESS;
}
