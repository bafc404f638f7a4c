/* evaluate-report.h — an evaluation's headline, its report and its confusion matrix.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "engine/evaluation.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EVALUATE_REPORT (raqam_evaluate_report_get_type ())
G_DECLARE_FINAL_TYPE (RaqamEvaluateReport, raqam_evaluate_report, RAQAM, EVALUATE_REPORT, AdwBin)

/**
 * RaqamEvaluateReport:
 *
 * Signal "picture-picked": void (RaqamEvaluateReport *, guint image, gpointer): one of
 * the pictures of the cell that is shown
 */

/* @evaluation: a reference is kept */
void raqam_evaluate_report_set (RaqamEvaluateReport *self, RaqamEvaluation *evaluation);

G_END_DECLS
