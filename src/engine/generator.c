/* generator.c — draws digits from latent vectors with a model's generator.
 * SPDX-License-Identifier: MIT */

#include "engine/generator.h"

#include "engine/device.h"
#include "engine/network.h"
#include "engine/stream.h"

#include <math.h>
#include <string.h>

struct _RaqamGenerator
{
  const RaqamBackend *backend;
  RaqamDevice        *device;
  RaqamNetworkSpec    spec;
  RaqamNetwork       *network;
  RaqamRecording     *recording;    /* of a batch drawn; NULL while there is none */
  gboolean            warm;         /* a batch has been drawn */
  gboolean            unrecordable; /* the device refused */
  char               *passed_over;  /* why it is not the GPU, or NULL */
  int                 batch;

  /* Device memory. */
  float  *params;
  float  *state;
  float  *z;      /* (batch, latent) */
  guint8 *labels; /* (batch) */
  float  *images; /* (batch, 784) */

  /* Host memory. */
  float  *host_z;
  guint8 *host_labels;
  float  *host_images;
};

static gboolean
allocate (RaqamGenerator *self, GError **error)
{
  const RaqamBackend *backend = self->backend;
  gsize latent = raqam_generator_get_latent (self);
  gsize batch = self->batch;

  return (self->params = backend->alloc (self->device, sizeof (float) * self->spec.n_params, error)) != NULL
         && (self->state = backend->alloc (self->device, sizeof (float) * MAX (self->spec.n_state, 1), error)) != NULL
         && (self->z = backend->alloc (self->device, sizeof (float) * batch * latent, error)) != NULL
         && (self->labels = backend->alloc (self->device, batch, error)) != NULL
         && (self->images = backend->alloc (self->device, sizeof (float) * batch * RAQAM_IMAGE_SIZE, error)) != NULL;
}

