/* geometry.c — from a recipe's layer to the block that a backend runs.
 * SPDX-License-Identifier: MIT */

#include "engine/geometry.h"

/* Rows that "SAME" adds above the larger side of a strided convolution. */
static int
leading_pad (int large, int small, int kernel, int stride)
{
  return MAX ((small - 1) * stride + kernel - large, 0) / 2;
}

static void
set_sizes (RaqamBlockSpec *spec, const RaqamLayer *layer, int latent)
{
  switch (layer->kind)
    {
    case RAQAM_BLOCK_DENSE:
      spec->in_h = 1;
      spec->in_w = 1;
      spec->in_c = latent;
      spec->out_h = layer->height;
      spec->out_w = layer->width;
      spec->out_c = layer->filters;
      break;

    case RAQAM_BLOCK_CONV:
      spec->kernel = layer->kernel;
      spec->stride = layer->stride;
      spec->out_h = (spec->in_h + layer->stride - 1) / layer->stride;
      spec->out_w = (spec->in_w + layer->stride - 1) / layer->stride;
      spec->out_c = layer->filters;
      spec->pad = leading_pad (spec->in_h, spec->out_h, layer->kernel, layer->stride);
      break;

    case RAQAM_BLOCK_TCONV:
      spec->kernel = layer->kernel;
      spec->stride = layer->stride;
      spec->out_h = spec->in_h * layer->stride;
      spec->out_w = spec->in_w * layer->stride;
      spec->out_c = layer->filters;
      spec->pad = leading_pad (spec->out_h, spec->in_h, layer->kernel, layer->stride);
      break;

    case RAQAM_BLOCK_HEAD:
      spec->out_h = 1;
      spec->out_w = 1;
      spec->out_c = 1;
      break;

    default:
      g_assert_not_reached ();
    }
}

void
raqam_recipe_geometry (RaqamBlockSpec *spec, const RaqamLayer *layer, int in_h, int in_w, int in_c,
                       const RaqamRecipe *recipe)
{
  g_return_if_fail (spec != NULL && layer != NULL && recipe != NULL);

  *spec = (RaqamBlockSpec){
    .kind = layer->kind,
    .in_h = in_h,
    .in_w = in_w,
    .in_c = in_c,
    .n_classes = recipe->n_classes,
    .labels = layer->labels,
    .bias = layer->bias,
    .spectral = layer->spectral,
    .pool = layer->pool,
    .threshold = layer->threshold,
    .activation = layer->activation,
    .slope = layer->slope,
    .norm = layer->norm,
    .norm_place = layer->norm_after ? RAQAM_NORM_AFTER_ACTIVATION : RAQAM_NORM_BEFORE_ACTIVATION,
    .norm_epsilon = recipe->norm_epsilon,
    .dropout = layer->dropout,
  };
  set_sizes (spec, layer, recipe->latent);
}
