/* test-ink-large.c — one digit enlarged to be looked at.
 * SPDX-License-Identifier: MIT */

#include "app/ink-large.h"

#include "engine/recipe.h"

#include <math.h>
#include <string.h>

#define SIDE RAQAM_IMAGE_SIDE
#define LARGE 560
#define MIDDLE ((SIDE - 1) / 2.0)

static guint8 *
enlarge (const guint8 *pixels, int side)
{
  g_autoptr (RaqamInkLarge) large = raqam_ink_large_new ();
  guint8 *out = g_malloc ((gsize) side * side);

  raqam_ink_large_enlarge (large, out, side, pixels);
  return out;
}

/* Black paper is black and white paper white; grey stays the grey it is. */
static void
test_constant (void)
{
  const guint8 values[] = { 0, 1, 30, 77, 128, 200, 255 };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      guint8 pixels[RAQAM_IMAGE_SIZE];
      g_autofree guint8 *out = NULL;

      memset (pixels, values[i], sizeof pixels);
      out = enlarge (pixels, 100);
      for (int p = 0; p < 100 * 100; p++)
        g_assert_cmpint (ABS (out[p] - values[i]), <=, 1);
    }
}

/* A cubic of this family goes through the values of a straight line, at any size. */
static void
test_ramp (gconstpointer data)
{
  int side = GPOINTER_TO_INT (data);
  guint8 pixels[RAQAM_IMAGE_SIZE];
  g_autofree guint8 *out = NULL;

  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      pixels[y * SIDE + x] = (guint8) (40 + 3 * x + y);
  out = enlarge (pixels, side);
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      {
        double at_x = (x + 0.5) * SIDE / side - 0.5, at_y = (y + 0.5) * SIDE / side - 0.5;
        double want = 40 + 3 * at_x + at_y;

        if (MIN (at_x, at_y) > 1 && MAX (at_x, at_y) < SIDE - 2)
          g_assert_cmpfloat (fabs (out[y * side + x] - want), <=, 1);
      }
}

/* A pattern without any symmetry of its own, grey or black and white. */
static void
make_pattern (guint8 *pixels, gboolean grey)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);

  for (int i = 0; i < RAQAM_IMAGE_SIZE; i++)
    {
      int value = g_rand_int_range (rand, 0, 256);

      pixels[i] = (guint8) (grey ? value : value < 150 ? 0 : 255);
    }
}

/* Mirrored or turned before is mirrored or turned after. */
static void
test_symmetric (gconstpointer grey)
{
  const int side = 171;
  guint8 pixels[RAQAM_IMAGE_SIZE], mirrored[RAQAM_IMAGE_SIZE], turned[RAQAM_IMAGE_SIZE];
  g_autofree guint8 *plain = NULL;
  g_autofree guint8 *from_mirrored = NULL;
  g_autofree guint8 *from_turned = NULL;

  make_pattern (pixels, GPOINTER_TO_INT (grey));
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      {
        mirrored[y * SIDE + SIDE - 1 - x] = pixels[y * SIDE + x];
        turned[x * SIDE + y] = pixels[y * SIDE + x];
      }
  plain = enlarge (pixels, side);
  from_mirrored = enlarge (mirrored, side);
  from_turned = enlarge (turned, side);
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      {
        int want = plain[y * side + x];

        g_assert_cmpint (ABS (from_mirrored[y * side + side - 1 - x] - want), <=, 1);
        g_assert_cmpint (ABS (from_turned[x * side + y] - want), <=, 1);
      }
}

/* Across a diagonal edge ink only becomes more, from none to all, at whatever size. */
static void
test_edge (void)
{
  const int sides[] = { 17, 28, 61, 160, LARGE };
  guint8 pixels[RAQAM_IMAGE_SIZE];

  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      pixels[y * SIDE + x] = 2 * x + y < 3 * SIDE / 2 ? 0 : 255;
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      int side = sides[i];
      g_autofree guint8 *out = enlarge (pixels, side);

      for (int y = 0; y < side; y++)
        for (int x = 1; x < side; x++)
          g_assert_cmpuint (out[y * side + x], >=, out[y * side + x - 1]);
      g_assert_cmpuint (out[0], ==, 0);
      g_assert_cmpuint (out[side * side - 1], ==, 255);
    }
}

