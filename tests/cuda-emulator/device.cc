/* device.cc — what the CUDA runtime tells of the pretended GPU.
 * SPDX-License-Identifier: MIT */

#include "gpu.h"

#include <cstring>

/* Bytes of shared memory that a block of each compute capability may have. */
static size_t
most_shared (int compute)
{
  switch (compute)
    {
    case 70: return 96 << 10;
    case 75: return 64 << 10;
    case 80: return 163 << 10;
    case 86:
    case 89:
    case 120: return 99 << 10;
    default: return 227 << 10;
    }
}

cudaError_t
cudaGetDeviceCount (int *count)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = raqam_gpu_ready ();

  *count = status == cudaSuccess ? gpu.settings.devices : 0;
  return status;
}

cudaError_t
cudaSetDevice (int device)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = raqam_gpu_ready ();

  if (status == cudaSuccess && device != 0)
    status = raqam_gpu_status (cudaErrorInvalidDevice);
  return status;
}

cudaError_t
cudaGetDevice (int *device)
{
  *device = 0;
  return raqam_gpu_ready ();
}

cudaError_t
cudaDriverGetVersion (int *version)
{
  *version = raqam_gpu ().settings.driver;
  return cudaSuccess;
}

cudaError_t
cudaRuntimeGetVersion (int *version)
{
  *version = CUDART_VERSION;
  return cudaSuccess;
}

cudaError_t
cudaGetDeviceProperties (cudaDeviceProp *properties, int device)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = cudaSetDevice (device);

  if (status != cudaSuccess)
    return status;

  memset (properties, 0, sizeof *properties);
  strcpy (properties->name, "Emulated GPU");
  memset (properties->uuid.bytes, 0xe5, sizeof properties->uuid.bytes);
  properties->totalGlobalMem = gpu.settings.memory;
  properties->sharedMemPerBlock = 48 << 10;
  properties->sharedMemPerBlockOptin = most_shared (gpu.settings.compute);
  properties->sharedMemPerMultiprocessor = properties->sharedMemPerBlockOptin + 1024;
  properties->reservedSharedMemPerBlock = 1024;
  properties->regsPerBlock = 65536;
  properties->regsPerMultiprocessor = 65536;
  properties->warpSize = 32;
  properties->maxThreadsPerBlock = 1024;
  properties->maxThreadsPerMultiProcessor = 2048;
  properties->maxBlocksPerMultiProcessor = 32;
  properties->maxThreadsDim[0] = 1024;
  properties->maxThreadsDim[1] = 1024;
  properties->maxThreadsDim[2] = 64;
  properties->maxGridSize[0] = 0x7fffffff;
  properties->maxGridSize[1] = 65535;
  properties->maxGridSize[2] = 65535;
  properties->major = gpu.settings.compute / 10;
  properties->minor = gpu.settings.compute % 10;
  properties->multiProcessorCount = gpu.settings.n_sm;
  properties->l2CacheSize = 4 << 20;
  properties->unifiedAddressing = 1;
  properties->streamPrioritiesSupported = 1;
  properties->pciBusID = 1;

  return cudaSuccess;
}

cudaError_t
cudaDeviceGetAttribute (int *value, cudaDeviceAttr attribute, int device)
{
  cudaDeviceProp properties;
  cudaError_t status = cudaGetDeviceProperties (&properties, device);

  if (status != cudaSuccess)
    return status;

  switch (attribute)
    {
    case cudaDevAttrComputeCapabilityMajor:
      *value = properties.major;
      return cudaSuccess;
    case cudaDevAttrComputeCapabilityMinor:
      *value = properties.minor;
      return cudaSuccess;
    case cudaDevAttrMultiProcessorCount:
      *value = properties.multiProcessorCount;
      return cudaSuccess;
    case cudaDevAttrMaxSharedMemoryPerBlockOptin:
      *value = properties.sharedMemPerBlockOptin;
      return cudaSuccess;
    case cudaDevAttrMaxThreadsPerMultiProcessor:
      *value = properties.maxThreadsPerMultiProcessor;
      return cudaSuccess;
    default:
      raqam_gpu_say ("it does not know its attribute %d", attribute);
      return raqam_gpu_status (cudaErrorInvalidValue);
    }
}

cudaError_t
cudaFuncSetAttribute (const void *kernel, cudaFuncAttribute attribute, int value)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = raqam_gpu_ready ();

  if (status != cudaSuccess)
    return status;
  if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize
      && attribute != cudaFuncAttributePreferredSharedMemoryCarveout)
    return raqam_gpu_status (cudaErrorInvalidValue);
  if (attribute == cudaFuncAttributePreferredSharedMemoryCarveout)
    return cudaSuccess;
  if (value < 0 || size_t (value) > most_shared (gpu.settings.compute))
    {
      raqam_gpu_say ("a kernel asks for %d bytes of shared memory; a block of this GPU has %zu",
                     value, most_shared (gpu.settings.compute));
      return raqam_gpu_status (cudaErrorInvalidValue);
    }

  gpu.shared_limits[kernel] = value;
  return cudaSuccess;
}
