/* kernels-fold.cu — the kernels of a product with batch norm folded in; see fold.h.
 * SPDX-License-Identifier: MIT */

#include "cuda/kernels-fold.h"

#include "cuda/patches.cuh"

#define THREADS  256
#define WARPS    (THREADS / RAQAM_WARP)
#define LANES    (THREADS / RAQAM_OCTET) /* of the chunks' sums of eight channels */

/* The sum of @value over a block's threads, in thread 0, in one order. */
static __device__ inline double
sum_block (double value)
{
  __shared__ double shared[WARPS];

  value = raqam_warp_sum (value);
  if (threadIdx.x % RAQAM_WARP == 0)
    shared[threadIdx.x / RAQAM_WARP] = value;
  __syncthreads ();

  value = shared[0];
  for (int i = 1; i < WARPS; i++)
    value += shared[i];
  return value;
}

template <typename Kind>
static __global__ void __launch_bounds__ (RAQAM_ROWS_THREADS)
moments_kernel (float *moments, const void *x, RaqamEdge edge, RaqamRows rows)
{
  RaqamShare share = raqam_share (rows);
  float origin[RAQAM_OCTET], sums[2][RAQAM_OCTET] = { { 0 } };

  raqam_load_eight<Kind> (origin, x, edge, 0, share.channel);
  for (guint32 row = share.row; row < share.end; row += share.step)
    {
      float value[RAQAM_OCTET];

      raqam_load_eight<Kind> (value, x, edge, row, share.channel);
      for (int j = 0; j < RAQAM_OCTET; j++)
        {
          float offset = value[j] - origin[j];

          sums[0][j] += offset;
          sums[1][j] += offset * offset;
        }
    }

  raqam_sum_lanes (moments, (size_t) rows.n_chunks * rows.padded, sums, 2, rows);
}

/* A block adds up the sums of eight channels. */
template <typename Kind>
static __global__ void __launch_bounds__ (THREADS)
use_batch_kernel (RaqamFold fold, const void *x, float *running_mean, float *running_variance,
                  float update)
{
  __shared__ double shared[2][LANES][RAQAM_OCTET];
  const RaqamRows &rows = fold.rows;
  int column = threadIdx.x % RAQAM_OCTET, lane = threadIdx.x / RAQAM_OCTET;
  int channel = blockIdx.x * RAQAM_OCTET + column;
  double sum = 0.0, square = 0.0, n = rows.n, offset, mean, variance;
  float origin[RAQAM_OCTET];

  for (int chunk = lane; chunk < rows.n_chunks; chunk += LANES)
    {
      size_t at = (size_t) chunk * rows.padded + channel;

      sum += fold.moments[at];
      square += fold.moments[(size_t) rows.n_chunks * rows.padded + at];
    }
  shared[0][lane][column] = sum;
  shared[1][lane][column] = square;
  __syncthreads ();

  if (lane > 0 || channel >= rows.c)
    return;
  for (int i = 1; i < LANES; i++)
    {
      sum += shared[0][i][column];
      square += shared[1][i][column];
    }

  raqam_load_eight<Kind> (origin, x, fold.edge, 0, blockIdx.x * RAQAM_OCTET);
  offset = sum / n;
  mean = offset;
  for (int j = 0; j < RAQAM_OCTET; j++)
    if (j == column)
      mean += origin[j];
  variance = square / n - offset * offset;
  variance = variance < 0.0 ? 0.0 : variance;

  fold.mean[channel] = (float) mean;
  fold.inverse[channel] = (float) (1.0 / sqrt (variance + fold.epsilon));
  if (update != 0.0f)
    {
      running_mean[channel] += update * ((float) mean - running_mean[channel]);
      running_variance[channel] += update * ((float) variance - running_variance[channel]);
    }
}

extern "C" void
raqam_cuda_fold_use_batch (RaqamFold *self, gconstpointer x, float *running_mean,
                           float *running_variance, float update, cudaStream_t stream)
{
  dim3 grid = raqam_rows_grid (&self->rows);
  size_t shared = raqam_rows_shared (2);
  int blocks = self->rows.padded / RAQAM_OCTET;

  if (self->edge.bf16)
    {
      RAQAM_LAUNCH ((moments_kernel<RaqamBf16>), grid, RAQAM_ROWS_THREADS, shared, stream,
                    self->moments, x, self->edge, self->rows);
      RAQAM_LAUNCH ((use_batch_kernel<RaqamBf16>), blocks, THREADS, 0, stream, *self, x,
                    running_mean, running_variance, update);
    }
  else
    {
      RAQAM_LAUNCH ((moments_kernel<RaqamF32>), grid, RAQAM_ROWS_THREADS, shared, stream,
                    self->moments, x, self->edge, self->rows);
      RAQAM_LAUNCH ((use_batch_kernel<RaqamF32>), blocks, THREADS, 0, stream, *self, x,
                    running_mean, running_variance, update);
    }
}

