/* trainer.c — trains a recipe's two networks on a data set, a step at a time.
 * SPDX-License-Identifier: MIT */

#include "engine/trainer-private.h"

#include "engine/device.h"
#include "engine/shuffle.h"
#include "engine/stream.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static const float REAL = 0.0f, FAKE = 1.0f; /* the discriminator's targets */

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

  self->host_order = g_new (guint32, order_size);
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
         && allocate_floats (&self->z, self, batch * latent, error)
         && allocate_floats (&self->images, self, 2 * batch * RAQAM_IMAGE_SIZE, error)
         && allocate ((gpointer *) &self->labels, self, 2 * batch, error)
         && allocate_floats (&self->logits, self, 2 * batch, error)
         && allocate_floats (&self->d_logits, self, 2 * batch, error)
         && allocate_floats (&self->d_images, self, batch * RAQAM_IMAGE_SIZE, error)
         && allocate_floats (&self->results, self, 8, error)
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
  self->device = raqam_device_open (&self->backend, device, options, NULL, error);
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
    self->results, self->sample_z, self->sample_labels, self->sample_images,
  };
  RaqamNetwork *networks[] = { self->generator, self->judge_pair, self->judge, self->sampler };

  if (self->device != NULL)
    {
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

  g_free (self->host_order);
  raqam_dataset_unref (self->dataset);
  raqam_recipe_free (self->recipe);
  g_free (self);
}

const char *
raqam_trainer_describe (RaqamTrainer *self)
{
  return self->backend->device_describe (self->device);
}

guint64
raqam_trainer_get_step (const RaqamTrainer *self)
{
  return self->step;
}

static double
steps_per_epoch (const RaqamTrainer *self)
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
  return self->step / steps_per_epoch (self);
}

gboolean
raqam_trainer_ends_epoch (const RaqamTrainer *self, guint64 step)
{
  guint64 n = raqam_dataset_get_n (self->dataset), batch = self->recipe->batch;

  return step > 0 && step * batch / n > (step - 1) * batch / n;
}

/* Batches run on across the end of an epoch, so that every image is seen once an epoch. */
static gboolean
upload_order (RaqamTrainer *self, guint64 epoch, GError **error)
{
  gsize n = raqam_dataset_get_n (self->dataset), batch = self->recipe->batch;
  g_autofree guint32 *next = NULL;

  if (self->order_epoch == epoch)
    return TRUE;

  next = g_new (guint32, n);
  raqam_shuffle (next, n, self->recipe->seed, epoch + 1);
  raqam_shuffle (self->host_order, n, self->recipe->seed, epoch);
  memcpy (self->host_order + n, next, sizeof (guint32) * batch);
  if (!self->backend->upload (self->device, self->order, self->host_order,
                              sizeof (guint32) * (n + batch), error))
    return FALSE;

  self->order_epoch = epoch;
  return TRUE;
}

static gboolean
upload_pulse (RaqamTrainer *self, float rate[2], GError **error)
{
  const RaqamRecipe *recipe = self->recipe;
  guint64 first = self->step * recipe->batch;
  guint64 n = raqam_dataset_get_n (self->dataset);
  double t = (double) self->step + 1;
  double correction = sqrt (1 - pow (recipe->beta2, t)) / (1 - pow (recipe->beta1, t));
  RaqamPulse pulse = {
    .seed = recipe->seed,
    .step = self->step,
    .position = first % n,
    .ema_decay = MIN (recipe->ema_decay, (float) (t / (t + 9))),
  };

  raqam_recipe_rates (rate, recipe, self->step, steps_per_epoch (self));
  for (int kind = 0; kind < 2; kind++)
    pulse.rate[kind] = (float) (rate[kind] * correction);

  return upload_order (self, first / n, error)
         && self->backend->upload (self->device, self->pulse, &pulse, sizeof pulse, error);
}

static gboolean
draw_fakes (RaqamTrainer *self, guint32 stream, GError **error)
{
  const RaqamRecipe *recipe = self->recipe;
  RaqamForward how = {
    .mode = RAQAM_MODE_TRAIN,
    .update = 1 - recipe->norm_momentum,
    .pulse = self->pulse,
  };

  return self->backend->normal (self->device, self->z, (gsize) recipe->batch * recipe->latent, stream,
                                self->pulse, error)
         && raqam_network_forward (self->generator, self->images, self->z, self->labels, &how, error);
}

