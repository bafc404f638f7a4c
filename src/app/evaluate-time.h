/* evaluate-time.h — how a run's quality went, checkpoint for checkpoint.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "app/evaluate-target.h"
#include "engine/evaluator.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EVALUATE_TIME (raqam_evaluate_time_get_type ())
G_DECLARE_FINAL_TYPE (RaqamEvaluateTime, raqam_evaluate_time, RAQAM, EVALUATE_TIME, AdwBin)

/**
 * RaqamEvaluateTime:
 *
 * Properties:
 * "every" (int, notifies): epochs between judged checkpoints, 0 for all
 * "images" (int, notifies): pictures of each
 * "while-training" (boolean, notifies): whether new checkpoints are judged as they are saved
 *
 * Signals:
 * "judge": void (RaqamEvaluateTime *, gpointer): the run's checkpoints are to be judged
 * "open": void (RaqamEvaluateTime *, const char *path, gboolean explore, gpointer): the
 *   best checkpoint is to be explored, or judged in full
 */

/* @target: (nullable): nothing of it is kept; one without a run empties the page */
void raqam_evaluate_time_set_target (RaqamEvaluateTime *self, const RaqamEvaluateTarget *target);

/**
 * raqam_evaluate_time_judge:
 * @settings: device, seed and the like; the number of images is the page's own
 *
 * Has the checkpoints of @target's run judged, where it is one and there are data.
 */
void raqam_evaluate_time_judge (RaqamEvaluateTime *self, RaqamEvaluator *evaluator,
                                const RaqamEvaluateTarget *target,
                                const RaqamEvaluationSettings *settings);

/**
 * raqam_evaluate_time_is_due:
 * @target: a run in training, just saved
 * @ended: the training is over: its last checkpoint is always due
 *
 * Returns: whether the user wants the run judged now: while it trains, and no other of
 *   the so many epochs that its newest checkpoint lies in has been judged or asked for
 */
gboolean raqam_evaluate_time_is_due (RaqamEvaluateTime *self, const RaqamEvaluateTarget *target,
                                     gboolean ended);

/* Whether the checkpoints of a run are being judged. */
void raqam_evaluate_time_set_busy (RaqamEvaluateTime *self, gboolean busy);

G_END_DECLS
