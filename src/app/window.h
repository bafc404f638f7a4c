/* window.h — the window: its pages and the engine behind them.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "engine/engine.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_WINDOW (raqam_window_get_type ())
G_DECLARE_FINAL_TYPE (RaqamWindow, raqam_window, RAQAM, WINDOW, AdwApplicationWindow)

RaqamWindow *raqam_window_new (GtkApplication *application);

/**
 * raqam_window_open:
 * @paths: NULL-terminated: a run folder, a model or checkpoint, or data files
 *
 * A run is offered to be resumed and explored, a model explored, data trained on.
 */
void raqam_window_open (RaqamWindow *self, const char *const *paths);

/**
 * raqam_window_quit:
 *
 * Stops what goes on, with a checkpoint, and destroys the window; also where closing it
 * would let a run go on without it (property "keep-training").
 */
void raqam_window_quit (RaqamWindow *self);

/* Returns: whether it is about to be destroyed, and no use to anybody */
gboolean raqam_window_is_closing (RaqamWindow *self);

/* Returns: (transfer none): the engine behind the pages */
RaqamEngine *raqam_window_get_engine (RaqamWindow *self);

G_END_DECLS
