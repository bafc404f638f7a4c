/* kernels-dense.cu — what DENSE does beside the matrix product.
 * SPDX-License-Identifier: MIT */

#include "cuda/kernels-dense.h"

#include "cuda/octets.cuh"

#define THREADS 256
#define WARPS   (THREADS / RAQAM_WARP)

/* Values, or octets, and lanes of a block that sums. */
#define WIDTH 32
#define LANES (THREADS / WIDTH)

/* A thread a bias; labels lie side by side in the weights. */
static __global__ void
dense_biases_kernel (float *biases, const float *weight, const float *bias, RaqamDenseShape shape)
{
  size_t i = (size_t) blockIdx.x * THREADS + threadIdx.x;
  int table = (int) (i % shape.n_tables);
  size_t row = i / shape.n_tables;
  size_t pixel = row / shape.c;
  int channel = (int) (row % shape.c);
  float value = 0.0f;

  if (row >= (size_t) shape.pixels * shape.c)
    return;

  if (shape.labels)
    value = weight[row * shape.pitch + shape.in_c + table];
  if (bias != NULL)
    value += bias[row];
  biases[((size_t) table * shape.pixels + pixel) * shape.padded + channel] = value;
}

/* A warp a column, a block of them an image. */
template <typename T>
static __global__ void
dense_product_kernel (T *y, const T *in, const T *packed, RaqamDenseShape shape)
{
  size_t columns = (size_t) shape.pixels * shape.padded;
  size_t column = (size_t) blockIdx.x * WARPS + threadIdx.x / RAQAM_WARP;
  int lane = threadIdx.x % RAQAM_WARP;
  float sum = 0.0f;

  if (column < columns)
    for (int i = lane * RAQAM_OCTET; i < shape.in_padded; i += RAQAM_WARP * RAQAM_OCTET)
      {
        float x[RAQAM_OCTET], w[RAQAM_OCTET];

        raqam_load_octet (x, in + (size_t) blockIdx.y * shape.in_padded + i);
        raqam_load_octet (w, packed + column * shape.in_padded + i);
        for (int j = 0; j < RAQAM_OCTET; j++)
          sum += x[j] * w[j];
      }
  sum = raqam_warp_sum (sum);
  if (lane == 0 && column < columns)
    raqam_put (&y[blockIdx.y * columns + column], sum);
}

/* A lane takes every LANES-th column. */
template <typename T>
static __global__ void
dense_backward_kernel (T *d_in, const T *d_y, const T *packed, RaqamDenseShape shape)
{
  __shared__ float shared[LANES][WIDTH];
  int columns = shape.pixels * shape.padded;
  const T *d = d_y + (size_t) blockIdx.y * columns;
  int i = blockIdx.x * WIDTH + threadIdx.x;
  float sum = 0.0f;

  if (i < shape.in_padded)
    for (int column = threadIdx.y; column < columns; column += LANES)
      sum += raqam_get (d[column]) * raqam_get (packed[(size_t) column * shape.in_padded + i]);
  shared[threadIdx.y][threadIdx.x] = sum;
  __syncthreads ();

  if (threadIdx.y == 0 && i < shape.in_padded)
    {
      for (int lane = 1; lane < LANES; lane++)
        sum += shared[lane][threadIdx.x];
      raqam_put (&d_in[(size_t) blockIdx.y * shape.in_padded + i], i < shape.in_c ? sum : 0.0f);
    }
}

/* A thread an octet of columns and every LANES-th image of the table's. */
template <typename T>
static __global__ void
dense_sums_kernel (double *sums, const T *d_y, const guint8 *labels, RaqamDenseShape shape)
{
  __shared__ double shared[LANES][WIDTH][RAQAM_OCTET];
  size_t columns = (size_t) shape.pixels * shape.padded;
  size_t column = ((size_t) blockIdx.x * WIDTH + threadIdx.x) * RAQAM_OCTET;
  double sum[RAQAM_OCTET] = { 0 };

  if (column < columns)
    for (int image = threadIdx.y; image < shape.batch; image += LANES)
      if (shape.n_tables == 1 || labels[image] == blockIdx.y)
        {
          float d[RAQAM_OCTET];

          raqam_load_octet (d, d_y + image * columns + column);
          for (int j = 0; j < RAQAM_OCTET; j++)
            sum[j] += d[j];
        }
  for (int j = 0; j < RAQAM_OCTET; j++)
    shared[threadIdx.y][threadIdx.x][j] = sum[j];
  __syncthreads ();

  if (threadIdx.y == 0 && column < columns)
    for (int j = 0; j < RAQAM_OCTET; j++)
      {
        for (int lane = 1; lane < LANES; lane++)
          sum[j] += shared[lane][threadIdx.x][j];
        sums[blockIdx.y * columns + column + j] = sum[j];
      }
}

