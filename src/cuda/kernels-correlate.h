/* kernels-correlate.h — the gradient of what joins a big plane and a small one.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "cuda/patches.h"

G_BEGIN_DECLS

/* Images whose products a block adds up, in float, and blocks that fill a GPU. */
#define RAQAM_CORRELATE_IMAGES 8
#define RAQAM_CORRELATE_GROUPS 256

/* Channels of a row of partial sums are padded to so many. */
#define RAQAM_CORRELATE_CHANNELS 128

/* For every group of images one row of partial sums, whose rows raqam_cuda_sum_rows()
 * adds up: the product G = patchesᵀ · small (taps, channels), the sums of the patches
 * S (taps), and the sum of the plane. */
typedef struct
{
  int n_groups;
  int channels; /* from tap to tap of the product */
  int tap_sums; /* where in a row S begins */
  int plane_sum;
  int n_sums;   /* values of a row */
} RaqamCorrelation;

typedef struct
{
  RaqamPatches   shape;
  RaqamPrecision precision;
  int            n; /* images */

  RaqamPlane     plane;
  gconstpointer  small;
  RaqamEdge      edge;
  float         *partials; /* (n_groups, n_sums), overwritten */
} RaqamCorrelate;

/* Returns: the partial sums of @n images with @c channels */
static inline RaqamCorrelation
raqam_cuda_correlation (const RaqamPatches *shape, int n, int c)
{
  int taps = raqam_cuda_factor_taps (shape->kernel * shape->kernel);
  int images = CLAMP ((n + RAQAM_CORRELATE_GROUPS - 1) / RAQAM_CORRELATE_GROUPS, 1,
                      RAQAM_CORRELATE_IMAGES);
  RaqamCorrelation sums;

  sums.n_groups = (n + images - 1) / images;
  sums.channels = raqam_cuda_round_up (c, RAQAM_CORRELATE_CHANNELS);
  sums.tap_sums = taps * sums.channels;
  sums.plane_sum = sums.tap_sums + taps;
  sums.n_sums = sums.plane_sum + 16;

  return sums;
}

/* Reads small once and the plane once for every 128 channels; 2 · taps · channels
 * operations a pixel of small. */
void raqam_cuda_correlate (const RaqamCorrelate *correlate, cudaStream_t stream);

G_END_DECLS
