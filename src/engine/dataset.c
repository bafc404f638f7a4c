/* dataset.c — labelled 28 × 28 digits in memory, from .cdb files.
 * SPDX-License-Identifier: MIT */

#include "engine/dataset.h"

#include "engine/cdb.h"
#include "engine/error.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define REPORT_EVERY 1000

struct _RaqamDataset
{
  gatomicrefcount ref_count;

  guint     n;
  guint     n_allocated; /* images that there is room for */
  guint8   *images;
  guint8   *labels;
  guint     counts[RAQAM_DATASET_CLASSES];
  char    **sources;
  guint    *source_ends; /* a source each; NULL in a part */
  char     *checksum;
};

typedef struct
{
  RaqamDataset        *dataset;
  GPtrArray           *paths; /* of files */
  GPtrArray           *files; /* RaqamCdb, one for each path, with its header read */
  gboolean             grey;
  guint64              n_expected;
  RaqamDatasetProgress progress;
  gpointer             data;
  GCancellable        *cancellable;
} Loading;

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Adds to @paths what @folder holds of "@prefix….cdb", sorted. */
static gboolean
list_folder (GPtrArray *paths, const char *folder, const char *prefix, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, prefix) && g_str_has_suffix (name, ".cdb"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (paths, g_build_filename (folder, names->pdata[i], NULL));
  return TRUE;
}

static gboolean
add_folder (Loading *loading, const char *folder, GError **error)
{
  guint before = loading->paths->len;
  g_autofree char *name = g_filename_display_name (folder);

  if (!list_folder (loading->paths, folder, "Train", error)
      || !list_folder (loading->paths, folder, "Test", error))
    {
      g_prefix_error (error, _("Reading the folder “%s” failed: "), name);
      return FALSE;
    }
  if (loading->paths->len == before)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
                   _("The folder “%s” has no .cdb file whose name begins with “Train” or “Test”; "
                     "name the files themselves"),
                   name);
      return FALSE;
    }
  return TRUE;
}

/* The same images twice would weigh twice, unseen. */
static gboolean
refuse_twins (Loading *loading, GError **error)
{
  GPtrArray *paths = loading->paths;

  for (guint i = 0; i < paths->len; i++)
    for (guint j = 0; j < i; j++)
      {
        GStatBuf a, b;

        if (g_stat (paths->pdata[i], &a) == 0 && g_stat (paths->pdata[j], &b) == 0
            && a.st_dev == b.st_dev && a.st_ino == b.st_ino)
          {
            g_autofree char *name = g_filename_display_name (paths->pdata[i]);

            g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
                         _("The file “%s” is named twice; name it once"), name);
            return FALSE;
          }
      }
  return TRUE;
}

static gboolean
open_files (Loading *loading, const char *const *paths, GError **error)
{
  for (; *paths != NULL; paths++)
    if (!g_file_test (*paths, G_FILE_TEST_IS_DIR))
      g_ptr_array_add (loading->paths, g_strdup (*paths));
    else if (!add_folder (loading, *paths, error))
      return FALSE;

  if (!refuse_twins (loading, error))
    return FALSE;
  for (guint i = 0; i < loading->paths->len; i++)
    {
      RaqamCdb *file = raqam_cdb_open (loading->paths->pdata[i], RAQAM_DATASET_CLASSES, error);

      if (file == NULL)
        return FALSE;
      g_ptr_array_add (loading->files, file);
      loading->n_expected += raqam_cdb_get_header (file)->n_records;
    }
  return TRUE;
}

/* Room for one more image. Grows with what was read, never by what a header says. */
static gboolean
reserve (RaqamDataset *self, GError **error)
{
  guint n = MAX (1024, self->n_allocated + self->n_allocated / 2);
  guint8 *images, *labels;

  if (self->n < self->n_allocated)
    return TRUE;
  n = MIN (n, RAQAM_DATASET_MAX_IMAGES);
  if (n == self->n)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
                   _("The files hold more than %d images; load fewer at a time"),
                   RAQAM_DATASET_MAX_IMAGES);
      return FALSE;
    }
  images = g_try_realloc_n (self->images, n, RAQAM_FIT_PIXELS);
  if (images != NULL)
    self->images = images;
  labels = g_try_realloc (self->labels, n);
  if (labels != NULL)
    self->labels = labels;
  if (images == NULL || labels == NULL)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_MEMORY,
                   _("There is not enough memory to load %u images; load fewer"), n);
      return FALSE;
    }
  self->n_allocated = n;
  return TRUE;
}

static gboolean
read_file (Loading *loading, RaqamCdb *file, GError **error)
{
  RaqamDataset *dataset = loading->dataset;
  RaqamCdbImage image;
  GError *failure = NULL;

  while (raqam_cdb_next (file, &image, &failure))
    {
      if (!reserve (dataset, error))
        return FALSE;
      raqam_fit (dataset->images + (gsize) dataset->n * RAQAM_FIT_PIXELS, image.pixels,
                 image.width, image.height, loading->grey);
      dataset->labels[dataset->n] = image.label;
      dataset->counts[image.label]++;
      dataset->n++;
      if (dataset->n % REPORT_EVERY == 0)
        {
          if (g_cancellable_set_error_if_cancelled (loading->cancellable, error))
            return FALSE;
          if (loading->progress != NULL)
            loading->progress (dataset->n, loading->n_expected, loading->data);
        }
    }
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  return TRUE;
}

