/* kernels-norm-backward.cu — a hidden layer's batch norm, backward.
 * SPDX-License-Identifier: MIT */

#include "cuda/kernels-norm.h"

#include "cuda/octets.cuh"

/* Channels and lanes of a block that adds up chunks. */
#define CHANNELS 32
#define LANES    16

/* A thread's octet of scale and shift, or of along, of the table loaded last. */
struct Tables
{
  float scale[RAQAM_OCTET], shift[RAQAM_OCTET], along[RAQAM_OCTET];
  int   loaded;
};

static __device__ inline int
table_of (const RaqamCudaNorm &norm, const guint8 *labels, guint32 row)
{
  return norm.n_tables > 1 ? labels[row / norm.rows.pixels] : 0;
}

/* The gradient at the norm's end, of one octet of @row. The sign of what entered the
 * activation is found as forward found it. */
template <typename T, bool PLAIN>
static __device__ inline void
load_gradient (float *d, const void *d_out, const float *x, const RaqamCudaNorm &norm,
               const RaqamMask &mask, const Tables &tables, guint32 row, int channel)
{
  RaqamOuter<T, PLAIN>::load (d, d_out, norm.rows, row, channel);
  raqam_drop (d, mask, norm.rows, row, channel);
  if (norm.outer != 1.0f)
    for (int j = 0; j < RAQAM_OCTET; j++)
      d[j] = raqam_derive (d[j], fmaf (x[j], tables.scale[j], tables.shift[j]), norm.outer);
}

template <typename T, bool PLAIN>
static __global__ __launch_bounds__ (RAQAM_ROWS_THREADS, 3) void
norm_collect_backward_kernel (RaqamCudaNorm norm, const void *d_out, const void *values,
                              RaqamDropout dropout, const guint8 *labels)
{
  const RaqamRows &rows = norm.images;
  RaqamShare share = raqam_share (rows);
  RaqamMask mask = raqam_mask (dropout);
  float d[RAQAM_OCTET], x[RAQAM_OCTET], mean[RAQAM_OCTET], sum[2][RAQAM_OCTET] = { { 0 } };
  Tables tables;

  if (share.row < share.end)
    {
      size_t at = (size_t) table_of (norm, labels, share.row) * rows.padded + share.channel;

      raqam_load_octet (mean, norm.mean + share.channel);
      raqam_load_octet (tables.scale, norm.scale + at);
      raqam_load_octet (tables.shift, norm.shift + at);
    }

  for (guint32 row = share.row; row < share.end; row += share.step)
    {
      RaqamOuter<T, false>::load (x, values, rows, row, share.channel);
      load_gradient<T, PLAIN> (d, d_out, x, norm, mask, tables, row, share.channel);
      for (int j = 0; j < RAQAM_OCTET; j++)
        {
          sum[0][j] += d[j];
          sum[1][j] += d[j] * (x[j] - mean[j]);
        }
    }

  raqam_sum_lanes (norm.partials, (size_t) rows.n_chunks * rows.padded, sum, 2, rows);
}

/* Along, across and apart of @channel from the sums of each table. */
static __device__ inline void
finish_channel (const RaqamCudaNorm &norm, float *d_scale, float *d_shift, const float *scale,
                int channel)
{
  size_t c = norm.rows.c, padded = norm.rows.padded;
  double inverse = norm.inverse[channel];
  double sum = 0, product = 0; /* of the gradient of x̂, and of that times x̂ */
  double across;

  for (int table = 0; table < norm.n_tables; table++)
    {
      size_t at = table * c + channel, place = table * padded + channel;
      double by_shift = norm.sums[place];
      double by_scale = norm.sums[norm.n_tables * padded + place] * inverse;

      if (d_scale != NULL)
        {
          d_shift[at] = (float) by_shift;
          d_scale[at] = (float) by_scale;
        }
      norm.along[place] = (float) (scale[at] * inverse);
      sum += scale[at] * by_shift;
      product += scale[at] * by_scale;
    }

  across = -inverse * inverse * product / norm.rows.n;
  norm.across[channel] = (float) across;
  norm.apart[channel] = (float) (-inverse * sum / norm.rows.n - across * norm.mean[channel]);
}

/* Blocks of (CHANNELS, LANES) threads, one a table: a lane adds every LANES-th chunk
 * of the table's images. One table alone is finished at once. */
