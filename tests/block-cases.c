/* block-cases.c — the blocks that every backend is tested with.
 * SPDX-License-Identifier: MIT */

#include "block-cases.h"

#include "test-networks.h"

#define SIZES(h, w, c, oh, ow, oc) \
  .in_h = (h), .in_w = (w), .in_c = (c), .out_h = (oh), .out_w = (ow), .out_c = (oc)
#define KERNEL(size, step, empty) .kernel = (size), .stride = (step), .pad = (empty)
#define DENSE(z, h, w, c, classes) \
  RAQAM_BLOCK_DENSE, SIZES (1, 1, z, h, w, c), .n_classes = (classes)
#define HEAD(h, w, c, classes) RAQAM_BLOCK_HEAD, SIZES (h, w, c, 1, 1, 1), .n_classes = (classes)
#define LEAKY(by) .activation = RAQAM_ACTIVATION_LEAKY_RELU, .slope = (by)
#define SIGMOID .activation = RAQAM_ACTIVATION_SIGMOID
#define NORM(kind, place) \
  .norm = RAQAM_NORM_##kind, .norm_place = RAQAM_NORM_##place, .norm_epsilon = 1e-3f

static const struct
{
  const char *network;
  int         n_blocks, batch;
} recipes[] = {
  { "thesis-100-generator", 4, 6 },
  { "thesis-32-generator", 2, 5 }, /* its others are the same */
  { "thesis-discriminator", 3, 9 },
  { "fast-generator", 3, 9 },
  { "fast-discriminator", 3, 9 },
};

