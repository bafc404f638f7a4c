/* classifier.c — a small CNN that reads digits, the judge of what a GAN draws.
 * SPDX-License-Identifier: MIT */

#include "engine/classifier-private.h"

#include "engine/device.h"
#include "engine/safetensors.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define N_CLASSES RAQAM_DATASET_CLASSES
#define META_DATA "raqam.classifier.data"
#define META_VERSION "raqam.classifier.version"

/* Raised when the layers or raqam_classifier_training change: what was kept
 * before is then another judge. */
#define VERSION "2"

/* The layer whose output are the features. */
#define FEATURES_BLOCK 4

/* Convolutions with batch norm and ReLU: a dense layer is one over the whole plane. */
static const struct
{
  int side, channels, kernel, stride;
} LAYERS[] = {
  { 14, 32, 5, 2 },
  { 14, 32, 3, 1 },
  { 7, 64, 3, 2 },
  { 7, 64, 3, 1 },
  { 1, RAQAM_CLASSIFIER_FEATURES, 7, 7 },
  { 1, N_CLASSES, 1, 1 },
};

static void
make_spec (RaqamNetworkSpec *spec)
{
  int side = RAQAM_IMAGE_SIDE, channels = 1;

  memset (spec, 0, sizeof *spec);
  spec->kind = RAQAM_DISCRIMINATOR;
  for (guint i = 0; i < G_N_ELEMENTS (LAYERS); i++)
    {
      gboolean last = i == G_N_ELEMENTS (LAYERS) - 1;
      int padding = MAX (0, (LAYERS[i].side - 1) * LAYERS[i].stride + LAYERS[i].kernel - side);
      RaqamBlockSpec block = {
        .kind = RAQAM_BLOCK_CONV,
        .in_h = side, .in_w = side, .in_c = channels,
        .out_h = LAYERS[i].side, .out_w = LAYERS[i].side, .out_c = LAYERS[i].channels,
        .kernel = LAYERS[i].kernel,
        .stride = LAYERS[i].stride,
        .pad = padding / 2,
        .n_classes = N_CLASSES,
        .bias = last,
        .norm = last ? RAQAM_NORM_NONE : RAQAM_NORM_BATCH,
        .norm_place = RAQAM_NORM_BEFORE_ACTIVATION,
        .norm_epsilon = 1e-5f,
        .activation = last ? RAQAM_ACTIVATION_NONE : RAQAM_ACTIVATION_LEAKY_RELU,
      };

      raqam_network_spec_add (spec, &block);
      side = LAYERS[i].side;
      channels = LAYERS[i].channels;
    }
}

static gboolean
allocate (float **memory, RaqamClassifier *self, gsize n, GError **error)
{
  *memory = self->backend->alloc (self->device, sizeof (float) * n, error);
  return *memory != NULL;
}

static gboolean
upload_initial (RaqamClassifier *self, guint64 seed, GError **error)
{
  RaqamRecipe recipe = { .initial = RAQAM_INITIAL_GLOROT_UNIFORM, .seed = seed };
  g_autofree float *params = g_new (float, self->spec.n_params);
  g_autofree float *state = g_new (float, self->spec.n_state);

  raqam_network_initialise (params, state, &self->spec, &recipe);
  return self->backend->upload (self->device, self->params, params, sizeof (float) * self->spec.n_params, error)
         && self->backend->upload (self->device, self->state, state, sizeof (float) * self->spec.n_state, error);
}

RaqamClassifier *
raqam_classifier_new (guint64 seed, const char *device, const RaqamDeviceOptions *options,
                      GError **error)
{
  g_autoptr (RaqamClassifier) self = g_new0 (RaqamClassifier, 1);
  gsize batch = RAQAM_CLASSIFIER_BATCH;

  make_spec (&self->spec);
  self->host_images = g_new (float, batch * RAQAM_IMAGE_SIZE);
  self->host_logits = g_new (float, batch * N_CLASSES);
  self->host_features = g_new (float, batch * RAQAM_CLASSIFIER_FEATURES);

  self->device = raqam_device_open (&self->backend, device, options, NULL, error);
  if (self->device == NULL
      || !allocate (&self->params, self, self->spec.n_params, error)
      || !allocate (&self->state, self, self->spec.n_state, error)
      || !allocate (&self->images, self, batch * RAQAM_IMAGE_SIZE, error)
      || !allocate (&self->logits, self, batch * N_CLASSES, error)
      || !upload_initial (self, seed, error))
    return NULL;

  self->reader = raqam_network_new (self->backend, self->device, &self->spec, (int) batch, FALSE, error);
  return self->reader != NULL ? g_steal_pointer (&self) : NULL;
}

