/* classifier.h — a small CNN that reads digits, the judge of what a GAN draws.
 * SPDX-License-Identifier: MIT
 *
 * Convolutions to 32 (5×5, stride 2), 32, 64 (stride 2) and 64 channels (3×3), a
 * dense layer to 128 features and one to the classes, with batch norm and ReLU
 * behind all but the last. Trained by Adam on softmax cross-entropy with images
 * moved by up to two pixels each way.
 */

#pragma once

#include <gio/gio.h>

#include "engine/backend.h"
#include "engine/dataset.h"

G_BEGIN_DECLS

#define RAQAM_CLASSIFIER_FEATURES 128

typedef struct _RaqamClassifier RaqamClassifier;

typedef struct
{
  int     epochs;
  guint64 steps;   /* instead of epochs, where it is not 0 */
  int     batch;
  float   rate;    /* Adam's, falling linearly to 0 */
  guint64 seed;
} RaqamClassifierTraining;

/* What is used where nothing else is asked: 3 epochs, batches of 128, 2e-3, seed 1. */
extern const RaqamClassifierTraining raqam_classifier_training;

/**
 * RaqamClassifierProgress:
 * @done: from 0 to 1
 * @loss: mean cross-entropy of the last batch
 *
 * Called in the training thread, about ten times a second.
 */
typedef void (*RaqamClassifierProgress) (double done, double loss, gpointer data);

/**
 * raqam_classifier_train:
 * @images: (@n, 784), 255 is ink
 * @labels: (@n), each below RAQAM_DATASET_CLASSES
 * @n: at least one batch
 * @device: as raqam_device_open()
 * @progress: (nullable)
 *
 * Blocks. The same arguments give the same weights on the same machine.
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_DATA, RAQAM_ERROR_DEVICE,
 *   RAQAM_ERROR_MEMORY, RAQAM_ERROR_DIVERGED or G_IO_ERROR_CANCELLED
 */
RaqamClassifier *raqam_classifier_train (const guint8 *images, const guint8 *labels, gsize n,
                                         const RaqamClassifierTraining *training,
                                         const char *device, const RaqamDeviceOptions *options,
                                         RaqamClassifierProgress progress, gpointer data,
                                         GCancellable *cancellable, GError **error);

/**
 * raqam_classifier_save:
 * @data_checksum: of what it was trained on; kept with it
 *
 * Returns: FALSE with a G_FILE_ERROR or the device's error
 */
gboolean raqam_classifier_save (RaqamClassifier *self, const char *path, const char *data_checksum,
                                GError **error);

/**
 * raqam_classifier_load:
 * @data_checksum: the file must have been saved with this one, and by a version of
 *   Raqam that trains and reads as this one does
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_CHECKPOINT or a G_IO_ERROR
 */
RaqamClassifier *raqam_classifier_load (const char *path, const char *data_checksum,
                                        const char *device, const RaqamDeviceOptions *options,
                                        GError **error);

/* Returns: (transfer full): where the classifier of a data set is kept, below the user's cache */
char *raqam_classifier_cache_path (const char *data_checksum);

/* Saves it at raqam_classifier_cache_path(). Where it cannot be kept there is no harm
 * done: whoever needs it next trains it again. */
void raqam_classifier_keep (RaqamClassifier *self, const char *data_checksum);

/**
 * raqam_classifier_read:
 * @probabilities: (@n, RAQAM_DATASET_CLASSES), overwritten; NULL when not wanted
 * @features: (@n, RAQAM_CLASSIFIER_FEATURES), overwritten; NULL when not wanted
 * @images: (@n, 784), 255 is ink
 *
 * One thread at a time.
 */
gboolean raqam_classifier_read (RaqamClassifier *self, float *probabilities, float *features,
                                const guint8 *images, gsize n, GError **error);

/* Returns: (transfer full): SHA-256 of its weights and statistics; NULL with the device's error */
char *raqam_classifier_make_checksum (RaqamClassifier *self, GError **error);

/* Returns: (transfer none): "cpu", "cuda" */
const char *raqam_classifier_get_backend (const RaqamClassifier *self);

void raqam_classifier_free (RaqamClassifier *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamClassifier, raqam_classifier_free)

G_END_DECLS
