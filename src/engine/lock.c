/* lock.c — one process at a time in a run's folder.
 * SPDX-License-Identifier: MIT */

#include "engine/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

static int
lock_now (int fd, int how)
{
  int status;

  do
    status = flock (fd, how | LOCK_NB);
  while (status != 0 && errno == EINTR);
  return status;
}

int
raqam_run_lock (const char *folder, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *name = NULL;
  int              fd, code;

  g_return_val_if_fail (folder != NULL, -1);

  path = g_build_filename (folder, "lock", NULL);
  name = g_filename_display_name (folder);
  fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
  if (fd >= 0 && lock_now (fd, LOCK_EX) == 0)
    return fd;

  code = errno;
  if (fd >= 0)
    close (fd);
  if (code == EWOULDBLOCK)
    g_set_error (
      error, RAQAM_ERROR, RAQAM_ERROR_RUN,
      _("The run in “%s” is being trained already. Stop it there first, or choose another run"),
      name);
  else
    g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN, _("Cannot lock the run in “%s”: %s"), name,
                 g_strerror (code));
  return -1;
}

gboolean
raqam_run_is_locked (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "lock", NULL);
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  gboolean locked = fd >= 0 && lock_now (fd, LOCK_SH) != 0 && errno == EWOULDBLOCK;

  if (fd >= 0)
    close (fd);
  return locked;
}
