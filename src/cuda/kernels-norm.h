/* kernels-norm.h — the kernels of a hidden layer's batch norm; see norm.h.
 * SPDX-License-Identifier: MIT
 *
 * @scale, @shift, @mean, @variance are those of the slabs, (c) or (classes, c).
 * Let X be the bytes of x. All only start the work.
 */

#pragma once

#include "cuda/norm.h"

G_BEGIN_DECLS

/* y becomes x; partials become the chunks' origins, sums of x - origin and of its
 * squares. Reads X, and writes X unless x is y. */
void raqam_cuda_launch_norm_collect (RaqamCudaNorm *self, gpointer y, const RaqamBias *bias,
                                     const guint8 *labels, cudaStream_t stream);

/* Makes mean, inverse, scale and shift of the partials, by the rule of Chan, Golub
 * and LeVeque, in double; moves the running statistics unless @update is 0. */
void raqam_cuda_launch_norm_use_batch (RaqamCudaNorm *self, const float *scale,
                                       const float *shift, float *mean, float *variance,
                                       float update, cudaStream_t stream);

/* out = dropout (activation (x · scale + shift)). Reads X and writes out. */
void raqam_cuda_launch_normalise (RaqamCudaNorm *self, gpointer out, gconstpointer x,
                                  const RaqamDropout *dropout, const guint8 *labels,
                                  cudaStream_t stream);

/* The same by running statistics, from y. Reads X and writes out. */
void raqam_cuda_launch_norm_infer (RaqamCudaNorm *self, gpointer out, gconstpointer y,
                                   const RaqamBias *bias, const float *scale, const float *shift,
                                   const float *mean, const float *variance,
                                   const guint8 *labels, cudaStream_t stream);

/* partials become the chunks' sums of d and of d · (x - mean), with d the gradient at
 * the norm's end: @d_out through dropout and activation. Reads X and d_out. */
void raqam_cuda_launch_norm_collect_backward (RaqamCudaNorm *self, gconstpointer d_out,
                                              gconstpointer x, const RaqamDropout *dropout,
                                              const guint8 *labels, cudaStream_t stream);

/* Makes along, across and apart of the partials, and @d_scale and @d_shift unless
 * they are NULL. */
void raqam_cuda_launch_norm_finish_backward (RaqamCudaNorm *self, float *d_scale, float *d_shift,
                                             const float *scale, const guint8 *labels,
                                             cudaStream_t stream);

/* @d = (along · d + across · x + apart) · activation' (x), with d as above, made
 * again: that is cheaper than to write it and read it. @partials: see norm.h. Reads X
 * and d_out, writes X. */
void raqam_cuda_launch_norm_backward (RaqamCudaNorm *self, gpointer d, float *partials,
                                      gconstpointer d_out, gconstpointer x,
                                      const RaqamDropout *dropout, const guint8 *labels,
                                      cudaStream_t stream);

G_END_DECLS
