/* trainer.c — trains a recipe's two networks on a data set, a step at a time.
 * SPDX-License-Identifier: MIT */

#include "engine/trainer-private.h"

#include "engine/device.h"

#include <glib/gi18n-lib.h>

static gboolean
allocate (gpointer *memory, RaqamTrainer *self, gsize n_bytes, GError **error)
{
  *memory = self->backend->alloc (self->device, MAX (n_bytes, 1), error);
  return *memory != NULL;
}

static gboolean
allocate_floats (float **memory, RaqamTrainer *self, gsize n, GError **error)
{
  return allocate ((gpointer *) memory, self, sizeof (float) * n, error);
}

static gboolean
make_weights (RaqamTrainer *self, RaqamNetworkKind kind, GError **error)
{
  RaqamWeights *weights = &self->weights[kind];
  const RaqamNetworkSpec *spec = &weights->spec;
  g_autofree float *params = NULL;
  g_autofree float *state = NULL;

  raqam_network_spec_init (&weights->spec, self->recipe, kind);
  params = g_new0 (float, spec->n_params);
  state = g_new0 (float, MAX (spec->n_state, 1));
  raqam_network_initialise (params, state, spec, self->recipe);

  return allocate_floats (&weights->params, self, spec->n_params, error)
         && allocate_floats (&weights->state, self, spec->n_state, error)
         && allocate_floats (&weights->gradient, self, spec->n_params, error)
         && allocate_floats (&weights->m, self, spec->n_params, error)
         && allocate_floats (&weights->v, self, spec->n_params, error)
         && self->backend->upload (self->device, weights->params, params, sizeof (float) * spec->n_params, error)
         && self->backend->upload (self->device, weights->state, state, sizeof (float) * spec->n_state, error);
}

static gboolean
make_average (RaqamTrainer *self, GError **error)
{
  const RaqamWeights *weights = &self->weights[RAQAM_GENERATOR];

  if (!allocate_floats (&self->sample_state, self, weights->spec.n_state, error))
    return FALSE;
  if (self->recipe->ema_decay <= 0)
    return TRUE;

  return allocate_floats (&self->average, self, weights->spec.n_params, error)
         && self->backend->copy (self->device, self->average, weights->params,
                                 sizeof (float) * weights->spec.n_params, error);
}

static gboolean
make_data (RaqamTrainer *self, GError **error)
{
  gsize n = raqam_dataset_get_n (self->dataset);
  gsize order_size = n + self->recipe->batch;

  self->order_epoch = G_MAXUINT64;

  return allocate ((gpointer *) &self->data, self, n * RAQAM_IMAGE_SIZE, error)
         && allocate ((gpointer *) &self->data_labels, self, n, error)
         && allocate ((gpointer *) &self->order, self, sizeof (guint32) * order_size, error)
         && self->backend->upload (self->device, self->data, raqam_dataset_get_images (self->dataset),
                                   n * RAQAM_IMAGE_SIZE, error)
         && self->backend->upload (self->device, self->data_labels, raqam_dataset_get_labels (self->dataset),
                                   n, error);
}

static gboolean
make_buffers (RaqamTrainer *self, GError **error)
{
  gsize batch = self->recipe->batch, latent = self->recipe->latent;
  gsize n_samples = raqam_trainer_sampler_batch (self);

  return allocate ((gpointer *) &self->pulse, self, sizeof *self->pulse, error)
         && allocate ((gpointer *) &self->pulses, self, sizeof *self->pulses * RAQAM_LONGEST_RUN, error)
         && allocate_floats (&self->z, self, batch * latent, error)
         && allocate_floats (&self->images, self, 2 * batch * RAQAM_IMAGE_SIZE, error)
         && allocate ((gpointer *) &self->labels, self, 2 * batch, error)
         && allocate_floats (&self->logits, self, 2 * batch, error)
         && allocate_floats (&self->d_logits, self, 2 * batch, error)
         && allocate_floats (&self->d_images, self, batch * RAQAM_IMAGE_SIZE, error)
         && allocate_floats (&self->results, self, RAQAM_N_RESULTS, error)
         && allocate_floats (&self->all_results, self, RAQAM_N_RESULTS * RAQAM_LONGEST_RUN, error)
         && allocate_floats (&self->sample_z, self, n_samples * latent, error)
         && allocate ((gpointer *) &self->sample_labels, self, n_samples, error)
         && allocate_floats (&self->sample_images, self, n_samples * RAQAM_IMAGE_SIZE, error);
}

