/* evaluate-setup.h — the fields that say what is judged, and on what.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "app/evaluate-target.h"
#include "engine/evaluation.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EVALUATE_SETUP (raqam_evaluate_setup_get_type ())
G_DECLARE_FINAL_TYPE (RaqamEvaluateSetup, raqam_evaluate_setup, RAQAM, EVALUATE_SETUP, AdwBin)

/**
 * RaqamEvaluateSetup:
 *
 * Signal "picked": void (RaqamEvaluateSetup *, const char *path, gpointer): another run or
 * file is to be looked at; raqam_evaluate_setup_set_target() is the answer
 */

/**
 * raqam_evaluate_setup_set_runs:
 * @runs: (element-type RaqamRun): those that can be judged; a reference is kept
 *
 * Keeps what is picked; where nothing was, picks the first, and emits "picked".
 */
void raqam_evaluate_setup_set_runs (RaqamEvaluateSetup *self, GPtrArray *runs);

/* Shows @path as what is picked, without emitting "picked". */
void raqam_evaluate_setup_set_path (RaqamEvaluateSetup *self, const char *path);

/* @target: (nullable): what was picked; nothing of it is kept */
void raqam_evaluate_setup_set_target (RaqamEvaluateSetup *self, const RaqamEvaluateTarget *target);

/* Returns: (transfer none): what is to be judged, for raqam_model_load(); NULL where
 * nothing can be */
const char *raqam_evaluate_setup_get_model (RaqamEvaluateSetup *self);

/* Returns: (transfer none): the real digits, NULL-terminated; NULL where there are none */
const char *const *raqam_evaluate_setup_get_data (RaqamEvaluateSetup *self);

/* @settings: overwritten; its strings live as long as the program. Its threshold is left TRUE. */
void raqam_evaluate_setup_get_settings (RaqamEvaluateSetup *self,
                                        RaqamEvaluationSettings *settings);

/* Opens the dialog that asks for a model or checkpoint. */
void raqam_evaluate_setup_choose_model (RaqamEvaluateSetup *self);

G_END_DECLS