void
raqam_classifier_free (RaqamClassifier *self)
{
  if (self->device != NULL)
    {
      float *memory[] = { self->params, self->state, self->images, self->logits };

      raqam_network_free (self->reader);
      raqam_network_free (self->single);
      for (guint i = 0; i < G_N_ELEMENTS (memory); i++)
        self->backend->free (self->device, memory[i]);
      self->backend->device_close (self->device);
    }
  g_free (self->host_images);
  g_free (self->host_logits);
  g_free (self->host_features);
  g_free (self);
}

gboolean
raqam_classifier_prepare (RaqamClassifier *self, GError **error)
{
  return raqam_network_prepare (self->reader, self->params, self->state, FALSE, error)
         && (self->single == NULL
             || raqam_network_prepare (self->single, self->params, self->state, FALSE, error));
}

/* One image in a batch that is thrown away but for it would take longer than a frame. */
static RaqamNetwork *
reader_of (RaqamClassifier *self, gsize n, GError **error)
{
  if (n > 1)
    return self->reader;
  if (self->single == NULL)
    {
      self->single = raqam_network_new (self->backend, self->device, &self->spec, 1, FALSE, error);
      if (self->single != NULL
          && !raqam_network_prepare (self->single, self->params, self->state, FALSE, error))
        g_clear_pointer (&self->single, raqam_network_free);
    }
  return self->single;
}

void
raqam_softmax (float *probabilities, const float *logits, gsize n, int n_classes)
{
  for (gsize i = 0; i < n; i++, logits += n_classes, probabilities += n_classes)
    {
      float largest = logits[0];
      double sum = 0;

      for (int c = 1; c < n_classes; c++)
        largest = MAX (largest, logits[c]);
      for (int c = 0; c < n_classes; c++)
        sum += exp ((double) logits[c] - largest);
      for (int c = 0; c < n_classes; c++)
        probabilities[c] = (float) (exp ((double) logits[c] - largest) / sum);
    }
}

/* At most a batch; what lies behind it in the buffers is read too and thrown away. */
static gboolean
read_batch (RaqamClassifier *self, float *probabilities, float *features, const guint8 *images,
            gsize n, GError **error)
{
  const RaqamBackend *backend = self->backend;
  RaqamForward how = { .mode = RAQAM_MODE_INFER };
  gsize n_features = n * RAQAM_CLASSIFIER_FEATURES;
  RaqamNetwork *reader = reader_of (self, n, error);

  if (reader == NULL)
    return FALSE;
  for (gsize i = 0; i < n * RAQAM_IMAGE_SIZE; i++)
    self->host_images[i] = images[i] / 255.0f;

  if (!backend->upload (self->device, self->images, self->host_images,
                        sizeof (float) * n * RAQAM_IMAGE_SIZE, error)
      || !raqam_network_forward (reader, self->logits, self->images, NULL, &how, error)
      || !backend->download (self->device, self->host_logits, self->logits,
                             sizeof (float) * n * N_CLASSES, error))
    return FALSE;

  if (probabilities != NULL)
    raqam_softmax (probabilities, self->host_logits, n, N_CLASSES);
  return features == NULL
         || backend->download (self->device, features,
                               raqam_network_get_activation (reader, FEATURES_BLOCK),
                               sizeof (float) * n_features, error);
}

gboolean
raqam_classifier_read (RaqamClassifier *self, float *probabilities, float *features,
                       const guint8 *images, gsize n, GError **error)
{
  for (gsize i = 0; i < n; i += RAQAM_CLASSIFIER_BATCH)
    if (!read_batch (self, probabilities != NULL ? probabilities + i * N_CLASSES : NULL,
                     features != NULL ? features + i * RAQAM_CLASSIFIER_FEATURES : NULL,
                     images + i * RAQAM_IMAGE_SIZE, MIN (n - i, RAQAM_CLASSIFIER_BATCH), error))
      return FALSE;

  return TRUE;
}

