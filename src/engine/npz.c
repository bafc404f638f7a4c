/* npz.c — labelled digits for numpy.load().
 * SPDX-License-Identifier: MIT */

#include "engine/npz.h"

#include "engine/error.h"
#include "engine/file.h"
#include "engine/fit.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* How much is written at once. */
#define BLOCK (1 << 18)

typedef struct archive Archive;
typedef struct archive_entry ArchiveEntry;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_write_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ArchiveEntry, archive_entry_free)

typedef struct
{
  const char      *path;
  RaqamFileWriter *writer;
  GError          *failure; /* of the writer, which libarchive cannot carry */
} Target;

static la_ssize_t
write_cb (Archive *archive, void *data, const void *bytes, size_t size)
{
  Target *target = data;

  if (target->failure == NULL
      && raqam_file_writer_write (target->writer, bytes, size, &target->failure))
    return size;
  archive_set_error (archive, EIO, "the file cannot be written");
  return -1;
}

static gboolean
fail (Target *target, Archive *archive, GError **error)
{
  g_autofree char *name = NULL;

  if (target->failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&target->failure));
      return FALSE;
    }
  name = g_filename_display_name (target->path);
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA, _("Writing “%s” failed: %s"), name,
               archive_error_string (archive));
  return FALSE;
}

/* NumPy's format 1.0: magic, version, u16 length, and a dictionary in Python's
 * words, padded with spaces and ended by a line feed at a multiple of 64 bytes. */
static GString *
npy_header (const char *shape)
{
  GString *header = g_string_new (NULL);
  g_autofree char *words
    = g_strdup_printf ("{'descr': '|u1', 'fortran_order': False, 'shape': (%s), }", shape);
  gsize padded = (10 + strlen (words) + 1 + 63) / 64 * 64 - 10;

  g_string_append_len (header, "\x93NUMPY\x01\x00", 8);
  g_string_append_c (header, padded & 255);
  g_string_append_c (header, padded >> 8);
  g_string_append (header, words);
  while (header->len < 10 + padded - 1)
    g_string_append_c (header, ' ');
  g_string_append_c (header, '\n');
  return header;
}

static gboolean
write_all (Archive *archive, gconstpointer data, gsize size)
{
  const guint8 *from = data;

  while (size > 0)
    {
      la_ssize_t n = archive_write_data (archive, from, size);

      if (n <= 0)
        return FALSE;
      from += n;
      size -= n;
    }
  return TRUE;
}

static gboolean
write_array (Archive *archive, const char *name, const char *shape, gconstpointer data, gsize size)
{
  g_autoptr (ArchiveEntry) entry = archive_entry_new2 (archive);
  GString *header = npy_header (shape);
  gboolean written;

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, header->len + size);
  written = archive_write_header (archive, entry) == ARCHIVE_OK
            && write_all (archive, header->str, header->len) && write_all (archive, data, size)
            && archive_write_finish_entry (archive) == ARCHIVE_OK;
  g_string_free (header, TRUE);
  return written;
}

static gboolean
write_archive (Archive *archive, Target *target, const guint8 *images, const guint8 *labels,
               gsize n, gboolean deflate)
{
  g_autofree char *images_shape
    = g_strdup_printf ("%zu, %d, %d", n, RAQAM_FIT_SIDE, RAQAM_FIT_SIDE);
  g_autofree char *labels_shape = g_strdup_printf ("%zu,", n);

  return archive_write_set_format_zip (archive) == ARCHIVE_OK
         && (deflate ? archive_write_zip_set_compression_deflate (archive)
                     : archive_write_zip_set_compression_store (archive))
              == ARCHIVE_OK
         && archive_write_set_bytes_per_block (archive, BLOCK) == ARCHIVE_OK
         && archive_write_set_bytes_in_last_block (archive, 1) == ARCHIVE_OK
         && archive_write_open (archive, target, NULL, write_cb, NULL) == ARCHIVE_OK
         && write_array (archive, "images.npy", images_shape, images, n * RAQAM_FIT_PIXELS)
         && write_array (archive, "labels.npy", labels_shape, labels, n)
         && archive_write_close (archive) == ARCHIVE_OK;
}

gboolean
raqam_npz_save (const char *path, const guint8 *images, const guint8 *labels, gsize n,
                gboolean deflate, GError **error)
{
  g_autoptr (RaqamFileWriter) writer = NULL;
  g_autoptr (Archive) archive = NULL;
  Target target = { path, NULL, NULL };

  g_return_val_if_fail ((images != NULL && labels != NULL) || n == 0, FALSE);

  writer = raqam_file_writer_new (path, error);
  if (writer == NULL)
    return FALSE;
  target.writer = writer;
  archive = archive_write_new ();
  if (!write_archive (archive, &target, images, labels, n, deflate))
    {
      archive_write_fail (archive);
      return fail (&target, archive, error);
    }
  return raqam_file_writer_commit (writer, error);
}
