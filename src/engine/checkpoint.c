/* checkpoint.c — saves a training and restores it.
 * SPDX-License-Identifier: MIT */

#include "engine/trainer-private.h"

#include "engine/model-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* A slab of weights and one of state in host memory, saved under one name. */
typedef struct
{
  const char             *group;
  const RaqamNetworkSpec *spec;
  float                  *params;
  float                  *state; /* NULL: the group has none */

  /* Where they lie on the device. */
  float *device_params;
  float *device_state;
} Group;

#define MAX_GROUPS 7

static int
list_groups (Group *groups, RaqamTrainer *self)
{
  static const char *const NAMES[2] = { RAQAM_GROUP_GENERATOR, RAQAM_GROUP_DISCRIMINATOR };
  static const char *const FIRST_MOMENTS[2] = { "adam.m.generator", "adam.m.discriminator" };
  static const char *const SECOND_MOMENTS[2] = { "adam.v.generator", "adam.v.discriminator" };
  int n = 0;

  for (int kind = 0; kind < 2; kind++)
    {
      RaqamWeights *weights = &self->weights[kind];

      groups[n++] = (Group) { .group = NAMES[kind], .spec = &weights->spec,
                              .device_params = weights->params, .device_state = weights->state };
      groups[n++] = (Group) { .group = FIRST_MOMENTS[kind], .spec = &weights->spec, .device_params = weights->m };
      groups[n++] = (Group) { .group = SECOND_MOMENTS[kind], .spec = &weights->spec, .device_params = weights->v };
    }
  if (self->average != NULL)
    groups[n++] = (Group) { .group = RAQAM_GROUP_AVERAGE, .spec = &self->weights[RAQAM_GENERATOR].spec,
                            .device_params = self->average, .device_state = self->sample_state };

  for (int i = 0; i < n; i++)
    {
      groups[i].params = g_new0 (float, groups[i].spec->n_params);
      if (groups[i].device_state != NULL)
        groups[i].state = g_new0 (float, MAX (groups[i].spec->n_state, 1));
    }

  return n;
}

static void
clear_groups (Group *groups, int n)
{
  for (int i = 0; i < n; i++)
    {
      g_free (groups[i].params);
      g_free (groups[i].state);
    }
}

static gboolean
is_finite (const float *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (!isfinite (values[i]))
      return FALSE;

  return TRUE;
}

static gboolean
download_groups (Group *groups, int n, RaqamTrainer *self, GError **error)
{
  for (int i = 0; i < n; i++)
    {
      Group *group = &groups[i];
      gsize n_params = group->spec->n_params, n_state = group->state != NULL ? group->spec->n_state : 0;

      if (!self->backend->download (self->device, group->params, group->device_params,
                                    sizeof (float) * n_params, error))
        return FALSE;
      if (n_state > 0
          && !self->backend->download (self->device, group->state, group->device_state,
                                       sizeof (float) * n_state, error))
        return FALSE;
      if (is_finite (group->params, n_params) && is_finite (group->state, n_state))
        continue;

      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DIVERGED,
                   _("Training broke down at step %" PRIu64 ": the numbers in “%s” are not "
                     "finite any more. The last good checkpoint is kept. A lower learning rate usually "
                     "helps."),
                   self->step, group->group);
      return FALSE;
    }

  return TRUE;
}

/* The names are @names', the data the groups'. */
static void
add_tensors (GArray *tensors, GStringChunk *names, const Group *group)
{
  RaqamTensorInfo infos[RAQAM_MAX_TENSORS];
  int n = raqam_network_spec_tensors (infos, group->spec);

  for (int i = 0; i < n; i++)
    {
      const float *slab = infos[i].state ? group->state : group->params;
      g_autofree char *name = g_strdup_printf ("%s.%s", group->group, infos[i].name);
      RaqamTensor tensor = {
        .name = g_string_chunk_insert (names, name),
        .dtype = RAQAM_DTYPE_F32,
        .n_dims = infos[i].n_dims,
      };

      if (slab == NULL)
        continue;
      tensor.data = slab + infos[i].offset;
      memcpy (tensor.shape, infos[i].shape, sizeof infos[i].shape);
      g_array_append_val (tensors, tensor);
    }
}

