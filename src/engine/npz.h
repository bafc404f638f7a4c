/* npz.h — labelled digits for numpy.load().
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * raqam_npz_save:
 * @images: (@n, 28, 28), 0 to 255
 * @labels: (@n)
 * @n: 0 makes empty arrays
 * @deflate: FALSE stores the bytes as they are: larger and faster
 * @error: G_FILE_ERROR as in file.h; RAQAM_ERROR_DATA with the zip library's words
 *
 * Writes a zip file of two arrays in NumPy's format 1.0: "images", uint8 of
 * shape (n, 28, 28), and "labels", uint8 of shape (n). It is streamed into
 * place by file.h, so it needs no memory to speak of. Any thread.
 *
 * Returns: FALSE with @error set; @path is then as it was
 */
gboolean raqam_npz_save (const char *path, const guint8 *images, const guint8 *labels, gsize n,
                         gboolean deflate, GError **error);

G_END_DECLS
