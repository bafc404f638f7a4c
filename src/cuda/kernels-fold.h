/* kernels-fold.h — the kernels of a product with batch norm folded in; see fold.h.
 * SPDX-License-Identifier: MIT
 *
 * All only start the work.
 */

#pragma once

#include "cuda/fold.h"

G_BEGIN_DECLS

/* Makes μ and 1 / σ from the batch @x, and moves the running statistics unless @update
 * is 0. Two launches; reads x once. Sums are taken from the first pixel's values: a
 * mean far from 0 costs no digits. */
void raqam_cuda_fold_use_batch (RaqamFold *self, gconstpointer x, float *running_mean,
                                float *running_variance, float update, cudaStream_t stream);

/* Makes W' and H from @params; with norm by the running statistics, or where these are
 * NULL by μ and 1 / σ. */
void raqam_cuda_fold_weights (RaqamFold *self, const RaqamFoldParams *params,
                              const float *running_mean, const float *running_variance,
                              cudaStream_t stream);

/* Makes @gradients and, with norm, across and apart from the sums. */
void raqam_cuda_fold_gradients (RaqamFold *self, const RaqamFoldGradients *gradients,
                                const RaqamFoldParams *params, cudaStream_t stream);

G_END_DECLS
