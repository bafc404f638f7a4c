/* file.h — files that are either whole or as they were.
 * SPDX-License-Identifier: MIT
 *
 * What is written goes to a temporary file beside the target (".raqam-XXXXXX"),
 * is synced, takes the target's name, and then the folder is synced. A crash at
 * any moment leaves the old file or the new one, and at worst a temporary file.
 * A target that is a symbolic link is replaced, not what it points to.
 *
 * Errors are G_FILE_ERROR: what was tried, on which path, the system's words
 * for why. Unless the message says otherwise the old file is as it was and
 * the temporary is gone. Paths are in the file system's encoding.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gconstpointer data;
  gsize         size; /* in bytes */
} RaqamFileChunk;

/**
 * raqam_file_replace:
 * @path: in a folder that exists
 * @size: of @data, in bytes; 0 makes an empty file
 *
 * Returns: FALSE with @error set
 */
gboolean raqam_file_replace (const char *path, gconstpointer data, gsize size, GError **error);

/* raqam_file_replace_chunks: the same, with the chunks one after the other. */
gboolean raqam_file_replace_chunks (const char *path, const RaqamFileChunk *chunks, gsize n_chunks,
                                    GError **error);

/**
 * raqam_file_remove_temporaries:
 *
 * Removes the temporaries that crashes have left in @folder. Nobody may be
 * writing there. What cannot be removed stays.
 */
void raqam_file_remove_temporaries (const char *folder);

/* For what is made piece by piece. One thread at a time. */
typedef struct _RaqamFileWriter RaqamFileWriter;

/* Returns: (transfer full): NULL with @error when the temporary cannot be made */
RaqamFileWriter *raqam_file_writer_new (const char *path, GError **error);

/* Returns: FALSE with @error set; only raqam_file_writer_free() may follow */
gboolean raqam_file_writer_write (RaqamFileWriter *self, gconstpointer data, gsize size,
                                  GError **error);

/**
 * raqam_file_writer_commit:
 *
 * Puts what was written in the target's place. Once only.
 *
 * Returns: FALSE with @error set
 */
gboolean raqam_file_writer_commit (RaqamFileWriter *self, GError **error);

/* Removes the temporary unless it was committed. NULL is allowed. */
void raqam_file_writer_free (RaqamFileWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamFileWriter, raqam_file_writer_free)

G_END_DECLS
