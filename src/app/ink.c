/* ink.c — digits as textures: ink on nothing, enlarged smoothly.
 * SPDX-License-Identifier: MIT */

#include "app/ink.h"

#include "engine/recipe.h"

#include <math.h>

#define SIDE RAQAM_IMAGE_SIDE
#define TAPS 4
#define MAX_SCALE 16

/* Weights of the four pixels around a place @t of the way from the second to the third. */
static void
cubic_weights (float weights[TAPS], float t)
{
  weights[0] = t * (-0.5f + t * (1 - 0.5f * t));
  weights[1] = 1 + t * t * (-2.5f + 1.5f * t);
  weights[2] = t * (0.5f + t * (2 - 1.5f * t));
  weights[3] = t * t * (-0.5f + 0.5f * t);
}

/* Enlarges lines along one direction: @out (n · scale) from @in (n), nothing beyond its ends. */
static void
enlarge_line (float *out, gsize out_stride, const float *in, gsize in_stride, int n, int scale)
{
  for (int phase = 0; phase < scale; phase++)
    {
      float place = (phase + 0.5f) / scale - 0.5f;
      int before = (int) floorf (place);
      float weights[TAPS];

      cubic_weights (weights, place - before);
      for (int i = 0; i < n; i++)
        {
          float sum = 0;

          for (int tap = 0; tap < TAPS; tap++)
            {
              int from = i + before - 1 + tap;

              if (from >= 0 && from < n)
                sum += weights[tap] * in[from * in_stride];
            }
          out[(gsize) (i * scale + phase) * out_stride] = sum;
        }
    }
}

/* @out: (side, side) within lines of @stride bytes, side = (28 + 2 · padding) · scale. */
static void
enlarge_digit (guint32 *out, gsize stride, const guint8 *pixels, int padding, int scale,
               float *work)
{
  int cell = SIDE + 2 * padding;
  int side = cell * scale;
  float *padded = work;
  float *wide = padded + cell * cell;
  float *large = wide + cell * side;

  for (int i = 0; i < cell * cell; i++)
    padded[i] = 0;
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      padded[(y + padding) * cell + x + padding] = pixels[y * SIDE + x];

  for (int y = 0; y < cell; y++)
    enlarge_line (wide + y * side, 1, padded + y * cell, 1, cell, scale);
  for (int x = 0; x < side; x++)
    enlarge_line (large + x, side, wide + x, side, cell, scale);

  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      {
        float ink = CLAMP (large[y * side + x] + 0.5f, 0, 255);

        /* Black, premultiplied: only alpha is not 0, the highest byte of a cairo pixel. */
        out[y * stride + x] = (guint32) ink << 24;
      }
}

GdkTexture *
raqam_ink_texture_new (const guint8 *pixels, int n_columns, int n_rows, int padding, int scale,
                       gboolean reversed)
{
  int cell = SIDE + 2 * padding;
  int side = cell * scale;
  gsize width = (gsize) side * n_columns;
  gsize size = width * side * n_rows * sizeof (guint32);
  g_autofree float *work = NULL;
  g_autoptr (GBytes) bytes = NULL;
  guint32 *out;

  g_return_val_if_fail (scale >= 1 && scale <= MAX_SCALE, NULL);
  g_return_val_if_fail (n_columns > 0 && n_rows > 0, NULL);

  work = g_new (float, cell * cell + cell * side + side * side);
  out = g_malloc (size);
  for (int r = 0; r < n_rows; r++)
    for (int c = 0; c < n_columns; c++)
      {
        int place = reversed ? n_columns - 1 - c : c;

        enlarge_digit (out + r * side * width + place * side, width,
                       pixels + (gsize) (r * n_columns + c) * RAQAM_IMAGE_SIZE, padding, scale,
                       work);
      }
  bytes = g_bytes_new_take (out, size);
  return gdk_memory_texture_new ((int) width, side * n_rows, GDK_MEMORY_DEFAULT, bytes,
                                 width * sizeof (guint32));
}
