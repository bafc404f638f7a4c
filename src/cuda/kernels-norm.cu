/* kernels-norm.cu — a hidden layer's batch norm, forward.
 * SPDX-License-Identifier: MIT */

#include "cuda/kernels-norm.h"

#include "cuda/octets.cuh"

/* Channels and lanes of a block that goes through channels. */
#define CHANNELS 32
#define LANES    16

/* Some values' number, mean, and sum of squares around that. */
struct Moments
{
  double n, mean, squares;
};

/* Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing
 * sample variances", 1979. */
static __device__ inline void
merge (Moments *to, const Moments &from)
{
  double gap = from.mean - to->mean;
  double n = to->n + from.n;
  double share = from.n / n;

  if (from.n == 0)
    return;

  to->squares += from.squares + gap * gap * to->n * share;
  to->mean += gap * share;
  to->n = n;
}

/* x as it is stored, from y: what is summed must be what will be normalised. */
template <typename T>
static __device__ inline void
make_x (float *x, const T *y, const float *bias, float slope, const RaqamRows &rows, guint32 row,
        int channel)
{
  raqam_load_octet (x, y + (size_t) row * rows.padded + channel);
  for (int j = 0; j < RAQAM_OCTET; j++)
    {
      T stored;

      raqam_put (&stored, raqam_activate (x[j] + bias[j], slope));
      x[j] = raqam_get (stored);
    }
}

template <typename T, bool PLAIN>
static __global__ __launch_bounds__ (RAQAM_ROWS_THREADS, 4) void
norm_collect_kernel (RaqamCudaNorm norm, void *values, RaqamBias bias, const guint8 *labels)
{
  const RaqamRows &rows = norm.rows;
  RaqamShare share = raqam_share (rows);
  size_t pitch = (size_t) rows.n_chunks * rows.padded;
  T *y = static_cast<T *> (values);
  bool changes = bias.values != NULL || norm.inner != 1.0f;
  float x[RAQAM_OCTET], add[RAQAM_OCTET] = { 0 }, origin[RAQAM_OCTET] = { 0 };
  float sum[2][RAQAM_OCTET] = { { 0 } };

  /* Each takes it from the chunk's first row, which one of them changes next. */
  if (share.row < share.end)
    {
      if (bias.values != NULL)
        raqam_load_bias (add, bias, rows, labels, share.begin, share.channel);
      make_x (origin, y, add, norm.inner, rows, share.begin, share.channel);
    }
  __syncthreads ();

  for (guint32 row = share.row; row < share.end; row += share.step)
    {
      if (bias.whole)
        raqam_load_bias (add, bias, rows, labels, row, share.channel);
      make_x (x, y, add, norm.inner, rows, row, share.channel);
      if (changes)
        raqam_store_octet (y + (size_t) row * rows.padded + share.channel, x, share.n);
      for (int j = 0; j < RAQAM_OCTET; j++)
        {
          float offset = x[j] - origin[j];

          sum[0][j] += offset;
          sum[1][j] += offset * offset;
        }
    }

  if (share.lane == 0 && share.channel < rows.padded)
    for (int j = 0; j < RAQAM_OCTET; j++)
      norm.partials[(size_t) blockIdx.x * rows.padded + share.channel + j] = origin[j];
  raqam_sum_lanes (norm.partials + pitch, pitch, sum, 2, rows);
}

static __device__ inline Moments
chunk_moments (const RaqamCudaNorm &norm, int chunk, int channel)
{
  size_t pitch = (size_t) norm.rows.n_chunks * norm.rows.padded;
  const float *partial = norm.partials + (size_t) chunk * norm.rows.padded + channel;
  double n = raqam_chunk_size (norm.rows, chunk);
  double sum = partial[pitch];
  Moments moments = { 0, 0, 0 };

  if (n > 0)
    {
      moments.n = n;
      moments.mean = partial[0] + sum / n;
      moments.squares = partial[2 * pitch] - sum * sum / n;
    }
  return moments;
}

