/* test-fit.c — bringing digits to 28 × 28.
 * SPDX-License-Identifier: MIT */

#include "engine/fit.h"

#include <math.h>
#include <string.h>

#define SIDE 28

static guint8 in[255 * 255], out[SIDE * SIDE];

static void
fill (int width, int height, int value)
{
  memset (in, value, width * height);
}

/* Ink everywhere must give ink in the rectangle, and nothing around it. */
static void
assert_rectangle (int left, int top, int width, int height)
{
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      g_assert_cmpint (out[y * SIDE + x], ==,
                       x >= left && x < left + width && y >= top && y < top + height ? 255 : 0);
}

typedef struct
{
  int width, height; /* of the input */
  int left, top, fitted_width, fitted_height;
} Place;

static const Place places[] = {
  { 28, 28, 0, 0, 28, 28 },
  { 1, 1, 13, 13, 1, 1 },
  { 3, 5, 12, 11, 3, 5 },
  { 27, 2, 0, 13, 27, 2 },
  { 28, 27, 0, 0, 28, 27 },
  { 29, 29, 0, 0, 28, 28 },
  { 56, 56, 0, 0, 28, 28 },
  { 54, 64, 2, 0, 24, 28 },   /* 23.6 columns */
  { 64, 10, 0, 12, 28, 4 },   /* 4.4 rows */
  { 10, 29, 9, 0, 10, 28 },   /* 9.7 columns */
  { 255, 1, 0, 13, 28, 1 },   /* 0.1 rows, but never none */
  { 1, 255, 13, 0, 1, 28 },
  { 255, 255, 0, 0, 28, 28 },
};

static void
test_place (gconstpointer data)
{
  const Place *place = data;

  fill (place->width, place->height, 255);
  memset (out, 77, sizeof out);
  raqam_fit (out, in, place->width, place->height, FALSE);
  assert_rectangle (place->left, place->top, place->fitted_width, place->fitted_height);
  memset (out, 77, sizeof out);
  raqam_fit (out, in, place->width, place->height, TRUE);
  assert_rectangle (place->left, place->top, place->fitted_width, place->fitted_height);
}

static void
test_keeps_pixels (void)
{
  for (int i = 0; i < 5 * 3; i++)
    in[i] = 10 + i;
  raqam_fit (out, in, 5, 3, TRUE);
  for (int y = 0; y < 3; y++)
    for (int x = 0; x < 5; x++)
      g_assert_cmpint (out[(12 + y) * SIDE + 11 + x], ==, 10 + y * 5 + x);
}

static void
test_threshold (void)
{
  in[0] = 127;
  in[1] = 128;
  raqam_fit (out, in, 2, 1, FALSE);
  g_assert_cmpint (out[13 * SIDE + 13], ==, 0);
  g_assert_cmpint (out[13 * SIDE + 14], ==, 255);

  /* Halved, each pixel covers an inked one and an empty one: exactly 0.5. */
  for (int i = 0; i < 56 * 56; i++)
    in[i] = i % 2 ? 255 : 0;
  raqam_fit (out, in, 56, 56, FALSE);
  assert_rectangle (0, 0, 28, 28);

  /* One part in four is not enough, three are. */
  for (int i = 0; i < 56 * 56; i++)
    in[i] = i % 2 && i / 56 % 2 ? 255 : 0;
  raqam_fit (out, in, 56, 56, FALSE);
  assert_rectangle (0, 0, 0, 0);
  for (int i = 0; i < 56 * 56; i++)
    in[i] = 255 - in[i];
  raqam_fit (out, in, 56, 56, FALSE);
  assert_rectangle (0, 0, 28, 28);
}

static double
length_inside (double begin, double end, int pixel)
{
  return fmax (0, fmin (end, pixel + 1) - fmax (begin, pixel));
}

/* The mean of the input below each pixel of the result, over all of the input
 * in plain loops and floating point. */
static double
mean_below (int width, int height, int n_across, int n_down, int ox, int oy)
{
  double across = (double) width / n_across, down = (double) height / n_down, sum = 0;

  for (int y = 0; y < height; y++)
    {
      double rows = length_inside (oy * down, (oy + 1) * down, y);

      for (int x = 0; x < width && rows > 0; x++)
        sum += rows * length_inside (ox * across, (ox + 1) * across, x) * in[y * width + x];
    }
  return sum / (across * down);
}

static void
test_box_average (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (28);

  for (int i = 0; i < 60; i++)
    {
      int width = g_rand_int_range (rand, 1, 90), height = g_rand_int_range (rand, 29, 90);
      int longer = MAX (width, height);
      int n_across = MAX (1, floor (28.0 * width / longer + 0.5));
      int n_down = MAX (1, floor (28.0 * height / longer + 0.5));
      int left = (28 - n_across) / 2, top = (28 - n_down) / 2;

      for (int k = 0; k < width * height; k++)
        in[k] = g_rand_int_range (rand, 0, 256);
      raqam_fit (out, in, width, height, TRUE);
      for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
          {
            gboolean inside
              = x >= left && x < left + n_across && y >= top && y < top + n_down;
            double mean
              = inside ? mean_below (width, height, n_across, n_down, x - left, y - top) : 0;

            g_assert_cmpfloat (fabs (out[y * SIDE + x] - mean), <=, 0.5 + 1e-9);
          }
    }
}

static void
test_binary_is_grey_at_half (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (29);
  guint8 grey[SIDE * SIDE];

  for (int i = 0; i < 200; i++)
    {
      int width = g_rand_int_range (rand, 1, 256), height = g_rand_int_range (rand, 1, 256);

      for (int k = 0; k < width * height; k++)
        in[k] = g_rand_int_range (rand, 0, 256);
      raqam_fit (grey, in, width, height, TRUE);
      raqam_fit (out, in, width, height, FALSE);
      for (int k = 0; k < SIDE * SIDE; k++)
        g_assert_cmpint (out[k], ==, grey[k] / 255.0 >= 0.5 ? 255 : 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path
        = g_strdup_printf ("/fit/place/%d-%d", places[i].width, places[i].height);

      g_test_add_data_func (path, &places[i], test_place);
    }
  g_test_add_func ("/fit/keeps-pixels", test_keeps_pixels);
  g_test_add_func ("/fit/threshold", test_threshold);
  g_test_add_func ("/fit/box-average", test_box_average);
  g_test_add_func ("/fit/binary-is-grey-at-half", test_binary_is_grey_at_half);
  return g_test_run ();
}
