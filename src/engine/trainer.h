/* trainer.h — trains a recipe's two networks on a data set, a step at a time.
 * SPDX-License-Identifier: MIT
 *
 * No threads and no clock of its own: the same recipe, data, device and number
 * of threads give the same weights bit for bit, also when the training was
 * saved and restored on the way. One thread at a time.
 */

#pragma once

#include "engine/backend.h"
#include "engine/dataset.h"
#include "engine/model.h"
#include "engine/point.h"
#include "engine/recipe.h"

G_BEGIN_DECLS

typedef struct _RaqamTrainer RaqamTrainer;

/* Steps of one raqam_trainer_run() at the most. */
#define RAQAM_LONGEST_RUN 256

/* Rows of the sample grid at the most. */
#define RAQAM_MAX_SAMPLE_ROWS 10

/**
 * raqam_trainer_new:
 * @recipe: copied
 * @dataset: a reference is taken; at least one batch of images
 * @device: as raqam_device_open()
 *
 * Plans everything and sets the initial weights of the recipe's seed.
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_RECIPE, RAQAM_ERROR_DATA,
 *   RAQAM_ERROR_DEVICE or RAQAM_ERROR_MEMORY
 */
RaqamTrainer *raqam_trainer_new  (const RaqamRecipe *recipe, RaqamDataset *dataset,
                                  const char *device, const RaqamDeviceOptions *options,
                                  GError **error);
void          raqam_trainer_free (RaqamTrainer *self);

/* Returns: (transfer none): one line for people about the device */
const char *raqam_trainer_describe    (RaqamTrainer *self);
/* Returns: (transfer none): its backend: "cpu", "cuda" */
const char *raqam_trainer_get_backend (const RaqamTrainer *self);
/* Returns: (transfer none) (nullable): as raqam_device_open() says it */
const char *raqam_trainer_get_passed_over (const RaqamTrainer *self);
/* Bytes of the device's own memory; 0 and 0 where it has none of its own. */
void        raqam_trainer_get_memory  (RaqamTrainer *self, guint64 *used, guint64 *total);

guint64     raqam_trainer_get_step    (const RaqamTrainer *self); /* steps done */
guint64     raqam_trainer_get_n_steps (const RaqamTrainer *self); /* steps in all */
double      raqam_trainer_get_epoch   (const RaqamTrainer *self); /* epochs done */

/* Returns: whether @step steps are the first that reach the end of an epoch */
gboolean raqam_trainer_ends_epoch (const RaqamTrainer *self, guint64 step);

/**
 * raqam_trainer_get_longest_run:
 *
 * Returns: how many steps raqam_trainer_run() should be asked for at the most: 1
 *   where nothing is gained by more
 */
int raqam_trainer_get_longest_run (const RaqamTrainer *self);

/**
 * raqam_trainer_run:
 * @points: (@n) what the curves show of each step, overwritten
 * @n: 1 to RAQAM_LONGEST_RUN
 *
 * @n steps, each one of the discriminator and then one of the generator. The
 * device is given all of them before it is waited for, once. However steps are
 * divided into runs, the same weights come out.
 *
 * Returns: how many points are good; fewer than @n with RAQAM_ERROR_DIVERGED
 *   when a loss is NaN or infinite at the step after them, or with what the
 *   device says. The weights are then lost, and only raqam_trainer_restore(),
 *   after the first, or _free() may follow
 */
int raqam_trainer_run (RaqamTrainer *self, RaqamPoint *points, int n, GError **error);

/* As raqam_trainer_run(), for one step. Returns: whether the point is good */
gboolean raqam_trainer_step (RaqamTrainer *self, RaqamPoint *point, GError **error);

/**
 * raqam_trainer_snapshot:
 * @calibration: images to estimate the average's norm statistics from, where
 *   the recipe asks for that; 0 for the recipe's own number
 *
 * Returns: (transfer full): the generator as it draws now, and the discriminator
 */
RaqamModel *raqam_trainer_snapshot (RaqamTrainer *self, int calibration, GError **error);

/**
 * raqam_trainer_sample:
 * @pixels: (@n_rows, n_classes, 784), overwritten; 255 is ink
 * @n_rows: 1 to RAQAM_MAX_SAMPLE_ROWS; each has one latent vector, the same at every call
 * @calibration: as for raqam_trainer_snapshot()
 */
gboolean raqam_trainer_sample (RaqamTrainer *self, guint8 *pixels, int n_rows, int calibration,
                               GError **error);

/**
 * raqam_trainer_save:
 *
 * Writes a checkpoint, whole or not at all: both networks, the average, Adam's
 * moments, counters, recipe. Refuses weights that are not finite.
 *
 * Returns: FALSE with RAQAM_ERROR_DIVERGED, G_FILE_ERROR or the device's error
 */
gboolean raqam_trainer_save (RaqamTrainer *self, const char *path, GError **error);

/**
 * raqam_trainer_restore:
 *
 * Goes back to a checkpoint of the same networks; the data must be the same.
 * The rest of the recipe may differ (epochs, rates).
 *
 * Returns: FALSE with RAQAM_ERROR_CHECKPOINT, which says what does not fit
 */
gboolean raqam_trainer_restore (RaqamTrainer *self, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamTrainer, raqam_trainer_free)

G_END_DECLS
