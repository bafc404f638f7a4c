/* kernels-lift.cu — from a big plane of one channel to a small plane of channels.
 * SPDX-License-Identifier: MIT
 *
 * A block of threads makes 64 channels of tiles of one image: patches by factors,
 * the sums left in shared memory, and from there, finished, to the edge. */

#include "cuda/kernels-lift.h"

#include "cuda/patches.cuh"

#define THREADS  256
#define CHANNELS 64 /* a block: 4 by 2 warps share the tile's pixels and these */

/* Enough images to fill a GPU with a block each. */
#define MANY_IMAGES 256

template <typename Kind, int TILES>
struct LiftSizes
{
  enum
  {
    FACTOR = (int) sizeof (typename Kind::Factor),
    TAPS = 16 * TILES,
    PIXELS = Kind::BF16 ? 128 : 64,
    PATCH_PITCH = TAPS + 16 / FACTOR,
    PITCH = CHANNELS + 16 / FACTOR,
    SUM_PITCH = CHANNELS + 4,
    PATCHES = PIXELS * PATCH_PITCH * FACTOR,
    SUMS = PIXELS * SUM_PITCH * (int) sizeof (float),
    FACTORS = TAPS * PITCH * FACTOR,
  };
};

template <typename Kind>
static __device__ inline void
add_affine (float *d, const RaqamLift &job, size_t pixel, int channel)
{
  float x[RAQAM_OCTET], across[RAQAM_OCTET], apart[RAQAM_OCTET];

  raqam_load_eight<Kind> (x, job.x, job.edge, pixel, channel);
  raqam_load_octet (across, job.across + channel);
  raqam_load_octet (apart, job.apart + channel);
  for (int j = 0; j < RAQAM_OCTET; j++)
    d[j] += across[j] * x[j] + apart[j];
}

static __device__ inline void
add_table (float *d, const RaqamLift &job, size_t image, int pixel, int channel)
{
  size_t row = (job.labels == nullptr ? 0 : job.labels[image]) * (size_t) job.n_kinds
               + job.kind_of[pixel];
  float bias[RAQAM_OCTET];

  raqam_load_octet (bias, job.table + row * raqam_cuda_factor_channels (job.edge.c) + channel);
  for (int j = 0; j < RAQAM_OCTET; j++)
    d[j] = raqam_activate (d[j] + bias[j], job.slope);
}

/* The tile's sums, (pixels, CHANNELS), to the edge. */
template <typename Kind>
static __device__ inline void
finish (const RaqamLift &job, const RaqamMask &mask, const float *sums, int pitch,
        const int *pixels, size_t image, int first, int n)
{
  size_t before = image * job.shape.small_h * job.shape.small_w;
  RaqamRows rows = {};

  rows.c = job.edge.c;
  for (int i = threadIdx.x; i < n * (CHANNELS / RAQAM_OCTET); i += THREADS)
    {
      int p = i / (CHANNELS / RAQAM_OCTET), column = i % (CHANNELS / RAQAM_OCTET) * RAQAM_OCTET;
      int pixel = pixels[p], channel = first + column;
      float d[RAQAM_OCTET];

      if (pixel < 0 || channel >= job.edge.stride)
        continue;

      raqam_load_octet (d, sums + p * pitch + column);
      if (job.across != nullptr)
        add_affine<Kind> (d, job, before + pixel, channel);
      if (job.table != nullptr)
        add_table (d, job, image, pixel, channel);
      if (mask.drops)
        raqam_drop (d, mask, rows, (guint32) (before + pixel), channel);
      raqam_store_eight<Kind> (job.small, d, job.edge, before + pixel, channel);
    }
}

