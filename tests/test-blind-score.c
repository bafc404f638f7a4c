/* test-blind-score.c — what a blind test's score is worth, and labels kept apart.
 * SPDX-License-Identifier: MIT */

#include "app/blind-score.h"
#include "app/label-places.h"

#include <math.h>
#include <string.h>

/* Wilson's interval by its definition: the rates from which what was seen is no more
 * than 1.96 deviations away. Here they are found by halving, not by the formula. */
static double
find_end (double share, double n, double inside, double outside)
{
  for (int i = 0; i < 100; i++)
    {
      double rate = (inside + outside) / 2;

      if (fabs (share - rate) <= 1.959963984540054 * sqrt (rate * (1 - rate) / n))
        inside = rate;
      else
        outside = rate;
    }
  return inside;
}

static void
test_interval (void)
{
  static const RaqamBlindScore scores[] = { { 14, 20 }, { 0, 10 }, { 10, 10 }, { 50, 100 },
                                            { 1, 1 }, { 0, 1 },   { 999, 1000 } };

  for (guint i = 0; i < G_N_ELEMENTS (scores); i++)
    {
      double n = scores[i].n_asked, share = scores[i].n_right / n, low, high;

      raqam_blind_interval (&low, &high, &scores[i]);
      g_assert_cmpfloat_with_epsilon (low, find_end (share, n, share, 0), 1e-9);
      g_assert_cmpfloat_with_epsilon (high, find_end (share, n, share, 1), 1e-9);
    }
}

static void
test_nothing_asked (void)
{
  double low, high;

  raqam_blind_interval (&low, &high, &(RaqamBlindScore) { 0, 0 });
  g_assert_cmpfloat (low, ==, 0);
  g_assert_cmpfloat (high, ==, 1);
}

static gboolean
says (guint n_right, guint n_asked, const char *what)
{
  g_autofree char *text = raqam_blind_statement (&(RaqamBlindScore) { n_right, n_asked });

  return strstr (text, what) != NULL;
}

/* Better than guessing only where the whole interval lies above one half. */
static void
test_statement (void)
{
  g_assert_true (says (0, 0, "No answer yet"));
  g_assert_true (says (14, 20, "14 of 20 right"));
  g_assert_true (says (14, 20, "within what guessing gets"));
  g_assert_true (says (15, 20, "better than by guessing"));
  g_assert_true (says (5, 20, "for the real ones more often"));
}

/* By brute force: no other places that keep the distance move the labels less. */
static void
test_places_are_the_nearest (void)
{
  const double wanted[] = { 10, 12, 13, 40 };
  double places[] = { 10, 12, 13, 40 };
  double moved = 0, least = INFINITY;

  raqam_label_places (places, 4, 5, 0, 100);
  for (int i = 0; i < 4; i++)
    moved += (places[i] - wanted[i]) * (places[i] - wanted[i]);
  for (int a = 0; a < 400; a++)
    for (int b = a + 50; b < 450; b++)
      for (int c = b + 50; c < 500; c++)
        {
          double x = 0.1 * a - 10, y = 0.1 * b - 10, z = 0.1 * c - 10;

          if (x < 0)
            continue;
          least = MIN (least, (x - 10) * (x - 10) + (y - 12) * (y - 12) + (z - 13) * (z - 13));
        }
  g_assert_cmpfloat (moved, <=, least + 1e-6);
  g_assert_cmpfloat (places[1] - places[0], >=, 5 - 1e-9);
  g_assert_cmpfloat (places[2] - places[1], >=, 5 - 1e-9);
  g_assert_cmpfloat (places[3], ==, 40);
}

static void
test_places_keep_order_and_edges (void)
{
  double places[] = { 99, 98, 99.5, 1 };

  raqam_label_places (places, 4, 10, 5, 100);
  g_assert_cmpfloat_with_epsilon (places[3], 5, 1e-9);
  g_assert_cmpfloat_with_epsilon (places[1], 80, 1e-9);
  g_assert_cmpfloat_with_epsilon (places[0], 90, 1e-9);
  g_assert_cmpfloat_with_epsilon (places[2], 100, 1e-9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/blind-score/interval", test_interval);
  g_test_add_func ("/blind-score/nothing-asked", test_nothing_asked);
  g_test_add_func ("/blind-score/statement", test_statement);
  g_test_add_func ("/label-places/nearest", test_places_are_the_nearest);
  g_test_add_func ("/label-places/order-and-edges", test_places_keep_order_and_edges);
  return g_test_run ();
}
