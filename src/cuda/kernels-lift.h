/* kernels-lift.h — from a big plane of one channel to a small plane of channels.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "cuda/patches.h"
#include "cuda/rows.h"

G_BEGIN_DECLS

/* small = finish (patches of plane · factors), where finish is one of two: with
 * across, what is left of batch norm backward, d + across · x + apart; with table, a
 * bias by class and kind of pixel, an activation and dropout. All pointers are to
 * device memory. */
typedef struct
{
  RaqamPatches   shape;
  RaqamPrecision precision;
  int            n; /* images */

  RaqamPlane     plane;
  gconstpointer  factors; /* (factor taps, factor channels) */
  gpointer       small;   /* overwritten, its padding with 0 */
  RaqamEdge      edge;

  const float   *across, *apart; /* (factor channels) */
  gconstpointer  x;              /* shaped as small */

  const float   *table;   /* (classes, n_kinds, factor channels), or NULL */
  const gint32  *kind_of; /* (small_h, small_w) */
  int            n_kinds;
  const guint8  *labels;  /* (n), or NULL: all are of class 0 */
  float          slope;   /* 1 is no activation */
  RaqamDropout   dropout;
} RaqamLift;

/* Reads the plane, and x, once for every 64 channels and writes small once; 2 · taps ·
 * channels operations a pixel of small. */
void raqam_cuda_lift (const RaqamLift *lift, cudaStream_t stream);

G_END_DECLS
