/* sampler.c — draws from the generator that is being trained.
 * SPDX-License-Identifier: MIT */

#include "engine/trainer-private.h"

#include "engine/model-private.h"
#include "engine/stream.h"

#include <math.h>
#include <string.h>

int
raqam_trainer_sampler_batch (const RaqamTrainer *self)
{
  return RAQAM_MAX_SAMPLE_ROWS * self->recipe->n_classes;
}

const float *
raqam_trainer_sampled_params (const RaqamTrainer *self)
{
  return self->average != NULL ? self->average : self->weights[RAQAM_GENERATOR].params;
}

static gboolean
upload_labels (RaqamTrainer *self, GError **error)
{
  int batch = raqam_trainer_sampler_batch (self);
  g_autofree guint8 *labels = g_new (guint8, batch);

  for (int i = 0; i < batch; i++)
    labels[i] = (guint8) (i % self->recipe->n_classes);

  return self->backend->upload (self->device, self->sample_labels, labels, batch, error);
}

/* The average's own norm statistics: means over freshly drawn batches. */
static gboolean
calibrate (RaqamTrainer *self, int n_images, GError **error)
{
  int batch = raqam_trainer_sampler_batch (self);
  int n_batches = (n_images + batch - 1) / batch;

  for (int k = 0; k < n_batches; k++)
    {
      RaqamPulse pulse = { .seed = self->recipe->seed, .step = k };
      RaqamForward how = { .mode = RAQAM_MODE_TRAIN, .update = 1.0f / (k + 1), .pulse = self->pulse };

      if (!self->backend->upload (self->device, self->pulse, &pulse, sizeof pulse, error)
          || !self->backend->normal (self->device, self->sample_z, (gsize) batch * self->recipe->latent,
                                     RAQAM_STREAM_CALIBRATE, self->pulse, error)
          || !raqam_network_forward (self->sampler, self->sample_images, self->sample_z,
                                     self->sample_labels, &how, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
raqam_trainer_prepare_sampler (RaqamTrainer *self, int calibration, GError **error)
{
  const RaqamWeights *weights = &self->weights[RAQAM_GENERATOR];
  int n_images = self->recipe->calibration > 0 && calibration > 0 ? calibration
                                                                   : self->recipe->calibration;

  if (self->sampled_step == self->step && self->sampled_n_images == n_images)
    return TRUE;

  self->sampled_step = G_MAXUINT64;
  if (!upload_labels (self, error)
      || !self->backend->copy (self->device, self->sample_state, weights->state,
                               sizeof (float) * weights->spec.n_state, error)
      || !raqam_network_prepare (self->sampler, raqam_trainer_sampled_params (self),
                                 self->sample_state, FALSE, error))
    return FALSE;
  if (n_images > 0 && !calibrate (self, n_images, error))
    return FALSE;

  self->sampled_step = self->step;
  self->sampled_n_images = n_images;
  return TRUE;
}

/* Row r of the grid has one latent vector, number r of the stream, for all digits. */
static void
sample_latents (float *z, const RaqamRecipe *recipe)
{
  gsize latent = recipe->latent;

  for (int r = 0; r < RAQAM_MAX_SAMPLE_ROWS; r++)
    {
      float *row = z + (gsize) r * recipe->n_classes * latent;

      for (gsize i = 0; i < latent; i += 4)
        {
          guint32 block = (guint32) (r * ((latent + 3) / 4) + i / 4);
          float four[4];

          raqam_philox_normal (four, raqam_philox (recipe->seed, 0, RAQAM_STREAM_SAMPLE, block));
          memcpy (row + i, four, sizeof (float) * MIN (4, latent - i));
        }
      for (int d = 1; d < recipe->n_classes; d++)
        memcpy (row + d * latent, row, sizeof (float) * latent);
    }
}

gboolean
raqam_trainer_sample (RaqamTrainer *self, guint8 *pixels, int n_rows, int calibration,
                      GError **error)
{
  gsize n_z = (gsize) raqam_trainer_sampler_batch (self) * self->recipe->latent;
  gsize n_pixels = (gsize) n_rows * self->recipe->n_classes * RAQAM_IMAGE_SIZE;
  g_autofree float *z = g_new (float, n_z);
  g_autofree float *images = g_new (float, n_pixels);
  RaqamForward how = { .mode = RAQAM_MODE_INFER };

  g_return_val_if_fail (n_rows >= 1 && n_rows <= RAQAM_MAX_SAMPLE_ROWS, FALSE);

  sample_latents (z, self->recipe);
  if (!raqam_trainer_prepare_sampler (self, calibration, error)
      || !self->backend->upload (self->device, self->sample_z, z, sizeof (float) * n_z, error)
      || !raqam_network_forward (self->sampler, self->sample_images, self->sample_z,
                                 self->sample_labels, &how, error)
      || !self->backend->download (self->device, images, self->sample_images,
                                   sizeof (float) * n_pixels, error))
    return FALSE;

  for (gsize i = 0; i < n_pixels; i++)
    pixels[i] = (guint8) lrintf (255.0f * CLAMP (images[i], 0.0f, 1.0f));

  return TRUE;
}

RaqamModel *
raqam_trainer_snapshot (RaqamTrainer *self, int calibration, GError **error)
{
  const RaqamWeights *judge = &self->weights[RAQAM_DISCRIMINATOR];
  g_autoptr (RaqamModel) model = raqam_model_new (self->recipe);
  RaqamNetworkSpec spec;

  raqam_model_add_discriminator (model, &spec);
  model->step = self->step;
  model->epoch = raqam_trainer_get_epoch (self);

  if (!raqam_trainer_prepare_sampler (self, calibration, error)
      || !self->backend->download (self->device, model->params, raqam_trainer_sampled_params (self),
                                   sizeof (float) * model->n_params, error)
      || !self->backend->download (self->device, model->state, self->sample_state,
                                   sizeof (float) * model->n_state, error)
      || !self->backend->download (self->device, model->discriminator_params, judge->params,
                                   sizeof (float) * spec.n_params, error)
      || !self->backend->download (self->device, model->discriminator_state, judge->state,
                                   sizeof (float) * spec.n_state, error))
    return NULL;

  return g_steal_pointer (&model);
}
