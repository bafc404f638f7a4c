/* block-tensors.c — the tensors of a block: their sizes and a layout for them.
 * SPDX-License-Identifier: MIT */

#include "block-tensors.h"

#define ALIGNMENT 16 /* floats, as RaqamBlockLayout asks */

typedef struct
{
  const char *name;
  gsize       place; /* of the offset in RaqamBlockLayout */
} Entry;

static const Entry entries[BLOCK_N_TENSORS] = {
  [BLOCK_WEIGHT] = { "weight", G_STRUCT_OFFSET (RaqamBlockLayout, weight) },
  [BLOCK_BIAS] = { "bias", G_STRUCT_OFFSET (RaqamBlockLayout, bias) },
  [BLOCK_SCALE] = { "scale", G_STRUCT_OFFSET (RaqamBlockLayout, scale) },
  [BLOCK_SHIFT] = { "shift", G_STRUCT_OFFSET (RaqamBlockLayout, shift) },
  [BLOCK_EMBEDDING] = { "embedding", G_STRUCT_OFFSET (RaqamBlockLayout, embedding) },
  [BLOCK_MEAN] = { "mean", G_STRUCT_OFFSET (RaqamBlockLayout, mean) },
  [BLOCK_VARIANCE] = { "variance", G_STRUCT_OFFSET (RaqamBlockLayout, variance) },
  [BLOCK_U] = { "u", G_STRUCT_OFFSET (RaqamBlockLayout, u) },
  [BLOCK_EMBEDDING_U] = { "embedding_u", G_STRUCT_OFFSET (RaqamBlockLayout, embedding_u) },
};

const char *
block_tensor_name (BlockTensor tensor)
{
  return entries[tensor].name;
}

gsize
block_in_size (const RaqamBlockSpec *spec)
{
  return (gsize) spec->in_h * spec->in_w * spec->in_c;
}

gsize
block_out_size (const RaqamBlockSpec *spec)
{
  return spec->kind == RAQAM_BLOCK_HEAD ? 1 : (gsize) spec->out_h * spec->out_w * spec->out_c;
}

gsize
block_features (const RaqamBlockSpec *spec)
{
  return spec->pool ? (gsize) spec->in_c : block_in_size (spec);
}

int
block_norm_channels (const RaqamBlockSpec *spec)
{
  return spec->norm_place == RAQAM_NORM_OF_INPUT ? spec->in_c : spec->out_c;
}

gboolean
block_uses_labels (const RaqamBlockSpec *spec)
{
  return spec->labels || spec->norm == RAQAM_NORM_CLASS;
}

static gsize
weight_size (const RaqamBlockSpec *spec)
{
  gsize planes = spec->labels ? spec->n_classes : 0;
  gsize taps = (gsize) spec->kernel * spec->kernel;

  switch (spec->kind)
    {
    case RAQAM_BLOCK_DENSE:
      return block_out_size (spec) * (spec->in_c + planes);
    case RAQAM_BLOCK_CONV:
      return spec->out_c * (spec->in_c + planes) * taps;
    case RAQAM_BLOCK_TCONV:
      return (gsize) spec->in_c * spec->out_c * taps;
    case RAQAM_BLOCK_HEAD:
      return block_features (spec);
    }

  g_assert_not_reached ();
}

static gsize
bias_size (const RaqamBlockSpec *spec)
{
  switch (spec->kind)
    {
    case RAQAM_BLOCK_DENSE:
      return block_out_size (spec);
    case RAQAM_BLOCK_CONV:
    case RAQAM_BLOCK_TCONV:
      return spec->out_c;
    case RAQAM_BLOCK_HEAD:
      return 1;
    }

  g_assert_not_reached ();
}

gsize
block_tensor_size (const RaqamBlockSpec *spec, BlockTensor tensor)
{
  gsize channels = spec->norm == RAQAM_NORM_NONE ? 0 : block_norm_channels (spec);
  gboolean projects = spec->kind == RAQAM_BLOCK_HEAD && spec->labels;

  switch (tensor)
    {
    case BLOCK_WEIGHT:
      return weight_size (spec);
    case BLOCK_BIAS:
      return spec->bias ? bias_size (spec) : 0;
    case BLOCK_SCALE:
    case BLOCK_SHIFT:
      return spec->norm == RAQAM_NORM_CLASS ? spec->n_classes * channels : channels;
    case BLOCK_EMBEDDING:
      return projects ? spec->n_classes * block_features (spec) : 0;
    case BLOCK_MEAN:
    case BLOCK_VARIANCE:
      return channels;
    case BLOCK_U:
      return !spec->spectral ? 0 : spec->kind == RAQAM_BLOCK_HEAD ? 1 : spec->out_c;
    case BLOCK_EMBEDDING_U:
      return spec->spectral && projects ? spec->n_classes : 0;
    default:
      g_assert_not_reached ();
    }
}

gssize
block_tensor_offset (const RaqamBlockSpec *spec, BlockTensor tensor)
{
  return G_STRUCT_MEMBER (gssize, &spec->layout, entries[tensor].place);
}

void
block_lay_out (RaqamBlockSpec *spec, gsize *n_weights, gsize *n_state)
{
  for (BlockTensor tensor = 0; tensor < BLOCK_N_TENSORS; tensor++)
    {
      gsize *filled = tensor < BLOCK_N_TRAINED ? n_weights : n_state;
      gsize size = block_tensor_size (spec, tensor);
      gssize *offset = &G_STRUCT_MEMBER (gssize, &spec->layout, entries[tensor].place);

      *offset = size > 0 ? (gssize) *filled : -1;
      *filled += (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
