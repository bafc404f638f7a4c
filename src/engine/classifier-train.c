/* classifier-train.c — trains the classifier.
 * SPDX-License-Identifier: MIT */

#include "engine/classifier-private.h"

#include "engine/shuffle.h"
#include "engine/stream.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#define N_CLASSES RAQAM_DATASET_CLASSES
#define SHIFT 2 /* pixels each way, at the most */
#define BETA1 0.9f
#define BETA2 0.999f
#define EPSILON 1e-7f
#define NORM_UPDATE 0.1f

const RaqamClassifierTraining raqam_classifier_training = {
  .epochs = 3,
  .batch = 128,
  .rate = 2e-3f,
  .seed = 1,
};

typedef struct
{
  RaqamClassifier               *classifier;
  const RaqamClassifierTraining *training;
  const guint8                  *images;
  const guint8                  *labels;
  gsize                          n;
  guint64                        step, n_steps;
  double                         loss;

  RaqamNetwork *network;

  /* Device memory. */
  float      *gradient, *m, *v;
  float      *batch;    /* (batch, 784) */
  float      *logits;   /* (batch, classes) */
  float      *d_logits; /* (batch, classes) */
  RaqamPulse *pulse;

  /* Host memory. */
  guint32 *order;
  guint8  *batch_labels;
  float   *host_batch;
  float   *host_logits;
} Course;

static gpointer
allocate (Course *self, gsize n_bytes, GError **error)
{
  return self->classifier->backend->alloc (self->classifier->device, n_bytes, error);
}

static gboolean
course_init (Course *self, GError **error)
{
  RaqamClassifier *classifier = self->classifier;
  gsize batch = self->training->batch, slab = sizeof (float) * classifier->spec.n_params;

  self->order = g_new (guint32, self->n);
  self->batch_labels = g_new (guint8, batch);
  self->host_batch = g_new (float, batch * RAQAM_IMAGE_SIZE);
  self->host_logits = g_new (float, batch * N_CLASSES);

  return (self->gradient = allocate (self, slab, error)) != NULL
         && (self->m = allocate (self, slab, error)) != NULL
         && (self->v = allocate (self, slab, error)) != NULL
         && (self->batch = allocate (self, sizeof (float) * batch * RAQAM_IMAGE_SIZE, error)) != NULL
         && (self->logits = allocate (self, sizeof (float) * batch * N_CLASSES, error)) != NULL
         && (self->d_logits = allocate (self, sizeof (float) * batch * N_CLASSES, error)) != NULL
         && (self->pulse = allocate (self, sizeof *self->pulse, error)) != NULL
         && (self->network = raqam_network_new (classifier->backend, classifier->device,
                                                &classifier->spec, (int) batch, TRUE, error)) != NULL;
}

static void
course_clear (Course *self)
{
  gpointer memory[] = { self->gradient, self->m, self->v, self->batch, self->logits, self->d_logits, self->pulse };

  raqam_network_free (self->network);
  for (guint i = 0; i < G_N_ELEMENTS (memory); i++)
    self->classifier->backend->free (self->classifier->device, memory[i]);
  g_free (self->order);
  g_free (self->batch_labels);
  g_free (self->host_batch);
  g_free (self->host_logits);
}

/* @to is the image moved by (dy, dx), with empty paper where it came from. */
static void
move (float *to, const guint8 *image, int dy, int dx)
{
  memset (to, 0, sizeof (float) * RAQAM_IMAGE_SIZE);
  for (int y = MAX (0, dy); y < MIN (RAQAM_IMAGE_SIDE, RAQAM_IMAGE_SIDE + dy); y++)
    for (int x = MAX (0, dx); x < MIN (RAQAM_IMAGE_SIDE, RAQAM_IMAGE_SIDE + dx); x++)
      to[y * RAQAM_IMAGE_SIDE + x] = image[(y - dy) * RAQAM_IMAGE_SIDE + x - dx] / 255.0f;
}

static void
gather (Course *self, gsize first)
{
  for (int i = 0; i < self->training->batch; i++)
    {
      guint32 which = self->order[first + i];
      RaqamPhilox block = raqam_philox (self->training->seed, self->step, RAQAM_STREAM_SHIFT, (guint32) i);

      move (self->host_batch + (gsize) i * RAQAM_IMAGE_SIZE, self->images + (gsize) which * RAQAM_IMAGE_SIZE,
            (int) (block.word[0] % (2 * SHIFT + 1)) - SHIFT, (int) (block.word[1] % (2 * SHIFT + 1)) - SHIFT);
      self->batch_labels[i] = self->labels[which];
    }
}

