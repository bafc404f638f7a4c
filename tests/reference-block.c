/* reference-block.c — a block as a chain of plain stages in double.
 * SPDX-License-Identifier: MIT */

#include "reference-block.h"

#include <math.h>
#include <string.h>

static double *
zeroes (gsize n)
{
  return n > 0 ? g_new0 (double, n) : NULL;
}

static gsize
value_size (const ReferenceBlock *block, int place)
{
  gsize size =
    place <= block->linear ? block_in_size (&block->spec) : block_out_size (&block->spec);

  return size * block->batch;
}

static void
add_stage (ReferenceBlock *block, const ReferenceStage *stage)
{
  block->stage[block->n_stages++] = stage;
}

static void
choose_stages (ReferenceBlock *block)
{
  const RaqamBlockSpec *spec = &block->spec;
  gboolean norm = spec->norm != RAQAM_NORM_NONE;

  if (norm && spec->norm_place == RAQAM_NORM_OF_INPUT)
    add_stage (block, &reference_norm);

  block->linear = block->n_stages;
  add_stage (block, &reference_linear[spec->kind]);

  if (norm && spec->norm_place == RAQAM_NORM_BEFORE_ACTIVATION)
    add_stage (block, &reference_norm);
  if (spec->activation != RAQAM_ACTIVATION_NONE)
    add_stage (block, &reference_activation);
  if (norm && spec->norm_place == RAQAM_NORM_AFTER_ACTIVATION)
    add_stage (block, &reference_norm);
  if (spec->dropout > 0)
    add_stage (block, &reference_dropout);
}

static void
spectral_init (ReferenceSpectral *spectral, gsize rows, gsize n)
{
  if (rows == 0)
    return;

  spectral->rows = rows;
  spectral->columns = n / rows;
  spectral->v = zeroes (n / rows);
  spectral->hat = zeroes (n);
}

ReferenceBlock *
reference_block_new (const RaqamBlockSpec *spec, int batch)
{
  ReferenceBlock *block = g_new0 (ReferenceBlock, 1);

  block->spec = *spec;
  block->batch = batch;
  choose_stages (block);

  for (BlockTensor t = 0; t < BLOCK_N_TENSORS; t++)
    block->tensor[t] = zeroes (block_tensor_size (spec, t));
  for (BlockTensor t = 0; t < BLOCK_N_TRAINED; t++)
    block->gradient[t] = zeroes (block_tensor_size (spec, t));
  for (int i = 0; i <= block->n_stages; i++)
    block->value[i] = zeroes (value_size (block, i));

  spectral_init (&block->spectral, block_tensor_size (spec, BLOCK_U),
                 block_tensor_size (spec, BLOCK_WEIGHT));
  spectral_init (&block->embedding_spectral, block_tensor_size (spec, BLOCK_EMBEDDING_U),
                 block_tensor_size (spec, BLOCK_EMBEDDING));
  block->labels = g_new0 (guint8, batch);
  block->mean = zeroes (block_tensor_size (spec, BLOCK_MEAN));
  block->variance = zeroes (block_tensor_size (spec, BLOCK_MEAN));

  return block;
}

void
reference_block_free (ReferenceBlock *block)
{
  for (BlockTensor t = 0; t < BLOCK_N_TENSORS; t++)
    g_free (block->tensor[t]);
  for (BlockTensor t = 0; t < BLOCK_N_TRAINED; t++)
    g_free (block->gradient[t]);
  for (int i = 0; i <= block->n_stages; i++)
    g_free (block->value[i]);

  g_free (block->spectral.v);
  g_free (block->spectral.hat);
  g_free (block->embedding_spectral.v);
  g_free (block->embedding_spectral.hat);
  g_free (block->labels);
  g_free (block->mean);
  g_free (block->variance);
  g_free (block);
}

void
reference_block_prepare (ReferenceBlock *block, gboolean power)
{
  if (block->spectral.rows > 0)
    reference_spectral_prepare (&block->spectral, block->tensor[BLOCK_U],
                                block->tensor[BLOCK_WEIGHT], power);
  if (block->embedding_spectral.rows > 0)
    reference_spectral_prepare (&block->embedding_spectral, block->tensor[BLOCK_EMBEDDING_U],
                                block->tensor[BLOCK_EMBEDDING], power);
}

void
reference_block_forward (ReferenceBlock *block, const double *in, const guint8 *labels,
                         const RaqamForward *how)
{
  memcpy (block->value[0], in, value_size (block, 0) * sizeof (double));
  if (labels != NULL)
    memcpy (block->labels, labels, block->batch);
  block->how = *how;

  for (int i = 0; i < block->n_stages; i++)
    {
      memset (block->value[i + 1], 0, value_size (block, i + 1) * sizeof (double));
      block->stage[i]->forward (block, block->value[i + 1], block->value[i]);
    }
}

void
reference_block_backward (ReferenceBlock *block, double *d_in, const double *d_out)
{
  double *d = g_memdup2 (d_out, value_size (block, block->n_stages) * sizeof (double));

  for (BlockTensor t = 0; t < BLOCK_N_TRAINED; t++)
    if (block->gradient[t] != NULL)
      memset (block->gradient[t], 0, block_tensor_size (&block->spec, t) * sizeof (double));

  for (int i = block->n_stages - 1; i >= 0; i--)
    {
      double *d_before = zeroes (value_size (block, i));

      block->stage[i]->backward (block, d_before, block->value[i], d);
      g_free (d);
      d = d_before;
    }

  if (block->spectral.rows > 0)
    reference_spectral_backward (&block->spectral, block->gradient[BLOCK_WEIGHT],
                                 block->tensor[BLOCK_U]);
  if (block->embedding_spectral.rows > 0)
    reference_spectral_backward (&block->embedding_spectral, block->gradient[BLOCK_EMBEDDING],
                                 block->tensor[BLOCK_EMBEDDING_U]);

  memcpy (d_in, d, value_size (block, 0) * sizeof (double));
  g_free (d);
}

double
reference_block_margin (ReferenceBlock *block)
{
  double margin = G_MAXDOUBLE;

  for (int i = 0; i < block->n_stages; i++)
    {
      if (block->stage[i] != &reference_activation
          || block->spec.activation != RAQAM_ACTIVATION_LEAKY_RELU)
        continue;

      for (gsize k = 0; k < value_size (block, i); k++)
        margin = MIN (margin, fabs (block->value[i][k]));
    }

  return margin;
}
