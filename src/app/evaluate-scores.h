/* evaluate-scores.h — an evaluation's scores, each beside that of real digits.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "engine/evaluation.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EVALUATE_SCORES (raqam_evaluate_scores_get_type ())
G_DECLARE_FINAL_TYPE (RaqamEvaluateScores, raqam_evaluate_scores, RAQAM, EVALUATE_SCORES, AdwBin)

/* Shows @evaluation's figures; nothing of it is kept. */
void raqam_evaluate_scores_set (RaqamEvaluateScores *self, const RaqamEvaluation *evaluation);

G_END_DECLS
