/* inception.h — how sure a classifier is of images, and how many classes it sees.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/error.h"

G_BEGIN_DECLS

#define RAQAM_INCEPTION_SPLITS 10

typedef struct
{
  double mean;      /* over the splits; 1 to n_classes */
  double deviation; /* over the splits, of all of them (not over n_splits − 1) */
} RaqamInceptionScore;

/**
 * raqam_inception_score:
 * @score: overwritten
 * @probabilities: (@n, @n_classes), each row a distribution
 * @n: images, in an order that has nothing to do with their class (or turns
 *   through the classes), because each split has to be a sample of all
 * @n_classes: 2 or more
 * @n_splits: 1 or more; the paper has RAQAM_INCEPTION_SPLITS
 * @error: RAQAM_ERROR_DATA when there are fewer images than splits;
 *   RAQAM_ERROR_DIVERGED when a probability is not between 0 and 1
 *
 * Salimans et al. (NeurIPS 2016), over each split's images x:
 *
 *   exp (mean over x of KL (p (y|x) ‖ p (y))),  p (y) = mean over x of p (y|x)
 *
 * Split s of S holds images ⌊s n / S⌋ to ⌊(s + 1) n / S⌋ − 1, as the authors'
 * code has it. A probability of 0 adds nothing. Added up in double. Any thread.
 *
 * Returns: FALSE with @error set
 */
gboolean raqam_inception_score (RaqamInceptionScore *score, const float *probabilities, gsize n,
                                int n_classes, int n_splits, GError **error);

G_END_DECLS
