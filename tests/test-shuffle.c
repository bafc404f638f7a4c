/* test-shuffle.c — every image once, in an order of its own each epoch.
 * SPDX-License-Identifier: MIT */

#include "engine/shuffle.h"

#include <string.h>

#define N 1000

static void
test_permutes (void)
{
  guint32 order[N];
  guint8 seen[N] = { 0 };
  guint n_moved = 0;

  raqam_shuffle (order, N, 5, 2);
  for (int i = 0; i < N; i++)
    {
      g_assert_cmpuint (order[i], <, N);
      seen[order[i]]++;
      n_moved += order[i] != (guint32) i;
    }
  for (int i = 0; i < N; i++)
    g_assert_cmpuint (seen[i], ==, 1);
  g_assert_cmpuint (n_moved, >, N * 9 / 10);
}

static void
test_by_seed_and_epoch (void)
{
  guint32 first[N], other[N];

  raqam_shuffle (first, N, 5, 2);
  raqam_shuffle (other, N, 5, 2);
  g_assert_cmpmem (first, sizeof first, other, sizeof other);
  raqam_shuffle (other, N, 5, 3);
  g_assert_cmpint (memcmp (first, other, sizeof first), !=, 0);
  raqam_shuffle (other, N, 6, 2);
  g_assert_cmpint (memcmp (first, other, sizeof first), !=, 0);
}

/* Each of the 6 orders of three should come in a sixth of the epochs: 5 degrees
 * of freedom, χ² above 20.5 has a chance of 0.001. */
static void
test_is_even (void)
{
  guint count[27] = { 0 };
  double chi = 0;

  for (guint64 epoch = 0; epoch < 6000; epoch++)
    {
      guint32 order[3];

      raqam_shuffle (order, 3, 11, epoch);
      count[order[0] * 9 + order[1] * 3 + order[2]]++;
    }
  for (int i = 0; i < 27; i++)
    if (count[i] > 0)
      chi += (count[i] - 1000.0) * (count[i] - 1000.0) / 1000.0;
  g_assert_cmpfloat (chi, <, 20.5);
}

static void
test_few (void)
{
  guint32 order[1] = { 7 };

  raqam_shuffle (order, 0, 1, 1);
  g_assert_cmpuint (order[0], ==, 7);
  raqam_shuffle (order, 1, 1, 1);
  g_assert_cmpuint (order[0], ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/shuffle/permutes", test_permutes);
  g_test_add_func ("/shuffle/by-seed-and-epoch", test_by_seed_and_epoch);
  g_test_add_func ("/shuffle/is-even", test_is_even);
  g_test_add_func ("/shuffle/few", test_few);

  return g_test_run ();
}
