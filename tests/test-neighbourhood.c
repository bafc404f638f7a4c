/* test-neighbourhood.c — styles at a chosen distance from one.
 * SPDX-License-Identifier: MIT */

#include "engine/neighbourhood.h"

#include <math.h>
#include <string.h>

#define DEGREE (G_PI / 180)

static double
dot (const float *a, const float *b, int n)
{
  double sum = 0;

  for (int i = 0; i < n; i++)
    sum += (double) a[i] * b[i];
  return sum;
}

static double
angle_between (const RaqamStyle *a, const RaqamStyle *b)
{
  int n = a->latent;
  double across = 0, along = dot (a->z, b->z, n);
  double square = dot (a->z, a->z, n) * dot (b->z, b->z, n);

  /* By both sine and cosine, so that small angles and right ones are as exact. */
  across = sqrt (MAX (square - along * along, 0));
  return atan2 (across, along);
}

static RaqamStyle
make_style (int latent, guint64 seed)
{
  RaqamStyle style;

  raqam_style_init (&style, 3, latent);
  raqam_style_randomise (&style, seed, 0);
  style.other = 5;
  style.mix = 30;
  style.truncation = 0.7f;
  return style;
}

/* The angle is the one that was asked for and the length stays, whatever the length. */
static void
test_distance (gconstpointer data)
{
  int latent = GPOINTER_TO_INT (data);
  const double degrees[] = { 1, 5, 30, 60, 90 };

  for (guint d = 0; d < G_N_ELEMENTS (degrees); d++)
    for (guint64 number = 0; number < 24; number++)
      {
        RaqamStyle style = make_style (latent, 11), out;

        raqam_style_neighbour (&out, &style, degrees[d] * DEGREE, 5, number);
        g_assert_cmpfloat_with_epsilon (angle_between (&style, &out), degrees[d] * DEGREE, 1e-4);
        g_assert_cmpfloat_with_epsilon (sqrt (dot (out.z, out.z, latent)),
                                        sqrt (dot (style.z, style.z, latent)), 1e-4);
      }
}

static void
test_rest (void)
{
  RaqamStyle style = make_style (32, 2), out, same;

  memset (&out, 0x55, sizeof out);
  raqam_style_neighbour (&out, &style, 0.4, 1, 0);
  g_assert_cmpint (out.digit, ==, 3);
  g_assert_cmpint (out.other, ==, 5);
  g_assert_cmpint (out.mix, ==, 30);
  g_assert_cmpfloat (out.truncation, ==, 0.7f);
  g_assert_cmpint (out.latent, ==, 32);
  for (int i = 32; i < RAQAM_MAX_LATENT; i++)
    g_assert_cmpfloat (out.z[i], ==, 0);

  /* No distance is no change, and @out may be @style. */
  raqam_style_neighbour (&same, &style, 0, 1, 0);
  g_assert_true (raqam_style_equal (&same, &style));
  raqam_style_neighbour (&style, &style, 0.4, 1, 0);
  g_assert_true (raqam_style_equal (&out, &style));
}

/* The same seed and number give the same neighbour; every other one is far from it. */
static void
test_seeds (void)
{
  enum { N = 24 };
  RaqamStyle style = make_style (32, 7), first[N], again, other;

  for (guint64 i = 0; i < N; i++)
    {
      raqam_style_neighbour (&first[i], &style, 30 * DEGREE, 9, i);
      raqam_style_neighbour (&again, &style, 30 * DEGREE, 9, i);
      raqam_style_neighbour (&other, &style, 30 * DEGREE, 10, i);
      g_assert_true (raqam_style_equal (&first[i], &again));
      g_assert_cmpfloat (angle_between (&first[i], &other), >, 5 * DEGREE);
      for (guint64 j = 0; j < i; j++)
        g_assert_cmpfloat (angle_between (&first[i], &first[j]), >, 5 * DEGREE);
    }
}

/* To the same neighbour twice is twice as far on one great circle. */
static void
test_goes_on (void)
{
  RaqamStyle style = make_style (32, 7), once, twice;

  raqam_style_neighbour (&once, &style, 10 * DEGREE, 9, 4);
  raqam_style_neighbour (&twice, &once, 10 * DEGREE, 9, 4);
  g_assert_cmpfloat_with_epsilon (angle_between (&style, &twice), 20 * DEGREE, 1e-4);
}

/* From the mean, and along a single number, it is a step of the chord's length. */
static void
test_straight (gconstpointer data)
{
  int latent = GPOINTER_TO_INT (data);
  double chord = 2 * sin (20 * DEGREE) * sqrt (latent);
  RaqamStyle style, out, other;
  float moved[RAQAM_MAX_LATENT];

  raqam_style_init (&style, 1, latent);
  if (latent == 1)
    style.z[0] = 1.5f;
  raqam_style_neighbour (&out, &style, 40 * DEGREE, 3, 0);
  for (int i = 0; i < latent; i++)
    {
      g_assert_true (isfinite (out.z[i]));
      moved[i] = out.z[i] - style.z[i];
    }
  g_assert_cmpfloat_with_epsilon (sqrt (dot (moved, moved, latent)), chord, 1e-4);
  if (latent > 1)
    {
      raqam_style_neighbour (&other, &style, 40 * DEGREE, 3, 1);
      g_assert_cmpfloat (angle_between (&out, &other), >, 5 * DEGREE);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/neighbourhood/distance/2", GINT_TO_POINTER (2), test_distance);
  g_test_add_data_func ("/neighbourhood/distance/32", GINT_TO_POINTER (32), test_distance);
  g_test_add_data_func ("/neighbourhood/distance/most", GINT_TO_POINTER (RAQAM_MAX_LATENT),
                        test_distance);
  g_test_add_func ("/neighbourhood/rest", test_rest);
  g_test_add_func ("/neighbourhood/seeds", test_seeds);
  g_test_add_func ("/neighbourhood/goes-on", test_goes_on);
  g_test_add_data_func ("/neighbourhood/straight/mean", GINT_TO_POINTER (32), test_straight);
  g_test_add_data_func ("/neighbourhood/straight/one-number", GINT_TO_POINTER (1), test_straight);
  return g_test_run ();
}
