/* block-tensors.h — the tensors of a block: their sizes and a layout for them.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/backend.h"

G_BEGIN_DECLS

typedef enum
{
  BLOCK_WEIGHT,
  BLOCK_BIAS,
  BLOCK_SCALE,
  BLOCK_SHIFT,
  BLOCK_EMBEDDING,
  BLOCK_N_TRAINED, /* those above lie in the slab of weights, those below in that of state */
  BLOCK_MEAN = BLOCK_N_TRAINED,
  BLOCK_VARIANCE,
  BLOCK_U,
  BLOCK_EMBEDDING_U,
  BLOCK_N_TENSORS,
} BlockTensor;

const char *block_tensor_name (BlockTensor tensor);

/* Returns: how many floats @tensor of @spec has; 0 where there is no such tensor */
gsize block_tensor_size (const RaqamBlockSpec *spec, BlockTensor tensor);

/* Returns: where @tensor begins in its slab, in floats; -1 where there is no such tensor */
gssize block_tensor_offset (const RaqamBlockSpec *spec, BlockTensor tensor);

/**
 * block_lay_out:
 * @spec: its layout is overwritten
 * @n_weights: the slab of weights as filled so far, in floats; advanced
 * @n_state: the slab of state as filled so far; advanced
 *
 * Gives each tensor of @spec a place after what is there, at multiples of 16.
 */
void block_lay_out (RaqamBlockSpec *spec, gsize *n_weights, gsize *n_state);

/* Returns: floats of one sample's input, of its output, and inputs of a HEAD's product */
gsize block_in_size (const RaqamBlockSpec *spec);
gsize block_out_size (const RaqamBlockSpec *spec);
gsize block_features (const RaqamBlockSpec *spec);

/* Returns: channels that the norm sees */
int block_norm_channels (const RaqamBlockSpec *spec);

/* Returns: whether block_forward needs labels */
gboolean block_uses_labels (const RaqamBlockSpec *spec);

G_END_DECLS
