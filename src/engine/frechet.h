/* frechet.h — how far apart two sets of images are, by the features of each.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/error.h"

G_BEGIN_DECLS

/* A set of features as a normal distribution. */
typedef struct
{
  int     d;
  gsize   n;          /* images that went in */
  double *mean;       /* (d) */
  double *covariance; /* (d, d), over n − 1 */
} RaqamMoments;

/**
 * raqam_moments_new:
 * @features: (@n, @d)
 * @labels: (nullable): (@n); NULL to take all images
 * @label: with @labels, only images of this class are taken
 * @n: images
 * @d: features of each, 1 or more
 * @error: RAQAM_ERROR_DATA when fewer than two images are taken;
 *   RAQAM_ERROR_DIVERGED by raqam_features_check()
 *
 * Mean and unbiased covariance, both added up in double, in two passes. One
 * thread, and always in the same order. Any thread.
 *
 * Returns: (transfer full): the moments, or NULL with @error set;
 *   raqam_moments_free() frees them
 */
RaqamMoments *raqam_moments_new (const float *features, const guint8 *labels, guint8 label, gsize n,
                                 int d, GError **error);
void raqam_moments_free (RaqamMoments *moments);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamMoments, raqam_moments_free)

/**
 * raqam_frechet_distance:
 * @a: the one set
 * @b: the other, of as many features
 *
 * The squared Fréchet distance of two normal distributions (Dowson and Landau,
 * Journal of Multivariate Analysis 12, 1982), which Heusel et al. (NeurIPS 2017)
 * took for images as the FID, there on features of Inception v3:
 *
 *   |μ₁ − μ₂|² + tr (Σ₁ + Σ₂ − 2 (Σ₁^½ Σ₂ Σ₁^½)^½)
 *
 * The last trace is the sum of the square roots of eigenvalues of a symmetric
 * matrix, so nothing here becomes complex, and covariances of rank below d (of
 * fewer images than features, or of features that never change) do no harm. The
 * error is below 1e-6 of the covariances' traces.
 *
 * It falls with the number of images, by some d / n of the traces: only
 * distances of equally many images compare.
 *
 * Returns: the distance, 0 or more
 */
double raqam_frechet_distance (const RaqamMoments *a, const RaqamMoments *b);

G_END_DECLS
