/* patches.cuh — tiles of the small plane and their patches; see patches.h.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "cuda/octets.cuh"
#include "cuda/patches.h"
#include "cuda/product.cuh"

/* A tile has at most so many pixels along either side, which bounds its patches. */
#define RAQAM_TILE_SIDE 32

/* How the small plane is cut into tiles, rows first. */
typedef struct
{
  int h, w;
  int down, across;
} RaqamTiling;

/* Where a tile's pixels are; -1 for those outside the small plane. */
typedef struct
{
  int *pixel; /* on the small plane, y · small_w + x */
  int *patch; /* where the pixel's patch begins in the tile's part of the big plane */
} RaqamTilePixels;

static inline int
raqam_ceil_div (int n, int by)
{
  return (n + by - 1) / by;
}

/* @pixels: of a tile, at most */
static inline RaqamTiling
raqam_tiling (const RaqamPatches *shape, int pixels)
{
  RaqamTiling tiling;
  int most;

  tiling.across = raqam_ceil_div (shape->small_w, RAQAM_TILE_SIDE);
  tiling.w = raqam_ceil_div (shape->small_w, tiling.across);
  most = pixels / tiling.w < RAQAM_TILE_SIDE ? pixels / tiling.w : RAQAM_TILE_SIDE;
  tiling.down = raqam_ceil_div (shape->small_h, most);
  tiling.h = raqam_ceil_div (shape->small_h, tiling.down);

  return tiling;
}

/* Values of the big plane under a tile, along an axis of @n pixels. */
RAQAM_PATCHES_FUNCTION int
raqam_patch_side (const RaqamPatches &shape, int n)
{
  return (n - 1) * shape.stride + shape.kernel;
}

/* Finds the pixels of the tile that begins at (@top, @left), of which rows below
 * @bottom count; those up to @n are outside. */
static __device__ inline void
raqam_find_pixels (const RaqamTilePixels &to, const RaqamPatches &shape, const RaqamTiling &tiling,
                   int top, int left, int bottom, int n)
{
  for (int p = threadIdx.x; p < n; p += blockDim.x)
    {
      int down = p / tiling.w, across = p % tiling.w;
      int y = top + down, x = left + across;
      bool inside = down < tiling.h && y < bottom && x < shape.small_w;

      to.pixel[p] = inside ? y * shape.small_w + x : -1;
      if (to.patch != nullptr)
        to.patch[p] = inside ? (down * raqam_patch_side (shape, tiling.w) + across) * shape.stride
                             : -1;
    }
}

static __device__ inline float
raqam_plane_value (const RaqamPlane &plane, size_t at)
{
  float y;

  if (plane.sigmoid == nullptr)
    return plane.values[at];

  y = plane.sigmoid[at];
  return plane.values[at] * (y * (1.0f - y));
}

/* The big plane under a tile of image @image, with zeros around the plane. */
static __device__ inline void
raqam_stage_plane (float *to, const RaqamPlane &plane, const RaqamPatches &shape,
                   const RaqamTiling &tiling, size_t image, int top, int left)
{
  int h = raqam_patch_side (shape, tiling.h), w = raqam_patch_side (shape, tiling.w);
  size_t first = image * shape.big_h * shape.big_w;

  for (int i = threadIdx.x; i < h * w; i += blockDim.x)
    {
      int y = top * shape.stride - shape.pad + i / w, x = left * shape.stride - shape.pad + i % w;
      bool inside = y >= 0 && y < shape.big_h && x >= 0 && x < shape.big_w;

      to[i] = inside ? raqam_plane_value (plane, first + y * shape.big_w + x) : 0.0f;
    }
}

/* The patches of @n pixels, (n, TAPS) from tap @first on, with zeros where there is no
 * pixel or no tap. The block's threads are a multiple of TAPS: thread i makes tap
 * i % TAPS. Returns: the sum of what this thread made */
