/* fold.h — batch norm of a product's input, folded into the product.
 * SPDX-License-Identifier: MIT
 *
 * The product is of the kernel's taps, W (n_taps, C), with pixels x (C); what is
 * normalised is x, and never stored. With s = γ / σ and h = β - μ s the input's
 * scale goes into the factors, W'[t, c] = W[t, c] s[c], and its shift into a
 * constant a tap, H[t] = Σ_c W[t, c] h[c]; taps outside the image add nothing. As
 * the factors are rounded, H[t] = Σ_c (W[t, c] β[c] - W'[t, c] μ[c]) with the
 * rounded W', so that the mean drops out of the product exactly. Backward, with the
 * products' gradient E (pixels, n_taps), G = Eᵀ x and S[t] = Σ E[t]:
 *
 *     dW[t, c] = s[c] G[t, c] + h[c] S[t]      dβ[c] = Σ_t W[t, c] S[t]
 *     dγ[c] = Σ_t W[t, c] (G[t, c] - μ[c] S[t]) / σ[c]
 *     dx = E W' + across x + apart
 *
 * so that the sums which the norm's backward needs come from the weights'. Without
 * norm s is 1 and h is 0.
 */

#pragma once

#include "cuda/kernels-correlate.h"
#include "cuda/rows.h"
#include "cuda/scratch.h"

G_BEGIN_DECLS

typedef struct
{
  RaqamPrecision precision;
  RaqamEdge      edge;   /* of x */
  RaqamRows      rows;   /* the same, as kernels share it out */
  int            n_taps;
  gboolean       turned; /* the product's tap t is the weights' n_taps - 1 - t */
  gboolean       norm;
  float          epsilon;

  RaqamCorrelation correlation; /* what partials and sums hold */

  /* Device memory; what is norm's only with norm, what is backward's only with train. */
  gpointer factors;         /* W' (factor taps, factor channels) */
  float   *constants;       /* H (factor taps) */
  float   *mean, *inverse;  /* norm's: μ, 1 / σ (padded) */
  float   *across, *apart;  /* norm's, backward's: (factor channels) */
  float   *moments;         /* norm's: (2, chunks, padded): sums of x - x[0] and of its square */
  float   *partials;        /* backward's: see kernels-correlate.h */
  double  *sums;            /* backward's: those of the partials' rows */
} RaqamFold;

/* Where a product's tensors are in the slab of weights, and where its gradients go. What
 * there is not, or is not wanted, is NULL. */
typedef struct
{
  const float *weight; /* (C, n_taps) */
  const float *scale, *shift; /* (C) */
} RaqamFoldParams;

typedef struct
{
  float *weight;
  float *bias; /* one */
  float *scale, *shift;
} RaqamFoldGradients;

/* Fills all but the device memory, whose pieces raqam_cuda_fold_lay_out() takes.
 * @shape: small: the input of @spec; @n: images */
void raqam_cuda_fold_init    (RaqamFold *self, const RaqamDevice *device,
                              const RaqamBlockSpec *spec, const RaqamPatches *shape, int n);
void raqam_cuda_fold_lay_out (RaqamFold *self, RaqamScratch *scratch, gboolean train);

G_END_DECLS