static gboolean
write_groups (const Group *groups, int n, RaqamTrainer *self, const char *path, GError **error)
{
  g_autoptr (GArray) tensors = g_array_new (FALSE, FALSE, sizeof (RaqamTensor));
  g_autoptr (GStringChunk) names = g_string_chunk_new (4096);
  g_autofree char *recipe = raqam_recipe_to_json (self->recipe);
  g_autofree char *step = g_strdup_printf ("%" PRIu64, self->step);
  g_autofree char *threads = g_strdup_printf ("%d", self->n_threads);
  guint64 position = self->step * self->recipe->batch % raqam_dataset_get_n (self->dataset);
  g_autofree char *position_text = g_strdup_printf ("%" PRIu64, position);
  char epoch[G_ASCII_DTOSTR_BUF_SIZE];
  const char *metadata[] = {
    RAQAM_META_FORMAT, "1",
    RAQAM_META_RECIPE, recipe,
    RAQAM_META_STEP, step,
    RAQAM_META_EPOCH, epoch,
    RAQAM_META_POSITION, position_text,
    RAQAM_META_DATA, raqam_dataset_get_checksum (self->dataset),
    RAQAM_META_THREADS, threads,
    NULL,
  };

  g_ascii_dtostr (epoch, sizeof epoch, raqam_trainer_get_epoch (self));
  for (int i = 0; i < n; i++)
    add_tensors (tensors, names, &groups[i]);

  return raqam_safetensors_write (path, (const RaqamTensor *) (gpointer) tensors->data, tensors->len,
                                  metadata, error);
}

gboolean
raqam_trainer_save (RaqamTrainer *self, const char *path, GError **error)
{
  Group groups[MAX_GROUPS];
  int n = list_groups (groups, self);
  gboolean done = raqam_trainer_prepare_sampler (self, 0, error)
                  && download_groups (groups, n, self, error)
                  && write_groups (groups, n, self, path, error);

  clear_groups (groups, n);
  return done;
}

static gboolean
check_fits (RaqamTrainer *self, const RaqamSafetensors *file, const char *origin, GError **error)
{
  g_autoptr (RaqamRecipe) recipe = raqam_checkpoint_read_recipe (file, origin, error);
  const char *data = raqam_safetensors_get_metadata (file, RAQAM_META_DATA);

  if (recipe == NULL)
    return FALSE;

  if (recipe->batch != self->recipe->batch || recipe->seed != self->recipe->seed)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT,
                   _("“%s” was trained with batches of %d and seed %" PRIu64 ", and cannot go on "
                     "with batches of %d and seed %" PRIu64 "."),
                   origin, recipe->batch, recipe->seed, self->recipe->batch, self->recipe->seed);
      return FALSE;
    }
  if (g_strcmp0 (data, raqam_dataset_get_checksum (self->dataset)) != 0)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT,
                   _("“%s” was trained on other data than is given now. Give the same files, in the "
                     "same order, to go on with it."),
                   origin);
      return FALSE;
    }

  return TRUE;
}

static gboolean
read_groups (Group *groups, int n, const RaqamSafetensors *file, GError **error)
{
  for (int i = 0; i < n; i++)
    if (!raqam_group_read (groups[i].params, groups[i].state, file, groups[i].group, groups[i].spec, error))
      return FALSE;

  return TRUE;
}

static gboolean
upload_groups (const Group *groups, int n, RaqamTrainer *self, GError **error)
{
  for (int i = 0; i < n; i++)
    {
      const Group *group = &groups[i];

      if (!self->backend->upload (self->device, group->device_params, group->params,
                                  sizeof (float) * group->spec->n_params, error))
        return FALSE;
      if (group->state != NULL
          && !self->backend->upload (self->device, group->device_state, group->state,
                                     sizeof (float) * group->spec->n_state, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
raqam_trainer_restore (RaqamTrainer *self, const char *path, GError **error)
{
  g_autoptr (RaqamSafetensors) file = raqam_safetensors_open (path, error);
  g_autofree char *name = g_filename_display_name (path);
  Group groups[MAX_GROUPS];
  guint64 step;
  gboolean done;
  int n;

  if (file == NULL
      || !check_fits (self, file, name, error)
      || !raqam_checkpoint_read_number (&step, file, name, RAQAM_META_STEP, error))
    return FALSE;

  n = list_groups (groups, self);
  self->sampled_step = G_MAXUINT64;
  done = read_groups (groups, n, file, error) && upload_groups (groups, n, self, error);
  clear_groups (groups, n);
  if (done)
    self->step = step;

  return done;
}
