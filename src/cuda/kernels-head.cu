/* kernels-head.cu — the kernels of a discriminator's last block.
 * SPDX-License-Identifier: MIT */

#include "cuda/kernels-head.h"

#include "cuda/patches.cuh"

#define THREADS 256
#define WARPS   (THREADS / RAQAM_WARP)

/* A block of the pool has so many octets of channels at a time, and of the weights'
 * gradients so many of features. */
#define POOL_OCTETS  16
#define POOL_LANES   (THREADS / POOL_OCTETS)
#define FEATURE_OCTETS 8
#define IMAGE_LANES    (THREADS / FEATURE_OCTETS)

/* Products that a thread adds up in float before it goes on in double. */
#define IN_FLOAT 32

/* The sum of @value over the block's threads, in thread 0, in one order. */
template <typename T>
static __device__ inline T
sum_block (T value)
{
  __shared__ T shared[WARPS];

  value = raqam_warp_sum (value);
  if (threadIdx.x % RAQAM_WARP == 0)
    shared[threadIdx.x / RAQAM_WARP] = value;
  __syncthreads ();

  value = shared[0];
  for (int i = 1; i < WARPS; i++)
    value += shared[i];
  return value;
}

/* Row @image of the table. */
static __device__ inline const float *
row_of (const float *table, const guint8 *labels, int image, int length)
{
  return table + (size_t) (labels == nullptr ? 0 : labels[image]) * length;
}

/* ---- the table ---- */

static __global__ void __launch_bounds__ (THREADS)
table_kernel (float *table, const float *weight, const float *embedding, RaqamHeadShape shape,
              int length)
{
  int i = blockIdx.x * THREADS + threadIdx.x, row = blockIdx.y;
  int channel = i % shape.padded, feature = i / shape.padded * shape.channels + channel;
  float value = 0.0f;

  if (i >= length)
    return;

  if (channel < shape.channels)
    {
      value = weight[feature];
      if (embedding != nullptr)
        value += embedding[(size_t) row * shape.n_features + feature];
    }
  table[(size_t) row * length + i] = value;
}

extern "C" void
raqam_cuda_head_table (float *table, const float *weight, const float *embedding,
                       const RaqamHeadShape *shape, cudaStream_t stream)
{
  int length = raqam_cuda_head_row (shape);
  dim3 grid (raqam_ceil_div (length, THREADS), shape->n_rows);

  RAQAM_LAUNCH (table_kernel, grid, THREADS, 0, stream, table, weight, embedding, *shape, length);
}

/* ---- forward ---- */

/* Whether a value at pixel @at comes before @max at @where: as if one went through
 * the pixels in order and took each that is above what one has, or NaN. */
static __device__ inline bool
is_above (float value, int at, float max, int where)
{
  bool nan = value != value, max_nan = max != max;

  if (nan || max_nan)
    return nan && (!max_nan || at > where);
  return value > max || (value == max && at < where);
}

/* A block has an image. */
template <typename Kind>
static __global__ void __launch_bounds__ (THREADS)
dot_kernel (float *out, const void *in, const float *table, const guint8 *labels,
            const float *bias, RaqamHeadShape shape, int length)
{
  int image = blockIdx.x;
  const float *row = row_of (table, labels, image, length);
  float sum = 0.0f;

  for (int i = threadIdx.x; i < length / RAQAM_OCTET; i += THREADS)
    {
      int pixel = i * RAQAM_OCTET / shape.padded, channel = i * RAQAM_OCTET % shape.padded;
      float x[RAQAM_OCTET], w[RAQAM_OCTET];

      raqam_load_eight<Kind> (x, in, shape.edge, (size_t) image * shape.n_pixels + pixel, channel);
      raqam_load_octet (w, row + i * RAQAM_OCTET);
      for (int j = 0; j < RAQAM_OCTET; j++)
        sum += x[j] * w[j];
    }

  sum = sum_block (sum);
  if (threadIdx.x == 0)
    out[image] = (bias == nullptr ? 0.0f : *bias) + sum;
}

