/* kernels-spread.h — from a small plane of channels to a big plane of one channel.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "cuda/patches.h"

G_BEGIN_DECLS

/* big[Y, X] = finish (bias + Σ (small[y, x] · factors[ky, kx] + constants[ky, kx])) over
 * the pixels and taps that lie at (Y, X), in one order whatever the batch. All
 * pointers are to device memory. */
typedef struct
{
  RaqamPatches   shape;
  RaqamPrecision precision;
  int            n; /* images */

  gconstpointer  small;
  RaqamEdge      edge;
  gconstpointer  factors;   /* (factor taps, factor channels) */
  const float   *constants; /* (factor taps), or NULL */
  const float   *bias;      /* one, or NULL */

  float         *big;     /* overwritten */
  gboolean       sigmoid; /* finish is 1 / (1 + exp (-x)), else nothing */
  gboolean       hard;    /* with sigmoid: big is whether that is at least 0.5; a NaN stays one */
  float         *soft;    /* with sigmoid: shaped as big, for the sigmoid itself, or NULL */
} RaqamSpread;

/* Reads small once and writes big once; 2 · taps · channels operations a pixel of
 * small. A few images are cut into strips of rows, so that they fill a GPU too. */
void raqam_cuda_spread (const RaqamSpread *spread, cudaStream_t stream);

G_END_DECLS
