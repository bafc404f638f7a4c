/* directions-cache.c — directions that were found, kept in the user's cache.
 * SPDX-License-Identifier: MIT */

#include "engine/directions-cache.h"

#include "engine/network.h"
#include "engine/safetensors.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <utime.h>

#define SUFFIX ".safetensors"
#define VERSION "1"
#define META_VERSION "raqam.directions"
#define META_GENERATOR "raqam.directions.generator"
#define META_DIGIT "raqam.directions.digit"

enum
{
  VECTORS,
  EFFECTS,
  SHARES,
  MEANINGS,
  N_TENSORS
};

/* The same in arrays. */
typedef struct
{
  float  vectors[RAQAM_DIRECTIONS_MAX * RAQAM_MAX_LATENT];
  double effects[RAQAM_DIRECTIONS_MAX][RAQAM_N_SHAPES];
  double shares[RAQAM_DIRECTIONS_MAX];
  gint32 meanings[RAQAM_DIRECTIONS_MAX];
} Arrays;

static void
describe (RaqamTensor tensors[N_TENSORS], Arrays *arrays, int n, int latent)
{
  const RaqamTensor all[N_TENSORS] = {
    { "vectors", RAQAM_DTYPE_F32, 2, { n, latent }, arrays->vectors },
    { "effects", RAQAM_DTYPE_F64, 2, { n, RAQAM_N_SHAPES }, arrays->effects },
    { "shares", RAQAM_DTYPE_F64, 1, { n }, arrays->shares },
    { "meanings", RAQAM_DTYPE_I32, 1, { n }, arrays->meanings },
  };

  memcpy (tensors, all, sizeof all);
}

char *
raqam_directions_cache_key (const RaqamModel *model)
{
  RaqamNetworkSpec spec;

  raqam_network_spec_init (&spec, model->recipe, RAQAM_GENERATOR);
  return raqam_network_spec_checksum (&spec, model->params, model->state);
}

char *
raqam_directions_cache_path (const char *key, int digit)
{
  g_autofree char *name = g_strdup_printf ("%s-%d" SUFFIX, key, digit);

  return g_build_filename (g_get_user_cache_dir (), "raqam", "directions", name, NULL);
}

static gboolean
is_ours (const RaqamSafetensors *file, const char *key, const char *digit)
{
  return raqam_safetensors_has_checksum (file)
         && g_strcmp0 (raqam_safetensors_get_metadata (file, META_VERSION), VERSION) == 0
         && g_strcmp0 (raqam_safetensors_get_metadata (file, META_GENERATOR), key) == 0
         && g_strcmp0 (raqam_safetensors_get_metadata (file, META_DIGIT), digit) == 0;
}

/* Whatever has written the file: numbers that would break something do not pass. */
static gboolean
unpack (RaqamDirections *self, const Arrays *arrays)
{
  memset (self->list, 0, sizeof self->list);
  for (int d = 0; d < self->n; d++)
    {
      RaqamDirection *direction = &self->list[d];
      double square = 0;

      memcpy (direction->vector, arrays->vectors + (gsize) d * self->latent,
              sizeof (float) * self->latent);
      memcpy (direction->effects, arrays->effects[d], sizeof direction->effects);
      direction->share = arrays->shares[d];
      direction->meaning = arrays->meanings[d];
      for (int i = 0; i < self->latent; i++)
        square += (double) direction->vector[i] * direction->vector[i];
      if (!(fabs (square - 1) < 1e-3) || direction->meaning < RAQAM_DIRECTION_UNNAMED
          || direction->meaning >= RAQAM_N_SHAPES)
        return FALSE;
    }
  return TRUE;
}

gboolean
raqam_directions_cache_load (RaqamDirections *self, const char *key, int digit, int latent)
{
  g_autofree char *path = raqam_directions_cache_path (key, digit);
  g_autoptr (RaqamSafetensors) file = raqam_safetensors_open (path, NULL);
  g_autofree Arrays *arrays = g_new0 (Arrays, 1);
  const char digit_text[] = { (char) ('0' + digit), '\0' };
  RaqamTensor tensors[N_TENSORS];

  if (file == NULL || !is_ours (file, key, digit_text))
    return FALSE;
  self->latent = latent;
  self->n = MIN (RAQAM_DIRECTIONS_MAX, latent);
  describe (tensors, arrays, self->n, latent);
  for (int i = 0; i < N_TENSORS; i++)
    if (!raqam_safetensors_read (file, (gpointer) tensors[i].data, tensors[i].name,
                                 tensors[i].dtype, tensors[i].n_dims, tensors[i].shape, NULL))
      return FALSE;
  if (!unpack (self, arrays))
    return FALSE;
  g_utime (path, NULL); /* it is among the newest again */
  return TRUE;
}

typedef struct
{
  char  *path;
  gint64 time; /* nanoseconds */
} Entry;

static void
entry_clear (gpointer data)
{
  g_free (((Entry *) data)->path);
}

static int
newest_first_cb (gconstpointer first, gconstpointer second)
{
  const Entry *a = first, *b = second;

  return (a->time < b->time) - (a->time > b->time);
}

/* Other processes may do the same at the same time. */
static void
prune (const char *folder)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_array_set_clear_func (entries, entry_clear);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf status;

      if (!g_str_has_suffix (name, SUFFIX) || g_lstat (path, &status) != 0
          || !S_ISREG (status.st_mode))
        continue;
      g_array_append_vals (entries,
                           &(Entry){ g_steal_pointer (&path),
                                     status.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000)
                                       + status.st_mtim.tv_nsec },
                           1);
    }
  g_array_sort (entries, newest_first_cb);
  for (guint i = RAQAM_DIRECTIONS_CACHE_MOST; i < entries->len; i++)
    g_unlink (g_array_index (entries, Entry, i).path);
}

void
raqam_directions_cache_save (const RaqamDirections *self, const char *key, int digit)
{
  g_autofree char *path = raqam_directions_cache_path (key, digit);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree Arrays *arrays = g_new0 (Arrays, 1);
  const char digit_text[] = { (char) ('0' + digit), '\0' };
  const char *metadata[]
    = { META_VERSION, VERSION, META_GENERATOR, key, META_DIGIT, digit_text, NULL };
  RaqamTensor tensors[N_TENSORS];

  for (int d = 0; d < self->n; d++)
    {
      memcpy (arrays->vectors + (gsize) d * self->latent, self->list[d].vector,
              sizeof (float) * self->latent);
      memcpy (arrays->effects[d], self->list[d].effects, sizeof arrays->effects[d]);
      arrays->shares[d] = self->list[d].share;
      arrays->meanings[d] = self->list[d].meaning;
    }
  describe (tensors, arrays, self->n, self->latent);
  if (g_mkdir_with_parents (folder, 0777) == 0
      && raqam_safetensors_write (path, tensors, N_TENSORS, metadata, NULL))
    prune (folder);
}
