/* file.c — files that are either whole or as they were.
 * SPDX-License-Identifier: MIT */

#include "engine/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define TEMPORARY ".raqam-XXXXXX"

/* Linux writes at most about 2 GiB a call; smaller pieces are as fast. */
#define WRITE_MAX ((gsize) 1 << 30)

struct _RaqamFileWriter
{
  char *path;
  char *folder;
  char *temporary; /* NULL once it has taken the target's name */
  int   fd;        /* -1 when closed */
};

static gboolean
fail (const char *path, int code, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
               _("Writing “%s” failed: %s. What was there before is unchanged"), name,
               g_strerror (code));
  return FALSE;
}

static void
fail_to_begin (const RaqamFileWriter *self, int code, GError **error)
{
  g_autofree char *name = g_filename_display_name (self->path);
  g_autofree char *folder = g_filename_display_name (self->folder);

  if (code == ENOENT)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                 _("Writing “%s” failed: %s. There is no folder “%s”"), name, g_strerror (code),
                 folder);
  else
    fail (self->path, code, error);
}

RaqamFileWriter *
raqam_file_writer_new (const char *path, GError **error)
{
  g_autoptr (RaqamFileWriter) self = NULL;

  g_return_val_if_fail (path != NULL && *path != '\0', NULL);

  self = g_new0 (RaqamFileWriter, 1);
  self->path = g_strdup (path);
  self->folder = g_path_get_dirname (path);
  self->temporary = g_build_filename (self->folder, TEMPORARY, NULL);
  self->fd = g_mkstemp_full (self->temporary, O_WRONLY | O_CLOEXEC, 0666);
  if (self->fd < 0)
    {
      fail_to_begin (self, errno, error);
      g_clear_pointer (&self->temporary, g_free);
      return NULL;
    }
  return g_steal_pointer (&self);
}

gboolean
raqam_file_writer_write (RaqamFileWriter *self, gconstpointer data, gsize size, GError **error)
{
  const char *from = data;

  g_return_val_if_fail (self != NULL && self->fd >= 0, FALSE);
  g_return_val_if_fail (data != NULL || size == 0, FALSE);

  while (size > 0)
    {
      gssize n = write (self->fd, from, MIN (size, WRITE_MAX));

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return fail (self->path, n < 0 ? errno : EIO, error);
      from += n;
      size -= n;
    }
  return TRUE;
}

static gboolean
sync_descriptor (int fd)
{
  int status;

  do
    status = fsync (fd);
  while (status < 0 && errno == EINTR);
  return status == 0;
}

/* The new name lasts only when the folder is on the disk too. Some file
 * systems cannot sync a folder and say so; there is nothing to do about it. */
static gboolean
sync_folder (RaqamFileWriter *self, GError **error)
{
  int fd = open (self->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean synced = fd >= 0 && sync_descriptor (fd);
  int code = errno;

  if (fd >= 0)
    close (fd);
  if (!synced && code != EINVAL && code != ENOTSUP && code != EACCES)
    {
      g_autofree char *name = g_filename_display_name (self->path);

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                   _("“%s” is written, but its folder could not be synced to the disk: %s"), name,
                   g_strerror (code));
      return FALSE;
    }
  return TRUE;
}

gboolean
raqam_file_writer_commit (RaqamFileWriter *self, GError **error)
{
  int fd;

  g_return_val_if_fail (self != NULL && self->fd >= 0, FALSE);

  if (!sync_descriptor (self->fd))
    return fail (self->path, errno, error);
  fd = self->fd;
  self->fd = -1;
  /* Linux closes the descriptor even when it says EINTR. */
  if (close (fd) < 0 && errno != EINTR)
    return fail (self->path, errno, error);
  if (g_rename (self->temporary, self->path) < 0)
    return fail (self->path, errno, error);
  g_clear_pointer (&self->temporary, g_free);
  return sync_folder (self, error);
}

void
raqam_file_writer_free (RaqamFileWriter *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  if (self->temporary != NULL)
    g_unlink (self->temporary);
  g_free (self->temporary);
  g_free (self->folder);
  g_free (self->path);
  g_free (self);
}

void
raqam_file_remove_temporaries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, ".raqam-") && strlen (name) == strlen (TEMPORARY))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);

        g_unlink (path);
      }
}

gboolean
raqam_file_replace_chunks (const char *path, const RaqamFileChunk *chunks, gsize n_chunks,
                           GError **error)
{
  g_autoptr (RaqamFileWriter) writer = raqam_file_writer_new (path, error);

  if (writer == NULL)
    return FALSE;
  for (gsize i = 0; i < n_chunks; i++)
    if (!raqam_file_writer_write (writer, chunks[i].data, chunks[i].size, error))
      return FALSE;
  return raqam_file_writer_commit (writer, error);
}

gboolean
raqam_file_replace (const char *path, gconstpointer data, gsize size, GError **error)
{
  const RaqamFileChunk chunk = { data, size };

  return raqam_file_replace_chunks (path, &chunk, 1, error);
}
