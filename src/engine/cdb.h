/* cdb.h — reads Hoda's .cdb files of handwritten digits.
 * SPDX-License-Identifier: MIT
 *
 * A file is a header of 1,024 bytes and records to its end, little-endian:
 *
 *   0   u16, u8, u8  year, month, day
 *   4   u8, u8       height, width of every image; 0, 0: each record has its own
 *   6   u32          number of records
 *   10  u32 × 128    number of records of each label
 *   522 u8           0 binary, 1 grey
 *   523 256 bytes    comment, zero-padded
 *   779 245 bytes    reserved
 *
 *   record: u8 0xFF; u8 label; [u8 width, u8 height]; u16 size of body; body
 *   binary body: each row is runs of one byte, background (maybe 0 long), ink,
 *                background, … until the row's width is covered
 *   grey body:   width × height bytes, column by column
 *
 * A file is read as it comes, a record at a time, in constant memory; nothing
 * that it says about its own size is believed. What does not fit this format to
 * the last byte is RAQAM_ERROR_DATA. Its message names the file, the record
 * (counted from 0), the byte where it was found (counted from 0), what was
 * expected there and what was found. What the system refuses is G_IO_ERROR.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define RAQAM_CDB_HEADER_SIZE 1024
#define RAQAM_CDB_LABELS 128
#define RAQAM_CDB_MAX_SIDE 255

typedef struct
{
  int      year, month, day; /* as written, not checked */
  int      width, height;    /* of every image; 0, 0 where each has its own */
  guint32  n_records;        /* as written; it holds when the last record was read */
  guint32  n_per_label[RAQAM_CDB_LABELS]; /* the same */
  gboolean grey;
} RaqamCdbHeader;

typedef struct
{
  guint32       index;         /* from 0 */
  guint8        label;         /* below n_classes */
  int           width, height; /* 1 to 255 */
  const guint8 *pixels;        /* (height, width), row by row; 255 ink, 0 background, or grey as
                                * stored; the reader's, until the next call */
} RaqamCdbImage;

typedef struct _RaqamCdb RaqamCdb; /* one thread at a time */

/**
 * raqam_cdb_open:
 * @path: in the file system's encoding
 * @n_classes: 1 to 128; a label not below it is an error
 *
 * Opens the file and reads its header.
 *
 * Returns: (transfer full): NULL with @error set
 */
RaqamCdb *raqam_cdb_open (const char *path, int n_classes, GError **error);

/**
 * raqam_cdb_open_bytes:
 * @bytes: not copied, kept until raqam_cdb_close(); may be NULL when @size is 0
 * @name: for messages, UTF-8
 */
RaqamCdb *raqam_cdb_open_bytes (gconstpointer bytes, gsize size, const char *name, int n_classes,
                                GError **error);

/* Returns: (transfer none) */
const RaqamCdbHeader *raqam_cdb_get_header (const RaqamCdb *self);

/**
 * raqam_cdb_next:
 * @image: overwritten
 * @error: not NULL, for it tells a failure from the end
 *
 * Reads one record. After the last one it checks that the file ends there and
 * that the header's number of records of each label holds.
 *
 * Returns: FALSE after the last record, or with @error set; then only
 *   raqam_cdb_close() may follow
 */
gboolean raqam_cdb_next (RaqamCdb *self, RaqamCdbImage *image, GError **error);

/* NULL is allowed. */
void raqam_cdb_close (RaqamCdb *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamCdb, raqam_cdb_close)

G_END_DECLS
