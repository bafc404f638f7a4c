/* long-work.h — what the desktop is told of a run that takes hours.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

#include "engine/engine.h"

G_BEGIN_DECLS

/**
 * RaqamLongWork:
 *
 * While its engine trains, the computer is kept from suspending by itself, the window's
 * title says how far the run is, and so does its button in the task bar where the desktop
 * has that (the signal Update of com.canonical.Unity.LauncherEntry). A notification tells
 * the end of a run, and why it failed, to who does not look at the window.
 *
 * Main thread only. Where the desktop lacks one of these, nothing is said of it.
 */
#define RAQAM_TYPE_LONG_WORK (raqam_long_work_get_type ())
G_DECLARE_FINAL_TYPE (RaqamLongWork, raqam_long_work, RAQAM, LONG_WORK, GObject)

/* @window: that shows the runs of @engine; outlives the result */
RaqamLongWork *raqam_long_work_new (GtkWindow *window, RaqamEngine *engine);

/* @name: of the run that begins, as notifications tell it */
void raqam_long_work_set_run (RaqamLongWork *self, const char *name);

/* Tells by a notification that the run goes on without a window. */
void raqam_long_work_tell_background (RaqamLongWork *self);

/* Takes back what was told of how far it is, and tells nothing more: the program ends. */
void raqam_long_work_close (RaqamLongWork *self);

G_END_DECLS