/* The batch's, from those of the lanes. */
static __device__ inline void
use_moments (const RaqamCudaNorm &norm, double *kept_mean, double *kept_inverse,
             const Moments &all, int channel, float *mean, float *variance, float update)
{
  /* Written so that a NaN comes out again. */
  double spread = all.squares < 0 ? 0.0 : all.squares / all.n;
  double inverse = 1.0 / sqrt (spread + norm.epsilon);

  norm.mean[channel] = (float) all.mean;
  norm.inverse[channel] = (float) inverse;
  if (update != 0.0f)
    {
      mean[channel] += update * ((float) all.mean - mean[channel]);
      variance[channel] += update * ((float) spread - variance[channel]);
    }
  *kept_mean = all.mean;
  *kept_inverse = inverse;
}

/* Blocks of (CHANNELS, LANES) threads: a lane merges every LANES-th chunk, and makes
 * every LANES-th table. */
static __global__ void
norm_use_batch_kernel (RaqamCudaNorm norm, const float *scale, const float *shift, float *mean,
                       float *variance, float update)
{
  __shared__ Moments merged[LANES][CHANNELS];
  __shared__ double kept[2][CHANNELS];
  int x = threadIdx.x, lane = threadIdx.y;
  int channel = blockIdx.x * CHANNELS + x;
  int c = norm.rows.c;
  Moments all = { 0, 0, 0 };

  if (channel < c)
    for (int chunk = lane; chunk < norm.rows.n_chunks; chunk += LANES)
      merge (&all, chunk_moments (norm, chunk, channel));
  merged[lane][x] = all;
  __syncthreads ();

  if (lane == 0 && channel < c)
    {
      for (int i = 1; i < LANES; i++)
        merge (&all, merged[i][x]);
      use_moments (norm, &kept[0][x], &kept[1][x], all, channel, mean, variance, update);
    }
  __syncthreads ();

  if (channel < c)
    for (int table = lane; table < norm.n_tables; table += LANES)
      {
        size_t from = (size_t) table * c + channel;
        size_t to = (size_t) table * norm.rows.padded + channel;
        double factor = scale[from] * kept[1][x];

        norm.scale[to] = (float) factor;
        norm.shift[to] = (float) (shift[from] - kept[0][x] * factor);
      }
}

template <typename T, bool PLAIN>
static __global__ __launch_bounds__ (RAQAM_ROWS_THREADS, 4) void
normalise_kernel (RaqamCudaNorm norm, void *out, const void *values, RaqamDropout dropout,
                  const guint8 *labels)
{
  const RaqamRows &rows = norm.rows;
  RaqamShare share = raqam_share (rows);
  RaqamMask mask = raqam_mask (dropout);
  float x[RAQAM_OCTET], scale[RAQAM_OCTET], shift[RAQAM_OCTET];
  int loaded = -1;

  for (guint32 row = share.row; row < share.end; row += share.step)
    {
      int table = norm.n_tables > 1 ? labels[row / rows.pixels] : 0;

      if (table != loaded)
        {
          raqam_load_octet (scale, norm.scale + (size_t) table * rows.padded + share.channel);
          raqam_load_octet (shift, norm.shift + (size_t) table * rows.padded + share.channel);
          loaded = table;
        }
      RaqamOuter<T, false>::load (x, values, rows, row, share.channel);
      for (int j = 0; j < RAQAM_OCTET; j++)
        x[j] = raqam_activate (fmaf (x[j], scale[j], shift[j]), norm.outer);
      raqam_drop (x, mask, rows, row, share.channel);
      RaqamOuter<T, PLAIN>::store (out, x, rows, row, share.channel);
    }
}

