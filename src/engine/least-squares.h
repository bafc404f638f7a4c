/* least-squares.h — one step of Levenberg and Marquardt's method.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The normal equations of one place, from which steps of any damping are taken. */
typedef struct _RaqamLeastSquares RaqamLeastSquares;

/* @n: number of unknowns, at least 1 */
RaqamLeastSquares *raqam_least_squares_new  (int n);
void               raqam_least_squares_free (RaqamLeastSquares *self);

/**
 * raqam_least_squares_set:
 * @slopes: (n, m), of each residual by each unknown
 * @residuals: (m)
 * @x: (n), where this is
 * @prior: at least 0
 *
 * For the cost Σ residual² + @prior · Σ x².
 */
void raqam_least_squares_set (RaqamLeastSquares *self, const float *slopes, const float *residuals,
                              const float *x, int m, double prior);

/**
 * raqam_least_squares_step:
 * @step: (n), overwritten: what is to be added to x
 * @damping: above 0, as a share of the mean curvature; the higher, the shorter the step
 *
 * Returns: FALSE where the equations have no solution in double precision; @step is
 *   then 0
 */
gboolean raqam_least_squares_step (RaqamLeastSquares *self, float *step, double damping);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamLeastSquares, raqam_least_squares_free)

G_END_DECLS
