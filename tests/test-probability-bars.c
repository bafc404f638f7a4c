/* test-probability-bars.c — what the bars say in words. No display is needed.
 * SPDX-License-Identifier: MIT */

#include "app/probability-bars.h"

static void
assert_described (const char *wanted, int winner, const float *probabilities)
{
  g_autofree char *text = raqam_probability_bars_describe (probabilities);

  g_assert_cmpstr (text, ==, wanted);
  g_assert_cmpint (raqam_probability_bars_winner (probabilities), ==, winner);
}

static void
test_describe (void)
{
  const float sure[RAQAM_N_DIGITS] = { [9] = 1 };
  const float torn[RAQAM_N_DIGITS] = { [2] = 0.3f, [3] = 0.604f, [4] = 0.0901f, [5] = 0.0059f };
  const float alike[RAQAM_N_DIGITS] = { [0] = 0.5f, [6] = 0.5f };

  assert_described ("۹ 100 %", 9, sure);
  assert_described ("۳ 60 %; ۲ 30 %; ۴ 9 %", 3, torn);
  assert_described ("۰ 50 %; ۶ 50 %", 0, alike);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/probability-bars/describe", test_describe);
  return g_test_run ();
}