template <typename Kind, int TILES>
static __global__ void __launch_bounds__ (THREADS)
lift_kernel (RaqamLift job, RaqamTiling tiling, int n_parts)
{
  using Sizes = LiftSizes<Kind, TILES>;
  using Factor = typename Kind::Factor;
  RAQAM_SHARED (unsigned char, shared);
  Factor *w = reinterpret_cast<Factor *> (shared);
  RaqamTilePixels pixels = { reinterpret_cast<int *> (shared + Sizes::FACTORS),
                             reinterpret_cast<int *> (shared + Sizes::FACTORS) + Sizes::PIXELS };
  unsigned char *rest = shared + Sizes::FACTORS + 2 * Sizes::PIXELS * sizeof (int);
  Factor *patches = reinterpret_cast<Factor *> (rest);
  float *plane = reinterpret_cast<float *> (rest + Sizes::PATCHES);
  float *sums = reinterpret_cast<float *> (rest); /* when patches and plane have done */
  RaqamProduct<Kind, Sizes::PIXELS / 64, 2, false, false> product;

  const RaqamPatches &shape = job.shape;
  RaqamMask mask = raqam_mask (job.dropout);
  size_t image = blockIdx.x / n_parts;
  int n_tiles = tiling.down * tiling.across;
  int channel = blockIdx.y * CHANNELS;
  int n_taps = shape.kernel * shape.kernel;
  int n_channels = raqam_cuda_factor_channels (job.edge.c);
  int warp = threadIdx.x / RAQAM_WARP;
  int row = warp / 2 * (Sizes::PIXELS / 4), column = warp % 2 * (CHANNELS / 2);

  for (int tile = blockIdx.x % n_parts; tile < n_tiles; tile += n_parts)
    {
      int top = tile / tiling.across * tiling.h, left = tile % tiling.across * tiling.w;

      __syncthreads ();
      raqam_find_pixels (pixels, shape, tiling, top, left, shape.small_h, Sizes::PIXELS);
      raqam_stage_plane (plane, job.plane, shape, tiling, image, top, left);
      product.clear ();
      for (int tap = 0; tap < n_taps; tap += Sizes::TAPS)
        {
          __syncthreads ();
          raqam_stage_patches<Kind, Sizes::TAPS> (patches, Sizes::PATCH_PITCH, plane, pixels,
                                                  shape, tiling, tap, Sizes::PIXELS);
          if (tile < n_parts || n_taps > Sizes::TAPS)
            raqam_stage_factors<Factor, Sizes::TAPS, CHANNELS> (w, Sizes::PITCH, job.factors,
                                                                n_channels, tap, channel);
          __syncthreads ();
          product.add (patches + row * Sizes::PATCH_PITCH, Sizes::PATCH_PITCH, w + column,
                       Sizes::PITCH,
                       min ((int) Sizes::TAPS, raqam_cuda_round_up (n_taps - tap, 16)));
        }

      __syncthreads ();
      product.template store<false> (sums + row * Sizes::SUM_PITCH + column, Sizes::SUM_PITCH);
      __syncthreads ();
      finish<Kind> (job, mask, sums, Sizes::SUM_PITCH, pixels.pixel, image, channel,
                    Sizes::PIXELS);
    }
}

template <typename Kind, int TILES>
static void
launch (const RaqamLift *lift, cudaStream_t stream)
{
  using Sizes = LiftSizes<Kind, TILES>;
  RaqamTiling tiling = raqam_tiling (&lift->shape, Sizes::PIXELS);
  int n_parts = CLAMP (raqam_ceil_div (MANY_IMAGES, lift->n), 1, tiling.down * tiling.across);
  int plane = raqam_patch_side (lift->shape, tiling.h) * raqam_patch_side (lift->shape, tiling.w)
              * (int) sizeof (float);
  size_t shared = Sizes::FACTORS + 2 * Sizes::PIXELS * sizeof (int)
                  + MAX (Sizes::PATCHES + plane, (int) Sizes::SUMS);
  dim3 grid (lift->n * n_parts, raqam_ceil_div (lift->edge.stride, CHANNELS));

  RAQAM_LAUNCH ((lift_kernel<Kind, TILES>), grid, THREADS, shared, stream, *lift, tiling,
                n_parts);
}

extern "C" void
raqam_cuda_lift (const RaqamLift *lift, cudaStream_t stream)
{
  RAQAM_BY_PRECISION (launch, lift->precision, lift->shape.kernel * lift->shape.kernel, lift,
                      stream);
}
