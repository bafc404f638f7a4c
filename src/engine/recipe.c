/* recipe.c — what is trained and how: networks, optimiser, schedule.
 * SPDX-License-Identifier: MIT */

#include "engine/recipe.h"

#include "engine/recipe-fields.h"
#include "engine/recipes-resource.h"

#include <math.h>
#include <string.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#define RESOURCE_PATH "/io/github/raqam/Raqam/recipes/"
#define MAX_FILE_BYTES (1024 * 1024)

typedef struct
{
  const char *title;
  const char *description;
} Words;

static const char *const names[] = { "fast", "thesis", "thesis-32", NULL };

/* Here rather than in the JSON, so that they can be translated. */
static const Words words[] = {
  { N_("Fast"),
    N_("A compact network for a processor without a GPU: readable digits in two minutes.") },
  { N_("Thesis"),
    N_("The founding thesis's networks, with a latent vector of 100; for hours on a processor.") },
  { N_ ("Thesis, latent 32"), N_ ("The founding thesis's networks, with a latent vector of 32.") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (words) + 1 == G_N_ELEMENTS (names));

const char *const *
raqam_recipe_names (void)
{
  return names;
}

static RaqamRecipe *
load_built_in (int index, GError **error)
{
  g_autofree char *path = g_strconcat (RESOURCE_PATH, names[index], ".json", NULL);
  g_autoptr (GBytes) bytes = NULL;
  RaqamRecipe *self;

  bytes = g_resource_lookup_data (raqam_recipes_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE,
                                  error);
  if (bytes == NULL)
    return NULL;

  /* A resource's data ends in a NUL that its size does not count. */
  self = raqam_recipe_parse (g_bytes_get_data (bytes, NULL), names[index], error);
  if (self == NULL)
    return NULL;

  g_free (self->title);
  g_free (self->description);
  self->title = g_strdup (words[index].title);
  self->description = g_strdup (words[index].description);
  return self;
}

static RaqamRecipe *
load_file (const char *path, GError **error)
{
  g_autofree char *origin = g_filename_display_name (path);
  g_autofree char *text = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GFileInfo) info = NULL;
  gsize n_read;

  /* Asked before it is opened: opening a pipe would wait for its writer. */
  info =
    g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE, NULL, error);
  if (info == NULL)
    return NULL;
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RECIPE, _("%s: this is not a file"), origin);
      return NULL;
    }

  stream = g_file_read (file, NULL, error);
  if (stream == NULL)
    return NULL;

  text = g_malloc (MAX_FILE_BYTES + 1);
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), text, MAX_FILE_BYTES, &n_read, NULL,
                                error))
    return NULL;

  text[n_read] = '\0';
  if (strlen (text) != n_read)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RECIPE, _ ("%s: this is not a text file"),
                   origin);
      return NULL;
    }
  return raqam_recipe_parse (text, origin, error);
}

RaqamRecipe *
raqam_recipe_find (const char *name_or_path, GError **error)
{
  g_autofree char *shown = NULL, *list = NULL;

  g_return_val_if_fail (name_or_path != NULL, NULL);

  for (int i = 0; names[i] != NULL; i++)
    if (strcmp (name_or_path, names[i]) == 0)
      return load_built_in (i, error);

  if (g_file_test (name_or_path, G_FILE_TEST_EXISTS)
      || strchr (name_or_path, G_DIR_SEPARATOR) != NULL)
    return load_file (name_or_path, error);

  shown = g_filename_display_name (name_or_path);
  list = g_strjoinv (", ", (char **) names);
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RECIPE,
               _("“%s” is neither a file nor a built-in recipe; those are: %s"), shown, list);
  return NULL;
}

RaqamRecipe *
raqam_recipe_copy (const RaqamRecipe *self)
{
  RaqamRecipe *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->name = g_strdup (self->name);
  copy->title = g_strdup (self->title);
  copy->description = g_strdup (self->description);
  return copy;
}

void
raqam_recipe_free (RaqamRecipe *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->title);
  g_free (self->description);
  g_free (self);
}

/* Share of the full rate at @done, the share of the training that is behind. */
static double
linear_share (const RaqamSchedule *schedule, double done)
{
  double falling;

  if (done <= schedule->hold || schedule->hold >= 1)
    return 1;

  falling = MIN ((done - schedule->hold) / (1 - (double) schedule->hold), 1);
  return 1 - falling * (1 - (double) schedule->final);
}

/* The pair of rates that holds at @epoch. */
static const float *
pair_at (const RaqamRecipe *self, double epoch)
{
  const RaqamSchedule *schedule = &self->schedule;
  double index;

  if (schedule->kind != RAQAM_SCHEDULE_STEPS)
    return self->rate;

  /* The bound's rounding must not move a change by a whole step. */
  index = MIN (floor (epoch / schedule->every_epochs + 1e-9), schedule->n_rates);
  return index < 1 ? self->rate : schedule->rates[(int) index - 1];
}

void
raqam_recipe_rates (float rate[2], const RaqamRecipe *self, guint64 step, double steps_per_epoch)
{
  double epoch, share = 1;
  const float *pair;

  g_return_if_fail (self != NULL && steps_per_epoch > 0);

  epoch = step / steps_per_epoch;
  pair = pair_at (self, epoch);
  if (self->schedule.kind == RAQAM_SCHEDULE_LINEAR)
    share = linear_share (&self->schedule, epoch / self->epochs);
  if (step < (guint64) self->schedule.warmup_steps)
    share *= (step + 1.0) / self->schedule.warmup_steps;

  for (int side = 0; side < 2; side++)
    rate[side] = (float) (pair[side] * share);
}
