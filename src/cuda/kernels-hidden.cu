/* kernels-hidden.cu — kernels over the values of a hidden layer.
 * SPDX-License-Identifier: MIT */

#include "cuda/kernels-hidden.h"

#include "cuda/octets.cuh"

#define THREADS 256

/* Channels and lanes of a block that adds up chunks. */
#define SUM_CHANNELS 32
#define SUM_LANES    16

/* One thread an octet. */
template <typename T>
static __global__ void
pad_kernel (T *padded, const float *plain, size_t n_octets, int octets, int c)
{
  size_t at = (size_t) blockIdx.x * THREADS + threadIdx.x;
  int channel = (int) (at % octets) * RAQAM_OCTET;
  float x[RAQAM_OCTET];

  if (at >= n_octets)
    return;

  raqam_load_plain (x, plain + at / octets * c + channel, c - channel);
  raqam_store_octet (padded + at * RAQAM_OCTET, x, c - channel);
}

template <typename T>
static __global__ void
unpad_kernel (float *plain, const T *padded, size_t n_octets, int octets, int c)
{
  size_t at = (size_t) blockIdx.x * THREADS + threadIdx.x;
  int channel = (int) (at % octets) * RAQAM_OCTET;
  float x[RAQAM_OCTET];

  if (at >= n_octets)
    return;

  raqam_load_octet (x, padded + at * RAQAM_OCTET);
  raqam_store_plain (plain + at / octets * c + channel, x, c - channel);
}

template <typename T, bool PLAIN>
static __global__ __launch_bounds__ (RAQAM_ROWS_THREADS, 4) void
bias_activation_kernel (void *out, const void *x, RaqamBias bias, float slope,
                        RaqamDropout dropout, const guint8 *labels, RaqamRows rows)
{
  RaqamShare share = raqam_share (rows);
  RaqamMask mask = raqam_mask (dropout);
  float value[RAQAM_OCTET], add[RAQAM_OCTET] = { 0 };

  if (share.row < share.end && bias.values != NULL && !bias.whole)
    raqam_load_bias (add, bias, rows, labels, share.row, share.channel);

  for (guint32 row = share.row; row < share.end; row += share.step)
    {
      if (bias.whole)
        raqam_load_bias (add, bias, rows, labels, row, share.channel);
      RaqamOuter<T, false>::load (value, x, rows, row, share.channel);
      for (int j = 0; j < RAQAM_OCTET; j++)
        value[j] = raqam_activate (value[j] + add[j], slope);
      raqam_drop (value, mask, rows, row, share.channel);
      RaqamOuter<T, PLAIN>::store (out, value, rows, row, share.channel);
    }
}

template <typename T, bool PLAIN>
static __global__ __launch_bounds__ (RAQAM_ROWS_THREADS, 4) void
activation_backward_kernel (void *d, float *partials, const void *d_out, const void *out,
                            float slope, RaqamDropout dropout, RaqamRows rows)
{
  RaqamShare share = raqam_share (rows);
  RaqamMask mask = raqam_mask (dropout);
  float value[RAQAM_OCTET], made[RAQAM_OCTET], sum[1][RAQAM_OCTET] = { { 0 } };

  for (guint32 row = share.row; row < share.end; row += share.step)
    {
      RaqamOuter<T, PLAIN>::load (value, d_out, rows, row, share.channel);
      raqam_drop (value, mask, rows, row, share.channel);
      if (slope != 1.0f)
        {
          RaqamOuter<T, PLAIN>::load (made, out, rows, row, share.channel);
          for (int j = 0; j < RAQAM_OCTET; j++)
            value[j] = raqam_derive (value[j], made[j], slope);
        }
      for (int j = 0; j < RAQAM_OCTET; j++)
        sum[0][j] += value[j];
      RaqamOuter<T, false>::store (d, value, rows, row, share.channel);
    }

  if (partials != NULL)
    raqam_sum_lanes (partials, 0, sum, 1, rows);
}