static const BlockCase odd[] = {
  { "dense", { DENSE (7, 3, 5, 3, 2) }, 5 },
  { "dense-bias", { DENSE (5, 2, 2, 6, 3), .labels = TRUE, .bias = TRUE, LEAKY (0.1f) }, 17 },
  { "dense-norm", { DENSE (9, 3, 2, 5, 3), LEAKY (0.2f), NORM (BATCH, BEFORE_ACTIVATION) }, 7 },
  { "dense-norm-after",
    { DENSE (9, 2, 3, 5, 4), .labels = TRUE, .bias = TRUE, LEAKY (0.2f),
      NORM (CLASS, AFTER_ACTIVATION) },
    11 },
  { "dense-many-classes",
    { DENSE (3, 2, 2, 2, 256), .labels = TRUE, .bias = TRUE, LEAKY (0.2f) },
    300 },

  { "conv",
    { RAQAM_BLOCK_CONV, SIZES (5, 7, 3, 3, 4, 5), KERNEL (3, 2, 0), .n_classes = 3, LEAKY (0.2f) },
    5 },
  { "conv-stride-1",
    { RAQAM_BLOCK_CONV, SIZES (6, 5, 4, 6, 5, 6), KERNEL (3, 1, 1), .n_classes = 3, .bias = TRUE,
      LEAKY (0), NORM (BATCH, AFTER_ACTIVATION) },
    9 },
  { "conv-class-norm",
    { RAQAM_BLOCK_CONV, SIZES (6, 5, 4, 6, 5, 6), KERNEL (5, 1, 2), .n_classes = 3, LEAKY (0.3f),
      NORM (CLASS, BEFORE_ACTIVATION) },
    9 },
  { "conv-dropout",
    { RAQAM_BLOCK_CONV, SIZES (7, 7, 9, 4, 4, 7), KERNEL (4, 2, 1), .n_classes = 3, .bias = TRUE,
      LEAKY (0.2f), .dropout = 0.25f },
    3 },
  { "conv-linear",
    { RAQAM_BLOCK_CONV, SIZES (8, 8, 17, 3, 3, 33), KERNEL (3, 3, 0), .n_classes = 3,
      .bias = TRUE },
    2 },
  { "conv-spectral",
    { RAQAM_BLOCK_CONV, SIZES (6, 6, 5, 3, 3, 7), KERNEL (3, 2, 0), .n_classes = 3, .bias = TRUE,
      .spectral = TRUE, LEAKY (0.2f), .dropout = 0.5f },
    4 },
  { "input",
    { RAQAM_BLOCK_CONV, SIZES (9, 8, 1, 5, 4, 6), KERNEL (3, 2, 1), .n_classes = 4, .bias = TRUE,
      LEAKY (0.2f) },
    5 },
  { "input-labels",
    { RAQAM_BLOCK_CONV, SIZES (9, 8, 1, 5, 4, 6), KERNEL (5, 2, 2), .n_classes = 4, .labels = TRUE,
      LEAKY (0.1f), .dropout = 0.1f },
    7 },
  { "input-stride-1",
    { RAQAM_BLOCK_CONV, SIZES (7, 6, 1, 7, 6, 3), KERNEL (7, 1, 3), .n_classes = 2, .labels = TRUE,
      .bias = TRUE },
    2 },
  { "input-spectral",
    { RAQAM_BLOCK_CONV, SIZES (7, 7, 1, 3, 3, 4), KERNEL (3, 3, 1), .n_classes = 2,
      .spectral = TRUE, LEAKY (0.2f), .dropout = 0.3f },
    6 },

  { "tconv",
    { RAQAM_BLOCK_TCONV, SIZES (3, 5, 4, 6, 10, 3), KERNEL (3, 2, 0), .n_classes = 3,
      LEAKY (0.2f) },
    5 },
  { "tconv-norm",
    { RAQAM_BLOCK_TCONV, SIZES (4, 4, 6, 8, 8, 5), KERNEL (4, 2, 1), .n_classes = 3, LEAKY (0.2f),
      NORM (BATCH, BEFORE_ACTIVATION) },
    9 },
  { "tconv-class-norm",
    { RAQAM_BLOCK_TCONV, SIZES (3, 4, 6, 6, 8, 5), KERNEL (5, 2, 1), .n_classes = 3, .bias = TRUE,
      LEAKY (0), NORM (CLASS, AFTER_ACTIVATION) },
    13 },
  { "tconv-stride-1",
    { RAQAM_BLOCK_TCONV, SIZES (5, 4, 7, 5, 4, 8), KERNEL (5, 1, 2), .n_classes = 3, .bias = TRUE,
      LEAKY (0.2f) },
    4 },
  { "tconv-stride-4",
    { RAQAM_BLOCK_TCONV, SIZES (2, 3, 7, 8, 12, 8), KERNEL (5, 4, 0), .n_classes = 3, .bias = TRUE,
      LEAKY (0.2f) },
    4 },

  { "image",
    { RAQAM_BLOCK_CONV, SIZES (5, 4, 3, 5, 4, 1), KERNEL (5, 1, 2), .n_classes = 3, SIGMOID },
    7 },
  { "image-norm",
    { RAQAM_BLOCK_CONV, SIZES (6, 7, 5, 6, 7, 1), KERNEL (3, 1, 1), .n_classes = 3, .bias = TRUE,
      .threshold = TRUE, SIGMOID, NORM (BATCH, OF_INPUT) },
    5 },
  { "image-even-kernel",
    { RAQAM_BLOCK_CONV, SIZES (6, 7, 5, 6, 7, 1), KERNEL (4, 1, 1), .n_classes = 3, .bias = TRUE,
      SIGMOID, NORM (BATCH, OF_INPUT) },
    5 },
  { "image-tconv",
    { RAQAM_BLOCK_TCONV, SIZES (3, 5, 7, 6, 10, 1), KERNEL (5, 2, 1), .n_classes = 3, SIGMOID },
    9 },
  { "image-tconv-stride-1",
    { RAQAM_BLOCK_TCONV, SIZES (3, 5, 7, 3, 5, 1), KERNEL (3, 1, 1), .n_classes = 3, .bias = TRUE,
      SIGMOID },
    1 },
  { "image-strided",
    { RAQAM_BLOCK_CONV, SIZES (8, 8, 3, 4, 4, 1), KERNEL (3, 2, 0), .n_classes = 3, SIGMOID },
    3, TRUE },
  { "image-class-norm",
    { RAQAM_BLOCK_CONV, SIZES (5, 4, 3, 5, 4, 1), KERNEL (3, 1, 1), .n_classes = 3, SIGMOID,
      NORM (CLASS, OF_INPUT) },
    7, TRUE },
  { "image-of-one-channel",
    { RAQAM_BLOCK_CONV, SIZES (5, 4, 1, 5, 4, 1), KERNEL (3, 1, 1), .n_classes = 3, .bias = TRUE,
      SIGMOID, NORM (BATCH, OF_INPUT) },
    7, TRUE },

  { "head", { HEAD (3, 2, 5, 3) }, 5 },
  { "head-pool", { HEAD (4, 3, 37, 3), .bias = TRUE, .pool = TRUE }, 3 },
  { "head-pool-spectral", { HEAD (3, 3, 9, 3), .bias = TRUE, .pool = TRUE, .spectral = TRUE }, 4 },
  { "head-projection", { HEAD (3, 2, 5, 6), .labels = TRUE }, 9 },
  { "head-spectral", { HEAD (5, 3, 7, 2), .bias = TRUE, .spectral = TRUE }, 1 },
};

static void
add_network (GArray *cases, const char *name, int n_blocks, int batch)
{
  const TestNetwork *network = test_network (name);

  for (int b = 0; b < n_blocks; b++)
    {
      BlockCase c = { g_strdup_printf ("%s/%d", name, b), network->block[b], batch };

      g_array_append_val (cases, c);
    }
}

static void
clear_case (gpointer data)
{
  g_free (((BlockCase *) data)->name);
}

GArray *
block_cases_new (void)
{
  GArray *cases = g_array_new (FALSE, FALSE, sizeof (BlockCase));

  g_array_set_clear_func (cases, clear_case);
  for (gsize i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      BlockCase c = odd[i];

      c.name = g_strdup_printf ("odd/%s", odd[i].name);
      g_array_append_val (cases, c);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (recipes); i++)
    add_network (cases, recipes[i].network, recipes[i].n_blocks, recipes[i].batch);

  return cases;
}
