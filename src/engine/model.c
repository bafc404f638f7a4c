/* model.c — a trained generator, ready to draw: its recipe and weights, and its judge's.
 * SPDX-License-Identifier: MIT */

#include "engine/model-private.h"

#include "engine/run.h"

#include <glib/gi18n-lib.h>
#include <string.h>

RaqamModel *
raqam_model_new (const RaqamRecipe *recipe)
{
  RaqamModel *self = g_atomic_rc_box_new0 (RaqamModel);
  RaqamNetworkSpec spec;

  raqam_network_spec_init (&spec, recipe, RAQAM_GENERATOR);
  self->recipe = raqam_recipe_copy (recipe);
  self->n_params = spec.n_params;
  self->n_state = spec.n_state;
  self->params = g_new0 (float, spec.n_params);
  self->state = g_new0 (float, MAX (spec.n_state, 1));

  return self;
}

void
raqam_model_add_discriminator (RaqamModel *self, RaqamNetworkSpec *spec)
{
  raqam_network_spec_init (spec, self->recipe, RAQAM_DISCRIMINATOR);
  self->discriminator_params = g_new0 (float, spec->n_params);
  self->discriminator_state = g_new0 (float, MAX (spec->n_state, 1));
}

RaqamModel *
raqam_model_ref (RaqamModel *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  RaqamModel *self = data;

  raqam_recipe_free (self->recipe);
  g_free (self->params);
  g_free (self->state);
  g_free (self->discriminator_params);
  g_free (self->discriminator_state);
  g_free (self->origin);
  g_free (self->data_checksum);
}

void
raqam_model_unref (RaqamModel *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

gboolean
raqam_group_read (float *params, float *state, const RaqamSafetensors *file, const char *group,
                  const RaqamNetworkSpec *spec, GError **error)
{
  RaqamTensorInfo tensors[RAQAM_MAX_TENSORS];
  int n = raqam_network_spec_tensors (tensors, spec);

  for (int i = 0; i < n; i++)
    {
      const RaqamTensorInfo *tensor = &tensors[i];
      float *slab = tensor->state ? state : params;
      g_autofree char *name = g_strdup_printf ("%s.%s", group, tensor->name);

      if (slab != NULL
          && !raqam_safetensors_read (file, slab + tensor->offset, name, RAQAM_DTYPE_F32,
                                      tensor->n_dims, tensor->shape, error))
        return FALSE;
    }

  return TRUE;
}

RaqamRecipe *
raqam_checkpoint_read_recipe (const RaqamSafetensors *file, const char *origin, GError **error)
{
  const char *json = raqam_safetensors_get_metadata (file, RAQAM_META_RECIPE);

  if (json == NULL)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT,
                   _("“%s” is a safetensors file, but not one of Raqam's: it carries no recipe."), origin);
      return NULL;
    }

  return raqam_recipe_parse (json, origin, error);
}

gboolean
raqam_checkpoint_read_number (guint64 *value, const RaqamSafetensors *file, const char *origin,
                              const char *key, GError **error)
{
  const char *text = raqam_safetensors_get_metadata (file, key);

  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, value, NULL))
    return TRUE;

  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT,
               _("“%s” does not say its “%s” as a whole number."), origin, key);
  return FALSE;
}

static gboolean
has_group (const RaqamSafetensors *file, const char *group)
{
  g_autofree char *name = g_strconcat (group, ".0.weight", NULL);

  return raqam_safetensors_find (file, name) != NULL;
}

/* A model to share has none, which is no error. */
static gboolean
read_discriminator (RaqamModel *self, const RaqamSafetensors *file, GError **error)
{
  RaqamNetworkSpec spec;

  if (!has_group (file, RAQAM_GROUP_DISCRIMINATOR))
    return TRUE;
  raqam_model_add_discriminator (self, &spec);
  return raqam_group_read (self->discriminator_params, self->discriminator_state, file,
                           RAQAM_GROUP_DISCRIMINATOR, &spec, error);
}

static RaqamModel *
load_file (const char *path, GError **error)
{
  g_autoptr (RaqamSafetensors) file = raqam_safetensors_open (path, error);
  g_autofree char *origin = g_filename_display_name (path);
  g_autoptr (RaqamRecipe) recipe = NULL;
  g_autoptr (RaqamModel) self = NULL;
  const char *epoch, *group;
  RaqamNetworkSpec spec;

  if (file == NULL)
    return NULL;
  recipe = raqam_checkpoint_read_recipe (file, origin, error);
  if (recipe == NULL)
    return NULL;

  self = raqam_model_new (recipe);
  self->origin = g_strdup (origin);
  raqam_network_spec_init (&spec, recipe, RAQAM_GENERATOR);
  group = has_group (file, RAQAM_GROUP_AVERAGE) ? RAQAM_GROUP_AVERAGE : RAQAM_GROUP_GENERATOR;
  if (!raqam_checkpoint_read_number (&self->step, file, origin, RAQAM_META_STEP, error)
      || !raqam_group_read (self->params, self->state, file, group, &spec, error)
      || !read_discriminator (self, file, error))
    return NULL;

  self->data_checksum = g_strdup (raqam_safetensors_get_metadata (file, RAQAM_META_DATA));
  epoch = raqam_safetensors_get_metadata (file, RAQAM_META_EPOCH);
  self->epoch = epoch != NULL ? g_ascii_strtod (epoch, NULL) : 0;
  return g_steal_pointer (&self);
}

RaqamModel *
raqam_model_load (const char *path, GError **error)
{
  g_autofree char *newest = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    return load_file (path, error);

  newest = raqam_run_newest_checkpoint (path, error);
  return newest != NULL ? load_file (newest, error) : NULL;
}
