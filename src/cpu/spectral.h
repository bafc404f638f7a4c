/* spectral.h — a weight matrix over its largest singular value.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * raqam_cpu_spectral_power:
 * @v: (@cols), overwritten: right singular vector
 * @u: (@rows): left singular vector; overwritten only with @power
 * @sigma: overwritten: uᵀ w v
 * @w: (@rows, @cols)
 * @power: one power iteration: v = wᵀu / |wᵀu|, then u = wv / |wv|; else v alone
 *
 * Norms are at least 1e-12 where they divide, as in PyTorch's spectral_norm.
 */
void raqam_cpu_spectral_power (float *v, float *u, float *sigma, const float *w,
                               int rows, int cols, gboolean power);

/**
 * raqam_cpu_spectral_gradient:
 * @dw: (@rows, @cols): gradient with respect to ŵ = w / @sigma; overwritten by
 *   the one with respect to w: (dŵ - (dŵ · ŵ) u vᵀ) / @sigma
 * @w_hat: (@rows, @cols): ŵ
 */
void raqam_cpu_spectral_gradient (float *dw, const float *w_hat, const float *u, const float *v,
                                  float sigma, int rows, int cols);

G_END_DECLS
