/* lock.h — one process at a time in a run's folder.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

#include "engine/error.h"

G_BEGIN_DECLS

/**
 * raqam_run_lock:
 * @folder: exists
 *
 * Takes the advisory lock of the file "lock" in @folder, without waiting. Any
 * thread; a second lock of the same folder is refused in the same process too.
 * The lock goes with the descriptor: by close(), or when the process ends.
 *
 * Returns: a descriptor to close(); -1 with RAQAM_ERROR_RUN when another
 *   holds the lock or the file cannot be made
 */
int raqam_run_lock (const char *folder, GError **error);

/* Returns: whether somebody holds the lock of @folder now; nothing is made */
gboolean raqam_run_is_locked (const char *folder);

G_END_DECLS
