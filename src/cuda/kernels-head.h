/* kernels-head.h — the kernels of a discriminator's last block.
 * SPDX-License-Identifier: MIT
 *
 * Features are (pixels, c), or pooled (1, c); tables of them are kept padded, with
 * zeros. All pointers are to device memory. All only start the work.
 */

#pragma once

#include "cuda/edge.h"

G_BEGIN_DECLS

typedef struct
{
  RaqamEdge edge;     /* of the input */
  int       n;        /* images */
  int       n_pixels; /* of an image */
  int       channels, padded;
  int       n_features; /* unpadded, after the pool */
  gboolean  pool;
  int       n_rows;     /* of the table: one a class, or 1 */
} RaqamHeadShape;

/* Values of a padded row of features. */
static inline int
raqam_cuda_head_row (const RaqamHeadShape *shape)
{
  return (shape->pool ? 1 : shape->n_pixels) * shape->padded;
}

/**
 * raqam_cuda_head_table:
 * @table: (n_rows, padded features), overwritten: @weight + the row of @embedding
 * @weight: (features)
 * @embedding: (n_rows, features), or NULL
 */
void raqam_cuda_head_table (float *table, const float *weight, const float *embedding,
                            const RaqamHeadShape *shape, cudaStream_t stream);

/**
 * raqam_cuda_head_forward:
 * @out: (n), overwritten: logits
 * @max: with pool: (n, padded), overwritten: the channels' maxima; NULL when they are not wanted
 * @where: with @max: their pixels, of equals the first; NaN is above all, the last one
 *   above the others
 * @labels: (n): rows of the table, or NULL: row 0
 * @bias: one, or NULL
 *
 * Reads the input once, and a row of the table an image.
 */
void raqam_cuda_head_forward (float *out, float *max, gint32 *where, gconstpointer in,
                              const float *table, const guint8 *labels, const float *bias,
                              const RaqamHeadShape *shape, cudaStream_t stream);

/* @d_in: the gradient of the input, an edge, overwritten, its padding with 0. Writes it once. */
void raqam_cuda_head_backward (gpointer d_in, const float *d_out, const gint32 *where,
                               const float *table, const guint8 *labels,
                               const RaqamHeadShape *shape, cudaStream_t stream);

/**
 * raqam_cuda_head_gradients:
 * @d_weight: (features), overwritten
 * @d_embedding: (n_rows, features), overwritten, or NULL where n_rows is 1
 * @d_bias: one, overwritten, or NULL
 * @features: the input, or with pool max
 *
 * Reads the features once. Two launches.
 */
void raqam_cuda_head_gradients (float *d_weight, float *d_embedding, float *d_bias,
                                gconstpointer features, const float *d_out, const guint8 *labels,
                                const RaqamHeadShape *shape, cudaStream_t stream);

G_END_DECLS
