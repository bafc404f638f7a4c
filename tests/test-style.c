/* test-style.c — one picture of a conditional generator: its digit and latent vector.
 * SPDX-License-Identifier: MIT */

#include "engine/style.h"

#include "engine/generator.h"
#include "engine/philox.h"
#include "engine/stream.h"

#include <math.h>
#include <string.h>

#define N 5

static const float a[N] = { 0.5f, -1.25f, 2, 0, 3.5f };
static const float b[N] = { -1, 0.75f, 0.25f, 2, -0.5f };

/* By NumPy, in float64 and by another formula: along the part of b that is across a.
 *
 * import numpy as np
 * a = np.array ([0.5, -1.25, 2, 0, 3.5]); b = np.array ([-1, 0.75, 0.25, 2, -0.5])
 * la, lb = np.linalg.norm (a), np.linalg.norm (b)
 * u, v = a / la, b / lb
 * w = v - (v @ u) * u
 * angle = np.arctan2 (np.linalg.norm (w), v @ u)
 * w /= np.linalg.norm (w)
 * for t in -0.25, 0.1, 0.5, 0.9, 1.5:
 *   print (((1 - t) * la + t * lb) * (np.cos (t * angle) * u + np.sin (t * angle) * w))
 */
static const struct
{
  double t;
  double wanted[N];
} slerps[] = {
  { -0.25, { 1.32081958, -1.74350148, 1.49823447, -1.78119711, 3.45684646 } },
  { 0.1, { 0.176936405, -0.997338519, 2.05559671, 0.634282864, 3.29997415 } },
  { 0.5, { -0.809435554, 0.042016029, 1.57464901, 2.26465469, 1.69407887 } },
  { 0.9, { -1.05236075, 0.687853446, 0.509388896, 2.22062677, -0.149488232 } },
  { 1.5, { -0.391347293, 0.549336488, -0.523454934, 0.490321994, -1.14588457 } },
};

static void
test_slerp (void)
{
  for (gsize k = 0; k < G_N_ELEMENTS (slerps); k++)
    {
      float out[N];

      raqam_latent_slerp (out, a, b, N, slerps[k].t);
      for (int i = 0; i < N; i++)
        g_assert_cmpfloat_with_epsilon (out[i], slerps[k].wanted[i], 1e-6);
    }
}

static void
test_slerp_ends (void)
{
  float out[N];

  raqam_latent_slerp (out, a, b, N, 0);
  g_assert_cmpmem (out, sizeof out, a, sizeof a);
  raqam_latent_slerp (out, a, b, N, 1);
  g_assert_cmpmem (out, sizeof out, b, sizeof b);
}

static void
test_slerp_in_place (void)
{
  float out[N], first[N], second[N];

  raqam_latent_slerp (out, a, b, N, 0.3);
  memcpy (first, a, sizeof a);
  raqam_latent_slerp (first, first, b, N, 0.3);
  g_assert_cmpmem (first, sizeof first, out, sizeof out);
  memcpy (second, b, sizeof b);
  raqam_latent_slerp (second, a, second, N, 0.3);
  g_assert_cmpmem (second, sizeof second, out, sizeof out);
}

/* Straight where there is no great circle, or every one. */
static void
test_slerp_straight (void)
{
  const float zero[N] = { 0 };
  float opposite[N], twice[N], out[N];

  for (int i = 0; i < N; i++)
    {
      opposite[i] = -a[i];
      twice[i] = 2 * a[i];
    }
  raqam_latent_slerp (out, zero, a, N, 0.25);
  for (int i = 0; i < N; i++)
    g_assert_cmpfloat (out[i], ==, 0.25f * a[i]);
  raqam_latent_slerp (out, a, zero, N, 0.25);
  for (int i = 0; i < N; i++)
    g_assert_cmpfloat (out[i], ==, 0.75f * a[i]);
  raqam_latent_slerp (out, zero, zero, N, 0.25);
  for (int i = 0; i < N; i++)
    g_assert_cmpfloat (out[i], ==, 0);
  raqam_latent_slerp (out, a, opposite, N, 0.25);
  for (int i = 0; i < N; i++)
    g_assert_cmpfloat (out[i], ==, 0.5f * a[i]);
  raqam_latent_slerp (out, a, twice, N, 0.5);
  for (int i = 0; i < N; i++)
    g_assert_cmpfloat_with_epsilon (out[i], 1.5 * a[i], 1e-6);
}

static void
test_init (void)
{
  RaqamStyle style;

  memset (&style, 0xAA, sizeof style);
  raqam_style_init (&style, 7, N);
  g_assert_cmpint (style.digit, ==, 7);
  g_assert_cmpint (style.other, ==, 7);
  g_assert_cmpint (style.mix, ==, 0);
  g_assert_cmpfloat (style.truncation, ==, 1);
  g_assert_cmpint (style.latent, ==, N);
  for (int i = 0; i < RAQAM_MAX_LATENT; i++)
    g_assert_cmpfloat (style.z[i], ==, 0);
}

static void
make (RaqamStyle *style, int digit, const float *z, float truncation)
{
  raqam_style_init (style, digit, N);
  memcpy (style->z, z, sizeof (float) * N);
  style->truncation = truncation;
}

static void
test_equal (void)
{
  RaqamStyle first, second;

  make (&first, 3, a, 1);
  second = first;
  g_assert_true (raqam_style_equal (&first, &second));
  second.z[N] = 1; /* not in use */
  g_assert_true (raqam_style_equal (&first, &second));

  second = first;
  second.digit = 4;
  g_assert_false (raqam_style_equal (&first, &second));
  second = first;
  second.other = 4;
  g_assert_false (raqam_style_equal (&first, &second));
  second = first;
  second.mix = 1;
  g_assert_false (raqam_style_equal (&first, &second));
  second = first;
  second.truncation = 0.99f;
  g_assert_false (raqam_style_equal (&first, &second));
  second = first;
  second.latent = N - 1;
  g_assert_false (raqam_style_equal (&first, &second));
  second = first;
  second.z[N - 1] = nextafterf (second.z[N - 1], 9);
  g_assert_false (raqam_style_equal (&first, &second));
}