char *
raqam_classifier_make_checksum (RaqamClassifier *self, GError **error)
{
  g_autofree float *params = g_new (float, self->spec.n_params);
  g_autofree float *state = g_new (float, self->spec.n_state);

  if (!self->backend->download (self->device, params, self->params, sizeof (float) * self->spec.n_params, error)
      || !self->backend->download (self->device, state, self->state, sizeof (float) * self->spec.n_state, error))
    return NULL;

  return raqam_network_spec_checksum (&self->spec, params, state);
}

const char *
raqam_classifier_get_backend (const RaqamClassifier *self)
{
  return self->backend->name;
}

char *
raqam_classifier_cache_path (const char *data_checksum)
{
  g_autofree char *name = g_strconcat (data_checksum, ".safetensors", NULL);

  return g_build_filename (g_get_user_cache_dir (), "raqam", "classifiers", name, NULL);
}

static gboolean
write_slabs (const float *params, const float *state, const RaqamNetworkSpec *spec, const char *path,
             const char *data_checksum, GError **error)
{
  RaqamTensorInfo infos[RAQAM_MAX_TENSORS];
  RaqamTensor tensors[RAQAM_MAX_TENSORS];
  int n = raqam_network_spec_tensors (infos, spec);
  const char *metadata[] = { META_DATA, data_checksum, META_VERSION, VERSION, NULL };

  for (int i = 0; i < n; i++)
    {
      tensors[i] = (RaqamTensor) {
        .name = infos[i].name,
        .dtype = RAQAM_DTYPE_F32,
        .n_dims = infos[i].n_dims,
        .data = (infos[i].state ? state : params) + infos[i].offset,
      };
      memcpy (tensors[i].shape, infos[i].shape, sizeof infos[i].shape);
    }

  return raqam_safetensors_write (path, tensors, n, metadata, error);
}

gboolean
raqam_classifier_save (RaqamClassifier *self, const char *path, const char *data_checksum,
                       GError **error)
{
  g_autofree float *params = g_new (float, self->spec.n_params);
  g_autofree float *state = g_new (float, self->spec.n_state);

  return self->backend->download (self->device, params, self->params, sizeof (float) * self->spec.n_params, error)
         && self->backend->download (self->device, state, self->state, sizeof (float) * self->spec.n_state, error)
         && write_slabs (params, state, &self->spec, path, data_checksum, error);
}

static gboolean
read_slabs (float *params, float *state, const RaqamNetworkSpec *spec, const char *path,
            const char *data_checksum, GError **error)
{
  g_autoptr (RaqamSafetensors) file = raqam_safetensors_open (path, error);
  RaqamTensorInfo infos[RAQAM_MAX_TENSORS];
  int n = raqam_network_spec_tensors (infos, spec);

  if (file == NULL)
    return FALSE;
  if (!raqam_safetensors_has_checksum (file)
      || g_strcmp0 (raqam_safetensors_get_metadata (file, META_VERSION), VERSION) != 0
      || g_strcmp0 (raqam_safetensors_get_metadata (file, META_DATA), data_checksum) != 0)
    {
      g_autofree char *name = g_filename_display_name (path);

      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT,
                   _("“%s” is not a classifier of this version, trained on this data."), name);
      return FALSE;
    }

  for (int i = 0; i < n; i++)
    if (!raqam_safetensors_read (file, (infos[i].state ? state : params) + infos[i].offset,
                                 infos[i].name, RAQAM_DTYPE_F32, infos[i].n_dims, infos[i].shape,
                                 error))
      return FALSE;

  return TRUE;
}

RaqamClassifier *
raqam_classifier_load (const char *path, const char *data_checksum, const char *device,
                       const RaqamDeviceOptions *options, GError **error)
{
  g_autoptr (RaqamClassifier) self = raqam_classifier_new (0, device, options, error);
  g_autofree float *params = NULL;
  g_autofree float *state = NULL;

  if (self == NULL)
    return NULL;

  params = g_new0 (float, self->spec.n_params);
  state = g_new0 (float, self->spec.n_state);
  if (!read_slabs (params, state, &self->spec, path, data_checksum, error)
      || !self->backend->upload (self->device, self->params, params, sizeof (float) * self->spec.n_params, error)
      || !self->backend->upload (self->device, self->state, state, sizeof (float) * self->spec.n_state, error)
      || !raqam_classifier_prepare (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
raqam_classifier_keep (RaqamClassifier *self, const char *data_checksum)
{
  g_autofree char *path = raqam_classifier_cache_path (data_checksum);
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_mkdir_with_parents (folder, 0777) == 0)
    raqam_classifier_save (self, path, data_checksum, NULL);
}
