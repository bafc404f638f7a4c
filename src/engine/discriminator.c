/* discriminator.c — what a model's discriminator thinks of a picture.
 * SPDX-License-Identifier: MIT */

#include "engine/discriminator.h"

#include "engine/device.h"
#include "engine/generator.h"
#include "engine/network.h"

#include <math.h>
#include <string.h>

struct _RaqamDiscriminator
{
  const RaqamBackend *backend;
  RaqamDevice        *device;
  RaqamRecipe        *recipe;
  RaqamNetworkSpec    spec;
  RaqamNetwork       *network;

  /* Device memory. */
  float  *params;
  float  *state;
  float  *image; /* (784) */
  guint8 *label;
  float  *logit;
};

static gboolean
allocate (RaqamDiscriminator *self, GError **error)
{
  const RaqamBackend *backend = self->backend;
  RaqamDevice *device = self->device;

  return (self->params = backend->alloc (device, sizeof (float) * self->spec.n_params, error)) != NULL
         && (self->state = backend->alloc (device, sizeof (float) * MAX (self->spec.n_state, 1), error)) != NULL
         && (self->image = backend->alloc (device, sizeof (float) * RAQAM_IMAGE_SIZE, error)) != NULL
         && (self->label = backend->alloc (device, sizeof *self->label, error)) != NULL
         && (self->logit = backend->alloc (device, sizeof *self->logit, error)) != NULL;
}

static gboolean
upload (RaqamDiscriminator *self, const RaqamModel *model, GError **error)
{
  const RaqamBackend *backend = self->backend;

  return backend->upload (self->device, self->params, model->discriminator_params,
                          sizeof (float) * self->spec.n_params, error)
         && backend->upload (self->device, self->state, model->discriminator_state,
                             sizeof (float) * self->spec.n_state, error)
         && raqam_network_prepare (self->network, self->params, self->state, FALSE, error);
}

RaqamDiscriminator *
raqam_discriminator_new (const RaqamModel *model, const char *device,
                         const RaqamDeviceOptions *options, GError **error)
{
  g_autoptr (RaqamDiscriminator) self = g_new0 (RaqamDiscriminator, 1);

  g_return_val_if_fail (model->discriminator_params != NULL, NULL);

  self->recipe = raqam_recipe_copy (model->recipe);
  raqam_network_spec_init (&self->spec, self->recipe, RAQAM_DISCRIMINATOR);
  self->device = raqam_device_open (&self->backend, device, options, NULL, error);
  if (self->device == NULL || !allocate (self, error))
    return NULL;

  self->network = raqam_network_new (self->backend, self->device, &self->spec, 1, FALSE, error);
  if (self->network == NULL || !upload (self, model, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
raqam_discriminator_free (RaqamDiscriminator *self)
{
  if (self->device != NULL)
    {
      gpointer memory[] = { self->params, self->state, self->image, self->label, self->logit };

      raqam_network_free (self->network);
      for (guint i = 0; i < G_N_ELEMENTS (memory); i++)
        self->backend->free (self->device, memory[i]);
      self->backend->device_close (self->device);
    }
  raqam_recipe_free (self->recipe);
  g_free (self);
}

gboolean
raqam_discriminator_set_model (RaqamDiscriminator *self, const RaqamModel *model, GError **error)
{
  RaqamNetworkSpec spec;

  raqam_network_spec_init (&spec, model->recipe, RAQAM_DISCRIMINATOR);
  if (model->discriminator_params == NULL || memcmp (&spec, &self->spec, sizeof spec) != 0)
    return FALSE;

  raqam_recipe_free (self->recipe);
  self->recipe = raqam_recipe_copy (model->recipe);
  return upload (self, model, error);
}

/* @image: (784), overwritten with what it was shown in training for such a picture */
static void
as_in_training (float *image, const guint8 *pixels, const RaqamRecipe *recipe)
{
  guint8 seen[RAQAM_IMAGE_SIZE];

  memcpy (seen, pixels, sizeof seen);
  if (recipe->generator[recipe->n_generator - 1].threshold)
    raqam_generator_binarise (seen, sizeof seen, recipe);
  for (int i = 0; i < RAQAM_IMAGE_SIZE; i++)
    image[i] = seen[i] / 255.0f;
}

gboolean
raqam_discriminator_read (RaqamDiscriminator *self, float *realness, const guint8 *pixels,
                          int label, GError **error)
{
  const RaqamBackend *backend = self->backend;
  RaqamForward how = { .mode = RAQAM_MODE_INFER };
  float image[RAQAM_IMAGE_SIZE], logit;
  guint8 byte = (guint8) label;

  g_return_val_if_fail (label >= 0 && label < self->recipe->n_classes, FALSE);

  as_in_training (image, pixels, self->recipe);
  if (!backend->upload (self->device, self->image, image, sizeof image, error)
      || !backend->upload (self->device, self->label, &byte, sizeof byte, error)
      || !raqam_network_forward (self->network, self->logit, self->image, self->label, &how, error)
      || !backend->download (self->device, &logit, self->logit, sizeof logit, error))
    return FALSE;

  *realness = 1 / (1 + expf (logit));
  return TRUE;
}
