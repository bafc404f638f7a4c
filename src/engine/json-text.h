/* json-text.h — writing JSON by hand, where json-glib's way will not do.
 * SPDX-License-Identifier: MIT
 *
 * json-glib 1.6 writes 1e-08 as "1e-08.0", which it cannot read itself.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Appends @string, UTF-8, in quotes and with what JSON wants escaped. */
void raqam_json_append_string (GString *text, const char *string);

G_END_DECLS
