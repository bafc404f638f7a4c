/* signed-number.h — numbers that may be below 0, as people of the locale read them.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full): as raqam_format_number(), with a minus sign, which is before
 * its number in right-to-left text too; what is rounded to 0 has none */
char *raqam_signed_number (double value, int decimals);

G_END_DECLS
