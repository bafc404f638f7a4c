/* evaluate-status.h — what is being judged just now, and what went wrong.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define RAQAM_TYPE_EVALUATE_STATUS (raqam_evaluate_status_get_type ())
G_DECLARE_FINAL_TYPE (RaqamEvaluateStatus, raqam_evaluate_status, RAQAM, EVALUATE_STATUS, AdwBin)

/* Whether there is a progress to be shown, with a button that stops it. */
void raqam_evaluate_status_set_busy (RaqamEvaluateStatus *self, gboolean busy);

/* @stage: what is being done; @done: 0 to 1; @of_run: of a run's timeline: the button
 * is the action evaluate.stop-timeline, and else evaluate.stop */
void raqam_evaluate_status_set_progress (RaqamEvaluateStatus *self, const char *stage, double done,
                                         gboolean of_run);

/* @problem: (nullable): shown until the user or NULL takes it away */
void raqam_evaluate_status_set_problem (RaqamEvaluateStatus *self, const char *problem);

G_END_DECLS
