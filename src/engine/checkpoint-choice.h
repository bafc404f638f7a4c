/* checkpoint-choice.h — which checkpoints of a run are to be judged.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/run.h"
#include "engine/timeline.h"

G_BEGIN_DECLS

/**
 * raqam_choose_checkpoints:
 * @timeline: what is judged already
 * @every: epochs; 0 for every checkpoint
 * @settings: how they are to be judged
 * @train_checksum: of the images that the judge learns from
 *
 * Of each stretch of @every epochs the first checkpoint that is there, and the
 * first and the newest of all; but none from a stretch of which one was judged
 * with the same settings by the same judge, unless it is the newest, and none twice.
 *
 * Returns: (transfer full) (element-type filename): paths, oldest first
 */
GPtrArray *raqam_choose_checkpoints (const RaqamRun *run, const GArray *timeline, double every,
                                     const RaqamEvaluationSettings *settings,
                                     const char *train_checksum);

G_END_DECLS
