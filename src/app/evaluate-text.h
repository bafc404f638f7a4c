/* evaluate-text.h — what an evaluation comes to, in sentences and short figures.
 * SPDX-License-Identifier: MIT
 *
 * All return new strings.
 */

#pragma once

#include "engine/evaluation.h"

G_BEGIN_DECLS

/* A figure, or "–" where it is NAN. */
char *raqam_evaluate_number (double value, int decimals);

/* "97.0 %" of 0.97, or "–" where it is NAN; two decimals from 98.5 % on, never rounded up. */
char *raqam_evaluate_percent (double share);

/* "1,000 images, seed 1 · epoch 217": what was judged. */
char *raqam_evaluate_what (const RaqamEvaluation *evaluation);

/* What the classifier learnt from and how well it reads what it never saw, and what
 * the model learnt from. */
char *raqam_evaluate_seen (const RaqamEvaluation *evaluation);

G_END_DECLS
