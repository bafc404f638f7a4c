/* ink.c — digits as textures: ink on nothing, enlarged smoothly.
 * SPDX-License-Identifier: MIT */

#include "app/ink.h"

#include "engine/recipe.h"

#include <math.h>
#include <string.h>

#define SIDE RAQAM_IMAGE_SIDE
#define TAPS 4
#define MAX_SCALE 16
#define BORDER 2 /* empty pixels around what is enlarged, that the four neighbours reach */

/* Weights of the four pixels around a place @t of the way from the second to the third. */
static void
cubic_weights (float weights[TAPS], float t)
{
  weights[0] = t * (-0.5f + t * (1 - 0.5f * t));
  weights[1] = 1 + t * t * (-2.5f + 1.5f * t);
  weights[2] = t * (0.5f + t * (2 - 1.5f * t));
  weights[3] = t * t * (-0.5f + 0.5f * t);
}

static gsize
work_size (int padding, int scale)
{
  gsize cell = SIDE + 2 * padding;

  return (cell + 2 * BORDER) * (1 + cell * scale);
}

/* How one pixel becomes @scale of them: each is the sum of four neighbours. */
typedef struct
{
  int   scale;
  int   first[MAX_SCALE]; /* of the four, from two before the pixel */
  float weights[MAX_SCALE][TAPS];
} Enlargement;

static void
enlargement_init (Enlargement *self, int scale)
{
  self->scale = scale;
  for (int phase = 0; phase < scale; phase++)
    {
      float place = (phase + 0.5f) / scale - 0.5f;
      int before = (int) floorf (place);

      self->first[phase] = before - 1 + BORDER;
      cubic_weights (self->weights[phase], place - before);
    }
}

/* @out: (n · scale); @in: (n + 2 · BORDER) */
static void
enlarge_line (float *out, const float *in, int n, const Enlargement *by)
{
  for (int phase = 0; phase < by->scale; phase++)
    {
      const float *w = by->weights[phase];

      for (int i = 0; i < n; i++)
        {
          const float *from = in + i + by->first[phase];

          out[i * by->scale + phase]
            = w[0] * from[0] + w[1] * from[1] + w[2] * from[2] + w[3] * from[3];
        }
    }
}

/* @out: (@side); @in: four lines of @side */
static void
blend_lines (guint32 *out, const float *in, int side, const float *w)
{
  for (int x = 0; x < side; x++)
    {
      float ink = w[0] * in[x] + w[1] * in[side + x] + w[2] * in[2 * side + x]
                  + w[3] * in[3 * side + x] + 0.5f;

      /* Black, premultiplied: only alpha is not 0, the highest byte of a cairo pixel. */
      out[x] = (guint32) (int) CLAMP (ink, 0, 255) << 24;
    }
}

/* @out: (side, side) within lines of @stride pixels, side = (28 + 2 · @padding) · scale;
 * @work: as many floats as work_size() says */
static void
enlarge_digit (guint32 *out, gsize stride, const guint8 *pixels, int padding,
               const Enlargement *by, float *work)
{
  int cell = SIDE + 2 * padding, side = cell * by->scale;
  int begin = BORDER + padding;
  float *line = work;
  float *wide = line + cell + 2 * BORDER; /* (cell + 2 · BORDER, side) */

  memset (work, 0, sizeof *work * work_size (padding, by->scale));
  for (int y = 0; y < SIDE; y++)
    {
      for (int x = 0; x < SIDE; x++)
        line[begin + x] = pixels[y * SIDE + x];
      enlarge_line (wide + (begin + y) * side, line, cell, by);
    }
  for (int y = 0; y < side; y++)
    {
      int phase = y % by->scale;

      blend_lines (out + y * stride, wide + (y / by->scale + by->first[phase]) * side, side,
                   by->weights[phase]);
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
  Enlargement by;
  g_autoptr (GBytes) bytes = NULL;
  guint32 *out;

  g_return_val_if_fail (scale >= 1 && scale <= MAX_SCALE, NULL);
  g_return_val_if_fail (n_columns > 0 && n_rows > 0, NULL);

  enlargement_init (&by, scale);
  work = g_new (float, work_size (padding, scale));
  out = g_malloc (size);
  for (int r = 0; r < n_rows; r++)
    for (int c = 0; c < n_columns; c++)
      {
        int place = reversed ? n_columns - 1 - c : c;

        enlarge_digit (out + r * side * width + place * side, width,
                       pixels + (gsize) (r * n_columns + c) * RAQAM_IMAGE_SIZE, padding, &by,
                       work);
      }
  bytes = g_bytes_new_take (out, size);
  return gdk_memory_texture_new ((int) width, side * n_rows, GDK_MEMORY_DEFAULT, bytes,
                                 width * sizeof (guint32));
}
