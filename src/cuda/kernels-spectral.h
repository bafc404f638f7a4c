/* kernels-spectral.h — the kernels of spectral norm; see spectral.h.
 * SPDX-License-Identifier: MIT
 *
 * Each goes through the matrix once. All only start the work.
 */

#pragma once

#include "cuda/spectral.h"

G_BEGIN_DECLS

/* Doubles that a gradient's product is taken in, at most. */
#define RAQAM_SPECTRAL_PARTS 256

/* right = wᵀ u */
void raqam_cuda_launch_spectral_right (const RaqamCudaSpectral *self, const float *u,
                                       const float *w, cudaStream_t stream);

/* v = right / |right|; left = w v */
void raqam_cuda_launch_spectral_left (const RaqamCudaSpectral *self, const float *w,
                                      cudaStream_t stream);

/* @power: u = left / |left|; then sigma = uᵀ left, the copy of u, and w / sigma into
 * @normed unless that is NULL. */
void raqam_cuda_launch_spectral_sigma (const RaqamCudaSpectral *self, float *normed, float *u,
                                       const float *w, gboolean power, cudaStream_t stream);

/* products = parts of dw · w */
void raqam_cuda_launch_spectral_product (const RaqamCudaSpectral *self, const float *dw,
                                         const float *w, cudaStream_t stream);

/* dw = (dw - (sum of products / sigma) u vᵀ) / sigma */
void raqam_cuda_launch_spectral_gradient (const RaqamCudaSpectral *self, float *dw,
                                          cudaStream_t stream);

G_END_DECLS
