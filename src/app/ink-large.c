/* ink-large.c — one digit enlarged to be looked at: ink with a smooth outline.
 * SPDX-License-Identifier: MIT */

#include "app/ink-large.h"

#include "engine/recipe.h"

#include <math.h>
#include <string.h>

#define SIDE RAQAM_IMAGE_SIDE
#define TAPS 4
#define MARGIN 2 /* pixels around the picture that the cubic may ask for */
#define PADDED (SIDE + 2 * MARGIN)

/* Of a black and white picture: the outline's width in pixels of the screen, and how
 * much ink a place needs, a little under half because smoothing eats thin strokes. */
#define OUTLINE 1.4f
#define LEVEL 0.46f

struct _RaqamInkLarge
{
  int    side;
  int   *from;    /* (side): the first of the four pixels, in the padded picture */
  float *offsets; /* (side): from the second of them, in [0, 1) */
  float *weights; /* (TAPS, side) */
  float *wide;    /* (PADDED, side) */
};

RaqamInkLarge *
raqam_ink_large_new (void)
{
  return g_new0 (RaqamInkLarge, 1);
}

static void
clear (RaqamInkLarge *self)
{
  g_free (self->from);
  g_free (self->offsets);
  g_free (self->weights);
  g_free (self->wide);
}

void
raqam_ink_large_free (RaqamInkLarge *self)
{
  clear (self);
  g_free (self);
}

static void
set_side (RaqamInkLarge *self, int side)
{
  if (self->side == side)
    return;
  clear (self);
  self->side = side;
  self->from = g_new (int, side);
  self->offsets = g_new (float, side);
  self->weights = g_new (float, TAPS * side);
  self->wide = g_new (float, PADDED * side);
  for (int i = 0; i < side; i++)
    {
      double place = (i + 0.5) * SIDE / side - 0.5;
      double before = floor (place);

      self->from[i] = (int) before - 1 + MARGIN;
      self->offsets[i] = (float) (place - before);
    }
}

/* Mitchell and Netravali's cubic with C = (1 − B) / 2 at @x from the middle. */
static float
cubic (float x, float b)
{
  float c = (1 - b) / 2;

  x = fabsf (x);
  if (x < 1)
    return ((12 - 9 * b - 6 * c) * x * x * x + (-18 + 12 * b + 6 * c) * x * x + 6 - 2 * b) / 6;
  if (x < 2)
    return ((-b - 6 * c) * x * x * x + (6 * b + 30 * c) * x * x + (-12 * b - 48 * c) * x + 8 * b
            + 24 * c)
           / 6;
  return 0;
}

static void
set_weights (RaqamInkLarge *self, float b)
{
  for (int tap = 0; tap < TAPS; tap++)
    for (int i = 0; i < self->side; i++)
      self->weights[tap * self->side + i] = cubic (self->offsets[i] + 1 - tap, b);
}

/* Strokes three pixels wide with smooth edges have two thirds of their ink in grey; a
 * threshold leaves less than four tenths. Returns: 0 for the former, 1 for the latter */
static float
measure_contrast (const guint8 *pixels)
{
  float grey = 0, ink = 0;

  for (int i = 0; i < RAQAM_IMAGE_SIZE; i++)
    {
      float v = pixels[i] / 255.0f;

      grey += 4 * v * (1 - v);
      ink += v;
    }
  return ink > 0 ? CLAMP (2.6f - 4 * grey / ink, 0, 1) : 1;
}

/* @out: (PADDED, PADDED): the edge goes on beyond the edge */
static void
pad (float *out, const guint8 *pixels)
{
  for (int y = 0; y < PADDED; y++)
    for (int x = 0; x < PADDED; x++)
      out[y * PADDED + x] = pixels[CLAMP (y - MARGIN, 0, SIDE - 1) * SIDE
                                   + CLAMP (x - MARGIN, 0, SIDE - 1)]
                            / 255.0f;
}

/* Mixes each pixel with its neighbours along both directions: @share of 1 2 1. */
static void
smooth (float *field, float share)
{
  float copy[PADDED * PADDED];
  float side = share / 4, middle = 1 - share / 2;

  for (int pass = 0; pass < 2; pass++)
    {
      int step = pass == 0 ? 1 : PADDED, line = pass == 0 ? PADDED : 1;

      memcpy (copy, field, sizeof copy);
      for (int l = 0; l < PADDED; l++)
        for (int i = 1; i < PADDED - 1; i++)
          {
            int at = l * line + i * step;

            field[at] = middle * copy[at] + side * (copy[at - step] + copy[at + step]);
          }
    }
}

/* @out: (side) from a line of PADDED */
static void
widen_line (const RaqamInkLarge *self, float *out, const float *line)
{
  const float *w = self->weights;
  int side = self->side;

  for (int x = 0; x < side; x++)
    {
      const float *in = line + self->from[x];

      out[x] = w[x] * in[0] + w[side + x] * in[1] + w[2 * side + x] * in[2]
               + w[3 * side + x] * in[3];
    }
}

void
raqam_ink_large_enlarge (RaqamInkLarge *self, guint8 *out, int side, const guint8 *pixels)
{
  float padded[PADDED * PADDED];
  float contrast = measure_contrast (pixels);
  float steep = 1 + contrast * MAX ((float) side / SIDE / OUTLINE - 1, 0);
  float level = 0.5f + (LEVEL - 0.5f) * (1 - 1 / steep); /* paper stays white if it is not steep */
  float gain = 255 * steep, shift = 127.5f + 0.5f - level * gain;

  g_return_if_fail (side > 0);

  set_side (self, side);
  set_weights (self, 1 / 3.0f + contrast * 2 / 3.0f);
  pad (padded, pixels);
  smooth (padded, contrast);
  for (int y = 0; y < PADDED; y++)
    widen_line (self, self->wide + y * side, padded + y * PADDED);
  for (int y = 0; y < side; y++)
    {
      const float *in = self->wide + self->from[y] * side;
      const float *w = self->weights + y;
      guint8 *line = out + (gsize) y * side;

      for (int x = 0; x < side; x++)
        {
          float ink = w[0] * in[x] + w[side] * in[side + x] + w[2 * side] * in[2 * side + x]
                      + w[3 * side] * in[3 * side + x];
          float v = gain * ink + shift;

          line[x] = (guint8) (v < 0 ? 0 : v > 255 ? 255 : v);
        }
    }
}

void
raqam_ink_large_nearest (guint8 *out, int side, const guint8 *pixels)
{
  g_return_if_fail (side > 0);

  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      out[(gsize) y * side + x] = pixels[y * SIDE / side * SIDE + x * SIDE / side];
}

GdkTexture *
raqam_ink_large_texture (RaqamInkLarge *self, const guint8 *pixels, int side, gboolean crisp)
{
  gsize n = (gsize) side * side;
  g_autofree guint8 *ink = g_malloc (n);
  guint32 *out = g_new (guint32, n);
  g_autoptr (GBytes) bytes = NULL;

  if (crisp)
    raqam_ink_large_nearest (ink, side, pixels);
  else
    raqam_ink_large_enlarge (self, ink, side, pixels);
  /* Black, premultiplied: only alpha is not 0, the highest byte of a cairo pixel. */
  for (gsize i = 0; i < n; i++)
    out[i] = (guint32) ink[i] << 24;
  bytes = g_bytes_new_take (out, n * sizeof *out);
  return gdk_memory_texture_new (side, side, GDK_MEMORY_DEFAULT, bytes, side * sizeof *out);
}