template <typename Kind, int TAPS>
static __device__ inline float
raqam_stage_patches (typename Kind::Factor *to, int pitch, const float *plane,
                     const RaqamTilePixels &pixels, const RaqamPatches &shape,
                     const RaqamTiling &tiling, int first, int n)
{
  int column = threadIdx.x % TAPS, tap = first + column;
  bool exists = tap < shape.kernel * shape.kernel;
  int offset = tap / shape.kernel * raqam_patch_side (shape, tiling.w) + tap % shape.kernel;
  float sum = 0.0f;

  for (int p = threadIdx.x / TAPS; p < n; p += blockDim.x / TAPS)
    {
      int patch = pixels.patch[p];
      float inside = exists && patch >= 0 ? plane[patch + offset] : 0.0f;
      typename Kind::Factor value = Kind::round (inside);

      to[p * pitch + column] = value;
      sum += raqam_get (value);
    }

  return sum;
}

/* Eight channels of a pixel, from @channel on, 0 where there are none. */
template <typename Kind>
static __device__ inline void
raqam_load_eight (float *to, const void *values, const RaqamEdge &edge, size_t pixel, int channel)
{
  size_t at = pixel * edge.stride + channel;

  if (channel >= edge.stride)
    for (int j = 0; j < RAQAM_OCTET; j++)
      to[j] = 0.0f;
  else if (Kind::BF16 && edge.bf16)
    raqam_load_octet (to, static_cast<const bf16 *> (values) + at);
  else if (edge.stride % RAQAM_OCTET == 0)
    raqam_load_octet (to, static_cast<const float *> (values) + at);
  else
    raqam_load_plain (to, static_cast<const float *> (values) + at, edge.c - channel);
}

template <typename Kind>
static __device__ inline void
raqam_store_eight (void *values, const float *from, const RaqamEdge &edge, size_t pixel,
                   int channel)
{
  size_t at = pixel * edge.stride + channel;

  if (channel >= edge.stride)
    return;
  if (Kind::BF16 && edge.bf16)
    raqam_store_octet (static_cast<bf16 *> (values) + at, from, edge.c - channel);
  else if (edge.stride % RAQAM_OCTET == 0)
    raqam_store_octet (static_cast<float *> (values) + at, from, edge.c - channel);
  else
    raqam_store_plain (static_cast<float *> (values) + at, from, edge.c - channel);
}

/* The tile's pixels of an edge as factors, (n, CHANNELS) from channel @first on.
 * @image: pixels before the image's first */
template <typename Kind, int CHANNELS>
static __device__ inline void
raqam_stage_pixels (typename Kind::Factor *to, int pitch, const void *values,
                    const RaqamEdge &edge, size_t image, const int *pixel, int first, int n)
{
  for (int i = threadIdx.x; i < n * (CHANNELS / RAQAM_OCTET); i += blockDim.x)
    {
      int p = i / (CHANNELS / RAQAM_OCTET), column = i % (CHANNELS / RAQAM_OCTET) * RAQAM_OCTET;
      RaqamOctet<typename Kind::Factor> octet;
      float x[RAQAM_OCTET] = { 0 };

      if (pixel[p] >= 0)
        raqam_load_eight<Kind> (x, values, edge, image + pixel[p], first + column);
      for (int j = 0; j < RAQAM_OCTET; j++)
        octet.value[j] = Kind::round (x[j]);
      *reinterpret_cast<RaqamOctet<typename Kind::Factor> *> (to + p * pitch + column) = octet;
    }
}

/* (TAPS, CHANNELS) of factors with rows of @channels, from (@tap, @channel) on. */
template <typename Factor, int TAPS, int CHANNELS>
static __device__ inline void
raqam_stage_factors (Factor *to, int pitch, const void *factors, int channels, int tap, int channel)
{
  const Factor *from = static_cast<const Factor *> (factors) + (size_t) tap * channels + channel;

  for (int i = threadIdx.x; i < TAPS * (CHANNELS / RAQAM_OCTET); i += blockDim.x)
    {
      int t = i / (CHANNELS / RAQAM_OCTET), column = i % (CHANNELS / RAQAM_OCTET) * RAQAM_OCTET;

      *reinterpret_cast<RaqamOctet<Factor> *> (to + t * pitch + column)
        = *reinterpret_cast<const RaqamOctet<Factor> *> (from + (size_t) t * channels + column);
    }
}
