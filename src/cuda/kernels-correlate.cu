/* kernels-correlate.cu — the gradient of what joins a big plane and a small one.
 * SPDX-License-Identifier: MIT
 *
 * A block of threads keeps 64 taps by 128 channels of sums in registers while it
 * goes through the images of its group, tile by tile. */

#include "cuda/kernels-correlate.h"

#include "cuda/patches.cuh"

#define THREADS  256
#define CHANNELS RAQAM_CORRELATE_CHANNELS

template <typename Kind, int TILES>
struct CorrelateSizes
{
  enum
  {
    FACTOR = (int) sizeof (typename Kind::Factor),
    TAPS = 16 * TILES,
    PIXELS = Kind::BF16 ? 64 : 32,
    DOWN = TILES == 1 ? 1 : 2, /* warps that share the taps, */
    ACROSS = 8 / DOWN,         /* and the channels */
    PATCH_PITCH = TAPS + 16 / FACTOR,
    PITCH = CHANNELS + 16 / FACTOR,
    PATCHES = PIXELS * PATCH_PITCH * FACTOR,
    SMALL = PIXELS * PITCH * FACTOR,
  };
};

/* The sum over the block's threads i, i + TAPS, … in thread i < TAPS, in order. */
template <int TAPS>
static __device__ inline float
sum_taps (float *shared, float value)
{
  int thread = threadIdx.x;
  float sum = 0.0f;

  __syncthreads ();
  shared[thread] = value;
  __syncthreads ();
  if (thread < TAPS)
    for (int i = thread; i < THREADS; i += TAPS)
      sum += shared[i];

  return sum;
}

/* The sum over all threads, in thread 0: in double, for what is left of a sum over
 * whole images may be small. */
static __device__ inline float
sum_block (double *shared, double value)
{
  value = raqam_warp_sum (value);
  __syncthreads ();
  if (threadIdx.x % RAQAM_WARP == 0)
    shared[threadIdx.x / RAQAM_WARP] = value;
  __syncthreads ();

  value = shared[0];
  for (int i = 1; i < THREADS / RAQAM_WARP; i++)
    value += shared[i];
  return (float) value;
}

static __device__ inline float
sum_plane (const RaqamCorrelate &job, size_t image)
{
  int size = job.shape.big_h * job.shape.big_w;
  float sum = 0.0f;

  for (int i = threadIdx.x; i < size; i += THREADS)
    sum += raqam_plane_value (job.plane, image * size + i);

  return sum;
}

template <typename Kind, int TILES>
static __global__ void __launch_bounds__ (THREADS)
correlate_kernel (RaqamCorrelate job, RaqamCorrelation sums, RaqamTiling tiling, int n_images)
{
  using Sizes = CorrelateSizes<Kind, TILES>;
  using Factor = typename Kind::Factor;
  RAQAM_SHARED (unsigned char, shared);
  Factor *patches = reinterpret_cast<Factor *> (shared);
  Factor *small = reinterpret_cast<Factor *> (shared + Sizes::PATCHES);
  int *places = reinterpret_cast<int *> (shared + Sizes::PATCHES + Sizes::SMALL);
  RaqamTilePixels pixels = { places, places + Sizes::PIXELS };
  float *plane = reinterpret_cast<float *> (places + 2 * Sizes::PIXELS);
  RaqamProduct<Kind, TILES / Sizes::DOWN, 8 / Sizes::ACROSS, true, false> product;

  const RaqamPatches &shape = job.shape;
  float *partials = job.partials + (size_t) blockIdx.x * sums.n_sums;
  int channel = blockIdx.y * CHANNELS, tap = blockIdx.z * Sizes::TAPS;
  bool first = blockIdx.y == 0, all_first = first && blockIdx.z == 0;
  int warp = threadIdx.x / RAQAM_WARP;
  int row = warp / Sizes::ACROSS * (Sizes::TAPS / Sizes::DOWN);
  int column = warp % Sizes::ACROSS * (CHANNELS / Sizes::ACROSS);
  int begin = blockIdx.x * n_images, end = min (begin + n_images, job.n);
  float tap_sum = 0.0f, plane_sum = 0.0f;

  product.clear ();
  for (int image = begin; image < end; image++)
    {
      if (all_first)
        plane_sum += sum_plane (job, image);

      for (int tile = 0; tile < tiling.down * tiling.across; tile++)
        {
          int top = tile / tiling.across * tiling.h, left = tile % tiling.across * tiling.w;

          __syncthreads ();
          raqam_find_pixels (pixels, shape, tiling, top, left, shape.small_h, Sizes::PIXELS);
          raqam_stage_plane (plane, job.plane, shape, tiling, image, top, left);
          __syncthreads ();
          tap_sum += raqam_stage_patches<Kind, Sizes::TAPS> (
            patches, Sizes::PATCH_PITCH, plane, pixels, shape, tiling, tap, Sizes::PIXELS);
          raqam_stage_pixels<Kind, CHANNELS> (
            small, Sizes::PITCH, job.small, job.edge,
            (size_t) image * shape.small_h * shape.small_w, pixels.pixel, channel, Sizes::PIXELS);
          __syncthreads ();
          product.add (patches + row, Sizes::PATCH_PITCH, small + column, Sizes::PITCH,
                       Sizes::PIXELS);
        }
    }

  product.template store<false> (
    partials + (size_t) (tap + row) * sums.channels + channel + column, sums.channels);

  tap_sum = sum_taps<Sizes::TAPS> (reinterpret_cast<float *> (shared), tap_sum);
  if (first && threadIdx.x < Sizes::TAPS)
    partials[sums.tap_sums + tap + threadIdx.x] = tap_sum;
  plane_sum = sum_block (reinterpret_cast<double *> (shared), plane_sum);
  if (all_first && threadIdx.x < 16)
    partials[sums.plane_sum + threadIdx.x] = threadIdx.x == 0 ? plane_sum : 0.0f;
}

template <typename Kind, int TILES>
static void
launch (const RaqamCorrelate *correlate, cudaStream_t stream)
{
  using Sizes = CorrelateSizes<Kind, TILES>;
  const RaqamPatches *shape = &correlate->shape;
  RaqamCorrelation sums = raqam_cuda_correlation (shape, correlate->n, correlate->edge.c);
  RaqamTiling tiling = raqam_tiling (shape, Sizes::PIXELS);
  int n_images = raqam_ceil_div (correlate->n, sums.n_groups);
  size_t shared = Sizes::PATCHES + Sizes::SMALL + 2 * Sizes::PIXELS * sizeof (int)
                  + raqam_patch_side (*shape, tiling.h) * raqam_patch_side (*shape, tiling.w)
                      * sizeof (float);
  dim3 grid (sums.n_groups, sums.channels / CHANNELS,
             raqam_ceil_div (shape->kernel * shape->kernel, Sizes::TAPS));

  RAQAM_LAUNCH ((correlate_kernel<Kind, TILES>), grid, THREADS, shared, stream, *correlate, sums,
                tiling, n_images);
}

extern "C" void
raqam_cuda_correlate (const RaqamCorrelate *correlate, cudaStream_t stream)
{
  RAQAM_BY_PRECISION (launch, correlate->precision,
                      correlate->shape.kernel * correlate->shape.kernel, correlate, stream);
}
