/* read-back.h — lets Python's libraries read what a test wrote.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * read_back:
 * @path: ends in .npz or .png
 *
 * Runs read-back.py. Marks the test as skipped, with the reason, where Python
 * or its libraries are missing.
 *
 * Returns: (transfer full): what it printed; NULL when skipped
 */
char *read_back (const char *path);

G_END_DECLS
