/* blend.c — a model whose labels are the steps from one digit to another.
 * SPDX-License-Identifier: MIT */

#include "engine/blend.h"

#include "engine/model-private.h"

#include <string.h>

#define MAX_STEPS 256

typedef struct
{
  int    first, second;
  int    n_classes;        /* rows there were */
  int    n_steps;          /* rows there are to be */
  double share[MAX_STEPS]; /* of the second, by step */
} Blend;

/* @from: @n lines of @n_before numbers, which are copied, and of a row of @inner for
 * each class; @to: the same lines with a row for each step. */
static void
mix_rows (float *to, const float *from, const Blend *blend, gsize n, gsize n_before, gsize inner)
{
  for (gsize i = 0; i < n; i++)
    {
      const float *a = from + n_before + blend->first * inner;
      const float *b = from + n_before + blend->second * inner;

      memcpy (to, from, sizeof (float) * n_before);
      to += n_before;
      from += n_before + blend->n_classes * inner;
      for (int k = 0; k < blend->n_steps; k++, to += inner)
        for (gsize j = 0; j < inner; j++)
          to[j] = (float) ((1 - blend->share[k]) * a[j] + blend->share[k] * b[j]);
    }
}

/* In a generator a label enters the dense layer and the norms, and nothing else. */
static void
mix_block (float *to, const float *from, const Blend *blend, const RaqamBlockSpec *to_spec,
           const RaqamBlockSpec *spec)
{
  const RaqamBlockLayout *layout = &spec->layout, *to_layout = &to_spec->layout;

  if (spec->labels)
    mix_rows (to + to_layout->weight, from + layout->weight, blend,
              (gsize) spec->out_h * spec->out_w * spec->out_c, spec->in_c, 1);
  if (spec->norm == RAQAM_NORM_CLASS)
    {
      mix_rows (to + to_layout->scale, from + layout->scale, blend, 1, 0, spec->out_c);
      mix_rows (to + to_layout->shift, from + layout->shift, blend, 1, 0, spec->out_c);
    }
}

/* All that have no row for each class; the others are mixed afterwards. */
static void
copy_tensors (RaqamModel *to, const RaqamNetworkSpec *to_spec, const RaqamModel *from,
              const RaqamNetworkSpec *spec)
{
  RaqamTensorInfo to_tensors[RAQAM_MAX_TENSORS], tensors[RAQAM_MAX_TENSORS];
  int n = raqam_network_spec_tensors (tensors, spec);

  raqam_network_spec_tensors (to_tensors, to_spec);
  for (int i = 0; i < n; i++)
    if (tensors[i].n == to_tensors[i].n)
      memcpy ((tensors[i].state ? to->state : to->params) + to_tensors[i].offset,
              (tensors[i].state ? from->state : from->params) + tensors[i].offset,
              sizeof (float) * tensors[i].n);
}

RaqamModel *
raqam_model_blend (const RaqamModel *model, int first, int second, int n_steps)
{
  Blend blend = { first, second, model->recipe->n_classes, n_steps };
  g_autoptr (RaqamRecipe) recipe = raqam_recipe_copy (model->recipe);
  RaqamNetworkSpec spec, blended_spec;
  RaqamModel *blended;

  g_return_val_if_fail (first >= 0 && first < blend.n_classes, NULL);
  g_return_val_if_fail (second >= 0 && second < blend.n_classes, NULL);
  g_return_val_if_fail (n_steps >= 2 && n_steps <= MAX_STEPS, NULL);

  for (int k = 0; k < n_steps; k++)
    blend.share[k] = (double) k / (n_steps - 1);

  recipe->n_classes = n_steps;
  blended = raqam_model_new (recipe);
  raqam_network_spec_init (&spec, model->recipe, RAQAM_GENERATOR);
  raqam_network_spec_init (&blended_spec, recipe, RAQAM_GENERATOR);

  copy_tensors (blended, &blended_spec, model, &spec);
  for (int i = 0; i < spec.n_blocks; i++)
    mix_block (blended->params, model->params, &blend, &blended_spec.block[i], &spec.block[i]);

  blended->step = model->step;
  blended->epoch = model->epoch;
  blended->origin = g_strdup (model->origin);
  blended->data_checksum = g_strdup (model->data_checksum);
  return blended;
}
