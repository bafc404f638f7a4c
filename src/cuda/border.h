/* border.h — which taps of a convolution fall inside the image, pixel by pixel.
 * SPDX-License-Identifier: MIT
 *
 * Two pixels of the output are of one kind when the same taps of the kernel are
 * inside the image for both: the middle, each edge, each corner. A kind is a kind
 * of row and a kind of column. */

#pragma once

#include "cuda/patches.h"

G_BEGIN_DECLS

typedef struct
{
  int n_kinds;
  int n_pixels;
  int n_taps;

  /* Host memory from raqam_cuda_borders_init(), until it is replaced by the device's. */
  gint32 *kind_of; /* (small_h, small_w) */
  gint32 *begin;   /* (n_kinds + 1): where in pixels a kind begins */
  gint32 *pixels;  /* (n_pixels): kind after kind */
  gint32 *inside;  /* (n_kinds, n_taps): whether the tap is inside the image */
} RaqamBorders;

/**
 * raqam_cuda_borders_init:
 * @shape: big: the image; small: the output
 * @tell_apart: FALSE: all pixels are of one kind, and inside says nothing
 *
 * Cleared by raqam_cuda_borders_clear().
 */
void raqam_cuda_borders_init  (RaqamBorders *self, const RaqamPatches *shape, gboolean tell_apart);
void raqam_cuda_borders_clear (RaqamBorders *self);

/* All four arrays lie behind kind_of, in one piece. Returns: its length in gint32 */
gsize raqam_cuda_borders_size (const RaqamBorders *self);

/* Returns: the same borders with their arrays in @memory */
RaqamBorders raqam_cuda_borders_at (const RaqamBorders *self, gint32 *memory);

G_END_DECLS
