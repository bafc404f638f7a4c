/* spectral.h — a weight matrix over its largest singular value.
 * SPDX-License-Identifier: MIT
 *
 * The power iteration of Miyato et al. (see RaqamBackend's block_prepare), on the
 * device: three launches forward, two backward. Norms are at least 1e-12 where they
 * divide, as in PyTorch's spectral_norm. Sums end in double and have one order.
 */

#pragma once

#include "cuda/device.h"
#include "cuda/scratch.h"

G_BEGIN_DECLS

/* Of one matrix (rows, columns). All pointers are device memory. */
typedef struct
{
  int rows, columns;

  float  *sigma;      /* one: uᵀ w v */
  float  *u;          /* (rows): a copy, for the gradient */
  float  *v;          /* (columns) */
  float  *right;      /* (columns): wᵀ u */
  float  *left;       /* (rows): w v */
  double *products;   /* (parts): of a gradient and the weights */
} RaqamCudaSpectral;

/* Takes the pieces of a matrix of @rows and @columns. */
void raqam_cuda_spectral_lay_out (RaqamCudaSpectral *self, int rows, int columns,
                                  RaqamScratch *scratch);

/**
 * raqam_cuda_spectral_power:
 * @normed: (nullable): (rows, columns), overwritten: @w / sigma
 * @u: (rows): left singular vector, in the slab of state; overwritten only with @power
 * @w: (rows, columns)
 * @power: one power iteration: v = wᵀu / |wᵀu|, then u = wv / |wv|; else v alone
 *
 * Makes sigma and v. Only starts the work.
 */
void raqam_cuda_spectral_power (RaqamCudaSpectral *self, float *normed, float *u, const float *w,
                                gboolean power, cudaStream_t stream);

/**
 * raqam_cuda_spectral_gradient:
 * @dw: (rows, columns): gradient with respect to ŵ = w / sigma; overwritten by the
 *   one with respect to w: (dŵ - (dŵ · ŵ) u vᵀ) / sigma
 * @w: as in the last raqam_cuda_spectral_power()
 *
 * Only starts the work.
 */
void raqam_cuda_spectral_gradient (RaqamCudaSpectral *self, float *dw, const float *w,
                                   cudaStream_t stream);

G_END_DECLS
