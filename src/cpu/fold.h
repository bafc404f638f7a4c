/* fold.h — batch norm of a product's input, folded into the product.
 * SPDX-License-Identifier: MIT
 *
 * The product is of the kernel's taps, W (n_taps, C), with pixels x (C); what is
 * normalised is x, and never stored. With s = γ / σ and h = β - μ s the input's
 * scale goes into the weights, W'[t, c] = W[t, c] s[c], and its shift into a
 * constant a tap, H[t] = Σ_c W[t, c] h[c]. Backward, with the products' gradient
 * E (n_taps, pixels), G = E x and S[t] = Σ E[t]:
 *
 *     dW[t, c] = s[c] G[t, c] + h[c] S[t]      dβ[c] = Σ_t W[t, c] S[t]
 *     dγ[c] = Σ_t W[t, c] (G[t, c] - μ[c] S[t]) / σ[c]
 *
 * so that the sums which the norm's backward needs come from the weights'. */

#pragma once

#include "cpu/scratch.h"
#include "engine/backend.h"

G_BEGIN_DECLS

typedef struct
{
  const RaqamBlockSpec *spec;
  int                   n_taps, channels;

  /* Forward. */
  float *mean, *inverse; /* μ, 1 / σ (C) */
  float *scale, *shift;  /* s, h (C) */
  float *weights;        /* W' (n_taps, C) */
  float *constants;      /* H (n_taps) */

  /* Backward: dx = E W' + across x + apart. */
  float *d_scale, *d_shift; /* dγ, dβ (C) */
  float *across, *apart;    /* (C) */
} RaqamFold;

/* Takes its memory from @scratch, again when that is measured and then laid out.
 * @spec must outlive it. */
void raqam_fold_lay_out (RaqamFold *self, RaqamScratch *scratch, const RaqamBlockSpec *spec,
                         int n_taps);

/**
 * raqam_fold_use_batch:
 * @sums: (2, C): of x - @origin, and of its square, over @n pixels
 *
 * Sets μ and σ; moves the running statistics in @state by @update.
 */
void raqam_fold_use_batch   (RaqamFold *self, const double *sums, const float *origin, double n,
                             float *state, float update);
/* Sets μ and σ to the running statistics. */
void raqam_fold_use_running (RaqamFold *self, const float *state);

/* Sets s, h, W' and H from μ, σ, @params and @weights, W (n_taps, C). */
void raqam_fold_weights (RaqamFold *self, const float *weights, const float *params);

/**
 * raqam_fold_gradients:
 * @g: (n_taps, C): G, overwritten by dW
 * @tap_sums: S (n_taps)
 * @n: pixels
 *
 * Sets what is backward's.
 */
void raqam_fold_gradients (RaqamFold *self, double *g, const double *tap_sums,
                           const float *weights, double n);

G_END_DECLS
