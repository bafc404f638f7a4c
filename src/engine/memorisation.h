/* memorisation.h — whether generated images are the training images again.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * raqam_memorisation:
 * @generated: (@n_generated): distance of each generated image from the nearest
 *   training image
 * @unseen: (@n_unseen): the same of real images that no training saw
 * @n_generated: 1 or more
 * @n_unseen: 1 or more
 *
 * How often a generated image lies nearer to the training images than a real
 * one that they do not hold: over all pairs of the two, and with ties counted by
 * half. This is Mann and Whitney's U over the number of pairs, the statistic by
 * which Meehan, Chaudhuri and Dasgupta ("A non-parametric test to detect
 * data-copying in generative models", AISTATS 2020) tell copies.
 *
 * Returns: 0.5 for images like unseen ones; towards 1 for copies; towards 0 for
 *   images further from the training images than real ones are
 */
double raqam_memorisation (const float *generated, gsize n_generated, const float *unseen,
                           gsize n_unseen);

G_END_DECLS
