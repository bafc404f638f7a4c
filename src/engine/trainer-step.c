/* trainer-step.c — training steps: recorded once, replayed several at a time.
 * SPDX-License-Identifier: MIT */

#include "engine/trainer-private.h"

#include "engine/shuffle.h"
#include "engine/stream.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static const float REAL = 0.0f, FAKE = 1.0f; /* the discriminator's targets */

static const guint32 *
order_of (RaqamTrainer *self, guint64 epoch)
{
  RaqamOrder *order = &self->orders[epoch % G_N_ELEMENTS (self->orders)];
  gsize n = raqam_dataset_get_n (self->dataset);

  if (order->images != NULL && order->epoch == epoch)
    return order->images;

  if (order->images == NULL)
    order->images = g_new (guint32, n);
  raqam_shuffle (order->images, n, self->recipe->seed, epoch);
  order->epoch = epoch;
  return order->images;
}

/* Batches run on across the end of an epoch, so that every image is seen once an epoch. */
static gboolean
upload_order (RaqamTrainer *self, guint64 epoch, GError **error)
{
  gsize n = raqam_dataset_get_n (self->dataset), batch = self->recipe->batch;

  if (self->order_epoch == epoch)
    return TRUE;

  if (!self->backend->upload (self->device, self->order, order_of (self, epoch),
                              sizeof (guint32) * n, error)
      || !self->backend->upload (self->device, self->order + n, order_of (self, epoch + 1),
                                 sizeof (guint32) * batch, error))
    return FALSE;

  self->order_epoch = epoch;
  return TRUE;
}

static guint64
first_image (const RaqamTrainer *self, guint64 step)
{
  return step * self->recipe->batch;
}

static void
make_pulse (RaqamPulse *pulse, float rate[2], const RaqamTrainer *self, guint64 step)
{
  const RaqamRecipe *recipe = self->recipe;
  double t = (double) step + 1;
  double correction = sqrt (1 - pow (recipe->beta2, t)) / (1 - pow (recipe->beta1, t));

  *pulse = (RaqamPulse) {
    .seed = recipe->seed,
    .step = step,
    .position = first_image (self, step) % raqam_dataset_get_n (self->dataset),
    .ema_decay = MIN (recipe->ema_decay, (float) (t / (t + 9))),
  };

  raqam_recipe_rates (rate, recipe, step, raqam_trainer_steps_per_epoch (self));
  for (int kind = 0; kind < 2; kind++)
    pulse->rate[kind] = (float) (rate[kind] * correction);
}

static gboolean
draw_fakes (RaqamTrainer *self, guint32 stream, GError **error)
{
  const RaqamRecipe *recipe = self->recipe;
  RaqamForward how = {
    .mode = RAQAM_MODE_TRAIN,
    .update = 1 - recipe->norm_momentum,
    .pulse = self->pulse,
  };

  return self->backend->normal (self->device, self->z, (gsize) recipe->batch * recipe->latent, stream,
                                self->pulse, error)
         && raqam_network_forward (self->generator, self->images, self->z, self->labels, &how, error);
}

static gboolean
learn (RaqamTrainer *self, RaqamNetworkKind kind, GError **error)
{
  const RaqamWeights *weights = &self->weights[kind];
  const RaqamRecipe *recipe = self->recipe;

  return self->backend->adam (self->device, weights->params, weights->m, weights->v, weights->gradient,
                              weights->spec.n_params, &self->pulse->rate[kind], recipe->beta1,
                              recipe->beta2, recipe->epsilon, error);
}

static gboolean
judge (RaqamTrainer *self, RaqamNetwork *network, int n, guint32 stream, float fake_target,
       float *results, GError **error)
{
  const RaqamWeights *weights = &self->weights[RAQAM_DISCRIMINATOR];
  RaqamForward how = { .mode = RAQAM_MODE_TRAIN, .stream = stream, .pulse = self->pulse };

  return raqam_network_prepare (network, weights->params, weights->state, TRUE, error)
         && raqam_network_forward (network, self->logits, self->images, self->labels, &how, error)
         && self->backend->bce (self->device, self->d_logits, results, self->logits, n,
                                self->recipe->batch, fake_target, REAL, error);
}

static gboolean
step_discriminator (RaqamTrainer *self, GError **error)
{
  const RaqamBackend *backend = self->backend;
  RaqamWeights *weights = &self->weights[RAQAM_DISCRIMINATOR];
  int batch = self->recipe->batch;

  return backend->gather (self->device, self->images + (gsize) batch * RAQAM_IMAGE_SIZE,
                          self->labels + batch, self->data, self->data_labels, self->order, batch,
                          RAQAM_IMAGE_SIZE, self->pulse, error)
         && backend->copy (self->device, self->labels, self->labels + batch, batch, error)
         && raqam_network_prepare (self->generator, self->weights[RAQAM_GENERATOR].params,
                                   self->weights[RAQAM_GENERATOR].state, TRUE, error)
         && draw_fakes (self, RAQAM_STREAM_LATENT_D, error)
         && judge (self, self->judge_pair, 2 * batch, RAQAM_STREAM_DROPOUT_D, FAKE, self->results, error)
         && raqam_network_backward (self->judge_pair, NULL, weights->gradient, self->d_logits, error)
         && learn (self, RAQAM_DISCRIMINATOR, error);
}