template <typename Kind>
static __global__ void __launch_bounds__ (THREADS)
pool_kernel (float *out, float *max, gint32 *where, const void *in, const float *table,
             const guint8 *labels, const float *bias, RaqamHeadShape shape)
{
  __shared__ float values[POOL_LANES][POOL_OCTETS * RAQAM_OCTET + 1];
  __shared__ int places[POOL_LANES][POOL_OCTETS * RAQAM_OCTET + 1];
  int image = blockIdx.x;
  const float *row = row_of (table, labels, image, shape.padded);
  int octet = threadIdx.x % POOL_OCTETS, lane = threadIdx.x / POOL_OCTETS;
  float sum = 0.0f;

  for (int first = 0; first < shape.padded; first += POOL_OCTETS * RAQAM_OCTET)
    {
      int channel = first + octet * RAQAM_OCTET;
      float best[RAQAM_OCTET];
      int at[RAQAM_OCTET];

      for (int pixel = lane; pixel < shape.n_pixels && channel < shape.padded; pixel += POOL_LANES)
        {
          float x[RAQAM_OCTET];

          raqam_load_eight<Kind> (x, in, shape.edge, (size_t) image * shape.n_pixels + pixel,
                                  channel);
          for (int j = 0; j < RAQAM_OCTET; j++)
            if (pixel == lane || is_above (x[j], pixel, best[j], at[j]))
              {
                best[j] = x[j];
                at[j] = pixel;
              }
        }
      if (lane < shape.n_pixels && channel < shape.padded)
        for (int j = 0; j < RAQAM_OCTET; j++)
          {
            values[lane][octet * RAQAM_OCTET + j] = best[j];
            places[lane][octet * RAQAM_OCTET + j] = at[j];
          }
      __syncthreads ();

      for (int i = threadIdx.x; i < POOL_OCTETS * RAQAM_OCTET && first + i < shape.padded;
           i += THREADS)
        {
          float value = values[0][i];
          int place = places[0][i];

          for (int l = 1; l < POOL_LANES && l < shape.n_pixels; l++)
            if (is_above (values[l][i], places[l][i], value, place))
              {
                value = values[l][i];
                place = places[l][i];
              }
          if (max != nullptr)
            {
              max[(size_t) image * shape.padded + first + i] = value;
              where[(size_t) image * shape.padded + first + i] = place;
            }
          sum += value * row[first + i];
        }
      __syncthreads ();
    }

  sum = sum_block (sum);
  if (threadIdx.x == 0)
    out[image] = (bias == nullptr ? 0.0f : *bias) + sum;
}

extern "C" void
raqam_cuda_head_forward (float *out, float *max, gint32 *where, gconstpointer in,
                         const float *table, const guint8 *labels, const float *bias,
                         const RaqamHeadShape *shape, cudaStream_t stream)
{
  int length = raqam_cuda_head_row (shape);

  if (shape->pool && shape->edge.bf16)
    RAQAM_LAUNCH ((pool_kernel<RaqamBf16>), shape->n, THREADS, 0, stream, out, max, where, in,
                  table, labels, bias, *shape);
  else if (shape->pool)
    RAQAM_LAUNCH ((pool_kernel<RaqamF32>), shape->n, THREADS, 0, stream, out, max, where, in,
                  table, labels, bias, *shape);
  else if (shape->edge.bf16)
    RAQAM_LAUNCH ((dot_kernel<RaqamBf16>), shape->n, THREADS, 0, stream, out, in, table, labels,
                  bias, *shape, length);
  else
    RAQAM_LAUNCH ((dot_kernel<RaqamF32>), shape->n, THREADS, 0, stream, out, in, table, labels,
                  bias, *shape, length);
}

/* ---- backward ---- */

template <typename Kind>
static __global__ void __launch_bounds__ (THREADS)
backward_kernel (void *d_in, const float *d_out, const gint32 *where, const float *table,
                 const guint8 *labels, RaqamHeadShape shape, int length)
{
  int octets = shape.padded / RAQAM_OCTET, i = blockIdx.y * THREADS + threadIdx.x;
  int image = blockIdx.x, pixel = i / octets, channel = i % octets * RAQAM_OCTET;
  const float *row = row_of (table, labels, image, length);
  float d = d_out[image], value[RAQAM_OCTET];

  if (pixel >= shape.n_pixels)
    return;

  raqam_load_octet (value, row + (shape.pool ? 0 : pixel * shape.padded) + channel);
  for (int j = 0; j < RAQAM_OCTET; j++)
    if (shape.pool && where[(size_t) image * shape.padded + channel + j] != pixel)
      value[j] = 0.0f;
    else
      value[j] *= d;
  raqam_store_eight<Kind> (d_in, value, shape.edge, (size_t) image * shape.n_pixels + pixel,
                           channel);
}

extern "C" void
raqam_cuda_head_backward (gpointer d_in, const float *d_out, const gint32 *where,
                          const float *table, const guint8 *labels, const RaqamHeadShape *shape,
                          cudaStream_t stream)
{
  int length = raqam_cuda_head_row (shape);
  dim3 grid (shape->n, raqam_ceil_div (shape->n_pixels * shape->padded / RAQAM_OCTET, THREADS));

  if (shape->edge.bf16)
    RAQAM_LAUNCH ((backward_kernel<RaqamBf16>), grid, THREADS, 0, stream, d_in, d_out, where, table,
                  labels, *shape, length);
  else
    RAQAM_LAUNCH ((backward_kernel<RaqamF32>), grid, THREADS, 0, stream, d_in, d_out, where, table,
                  labels, *shape, length);
}

