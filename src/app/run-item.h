/* run-item.h — a run as a list shows it.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gio/gio.h>

#include "engine/run.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_RUN_ITEM (raqam_run_item_get_type ())
G_DECLARE_FINAL_TYPE (RaqamRunItem, raqam_run_item, RAQAM, RUN_ITEM, GObject)

/**
 * raqam_run_item_new:
 * @run: (transfer full)
 *
 * Properties "title" and "subtitle" (strings, read-only): its name; its recipe and epochs.
 */
RaqamRunItem *raqam_run_item_new (RaqamRun *run);

/* Returns: (transfer none) */
const RaqamRun *raqam_run_item_get_run (RaqamRunItem *self);

G_END_DECLS
