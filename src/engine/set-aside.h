/* set-aside.h — damaged files, kept under another name.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * raqam_set_aside:
 *
 * Renames the file at @path to "PATH.damaged", or where that is there already to
 * "PATH.damaged-2" and so on, so that another one may take its place and nothing is
 * lost. Any thread.
 *
 * Returns: (transfer full) (nullable): its new path; NULL where it stays as it was
 */
char *raqam_set_aside (const char *path);

G_END_DECLS
