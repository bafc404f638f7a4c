/* test-geometry.c — from a recipe's layer to the block that a backend runs.
 * SPDX-License-Identifier: MIT */

#include "engine/geometry.h"

/* TensorFlow's SAME, worked out by hand: the output's side, the rows above. */
static void
test_sizes (void)
{
  static const struct
  {
    RaqamBlockKind kind;
    int in, kernel, stride, out, pad;
  } cases[] = {
    { RAQAM_BLOCK_CONV, 28, 3, 2, 14, 0 },  { RAQAM_BLOCK_CONV, 14, 3, 2, 7, 0 },
    { RAQAM_BLOCK_CONV, 28, 4, 2, 14, 1 },  { RAQAM_BLOCK_CONV, 14, 4, 2, 7, 1 },
    { RAQAM_BLOCK_CONV, 28, 5, 2, 14, 1 },  { RAQAM_BLOCK_CONV, 28, 7, 1, 28, 3 },
    { RAQAM_BLOCK_CONV, 28, 4, 1, 28, 1 },  { RAQAM_BLOCK_CONV, 7, 3, 2, 4, 1 },
    { RAQAM_BLOCK_CONV, 28, 3, 3, 10, 1 },  { RAQAM_BLOCK_CONV, 28, 1, 1, 28, 0 },
    { RAQAM_BLOCK_TCONV, 7, 4, 2, 14, 1 },  { RAQAM_BLOCK_TCONV, 7, 5, 2, 14, 1 },
    { RAQAM_BLOCK_TCONV, 7, 2, 2, 14, 0 },  { RAQAM_BLOCK_TCONV, 7, 4, 4, 28, 0 },
    { RAQAM_BLOCK_TCONV, 28, 3, 1, 28, 1 },
  };
  const RaqamRecipe recipe = { .n_classes = 10, .norm_epsilon = 1e-3f };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      RaqamLayer layer = {
        .kind = cases[i].kind, .filters = 5, .kernel = cases[i].kernel, .stride = cases[i].stride
      };
      RaqamBlockSpec spec;

      raqam_recipe_geometry (&spec, &layer, cases[i].in, cases[i].in, 3, &recipe);
      g_assert_cmpint (spec.out_h, ==, cases[i].out);
      g_assert_cmpint (spec.out_w, ==, cases[i].out);
      g_assert_cmpint (spec.pad, ==, cases[i].pad);
      g_assert_cmpint (spec.in_c, ==, 3);
      g_assert_cmpint (spec.out_c, ==, 5);
      g_assert_cmpint (spec.n_classes, ==, 10);
    }
}

/* What a layer says arrives in the block, under the block's names. */
static void
test_options (void)
{
  const RaqamRecipe recipe = { .latent = 12, .n_classes = 11, .norm_epsilon = 1e-3f };
  const RaqamLayer dense = { .kind = RAQAM_BLOCK_DENSE,
                             .height = 7,
                             .width = 7,
                             .filters = 5,
                             .labels = TRUE,
                             .bias = TRUE,
                             .activation = RAQAM_ACTIVATION_LEAKY_RELU,
                             .slope = 0.2f,
                             .norm = RAQAM_NORM_CLASS,
                             .norm_after = TRUE,
                             .dropout = 0.4f };
  const RaqamLayer head = {
    .kind = RAQAM_BLOCK_HEAD, .filters = 1, .pool = TRUE, .spectral = TRUE, .threshold = TRUE
  };
  RaqamBlockSpec spec;

  raqam_recipe_geometry (&spec, &dense, 3, 3, 3, &recipe);
  g_assert_cmpint (spec.in_h * 10000 + spec.in_w * 100 + spec.in_c, ==, 10112);
  g_assert_cmpint (spec.out_h * 10000 + spec.out_w * 100 + spec.out_c, ==, 70705);
  g_assert_cmpint (spec.n_classes, ==, 11);
  g_assert_true (spec.labels && spec.bias && !spec.spectral && !spec.pool && !spec.threshold);
  g_assert_cmpint (spec.activation, ==, RAQAM_ACTIVATION_LEAKY_RELU);
  g_assert_cmpfloat (spec.slope, ==, 0.2f);
  g_assert_cmpint (spec.norm, ==, RAQAM_NORM_CLASS);
  g_assert_cmpint (spec.norm_place, ==, RAQAM_NORM_AFTER_ACTIVATION);
  g_assert_cmpfloat (spec.norm_epsilon, ==, 1e-3f);
  g_assert_cmpfloat (spec.dropout, ==, 0.4f);

  raqam_recipe_geometry (&spec, &head, 7, 6, 5, &recipe);
  g_assert_cmpint (spec.in_h * 10000 + spec.in_w * 100 + spec.in_c, ==, 70605);
  g_assert_cmpint (spec.out_h * spec.out_w * spec.out_c, ==, 1);
  g_assert_true (spec.pool && spec.spectral && spec.threshold && !spec.labels && !spec.bias);
  g_assert_cmpint (spec.norm_place, ==, RAQAM_NORM_BEFORE_ACTIVATION);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/geometry/sizes", test_sizes);
  g_test_add_func ("/geometry/options", test_options);

  return g_test_run ();
}