/* From logits to their gradient, in place: (softmax - one-hot) / n. */
static void
differentiate (Course *self)
{
  int n = self->training->batch;

  raqam_softmax (self->host_logits, self->host_logits, n, N_CLASSES);
  self->loss = 0;
  for (int i = 0; i < n; i++)
    {
      float *row = self->host_logits + i * N_CLASSES;

      self->loss -= log (MAX (row[self->batch_labels[i]], 1e-30)) / n;
      row[self->batch_labels[i]] -= 1;
      for (int c = 0; c < N_CLASSES; c++)
        row[c] /= n;
    }
}

static gboolean
upload_pulse (Course *self, GError **error)
{
  double t = (double) self->step + 1;
  double rate = self->training->rate * (1 - (double) self->step / self->n_steps);
  RaqamPulse pulse = {
    .seed = self->training->seed,
    .step = self->step,
    .rate = { (float) (rate * sqrt (1 - pow (BETA2, t)) / (1 - pow (BETA1, t))) },
  };

  return self->classifier->backend->upload (self->classifier->device, self->pulse, &pulse, sizeof pulse, error);
}

static gboolean
step (Course *self, GError **error)
{
  RaqamClassifier *classifier = self->classifier;
  const RaqamBackend *backend = classifier->backend;
  RaqamDevice *device = classifier->device;
  RaqamForward how = { .mode = RAQAM_MODE_TRAIN, .update = NORM_UPDATE, .pulse = self->pulse };
  gsize n_logits = (gsize) self->training->batch * N_CLASSES;

  if (!upload_pulse (self, error)
      || !backend->upload (device, self->batch, self->host_batch,
                           sizeof (float) * self->training->batch * RAQAM_IMAGE_SIZE, error)
      || !raqam_network_prepare (self->network, classifier->params, classifier->state, FALSE, error)
      || !raqam_network_forward (self->network, self->logits, self->batch, NULL, &how, error)
      || !backend->download (device, self->host_logits, self->logits, sizeof (float) * n_logits, error))
    return FALSE;

  differentiate (self);
  if (!isfinite (self->loss))
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DIVERGED,
                   _("Training the classifier broke down at step %" PRIu64 "."), self->step);
      return FALSE;
    }

  self->step++;
  return backend->upload (device, self->d_logits, self->host_logits, sizeof (float) * n_logits, error)
         && raqam_network_backward (self->network, NULL, self->gradient, self->d_logits, error)
         && backend->adam (device, classifier->params, self->m, self->v, self->gradient,
                           classifier->spec.n_params, &self->pulse->rate[0], BETA1, BETA2, EPSILON, error);
}

static gboolean
run (Course *self, RaqamClassifierProgress progress, gpointer data, GCancellable *cancellable,
     GError **error)
{
  guint64 per_epoch = self->n / self->training->batch;
  gint64 next = 0;

  self->n_steps = self->training->steps > 0 ? self->training->steps
                                            : per_epoch * self->training->epochs;
  while (self->step < self->n_steps)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (self->step % per_epoch == 0)
        raqam_shuffle (self->order, self->n, self->training->seed, self->step / per_epoch);
      gather (self, self->step % per_epoch * self->training->batch);
      if (!step (self, error))
        return FALSE;
      if (progress != NULL && (g_get_monotonic_time () >= next || self->step == self->n_steps))
        {
          next = g_get_monotonic_time () + G_USEC_PER_SEC / 10;
          progress ((double) self->step / self->n_steps, self->loss, data);
        }
    }

  return TRUE;
}

RaqamClassifier *
raqam_classifier_train (const guint8 *images, const guint8 *labels, gsize n,
                        const RaqamClassifierTraining *training, const char *device,
                        const RaqamDeviceOptions *options, RaqamClassifierProgress progress,
                        gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (RaqamClassifier) classifier = NULL;
  Course course = { .training = training, .images = images, .labels = labels, .n = n };
  gboolean done;

  if (n < (gsize) training->batch)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
                   _("A classifier needs at least %d images to learn from; there are %zu."),
                   training->batch, n);
      return NULL;
    }

  classifier = raqam_classifier_new (training->seed, device, options, error);
  if (classifier == NULL)
    return NULL;

  course.classifier = classifier;
  done = course_init (&course, error) && run (&course, progress, data, cancellable, error)
         && raqam_classifier_prepare (classifier, error);
  course_clear (&course);

  return done ? g_steal_pointer (&classifier) : NULL;
}
