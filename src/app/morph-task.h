/* morph-task.h — draws and saves a morph in a thread.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gio/gio.h>

#include "engine/morph.h"

G_BEGIN_DECLS

#define RAQAM_MORPH_RATE 25 /* frames a second */

/* What is asked for. All is copied. */
typedef struct
{
  RaqamModel *model;
  RaqamMorph  morph;
  gboolean    crisp;  /* true pixels, else smooth */
  int         side;   /* of a saved picture, pixels */
  const char *path;   /* a GIF's, or the folder in which one for the frames is made */
  gboolean    frames; /* PNG frames, else a GIF */
} RaqamMorphJob;

/**
 * raqam_morph_frames_async:
 * @job: only its model and morph
 *
 * Draws all frames as they are, (n, 784), 255 is ink. @callback runs on the caller's
 * main context.
 */
void    raqam_morph_frames_async  (const RaqamMorphJob *job, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full): NULL with @error as raqam_morph_draw() */
GBytes *raqam_morph_frames_finish (GAsyncResult *result, GError **error);

/**
 * raqam_morph_save_async:
 * @progress: (nullable): called on the caller's main context with the share that is done
 * @user_data: for both
 *
 * Saves it. Nothing is left where it fails or is cancelled.
 */
void  raqam_morph_save_async  (const RaqamMorphJob *job, GCancellable *cancellable,
                               void (*progress) (double share, gpointer user_data),
                               GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full): what was written, in words; NULL with @error */
char *raqam_morph_save_finish (GAsyncResult *result, GError **error);

G_END_DECLS
