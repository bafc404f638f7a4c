/* sparse.h — gradients of a convolution most of whose output's gradient is 0.
 * SPDX-License-Identifier: MIT
 *
 * Behind a global maximum one position of each channel has a gradient, so that
 * the convolution's two gradients are sums over a few patches. Weights are taken
 * with the channels last, (out_c, kernel, kernel, in_c): then a patch's row is
 * one piece in the image and in the weights.
 */

#pragma once

#include "engine/backend.h"

G_BEGIN_DECLS

/* Returns: whether at most 1 in 16 of the @n values is not 0 (NaN is not) */
gboolean raqam_cpu_is_sparse (const float *values, gsize n);

/* channels_last (out_c, kernel, kernel, in_c) = weight (out_c, in_c, kernel, kernel) */
void raqam_cpu_sparse_pack   (float *channels_last, const float *weight, const RaqamBlockSpec *spec);
/* The other way. */
void raqam_cpu_sparse_unpack (float *weight, const float *channels_last, const RaqamBlockSpec *spec);

/**
 * raqam_cpu_sparse_backward:
 * @d_in: (@n, in_h, in_w, in_c), overwritten
 * @d_out: (@n, out_h, out_w, out_c)
 */
void raqam_cpu_sparse_backward (float *d_in, const float *d_out, const float *channels_last,
                                const RaqamBlockSpec *spec, int n);

/**
 * raqam_cpu_sparse_backward_weights:
 * @d_channels_last: (out_c, kernel, kernel, in_c), overwritten
 * @in: (@n, in_h, in_w, in_c)
 */
void raqam_cpu_sparse_backward_weights (float *d_channels_last, const float *in,
                                        const float *d_out, const RaqamBlockSpec *spec, int n);

G_END_DECLS
