/* kernels-sum.cu — the second stage of a sum over a batch.
 * SPDX-License-Identifier: MIT */

#include "cuda/kernels-sum.h"

#include "cuda/kernels.cuh"

#define COLUMNS 32 /* of a block: side by side in memory */
#define LANES   8  /* that share its rows */

static __global__ void __launch_bounds__ (COLUMNS *LANES)
sum_rows_kernel (double *sums, const float *rows, int n_rows, int n, const guint8 *labels)
{
  __shared__ double shared[LANES][COLUMNS];
  int column = threadIdx.x % COLUMNS, lane = threadIdx.x / COLUMNS;
  int at = blockIdx.x * COLUMNS + column, of_class = blockIdx.y;
  double sum = 0.0;

  if (at < n)
    for (int row = lane; row < n_rows; row += LANES)
      if (labels == nullptr || labels[row] == of_class)
        sum += rows[(size_t) row * n + at];
  shared[lane][column] = sum;
  __syncthreads ();

  if (lane > 0 || at >= n)
    return;
  for (int i = 1; i < LANES; i++)
    sum += shared[i][column];
  sums[(size_t) of_class * n + at] = sum;
}

extern "C" void
raqam_cuda_sum_rows (double *sums, const float *rows, int n_rows, int n, const guint8 *labels,
                     int n_classes, cudaStream_t stream)
{
  dim3 grid ((n + COLUMNS - 1) / COLUMNS, n_classes);

  RAQAM_LAUNCH (sum_rows_kernel, grid, COLUMNS *LANES, 0, stream, sums, rows, n_rows, n, labels);
}
