/* sketch.c — a digit that somebody drew, of any size, on its way to 28 × 28.
 * SPDX-License-Identifier: MIT */

#include "engine/sketch.h"

#include "engine/error.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <png.h>
#include <string.h>

#define MAX_PIXELS 64000000u
#define MAX_BYTES (256 << 20) /* of a file: four for each of these pixels */
#define LEAST_CONTRAST 24 /* of 255, below which it is all one shade */
#define IS_INK 128        /* as raqam_fit() has it for pictures that are not grey */

/* Brightness and opacity of each pixel. */
typedef struct
{
  int     width, height;
  guint8 *pixels; /* (height, width, 2) */
} Decoded;

void
raqam_sketch_free (RaqamSketch *self)
{
  if (self == NULL)
    return;
  g_free (self->ink);
  g_free (self);
}

static double
overlap (double begin, double end, int i)
{
  return MIN (end, i + 1) - MAX (begin, i);
}

/* Each pixel of @out is the mean of what it covers of @in. */
static void
shrink (guint8 *out, int out_width, int out_height, const guint8 *in, int width, int height)
{
  double across = (double) width / out_width, down = (double) height / out_height;

  for (int y = 0; y < out_height; y++)
    for (int x = 0; x < out_width; x++)
      {
        double left = x * across, right = MIN (left + across, width);
        double top = y * down, bottom = MIN (top + down, height);
        double sum = 0;

        for (int i = (int) top; i < bottom; i++)
          for (int j = (int) left; j < right; j++)
            sum += overlap (top, bottom, i) * overlap (left, right, j) * in[(gsize) i * width + j];
        out[y * out_width + x] = (guint8) lrint (sum / ((right - left) * (bottom - top)));
      }
}

RaqamSketch *
raqam_sketch_new (const guint8 *ink, int width, int height)
{
  RaqamSketch *self = g_new0 (RaqamSketch, 1);
  int longer = MAX (width, height);

  g_return_val_if_fail (width >= 1 && height >= 1, NULL);

  self->width = width;
  self->height = height;
  if (longer > RAQAM_SKETCH_SIDE)
    {
      self->width = MAX (1, (int) lrint ((double) width * RAQAM_SKETCH_SIDE / longer));
      self->height = MAX (1, (int) lrint ((double) height * RAQAM_SKETCH_SIDE / longer));
    }
  self->ink = g_malloc ((gsize) self->width * self->height);
  shrink (self->ink, self->width, self->height, ink, width, height);
  return self;
}

static gboolean
decode (Decoded *decoded, GBytes *png, const char *name, GError **error)
{
  png_image image = { .version = PNG_IMAGE_VERSION };

  if (!png_image_begin_read_from_memory (&image, g_bytes_get_data (png, NULL),
                                         g_bytes_get_size (png)))
    goto failed;
  if ((guint64) image.width * image.height > MAX_PIXELS)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
                   _("“%s” has %u × %u pixels, which is too large for a drawing; make it smaller"),
                   name, image.width, image.height);
      png_image_free (&image);
      return FALSE;
    }
  image.format = PNG_FORMAT_GA;
  decoded->width = (int) image.width;
  decoded->height = (int) image.height;
  decoded->pixels = g_try_malloc (PNG_IMAGE_SIZE (image));
  if (decoded->pixels == NULL)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_MEMORY,
                   _("There is not enough memory to read “%s”"), name);
      png_image_free (&image);
      return FALSE;
    }
  if (png_image_finish_read (&image, NULL, decoded->pixels, 0, NULL))
    return TRUE;
  g_clear_pointer (&decoded->pixels, g_free);

failed:
  /* Translators: the second %s is what libpng says, in English */
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
               _("“%s” could not be read as a PNG picture: %s"), name, image.message);
  return FALSE;
}

/* The median of one channel along the picture's edge. */
static int
border_median (const Decoded *decoded, int channel)
{
  guint counts[256] = { 0 };
  guint n = 0, sum = 0;
  int median = 0;

  for (int y = 0; y < decoded->height; y++)
    for (int x = 0; x < decoded->width;
         x += y == 0 || y == decoded->height - 1 ? 1 : MAX (1, decoded->width - 1))
      {
        counts[decoded->pixels[((gsize) y * decoded->width + x) * 2 + channel]]++;
        n++;
      }
  while ((sum += counts[median]) * 2 < n)
    median++;
  return median;
}

