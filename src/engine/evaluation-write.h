/* evaluation-write.h — an evaluation as text: JSON, Markdown, CSV.
 * SPDX-License-Identifier: MIT
 *
 * English, numbers in C's notation, no time and no machine in them: two
 * evaluations with one seed on one machine give the same bytes. The JSON holds
 * every figure and the settings that made it; its keys are raqam_score_key()'s.
 */

#pragma once

#include "engine/evaluation.h"

G_BEGIN_DECLS

/* Each returns: (transfer full): UTF-8 text that ends with a line's end */
char *raqam_evaluation_to_json     (const RaqamEvaluation *self);
char *raqam_evaluation_to_markdown (const RaqamEvaluation *self);
/* Rows: figure,class,value; every figure of the JSON, one a line. */
char *raqam_evaluation_to_csv      (const RaqamEvaluation *self);

G_END_DECLS