static gboolean
step_generator (RaqamTrainer *self, GError **error)
{
  RaqamWeights *weights = &self->weights[RAQAM_GENERATOR];
  int batch = self->recipe->batch;

  if (!self->recipe->one_fake_batch && !draw_fakes (self, RAQAM_STREAM_LATENT_G, error))
    return FALSE;
  if (!judge (self, self->judge, batch, RAQAM_STREAM_DROPOUT_G, REAL, self->results + 4, error)
      || !raqam_network_backward (self->judge, self->d_images, NULL, self->d_logits, error)
      || !raqam_network_backward (self->generator, NULL, weights->gradient, self->d_images, error)
      || !learn (self, RAQAM_GENERATOR, error))
    return FALSE;

  return self->average == NULL
         || self->backend->average (self->device, self->average, weights->params,
                                    weights->spec.n_params, &self->pulse->ema_decay, error);
}

/* Everything between the pulse and the results: what a device records. */
static gboolean
step_calls (gpointer data, GError **error)
{
  return step_discriminator (data, error) && step_generator (data, error);
}

/* The first step runs plainly, so that whatever a device does at a first time is done. */
static gboolean
run_step (RaqamTrainer *self, GError **error)
{
  g_autoptr (GError) why_not = NULL;

  if (self->recording == NULL && self->warm && !self->unrecordable && self->backend->record != NULL
      && !self->backend->record (self->device, &self->recording, step_calls, self, &why_not))
    {
      self->unrecordable = TRUE;
      self->recording = NULL;
      g_warning ("Training steps are launched call by call, which is slower: %s", why_not->message);
    }

  self->warm = TRUE;
  return self->recording != NULL ? self->backend->replay (self->recording, error)
                                 : step_calls (self, error);
}

/* Asks the device for step @i of a run; its pulse is there. */
static gboolean
launch (RaqamTrainer *self, int i, GError **error)
{
  guint64 epoch = first_image (self, self->step) / raqam_dataset_get_n (self->dataset);

  if (!upload_order (self, epoch, error)
      || !self->backend->copy (self->device, self->pulse, &self->pulses[i], sizeof *self->pulse, error)
      || !run_step (self, error)
      || !self->backend->copy (self->device, self->all_results + i * RAQAM_N_RESULTS, self->results,
                               sizeof (float) * RAQAM_N_RESULTS, error))
    return FALSE;

  self->step++;
  return TRUE;
}

/* @point: its rates are there */
static gboolean
read_point (RaqamPoint *point, const float *results, const RaqamTrainer *self, guint64 step,
            GError **error)
{
  point->step = step;
  point->epoch = step / raqam_trainer_steps_per_epoch (self);
  point->loss[0] = results[4];
  point->loss[1] = 0.5f * (results[0] + results[1]);
  point->p_real[0] = 1 - results[3];
  point->p_real[1] = 1 - results[2];
  if (isfinite (point->loss[0]) && isfinite (point->loss[1]))
    return TRUE;

  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DIVERGED,
               _("Training broke down at step %" PRIu64 " (epoch %.2f): the loss of the %s is "
                 "not a number any more. The last good checkpoint is kept. A lower learning rate "
                 "usually helps."),
               step, point->epoch,
               isfinite (point->loss[1]) ? _("generator") : _("discriminator"));
  return FALSE;
}

int
raqam_trainer_get_longest_run (const RaqamTrainer *self)
{
  return self->backend->record != NULL ? RAQAM_LONGEST_RUN : 1;
}

int
raqam_trainer_run (RaqamTrainer *self, RaqamPoint *points, int n, GError **error)
{
  RaqamPulse pulses[RAQAM_LONGEST_RUN];
  float results[RAQAM_LONGEST_RUN * RAQAM_N_RESULTS];
  guint64 first = self->step;

  g_return_val_if_fail (n >= 1 && n <= RAQAM_LONGEST_RUN, 0);

  for (int i = 0; i < n; i++)
    make_pulse (&pulses[i], points[i].rate, self, first + i);
  if (!self->backend->upload (self->device, self->pulses, pulses, sizeof *pulses * n, error))
    return 0;
  for (int i = 0; i < n; i++)
    if (!launch (self, i, error))
      return 0;

  /* While the device is at work: what the next epoch will ask for. */
  order_of (self, self->order_epoch + 2);

  if (!self->backend->download (self->device, results, self->all_results,
                                sizeof (float) * RAQAM_N_RESULTS * n, error))
    return 0;
  for (int i = 0; i < n; i++)
    if (!read_point (&points[i], results + i * RAQAM_N_RESULTS, self, first + i + 1, error))
      return i;

  return n;
}

gboolean
raqam_trainer_step (RaqamTrainer *self, RaqamPoint *point, GError **error)
{
  return raqam_trainer_run (self, point, 1, error) == 1;
}
