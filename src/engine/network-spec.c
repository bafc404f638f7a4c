/* network-spec.c — from a recipe's layers to blocks and their tensors.
 * SPDX-License-Identifier: MIT */

#include "engine/network.h"

#include "engine/geometry.h"
#include "engine/stream.h"

#include <math.h>
#include <string.h>

#define ALIGNMENT 16 /* floats: 64 bytes */

/* The norm behind a layer whose output a one-channel convolution reads. */
static gboolean
norm_moves_on (const RaqamLayer *layer, const RaqamLayer *next)
{
  return layer->norm == RAQAM_NORM_BATCH && layer->norm_after
         && next->kind == RAQAM_BLOCK_CONV && next->filters == 1 && next->stride == 1;
}

static gssize
place (gsize *end, gboolean present, gsize n)
{
  gssize offset = (gssize) *end;

  if (!present)
    return -1;

  *end += (n + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  return offset;
}

static gsize
weight_size (const RaqamBlockSpec *spec)
{
  gsize labels = spec->labels ? spec->n_classes : 0;

  switch (spec->kind)
    {
    case RAQAM_BLOCK_DENSE:
      return (gsize) spec->out_h * spec->out_w * spec->out_c * (spec->in_c + labels);
    case RAQAM_BLOCK_CONV:
      return (gsize) spec->out_c * (spec->in_c + labels) * spec->kernel * spec->kernel;
    case RAQAM_BLOCK_TCONV:
      return (gsize) spec->in_c * spec->out_c * spec->kernel * spec->kernel;
    case RAQAM_BLOCK_HEAD:
      return spec->pool ? (gsize) spec->in_c : (gsize) spec->in_h * spec->in_w * spec->in_c;
    default:
      g_assert_not_reached ();
    }
}

static gsize
bias_size (const RaqamBlockSpec *spec)
{
  if (spec->kind == RAQAM_BLOCK_DENSE)
    return (gsize) spec->out_h * spec->out_w * spec->out_c;
  return spec->kind == RAQAM_BLOCK_HEAD ? 1 : spec->out_c;
}

static gsize
norm_channels (const RaqamBlockSpec *spec)
{
  return spec->norm_place == RAQAM_NORM_OF_INPUT ? spec->in_c : spec->out_c;
}

static void
lay_out (RaqamNetworkSpec *self, RaqamBlockSpec *spec)
{
  RaqamBlockLayout *layout = &spec->layout;
  gboolean norm = spec->norm != RAQAM_NORM_NONE;
  gboolean projection = spec->kind == RAQAM_BLOCK_HEAD && spec->labels;
  gsize channels = norm_channels (spec);
  gsize n_scale = spec->norm == RAQAM_NORM_CLASS ? channels * spec->n_classes : channels;
  gsize features = (gsize) spec->in_h * spec->in_w * spec->in_c;

  layout->weight = place (&self->n_params, TRUE, weight_size (spec));
  layout->bias = place (&self->n_params, spec->bias, bias_size (spec));
  layout->scale = place (&self->n_params, norm, n_scale);
  layout->shift = place (&self->n_params, norm, n_scale);
  layout->embedding = place (&self->n_params, projection, features * spec->n_classes);

  layout->mean = place (&self->n_state, norm, channels);
  layout->variance = place (&self->n_state, norm, channels);
  layout->u = place (&self->n_state, spec->spectral, spec->kind == RAQAM_BLOCK_HEAD ? 1 : spec->out_c);
  layout->embedding_u = place (&self->n_state, spec->spectral && projection, spec->n_classes);
}

void
raqam_network_spec_add (RaqamNetworkSpec *self, const RaqamBlockSpec *block)
{
  g_return_if_fail (self->n_blocks < RAQAM_MAX_LAYERS);

  self->block[self->n_blocks] = *block;
  lay_out (self, &self->block[self->n_blocks]);
  self->n_blocks++;
}

void
raqam_network_spec_init (RaqamNetworkSpec *self, const RaqamRecipe *recipe, RaqamNetworkKind kind)
{
  gboolean generator = kind == RAQAM_GENERATOR;
  const RaqamLayer *layers = generator ? recipe->generator : recipe->discriminator;
  int n_layers = generator ? recipe->n_generator : recipe->n_discriminator;
  int h = generator ? 1 : RAQAM_IMAGE_SIDE;
  int w = h;
  int c = generator ? recipe->latent : 1;

  memset (self, 0, sizeof *self);
  self->kind = kind;

  for (int i = 0; i < n_layers; i++)
    {
      RaqamBlockSpec spec;

      raqam_recipe_geometry (&spec, &layers[i], h, w, c, recipe);
      if (i + 1 < n_layers && norm_moves_on (&layers[i], &layers[i + 1]))
        spec.norm = RAQAM_NORM_NONE;
      if (i > 0 && norm_moves_on (&layers[i - 1], &layers[i]))
        {
          spec.norm = RAQAM_NORM_BATCH;
          spec.norm_place = RAQAM_NORM_OF_INPUT;
        }
      spec.inner_in = i > 0;
      spec.inner_out = i + 1 < n_layers;
      raqam_network_spec_add (self, &spec);

      h = spec.out_h;
      w = spec.out_w;
      c = spec.out_c;
    }
}

static void
add_tensor (RaqamTensorInfo *tensors, int *n_tensors, int layer, const char *name, gboolean state,
            gssize offset, int n_dims, const guint64 shape[4], gsize fan, float initial)
{
  RaqamTensorInfo *tensor = &tensors[*n_tensors];

  if (offset < 0)
    return;

  memset (tensor, 0, sizeof *tensor);
  g_snprintf (tensor->name, sizeof tensor->name, "%d.%s", layer, name);
  tensor->state = state;
  tensor->offset = (gsize) offset;
  tensor->n = 1;
  tensor->n_dims = n_dims;
  for (int i = 0; i < n_dims; i++)
    {
      tensor->shape[i] = shape[i];
      tensor->n *= shape[i];
    }
  tensor->fan = fan;
  tensor->initial = initial;
  (*n_tensors)++;
}

static void
add_weight (RaqamTensorInfo *tensors, int *n_tensors, int layer, const RaqamBlockSpec *spec)
{
  gsize labels = spec->labels && spec->kind != RAQAM_BLOCK_HEAD ? spec->n_classes : 0;
  gsize in = spec->in_c + labels, k = spec->kernel;
  gssize offset = spec->layout.weight;
  gsize rows = (gsize) spec->out_h * spec->out_w * spec->out_c;
  gsize features = weight_size (spec);

  switch (spec->kind)
    {
    case RAQAM_BLOCK_DENSE:
      add_tensor (tensors, n_tensors, layer, "weight", FALSE, offset, 2, (guint64[4]) { rows, in }, rows + in, 0);
      break;
    case RAQAM_BLOCK_CONV:
      add_tensor (tensors, n_tensors, layer, "weight", FALSE, offset, 4, (guint64[4]) { spec->out_c, in, k, k },
                  (spec->out_c + in) * k * k, 0);
      break;
    case RAQAM_BLOCK_TCONV:
      add_tensor (tensors, n_tensors, layer, "weight", FALSE, offset, 4, (guint64[4]) { in, spec->out_c, k, k },
                  (spec->out_c + in) * k * k, 0);
      break;
    case RAQAM_BLOCK_HEAD:
      add_tensor (tensors, n_tensors, layer, "weight", FALSE, offset, 2, (guint64[4]) { 1, features }, 1 + features, 0);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
add_norm (RaqamTensorInfo *tensors, int *n_tensors, int block, const RaqamBlockSpec *spec)
{
  /* The recipe names the norm in the layer before, where it was written. */
  int layer = spec->norm_place == RAQAM_NORM_OF_INPUT ? block - 1 : block;
  gboolean by_class = spec->norm == RAQAM_NORM_CLASS;
  gsize channels = norm_channels (spec);
  guint64 by_class_shape[4] = { spec->n_classes, channels };
  guint64 plain_shape[4] = { channels };
  const guint64 *shape = by_class ? by_class_shape : plain_shape;

  add_tensor (tensors, n_tensors, layer, "norm.weight", FALSE, spec->layout.scale, by_class ? 2 : 1, shape, 0, 1);
  add_tensor (tensors, n_tensors, layer, "norm.bias", FALSE, spec->layout.shift, by_class ? 2 : 1, shape, 0, 0);
  add_tensor (tensors, n_tensors, layer, "norm.running_mean", TRUE, spec->layout.mean, 1, plain_shape, 0, 0);
  add_tensor (tensors, n_tensors, layer, "norm.running_var", TRUE, spec->layout.variance, 1, plain_shape, 0, 1);
}

int
raqam_network_spec_tensors (RaqamTensorInfo *tensors, const RaqamNetworkSpec *self)
{
  int n = 0;

  for (int i = 0; i < self->n_blocks; i++)
    {
      const RaqamBlockSpec *spec = &self->block[i];
      const RaqamBlockLayout *layout = &spec->layout;
      gsize features = (gsize) spec->in_h * spec->in_w * spec->in_c;
      gsize classes = spec->n_classes;
      gsize n_u = spec->kind == RAQAM_BLOCK_HEAD ? 1 : spec->out_c;

      add_weight (tensors, &n, i, spec);
      add_tensor (tensors, &n, i, "bias", FALSE, layout->bias, 1, (guint64[4]) { bias_size (spec) }, 0, 0);
      add_norm (tensors, &n, i, spec);
      add_tensor (tensors, &n, i, "embedding.weight", FALSE, layout->embedding, 2,
                  (guint64[4]) { classes, features }, classes + features, 0);
      add_tensor (tensors, &n, i, "weight_u", TRUE, layout->u, 1, (guint64[4]) { n_u }, 0, NAN);
      add_tensor (tensors, &n, i, "embedding.weight_u", TRUE, layout->embedding_u, 1, (guint64[4]) { classes }, 0, NAN);
    }

  return n;
}

char *
raqam_network_spec_checksum (const RaqamNetworkSpec *self, const float *params, const float *state)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  RaqamTensorInfo tensors[RAQAM_MAX_TENSORS];
  int n = raqam_network_spec_tensors (tensors, self);

  for (int i = 0; i < n; i++)
    {
      const float *slab = tensors[i].state ? state : params;

      g_checksum_update (checksum, (const guchar *) (slab + tensors[i].offset),
                         (gssize) (sizeof (float) * tensors[i].n));
    }
  return g_strdup (g_checksum_get_string (checksum));
}

static void
fill_normal (float *out, gsize n, guint64 seed, guint32 stream, float deviation)
{
  for (gsize i = 0; i < n; i += 4)
    {
      float four[4];

      raqam_philox_normal (four, raqam_philox (seed, 0, stream, (guint32) (i / 4)));
      for (gsize j = i; j < MIN (i + 4, n); j++)
        out[j] = deviation * four[j - i];
    }
}

static void
fill_uniform (float *out, gsize n, guint64 seed, guint32 stream, float limit)
{
  for (gsize i = 0; i < n; i++)
    {
      RaqamPhilox block = raqam_philox (seed, 0, stream, (guint32) (i / 4));

      out[i] = limit * (2.0f * raqam_philox_uniform (block.word[i % 4]) - 1.0f);
    }
}

static void
fill_unit_vector (float *out, gsize n, guint64 seed, guint32 stream)
{
  double sum = 0;

  fill_normal (out, n, seed, stream, 1);
  for (gsize i = 0; i < n; i++)
    sum += (double) out[i] * out[i];
  for (gsize i = 0; i < n; i++)
    out[i] = (float) (out[i] / sqrt (sum));
}

void
raqam_network_initialise (float *params, float *state, const RaqamNetworkSpec *self,
                          const RaqamRecipe *recipe)
{
  RaqamTensorInfo tensors[RAQAM_MAX_TENSORS];
  int n = raqam_network_spec_tensors (tensors, self);

  memset (params, 0, sizeof (float) * self->n_params);
  memset (state, 0, sizeof (float) * self->n_state);

  for (int i = 0; i < n; i++)
    {
      const RaqamTensorInfo *tensor = &tensors[i];
      float *out = (tensor->state ? state : params) + tensor->offset;
      guint32 stream = RAQAM_STREAM_INITIAL + (guint32) self->kind * RAQAM_MAX_TENSORS + i;

      if (tensor->fan > 0 && recipe->initial == RAQAM_INITIAL_NORMAL)
        fill_normal (out, tensor->n, recipe->seed, stream, recipe->initial_deviation);
      else if (tensor->fan > 0)
        fill_uniform (out, tensor->n, recipe->seed, stream, sqrtf (6.0f / tensor->fan));
      else if (isnan (tensor->initial))
        fill_unit_vector (out, tensor->n, recipe->seed, stream);
      else
        for (gsize j = 0; j < tensor->n; j++)
          out[j] = tensor->initial;
    }
}
