/* settings.c — what a run is started with.
 * SPDX-License-Identifier: MIT */

#include "engine/settings.h"

RaqamTrainSettings *
raqam_train_settings_copy (const RaqamTrainSettings *self)
{
  RaqamTrainSettings *copy = g_memdup2 (self, sizeof *self);

  copy->recipe = self->recipe != NULL ? raqam_recipe_copy (self->recipe) : NULL;
  copy->data = (const char *const *) g_strdupv ((char **) self->data);
  copy->run_folder = g_strdup (self->run_folder);
  copy->name = g_strdup (self->name);
  copy->device = g_strdup (self->device);

  return copy;
}

void
raqam_train_settings_free (RaqamTrainSettings *self)
{
  g_clear_pointer (&self->recipe, raqam_recipe_free);
  g_strfreev ((char **) self->data);
  g_free ((char *) self->run_folder);
  g_free ((char *) self->name);
  g_free ((char *) self->device);
  g_free (self);
}
