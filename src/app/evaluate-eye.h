/* evaluate-eye.h — judging by eye: real beside generated, and the blind test.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "engine/evaluation.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EVALUATE_EYE (raqam_evaluate_eye_get_type ())
G_DECLARE_FINAL_TYPE (RaqamEvaluateEye, raqam_evaluate_eye, RAQAM, EVALUATE_EYE, AdwBin)

/* @real: (nullable): real test digits as @evaluation's pictures are, or NULL until
 *   they are there. References are kept. */
void raqam_evaluate_eye_set (RaqamEvaluateEye *self, RaqamEvaluation *evaluation,
                             RaqamDataset *real);

G_END_DECLS
