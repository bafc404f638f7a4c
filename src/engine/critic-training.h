/* critic-training.h — the classifier's training, on a thread that gives way to others.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/classifier.h"

G_BEGIN_DECLS

typedef struct _RaqamCriticTraining RaqamCriticTraining;

/* Both are called in the training's thread: about ten times a second, and once at the end. */
typedef void (*RaqamCriticTrainingProgress) (double done, gpointer data);
typedef void (*RaqamCriticTrainingEnd)      (gpointer data);

/**
 * raqam_critic_training_new:
 * @train: the training part; a reference is taken
 * @cancellable: a reference is taken
 *
 * Starts at once. As the evaluation does it, so that the classifier is the same one.
 */
RaqamCriticTraining *raqam_critic_training_new (RaqamDataset *train, GCancellable *cancellable,
                                                RaqamCriticTrainingProgress progress,
                                                RaqamCriticTrainingEnd end, gpointer data);

/* Returns: whether it is of these data */
gboolean raqam_critic_training_is_of (const RaqamCriticTraining *self, const char *data_checksum);

void raqam_critic_training_cancel (RaqamCriticTraining *self);

/**
 * raqam_critic_training_finish:
 *
 * Waits for the thread, keeps the classifier and frees the rest.
 *
 * Returns: (transfer full): the classifier as it was trained; NULL with @error set
 */
RaqamClassifier *raqam_critic_training_finish (RaqamCriticTraining *self, GError **error);

G_END_DECLS