/* d_rows (n_rows, features): the sum of d_out · features over the images of each row.
 * @features: of images of @pixels. A block adds up eight octets of a row. */
template <typename Kind>
static __global__ void __launch_bounds__ (THREADS)
rows_kernel (float *d_rows, const void *features, RaqamEdge edge, const float *d_out,
             const guint8 *labels, RaqamHeadShape shape, int pixels)
{
  __shared__ double shared[IMAGE_LANES][FEATURE_OCTETS * RAQAM_OCTET + 1];
  int octet = threadIdx.x % FEATURE_OCTETS, lane = threadIdx.x / FEATURE_OCTETS;
  int first = blockIdx.x * FEATURE_OCTETS * RAQAM_OCTET, at = first + octet * RAQAM_OCTET;
  int pixel = at / shape.padded, channel = at % shape.padded, row = blockIdx.y;
  float part[RAQAM_OCTET] = { 0 };
  double sum[RAQAM_OCTET] = { 0 };
  int added = 0;

  for (int image = lane; image < shape.n && pixel < pixels; image += IMAGE_LANES)
    {
      float x[RAQAM_OCTET], d = d_out[image];

      if (labels != nullptr && labels[image] != row)
        continue;

      raqam_load_eight<Kind> (x, features, edge, (size_t) image * pixels + pixel, channel);
      for (int j = 0; j < RAQAM_OCTET; j++)
        part[j] += d * x[j];
      if (++added % IN_FLOAT == 0)
        for (int j = 0; j < RAQAM_OCTET; j++)
          {
            sum[j] += part[j];
            part[j] = 0.0f;
          }
    }
  for (int j = 0; j < RAQAM_OCTET; j++)
    shared[lane][octet * RAQAM_OCTET + j] = sum[j] + part[j];
  __syncthreads ();

  for (int i = threadIdx.x; i < FEATURE_OCTETS * RAQAM_OCTET; i += THREADS)
    {
      int to = first + i;
      double total = 0.0;

      for (int l = 0; l < IMAGE_LANES; l++)
        total += shared[l][i];
      if (to / shape.padded < pixels && to % shape.padded < shape.channels)
        d_rows[(size_t) row * shape.n_features + to / shape.padded * shape.channels
               + to % shape.padded] = (float) total;
    }
}

/* What all images share: the rows' sum, and that of d_out. */
static __global__ void __launch_bounds__ (THREADS)
totals_kernel (float *d_weight, float *d_bias, const float *d_rows, const float *d_out,
               RaqamHeadShape shape)
{
  int i = blockIdx.x * THREADS + threadIdx.x;
  double sum = 0.0;

  if (d_rows != nullptr && i < shape.n_features)
    {
      for (int row = 0; row < shape.n_rows; row++)
        sum += d_rows[(size_t) row * shape.n_features + i];
      d_weight[i] = (float) sum;
    }

  if (d_bias == nullptr || blockIdx.x > 0)
    return;
  sum = 0.0;
  for (int image = threadIdx.x; image < shape.n; image += THREADS)
    sum += d_out[image];
  sum = sum_block (sum);
  if (threadIdx.x == 0)
    *d_bias = (float) sum;
}

extern "C" void
raqam_cuda_head_gradients (float *d_weight, float *d_embedding, float *d_bias,
                           gconstpointer features, const float *d_out, const guint8 *labels,
                           const RaqamHeadShape *shape, cudaStream_t stream)
{
  int length = raqam_cuda_head_row (shape), pixels = shape->pool ? 1 : shape->n_pixels;
  dim3 grid (raqam_ceil_div (length, FEATURE_OCTETS * RAQAM_OCTET), shape->n_rows);
  float *d_rows = d_embedding == nullptr ? d_weight : d_embedding;
  RaqamEdge edge = shape->edge;

  if (shape->pool)
    {
      edge.stride = shape->padded;
      edge.bf16 = FALSE;
    }
  if (edge.bf16)
    RAQAM_LAUNCH ((rows_kernel<RaqamBf16>), grid, THREADS, 0, stream, d_rows, features, edge,
                  d_out, labels, *shape, pixels);
  else
    RAQAM_LAUNCH ((rows_kernel<RaqamF32>), grid, THREADS, 0, stream, d_rows, features, edge, d_out,
                  labels, *shape, pixels);

  RAQAM_LAUNCH (totals_kernel, raqam_ceil_div (shape->n_features, THREADS), THREADS, 0, stream,
                d_weight, d_bias, d_embedding, d_out, *shape);
}
