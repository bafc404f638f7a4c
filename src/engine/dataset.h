/* dataset.h — labelled 28 × 28 digits in memory, from .cdb files.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gio/gio.h>

#include "engine/fit.h"

G_BEGIN_DECLS

#define RAQAM_DATASET_CLASSES 10

/* More is refused: ten times what Hoda holds, 784 MB. */
#define RAQAM_DATASET_MAX_IMAGES 1000000

/* Counted by references; does not change after it was loaded; any thread. */
typedef struct _RaqamDataset RaqamDataset;

/**
 * RaqamDatasetProgress:
 * @n_done: images loaded
 * @n_expected: images in all, as the files' headers say
 *
 * Called in the loading thread, every thousand images and at the end.
 */
typedef void (*RaqamDatasetProgress) (guint n_done, guint64 n_expected, gpointer data);

/**
 * raqam_dataset_load:
 * @paths: NULL-terminated, at least one, in the file system's encoding: .cdb
 *   files, and folders, which stand for every *.cdb in them whose name begins
 *   with "Train" and then every one that begins with "Test", each sorted
 * @grey: FALSE: images are binarised, 0 or 255; TRUE: kept grey
 * @progress: (nullable)
 *
 * Reads every image in the order of @paths and of the files, brought to
 * 28 × 28 by raqam_fit(). Blocks: call it in a thread of its own.
 *
 * Errors: those of cdb.h for a file; RAQAM_ERROR_DATA for a folder without such
 * files, a file named twice, no images or too many; RAQAM_ERROR_MEMORY;
 * G_IO_ERROR for what cannot be read and, with CANCELLED, for @cancellable.
 *
 * Returns: (transfer full): NULL with @error set
 */
RaqamDataset *raqam_dataset_load (const char *const *paths, gboolean grey,
                                  RaqamDatasetProgress progress, gpointer data,
                                  GCancellable *cancellable, GError **error);

/**
 * raqam_dataset_new_part:
 * @which: (@n), each below @whole's number of images
 * @n: 1 or more
 *
 * A copy of some of the images, in the order of @which; its sources are @whole's.
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_MEMORY
 */
RaqamDataset *raqam_dataset_new_part (const RaqamDataset *whole, const guint32 *which, guint n,
                                      GError **error);

RaqamDataset *raqam_dataset_ref   (RaqamDataset *self);
void          raqam_dataset_unref (RaqamDataset *self);

guint raqam_dataset_get_n (const RaqamDataset *self);

/* Returns: (transfer none): (n, 28, 28), 255 is ink */
const guint8 *raqam_dataset_get_images (const RaqamDataset *self);

/* Returns: (transfer none): (n), each below RAQAM_DATASET_CLASSES */
const guint8 *raqam_dataset_get_labels (const RaqamDataset *self);

/* Returns: how many images have @label, which is below RAQAM_DATASET_CLASSES */
guint raqam_dataset_get_count (const RaqamDataset *self, int label);

/* Returns: (transfer none): the paths of the files that were read, in order, NULL-terminated */
const char *const *raqam_dataset_get_sources (const RaqamDataset *self);

/* Returns: (transfer none): how many images had been read after each of the sources; in a
 *   part (raqam_dataset_new_part()) NULL */
const guint *raqam_dataset_get_source_ends (const RaqamDataset *self);

/* Returns: (transfer none): SHA-256 of the images and then the labels, 64 hexadecimal digits */
const char *raqam_dataset_get_checksum (const RaqamDataset *self);

/**
 * raqam_dataset_find_hoda:
 *
 * Looks in $HODA_DIR, $XDG_DATA_HOME/raqam/hoda, the user's folder of downloads,
 * ~/Downloads, the current folder and ../shared/hoda for *.cdb files whose names begin with "Train" or
 * "Test", and stops at the first that has any. Only their names are looked at.
 *
 * Returns: (transfer full): the first of each kind, sorted, in that folder,
 *   train before test, NULL-terminated; NULL when there is none. g_strfreev()
 */
char **raqam_dataset_find_hoda (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamDataset, raqam_dataset_unref)

G_END_DECLS