/* @ink: (height, width), overwritten; returns the strongest, before it became 255 */
static int
find_ink (guint8 *ink, const Decoded *decoded)
{
  gsize n = (gsize) decoded->width * decoded->height;
  gboolean by_opacity = border_median (decoded, 1) < 128;
  int paper = border_median (decoded, 0);
  int strongest = 0;

  for (gsize i = 0; i < n; i++)
    {
      int brightness = decoded->pixels[2 * i], opacity = decoded->pixels[2 * i + 1];
      int apart = paper >= 128 ? paper - brightness : brightness - paper;

      ink[i] = (guint8) (by_opacity ? opacity : MAX (apart, 0) * opacity / 255);
      strongest = MAX (strongest, ink[i]);
    }
  for (gsize i = 0; i < n && strongest > 0; i++)
    ink[i] = (guint8) (ink[i] * 255 / strongest);
  return strongest;
}

RaqamSketch *
raqam_sketch_parse (GBytes *png, const char *name, GError **error)
{
  Decoded decoded;
  g_autofree guint8 *pixels = NULL;
  g_autofree guint8 *ink = NULL;

  if (!decode (&decoded, png, name, error))
    return NULL;
  pixels = decoded.pixels;
  ink = g_try_malloc ((gsize) decoded.width * decoded.height);
  if (ink == NULL)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_MEMORY,
                   _("There is not enough memory to read “%s”"), name);
      return NULL;
    }
  if (find_ink (ink, &decoded) < LEAST_CONTRAST)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
                   _("There is no digit to be seen in “%s”: it is all of one shade. Take a picture "
                     "of dark ink on light paper, or of light ink on dark"),
                   name);
      return NULL;
    }
  return raqam_sketch_new (ink, decoded.width, decoded.height);
}

/* All of it is read into memory, and a pipe would be waited for. */
static gboolean
is_readable (GFile *file, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileInfo) info
    = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                         G_FILE_QUERY_INFO_NONE, cancellable, error);

  if (info == NULL)
    return FALSE;
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_SPECIAL
      && g_file_info_get_size (info) <= MAX_BYTES)
    return TRUE;
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
               _("“%s” is no picture to draw from: it is not a file of at most 256 MiB"), name);
  return FALSE;
}

RaqamSketch *
raqam_sketch_load (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autofree char *base = g_file_get_basename (file);
  g_autofree char *name = g_filename_display_name (base);
  g_autoptr (GBytes) bytes = NULL;

  if (is_readable (file, name, cancellable, error))
    bytes = g_file_load_bytes (file, cancellable, NULL, error);
  return bytes != NULL ? raqam_sketch_parse (bytes, name, error) : NULL;
}

typedef struct
{
  int left, top, right, bottom; /* right and bottom are outside */
} Box;

static gboolean
find_box (Box *box, const guint8 *ink, int width, int height)
{
  *box = (Box){ width, height, 0, 0 };
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      if (ink[y * width + x] >= IS_INK)
        {
          box->left = MIN (box->left, x);
          box->top = MIN (box->top, y);
          box->right = MAX (box->right, x + 1);
          box->bottom = MAX (box->bottom, y + 1);
        }
  return box->right > box->left;
}

static void
cut (guint8 *out, const guint8 *ink, int width, const Box *box)
{
  int across = box->right - box->left;

  for (int y = box->top; y < box->bottom; y++)
    memcpy (out + (y - box->top) * across, ink + y * width + box->left, across);
}

/* The square field around it, at 28 × 28. */
static void
fit_field (guint8 *out, const RaqamSketch *self)
{
  int side = MAX (MAX (self->width, self->height), RAQAM_FIT_SIDE);
  int left = (side - self->width) / 2, top = (side - self->height) / 2;
  g_autofree guint8 *field = g_malloc0 (side * side);

  for (int y = 0; y < self->height; y++)
    memcpy (field + (top + y) * side + left, self->ink + y * self->width, self->width);
  raqam_fit (out, field, side, side, TRUE);
}

void
raqam_sketch_fit (guint8 *out, const RaqamSketch *self, gboolean fill, gboolean grey)
{
  guint8 cut_out[RAQAM_SKETCH_SIDE * RAQAM_SKETCH_SIDE];
  guint8 field[RAQAM_FIT_PIXELS];
  const guint8 *ink = self->ink;
  int width = self->width;
  Box box;

  memset (out, 0, RAQAM_FIT_PIXELS);
  if (!find_box (&box, ink, width, self->height))
    return;
  if (!fill
      || 5 * MAX (box.right - box.left, box.bottom - box.top) < 2 * MAX (width, self->height))
    {
      fit_field (field, self);
      ink = field;
      width = RAQAM_FIT_SIDE;
      if (!find_box (&box, ink, width, width))
        return;
    }
  cut (cut_out, ink, width, &box);
  raqam_fit (out, cut_out, box.right - box.left, box.bottom - box.top, grey);
}
