/* kernels-conv.c — the products of a convolution, a tile of the result at a time.
 * SPDX-License-Identifier: MIT */

#include "cpu/kernels-conv.h"

#include "cpu/kernels-isa.h"

typedef float Vector __attribute__ ((vector_size (32), aligned (4), may_alias));

#define LANES 8
#define VECTORS (RAQAM_TILE_COLUMNS / LANES)

typedef struct
{
  Vector row[RAQAM_TILE_ROWS][VECTORS];
} Tile;

static inline Vector
load (const float *from)
{
  return *(const Vector *) from;
}

/* row += x · (w0, w1) */
static inline void
multiply_add (Vector row[VECTORS], float x, Vector w0, Vector w1)
{
  Vector all = { x, x, x, x, x, x, x, x };

  row[0] += all * w0;
  row[1] += all * w1;
}

static void
tile_kernel (float *const out[RAQAM_TILE_ROWS], const float *const *rows, const float *weights,
             gsize n_taps, gsize n_c, gboolean add)
{
  Tile sum = { 0 };

  if (add)
    for (int i = 0; i < RAQAM_TILE_ROWS; i++)
      for (int j = 0; j < VECTORS; j++)
        sum.row[i][j] = load (out[i] + j * LANES);

  for (gsize t = 0; t < n_taps; t++, rows += RAQAM_TILE_ROWS)
    {
      const float *r0 = rows[0], *r1 = rows[1], *r2 = rows[2];
      const float *r3 = rows[3], *r4 = rows[4], *r5 = rows[5];

      for (gsize c = 0; c < n_c; c++, weights += RAQAM_TILE_COLUMNS)
        {
          Vector w0 = load (weights), w1 = load (weights + LANES);

          multiply_add (sum.row[0], r0[c], w0, w1);
          multiply_add (sum.row[1], r1[c], w0, w1);
          multiply_add (sum.row[2], r2[c], w0, w1);
          multiply_add (sum.row[3], r3[c], w0, w1);
          multiply_add (sum.row[4], r4[c], w0, w1);
          multiply_add (sum.row[5], r5[c], w0, w1);
        }
    }

  for (int i = 0; i < RAQAM_TILE_ROWS; i++)
    for (int j = 0; j < VECTORS; j++)
      *(Vector *) (out[i] + j * LANES) = sum.row[i][j];
}

static inline void
outer_row (Tile *sum, const float *a, const float *b, gsize n)
{
  for (gsize x = 0; x < n; x++, a += RAQAM_TILE_ROWS, b += RAQAM_TILE_COLUMNS)
    {
      Vector b0 = load (b), b1 = load (b + LANES);

      for (int i = 0; i < RAQAM_TILE_ROWS; i++)
        multiply_add (sum->row[i], a[i], b0, b1);
    }
}

static void
outer_kernel (float *d, const float *a, const float *b, const RaqamTileWalk *walk)
{
  Tile sum;

  for (int i = 0; i < RAQAM_TILE_ROWS; i++)
    for (int j = 0; j < VECTORS; j++)
      sum.row[i][j] = load (d + i * RAQAM_TILE_COLUMNS + j * LANES);

  for (gsize image = 0; image < walk->n_images; image++)
    for (gsize y = 0; y < walk->n_rows; y++)
      outer_row (&sum, a + image * walk->a_image + y * walk->a_row,
                 b + image * walk->b_image + y * walk->b_row, walk->n_columns);

  for (int i = 0; i < RAQAM_TILE_ROWS; i++)
    for (int j = 0; j < VECTORS; j++)
      *(Vector *) (d + i * RAQAM_TILE_COLUMNS + j * LANES) = sum.row[i][j];
}

const RaqamConvKernels RAQAM_KERNELS (conv) = {
  .tile = tile_kernel,
  .outer = outer_kernel,
};
