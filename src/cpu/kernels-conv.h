/* kernels-conv.h — the products of a convolution, a tile of the result at a time.
 * SPDX-License-Identifier: MIT
 *
 * A tile is 6 rows by 16 columns: 12 vector registers of 8 floats, which with two
 * of the other operand and one of this fill the 16 that AVX2 has. Both products
 * read what the caller has put side by side, so that they run at the rate of the
 * multipliers and not of the cache.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RAQAM_TILE_ROWS    6
#define RAQAM_TILE_COLUMNS 16

/* What the second product reads: images of (rows, columns) pixels, with the steps
 * from one to the next in each array, in floats. Along a row pixels are side by side. */
typedef struct
{
  gsize n_images, n_rows, n_columns;
  gsize a_image, a_row;
  gsize b_image, b_row;
} RaqamTileWalk;

typedef struct
{
  /* out[i] (16) = Σ_t Σ_c rows[6 t + i][c] · weights[t, c] (16), for i below 6;
   * with add, that is added to what is there. weights (n_taps, n_c, 16) */
  void (*tile)  (float *const out[RAQAM_TILE_ROWS], const float *const *rows,
                 const float *weights, gsize n_taps, gsize n_c, gboolean add);

  /* d (6, 16) += Σ over pixels of a (6) ⊗ b (16) */
  void (*outer) (float *d, const float *a, const float *b, const RaqamTileWalk *walk);
} RaqamConvKernels;

G_END_DECLS
