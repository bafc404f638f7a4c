/* kept-data.c — data that stay loaded from one evaluation to the next.
 * SPDX-License-Identifier: MIT */

#include "engine/kept-data.h"

#include <glib/gstdio.h>

static void
stamp_file (GString *stamp, const char *path)
{
  GStatBuf status;

  g_string_append_printf (stamp, "%s\n", path);
  if (g_stat (path, &status) == 0)
    g_string_append_printf (stamp, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%ld\n",
                            (gint64) status.st_size, (gint64) status.st_mtim.tv_sec,
                            (long) status.st_mtim.tv_nsec);
}

/* Names, sizes and times: whoever writes a file anew changes one of them. */
static char *
stamp_data (const char *const *paths)
{
  GString *stamp = g_string_new (NULL);

  for (; *paths != NULL; paths++)
    {
      g_autoptr (GDir) dir = g_dir_open (*paths, 0, NULL);
      const char *name;

      stamp_file (stamp, *paths);
      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *path = g_build_filename (*paths, name, NULL);

          stamp_file (stamp, path);
        }
    }
  return g_string_free (stamp, FALSE);
}

static gboolean
is_stamped (const RaqamKeptData *self, const char *const *paths, gboolean grey)
{
  g_autofree char *stamp = stamp_data (paths);

  return self->grey == grey && g_strcmp0 (stamp, self->stamp) == 0;
}

gboolean
raqam_kept_data_has (const RaqamKeptData *self, const char *const *paths, gboolean grey)
{
  return self->data != NULL && is_stamped (self, paths, grey);
}

gboolean
raqam_kept_data_failed (const RaqamKeptData *self, const char *const *paths, gboolean grey)
{
  return self->data == NULL && is_stamped (self, paths, grey);
}

/* The stamp is taken first: what changes while it is read is read again. */
gboolean
raqam_kept_data_load (RaqamKeptData *self, const char *const *paths, gboolean grey,
                      GCancellable *cancellable, GError **error)
{
  raqam_kept_data_clear (self);
  self->stamp = stamp_data (paths);
  self->grey = grey;
  self->data = raqam_evaluation_data_load (paths, grey, cancellable, error);
  return self->data != NULL;
}

void
raqam_kept_data_clear (RaqamKeptData *self)
{
  g_clear_pointer (&self->data, raqam_evaluation_data_free);
  g_clear_pointer (&self->stamp, g_free);
}
