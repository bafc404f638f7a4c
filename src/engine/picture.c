/* picture.c — grey pictures as PNG, and sheets of digits.
 * SPDX-License-Identifier: MIT */

#include "engine/picture.h"

#include "engine/error.h"
#include "engine/file.h"
#include "engine/fit.h"

#include <glib/gi18n-lib.h>
#include <png.h>
#include <string.h>

/* Also what libpng takes unless told otherwise. */
#define MAX_SIDE 1000000

typedef struct
{
  GByteArray *bytes;
  char       *failure; /* libpng's words */
} Encoding;

static void
write_cb (png_structp png, png_bytep data, png_size_t size)
{
  Encoding *encoding = png_get_io_ptr (png);

  if (size > G_MAXUINT - encoding->bytes->len)
    png_error (png, "more than 4 GiB");
  g_byte_array_append (encoding->bytes, data, size);
}

static void
flush_cb (png_structp png)
{
}

static void
error_cb (png_structp png, png_const_charp message)
{
  Encoding *encoding = png_get_error_ptr (png);

  encoding->failure = g_strdup (message);
  png_longjmp (png, 1);
}

static void
warning_cb (png_structp png, png_const_charp message)
{
}

static void
set_texts (png_structp png, png_infop info, const RaqamPictureText *texts, gsize n_texts)
{
  for (gsize i = 0; i < n_texts; i++)
    {
      png_text text = { 0 };

      text.compression
        = g_str_is_ascii (texts[i].value) ? PNG_TEXT_COMPRESSION_NONE : PNG_ITXT_COMPRESSION_NONE;
      text.key = (char *) texts[i].key;
      text.text = (char *) texts[i].value;
      png_set_text (png, info, &text, 1);
    }
}

/* Everything that libpng may jump out of: no variable of this function is
 * needed after the jump. */
static gboolean
encode (png_structp png, png_infop info, const guint8 *pixels, int width, int height,
        const RaqamPictureText *texts, gsize n_texts)
{
  if (setjmp (png_jmpbuf (png)))
    return FALSE;

  png_set_IHDR (png, info, width, height, 8, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  set_texts (png, info, texts, n_texts);
  png_write_info (png, info);
  for (int y = 0; y < height; y++)
    png_write_row (png, pixels + (gsize) y * width);
  png_write_end (png, info);
  return TRUE;
}

GBytes *
raqam_picture_encode (const guint8 *pixels, int width, int height, const RaqamPictureText *texts,
                      gsize n_texts, GError **error)
{
  Encoding encoding = { NULL, NULL };
  png_structp png;
  png_infop info = NULL;
  gboolean encoded = FALSE;

  g_return_val_if_fail (pixels != NULL && width >= 1 && height >= 1, NULL);
  g_return_val_if_fail (texts != NULL || n_texts == 0, NULL);

  encoding.bytes = g_byte_array_new ();
  png = png_create_write_struct (PNG_LIBPNG_VER_STRING, &encoding, error_cb, warning_cb);
  if (png != NULL)
    info = png_create_info_struct (png);
  if (info != NULL)
    {
      png_set_write_fn (png, &encoding, write_cb, flush_cb);
      encoded = encode (png, info, pixels, width, height, texts, n_texts);
    }
  png_destroy_write_struct (&png, &info);
  if (encoded)
    return g_byte_array_free_to_bytes (encoding.bytes);

  g_byte_array_unref (encoding.bytes);
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
               _("Making a PNG of %d × %d pixels failed: %s"), width, height,
               encoding.failure != NULL ? encoding.failure : _("libpng could not start"));
  g_free (encoding.failure);
  return NULL;
}

gboolean
raqam_picture_save (const char *path, const guint8 *pixels, int width, int height,
                    const RaqamPictureText *texts, gsize n_texts, GError **error)
{
  g_autoptr (GBytes) bytes = raqam_picture_encode (pixels, width, height, texts, n_texts, error);

  if (bytes == NULL)
    return FALSE;
  return raqam_file_replace (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                             error);
}

static void
draw (guint8 *to, gsize stride, const guint8 *image, const RaqamPictureSheet *sheet)
{
  guint8 flip = sheet->dark_ink ? 255 : 0;
  gsize side = (gsize) RAQAM_FIT_SIDE * sheet->scale;

  for (gsize y = 0; y < side; y++)
    for (gsize x = 0; x < side; x++)
      to[y * stride + x] = image[y / sheet->scale * RAQAM_FIT_SIDE + x / sheet->scale] ^ flip;
}

guint8 *
raqam_picture_sheet (int *out_width, int *out_height, const guint8 *images, gsize n,
                     const RaqamPictureSheet *sheet, GError **error)
{
  gsize rows, step, width, height;
  guint8 *pixels;

  g_return_val_if_fail (out_width != NULL && out_height != NULL, NULL);
  g_return_val_if_fail (images != NULL && n >= 1, NULL);
  g_return_val_if_fail (sheet->columns >= 1 && sheet->margin >= 0 && sheet->scale >= 1, NULL);

  rows = (n - 1) / sheet->columns + 1;
  step = (gsize) RAQAM_FIT_SIDE * sheet->scale + sheet->margin;
  if (sheet->margin > MAX_SIDE
      || MAX (rows, (gsize) sheet->columns) > (gsize) (MAX_SIDE - sheet->margin) / step)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
                   _("A sheet of %d columns and %zu rows at %d times the size is too large; "
                     "take fewer images or a smaller scale"),
                   sheet->columns, rows, sheet->scale);
      return NULL;
    }
  width = sheet->columns * step + sheet->margin;
  height = rows * step + sheet->margin;
  pixels = g_try_malloc_n (height, width);
  if (pixels == NULL)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_MEMORY,
                   _("There is not enough memory for a sheet of %zu × %zu pixels"), width, height);
      return NULL;
    }
  memset (pixels, sheet->dark_ink ? 255 : 0, width * height);
  for (gsize i = 0; i < n; i++)
    draw (pixels + (i / sheet->columns * step + sheet->margin) * width
            + i % sheet->columns * step + sheet->margin,
          width, images + i * RAQAM_FIT_PIXELS, sheet);
  *out_width = width;
  *out_height = height;
  return pixels;
}
