/* evaluate-time.h — how a run's quality went, checkpoint for checkpoint.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "app/evaluate-target.h"

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

/* Whether the checkpoints of a run are being judged. */
void raqam_evaluate_time_set_busy (RaqamEvaluateTime *self, gboolean busy);

G_END_DECLS
