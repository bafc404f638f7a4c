/* kernels-spread.cu — from a small plane of channels to a big plane of one channel.
 * SPDX-License-Identifier: MIT
 *
 * A block of threads makes a strip of rows of one image. Tile after tile of the
 * small plane it multiplies 128 pixels by 64 taps at a time, leaves the products in
 * shared memory, and then every value of the strip collects its own from there. */

#include "cuda/kernels-spread.h"

#include "cuda/patches.cuh"

#define THREADS 128
#define PIXELS  128 /* of a tile: 32 a warp */

/* Enough strips to fill a GPU, and values of a strip that fit in shared memory. */
#define MANY_BLOCKS 256
#define STRIP_SIZE  1024

template <typename Kind, int TILES>
struct SpreadSizes
{
  enum
  {
    TAPS = 16 * TILES,
    DEPTH = Kind::BF16 ? 64 : 32, /* channels at a time */
    PITCH = DEPTH + (Kind::BF16 ? 8 : 4),
    SUM_PITCH = PIXELS + 4,
    STAGED = (PIXELS + TAPS) * PITCH * (int) sizeof (typename Kind::Factor),
    PRODUCTS = TAPS * SUM_PITCH * (int) sizeof (float),
    SHARED = STAGED > PRODUCTS ? STAGED : PRODUCTS,
  };
};

/* The rows of the big plane that a block makes. */
struct Strip
{
  int begin, end;
};

/* The first pixel along an axis whose patch reaches past @at - pad. */
static __device__ inline int
first_over (const RaqamPatches &shape, int at)
{
  int before = at + shape.pad - shape.kernel;

  return before < 0 ? 0 : before / shape.stride + 1;
}

/* Adds to the strip what taps [@first, @first + @n) of the tile's products give. */
static __device__ inline void
collect (float *sums, const Strip &strip, const float *products, int pitch,
         const float *constants, const RaqamPatches &shape, const RaqamTiling &tiling, int top,
         int bottom, int left, int first, int n)
{
  int width = shape.big_w, k = shape.kernel;
  int begin = max (strip.begin, top * shape.stride - shape.pad);
  int end = min (strip.end, (bottom - 1) * shape.stride - shape.pad + k);

  for (int i = threadIdx.x; i < (end - begin) * width; i += THREADS)
    {
      int y = begin + i / width, x = i % width;
      int last_down = min (bottom - 1, (y + shape.pad) / shape.stride);
      int first_across = max (left, first_over (shape, x));
      int last_across = min (min (left + tiling.w, shape.small_w) - 1,
                             (x + shape.pad) / shape.stride);
      float sum = sums[(y - strip.begin) * width + x];

      for (int down = max (top, first_over (shape, y)); down <= last_down; down++)
        for (int across = first_across; across <= last_across; across++)
          {
            int tap = (y + shape.pad - down * shape.stride) * k
                      + (x + shape.pad - across * shape.stride) - first;

            if (tap >= 0 && tap < n)
              sum += products[tap * pitch + (down - top) * tiling.w + (across - left)]
                     + constants[tap];
          }
      sums[(y - strip.begin) * width + x] = sum;
    }
}

static __device__ inline void
finish (const RaqamSpread &job, const float *sums, const Strip &strip, size_t image)
{
  size_t first = (image * job.shape.big_h + strip.begin) * job.shape.big_w;

  for (int i = threadIdx.x; i < (strip.end - strip.begin) * job.shape.big_w; i += THREADS)
    {
      float x = sums[i];

      if (job.sigmoid)
        x = 1.0f / (1.0f + expf (-x));
      if (job.soft != nullptr)
        job.soft[first + i] = x;
      if (job.hard)
        x = x >= 0.5f ? 1.0f : x < 0.5f ? 0.0f : x;
      job.big[first + i] = x;
    }
}

