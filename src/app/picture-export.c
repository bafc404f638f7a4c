/* picture-export.c — a generated picture or its vector, as a file or as bytes.
 * SPDX-License-Identifier: MIT */

#include "app/picture-export.h"

#include "app/ink-large.h"
#include "engine/file.h"
#include "engine/picture.h"
#include "engine/style-record.h"

#include <string.h>

#define PROGRAM "Raqam " RAQAM_VERSION

void
raqam_picture_export_free (RaqamPictureExport *self)
{
  g_clear_pointer (&self->model, raqam_model_unref);
  g_clear_pointer (&self->pixels, g_bytes_unref);
  g_free (self->path);
  g_free (self);
}

static guint8 *
enlarge (const guint8 *pixels, const RaqamPictureLook *look)
{
  g_autoptr (RaqamInkLarge) ink = raqam_ink_large_new ();
  gsize size = (gsize) look->side * look->side;
  guint8 *large = g_malloc (size);

  if (look->crisp || look->side == RAQAM_IMAGE_SIDE)
    raqam_ink_large_nearest (large, look->side, pixels);
  else
    raqam_ink_large_enlarge (ink, large, look->side, pixels);
  for (gsize i = 0; look->dark && i < size; i++)
    large[i] = 255 - large[i];
  return large;
}

GBytes *
raqam_picture_export_encode (const RaqamPictureExport *self, gboolean checksum, GError **error)
{
  g_autoptr (RaqamStyleRecord) record
    = raqam_style_record_new (&self->style, self->model, checksum);
  g_autofree char *json = raqam_style_record_to_json (record, PROGRAM);
  const RaqamPictureText texts[] = { { "Software", PROGRAM }, { RAQAM_STYLE_PNG_KEY, json } };
  g_autofree guint8 *large = NULL;
  gsize size = strlen (json);

  if (self->pixels == NULL)
    return g_bytes_new_take (g_steal_pointer (&json), size);
  large = enlarge (g_bytes_get_data (self->pixels, NULL), &self->look);
  return raqam_picture_encode (large, self->look.side, self->look.side, texts,
                               G_N_ELEMENTS (texts), error);
}

static void
export_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  RaqamPictureExport *self = data;
  GError *error = NULL;
  g_autoptr (GBytes) bytes = raqam_picture_export_encode (self, TRUE, &error);

  if (bytes == NULL
      || (self->path != NULL
          && !raqam_file_replace (self->path, g_bytes_get_data (bytes, NULL),
                                  g_bytes_get_size (bytes), &error)))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&bytes), (GDestroyNotify) g_bytes_unref);
}

void
raqam_picture_export_async (RaqamPictureExport *self, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_task_data (task, self, (GDestroyNotify) raqam_picture_export_free);
  g_task_run_in_thread (task, export_thread);
}

GBytes *
raqam_picture_export_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
