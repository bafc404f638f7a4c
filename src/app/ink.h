/* ink.h — digits as textures: ink on nothing, enlarged smoothly.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/**
 * raqam_ink_texture_new:
 * @pixels: (n_rows, n_columns, 28, 28), 255 is ink
 * @padding: empty pixels around each digit, before it is enlarged
 * @scale: enlargement, 1 to 16
 * @reversed: whether the columns run from right to left
 *
 * Black where there is ink, transparent elsewhere; between the pixels a cubic
 * (Catmull and Rom, 1974) is drawn, cut where it leaves the range.
 *
 * Returns: (transfer full)
 */
GdkTexture *raqam_ink_texture_new (const guint8 *pixels, int n_columns, int n_rows,
                                   int padding, int scale, gboolean reversed);

G_END_DECLS
