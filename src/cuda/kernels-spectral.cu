/* kernels-spectral.cu — the kernels of spectral norm.
 * SPDX-License-Identifier: MIT
 *
 * A number that all blocks need, each makes again: the vectors are short, and a
 * launch for it would take longer. */

#include "cuda/kernels-spectral.h"

#include "cuda/kernels.cuh"

#define THREADS 256
#define WARPS   (THREADS / RAQAM_WARP)

/* Columns and lanes of a block that makes right. */
#define COLUMNS 32
#define LANES   (THREADS / COLUMNS)

/* Written so that a NaN in @norm comes out again. */
static __device__ inline float
guard (float norm)
{
  return norm < 1e-12f ? 1e-12f : norm;
}

/* The sum over a block of THREADS, in every thread. @shared: WARPS of them. */
static __device__ inline double
block_sum (double value, double *shared)
{
  double sum = 0;

  value = raqam_warp_sum (value);
  if (threadIdx.x % RAQAM_WARP == 0)
    shared[threadIdx.x / RAQAM_WARP] = value;
  __syncthreads ();

  for (int warp = 0; warp < WARPS; warp++)
    sum += shared[warp];
  return sum;
}

static __device__ inline double
squares (const float *x, int n)
{
  double sum = 0;

  for (int i = threadIdx.x; i < n; i += THREADS)
    sum += (double) x[i] * x[i];
  return sum;
}

/* A lane takes every LANES-th row. */
static __global__ void
right_kernel (RaqamCudaSpectral self, const float *u, const float *w)
{
  __shared__ float shared[LANES][COLUMNS];
  int column = blockIdx.x * COLUMNS + threadIdx.x;
  float sum = 0.0f;

  if (column < self.columns)
    for (int row = threadIdx.y; row < self.rows; row += LANES)
      sum += w[(size_t) row * self.columns + column] * u[row];
  shared[threadIdx.y][threadIdx.x] = sum;
  __syncthreads ();

  if (threadIdx.y == 0 && column < self.columns)
    {
      for (int lane = 1; lane < LANES; lane++)
        sum += shared[lane][threadIdx.x];
      self.right[column] = sum;
    }
}

/* A warp a row. */
static __global__ void
left_kernel (RaqamCudaSpectral self, const float *w)
{
  __shared__ double shared[WARPS];
  float norm = guard (sqrtf ((float) block_sum (squares (self.right, self.columns), shared)));
  int lane = threadIdx.x % RAQAM_WARP;
  int row = blockIdx.x * WARPS + threadIdx.x / RAQAM_WARP;
  float sum = 0.0f;
  double whole;

  if (blockIdx.x == 0)
    for (int column = threadIdx.x; column < self.columns; column += THREADS)
      self.v[column] = self.right[column] / norm;

  if (row < self.rows)
    for (int column = lane; column < self.columns; column += RAQAM_WARP)
      sum += w[(size_t) row * self.columns + column] * (self.right[column] / norm);
  whole = raqam_warp_sum ((double) sum);
  if (lane == 0 && row < self.rows)
    self.left[row] = (float) whole;
}

/* A thread a weight; the first block also writes the vectors. */
static __global__ void
sigma_kernel (RaqamCudaSpectral self, float *normed, float *u, const float *w, bool power)
{
  __shared__ double shared[WARPS];
  size_t at = (size_t) blockIdx.x * THREADS + threadIdx.x;
  double part = 0, sum;
  float norm = 1.0f, sigma;

  if (power)
    part = squares (self.left, self.rows);
  else
    for (int row = threadIdx.x; row < self.rows; row += THREADS)
      part += (double) u[row] * self.left[row];
  sum = block_sum (part, shared);
  if (power)
    norm = guard (sqrtf ((float) sum));
  sigma = (float) (sum / norm);

  if (normed != NULL && at < (size_t) self.rows * self.columns)
    normed[at] = w[at] / sigma;
  if (blockIdx.x > 0)
    return;

  if (threadIdx.x == 0)
    *self.sigma = sigma;
  for (int row = threadIdx.x; row < self.rows; row += THREADS)
    {
      float value = power ? self.left[row] / norm : u[row];

      self.u[row] = value;
      if (power)
        u[row] = value;
    }
}

static __global__ void
product_kernel (RaqamCudaSpectral self, const float *dw, const float *w)
{
  __shared__ double shared[WARPS];
  size_t n = (size_t) self.rows * self.columns;
  double sum = 0;

  for (size_t at = (size_t) blockIdx.x * THREADS + threadIdx.x; at < n;
       at += (size_t) gridDim.x * THREADS)
    sum += (double) dw[at] * w[at];
  sum = block_sum (sum, shared);
  if (threadIdx.x == 0)
    self.products[blockIdx.x] = sum;
}

static __global__ void
gradient_kernel (RaqamCudaSpectral self, float *dw, int n_parts)
{
  __shared__ double shared[WARPS];
  int part = threadIdx.x;
  size_t at = (size_t) blockIdx.x * THREADS + threadIdx.x;
  float sigma = *self.sigma;
  float along
    = (float) (block_sum (part < n_parts ? self.products[part] : 0.0, shared) / sigma);

  if (at < (size_t) self.rows * self.columns)
    dw[at] = (dw[at] - along * self.u[at / self.columns] * self.v[at % self.columns]) / sigma;
}

static unsigned
n_blocks (const RaqamCudaSpectral *self)
{
  return (unsigned) (((size_t) self->rows * self->columns + THREADS - 1) / THREADS);
}

/* A sixteenth as many as there are weights for, so that each adds up a few. */
static int
n_parts (const RaqamCudaSpectral *self)
{
  return (int) min ((n_blocks (self) + 15) / 16, (unsigned) RAQAM_SPECTRAL_PARTS);
}

void
raqam_cuda_launch_spectral_right (const RaqamCudaSpectral *self, const float *u, const float *w,
                                  cudaStream_t stream)
{
  RAQAM_LAUNCH (right_kernel, (self->columns + COLUMNS - 1) / COLUMNS, dim3 (COLUMNS, LANES), 0,
                stream, *self, u, w);
}

void
raqam_cuda_launch_spectral_left (const RaqamCudaSpectral *self, const float *w,
                                 cudaStream_t stream)
{
  RAQAM_LAUNCH (left_kernel, (self->rows + WARPS - 1) / WARPS, THREADS, 0, stream, *self, w);
}

void
raqam_cuda_launch_spectral_sigma (const RaqamCudaSpectral *self, float *normed, float *u,
                                  const float *w, gboolean power, cudaStream_t stream)
{
  RAQAM_LAUNCH (sigma_kernel, normed != NULL ? n_blocks (self) : 1u, THREADS, 0, stream, *self,
                normed, u, w, power != FALSE);
}

void
raqam_cuda_launch_spectral_product (const RaqamCudaSpectral *self, const float *dw,
                                    const float *w, cudaStream_t stream)
{
  RAQAM_LAUNCH (product_kernel, n_parts (self), THREADS, 0, stream, *self, dw, w);
}

void
raqam_cuda_launch_spectral_gradient (const RaqamCudaSpectral *self, float *dw,
                                     cudaStream_t stream)
{
  RAQAM_LAUNCH (gradient_kernel, n_blocks (self), THREADS, 0, stream, *self, dw, n_parts (self));
}
