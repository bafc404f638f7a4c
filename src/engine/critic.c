/* critic.c — what those who know real digits say of a picture, on a thread of their own.
 * SPDX-License-Identifier: MIT */

#include "engine/critic.h"

#include "engine/critic-worker.h"

struct _RaqamCritic
{
  GObject parent_instance;

  RaqamMailbox      *mailbox;
  RaqamCriticWorker *worker; /* NULL once closed */
  guint              serial; /* of the newest model */
  RaqamCriticState   state;
  GCancellable      *training; /* or NULL */
};

enum
{
  PROP_0,
  PROP_TRAINING,
  N_PROPS,
};

enum
{
  STATE_CHANGED,
  TOLD,
  PROGRESS,
  TRAINED,
  N_SIGNALS,
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamCritic, raqam_critic, G_TYPE_OBJECT)

static void
deliver_answer (gpointer target, gpointer report)
{
  RaqamCritic *self = target;
  const RaqamCriticAnswer *answer = report;

  if (answer->serial == self->serial)
    g_signal_emit (self, signals[TOLD], 0, &answer->opinion);
}

static gpointer
merge_answers (gpointer older, gpointer newer)
{
  return raqam_mailbox_keep_newer (older, newer, raqam_critic_answer_free);
}

static void
deliver_news (gpointer target, gpointer report)
{
  RaqamCritic *self = target;
  RaqamCriticNews *news = report;

  if (news->serial != self->serial)
    return;
  g_free (self->state.problem);
  self->state = news->state;
  news->state.problem = NULL;
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

static gpointer
merge_news (gpointer older, gpointer newer)
{
  return raqam_mailbox_keep_newer (older, newer, raqam_critic_news_free);
}

static void
deliver_progress (gpointer target, gpointer report)
{
  RaqamCritic *self = target;

  /* One that was cancelled has nothing more to say. */
  if (self->training != NULL && !g_cancellable_is_cancelled (self->training))
    g_signal_emit (self, signals[PROGRESS], 0, *(const double *) report);
}

static gpointer
merge_progress (gpointer older, gpointer newer)
{
  return raqam_mailbox_keep_newer (older, newer, g_free);
}

static void
deliver_end (gpointer target, gpointer report)
{
  RaqamCritic *self = g_object_ref (target);
  const RaqamCriticEnd *end = report;

  g_clear_object (&self->training);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TRAINING]);
  g_signal_emit (self, signals[TRAINED], 0, end->error);
  g_object_unref (self);
}

static const RaqamReportClass ANSWER_CLASS = { deliver_answer, raqam_critic_answer_free, merge_answers };
static const RaqamReportClass NEWS_CLASS = { deliver_news, raqam_critic_news_free, merge_news };
static const RaqamReportClass PROGRESS_CLASS = { deliver_progress, g_free, merge_progress };
static const RaqamReportClass END_CLASS = { deliver_end, raqam_critic_end_free, NULL };

static const RaqamCriticReports REPORTS = {
  .answer = &ANSWER_CLASS,
  .news = &NEWS_CLASS,
  .progress = &PROGRESS_CLASS,
  .trained = &END_CLASS,
};

void
raqam_critic_set_model (RaqamCritic *self, RaqamModel *model)
{
  g_return_if_fail (RAQAM_IS_CRITIC (self) && self->worker != NULL);
  g_return_if_fail (model != NULL);

  raqam_critic_worker_set_model (self->worker, model, ++self->serial);
}

const RaqamCriticState *
raqam_critic_get_state (RaqamCritic *self)
{
  g_return_val_if_fail (RAQAM_IS_CRITIC (self), NULL);

  return &self->state;
}

void
raqam_critic_ask (RaqamCritic *self, GBytes *pixels, int digit)
{
  g_return_if_fail (RAQAM_IS_CRITIC (self) && self->worker != NULL);
  g_return_if_fail (g_bytes_get_size (pixels) == RAQAM_IMAGE_SIZE);
  g_return_if_fail (digit >= 0 && digit < RAQAM_DATASET_CLASSES);

  raqam_critic_worker_ask (self->worker, pixels, digit);
}

void
raqam_critic_train_classifier (RaqamCritic *self)
{
  g_return_if_fail (RAQAM_IS_CRITIC (self) && self->worker != NULL);

  if (self->training != NULL)
    return;
  self->training = g_cancellable_new ();
  raqam_critic_worker_train (self->worker, self->training);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TRAINING]);
}

void
raqam_critic_cancel_training (RaqamCritic *self)
{
  g_return_if_fail (RAQAM_IS_CRITIC (self));

  if (self->training != NULL)
    g_cancellable_cancel (self->training);
}

gboolean
raqam_critic_is_training (RaqamCritic *self)
{
  g_return_val_if_fail (RAQAM_IS_CRITIC (self), FALSE);

  return self->training != NULL;
}

void
raqam_critic_close (RaqamCritic *self)
{
  g_return_if_fail (RAQAM_IS_CRITIC (self));

  if (self->worker == NULL)
    return;
  raqam_critic_cancel_training (self);
  g_clear_pointer (&self->worker, raqam_critic_worker_free);
  raqam_mailbox_close (self->mailbox);
  g_clear_pointer (&self->mailbox, raqam_mailbox_unref);
  if (self->training != NULL)
    {
      g_clear_object (&self->training);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TRAINING]);
    }
}

static void
raqam_critic_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RaqamCritic *self = RAQAM_CRITIC (object);

  switch (prop_id)
    {
    case PROP_TRAINING:
      g_value_set_boolean (value, raqam_critic_is_training (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
raqam_critic_dispose (GObject *object)
{
  raqam_critic_close (RAQAM_CRITIC (object));

  G_OBJECT_CLASS (raqam_critic_parent_class)->dispose (object);
}

static void
raqam_critic_finalize (GObject *object)
{
  g_free (RAQAM_CRITIC (object)->state.problem);

  G_OBJECT_CLASS (raqam_critic_parent_class)->finalize (object);
}

static guint
add_signal (const char *name, guint n_params, GType type)
{
  return g_signal_newv (name, RAQAM_TYPE_CRITIC, G_SIGNAL_RUN_LAST, NULL, NULL, NULL, NULL,
                        G_TYPE_NONE, n_params, &type);
}

static void
raqam_critic_class_init (RaqamCriticClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = raqam_critic_get_property;
  object_class->dispose = raqam_critic_dispose;
  object_class->finalize = raqam_critic_finalize;

  props[PROP_TRAINING] = g_param_spec_boolean ("training", NULL, NULL, FALSE,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[STATE_CHANGED] = add_signal ("state-changed", 0, G_TYPE_NONE);
  signals[TOLD] = add_signal ("told", 1, G_TYPE_POINTER);
  signals[PROGRESS] = add_signal ("progress", 1, G_TYPE_DOUBLE);
  signals[TRAINED] = add_signal ("trained", 1, G_TYPE_POINTER);
}

static void
raqam_critic_init (RaqamCritic *self)
{
  self->mailbox = raqam_mailbox_new (self);
  self->worker = raqam_critic_worker_new (self->mailbox, &REPORTS);
}

RaqamCritic *
raqam_critic_new (void)
{
  return g_object_new (RAQAM_TYPE_CRITIC, NULL);
}
