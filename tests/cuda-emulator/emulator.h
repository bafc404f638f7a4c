/* emulator.h — what kernels see when a processor runs them.
 * SPDX-License-Identifier: MIT
 *
 * The part of CUDA's device code that src/cuda/kernels.cuh names, for g++. Types
 * and conversions are CUDA's own headers'; the rest is here. The threads of a
 * block run one after another, each up to its next barrier, in an order that
 * RAQAM_EMULATOR_ORDER gives (see control.h); blocks run one after another. So
 * __shared__ is static, and what lies there before a thread writes it is what the
 * last block left.
 *
 * Every launch is checked as a GPU would, and more: a barrier or a warp's function
 * that not all its threads reach, or not in the same line, fails the launch.
 */

#pragma once

#include <cuda_runtime_api.h>

#include <cuda_bf16.h>
#include <vector_functions.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <tuple>

#undef __shared__
#define __shared__ static
#undef __launch_bounds__
#define __launch_bounds__(...)

/* Of the thread that runs; set before it starts and whenever it goes on. */
extern uint3 threadIdx, blockIdx;
extern dim3 blockDim, gridDim;
static const int warpSize = 32;

/* Waits until all threads of the block have come to @line. */
void raqam_emulator_block_barrier (int line);

/* Waits until all lanes of the warp have come to @line, each with its @argument; the
 * last one runs @all (with the 32 arguments, by lane) for them. */
void raqam_emulator_warp_barrier (int line, void *argument, void (*all) (void **arguments));

/* This block's dynamic shared memory, aligned to 128 bytes. */
void *raqam_emulator_shared (void);

/* Fails the launch that is running, once its block has come to an end. */
void raqam_emulator_fault (const char *what, int line);

/* The same, on GPUs older than @compute. */
void raqam_emulator_need_compute (int compute, const char *what, int line);

/* Checks a launch and puts it on @stream. @kernel: its address, for attributes. */
void raqam_emulator_launch_function (const void *kernel, const char *name, dim3 grid, dim3 block,
                                     size_t shared, cudaStream_t stream,
                                     std::function<void ()> thread);

template <typename... Parameters, typename... Arguments>
static inline void
raqam_emulator_launch (const char *name, void (*kernel) (Parameters...), dim3 grid, dim3 block,
                       size_t shared, cudaStream_t stream, Arguments &&...arguments)
{
  std::tuple<Parameters...> values (static_cast<Parameters> (arguments)...);

  raqam_emulator_launch_function (reinterpret_cast<const void *> (kernel), name, grid, block,
                                  shared, stream,
                                  [kernel, values] { std::apply (kernel, values); });
}

#define RAQAM_LAUNCH(kernel, grid, block, shared, stream, ...) \
  raqam_emulator_launch (#kernel, kernel, grid, block, shared, stream, ##__VA_ARGS__)

#define RAQAM_SHARED(type, name) \
  type *name = static_cast<type *> (raqam_emulator_shared ())

#define RAQAM_TENSOR_CORES 1

template <typename... Parameters>
static inline cudaError_t
cudaFuncSetAttribute (void (*kernel) (Parameters...), cudaFuncAttribute attribute, int value)
{
  return cudaFuncSetAttribute (reinterpret_cast<const void *> (kernel), attribute, value);
}

/* Barriers and shuffles. __builtin_LINE() is the line of the caller. */

static inline void
__syncthreads (int line = __builtin_LINE ())
{
  raqam_emulator_block_barrier (line);
}

static inline void
__syncwarp (unsigned mask = 0xffffffffu, int line = __builtin_LINE ())
{
  if (mask != 0xffffffffu)
    raqam_emulator_fault ("__syncwarp of a part of a warp", line);
  raqam_emulator_warp_barrier (line, nullptr, nullptr);
}

template <typename T>
struct RaqamEmulatorShuffle
{
  T value;
  int from; /* the lane whose value is wanted */
  T got;

  static void
  all (void **arguments)
  {
    for (int lane = 0; lane < warpSize; lane++)
      {
        auto *own = static_cast<RaqamEmulatorShuffle *> (arguments[lane]);

        own->got = static_cast<RaqamEmulatorShuffle *> (arguments[own->from])->value;
      }
  }
};

template <typename T>
static inline T
raqam_emulator_shuffle (unsigned mask, T value, int from, int line)
{
  RaqamEmulatorShuffle<T> shuffle = { value, from, value };

  if (mask != 0xffffffffu)
    raqam_emulator_fault ("a shuffle of a part of a warp", line);
  raqam_emulator_warp_barrier (line, &shuffle, RaqamEmulatorShuffle<T>::all);

  return shuffle.got;
}

static inline int
raqam_emulator_lane (void)
{
  return (threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z)) % warpSize;
}

template <typename T>
static inline T
__shfl_xor_sync (unsigned mask, T value, int lanes, int line = __builtin_LINE ())
{
  return raqam_emulator_shuffle (mask, value, (raqam_emulator_lane () ^ lanes) % warpSize, line);
}

template <typename T>
static inline T
__shfl_down_sync (unsigned mask, T value, unsigned lanes, int line = __builtin_LINE ())
{
  int own = raqam_emulator_lane ();
  int from = own + static_cast<int> (lanes);

  return raqam_emulator_shuffle (mask, value, from < warpSize ? from : own, line);
}

/* What device code has and C++ has not. */

static inline float rsqrtf (float x) { return 1.0f / sqrtf (x); }
static inline double rsqrt (double x) { return 1.0 / sqrt (x); }
static inline float __saturatef (float x) { return x > 0 ? (x < 1 ? x : 1) : 0; }
static inline float __fmaf_rn (float x, float y, float z) { return fmaf (x, y, z); }
static inline float __fadd_rn (float x, float y) { return x + y; }
static inline float __fmul_rn (float x, float y) { return x * y; }
static inline float __fdiv_rn (float x, float y) { return x / y; }
static inline float __fsqrt_rn (float x) { return sqrtf (x); }

static inline unsigned
__umulhi (unsigned x, unsigned y)
{
  return static_cast<unsigned> ((static_cast<uint64_t> (x) * y) >> 32);
}

template <typename To, typename From>
static inline To
raqam_emulator_bits (From from)
{
  To to;

  static_assert (sizeof to == sizeof from, "bits of another size");
  memcpy (&to, &from, sizeof to);
  return to;
}

static inline unsigned __float_as_uint (float x) { return raqam_emulator_bits<unsigned> (x); }
static inline int __float_as_int (float x) { return raqam_emulator_bits<int> (x); }
static inline float __uint_as_float (unsigned x) { return raqam_emulator_bits<float> (x); }
static inline float __int_as_float (int x) { return raqam_emulator_bits<float> (x); }

template <typename T>
static inline T
__ldg (const T *from)
{
  return *from;
}

/* As CUDA's, and unlike std::min(), of mixed types too. */
template <typename X, typename Y>
static inline auto
min (X x, Y y) -> decltype (x + y)
{
  return x < y ? x : y;
}

template <typename X, typename Y>
static inline auto
max (X x, Y y) -> decltype (x + y)
{
  return x > y ? x : y;
}

#include "wmma.h"
