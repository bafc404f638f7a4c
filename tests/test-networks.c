/* test-networks.c — the networks of the recipes, written out by hand.
 * SPDX-License-Identifier: MIT */

#include "test-networks.h"

#include <string.h>

#define IN(h, w, c) .in_h = (h), .in_w = (w), .in_c = (c)
#define OUT(h, w, c) .out_h = (h), .out_w = (w), .out_c = (c)
#define KERNEL(size, step, empty) .kernel = (size), .stride = (step), .pad = (empty)
#define CLASSES .n_classes = TEST_CLASSES
#define LEAKY(by) .activation = RAQAM_ACTIVATION_LEAKY_RELU, .slope = (by)
#define SIGMOID .activation = RAQAM_ACTIVATION_SIGMOID
#define NORM(kind, place, eps) \
  .norm = RAQAM_NORM_##kind, .norm_place = RAQAM_NORM_##place, .norm_epsilon = (eps)

/* Keras's conditional-GAN example with @Z latent numbers and true label planes. */
#define THESIS_GENERATOR(Z)                                                                     \
  {                                                                                             \
    { RAQAM_BLOCK_DENSE, IN (1, 1, Z), OUT (7, 7, Z + 10), CLASSES, .labels = TRUE,             \
      .bias = TRUE, LEAKY (0.2f) },                                                             \
    { RAQAM_BLOCK_TCONV, IN (7, 7, Z + 10), OUT (14, 14, 128), KERNEL (4, 2, 1), CLASSES,       \
      .bias = TRUE, LEAKY (0.2f), NORM (BATCH, AFTER_ACTIVATION, 1e-3f) },                      \
    { RAQAM_BLOCK_TCONV, IN (14, 14, 128), OUT (28, 28, 128), KERNEL (4, 2, 1), CLASSES,        \
      .bias = TRUE, LEAKY (0.2f) },                                                             \
    { RAQAM_BLOCK_CONV, IN (28, 28, 128), OUT (28, 28, 1), KERNEL (7, 1, 3), CLASSES,           \
      .bias = TRUE, SIGMOID, NORM (BATCH, OF_INPUT, 1e-3f) },                                   \
  }

static const TestNetwork networks[] = {
  { "thesis-100-generator", 4, THESIS_GENERATOR (100) },
  { "thesis-32-generator", 4, THESIS_GENERATOR (32) },
  { "thesis-discriminator", 3, {
    { RAQAM_BLOCK_CONV, IN (28, 28, 1), OUT (14, 14, 64), KERNEL (3, 2, 0), CLASSES,
      .labels = TRUE, .bias = TRUE, LEAKY (0.2f), .dropout = 0.4f },
    { RAQAM_BLOCK_CONV, IN (14, 14, 64), OUT (7, 7, 128), KERNEL (3, 2, 0), CLASSES,
      .bias = TRUE, LEAKY (0.2f), .dropout = 0.4f },
    { RAQAM_BLOCK_HEAD, IN (7, 7, 128), OUT (1, 1, 1), CLASSES, .bias = TRUE, .pool = TRUE },
  } },
  { "fast-generator", 3, {
    { RAQAM_BLOCK_DENSE, IN (1, 1, 32), OUT (7, 7, 64), CLASSES, .labels = TRUE,
      LEAKY (0), NORM (CLASS, BEFORE_ACTIVATION, 1e-5f) },
    { RAQAM_BLOCK_TCONV, IN (7, 7, 64), OUT (14, 14, 32), KERNEL (4, 2, 1), CLASSES,
      LEAKY (0), NORM (CLASS, BEFORE_ACTIVATION, 1e-5f) },
    { RAQAM_BLOCK_TCONV, IN (14, 14, 32), OUT (28, 28, 1), KERNEL (4, 2, 1), CLASSES,
      .bias = TRUE, .threshold = TRUE, SIGMOID },
  } },
  { "fast-discriminator", 3, {
    { RAQAM_BLOCK_CONV, IN (28, 28, 1), OUT (14, 14, 32), KERNEL (4, 2, 1), CLASSES,
      .bias = TRUE, .spectral = TRUE, LEAKY (0.2f) },
    { RAQAM_BLOCK_CONV, IN (14, 14, 32), OUT (7, 7, 64), KERNEL (4, 2, 1), CLASSES,
      .bias = TRUE, .spectral = TRUE, LEAKY (0.2f) },
    { RAQAM_BLOCK_HEAD, IN (7, 7, 64), OUT (1, 1, 1), CLASSES, .labels = TRUE, .bias = TRUE,
      .spectral = TRUE },
  } },
};

const TestNetwork *
test_network (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (networks); i++)
    if (strcmp (networks[i].name, name) == 0)
      return &networks[i];

  g_assert_not_reached ();
}

TestNetwork
test_network_laid_out (const TestNetwork *network)
{
  TestNetwork laid_out = *network;

  for (int i = 0; i < laid_out.n_blocks; i++)
    block_lay_out (&laid_out.block[i], &laid_out.n_weights, &laid_out.n_state);

  return laid_out;
}