static void
test_effective (void)
{
  RaqamStyle style;
  float z[N];

  make (&style, 3, a, 0.5f);
  raqam_style_effective (z, &style);
  for (int i = 0; i < N; i++)
    g_assert_cmpfloat (z[i], ==, a[i] / 2);
}

static void
test_main_digit (void)
{
  RaqamStyle style;

  raqam_style_init (&style, 2, N);
  style.other = 6;
  for (int mix = 0; mix <= RAQAM_MIX_MAX; mix++)
    {
      style.mix = mix;
      g_assert_cmpint (raqam_style_main_digit (&style), ==, mix <= 50 ? 2 : 6);
    }
}

/* As pictures made to be kept are, whose numbers are those of Philox itself. */
static void
test_randomise (void)
{
  const int latent = 30;
  RaqamStyle style;
  float z[3 * RAQAM_MAX_LATENT], normal[4];

  raqam_style_init (&style, 4, latent);
  style.z[latent] = 9;
  raqam_style_randomise (&style, 77, 2);
  raqam_generator_random_latents (z, 3, latent, 77, 0);
  g_assert_cmpmem (style.z, sizeof (float) * latent, z + 2 * latent, sizeof (float) * latent);
  g_assert_cmpfloat (style.z[latent], ==, 9);

  raqam_philox_normal (normal, raqam_philox (77, 0, RAQAM_STREAM_GENERATE, 2 * 32 / 4));
  g_assert_cmpmem (style.z, sizeof normal, normal, sizeof normal);
  g_assert_cmpint (style.digit, ==, 4);
  g_assert_cmpfloat (style.truncation, ==, 1);
}

static void
test_between (void)
{
  RaqamStyle first, second, out;
  float z[N];

  make (&first, 3, a, 1);
  make (&second, 8, b, 0.5f);
  memset (&out, 0xAA, sizeof out);
  raqam_style_between (&out, &first, &second, 0.3);
  raqam_latent_slerp (z, a, b, N, 0.3);
  g_assert_cmpmem (out.z, sizeof z, z, sizeof z);
  for (int i = N; i < RAQAM_MAX_LATENT; i++)
    g_assert_cmpfloat (out.z[i], ==, 0);
  g_assert_cmpint (out.latent, ==, N);
  g_assert_cmpint (out.digit, ==, 3);
  g_assert_cmpint (out.other, ==, 8);
  g_assert_cmpint (out.mix, ==, 30);
  g_assert_cmpfloat_with_epsilon (out.truncation, 0.85, 1e-7);

  for (int percent = 0; percent <= 100; percent++)
    {
      raqam_style_between (&out, &first, &second, percent / 100.0);
      g_assert_cmpint (out.mix, ==, percent);
    }
}

static void
test_between_ends (void)
{
  RaqamStyle first, second, out;

  make (&first, 3, a, 1.25f);
  make (&second, 8, b, 0.3f);
  raqam_style_between (&out, &first, &second, 0);
  g_assert_cmpmem (out.z, sizeof a, a, sizeof a);
  g_assert_cmpfloat (out.truncation, ==, 1.25f);
  g_assert_cmpint (raqam_style_main_digit (&out), ==, 3);
  raqam_style_between (&out, &first, &second, 1);
  g_assert_cmpmem (out.z, sizeof b, b, sizeof b);
  g_assert_cmpfloat (out.truncation, ==, 0.3f);
  g_assert_cmpint (raqam_style_main_digit (&out), ==, 8);

  /* Out of both: it may be either. */
  raqam_style_between (&out, &first, &second, 0.4);
  raqam_style_between (&first, &first, &second, 0.4);
  g_assert_true (raqam_style_equal (&first, &out));
}

/* The label goes between main digits; nothing is mixed where they are the same. */
static void
test_between_mixed (void)
{
  RaqamStyle first, second, out;

  make (&first, 3, a, 1);
  make (&second, 8, b, 1);
  first.other = 5;
  first.mix = 60;
  second.other = 1;
  second.mix = 40;
  raqam_style_between (&out, &first, &second, 0.25);
  g_assert_cmpint (out.digit, ==, 5);
  g_assert_cmpint (out.other, ==, 8);
  g_assert_cmpint (out.mix, ==, 25);

  second.digit = 5;
  raqam_style_between (&out, &first, &second, 0.25);
  g_assert_cmpint (out.digit, ==, 5);
  g_assert_cmpint (out.other, ==, 5);
  g_assert_cmpint (out.mix, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/style/slerp", test_slerp);
  g_test_add_func ("/style/slerp-ends", test_slerp_ends);
  g_test_add_func ("/style/slerp-in-place", test_slerp_in_place);
  g_test_add_func ("/style/slerp-straight", test_slerp_straight);
  g_test_add_func ("/style/init", test_init);
  g_test_add_func ("/style/equal", test_equal);
  g_test_add_func ("/style/effective", test_effective);
  g_test_add_func ("/style/main-digit", test_main_digit);
  g_test_add_func ("/style/randomise", test_randomise);
  g_test_add_func ("/style/between", test_between);
  g_test_add_func ("/style/between-ends", test_between_ends);
  g_test_add_func ("/style/between-mixed", test_between_mixed);
  return g_test_run ();
}
