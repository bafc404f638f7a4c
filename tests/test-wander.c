/* test-wander.c — an endless smooth way through latent space.
 * SPDX-License-Identifier: MIT */

#include "engine/wander.h"

#include "engine/recipe.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define SEED 1384
#define ARC G_PI_2

static const int lengths[] = { 8, 32, 100, RAQAM_MAX_LATENT };

static double
distance (const float *a, const float *b, int n)
{
  double sum = 0;

  for (int i = 0; i < n; i++)
    sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
  return sqrt (sum);
}

static double
length (const float *a, int n)
{
  const float zero[RAQAM_MAX_LATENT] = { 0 };

  return distance (a, zero, n);
}

/* A start of the given length, of no direction in particular. */
static void
make_start (float *start, int n, double wanted)
{
  double scale;

  for (int i = 0; i < n; i++)
    start[i] = (float) sin (1 + 3.7 * i);
  scale = wanted / length (start, n);
  for (int i = 0; i < n; i++)
    start[i] = (float) (start[i] * scale);
}

static void
test_starts_at_start (gconstpointer data)
{
  int n = *(const int *) data;
  float start[RAQAM_MAX_LATENT], z[RAQAM_MAX_LATENT], soon[RAQAM_MAX_LATENT];

  make_start (start, n, 0.7 * sqrt (n));
  raqam_wander (z, start, n, SEED, 0);
  g_assert_cmpmem (z, sizeof (float) * n, start, sizeof (float) * n);

  raqam_wander (soon, start, n, SEED, 1e-3);
  g_assert_cmpfloat (distance (soon, start, n), >, 1e-4 * sqrt (n));
  g_assert_cmpfloat (distance (soon, start, n), <, 3e-3 * sqrt (n));
}

/* A number is a function of what is given, whatever was asked before. */
static void
test_pure (void)
{
  float start[32], first[32], again[32];

  make_start (start, 32, sqrt (32));
  raqam_wander (first, start, 32, SEED, 1000.3);
  raqam_wander (again, start, 32, SEED, 2);
  raqam_wander (again, start, 32, SEED, 1000.3);
  g_assert_cmpmem (again, sizeof again, first, sizeof first);

  raqam_wander (again, start, 32, SEED + 1, 1000.3);
  g_assert_cmpfloat (distance (first, again, 32), >, 1);
  raqam_wander (again, start, 32, SEED + (G_GUINT64_CONSTANT (1) << 32), 1000.3);
  g_assert_cmpfloat (distance (first, again, 32), >, 1);
}

/* The second derivative is bounded, so the first cannot jump: a corner between two arcs
 * would change it by about the square root of 2 at once. */
static void
test_smooth (gconstpointer data)
{
  const double step = 1.0 / 64;
  int n = *(const int *) data;
  float start[RAQAM_MAX_LATENT], z[3][RAQAM_MAX_LATENT];

  make_start (start, n, sqrt (n));
  for (int i = 1; i < 2000; i++)
    {
      double bend = 0;

      for (int k = 0; k < 3; k++)
        raqam_wander (z[k], start, n, SEED, (i + k - 1) * step);
      for (int j = 0; j < n; j++)
        bend += pow ((double) z[0][j] - 2 * z[1][j] + z[2][j], 2);
      g_assert_cmpfloat (sqrt (bend / n) / step, <, 5 * step);
    }
}

/* What a user sets as the speed is what comes out, but for the arcs' different angles. */
static void
test_speed (gconstpointer data)
{
  const double step = 1.0 / 64;
  const int n_steps = 20000;
  int n = *(const int *) data;
  double slowest = n < 32 ? 0.1 : 0.4, quickest = n < 32 ? 2.1 : 1.5, mean = 0;
  float start[RAQAM_MAX_LATENT], z[2][RAQAM_MAX_LATENT];

  make_start (start, n, sqrt (n));
  raqam_wander (z[0], start, n, SEED, 0);
  for (int i = 1; i <= n_steps; i++)
    {
      double speed;

      raqam_wander (z[i % 2], start, n, SEED, i * step);
      speed = distance (z[0], z[1], n) / sqrt (n) / step;
      g_assert_cmpfloat (speed, >, slowest);
      g_assert_cmpfloat (speed, <, quickest);
      mean += speed / n_steps;
    }
  g_assert_cmpfloat (mean, >, 0.75);
  g_assert_cmpfloat (mean, <, 1.0);
}

static void
test_length (gconstpointer data)
{
  int n = *(const int *) data;
  const double shares[] = { 0, 0.3, 1, 2.5 };
  float start[RAQAM_MAX_LATENT], z[RAQAM_MAX_LATENT];

  for (gsize s = 0; s < G_N_ELEMENTS (shares); s++)
    {
      double last = shares[s] * sqrt (n);

      make_start (start, n, shares[s] * sqrt (n));
      for (double way = 0; way < 60; way += 0.05)
        {
          double now;

          raqam_wander (z, start, n, SEED, way);
          now = length (z, n);
          /* From the start's towards √n, never back. */
          g_assert_cmpfloat (fabs (now - sqrt (n)), <=, fabs (last - sqrt (n)) + 1e-4 * sqrt (n));
          last = now;
          if (way > 1.5 * ARC)
            g_assert_cmpfloat (fabs (now / sqrt (n) - 1), <, 1e-4);
        }
    }
}

/* Once the first arcs are behind, where it began is forgotten. */
static void
test_forgets_start (void)
{
  float first[32], second[32], a[32], b[32];

  make_start (first, 32, 5);
  make_start (second, 32, 6);
  second[3] = -second[3];
  raqam_wander (a, first, 32, SEED, 1.49 * ARC);
  raqam_wander (b, second, 32, SEED, 1.49 * ARC);
  g_assert_cmpfloat (distance (a, b, 32), >, 0);
  for (double way = 1.51 * ARC; way < 40; way += 0.7)
    {
      raqam_wander (a, first, 32, SEED, way);
      raqam_wander (b, second, 32, SEED, way);
      g_assert_cmpmem (a, sizeof a, b, sizeof b);
    }
}

/* Every number goes as far to one side as to the other, and about as far as a normal one. */
static void
test_covers_space (void)
{
  const int n_places = 20000;
  double sum[32] = { 0 }, squares[32] = { 0 };
  float start[32], z[32];

  make_start (start, 32, sqrt (32));
  for (int i = 0; i < n_places; i++)
    {
      raqam_wander (z, start, 32, SEED, 1 + i * ARC / 2);
      for (int j = 0; j < 32; j++)
        {
          sum[j] += z[j] / n_places;
          squares[j] += (double) z[j] * z[j] / n_places;
        }
    }
  for (int j = 0; j < 32; j++)
    {
      g_assert_cmpfloat (fabs (sum[j]), <, 0.06);
      g_assert_cmpfloat (fabs (squares[j] - 1), <, 0.08);
    }
}

int
main (int argc, char **argv)
{
  const struct
  {
    const char   *name;
    GTestDataFunc function;
  } each[] = {
    { "starts-at-start", test_starts_at_start },
    { "smooth", test_smooth },
    { "speed", test_speed },
    { "length", test_length },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (each); k++)
      {
        g_autofree char *path = g_strdup_printf ("/wander/%s/%d", each[k].name, lengths[i]);

        g_test_add_data_func (path, &lengths[i], each[k].function);
      }
  g_test_add_func ("/wander/pure", test_pure);
  g_test_add_func ("/wander/forgets-start", test_forgets_start);
  g_test_add_func ("/wander/covers-space", test_covers_space);
  return g_test_run ();
}
