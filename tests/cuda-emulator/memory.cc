/* memory.cc — the pretended GPU's memory: malloc's, to the byte, full of NaN.
 * SPDX-License-Identifier: MIT
 *
 * The address sanitizer sees every access outside a piece of it, and copies and
 * fills are checked without the sanitizer too.
 */

#include "gpu.h"

#include <cstdlib>
#include <cstring>
#include <memory>

static cudaError_t
allocate (std::map<char *, size_t> &pieces, void **memory, size_t n_bytes)
{
  *memory = nullptr;
  if (n_bytes == 0)
    return cudaSuccess;
  if (posix_memalign (memory, 256, n_bytes) != 0)
    return raqam_gpu_status (cudaErrorMemoryAllocation);

  memset (*memory, 0xff, n_bytes);
  pieces[static_cast<char *> (*memory)] = n_bytes;
  raqam_gpu ().counts.objects++;
  return cudaSuccess;
}

static cudaError_t
release (std::map<char *, size_t> &pieces, void *memory)
{
  if (memory == nullptr)
    return cudaSuccess;
  if (pieces.erase (static_cast<char *> (memory)) == 0)
    return raqam_gpu_status (cudaErrorInvalidValue);

  raqam_gpu ().counts.objects--;
  free (memory);
  return cudaSuccess;
}

cudaError_t
cudaMalloc (void **memory, size_t n_bytes)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = raqam_gpu_ready ();

  if (status == cudaSuccess)
    status = raqam_stream_refuse_in_capture ("cudaMalloc");
  if (status != cudaSuccess)
    return status;

  gpu.counts.allocs++;
  if (gpu.counts.allocs == gpu.settings.fail_alloc
      || n_bytes > gpu.settings.memory - gpu.counts.bytes)
    return raqam_gpu_status (cudaErrorMemoryAllocation);

  status = allocate (gpu.device_memory, memory, n_bytes);
  if (status == cudaSuccess)
    gpu.counts.bytes += n_bytes;
  return status;
}

/* Memory goes back even where the GPU is lost, so that tests see what is forgotten. */
cudaError_t
cudaFree (void *memory)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t broken = raqam_gpu_ready ();
  cudaError_t status = raqam_stream_refuse_in_capture ("cudaFree");
  auto piece = gpu.device_memory.find (static_cast<char *> (memory));

  if (status != cudaSuccess)
    return status;

  raqam_stream_drain_all ();
  if (piece != gpu.device_memory.end ())
    gpu.counts.bytes -= piece->second;
  status = release (gpu.device_memory, memory);
  return broken != cudaSuccess ? broken : status;
}

cudaError_t
cudaMallocHost (void **memory, size_t n_bytes)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = raqam_gpu_ready ();

  if (status == cudaSuccess)
    status = raqam_stream_refuse_in_capture ("cudaMallocHost");
  return status != cudaSuccess ? status : allocate (gpu.pinned_memory, memory, n_bytes);
}

cudaError_t
cudaFreeHost (void *memory)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t broken = raqam_gpu_ready ();
  cudaError_t status = raqam_stream_refuse_in_capture ("cudaFreeHost");

  if (status != cudaSuccess)
    return status;

  raqam_stream_drain_all ();
  status = release (gpu.pinned_memory, memory);
  return broken != cudaSuccess ? broken : status;
}

cudaError_t
cudaMemGetInfo (size_t *unused, size_t *total)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = raqam_gpu_ready ();

  *total = gpu.settings.memory;
  *unused = gpu.settings.memory - gpu.counts.bytes;
  return status;
}

static bool
on_device (const void *memory, size_t n_bytes)
{
  return raqam_gpu_holds (raqam_gpu ().device_memory, memory, n_bytes);
}

