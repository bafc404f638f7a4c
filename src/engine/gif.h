/* gif.h — grey animations as GIF.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RAQAM_GIF_MAX_SIDE 65535 /* pixels */

/* Written frame by frame, by file.h: the file is there once it is whole. One thread
 * at a time. */
typedef struct _RaqamGif RaqamGif;

/**
 * raqam_gif_new:
 * @path: in a folder that exists
 * @width: 1 to RAQAM_GIF_MAX_SIDE
 * @height: the same
 * @delay: of every frame, in hundredths of a second, 2 to 65535 (most programs take
 *   less than 2 for 10)
 * @error: G_FILE_ERROR as in file.h; RAQAM_ERROR_MEMORY; RAQAM_ERROR_DATA with giflib's words
 *
 * A GIF of 256 greys, which repeats for ever. The same frames give the same bytes.
 *
 * Returns: (transfer full): NULL with @error set
 */
RaqamGif *raqam_gif_new (const char *path, int width, int height, int delay, GError **error);

/* @pixels: (height, width), row by row, 0 is black. FALSE with @error as raqam_gif_new();
 * only raqam_gif_free() may follow */
gboolean raqam_gif_add (RaqamGif *self, const guint8 *pixels, GError **error);

/* Puts the animation in its place; once only, after at least one frame. FALSE with
 * @error as raqam_gif_new(). */
gboolean raqam_gif_commit (RaqamGif *self, GError **error);

/* Leaves the path as it was unless it was committed. */
void raqam_gif_free (RaqamGif *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamGif, raqam_gif_free)

G_END_DECLS
