/* kernels-image.h — loops of the blocks that meet an image of one channel.
 * SPDX-License-Identifier: MIT
 *
 * A square kernel that strides over a big plane of one channel gives a small
 * plane of patches: tap (ky, kx) of patch (y, x) lies on the big plane at
 * (y · stride - pad + ky, x · stride - pad + kx), or outside it. Patches are
 * kept as (kernel², small_h · small_w), a tap's values side by side, because
 * every tap is then a shifted copy of the plane and products with it are fast. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  int big_h, big_w;
  int small_h, small_w;
  int kernel, stride, pad;
} RaqamPatches;

typedef struct
{
  /* patches (kernel², pitch): the first small_h · small_w of each row are set to
   * big (big_h, big_w), 0 outside it */
  void (*gather) (float *patches, gsize pitch, const float *big, const RaqamPatches *shape);

  /* big += patches, the transpose of gather; what lies outside big is overwritten */
  void (*scatter) (float *big, float *patches, gsize pitch, const RaqamPatches *shape);

  /* y = 1 / (1 + exp (-y)) */
  void (*sigmoid) (float *y, gsize n);

  /* d = d · y (1 - y) */
  void (*sigmoid_backward) (float *d, const float *y, gsize n);

  /* sum (c) += x - origin; square (c) += (x - origin)², over rows (at most
   * RAQAM_SUM_ROWS of them) of c channels */
  void (*moments) (float *sum, float *square, const float *x, const float *origin, gsize rows,
                   gsize c);

  /* d (rows, c) += across (c) · x (rows, c) + apart (c) */
  void (*add_affine) (float *d, const float *x, const float *across, const float *apart,
                      gsize rows, gsize c);

  /* max (c) of x (rows, c), and in row (c) the first row that has it; NaN is above all */
  void (*pool) (float *max, gint32 *row, const float *x, gsize rows, gsize c);
} RaqamImageKernels;

G_END_DECLS
