/* kernels-input.h — what a discriminator's first block has beside its products.
 * SPDX-License-Identifier: MIT
 *
 * All pointers are to device memory. All only start the work.
 */

#pragma once

#include "cuda/border.h"
#include "cuda/rows.h"

G_BEGIN_DECLS

/* Of a block's weights, (C, planes, taps): the image's plane, then one a class where
 * there are labels. */
typedef struct
{
  RaqamPrecision precision;
  int            channels, n_taps;
  int            n_planes;
  int            n_classes; /* 1 without labels */
  RaqamBorders   borders;   /* the device's */
} RaqamInputShape;

/**
 * raqam_cuda_input_weights:
 * @factors: (factor taps, factor channels), overwritten
 * @table: (classes, kinds, factor channels), overwritten: bias and, of the class's
 *   plane, the sum of the weights whose taps are inside
 * @image: (C, planes, taps): the weights that the image's plane has here
 * @planes: the same, that label planes have
 * @bias: (C), or NULL
 */
void raqam_cuda_input_weights (gpointer factors, float *table, const float *image,
                               const float *planes, const float *bias,
                               const RaqamInputShape *shape, cudaStream_t stream);

/**
 * raqam_cuda_input_start_backward:
 * @d: (n images, pixels, C), an edge: the gradient of the block's output; becomes
 *   that of the product
 * @by_kind: (n, kinds, padded C), overwritten: its sums over each image's pixels of a kind
 * @out: the block's output
 *
 * Reads d and out and writes d.
 */
void raqam_cuda_input_start_backward (gpointer d, float *by_kind, gconstpointer out, RaqamEdge edge,
                                      int n, const RaqamDropout *dropout, float slope,
                                      const RaqamInputShape *shape, cudaStream_t stream);

/**
 * raqam_cuda_input_gradients:
 * @d_weight: (C, planes, taps), overwritten
 * @d_bias: (C), overwritten, or NULL
 * @product: (taps, @pitch): the gradient of the image's plane
 * @by_kind: (classes, kinds, padded C): the sums of the product's gradient
 */
void raqam_cuda_input_gradients (float *d_weight, float *d_bias, const double *product, int pitch,
                                 const double *by_kind, const RaqamInputShape *shape,
                                 cudaStream_t stream);

G_END_DECLS