static gboolean
learn (RaqamTrainer *self, RaqamNetworkKind kind, GError **error)
{
  const RaqamWeights *weights = &self->weights[kind];
  const RaqamRecipe *recipe = self->recipe;

  return self->backend->adam (self->device, weights->params, weights->m, weights->v, weights->gradient,
                              weights->spec.n_params, &self->pulse->rate[kind], recipe->beta1,
                              recipe->beta2, recipe->epsilon, error);
}

static gboolean
judge (RaqamTrainer *self, RaqamNetwork *network, int n, guint32 stream, float fake_target,
       float *results, GError **error)
{
  const RaqamWeights *weights = &self->weights[RAQAM_DISCRIMINATOR];
  RaqamForward how = { .mode = RAQAM_MODE_TRAIN, .stream = stream, .pulse = self->pulse };

  return raqam_network_prepare (network, weights->params, weights->state, TRUE, error)
         && raqam_network_forward (network, self->logits, self->images, self->labels, &how, error)
         && self->backend->bce (self->device, self->d_logits, results, self->logits, n,
                                self->recipe->batch, fake_target, REAL, error);
}

static gboolean
step_discriminator (RaqamTrainer *self, GError **error)
{
  const RaqamBackend *backend = self->backend;
  RaqamWeights *weights = &self->weights[RAQAM_DISCRIMINATOR];
  int batch = self->recipe->batch;

  return backend->gather (self->device, self->images + (gsize) batch * RAQAM_IMAGE_SIZE,
                          self->labels + batch, self->data, self->data_labels, self->order, batch,
                          RAQAM_IMAGE_SIZE, self->pulse, error)
         && backend->copy (self->device, self->labels, self->labels + batch, batch, error)
         && raqam_network_prepare (self->generator, self->weights[RAQAM_GENERATOR].params,
                                   self->weights[RAQAM_GENERATOR].state, TRUE, error)
         && draw_fakes (self, RAQAM_STREAM_LATENT_D, error)
         && judge (self, self->judge_pair, 2 * batch, RAQAM_STREAM_DROPOUT_D, FAKE, self->results, error)
         && raqam_network_backward (self->judge_pair, NULL, weights->gradient, self->d_logits, error)
         && learn (self, RAQAM_DISCRIMINATOR, error);
}

static gboolean
step_generator (RaqamTrainer *self, GError **error)
{
  RaqamWeights *weights = &self->weights[RAQAM_GENERATOR];
  int batch = self->recipe->batch;

  if (!self->recipe->one_fake_batch && !draw_fakes (self, RAQAM_STREAM_LATENT_G, error))
    return FALSE;
  if (!judge (self, self->judge, batch, RAQAM_STREAM_DROPOUT_G, REAL, self->results + 4, error)
      || !raqam_network_backward (self->judge, self->d_images, NULL, self->d_logits, error)
      || !raqam_network_backward (self->generator, NULL, weights->gradient, self->d_images, error)
      || !learn (self, RAQAM_GENERATOR, error))
    return FALSE;

  return self->average == NULL
         || self->backend->average (self->device, self->average, weights->params,
                                    weights->spec.n_params, &self->pulse->ema_decay, error);
}

static gboolean
report (RaqamTrainer *self, RaqamPoint *point, const float rate[2], GError **error)
{
  float results[8];

  if (!self->backend->download (self->device, results, self->results, sizeof results, error))
    return FALSE;

  *point = (RaqamPoint) {
    .step = self->step,
    .epoch = raqam_trainer_get_epoch (self),
    .loss = { results[4], 0.5f * (results[0] + results[1]) },
    .p_real = { 1 - results[3], 1 - results[2] },
    .rate = { rate[0], rate[1] },
  };
  if (isfinite (point->loss[0]) && isfinite (point->loss[1]))
    return TRUE;

  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DIVERGED,
               _("Training broke down at step %" PRIu64 " (epoch %.2f): the loss of the %s is "
                 "not a number any more. The last good checkpoint is kept. A lower learning rate "
                 "usually helps."),
               self->step, point->epoch,
               isfinite (point->loss[1]) ? _("generator") : _("discriminator"));
  return FALSE;
}

gboolean
raqam_trainer_step (RaqamTrainer *self, RaqamPoint *point, GError **error)
{
  float rate[2];

  if (!upload_pulse (self, rate, error)
      || !step_discriminator (self, error)
      || !step_generator (self, error))
    return FALSE;

  self->step++;
  return report (self, point, rate, error);
}
