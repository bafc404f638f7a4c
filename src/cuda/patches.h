/* patches.h — a kernel that strides over images of one channel, as products.
 * SPDX-License-Identifier: MIT
 *
 * A square kernel strides over a big plane of one channel and so gives a small
 * plane of patches: tap (ky, kx) of patch (y, x) lies on the big plane at
 * (y · stride - pad + ky, x · stride - pad + kx), or outside it, where it is 0.
 * What is behind a pixel of the small plane has channels, and three products join
 * the two: spread (small to big), lift (big to small) and correlate (both to the
 * gradient of what joins them). Each is a product with the patches E (pixels,
 * taps), which are never stored: blocks of threads take a tile of the small plane,
 * make its patches in shared memory, and multiply there.
 */

#pragma once

#include "cuda/edge.h"

/* Kernels call these functions too. */
#ifdef __CUDACC__
#define RAQAM_PATCHES_FUNCTION static __host__ __device__ inline
#else
#define RAQAM_PATCHES_FUNCTION static inline
#endif

G_BEGIN_DECLS

typedef struct
{
  int big_h, big_w;
  int small_h, small_w;
  int kernel, stride, pad;
} RaqamPatches;

/* What the kernels have room for in shared memory. */
#define RAQAM_PATCHES_KERNEL 11
#define RAQAM_PATCHES_STRIDE 4

/* Factors, (taps, channels), are padded with zeros to whole tiles of the products.
 * They are bf16 in a device of RAQAM_PRECISION_BF16, else float; for TF32 already
 * rounded to it. */
#define RAQAM_FACTORS_TAPS     64 /* of a product, at most */
#define RAQAM_FACTORS_CHANNELS 64

RAQAM_PATCHES_FUNCTION int
raqam_cuda_round_up (int n, int by)
{
  return (n + by - 1) / by * by;
}

RAQAM_PATCHES_FUNCTION int
raqam_cuda_factor_taps (int n_taps)
{
  return n_taps <= 16 ? 16 : n_taps <= 32 ? 32 : raqam_cuda_round_up (n_taps, RAQAM_FACTORS_TAPS);
}

RAQAM_PATCHES_FUNCTION int
raqam_cuda_factor_channels (int c)
{
  return raqam_cuda_round_up (c, RAQAM_FACTORS_CHANNELS);
}

/* A plane's values, (n, big_h, big_w), where they are read. */
typedef struct
{
  const float *values;
  const float *sigmoid; /* NULL, or y: each value counts times y (1 - y) */
} RaqamPlane;

G_END_DECLS
