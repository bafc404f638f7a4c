/* test-feature-check.c — which numbers count as features.
 * SPDX-License-Identifier: MIT */

#include "engine/feature-check.h"

#include <math.h>

static void
test_bounds (void)
{
  static const float good[] = { 0, -0.0f, 1e15f, -1e15f, 1e-45f };
  static const float bad[] = { NAN, -NAN, INFINITY, -INFINITY, 1.1e15f, -1.1e15f };

  g_assert_true (raqam_features_check (good, G_N_ELEMENTS (good), NULL));
  g_assert_true (raqam_features_check (NULL, 0, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      float features[] = { 1, 2, 3 };
      g_autoptr (GError) error = NULL;

      features[i % 3] = bad[i];
      g_assert_false (raqam_features_check (features, 3, &error));
      g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DIVERGED);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/feature-check/bounds", test_bounds);

  return g_test_run ();
}
