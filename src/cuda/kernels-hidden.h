/* kernels-hidden.h — kernels over the values of a hidden layer.
 * SPDX-License-Identifier: MIT
 *
 * An edge that is plain is float without padding, one that is not is padded and
 * of the device's type (see edge.h), which @bf16 tells. What is written to a padded
 * edge has 0 in the padding. `slope` is LeakyReLU's; 1 is no activation, 0 is ReLU.
 * All only start the work.
 */

#pragma once

#include "cuda/rows.h"

G_BEGIN_DECLS

/* @padded from @plain, (n, c) values each; moves n · (4 c + 2 or 4 padded) bytes. */
void raqam_cuda_launch_pad   (gpointer padded, const float *plain, gsize n, int c, gboolean bf16,
                       cudaStream_t stream);
/* The way back. */
void raqam_cuda_launch_unpad (float *plain, gconstpointer padded, gsize n, int c, gboolean bf16,
                       cudaStream_t stream);

/* out = dropout (activation (x + bias)); @x is padded, @out may be @x. Reads x and
 * writes out once. */
void raqam_cuda_launch_bias_activation (gpointer out, gboolean plain, gconstpointer x, gboolean bf16,
                                 const RaqamBias *bias, float slope, const RaqamDropout *dropout,
                                 const guint8 *labels, const RaqamRows *rows,
                                 cudaStream_t stream);

/**
 * raqam_cuda_launch_activation_backward:
 * @d: gradient before the bias, padded; may be @d_out
 * @d_out: gradient of @out, as @plain as that
 * @partials: (n_chunks, padded), overwritten: the sums of d in each chunk; NULL when
 *   they are not wanted
 *
 * Reads out and d_out and writes d once.
 */
void raqam_cuda_launch_activation_backward (gpointer d, float *partials, gconstpointer d_out,
                                     gconstpointer out, gboolean plain, gboolean bf16, float slope,
                                     const RaqamDropout *dropout, const RaqamRows *rows,
                                     cudaStream_t stream);

/* sums (c) = those of @partials (n_chunks, padded), in double. */
void raqam_cuda_launch_sum_chunks (float *sums, const float *partials, const RaqamRows *rows,
                            cudaStream_t stream);

G_END_DECLS