RaqamGenerator *
raqam_generator_new (const RaqamModel          *model,
                     const char                *device,
                     const RaqamDeviceOptions  *options,
                     int                        batch,
                     GError                   **error)
{
  g_autoptr (RaqamGenerator) self = g_new0 (RaqamGenerator, 1);

  g_return_val_if_fail (batch > 0, NULL);

  self->batch = batch;
  raqam_network_spec_init (&self->spec, model->recipe, RAQAM_GENERATOR);
  self->host_z = g_new0 (float, (gsize) batch * model->recipe->latent);
  self->host_labels = g_new0 (guint8, batch);
  self->host_images = g_new0 (float, (gsize) batch * RAQAM_IMAGE_SIZE);

  self->device = raqam_device_open (&self->backend, device, options, &self->passed_over, error);
  if (self->device == NULL || !allocate (self, error))
    return NULL;

  self->network = raqam_network_new (self->backend, self->device, &self->spec, batch, FALSE, error);
  if (self->network == NULL || !raqam_generator_set_model (self, model, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
raqam_generator_free (RaqamGenerator *self)
{
  if (self->device != NULL)
    {
      gpointer memory[] = { self->params, self->state, self->z, self->labels, self->images };

      if (self->recording != NULL)
        self->backend->recording_free (self->recording);
      raqam_network_free (self->network);
      for (guint i = 0; i < G_N_ELEMENTS (memory); i++)
        self->backend->free (self->device, memory[i]);
      self->backend->device_close (self->device);
    }
  g_free (self->host_z);
  g_free (self->host_labels);
  g_free (self->host_images);
  g_free (self->passed_over);
  g_free (self);
}

const char *
raqam_generator_describe (RaqamGenerator *self)
{
  return self->backend->device_describe (self->device);
}

const char *
raqam_generator_get_backend (const RaqamGenerator *self)
{
  return self->backend->name;
}

const char *
raqam_generator_get_passed_over (const RaqamGenerator *self)
{
  return self->passed_over;
}

gboolean
raqam_generator_fits (const RaqamGenerator *self, const RaqamModel *model)
{
  RaqamNetworkSpec spec;

  raqam_network_spec_init (&spec, model->recipe, RAQAM_GENERATOR);
  return memcmp (&spec, &self->spec, sizeof spec) == 0;
}

gboolean
raqam_generator_set_model (RaqamGenerator *self, const RaqamModel *model, GError **error)
{
  const RaqamBackend *backend = self->backend;

  return backend->upload (self->device, self->params, model->params, sizeof (float) * model->n_params, error)
         && backend->upload (self->device, self->state, model->state, sizeof (float) * model->n_state, error)
         && raqam_network_prepare (self->network, self->params, self->state, FALSE, error);
}

int
raqam_generator_get_latent (const RaqamGenerator *self)
{
  return self->spec.block[0].in_c;
}

static gboolean
forward_calls (gpointer data, GError **error)
{
  RaqamGenerator *self = data;
  RaqamForward how = { .mode = RAQAM_MODE_INFER };

  return raqam_network_forward (self->network, self->images, self->z, self->labels, &how, error);
}

/* As a step of the trainer: recorded once a first one has run plainly. */
static gboolean
forward (RaqamGenerator *self, GError **error)
{
  g_autoptr (GError) why_not = NULL;

  if (self->recording == NULL && self->warm && !self->unrecordable && self->backend->record != NULL
      && !self->backend->record (self->device, &self->recording, forward_calls, self, &why_not))
    {
      self->unrecordable = TRUE;
      self->recording = NULL;
      g_warning ("Pictures are drawn call by call, which is slower: %s", why_not->message);
    }

  self->warm = TRUE;
  return self->recording != NULL ? self->backend->replay (self->recording, error)
                                 : forward_calls (self, error);
}

/* @images: (n, 784) */
static gboolean
draw_batch (RaqamGenerator *self, float *images, const float *z, const guint8 *labels, int n,
            GError **error)
{
  const RaqamBackend *backend = self->backend;
  gsize latent = raqam_generator_get_latent (self);

  /* What lies behind the n images asked for is drawn too and thrown away. */
  memcpy (self->host_z, z, sizeof (float) * n * latent);
  memcpy (self->host_labels, labels, n);

  return backend->upload (self->device, self->z, self->host_z, sizeof (float) * self->batch * latent, error)
         && backend->upload (self->device, self->labels, self->host_labels, self->batch, error)
         && forward (self, error)
         && backend->download (self->device, images, self->images,
                               sizeof (float) * n * RAQAM_IMAGE_SIZE, error);
}

gboolean
raqam_generator_draw_floats (RaqamGenerator *self, float *images, const float *z,
                             const guint8 *labels, int n, GError **error)
{
  gsize latent = raqam_generator_get_latent (self);

  for (int i = 0; i < n; i += self->batch)
    if (!draw_batch (self, images + (gsize) i * RAQAM_IMAGE_SIZE, z + i * latent, labels + i,
                     MIN (self->batch, n - i), error))
      return FALSE;

  return TRUE;
}

gboolean
raqam_generator_draw (RaqamGenerator *self, guint8 *pixels, const float *z, const guint8 *labels,
                      int n, GError **error)
{
  gsize latent = raqam_generator_get_latent (self);

  for (int i = 0; i < n; i += self->batch)
    {
      int some = MIN (self->batch, n - i);
      guint8 *to = pixels + (gsize) i * RAQAM_IMAGE_SIZE;

      if (!draw_batch (self, self->host_images, z + i * latent, labels + i, some, error))
        return FALSE;
      for (gsize k = 0; k < (gsize) some * RAQAM_IMAGE_SIZE; k++)
        to[k] = (guint8) lrintf (255.0f * CLAMP (self->host_images[k], 0.0f, 1.0f));
    }
  return TRUE;
}

void
raqam_generator_random_latents (float *z, int n, int latent, guint64 seed, guint64 first)
{
  int blocks = (latent + 3) / 4;

  for (int p = 0; p < n; p++)
    for (int b = 0; b < blocks; b++)
      {
        float four[4];

        raqam_philox_normal (four, raqam_philox (seed, 0, RAQAM_STREAM_GENERATE,
                                                 (guint32) ((first + p) * blocks + b)));
        memcpy (z + (gsize) p * latent + b * 4, four, sizeof (float) * MIN (4, latent - b * 4));
      }
}

void
raqam_generator_threshold (guint8 *pixels, gsize n, double threshold)
{
  for (gsize i = 0; i < n; i++)
    pixels[i] = pixels[i] >= threshold * 255.0 ? 255 : 0;
}

/* Of what is drawn behind a threshold: what is up to here is paper, and how fast ink begins. */
#define PAPER (0.49 * 255)
#define STEEPNESS 12.5

static gboolean
has_threshold (const RaqamRecipe *recipe)
{
  return recipe->generator[recipe->n_generator - 1].threshold;
}

void
raqam_generator_clear_paper (guint8 *pixels, gsize n, const RaqamRecipe *recipe)
{
  if (!has_threshold (recipe))
    return;

  for (gsize i = 0; i < n; i++)
    pixels[i] = (guint8) CLAMP ((pixels[i] - PAPER) * STEEPNESS, 0, 255);
}

void
raqam_generator_binarise (guint8 *pixels, gsize n, const RaqamRecipe *recipe)
{
  double half = has_threshold (recipe) ? (127.5 - PAPER) * STEEPNESS : 127.5;

  raqam_generator_threshold (pixels, n, half / 255.0);
}