static void
make_checksum (RaqamDataset *self)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (checksum, self->images, (gsize) self->n * RAQAM_FIT_PIXELS);
  g_checksum_update (checksum, self->labels, self->n);
  self->checksum = g_strdup (g_checksum_get_string (checksum));
}

static gboolean
read_files (Loading *loading, const char *const *paths, GError **error)
{
  RaqamDataset *dataset = loading->dataset;

  if (g_cancellable_set_error_if_cancelled (loading->cancellable, error)
      || !open_files (loading, paths, error))
    return FALSE;
  dataset->source_ends = g_new0 (guint, loading->files->len);
  for (guint i = 0; i < loading->files->len; i++)
    {
      if (!read_file (loading, loading->files->pdata[i], error))
        return FALSE;
      dataset->source_ends[i] = dataset->n;
    }
  if (dataset->n == 0)
    {
      g_autofree char *name = g_filename_display_name (loading->paths->pdata[0]);

      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA, _("“%s” holds no images"), name);
      return FALSE;
    }
  make_checksum (dataset);
  if (loading->progress != NULL)
    loading->progress (dataset->n, loading->n_expected, loading->data);
  return TRUE;
}

RaqamDataset *
raqam_dataset_load (const char *const *paths, gboolean grey, RaqamDatasetProgress progress,
                    gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (RaqamDataset) self = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) raqam_cdb_close);
  Loading loading = { .paths = names, .files = files, .grey = grey, .progress = progress,
                      .data = data, .cancellable = cancellable };

  g_return_val_if_fail (paths != NULL && *paths != NULL, NULL);

  self = g_new0 (RaqamDataset, 1);
  g_atomic_ref_count_init (&self->ref_count);
  loading.dataset = self;
  if (!read_files (&loading, paths, error))
    return NULL;
  g_ptr_array_add (names, NULL);
  self->sources = g_strdupv ((char **) names->pdata);
  return g_steal_pointer (&self);
}

static gboolean
part_allocate (RaqamDataset *self, guint n, GError **error)
{
  self->images = g_try_malloc_n (n, RAQAM_FIT_PIXELS);
  self->labels = g_try_malloc (n);
  if (self->images != NULL && self->labels != NULL)
    return TRUE;

  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_MEMORY,
               _("There is not enough memory to load %u images; load fewer"), n);
  return FALSE;
}

RaqamDataset *
raqam_dataset_new_part (const RaqamDataset *whole, const guint32 *which, guint n, GError **error)
{
  g_autoptr (RaqamDataset) self = NULL;

  g_return_val_if_fail (whole != NULL && n > 0, NULL);

  self = g_new0 (RaqamDataset, 1);
  g_atomic_ref_count_init (&self->ref_count);
  if (!part_allocate (self, n, error))
    return NULL;

  for (guint i = 0; i < n; i++)
    {
      g_assert (which[i] < whole->n);
      memcpy (self->images + (gsize) i * RAQAM_FIT_PIXELS,
              whole->images + (gsize) which[i] * RAQAM_FIT_PIXELS, RAQAM_FIT_PIXELS);
      self->labels[i] = whole->labels[which[i]];
      self->counts[self->labels[i]]++;
    }
  self->n = self->n_allocated = n;
  self->sources = g_strdupv (whole->sources);
  make_checksum (self);
  return g_steal_pointer (&self);
}

RaqamDataset *
raqam_dataset_ref (RaqamDataset *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
raqam_dataset_unref (RaqamDataset *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->images);
  g_free (self->labels);
  g_strfreev (self->sources);
  g_free (self->source_ends);
  g_free (self->checksum);
  g_free (self);
}

guint
raqam_dataset_get_n (const RaqamDataset *self)
{
  return self->n;
}

const guint8 *
raqam_dataset_get_images (const RaqamDataset *self)
{
  return self->images;
}

const guint8 *
raqam_dataset_get_labels (const RaqamDataset *self)
{
  return self->labels;
}

guint
raqam_dataset_get_count (const RaqamDataset *self, int label)
{
  g_return_val_if_fail (label >= 0 && label < RAQAM_DATASET_CLASSES, 0);

  return self->counts[label];
}

const char *const *
raqam_dataset_get_sources (const RaqamDataset *self)
{
  return (const char *const *) self->sources;
}

const guint *
raqam_dataset_get_source_ends (const RaqamDataset *self)
{
  return self->source_ends;
}

const char *
raqam_dataset_get_checksum (const RaqamDataset *self)
{
  return self->checksum;
}

/* The first train file and the first test file in @folder, or NULL. */
static char **
find_in_folder (const char *folder)
{
  static const char *const prefixes[] = { "Train", "Test" };
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  g_auto (GStrv) result = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

      if (list_folder (paths, folder, prefixes[i], NULL) && paths->len > 0)
        g_strv_builder_add (found, paths->pdata[0]);
    }
  result = g_strv_builder_end (found);
  return *result != NULL ? g_steal_pointer (&result) : NULL;
}

char **
raqam_dataset_find_hoda (void)
{
  g_autofree char *own = g_build_filename (g_get_user_data_dir (), "raqam", "hoda", NULL);
  g_autofree char *shared = g_build_filename ("..", "shared", "hoda", NULL);
  g_autofree char *downloads = g_build_filename (g_get_home_dir (), "Downloads", NULL);
  const char *folders[] = {
    g_getenv ("HODA_DIR"), own, g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD), downloads,
    ".",                   shared,
  };
  char **found = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (folders) && found == NULL; i++)
    if (folders[i] != NULL && *folders[i] != '\0')
      found = find_in_folder (folders[i]);
  return found;
}
