/* picture-export.h — a generated picture or its vector, as a file or as bytes.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gio/gio.h>

#include "engine/model.h"
#include "engine/style.h"

G_BEGIN_DECLS

typedef struct
{
  int      side;  /* of the PNG in pixels; 28 is what the model draws */
  gboolean crisp; /* the 28 × 28 pixels as they are; else enlarged smoothly */
  gboolean dark;  /* dark ink on white; else as in the data, 255 is ink */
} RaqamPictureLook;

typedef struct
{
  RaqamStyle       style;
  RaqamModel      *model;  /* (transfer full): who drew it */
  GBytes          *pixels; /* (transfer full) (nullable): (784), for a PNG; NULL for JSON */
  RaqamPictureLook look;   /* of the PNG */
  char            *path;   /* (transfer full) (nullable): to be written to */
} RaqamPictureExport;

void raqam_picture_export_free (RaqamPictureExport *self);

/**
 * raqam_picture_export_encode:
 * @checksum: whether the generator's goes with it, for which all its weights are read
 *
 * Any thread. A PNG carries the vector as JSON, as engine/style-record.h reads it.
 *
 * Returns: (transfer full): PNG or JSON; NULL with RAQAM_ERROR_DATA
 */
GBytes *raqam_picture_export_encode (const RaqamPictureExport *self, gboolean checksum,
                                     GError **error);

/**
 * raqam_picture_export_async:
 * @self: (transfer full)
 *
 * The same in a thread, and where there is a path into that file.
 */
void    raqam_picture_export_async  (RaqamPictureExport *self, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
GBytes *raqam_picture_export_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamPictureExport, raqam_picture_export_free)

G_END_DECLS