template <typename Kind, int TILES>
static __global__ void __launch_bounds__ (THREADS)
spread_kernel (RaqamSpread job, RaqamTiling tiling, int strip_h, int n_strips)
{
  using Sizes = SpreadSizes<Kind, TILES>;
  using Factor = typename Kind::Factor;
  RAQAM_SHARED (unsigned char, shared);
  Factor *x = reinterpret_cast<Factor *> (shared), *w = x + PIXELS * Sizes::PITCH;
  float *products = reinterpret_cast<float *> (shared);
  float *constants = reinterpret_cast<float *> (shared + Sizes::SHARED);
  RaqamTilePixels pixels = { reinterpret_cast<int *> (constants + Sizes::TAPS), nullptr };
  float *sums = reinterpret_cast<float *> (pixels.pixel + PIXELS);
  RaqamProduct<Kind, 2, TILES, false, true> product;

  const RaqamPatches &shape = job.shape;
  size_t image = blockIdx.x / n_strips;
  int begin = blockIdx.x % n_strips * strip_h;
  Strip strip = { begin, min (begin + strip_h, shape.big_h) };
  int end = min (shape.small_h, (strip.end - 1 + shape.pad) / shape.stride + 1);
  int n_taps = shape.kernel * shape.kernel;
  int n_channels = raqam_cuda_factor_channels (job.edge.c);
  int warp = threadIdx.x / RAQAM_WARP;
  float bias = job.bias == nullptr ? 0.0f : *job.bias;

  for (int i = threadIdx.x; i < (strip.end - strip.begin) * shape.big_w; i += THREADS)
    sums[i] = bias;

  for (int top = first_over (shape, strip.begin); top < end; top += tiling.h)
    for (int left = 0; left < shape.small_w; left += tiling.w)
      {
        int bottom = min (top + tiling.h, end);

        __syncthreads ();
        raqam_find_pixels (pixels, shape, tiling, top, left, bottom, PIXELS);
        for (int tap = 0; tap < n_taps; tap += Sizes::TAPS)
          {
            product.clear ();
            for (int channel = 0; channel < job.edge.c; channel += Sizes::DEPTH)
              {
                int depth = min ((int) Sizes::DEPTH,
                                 raqam_cuda_round_up (job.edge.c - channel, 16));

                __syncthreads ();
                raqam_stage_pixels<Kind, Sizes::DEPTH> (
                  x, Sizes::PITCH, job.small, job.edge,
                  image * shape.small_h * shape.small_w, pixels.pixel, channel, PIXELS);
                raqam_stage_factors<Factor, Sizes::TAPS, Sizes::DEPTH> (
                  w, Sizes::PITCH, job.factors, n_channels, tap, channel);
                __syncthreads ();
                if (warp * 32 < tiling.h * tiling.w)
                  product.add (x + warp * 32 * Sizes::PITCH, Sizes::PITCH, w, Sizes::PITCH, depth);
              }

            __syncthreads ();
            product.template store<true> (products + warp * 32, Sizes::SUM_PITCH);
            for (int i = threadIdx.x; i < Sizes::TAPS; i += THREADS)
              constants[i] = job.constants == nullptr ? 0.0f : job.constants[tap + i];
            __syncthreads ();
            collect (sums, strip, products, Sizes::SUM_PITCH, constants, shape, tiling, top,
                     bottom, left, tap, Sizes::TAPS);
            __syncthreads ();
          }
      }

  __syncthreads ();
  finish (job, sums, strip, image);
}

template <typename Kind, int TILES>
static void
launch (const RaqamSpread *spread, cudaStream_t stream)
{
  using Sizes = SpreadSizes<Kind, TILES>;
  const RaqamPatches *shape = &spread->shape;
  int wanted = raqam_ceil_div (MANY_BLOCKS, spread->n);
  int most = MAX (STRIP_SIZE / shape->big_w, 1);
  int strip_h = CLAMP (raqam_ceil_div (shape->big_h, wanted), 1, most);
  int n_strips = raqam_ceil_div (shape->big_h, strip_h);
  size_t shared = Sizes::SHARED
                  + (Sizes::TAPS + PIXELS + (size_t) strip_h * shape->big_w) * sizeof (float);

  RAQAM_LAUNCH ((spread_kernel<Kind, TILES>), (unsigned) spread->n * n_strips, THREADS, shared,
                stream, *spread, raqam_tiling (shape, PIXELS), strip_h, n_strips);
}

extern "C" void
raqam_cuda_spread (const RaqamSpread *spread, cudaStream_t stream)
{
  RAQAM_BY_PRECISION (launch, spread->precision, spread->shape.kernel * spread->shape.kernel,
                      spread, stream);
}