static __global__ void
norm_sum_tables_kernel (RaqamCudaNorm norm, float *d_scale, float *d_shift, const float *scale,
                        const guint8 *labels)
{
  __shared__ double shared[2][LANES][CHANNELS];
  const RaqamRows &rows = norm.images;
  int x = threadIdx.x, lane = threadIdx.y, table = blockIdx.y;
  int channel = blockIdx.x * CHANNELS + x;
  size_t pitch = (size_t) rows.n_chunks * rows.padded;
  double sum = 0, product = 0;

  if (channel < rows.c)
    for (int chunk = lane; chunk < rows.n_chunks; chunk += LANES)
      if (norm.n_tables == 1 || labels[chunk / rows.chunks_a_span] == table)
        {
          sum += norm.partials[(size_t) chunk * rows.padded + channel];
          product += norm.partials[pitch + (size_t) chunk * rows.padded + channel];
        }
  shared[0][lane][x] = sum;
  shared[1][lane][x] = product;
  __syncthreads ();

  if (lane == 0 && channel < rows.c)
    {
      size_t at = (size_t) table * rows.padded + channel;

      for (int i = 1; i < LANES; i++)
        {
          sum += shared[0][i][x];
          product += shared[1][i][x];
        }
      norm.sums[at] = sum;
      norm.sums[(size_t) norm.n_tables * rows.padded + at] = product;
      if (norm.n_tables == 1)
        finish_channel (norm, d_scale, d_shift, scale, channel);
    }
}

static __global__ void
norm_finish_kernel (RaqamCudaNorm norm, float *d_scale, float *d_shift, const float *scale)
{
  int channel = blockIdx.x * CHANNELS + threadIdx.x;

  if (channel < norm.rows.c)
    finish_channel (norm, d_scale, d_shift, scale, channel);
}

template <typename T, bool PLAIN>
static __global__ __launch_bounds__ (RAQAM_ROWS_THREADS, 3) void
norm_backward_kernel (RaqamCudaNorm norm, void *d_y, float *partials, const void *d_out,
                      const void *values, RaqamDropout dropout, const guint8 *labels)
{
  const RaqamRows &rows = norm.rows;
  RaqamShare share = raqam_share (rows);
  RaqamMask mask = raqam_mask (dropout);
  float d[RAQAM_OCTET], x[RAQAM_OCTET], across[RAQAM_OCTET], apart[RAQAM_OCTET];
  float sum[1][RAQAM_OCTET] = { { 0 } };
  Tables tables;

  tables.loaded = -1;
  if (share.row < share.end)
    {
      raqam_load_octet (across, norm.across + share.channel);
      raqam_load_octet (apart, norm.apart + share.channel);
    }

  for (guint32 row = share.row; row < share.end; row += share.step)
    {
      int table = table_of (norm, labels, row);

      if (table != tables.loaded)
        {
          size_t at = (size_t) table * rows.padded + share.channel;

          raqam_load_octet (tables.scale, norm.scale + at);
          raqam_load_octet (tables.shift, norm.shift + at);
          raqam_load_octet (tables.along, norm.along + at);
          tables.loaded = table;
        }
      RaqamOuter<T, false>::load (x, values, rows, row, share.channel);
      load_gradient<T, PLAIN> (d, d_out, x, norm, mask, tables, row, share.channel);
      for (int j = 0; j < RAQAM_OCTET; j++)
        {
          d[j] = raqam_derive (fmaf (tables.along[j], d[j], fmaf (across[j], x[j], apart[j])), x[j],
                               norm.inner);
          sum[0][j] += d[j];
        }
      RaqamOuter<T, false>::store (d_y, d, rows, row, share.channel);
    }

  if (partials != NULL)
    raqam_sum_lanes (partials, 0, sum, 1, rows);
}

void
raqam_cuda_launch_norm_collect_backward (RaqamCudaNorm *self, gconstpointer d_out,
                                         gconstpointer x, const RaqamDropout *dropout,
                                         const guint8 *labels, cudaStream_t stream)
{
  RAQAM_LAUNCH_ROWS (norm_collect_backward_kernel, &self->images, self->bf16, self->plain,
                     raqam_rows_shared (2), stream, *self, d_out, x, *dropout, labels);
}

void
raqam_cuda_launch_norm_finish_backward (RaqamCudaNorm *self, float *d_scale, float *d_shift,
                                        const float *scale, const guint8 *labels,
                                        cudaStream_t stream)
{
  unsigned grid = (self->rows.c + CHANNELS - 1) / CHANNELS;

  RAQAM_LAUNCH (norm_sum_tables_kernel, dim3 (grid, self->n_tables), dim3 (CHANNELS, LANES), 0,
                stream, *self, d_scale, d_shift, scale, labels);
  if (self->n_tables > 1)
    RAQAM_LAUNCH (norm_finish_kernel, grid, CHANNELS, 0, stream, *self, d_scale, d_shift, scale);
}

void
raqam_cuda_launch_norm_backward (RaqamCudaNorm *self, gpointer d, float *partials,
                                 gconstpointer d_out, gconstpointer x,
                                 const RaqamDropout *dropout, const guint8 *labels,
                                 cudaStream_t stream)
{
  RAQAM_LAUNCH_ROWS (norm_backward_kernel, &self->rows, self->bf16, self->plain,
                     raqam_rows_shared (1), stream, *self, d, partials, d_out, x, *dropout,
                     labels);
}