static gboolean
make_networks (RaqamTrainer *self, GError **error)
{
  const RaqamNetworkSpec *generator = &self->weights[RAQAM_GENERATOR].spec;
  const RaqamNetworkSpec *discriminator = &self->weights[RAQAM_DISCRIMINATOR].spec;
  int batch = self->recipe->batch;
  const struct
  {
    RaqamNetwork          **network;
    const RaqamNetworkSpec *spec;
    int                     batch;
    gboolean                train;
  } plans[] = {
    { &self->generator, generator, batch, TRUE },
    { &self->judge_pair, discriminator, 2 * batch, TRUE },
    { &self->judge, discriminator, batch, TRUE },
    { &self->sampler, generator, raqam_trainer_sampler_batch (self), FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (plans); i++)
    {
      *plans[i].network = raqam_network_new (self->backend, self->device, plans[i].spec,
                                             plans[i].batch, plans[i].train, error);
      if (*plans[i].network == NULL)
        return FALSE;
    }

  return TRUE;
}

RaqamTrainer *
raqam_trainer_new (const RaqamRecipe         *recipe,
                   RaqamDataset              *dataset,
                   const char                *device,
                   const RaqamDeviceOptions  *options,
                   GError                   **error)
{
  g_autoptr (RaqamTrainer) self = NULL;

  if (!raqam_recipe_check (recipe, recipe->name, error))
    return NULL;
  if (raqam_dataset_get_n (dataset) < (guint) recipe->batch)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
                   _("The data holds %u images, fewer than one batch of %d. "
                     "Choose more data or a smaller batch."),
                   raqam_dataset_get_n (dataset), recipe->batch);
      return NULL;
    }

  self = g_new0 (RaqamTrainer, 1);
  self->recipe = raqam_recipe_copy (recipe);
  self->dataset = raqam_dataset_ref (dataset);
  self->n_threads = options->n_threads;
  self->sampled_step = G_MAXUINT64;
  self->device = raqam_device_open (&self->backend, device, options, &self->passed_over, error);
  if (self->device == NULL
      || !make_weights (self, RAQAM_GENERATOR, error)
      || !make_weights (self, RAQAM_DISCRIMINATOR, error)
      || !make_average (self, error)
      || !make_data (self, error)
      || !make_buffers (self, error)
      || !make_networks (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
raqam_trainer_free (RaqamTrainer *self)
{
  gpointer memory[] = {
    self->average, self->sample_state, self->pulse, self->data, self->data_labels, self->order,
    self->z, self->images, self->labels, self->logits, self->d_logits, self->d_images,
    self->results, self->pulses, self->all_results, self->sample_z, self->sample_labels, self->sample_images,
  };
  RaqamNetwork *networks[] = { self->generator, self->judge_pair, self->judge, self->sampler };

  if (self->device != NULL)
    {
      if (self->recording != NULL)
        self->backend->recording_free (self->recording);
      for (guint i = 0; i < G_N_ELEMENTS (networks); i++)
        raqam_network_free (networks[i]);
      for (guint i = 0; i < G_N_ELEMENTS (memory); i++)
        self->backend->free (self->device, memory[i]);
      for (int kind = 0; kind < 2; kind++)
        {
          RaqamWeights *weights = &self->weights[kind];
          gpointer slabs[] = { weights->params, weights->state, weights->gradient, weights->m, weights->v };

          for (guint i = 0; i < G_N_ELEMENTS (slabs); i++)
            self->backend->free (self->device, slabs[i]);
        }
      self->backend->device_close (self->device);
    }

  for (guint i = 0; i < G_N_ELEMENTS (self->orders); i++)
    g_free (self->orders[i].images);
  g_free (self->passed_over);
  raqam_dataset_unref (self->dataset);
  raqam_recipe_free (self->recipe);
  g_free (self);
}

const char *
raqam_trainer_describe (RaqamTrainer *self)
{
  return self->backend->device_describe (self->device);
}

const char *
raqam_trainer_get_backend (const RaqamTrainer *self)
{
  return self->backend->name;
}

const char *
raqam_trainer_get_passed_over (const RaqamTrainer *self)
{
  return self->passed_over;
}

void
raqam_trainer_get_memory (RaqamTrainer *self, guint64 *used, guint64 *total)
{
  self->backend->device_memory (self->device, used, total);
}

guint64
raqam_trainer_get_step (const RaqamTrainer *self)
{
  return self->step;
}

double
raqam_trainer_steps_per_epoch (const RaqamTrainer *self)
{
  return (double) raqam_dataset_get_n (self->dataset) / self->recipe->batch;
}

guint64
raqam_trainer_get_n_steps (const RaqamTrainer *self)
{
  guint64 images = (guint64) self->recipe->epochs * raqam_dataset_get_n (self->dataset);

  return (images + self->recipe->batch - 1) / self->recipe->batch;
}

double
raqam_trainer_get_epoch (const RaqamTrainer *self)
{
  return self->step / raqam_trainer_steps_per_epoch (self);
}

gboolean
raqam_trainer_ends_epoch (const RaqamTrainer *self, guint64 step)
{
  guint64 n = raqam_dataset_get_n (self->dataset), batch = self->recipe->batch;

  return step > 0 && step * batch / n > (step - 1) * batch / n;
}
