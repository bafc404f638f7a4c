/* seed-text.h — seeds as people read and write them.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full): in the locale's digits, ungrouped */
char *raqam_seed_text (guint64 seed);

/**
 * raqam_seed_parse:
 * @text: Latin, Persian or Arabic digits, with space around them or not
 * @seed: overwritten
 *
 * Returns: whether @text is a whole number from 0 to G_MAXUINT64, and nothing else
 */
gboolean raqam_seed_parse (const char *text, guint64 *seed);

G_END_DECLS
