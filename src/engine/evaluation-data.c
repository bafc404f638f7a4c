/* evaluation-data.c — the real digits in two parts: to learn from, and to judge by.
 * SPDX-License-Identifier: MIT */

#include "engine/evaluation.h"

#include <glib/gi18n-lib.h>

#define N_CLASSES RAQAM_DATASET_CLASSES

/* Where the data have no test part, one in so many images of each digit becomes it. */
#define HELD_BACK_EVERY 6

static gboolean
is_test_file (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);

  return g_ascii_strncasecmp (name, "test", 4) == 0;
}

/* Returns: whether any file is a test file */
static gboolean
split_by_files (GArray *train, GArray *test, const RaqamDataset *whole)
{
  const char *const *sources = raqam_dataset_get_sources (whole);
  const guint *ends = raqam_dataset_get_source_ends (whole);
  guint32 i = 0;

  for (guint s = 0; sources[s] != NULL; s++)
    {
      GArray *part = is_test_file (sources[s]) ? test : train;

      for (; i < ends[s]; i++)
        g_array_append_val (part, i);
    }
  return test->len > 0;
}

static void
hold_back (GArray *train, GArray *test, const RaqamDataset *whole)
{
  const guint8 *labels = raqam_dataset_get_labels (whole);
  guint seen[N_CLASSES] = { 0 };

  g_array_set_size (train, 0);
  for (guint32 i = 0; i < raqam_dataset_get_n (whole); i++)
    {
      gboolean held = ++seen[labels[i]] % HELD_BACK_EVERY == 0;

      g_array_append_val (held ? test : train, i);
    }
}

static gboolean
check_parts (const GArray *train, const GArray *test, const RaqamDataset *whole, GError **error)
{
  const guint8 *labels = raqam_dataset_get_labels (whole);
  guint n_train[N_CLASSES] = { 0 }, n_test[N_CLASSES] = { 0 };

  for (guint i = 0; i < train->len; i++)
    n_train[labels[g_array_index (train, guint32, i)]]++;
  for (guint i = 0; i < test->len; i++)
    n_test[labels[g_array_index (test, guint32, i)]]++;

  if (train->len == 0)
    {
      g_set_error_literal (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
                           _("Judging needs training images, to train the classifier on; only test "
                             "files were named. Name the training file too."));
      return FALSE;
    }
  for (int c = 0; c < N_CLASSES; c++)
    if (n_train[c] == 0 || n_test[c] == 0)
      {
        g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
                     _("Judging needs every digit among the training images and among the test "
                       "images; of the digit %d there are %u and %u. Name more data."),
                     c, n_train[c], n_test[c]);
        return FALSE;
      }
  return TRUE;
}

static RaqamDataset *
new_part (const RaqamDataset *whole, const GArray *which, GError **error)
{
  return raqam_dataset_new_part (whole, (const guint32 *) which->data, which->len, error);
}

RaqamEvaluationData *
raqam_evaluation_data_load (const char *const *paths, gboolean grey, GCancellable *cancellable,
                            GError **error)
{
  g_autoptr (RaqamEvaluationData) self = g_new0 (RaqamEvaluationData, 1);
  g_autoptr (GArray) train = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) test = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (RaqamDataset) whole = raqam_dataset_load (paths, grey, NULL, NULL, cancellable, error);

  if (whole == NULL)
    return NULL;

  self->checksum = g_strdup (raqam_dataset_get_checksum (whole));
  self->held_back = !split_by_files (train, test, whole);
  if (self->held_back)
    hold_back (train, test, whole);
  if (!check_parts (train, test, whole, error)
      || (self->train = new_part (whole, train, error)) == NULL
      || (self->test = new_part (whole, test, error)) == NULL)
    return NULL;

  return g_steal_pointer (&self);
}

void
raqam_evaluation_data_free (RaqamEvaluationData *data)
{
  g_clear_pointer (&data->train, raqam_dataset_unref);
  g_clear_pointer (&data->test, raqam_dataset_unref);
  g_free (data->checksum);
  g_free (data);
}
