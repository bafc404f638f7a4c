/* critic-training.c — the classifier's training, on a thread that gives way to others.
 * SPDX-License-Identifier: MIT */

#include "engine/critic-training.h"

#include "engine/evaluation-private.h"
#include "engine/give-way.h"

struct _RaqamCriticTraining
{
  GThread                    *thread;
  RaqamDataset               *train;
  GCancellable               *cancellable;
  RaqamCriticTrainingProgress progress;
  RaqamCriticTrainingEnd      end;
  gpointer                    data;

  /* The thread's own, until it has ended. */
  RaqamClassifier *classifier;
  GError          *error;
};

static void
progress_cb (double done, double loss, gpointer data)
{
  RaqamCriticTraining *self = data;

  self->progress (done, self->data);
}

static gpointer
training_main (gpointer data)
{
  RaqamCriticTraining *self = data;
  RaqamDeviceOptions options = {
    .precision = RAQAM_PRECISION_F32, .n_threads = RAQAM_EVALUATION_TRAINERS, .background = TRUE,
  };

  raqam_give_way ();
  self->classifier = raqam_classifier_train (
    raqam_dataset_get_images (self->train), raqam_dataset_get_labels (self->train),
    raqam_dataset_get_n (self->train), &raqam_classifier_training, "auto", &options, progress_cb,
    self, self->cancellable, &self->error);
  if (self->classifier != NULL)
    raqam_classifier_keep (self->classifier, raqam_dataset_get_checksum (self->train));
  self->end (self->data);
  return NULL;
}

RaqamCriticTraining *
raqam_critic_training_new (RaqamDataset *train, GCancellable *cancellable,
                           RaqamCriticTrainingProgress progress, RaqamCriticTrainingEnd end,
                           gpointer data)
{
  RaqamCriticTraining *self = g_new0 (RaqamCriticTraining, 1);

  self->train = raqam_dataset_ref (train);
  self->cancellable = g_object_ref (cancellable);
  self->progress = progress;
  self->end = end;
  self->data = data;
  self->thread = g_thread_new ("raqam-critic-training", training_main, self);
  return self;
}

gboolean
raqam_critic_training_is_of (const RaqamCriticTraining *self, const char *data_checksum)
{
  return g_str_equal (raqam_dataset_get_checksum (self->train), data_checksum);
}

void
raqam_critic_training_cancel (RaqamCriticTraining *self)
{
  g_cancellable_cancel (self->cancellable);
}

RaqamClassifier *
raqam_critic_training_finish (RaqamCriticTraining *self, GError **error)
{
  RaqamClassifier *classifier;

  g_thread_join (self->thread);
  classifier = self->classifier;
  if (self->error != NULL)
    g_propagate_error (error, self->error);
  raqam_dataset_unref (self->train);
  g_object_unref (self->cancellable);
  g_free (self);
  return classifier;
}
