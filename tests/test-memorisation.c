/* test-memorisation.c — copies told from images, beside SciPy's Mann-Whitney U.
 * SPDX-License-Identifier: MIT */

#include "engine/memorisation.h"
#include "engine/neighbours.h"
#include "feature-sets.h"

#include <stdlib.h>

static float *
new_nearest (char **words, int number, int *n)
{
  int n_real;
  g_autofree float *real = manifold_case_set (&n_real, words, 0);
  g_autofree float *images = manifold_case_set (n, words, number);
  float *squares = g_new (float, *n);
  GError *error = NULL;

  raqam_nearest (squares, NULL, images, *n, real, n_real, atoi (words[2]), 1, NULL, &error);
  g_assert_no_error (error);
  return squares;
}

static void
test_scipy (void)
{
  g_autoptr (GPtrArray) lines = read_fixture_lines ("manifold.txt");

  g_assert_cmpuint (lines->len, ==, 12);
  for (guint i = 0; i < lines->len; i++)
    {
      char **words = lines->pdata[i];
      int n, n_unseen;
      g_autofree float *generated = new_nearest (words, 1, &n);
      g_autofree float *unseen = new_nearest (words, 2, &n_unseen);
      double got = raqam_memorisation (generated, n, unseen, n_unseen);

      g_test_message ("%s: %g", words[0], got);
      g_assert_cmpfloat_with_epsilon (got, g_ascii_strtod (words[17], NULL), 1e-12);
    }
}

static void
test_ties (void)
{
  const float zeros[] = { 0, 0, 0 }, some[] = { 3, 1, 2, 1 }, others[] = { 1, 2 };

  g_assert_cmpfloat (raqam_memorisation (zeros, 3, zeros, 2), ==, 0.5);
  g_assert_cmpfloat (raqam_memorisation (zeros, 3, some, 4), ==, 1);
  g_assert_cmpfloat (raqam_memorisation (some, 4, zeros, 3), ==, 0);
  /* Below 1: none, and two halves; below 2: two, and a half. */
  g_assert_cmpfloat (raqam_memorisation (some, 4, others, 2), ==, (1 + 2.5) / 8);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/memorisation/scipy", test_scipy);
  g_test_add_func ("/memorisation/ties", test_ties);

  return g_test_run ();
}
