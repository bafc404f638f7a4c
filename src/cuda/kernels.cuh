/* kernels.cuh — what all kernels share: launching, types, sums, random numbers.
 * SPDX-License-Identifier: MIT
 *
 * Kernels are written in the part of CUDA that tests/cuda-emulator runs on a
 * processor, so that each is tested where there is no GPU: threads, blocks,
 * shared memory, __syncthreads, __syncwarp, __shfl_xor_sync and
 * __shfl_down_sync of whole warps, and wmma's load, fill, mma and store. No
 * atomics (sums must not depend on the order of blocks), no PTX, no fragments
 * taken apart. Every thread of a block reaches every barrier.
 *
 * Sums over more than a block go in two stages: a kernel that leaves partial
 * sums, one a block and their number given by the shape alone, and one that adds
 * them in order.
 */

#pragma once

#ifdef RAQAM_EMULATED
#include "emulator.h"
#else
#include <cuda_bf16.h>
#include <cuda_runtime.h>
#include <mma.h>

/* RAQAM_LAUNCH ((kernel<T>), grid, block, bytes of shared memory, stream, arguments…);
 * the arguments are converted to the kernel's parameters. */
#define RAQAM_LAUNCH(kernel, grid, block, shared, stream, ...)         \
  do                                                                    \
    {                                                                   \
      auto *raqam_kernel = kernel;                                      \
      raqam_kernel<<<(grid), (block), (shared), (stream)>>> (__VA_ARGS__); \
    }                                                                   \
  while (0)

/* Declares `type *name`, the block's dynamic shared memory, aligned to 128 bytes. */
#define RAQAM_SHARED(type, name)                                      \
  extern __shared__ __align__ (128) unsigned char raqam_shared_bytes[]; \
  type *name = reinterpret_cast<type *> (raqam_shared_bytes)

/* Whether the code being compiled may use TF32's and bf16's tensor cores. */
#if defined (__CUDA_ARCH__) && __CUDA_ARCH__ < 800
#define RAQAM_TENSOR_CORES 0
#else
#define RAQAM_TENSOR_CORES 1
#endif
#endif

#define RAQAM_WARP 32

using bf16 = __nv_bfloat16;

/* An edge's value as float, whichever type it has, and back. */
static __device__ inline float raqam_get (float value) { return value; }
static __device__ inline float raqam_get (bf16 value) { return __bfloat162float (value); }
static __device__ inline void raqam_put (float *to, float value) { *to = value; }
static __device__ inline void raqam_put (bf16 *to, float value) { *to = __float2bfloat16 (value); }

/* The sum over a warp, in every lane, always added in the same order. */
template <typename T>
static __device__ inline T
raqam_warp_sum (T value)
{
  for (int lanes = RAQAM_WARP / 2; lanes > 0; lanes /= 2)
    value += __shfl_xor_sync (0xffffffffu, value, lanes);
  return value;
}
