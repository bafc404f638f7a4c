/* crc32c.h — the checksum of TFRecord files.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: CRC-32C (Castagnoli, as in RFC 3720) of @size bytes. Any thread. */
guint32 raqam_crc32c (gconstpointer data, gsize size);

G_END_DECLS
