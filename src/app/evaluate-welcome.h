/* evaluate-welcome.h — what stands where there is no evaluation yet.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define RAQAM_TYPE_EVALUATE_WELCOME (raqam_evaluate_welcome_get_type ())
G_DECLARE_FINAL_TYPE (RaqamEvaluateWelcome, raqam_evaluate_welcome, RAQAM, EVALUATE_WELCOME, AdwBin)

/* @title: (nullable): of the run or file that can be judged; NULL where there is none. Its
 * buttons are the actions evaluate.start and evaluate.open-model. */
void raqam_evaluate_welcome_set (RaqamEvaluateWelcome *self, const char *title);

G_END_DECLS
