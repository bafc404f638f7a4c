/* made-evaluation.h — evaluations with made-up figures, for what shows them.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/evaluation.h"
#include "engine/timeline.h"

G_BEGIN_DECLS

/**
 * made_evaluation_new:
 * @n_images: a multiple of 10
 * @scores: whether the figures on features are there too, and the utilities
 *
 * Every tenth picture of a ۴ is read as ۳, all others rightly; a picture is a
 * bar as high as its digit.
 *
 * Returns: (transfer full): raqam_evaluation_unref() frees it
 */
RaqamEvaluation *made_evaluation_new (int n_images, gboolean scores);

/* Returns: (transfer full) (element-type RaqamQuality): better from epoch to epoch but the last */
GArray *made_timeline_new (int n);

G_END_DECLS
