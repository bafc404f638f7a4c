/* octets.cuh — what the kernels over a hidden layer's rows share; see rows.h.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "cuda/kernels.cuh"
#include "cuda/rows.h"

#define RAQAM_OCTET RAQAM_CUDA_CHANNELS

/* Copied whole, which is one or two accesses of 16 bytes. */
template <typename T>
struct alignas (16) RaqamOctet
{
  T value[RAQAM_OCTET];
};

template <typename T>
static __device__ inline void
raqam_load_octet (float *to, const T *from)
{
  RaqamOctet<T> octet = *reinterpret_cast<const RaqamOctet<T> *> (from);

  for (int j = 0; j < RAQAM_OCTET; j++)
    to[j] = raqam_get (octet.value[j]);
}

/* Channels from @n on are written 0, whatever @from has there. */
template <typename T>
static __device__ inline void
raqam_store_octet (T *to, const float *from, int n)
{
  RaqamOctet<T> octet;

  for (int j = 0; j < RAQAM_OCTET; j++)
    raqam_put (&octet.value[j], j < n ? from[j] : 0.0f);
  *reinterpret_cast<RaqamOctet<T> *> (to) = octet;
}

/* Those of memory that is not padded: @n that count, then 0. */
static __device__ inline void
raqam_load_plain (float *to, const float *from, int n)
{
  for (int j = 0; j < RAQAM_OCTET; j++)
    to[j] = j < n ? from[j] : 0.0f;
}

static __device__ inline void
raqam_store_plain (float *to, const float *from, int n)
{
  for (int j = 0; j < RAQAM_OCTET; j++)
    if (j < n)
      to[j] = from[j];
}

/* One octet of one row of an edge that is plain, or else padded and of type T. */
template <typename T, bool PLAIN>
struct RaqamOuter
{
  static __device__ inline void
  load (float *to, const void *edge, const RaqamRows &rows, guint32 row, int channel)
  {
    if (PLAIN)
      raqam_load_plain (to, static_cast<const float *> (edge) + (size_t) row * rows.c + channel,
                        rows.c - channel);
    else
      raqam_load_octet (to, static_cast<const T *> (edge) + (size_t) row * rows.padded + channel);
  }

  static __device__ inline void
  store (void *edge, const float *from, const RaqamRows &rows, guint32 row, int channel)
  {
    if (PLAIN)
      raqam_store_plain (static_cast<float *> (edge) + (size_t) row * rows.c + channel, from,
                         rows.c - channel);
    else
      raqam_store_octet (static_cast<T *> (edge) + (size_t) row * rows.padded + channel, from,
                         rows.c - channel);
  }
};

/* A thread's part of its block's chunk: rows row, row + step, … below end. */
struct RaqamShare
{
  int     channel; /* the octet's first */
  int     n;       /* its channels that count; may be more than an octet has */
  int     lane;
  guint32 begin;   /* the chunk's first row */
  guint32 row, end, step;
};

static __device__ inline RaqamShare
raqam_share (const RaqamRows &rows)
{
  guint32 span = blockIdx.x / rows.chunks_a_span;
  guint32 begin = span * rows.span + blockIdx.x % rows.chunks_a_span * rows.chunk;
  guint32 end = (span + 1) * rows.span;
  RaqamShare share;

  share.channel = (blockIdx.y * rows.octets + threadIdx.x % rows.octets) * RAQAM_OCTET;
  share.n = rows.c - share.channel;
  share.lane = threadIdx.x / rows.octets;
  share.begin = begin;
  share.end = begin >= end ? begin : end - begin > rows.chunk ? begin + rows.chunk : end;
  share.step = rows.lanes;
  share.row = share.lane < rows.lanes && share.channel < rows.padded ? begin + share.lane
                                                                     : share.end;
  return share;
}

/* Rows of chunk @chunk. */
static __device__ inline guint32
raqam_chunk_size (const RaqamRows &rows, int chunk)
{
  guint32 begin = (guint32) (chunk % rows.chunks_a_span) * rows.chunk;

  return begin >= rows.span ? 0
         : rows.span - begin > rows.chunk ? rows.chunk
                                          : rows.span - begin;
}

static __device__ inline float
raqam_activate (float x, float slope)
{
  return x > 0.0f ? x : slope * x;
}

static __device__ inline float
raqam_derive (float d, float out, float slope)
{
  return out > 0.0f ? d : slope * d;
}

/* The bias of an octet of @row. */
static __device__ inline void
raqam_load_bias (float *to, const RaqamBias &bias, const RaqamRows &rows, const guint8 *labels,
                 guint32 row, int channel)
{
  size_t table, pixel;

  if (!bias.whole)
    {
      raqam_load_plain (to, bias.values + channel, rows.c - channel);
      return;
    }

  table = bias.by_label ? labels[row / rows.pixels] : 0;
  pixel = table * rows.pixels + row % rows.pixels;
  raqam_load_octet (to, bias.values + pixel * rows.padded + channel);
}

