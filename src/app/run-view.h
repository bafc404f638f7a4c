/* run-view.h — a run as it goes: progress, curves, samples.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "engine/engine.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_RUN_VIEW (raqam_run_view_get_type ())
G_DECLARE_FINAL_TYPE (RaqamRunView, raqam_run_view, RAQAM, RUN_VIEW, AdwBin)

/* Shows whatever @engine trains from now on; once. */
void raqam_run_view_set_engine (RaqamRunView *self, RaqamEngine *engine);

/* Forgets the run that was shown; @folder: (nullable): of the next one. */
void raqam_run_view_clear (RaqamRunView *self, const char *folder);

/* Whether the buttons to pause and to stop are shown here too. */
void raqam_run_view_set_controls (RaqamRunView *self, gboolean shown);

G_END_DECLS