static cudaError_t
check_copy (const void *to, const void *from, size_t n_bytes, cudaMemcpyKind kind)
{
  bool right;

  switch (kind)
    {
    case cudaMemcpyHostToDevice:
      right = on_device (to, n_bytes) && !on_device (from, 1);
      break;
    case cudaMemcpyDeviceToHost:
      right = !on_device (to, 1) && on_device (from, n_bytes);
      break;
    case cudaMemcpyDeviceToDevice:
      right = on_device (to, n_bytes) && on_device (from, n_bytes);
      break;
    default:
      right = false;
    }
  if (!right)
    raqam_gpu_say ("a copy of %zu bytes, of kind %d, leaves the memory that is there", n_bytes, kind);

  return raqam_gpu_status (right ? cudaSuccess : cudaErrorInvalidValue);
}

/* Memory that is not pinned is read before the call returns, and is written before too. */
static cudaError_t
copy (void *to, const void *from, size_t n_bytes, cudaMemcpyKind kind, cudaStream_t stream)
{
  RaqamGpu &gpu = raqam_gpu ();
  RaqamWorkKind work = kind == cudaMemcpyDeviceToDevice ? RAQAM_WORK_COPY : RAQAM_WORK_HOST;
  cudaError_t status;

  if (kind == cudaMemcpyHostToDevice && !raqam_gpu_holds (gpu.pinned_memory, from, n_bytes))
    {
      auto begin = static_cast<const char *> (from);
      auto staged = std::make_shared<std::vector<char>> (begin, begin + n_bytes);

      return raqam_stream_enqueue (stream, work, "cudaMemcpyAsync",
                                   [=] { memcpy (to, staged->data (), n_bytes); });
    }

  status = raqam_stream_enqueue (stream, work, "cudaMemcpyAsync",
                                 [=] { memmove (to, from, n_bytes); });
  if (status == cudaSuccess && kind == cudaMemcpyDeviceToHost
      && !raqam_gpu_holds (gpu.pinned_memory, to, n_bytes))
    raqam_stream_drain (stream);

  return raqam_gpu_status (gpu.broken != cudaSuccess ? gpu.broken : status);
}

cudaError_t
cudaMemcpyAsync (void *to, const void *from, size_t n_bytes, cudaMemcpyKind kind,
                 cudaStream_t stream)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = raqam_gpu_ready ();

  if (status != cudaSuccess || n_bytes == 0)
    return status;

  status = check_copy (to, from, n_bytes, kind);
  return status != cudaSuccess ? status : copy (to, from, n_bytes, kind, stream);
}

cudaError_t
cudaMemcpy (void *to, const void *from, size_t n_bytes, cudaMemcpyKind kind)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = raqam_stream_refuse_in_capture ("cudaMemcpy");

  if (status == cudaSuccess)
    status = cudaMemcpyAsync (to, from, n_bytes, kind, cudaStreamLegacy);
  if (status != cudaSuccess || kind == cudaMemcpyDeviceToDevice)
    return status;

  gpu.counts.waits++;
  raqam_stream_drain (cudaStreamLegacy);
  return raqam_gpu_ready ();
}

cudaError_t
cudaMemsetAsync (void *memory, int value, size_t n_bytes, cudaStream_t stream)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = raqam_gpu_ready ();

  if (status != cudaSuccess || n_bytes == 0)
    return status;
  if (!on_device (memory, n_bytes))
    {
      raqam_gpu_say ("filling %zu bytes leaves the memory that is there", n_bytes);
      return raqam_gpu_status (cudaErrorInvalidValue);
    }

  return raqam_stream_enqueue (stream, RAQAM_WORK_COPY, "cudaMemsetAsync",
                               [=] { memset (memory, value, n_bytes); });
}

cudaError_t
cudaMemset (void *memory, int value, size_t n_bytes)
{
  std::lock_guard lock (raqam_gpu ().mutex);
  cudaError_t status = raqam_stream_refuse_in_capture ("cudaMemset");

  return status != cudaSuccess ? status : cudaMemsetAsync (memory, value, n_bytes, cudaStreamLegacy);
}