/* Returns: how far from the disc's middle ink ends at @angle, in pixels of the picture;
 * @greys, overwritten: pixels between black and white on the way */
static double
find_outline (const guint8 *out, double angle, int *greys)
{
  double ink = 0;

  *greys = 0;
  for (int step = 0; step < LARGE / 2; step++)
    {
      int x = (int) floor (LARGE / 2.0 + step * cos (angle));
      int y = (int) floor (LARGE / 2.0 + step * sin (angle));
      guint8 value = out[y * LARGE + x];

      ink += value / 255.0;
      *greys += value > 8 && value < 247;
    }
  return ink * SIDE / LARGE;
}

/* The outline of a disc in black and white is a circle again, and sharp. */
static void
test_round (void)
{
  const double radius = 8.5;
  guint8 pixels[RAQAM_IMAGE_SIZE];
  g_autofree guint8 *out = NULL;

  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      pixels[y * SIDE + x] = hypot (x - MIDDLE, y - MIDDLE) < radius ? 255 : 0;
  out = enlarge (pixels, LARGE);
  for (int degree = 0; degree < 360; degree++)
    {
      int greys;
      double found = find_outline (out, degree * G_PI / 180, &greys);

      g_assert_cmpfloat (fabs (found - radius), <, 0.5);
      g_assert_cmpint (greys, <=, 5);
    }
}

static void
test_nearest (void)
{
  const int sides[] = { 28, 56, 100, LARGE };
  guint8 pixels[RAQAM_IMAGE_SIZE];

  make_pattern (pixels, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      int side = sides[i];
      g_autofree guint8 *out = g_malloc ((gsize) side * side);

      raqam_ink_large_nearest (out, side, pixels);
      for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++)
          {
            int from_x = (int) floor ((double) x * SIDE / side + 1e-9);
            int from_y = (int) floor ((double) y * SIDE / side + 1e-9);

            g_assert_cmpuint (out[y * side + x], ==, pixels[from_y * SIDE + from_x]);
          }
    }
}

/* One enlarger serves one size after the other, and its texture is ink on nothing. */
static void
test_texture (void)
{
  g_autoptr (RaqamInkLarge) large = raqam_ink_large_new ();
  guint8 pixels[RAQAM_IMAGE_SIZE];

  make_pattern (pixels, FALSE);
  for (int side = 90; side >= 30; side -= 30)
    {
      g_autoptr (GdkTexture) texture = raqam_ink_large_texture (large, pixels, side, FALSE);
      g_autofree guint8 *want = enlarge (pixels, side);
      g_autofree guint32 *got = g_new (guint32, side * side);

      g_assert_cmpint (gdk_texture_get_width (texture), ==, side);
      g_assert_cmpint (gdk_texture_get_height (texture), ==, side);
      gdk_texture_download (texture, (guchar *) got, side * sizeof *got);
      for (int i = 0; i < side * side; i++)
        g_assert_cmphex (got[i], ==, (guint32) want[i] << 24);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ink-large/constant", test_constant);
  g_test_add_data_func ("/ink-large/ramp/larger", GINT_TO_POINTER (LARGE), test_ramp);
  g_test_add_data_func ("/ink-large/ramp/odd", GINT_TO_POINTER (171), test_ramp);
  g_test_add_data_func ("/ink-large/symmetric/grey", GINT_TO_POINTER (TRUE), test_symmetric);
  g_test_add_data_func ("/ink-large/symmetric/black", GINT_TO_POINTER (FALSE), test_symmetric);
  g_test_add_func ("/ink-large/edge", test_edge);
  g_test_add_func ("/ink-large/round", test_round);
  g_test_add_func ("/ink-large/nearest", test_nearest);
  g_test_add_func ("/ink-large/texture", test_texture);
  return g_test_run ();
}
