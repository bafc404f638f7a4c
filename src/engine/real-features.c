/* real-features.c — what the classifier sees in the real images, kept in the user's cache.
 * SPDX-License-Identifier: MIT */

#include "engine/evaluation-private.h"

#include "engine/neighbours.h"
#include "engine/safetensors.h"

#define META_CLASSIFIER "raqam.features.classifier"
#define META_BACKEND "raqam.features.backend"
#define META_TRAIN "raqam.features.train"
#define META_TEST "raqam.features.test"

#define N_FEATURES RAQAM_CLASSIFIER_FEATURES
#define N_CLASSES RAQAM_DATASET_CLASSES

/* Of the stage, reading the images; the rest is the search. */
#define READING 0.4

enum
{
  TRAIN,
  TEST,
  TEST_PROBABILITIES,
  TEST_NEAREST,
  N_ARRAYS,
};

static float *
array_of (const RaqamRealFeatures *self, int which)
{
  float *const arrays[N_ARRAYS] = { self->train, self->test, self->test_probabilities,
                                    self->test_nearest };

  return arrays[which];
}

static void
describe (RaqamTensor tensors[N_ARRAYS], const RaqamRealFeatures *self)
{
  static const char *const names[N_ARRAYS] = { "train", "test", "test_probabilities",
                                               "test_nearest" };
  const guint64 shapes[N_ARRAYS][2] = {
    { self->n_train, N_FEATURES }, { self->n_test, N_FEATURES }, { self->n_test, N_CLASSES },
    { self->n_test, 1 },
  };

  for (int i = 0; i < N_ARRAYS; i++)
    tensors[i] = (RaqamTensor){
      .name = names[i], .dtype = RAQAM_DTYPE_F32, .n_dims = 2,
      .shape = { shapes[i][0], shapes[i][1] }, .data = array_of (self, i),
    };
}

static RaqamRealFeatures *
new_empty (const RaqamEvaluationData *data, GError **error)
{
  g_autoptr (RaqamRealFeatures) self = g_new0 (RaqamRealFeatures, 1);

  self->n_train = raqam_dataset_get_n (data->train);
  self->n_test = raqam_dataset_get_n (data->test);
  if ((self->train = raqam_judge_alloc (self->n_train, N_FEATURES, error)) == NULL
      || (self->test = raqam_judge_alloc (self->n_test, N_FEATURES, error)) == NULL
      || (self->test_probabilities = raqam_judge_alloc (self->n_test, N_CLASSES, error)) == NULL
      || (self->test_nearest = raqam_judge_alloc (self->n_test, 1, error)) == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

void
raqam_real_features_free (RaqamRealFeatures *self)
{
  for (int i = 0; i < N_ARRAYS; i++)
    g_free (array_of (self, i));
  g_free (self);
}

/* One file for each pair of parts: that of an older classifier is replaced. */
char *
raqam_real_features_path (const RaqamEvaluationData *data)
{
  g_autofree char *name = g_strdup_printf ("%.32s-%.32s.safetensors",
                                           raqam_dataset_get_checksum (data->train),
                                           raqam_dataset_get_checksum (data->test));

  return g_build_filename (g_get_user_cache_dir (), "raqam", "features", name, NULL);
}

static gboolean
read_kept (RaqamRealFeatures *self, const char *path, const char *const *metadata)
{
  g_autoptr (RaqamSafetensors) file = raqam_safetensors_open (path, NULL);
  RaqamTensor tensors[N_ARRAYS];

  if (file == NULL || !raqam_safetensors_has_checksum (file))
    return FALSE;
  for (int i = 0; metadata[i] != NULL; i += 2)
    if (g_strcmp0 (raqam_safetensors_get_metadata (file, metadata[i]), metadata[i + 1]) != 0)
      return FALSE;

  describe (tensors, self);
  for (int i = 0; i < N_ARRAYS; i++)
    if (!raqam_safetensors_read (file, array_of (self, i), tensors[i].name, tensors[i].dtype,
                                 tensors[i].n_dims, tensors[i].shape, NULL))
      return FALSE;
  return TRUE;
}

/* Where they cannot be kept, they are made again next time. */
static void
keep (const RaqamRealFeatures *self, const char *path, const char *const *metadata)
{
  g_autofree char *folder = g_path_get_dirname (path);
  RaqamTensor tensors[N_ARRAYS];

  describe (tensors, self);
  if (g_mkdir_with_parents (folder, 0777) == 0)
    raqam_safetensors_write (path, tensors, N_ARRAYS, metadata, NULL);
}

static gboolean
make (RaqamRealFeatures *self, RaqamJudge *judge, GError **error)
{
  const RaqamEvaluationData *data = judge->data;
  double middle = READING * self->n_train / (self->n_train + self->n_test);
  RaqamSearch search;

  if (!raqam_judge_read (judge, NULL, self->train, raqam_dataset_get_images (data->train),
                         self->n_train, RAQAM_EVALUATION_REAL, 0, middle, error)
      || !raqam_judge_read (judge, self->test_probabilities, self->test,
                            raqam_dataset_get_images (data->test), self->n_test,
                            RAQAM_EVALUATION_REAL, middle, READING, error))
    return FALSE;

  search = raqam_judge_search (judge, RAQAM_EVALUATION_REAL, READING, 1);
  return raqam_nearest (self->test_nearest, NULL, self->test, self->n_test, self->train,
                        self->n_train, N_FEATURES, 1, &search, error);
}

RaqamRealFeatures *
raqam_real_features_new (RaqamJudge *judge, GError **error)
{
  g_autofree char *path = raqam_real_features_path (judge->data);
  g_autofree char *classifier = raqam_classifier_make_checksum (judge->classifier, error);
  g_autoptr (RaqamRealFeatures) self = NULL;
  const char *metadata[] = {
    META_CLASSIFIER, classifier,
    META_BACKEND, raqam_classifier_get_backend (judge->classifier),
    META_TRAIN, raqam_dataset_get_checksum (judge->data->train),
    META_TEST, raqam_dataset_get_checksum (judge->data->test),
    NULL,
  };

  if (classifier == NULL)
    return NULL;

  self = new_empty (judge->data, error);
  if (self == NULL)
    return NULL;
  if (!read_kept (self, path, metadata))
    {
      if (!make (self, judge, error))
        return NULL;
      keep (self, path, metadata);
    }
  return g_steal_pointer (&self);
}