/* Blocks of (SUM_CHANNELS, SUM_LANES) threads; a lane takes every SUM_LANES-th chunk. */
static __global__ void
sum_chunks_kernel (float *sums, const float *partials, RaqamRows rows)
{
  __shared__ double shared[SUM_LANES][SUM_CHANNELS];
  int channel = blockIdx.x * SUM_CHANNELS + threadIdx.x;
  double sum = 0;

  if (channel < rows.c)
    for (int chunk = threadIdx.y; chunk < rows.n_chunks; chunk += SUM_LANES)
      if (raqam_chunk_size (rows, chunk) > 0)
        sum += partials[(size_t) chunk * rows.padded + channel];
  shared[threadIdx.y][threadIdx.x] = sum;
  __syncthreads ();

  if (threadIdx.y == 0 && channel < rows.c)
    {
      for (int lane = 1; lane < SUM_LANES; lane++)
        sum += shared[lane][threadIdx.x];
      sums[channel] = (float) sum;
    }
}

void
raqam_cuda_launch_pad (gpointer padded, const float *plain, gsize n, int c, gboolean bf16_edge,
                cudaStream_t stream)
{
  int octets = raqam_cuda_padded (c) / RAQAM_OCTET;
  gsize n_octets = n * octets;
  unsigned grid = (unsigned) ((n_octets + THREADS - 1) / THREADS);

  if (bf16_edge)
    RAQAM_LAUNCH (pad_kernel<bf16>, grid, THREADS, 0, stream, static_cast<bf16 *> (padded), plain,
                  n_octets, octets, c);
  else
    RAQAM_LAUNCH (pad_kernel<float>, grid, THREADS, 0, stream, static_cast<float *> (padded),
                  plain, n_octets, octets, c);
}

void
raqam_cuda_launch_unpad (float *plain, gconstpointer padded, gsize n, int c, gboolean bf16_edge,
                  cudaStream_t stream)
{
  int octets = raqam_cuda_padded (c) / RAQAM_OCTET;
  gsize n_octets = n * octets;
  unsigned grid = (unsigned) ((n_octets + THREADS - 1) / THREADS);

  if (bf16_edge)
    RAQAM_LAUNCH (unpad_kernel<bf16>, grid, THREADS, 0, stream, plain,
                  static_cast<const bf16 *> (padded), n_octets, octets, c);
  else
    RAQAM_LAUNCH (unpad_kernel<float>, grid, THREADS, 0, stream, plain,
                  static_cast<const float *> (padded), n_octets, octets, c);
}

void
raqam_cuda_launch_bias_activation (gpointer out, gboolean plain, gconstpointer x, gboolean bf16_edge,
                            const RaqamBias *bias, float slope, const RaqamDropout *dropout,
                            const guint8 *labels, const RaqamRows *rows, cudaStream_t stream)
{
  RAQAM_LAUNCH_ROWS (bias_activation_kernel, rows, bf16_edge, plain, 0, stream, out, x, *bias,
                     slope, *dropout, labels, *rows);
}

void
raqam_cuda_launch_activation_backward (gpointer d, float *partials, gconstpointer d_out,
                                gconstpointer out, gboolean plain, gboolean bf16_edge, float slope,
                                const RaqamDropout *dropout, const RaqamRows *rows,
                                cudaStream_t stream)
{
  RAQAM_LAUNCH_ROWS (activation_backward_kernel, rows, bf16_edge, plain, raqam_rows_shared (1),
                     stream, d, partials, d_out, out, slope, *dropout, *rows);
}

void
raqam_cuda_launch_sum_chunks (float *sums, const float *partials, const RaqamRows *rows,
                       cudaStream_t stream)
{
  unsigned grid = (rows->c + SUM_CHANNELS - 1) / SUM_CHANNELS;

  RAQAM_LAUNCH (sum_chunks_kernel, grid, dim3 (SUM_CHANNELS, SUM_LANES), 0, stream, sums, partials,
                *rows);
}
