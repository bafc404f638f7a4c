/* evaluate-print.h — an evaluation, and a run's timeline, on standard output.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/evaluation.h"

G_BEGIN_DECLS

void raqam_print_evaluation (const RaqamEvaluation *evaluation);

/* @folder: of a run */
void raqam_print_timeline (const char *folder);

G_END_DECLS
