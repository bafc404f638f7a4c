/* blind-test.h — two pictures of a digit, one real, one generated: which is real?
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "app/blind-score.h"
#include "engine/evaluation.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_BLIND_TEST (raqam_blind_test_get_type ())
G_DECLARE_FINAL_TYPE (RaqamBlindTest, raqam_blind_test, RAQAM, BLIND_TEST, AdwBin)

/**
 * RaqamBlindTest:
 *
 * A click or the arrow towards a picture says that it is the real one; then both
 * are named, and another click, arrow, Enter or Space goes on. Both pictures are
 * shown in the same way, on sides drawn by chance, and a screen reader is told no
 * more than the eye.
 */

/**
 * raqam_blind_test_set:
 * @evaluation: (nullable): a reference is kept
 * @real: (nullable): real digits, as grey or binarised as the evaluation's pictures; a
 *   reference is kept
 *
 * Begins anew. With NULL for either nothing is asked.
 */
void raqam_blind_test_set (RaqamBlindTest *self, RaqamEvaluation *evaluation, RaqamDataset *real);

/* Returns: (transfer none): the answers since it began anew */
const RaqamBlindScore *raqam_blind_test_get_score (RaqamBlindTest *self);

G_END_DECLS
