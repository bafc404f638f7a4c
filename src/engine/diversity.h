/* diversity.h — how many different images a set of images amounts to.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/error.h"

G_BEGIN_DECLS

/* Images of each class that are looked at, where there are as many. */
#define RAQAM_DIVERSITY_SAMPLE 256

/**
 * raqam_diversity_width:
 * @widths: (@n_classes), overwritten; 0 where a class has no two images
 * @features: (@n, @d), of real images
 * @labels: (@n), below @n_classes
 * @error: RAQAM_ERROR_DIVERGED by raqam_features_check()
 *
 * How far apart images of a class are that count as different: the root of the
 * mean squared distance of the real ones from their mean, √tr Σ. Two of them are
 * as a rule √2 times as far apart.
 *
 * Returns: FALSE with @error set
 */
gboolean raqam_diversity_width (double *widths, const float *features, const guint8 *labels,
                                gsize n, int d, int n_classes, GError **error);

/**
 * raqam_diversity:
 * @numbers: (@n_classes), overwritten; 1 to @n_sample, and 0 where a class has
 *   no image
 * @features: (@n, @d)
 * @labels: (@n), below @n_classes
 * @widths: (@n_classes), from raqam_diversity_width() of real images
 * @n_sample: images of each class that are looked at, 1 or more
 * @error: RAQAM_ERROR_DIVERGED by raqam_features_check()
 *
 * The Vendi score (Friedman and Dieng, Transactions on Machine Learning Research,
 * 2023) of each class: exp (−Σ λ ln λ) over the eigenvalues λ of K / m, where
 * K(x, y) = exp (−|x − y|² / (2 · width²)) for the m images that are looked at.
 * It is the number of wholly different images that would be as diverse: 1 for
 * one image over and over, 2 for two images that are nothing alike.
 *
 * Why not the mean distance of two images: that is as large for a model that
 * knows two pictures only as for the real images. Why a kernel that fades with
 * distance, and not the angle between features: images close to the class's
 * average one are less diverse, though their features point everywhere.
 *
 * Where a class has more than @n_sample images, every n / @n_sample-th is taken,
 * so the answer is always the same. It grows with the number of images: it is to be read
 * beside that of as many real images, with the same @widths.
 *
 * Returns: FALSE with @error set
 */
gboolean raqam_diversity (double *numbers, const float *features, const guint8 *labels, gsize n,
                          int d, int n_classes, const double *widths, int n_sample, GError **error);

G_END_DECLS
