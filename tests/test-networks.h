/* test-networks.h — the networks of the recipes, written out by hand.
 * SPDX-License-Identifier: MIT
 *
 * Independent of the engine's own way from a recipe to blocks, so that each can
 * be held against the other.
 */

#pragma once

#include "block-tensors.h"

G_BEGIN_DECLS

#define TEST_CLASSES 10
#define TEST_MAX_BLOCKS 4

typedef struct
{
  const char    *name; /* "thesis-100-generator" */
  int            n_blocks;
  RaqamBlockSpec block[TEST_MAX_BLOCKS];
  gsize          n_weights, n_state; /* floats of its slabs; 0 until laid out */
} TestNetwork;

/* Returns: (transfer none): the network of that name; a name it does not know is a bug */
const TestNetwork *test_network (const char *name);

/* Returns: a copy of @network with its tensors laid out */
TestNetwork test_network_laid_out (const TestNetwork *network);

G_END_DECLS