/* What a kernel draws its mask from, read once a thread. */
struct RaqamMask
{
  uint64_t seed, step;
  uint32_t stream, threshold;
  float    scale;
  bool     drops;
};

static __device__ inline RaqamMask
raqam_mask (const RaqamDropout &dropout)
{
  RaqamMask mask;

  mask.drops = dropout.pulse != NULL;
  mask.seed = mask.drops ? dropout.pulse->seed : 0;
  mask.step = mask.drops ? dropout.pulse->step : 0;
  mask.stream = dropout.stream;
  mask.threshold = dropout.threshold;
  mask.scale = dropout.scale;
  return mask;
}

/* Of an octet of @row: times scale where the mask keeps, 0 elsewhere. The mask
 * counts values without padding, so that an octet lies in two or three of Philox's
 * blocks of four; their words are turned into bits first, which need no registers. */
static __device__ inline void
raqam_drop (float *x, const RaqamMask &mask, const RaqamRows &rows, guint32 row, int channel)
{
  uint64_t first = (uint64_t) row * rows.c + channel;
  uint32_t block = (uint32_t) (first / 4);
  int skip = (int) (first % 4);
  int n_blocks = skip == 0 ? 2 : 3;
  uint32_t keep = 0;

  if (!mask.drops)
    return;

  for (int i = 0; i < n_blocks; i++)
    {
      RaqamPhilox words = raqam_philox (mask.seed, mask.step, mask.stream, block + i);

      for (int word = 0; word < 4; word++)
        keep |= (words.word[word] >= mask.threshold ? 1u : 0u) << (4 * i + word);
    }

  keep >>= skip;
  for (int j = 0; j < RAQAM_OCTET; j++)
    x[j] = keep >> j & 1u ? x[j] * mask.scale : 0.0f;
}

/* Adds up @n_sums octets of every thread over the block's lanes; those of sum i go
 * to partials + i · pitch + the chunk's (padded). Shared memory: n_sums octets a
 * thread, float. Every thread of the block calls it. */
static __device__ inline void
raqam_sum_lanes (float *partials, size_t pitch, const float (*sums)[RAQAM_OCTET], int n_sums,
                 const RaqamRows &rows)
{
  RAQAM_SHARED (float, shared);
  int width = rows.octets * RAQAM_OCTET;

  for (int i = 0; i < n_sums; i++)
    for (int j = 0; j < RAQAM_OCTET; j++)
      shared[(i * RAQAM_OCTET + j) * blockDim.x + threadIdx.x] = sums[i][j];
  __syncthreads ();

  for (int k = threadIdx.x; k < n_sums * width; k += blockDim.x)
    {
      int octet = k % rows.octets, which = k / rows.octets;
      int channel = (blockIdx.y * rows.octets + octet) * RAQAM_OCTET + which % RAQAM_OCTET;
      float sum = 0.0f;

      for (int lane = 0; lane < rows.lanes; lane++)
        sum += shared[which * blockDim.x + lane * rows.octets + octet];
      if (channel < rows.padded)
        partials[which / RAQAM_OCTET * pitch + (size_t) blockIdx.x * rows.padded + channel] = sum;
    }
}

static inline dim3
raqam_rows_grid (const RaqamRows *rows)
{
  int width = rows->octets * RAQAM_OCTET;

  return dim3 (rows->n_chunks, (rows->padded + width - 1) / width);
}

/* Bytes of shared memory that raqam_sum_lanes() takes. */
static inline size_t
raqam_rows_shared (int n_sums)
{
  return (size_t) n_sums * RAQAM_ROWS_THREADS * RAQAM_OCTET * sizeof (float);
}

/* Launches kernel<T, PLAIN> over @rows, T by @bf16. */
#define RAQAM_LAUNCH_ROWS(kernel, rows, bf16_edge, plain, shared, stream, ...)                  \
  do                                                                                            \
    {                                                                                           \
      dim3 raqam_grid = raqam_rows_grid (rows);                                                 \
      if ((bf16_edge) && (plain))                                                               \
        RAQAM_LAUNCH ((kernel<bf16, true>), raqam_grid, RAQAM_ROWS_THREADS, shared, stream,     \
                      __VA_ARGS__);                                                             \
      else if (bf16_edge)                                                                       \
        RAQAM_LAUNCH ((kernel<bf16, false>), raqam_grid, RAQAM_ROWS_THREADS, shared, stream,    \
                      __VA_ARGS__);                                                             \
      else if (plain)                                                                           \
        RAQAM_LAUNCH ((kernel<float, true>), raqam_grid, RAQAM_ROWS_THREADS, shared, stream,    \
                      __VA_ARGS__);                                                             \
      else                                                                                      \
        RAQAM_LAUNCH ((kernel<float, false>), raqam_grid, RAQAM_ROWS_THREADS, shared, stream,   \
                      __VA_ARGS__);                                                             \
    }                                                                                           \
  while (0)
