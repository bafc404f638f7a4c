/* picture.h — grey pictures as PNG, and sheets of digits.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A remark kept in a PNG: "Title", "Software", … UTF-8. */
typedef struct
{
  const char *key;   /* 1 to 79 characters of ASCII, no space at either end */
  const char *value;
} RaqamPictureText;

/**
 * raqam_picture_encode:
 * @pixels: (@height, @width), row by row, 0 is black
 * @width: at least 1
 * @height: at least 1
 * @texts: (nullable): written as tEXt, or as iTXt where the value is not ASCII
 * @error: RAQAM_ERROR_DATA when the picture is too large for a PNG
 *
 * An 8-bit grey PNG. The same input gives the same bytes with the same libpng
 * and zlib. Any thread.
 *
 * Returns: (transfer full): NULL with @error set
 */
GBytes *raqam_picture_encode (const guint8 *pixels, int width, int height,
                              const RaqamPictureText *texts, gsize n_texts, GError **error);

/**
 * raqam_picture_save:
 *
 * raqam_picture_encode() into @path by raqam_file_replace(), with the errors of both.
 *
 * Returns: FALSE with @error set
 */
gboolean raqam_picture_save (const char *path, const guint8 *pixels, int width, int height,
                             const RaqamPictureText *texts, gsize n_texts, GError **error);

typedef struct
{
  int      columns;  /* at least 1; the rows are as many as needed */
  int      margin;   /* pixels of paper between images and around them, not scaled; at least 0 */
  int      scale;    /* side of the square that one pixel becomes; at least 1 */
  gboolean dark_ink; /* ink black on white paper; FALSE: as given, ink white on black */
} RaqamPictureSheet;

/**
 * raqam_picture_sheet:
 * @out_width: set to the sheet's width in pixels
 * @out_height: set to its height
 * @images: (@n, 28, 28), 255 is ink
 * @n: at least 1
 * @error: RAQAM_ERROR_DATA when a side would pass a million pixels, RAQAM_ERROR_MEMORY
 *
 * Lays the images out in rows, left to right, then down; what is left of the
 * last row is paper. The first columns are used when @n is below columns.
 *
 * Returns: (transfer full): (height, width), for g_free(); NULL with @error set
 */
guint8 *raqam_picture_sheet (int *out_width, int *out_height, const guint8 *images, gsize n,
                             const RaqamPictureSheet *sheet, GError **error);

G_END_DECLS
