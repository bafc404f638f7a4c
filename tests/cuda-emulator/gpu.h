/* gpu.h — the state of the pretended GPU; within the emulator only.
 * SPDX-License-Identifier: MIT
 *
 * One lock guards all of it. It is held while work runs, so that what kernels see
 * (threadIdx, static shared memory) is one thread's at a time.
 */

#pragma once

#include "control.h"
#include "stream.h"

#include <map>
#include <mutex>
#include <set>
#include <vector>

struct RaqamGpu
{
  std::recursive_mutex  mutex;
  RaqamEmulatorSettings settings;
  RaqamEmulatorCounts   counts;
  cudaError_t           broken; /* what every call returns once it is not cudaSuccess */

  std::map<char *, size_t> device_memory; /* from start to size */
  std::map<char *, size_t> pinned_memory;
  std::set<cudaStream_t>   streams;
  std::map<const void *, size_t> shared_limits; /* of kernels that asked for more */
};

RaqamGpu &raqam_gpu (void);

/* Says @what on stderr, with the emulator's name before it. */
void raqam_gpu_say (const char *format, ...) __attribute__ ((format (printf, 1, 2)));

/* Keeps @status for cudaGetLastError() and returns it. */
cudaError_t raqam_gpu_status (cudaError_t status);

/* What a call has to return before it looks at its arguments. */
cudaError_t raqam_gpu_ready (void);

/* Ends every use of the GPU until a reset. */
void raqam_gpu_break (cudaError_t status);

/* To be called before each kernel or cuDNN operation: whether it may run. */
bool raqam_gpu_begin_work (void);

/* Whether @n_bytes from @at lie in one piece of @memory. */
bool raqam_gpu_holds (const std::map<char *, size_t> &memory, const void *at, size_t n_bytes);

/* Runs what streams were asked and have not done. */
void raqam_stream_drain (cudaStream_t stream);
void raqam_stream_drain_all (void);

/* What waits for, or allocates, may not be while this thread captures: then the
 * capture is spoilt and this is the error. */
cudaError_t raqam_stream_refuse_in_capture (const char *what);

enum RaqamWorkKind
{
  RAQAM_WORK_COMPUTE, /* may be made to fail */
  RAQAM_WORK_COPY,
  RAQAM_WORK_HOST, /* touches the host's memory, so that src/cuda may not record it */
};

cudaError_t raqam_stream_enqueue (cudaStream_t stream, RaqamWorkKind kind, const char *what,
                                  std::function<void ()> work);
