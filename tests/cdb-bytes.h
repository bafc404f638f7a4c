/* cdb-bytes.h — makes .cdb files for tests, in memory.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * cdb_bytes_new:
 * @width: of every image; 0 with @height 0: each record has its own
 *
 * Returns: (transfer full): a header without records
 */
GByteArray *cdb_bytes_new (gboolean grey, int width, int height);

/**
 * cdb_bytes_append_record:
 * @own_size: whether the record has a width and height
 *
 * Appends a record and leaves the header alone.
 */
void cdb_bytes_append_record (GByteArray *bytes, gboolean grey, gboolean own_size, guint8 label,
                              int width, int height, const guint8 *pixels);

/* Appends a record as the header has it, and counts it there. */
void cdb_bytes_add (GByteArray *bytes, guint8 label, int width, int height, const guint8 *pixels);

/* Puts a little-endian number at @offset. */
void cdb_bytes_put_u32 (GByteArray *bytes, gsize offset, guint32 value);

G_END_DECLS