/* Where tap @tap of the product lies in the weights' own kernel. */
static __device__ inline int
weight_tap (const RaqamFold &fold, int tap)
{
  return fold.turned ? fold.n_taps - 1 - tap : tap;
}

/* A block makes a tap's factors. */
template <typename Kind>
static __global__ void __launch_bounds__ (THREADS)
weights_kernel (RaqamFold fold, RaqamFoldParams params, const float *running_mean,
                const float *running_variance)
{
  int tap = blockIdx.x, n_channels = raqam_cuda_factor_channels (fold.edge.c);
  typename Kind::Factor *factors
    = static_cast<typename Kind::Factor *> (fold.factors) + (size_t) tap * n_channels;
  double constant = 0.0;

  for (int c = threadIdx.x; c < n_channels; c += THREADS)
    {
      bool exists = tap < fold.n_taps && c < fold.edge.c;
      float w = exists ? params.weight[(size_t) c * fold.n_taps + weight_tap (fold, tap)] : 0.0f;
      typename Kind::Factor factor;

      if (exists && fold.norm)
        {
          float mean = running_mean == nullptr ? fold.mean[c] : running_mean[c];
          float inverse = running_mean == nullptr
                            ? fold.inverse[c]
                            : (float) (1.0 / sqrt ((double) running_variance[c] + fold.epsilon));

          factor = Kind::round (w * (params.scale[c] * inverse));
          constant += (double) w * params.shift[c] - (double) raqam_get (factor) * mean;
        }
      else
        factor = Kind::round (w);
      factors[c] = factor;
    }

  constant = sum_block (constant);
  if (threadIdx.x == 0)
    fold.constants[tap] = (float) constant;
}

extern "C" void
raqam_cuda_fold_weights (RaqamFold *self, const RaqamFoldParams *params, const float *running_mean,
                         const float *running_variance, cudaStream_t stream)
{
  int blocks = raqam_cuda_factor_taps (self->n_taps);

  if (self->precision == RAQAM_PRECISION_BF16)
    RAQAM_LAUNCH ((weights_kernel<RaqamBf16>), blocks, THREADS, 0, stream, *self, *params,
                  running_mean, running_variance);
  else if (self->precision == RAQAM_PRECISION_TF32)
    RAQAM_LAUNCH ((weights_kernel<RaqamTf32>), blocks, THREADS, 0, stream, *self, *params,
                  running_mean, running_variance);
  else
    RAQAM_LAUNCH ((weights_kernel<RaqamF32>), blocks, THREADS, 0, stream, *self, *params,
                  running_mean, running_variance);
}

/* A warp has a channel. */
static __global__ void __launch_bounds__ (THREADS)
gradients_kernel (RaqamFold fold, RaqamFoldGradients gradients, RaqamFoldParams params)
{
  int c = blockIdx.x * WARPS + threadIdx.x / RAQAM_WARP, lane = threadIdx.x % RAQAM_WARP;
  bool exists = c < fold.edge.c, normed = exists && fold.norm;
  float mean = normed ? fold.mean[c] : 0.0f, inverse = normed ? fold.inverse[c] : 1.0f;
  float scale = normed ? params.scale[c] * inverse : 1.0f;
  float shift = normed ? params.shift[c] - mean * scale : 0.0f;
  double d_scale = 0.0, d_shift = 0.0, n = fold.rows.n;

  for (int tap = lane; tap < fold.n_taps && exists; tap += RAQAM_WARP)
    {
      size_t at = (size_t) c * fold.n_taps + weight_tap (fold, tap);
      double g = fold.sums[(size_t) tap * fold.correlation.channels + c];
      double s = fold.sums[fold.correlation.tap_sums + tap], w = params.weight[at];

      d_scale += w * (g - mean * s) * inverse;
      d_shift += w * s;
      if (gradients.weight != nullptr)
        gradients.weight[at] = (float) (scale * g + shift * s);
    }
  d_scale = raqam_warp_sum (d_scale);
  d_shift = raqam_warp_sum (d_shift);

  if (lane == 0 && fold.norm)
    {
      float across = (float) (-scale * inverse * d_scale / n);

      fold.across[c] = exists ? across : 0.0f;
      fold.apart[c] = exists ? (float) (-scale * d_shift / n - (double) across * mean) : 0.0f;
      if (exists && gradients.scale != nullptr)
        {
          gradients.scale[c] = (float) d_scale;
          gradients.shift[c] = (float) d_shift;
        }
    }
  if (c == 0 && lane == 0 && gradients.bias != nullptr)
    *gradients.bias = (float) fold.sums[fold.correlation.plane_sum];
}

extern "C" void
raqam_cuda_fold_gradients (RaqamFold *self, const RaqamFoldGradients *gradients,
                           const RaqamFoldParams *params, cudaStream_t stream)
{
  int blocks = raqam_cuda_factor_channels (self->edge.c) / WARPS;

  RAQAM_LAUNCH (gradients_kernel, blocks, THREADS, 0, stream, *self, *gradients, *params);
}
