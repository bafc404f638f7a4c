/* test-recipe-networks.c — the recipes' networks, as the engine makes them, against
 * the same written out by hand.
 * SPDX-License-Identifier: MIT */

#include "engine/network.h"
#include "test-networks.h"

typedef struct
{
  const char      *recipe;
  RaqamNetworkKind kind;
  const char      *network;
} Case;

static const Case cases[] = {
  { "thesis", RAQAM_GENERATOR, "thesis-100-generator" },
  { "thesis", RAQAM_DISCRIMINATOR, "thesis-discriminator" },
  { "thesis-32", RAQAM_GENERATOR, "thesis-32-generator" },
  { "thesis-32", RAQAM_DISCRIMINATOR, "thesis-discriminator" },
  { "fast", RAQAM_GENERATOR, "fast-generator" },
  { "fast", RAQAM_DISCRIMINATOR, "fast-discriminator" },
};

static void
compare_blocks (const RaqamBlockSpec *got, const RaqamBlockSpec *want)
{
  g_assert_cmpint (got->kind, ==, want->kind);
  g_assert_cmpint (got->in_h, ==, want->in_h);
  g_assert_cmpint (got->in_w, ==, want->in_w);
  g_assert_cmpint (got->in_c, ==, want->in_c);
  g_assert_cmpint (got->out_h, ==, want->out_h);
  g_assert_cmpint (got->out_w, ==, want->out_w);
  g_assert_cmpint (got->out_c, ==, want->out_c);
  g_assert_cmpint (got->kernel, ==, want->kernel);
  g_assert_cmpint (got->stride, ==, want->stride);
  g_assert_cmpint (got->pad, ==, want->pad);
  g_assert_cmpint (got->n_classes, ==, want->n_classes);
  g_assert_cmpint (got->labels, ==, want->labels);
  g_assert_cmpint (got->bias, ==, want->bias);
  g_assert_cmpint (got->spectral, ==, want->spectral);
  g_assert_cmpint (got->pool, ==, want->pool);
  g_assert_cmpint (got->threshold, ==, want->threshold);
  g_assert_cmpint (got->activation, ==, want->activation);
  g_assert_cmpint (got->norm, ==, want->norm);
  g_assert_cmpfloat (got->dropout, ==, want->dropout);

  if (want->activation == RAQAM_ACTIVATION_LEAKY_RELU)
    g_assert_cmpfloat (got->slope, ==, want->slope);
  if (want->norm != RAQAM_NORM_NONE)
    {
      g_assert_cmpint (got->norm_place, ==, want->norm_place);
      g_assert_cmpfloat (got->norm_epsilon, ==, want->norm_epsilon);
    }
}

/* Every tensor has a place of its own, at a multiple of 16, inside its slab. */
static void
check_layout (const RaqamNetworkSpec *network)
{
  gsize size[2] = { network->n_params, network->n_state };
  guint8 *taken[2] = { g_new0 (guint8, size[0] + 1), g_new0 (guint8, size[1] + 1) };

  for (int b = 0; b < network->n_blocks; b++)
    for (BlockTensor t = 0; t < BLOCK_N_TENSORS; t++)
      {
        int slab = t < BLOCK_N_TRAINED ? 0 : 1;
        gsize n = block_tensor_size (&network->block[b], t);
        gssize offset = block_tensor_offset (&network->block[b], t);

        g_assert_true ((offset >= 0) == (n > 0));
        g_assert_true (n == 0 || offset % 16 == 0);
        g_assert_true (n == 0 || offset + n <= size[slab]);
        for (gsize i = 0; i < n; i++)
          g_assert_cmpuint (taken[slab][offset + i]++, ==, 0);
      }

  g_free (taken[0]);
  g_free (taken[1]);
}

static void
test_network_of_recipe (gconstpointer data)
{
  const Case *c = data;
  const TestNetwork *want = test_network (c->network);
  GError *error = NULL;
  g_autoptr (RaqamRecipe) recipe = raqam_recipe_find (c->recipe, &error);
  RaqamNetworkSpec got;

  g_assert_no_error (error);
  raqam_network_spec_init (&got, recipe, c->kind);

  g_assert_cmpint (got.n_blocks, ==, want->n_blocks);
  for (int b = 0; b < want->n_blocks; b++)
    compare_blocks (&got.block[b], &want->block[b]);
  check_layout (&got);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *kind = cases[i].kind == RAQAM_GENERATOR ? "generator" : "discriminator";
      g_autofree char *path = g_strdup_printf ("/recipe-networks/%s/%s", cases[i].recipe, kind);

      g_test_add_data_func (path, &cases[i], test_network_of_recipe);
    }

  return g_test_run ();
}