/* Scale and shift of one octet by the running statistics. */
static __device__ inline void
use_running (float *scale, float *shift, const float *slab_scale, const float *slab_shift,
             const float *mean, const float *variance, float epsilon, int table, int channel,
             int c)
{
  float middle[RAQAM_OCTET], spread[RAQAM_OCTET];

  raqam_load_plain (middle, mean + channel, c - channel);
  raqam_load_plain (spread, variance + channel, c - channel);
  raqam_load_plain (scale, slab_scale + (size_t) table * c + channel, c - channel);
  raqam_load_plain (shift, slab_shift + (size_t) table * c + channel, c - channel);
  for (int j = 0; j < RAQAM_OCTET; j++)
    {
      scale[j] /= sqrtf (spread[j] + epsilon);
      shift[j] -= middle[j] * scale[j];
    }
}

template <typename T, bool PLAIN>
static __global__ __launch_bounds__ (RAQAM_ROWS_THREADS, 4) void
norm_infer_kernel (RaqamCudaNorm norm, void *out, const void *values, RaqamBias bias,
                   const float *slab_scale, const float *slab_shift, const float *mean,
                   const float *variance, const guint8 *labels)
{
  const RaqamRows &rows = norm.rows;
  RaqamShare share = raqam_share (rows);
  float x[RAQAM_OCTET], add[RAQAM_OCTET] = { 0 }, scale[RAQAM_OCTET], shift[RAQAM_OCTET];
  int loaded = -1;

  if (share.row < share.end && bias.values != NULL && !bias.whole)
    raqam_load_bias (add, bias, rows, labels, share.row, share.channel);

  for (guint32 row = share.row; row < share.end; row += share.step)
    {
      int table = norm.n_tables > 1 ? labels[row / rows.pixels] : 0;

      if (table != loaded)
        {
          use_running (scale, shift, slab_scale, slab_shift, mean, variance, norm.epsilon, table,
                       share.channel, rows.c);
          loaded = table;
        }
      if (bias.whole)
        raqam_load_bias (add, bias, rows, labels, row, share.channel);
      RaqamOuter<T, false>::load (x, values, rows, row, share.channel);
      for (int j = 0; j < RAQAM_OCTET; j++)
        {
          float inner = raqam_activate (x[j] + add[j], norm.inner);

          x[j] = raqam_activate (fmaf (inner, scale[j], shift[j]), norm.outer);
        }
      RaqamOuter<T, PLAIN>::store (out, x, rows, row, share.channel);
    }
}

void
raqam_cuda_launch_norm_collect (RaqamCudaNorm *self, gpointer y, const RaqamBias *bias,
                                const guint8 *labels, cudaStream_t stream)
{
  RAQAM_LAUNCH_ROWS (norm_collect_kernel, &self->rows, self->bf16, FALSE, raqam_rows_shared (2),
                     stream, *self, y, *bias, labels);
}

void
raqam_cuda_launch_norm_use_batch (RaqamCudaNorm *self, const float *scale, const float *shift,
                                  float *mean, float *variance, float update, cudaStream_t stream)
{
  unsigned grid = (self->rows.c + CHANNELS - 1) / CHANNELS;

  RAQAM_LAUNCH (norm_use_batch_kernel, grid, dim3 (CHANNELS, LANES), 0, stream, *self, scale,
                shift, mean, variance, update);
}

void
raqam_cuda_launch_normalise (RaqamCudaNorm *self, gpointer out, gconstpointer x,
                             const RaqamDropout *dropout, const guint8 *labels,
                             cudaStream_t stream)
{
  RAQAM_LAUNCH_ROWS (normalise_kernel, &self->rows, self->bf16, self->plain, 0, stream, *self,
                     out, x, *dropout, labels);
}

void
raqam_cuda_launch_norm_infer (RaqamCudaNorm *self, gpointer out, gconstpointer y,
                              const RaqamBias *bias, const float *scale, const float *shift,
                              const float *mean, const float *variance, const guint8 *labels,
                              cudaStream_t stream)
{
  RAQAM_LAUNCH_ROWS (norm_infer_kernel, &self->rows, self->bf16, self->plain, 0, stream, *self,
                     out, y, *bias, scale, shift, mean, variance, labels);
}
