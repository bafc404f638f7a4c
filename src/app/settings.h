/* settings.h — what the window remembers from one time to the next.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Returns: (transfer full): NULL where the schema is not installed: then nothing is
 * remembered */
GSettings *raqam_settings_new (void);

G_END_DECLS