/* A thread a row of weights. */
static __global__ void
dense_finish_kernel (float *d_weight, float *d_bias, const double *sums, RaqamDenseShape shape)
{
  size_t row = (size_t) blockIdx.x * THREADS + threadIdx.x;
  size_t columns = (size_t) shape.pixels * shape.padded;
  size_t column = row / shape.c * shape.padded + row % shape.c;
  double all = 0;

  if (row >= (size_t) shape.pixels * shape.c)
    return;

  for (int table = 0; table < shape.n_tables; table++)
    {
      double sum = sums[table * columns + column];

      if (shape.labels)
        d_weight[row * shape.pitch + shape.in_c + table] = (float) sum;
      all += sum;
    }
  if (d_bias != NULL)
    d_bias[row] = (float) all;
}

static unsigned
ceil_div (size_t n, size_t by)
{
  return (unsigned) ((n + by - 1) / by);
}

void
raqam_cuda_launch_dense_biases (float *biases, const float *weight, const float *bias,
                                const RaqamDenseShape *shape, cudaStream_t stream)
{
  size_t n = (size_t) shape->pixels * shape->c * shape->n_tables;

  RAQAM_LAUNCH (dense_biases_kernel, ceil_div (n, THREADS), THREADS, 0, stream, biases, weight,
                bias, *shape);
}

void
raqam_cuda_launch_dense_product (gpointer y, gconstpointer in, gconstpointer packed,
                                 const RaqamDenseShape *shape, cudaStream_t stream)
{
  dim3 grid (ceil_div ((size_t) shape->pixels * shape->padded, WARPS), shape->batch);

  if (shape->bf16)
    RAQAM_LAUNCH (dense_product_kernel<bf16>, grid, THREADS, 0, stream, static_cast<bf16 *> (y),
                  static_cast<const bf16 *> (in), static_cast<const bf16 *> (packed), *shape);
  else
    RAQAM_LAUNCH (dense_product_kernel<float>, grid, THREADS, 0, stream,
                  static_cast<float *> (y), static_cast<const float *> (in),
                  static_cast<const float *> (packed), *shape);
}

void
raqam_cuda_launch_dense_backward (gpointer d_in, gconstpointer d_y, gconstpointer packed,
                                  const RaqamDenseShape *shape, cudaStream_t stream)
{
  dim3 grid (ceil_div (shape->in_padded, WIDTH), shape->batch);
  dim3 block (WIDTH, LANES);

  if (shape->bf16)
    RAQAM_LAUNCH (dense_backward_kernel<bf16>, grid, block, 0, stream,
                  static_cast<bf16 *> (d_in), static_cast<const bf16 *> (d_y),
                  static_cast<const bf16 *> (packed), *shape);
  else
    RAQAM_LAUNCH (dense_backward_kernel<float>, grid, block, 0, stream,
                  static_cast<float *> (d_in), static_cast<const float *> (d_y),
                  static_cast<const float *> (packed), *shape);
}

void
raqam_cuda_launch_dense_sums (double *sums, gconstpointer d_y, const guint8 *labels,
                              const RaqamDenseShape *shape, cudaStream_t stream)
{
  size_t octets = (size_t) shape->pixels * shape->padded / RAQAM_OCTET;
  dim3 grid (ceil_div (octets, WIDTH), shape->n_tables);
  dim3 block (WIDTH, LANES);

  if (shape->bf16)
    RAQAM_LAUNCH (dense_sums_kernel<bf16>, grid, block, 0, stream, sums,
                  static_cast<const bf16 *> (d_y), labels, *shape);
  else
    RAQAM_LAUNCH (dense_sums_kernel<float>, grid, block, 0, stream, sums,
                  static_cast<const float *> (d_y), labels, *shape);
}

void
raqam_cuda_launch_dense_finish (float *d_weight, float *d_bias, const double *sums,
                                const RaqamDenseShape *shape, cudaStream_t stream)
{
  size_t rows = (size_t) shape->pixels * shape->c;

  RAQAM_LAUNCH (dense_finish_kernel, ceil_div (rows, THREADS), THREADS, 0, stream, d_weight,
                d_bias, sums, *shape);
}
