/* kernels-dense.h — what DENSE does beside the matrix product; see dense.c.
 * SPDX-License-Identifier: MIT
 *
 * A column is a value of an image of y, which is an edge of (pixels, c), padded; so
 * there are pixels · padded columns, and packed weights are (columns, in_padded). y,
 * in and packed weights are bf16 or float. All only start the work.
 */

#pragma once

#include "cuda/edge.h"

G_BEGIN_DECLS

typedef struct
{
  int      batch;
  int      pixels, c, padded; /* of an image of y */
  int      in_c, in_padded;
  int      n_tables;          /* of biases: one, or one a label */
  gsize    pitch;             /* floats from row to row of the weights in the slab */
  gboolean labels;            /* whether columns for labels follow there */
  gboolean bf16;
} RaqamDenseShape;

/* biases (n_tables, pixels, padded) = the label's column of @weight + @bias (pixels ·
 * c), which may be NULL; the padding is not touched. */
void raqam_cuda_launch_dense_biases (float *biases, const float *weight, const float *bias,
                                     const RaqamDenseShape *shape, cudaStream_t stream);

/* y = in · packedᵀ for few images: each reads all the weights again. */
void raqam_cuda_launch_dense_product (gpointer y, gconstpointer in, gconstpointer packed,
                                      const RaqamDenseShape *shape, cudaStream_t stream);

/* d_in = d_y · packed. Nobody trains what a latent vector comes from, so this is only
 * for being right: each image reads all the weights again. */
void raqam_cuda_launch_dense_backward (gpointer d_in, gconstpointer d_y, gconstpointer packed,
                                       const RaqamDenseShape *shape, cudaStream_t stream);

/* sums (n_tables, columns) = those of d_y over all images, or the label's; reads d_y once. */
void raqam_cuda_launch_dense_sums (double *sums, gconstpointer d_y, const guint8 *labels,
                                   const RaqamDenseShape *shape, cudaStream_t stream);

/* The labels' columns of @d_weight from sums, and @d_bias, unless it is NULL. */
void raqam_cuda_launch_dense_finish (float *d_weight, float *d_bias, const double *sums,
                                     const RaqamDenseShape *shape, cudaStream_t stream);

G_END_DECLS
