/* critic-worker.c — the critic's thread: what is quick first, the newest question only.
 * SPDX-License-Identifier: MIT */

#include "engine/critic-worker.h"

#include "engine/critic-search.h"
#include "engine/critic-training.h"
#include "engine/discriminator.h"
#include "engine/generator.h"
#include "engine/give-way.h"
#include "engine/kept-data.h"
#include "engine/real-paths.h"

#include <string.h>

/* What the main thread asked for. */
typedef struct
{
  RaqamModel   *model; /* or NULL */
  guint         serial;
  GBytes       *pixels; /* or NULL */
  int           digit;
  GCancellable *train; /* or NULL */
  gboolean      train_first; /* it was asked before the model came */
  gboolean      trained;     /* the training's thread has ended */
} Wishes;

struct _RaqamCriticWorker
{
  GThread                  *thread;
  RaqamMailbox             *mailbox;
  const RaqamCriticReports *reports;
  GCancellable             *loading; /* cancelled at the end */

  /* Set by others, taken by the thread, under mutex. */
  GMutex   mutex;
  GCond    cond;
  gboolean quit;
  Wishes   wishes;

  /* The rest is the thread's own. */
  RaqamModel          *model;
  guint                serial;
  RaqamDiscriminator  *discriminator; /* or NULL */
  RaqamKeptData        data;
  RaqamClassifier     *classifier; /* or NULL */
  RaqamCriticTraining *training;   /* or NULL */
  RaqamCriticState     state;
  gboolean             stale; /* the data are still to be looked for */

  /* The newest question. */
  GBytes           *pixels; /* or NULL */
  int               digit;
  RaqamCriticSearch search;
};

void
raqam_critic_answer_free (gpointer data)
{
  RaqamCriticAnswer *answer = data;

  g_bytes_unref (answer->opinion.pixels);
  g_free (answer);
}

void
raqam_critic_news_free (gpointer data)
{
  RaqamCriticNews *news = data;

  g_free (news->state.problem);
  g_free (news);
}

void
raqam_critic_end_free (gpointer data)
{
  RaqamCriticEnd *end = data;

  g_clear_error (&end->error);
  g_free (end);
}

static void
wishes_clear (Wishes *wishes)
{
  g_clear_pointer (&wishes->model, raqam_model_unref);
  g_clear_pointer (&wishes->pixels, g_bytes_unref);
  g_clear_object (&wishes->train);
}

static void
post_state (RaqamCriticWorker *self)
{
  RaqamCriticNews *news = g_new (RaqamCriticNews, 1);

  self->state.has_discriminator = self->discriminator != NULL;
  self->state.has_classifier = self->classifier != NULL;
  news->serial = self->serial;
  news->state = self->state;
  news->state.problem = g_strdup (self->state.problem);
  raqam_mailbox_post (self->mailbox, self->reports->news, 0, news);
}

/* @seen: (784), overwritten with the picture as the real digits are */
static void
see (guint8 *seen, GBytes *pixels, const RaqamRecipe *recipe)
{
  memcpy (seen, g_bytes_get_data (pixels, NULL), RAQAM_IMAGE_SIZE);
  if (!recipe->grey)
    raqam_generator_binarise (seen, RAQAM_IMAGE_SIZE, recipe);
}

static void
answer_question (RaqamCriticWorker *self)
{
  RaqamCriticAnswer *answer = g_new0 (RaqamCriticAnswer, 1);
  RaqamOpinion *opinion = &answer->opinion;
  guint8 seen[RAQAM_IMAGE_SIZE];

  answer->serial = self->serial;
  opinion->pixels = g_bytes_ref (self->pixels);
  opinion->digit = self->digit;
  see (seen, self->pixels, self->model->recipe);
  opinion->has_realness =
    self->discriminator != NULL && self->digit < self->model->recipe->n_classes
    && raqam_discriminator_read (self->discriminator, &opinion->realness,
                                 g_bytes_get_data (self->pixels, NULL), self->digit, NULL);
  opinion->has_probabilities =
    self->classifier != NULL
    && raqam_classifier_read (self->classifier, opinion->probabilities, NULL, seen, 1, NULL);
  raqam_mailbox_post (self->mailbox, self->reports->answer, 0, answer);
}

static void
tell_neighbours (RaqamCriticWorker *self)
{
  RaqamCriticAnswer *answer = g_new0 (RaqamCriticAnswer, 1);

  answer->serial = self->serial;
  raqam_critic_search_fill (&self->search, &answer->opinion);
  raqam_mailbox_post (self->mailbox, self->reports->answer, 1, answer);
}

static void
search_for (RaqamCriticWorker *self)
{
  guint8 seen[RAQAM_IMAGE_SIZE];

  see (seen, self->pixels, self->model->recipe);
  raqam_critic_search_ask (&self->search, self->pixels, seen, self->digit);
}

static void
use_discriminator (RaqamCriticWorker *self)
{
  RaqamDeviceOptions options = { .precision = RAQAM_PRECISION_F32, .n_threads = 1 };

  if (self->discriminator != NULL
      && raqam_discriminator_set_model (self->discriminator, self->model, NULL))
    return;
  g_clear_pointer (&self->discriminator, raqam_discriminator_free);
  if (self->model->discriminator_params != NULL)
    self->discriminator = raqam_discriminator_new (self->model, "cpu", &options, NULL);
}

static void
use_model (RaqamCriticWorker *self, RaqamModel *model, guint serial)
{
  g_clear_pointer (&self->model, raqam_model_unref);
  self->model = model;
  self->serial = serial;
  self->stale = TRUE;
  g_clear_pointer (&self->pixels, g_bytes_unref);
  raqam_critic_search_forget (&self->search);
  use_discriminator (self);
}

static void
set_data_state (RaqamCriticWorker *self, RaqamCriticData data, const char *problem)
{
  self->state.data = data;
  g_free (self->state.problem);
  self->state.problem = g_strdup (problem);
}

/* The evaluation may have trained and kept one meanwhile. */
static void
load_classifier (RaqamCriticWorker *self)
{
  const char *checksum = raqam_dataset_get_checksum (self->data.data->train);
  g_autofree char *path = raqam_classifier_cache_path (checksum);
  RaqamDeviceOptions options = { .precision = RAQAM_PRECISION_F32, .n_threads = 1 };

  if (self->classifier == NULL && g_file_test (path, G_FILE_TEST_EXISTS))
    self->classifier = raqam_classifier_load (path, checksum, "cpu", &options, NULL);
}

static void
forget_data (RaqamCriticWorker *self)
{
  raqam_critic_search_set_data (&self->search, NULL);
  raqam_kept_data_clear (&self->data);
  g_clear_pointer (&self->classifier, raqam_classifier_free);
}

static gboolean
trains_these_data (RaqamCriticWorker *self)
{
  return self->data.data != NULL
         && raqam_critic_training_is_of (self->training,
                                         raqam_dataset_get_checksum (self->data.data->train));
}

static void
load_data (RaqamCriticWorker *self, const char *const *paths, gboolean grey)
{
  g_autoptr (GError) error = NULL;

  set_data_state (self, RAQAM_CRITIC_LOADING, NULL);
  forget_data (self);
  post_state (self);

  if (!raqam_kept_data_load (&self->data, paths, grey, self->loading, &error))
    {
      set_data_state (self, RAQAM_CRITIC_BAD_DATA, error->message);
      return;
    }
  set_data_state (self, RAQAM_CRITIC_READY, NULL);
  raqam_critic_search_set_data (&self->search, self->data.data);
}

/* Following a run brings a model twice a second: what is known already costs a few
 * looks at the file system. */
static void
look_for_data (RaqamCriticWorker *self)
{
  g_auto (GStrv) paths = raqam_real_paths_of_model (self->model);
  const char *const *names = (const char *const *) paths;
  gboolean grey = self->model->recipe->grey;

  self->stale = FALSE;
  if (paths == NULL)
    {
      forget_data (self);
      set_data_state (self, RAQAM_CRITIC_NO_DATA, NULL);
    }
  else if (!raqam_kept_data_has (&self->data, names, grey)
           && !raqam_kept_data_failed (&self->data, names, grey))
    load_data (self, names, grey);
  if (self->training != NULL && !trains_these_data (self))
    raqam_critic_training_cancel (self->training);
  if (self->data.data != NULL)
    load_classifier (self);
  post_state (self);
  if (self->pixels != NULL)
    {
      answer_question (self);
      search_for (self);
    }
}

static void
use_question (RaqamCriticWorker *self, GBytes *pixels, int digit)
{
  g_clear_pointer (&self->pixels, g_bytes_unref);
  self->pixels = pixels;
  self->digit = digit;
  answer_question (self);
  search_for (self);
}

static void
progress_cb (double done, gpointer data)
{
  RaqamCriticWorker *self = data;
  double *report = g_new (double, 1);

  *report = done;
  raqam_mailbox_post (self->mailbox, self->reports->progress, 0, report);
}

static void
trained_cb (gpointer data)
{
  RaqamCriticWorker *self = data;

  g_mutex_lock (&self->mutex);
  self->wishes.trained = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/* @error: (transfer full) (nullable) */
static void
end_training (RaqamCriticWorker *self, GError *error)
{
  RaqamCriticEnd *end = g_new0 (RaqamCriticEnd, 1);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_clear_error (&error);
  end->error = error;
  post_state (self);
  if (self->classifier != NULL && self->pixels != NULL)
    answer_question (self);
  raqam_mailbox_post (self->mailbox, self->reports->trained, 0, end);
}

static void
train (RaqamCriticWorker *self, GCancellable *cancellable)
{
  if (self->stale)
    look_for_data (self);
  if (self->data.data != NULL)
    load_classifier (self);
  if (self->data.data != NULL && self->classifier == NULL)
    self->training = raqam_critic_training_new (self->data.data->train, cancellable, progress_cb,
                                                trained_cb, self);
  else
    end_training (self, NULL);
}

/* The one that was kept is on the CPU, whatever it was trained on. */
static void
use_trained (RaqamCriticWorker *self)
{
  gboolean of_these_data = trains_these_data (self);
  g_autoptr (RaqamClassifier) classifier = NULL;
  GError *error = NULL;

  classifier = raqam_critic_training_finish (g_steal_pointer (&self->training), &error);
  if (of_these_data)
    load_classifier (self);
  if (of_these_data && self->classifier == NULL)
    self->classifier = g_steal_pointer (&classifier);
  end_training (self, error);
}

static gboolean
is_wished (const Wishes *wishes)
{
  return wishes->model != NULL || wishes->pixels != NULL || wishes->train != NULL || wishes->trained;
}

/* Waits for a wish, or until there is something to do. Returns: FALSE at the end */
static gboolean
take (RaqamCriticWorker *self, Wishes *wishes)
{
  gboolean going_on;

  g_mutex_lock (&self->mutex);
  while (!self->quit && !is_wished (&self->wishes))
    {
      gint64 next = self->stale ? 0 : raqam_critic_search_due (&self->search);

      if (next <= g_get_monotonic_time ())
        break;
      if (next == G_MAXINT64)
        g_cond_wait (&self->cond, &self->mutex);
      else
        g_cond_wait_until (&self->cond, &self->mutex, next);
    }
  *wishes = self->wishes;
  self->wishes = (Wishes){ 0 };
  going_on = !self->quit;
  g_mutex_unlock (&self->mutex);
  return going_on;
}

static void
grant (RaqamCriticWorker *self, Wishes *wishes)
{
  if (wishes->train_first)
    train (self, wishes->train);
  if (wishes->model != NULL)
    use_model (self, g_steal_pointer (&wishes->model), wishes->serial);
  if (wishes->pixels != NULL && self->model != NULL)
    use_question (self, g_steal_pointer (&wishes->pixels), wishes->digit);
  if (wishes->trained)
    use_trained (self);
  if (wishes->train != NULL && !wishes->train_first)
    train (self, wishes->train);
}

static gpointer
worker_main (gpointer data)
{
  RaqamCriticWorker *self = data;
  Wishes wishes;

  raqam_give_way (); /* the picture goes before what is said of it */
  while (take (self, &wishes))
    {
      if (is_wished (&wishes))
        grant (self, &wishes);
      else if (self->stale)
        look_for_data (self);
      else if (raqam_critic_search_go_on (&self->search))
        tell_neighbours (self);
      wishes_clear (&wishes);
    }
  wishes_clear (&wishes);

  if (self->training != NULL)
    {
      g_autoptr (RaqamClassifier) classifier = NULL;

      raqam_critic_training_cancel (self->training);
      classifier = raqam_critic_training_finish (self->training, NULL);
    }
  return NULL;
}

RaqamCriticWorker *
raqam_critic_worker_new (RaqamMailbox *mailbox, const RaqamCriticReports *reports)
{
  RaqamCriticWorker *self = g_new0 (RaqamCriticWorker, 1);

  self->mailbox = raqam_mailbox_ref (mailbox);
  self->reports = reports;
  self->loading = g_cancellable_new ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->thread = g_thread_new ("raqam-critic", worker_main, self);
  return self;
}

void
raqam_critic_worker_free (RaqamCriticWorker *self)
{
  g_cancellable_cancel (self->loading);
  g_mutex_lock (&self->mutex);
  self->quit = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);

  wishes_clear (&self->wishes);
  g_clear_pointer (&self->model, raqam_model_unref);
  g_clear_pointer (&self->discriminator, raqam_discriminator_free);
  g_clear_pointer (&self->classifier, raqam_classifier_free);
  raqam_critic_search_set_data (&self->search, NULL);
  raqam_kept_data_clear (&self->data);
  g_free (self->state.problem);
  g_clear_pointer (&self->pixels, g_bytes_unref);
  g_object_unref (self->loading);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  raqam_mailbox_unref (self->mailbox);
  g_free (self);
}

void
raqam_critic_worker_set_model (RaqamCriticWorker *self, RaqamModel *model, guint serial)
{
  g_mutex_lock (&self->mutex);
  if (self->wishes.train != NULL && self->wishes.model == NULL)
    self->wishes.train_first = TRUE;
  g_clear_pointer (&self->wishes.model, raqam_model_unref);
  g_clear_pointer (&self->wishes.pixels, g_bytes_unref);
  self->wishes.model = raqam_model_ref (model);
  self->wishes.serial = serial;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

void
raqam_critic_worker_ask (RaqamCriticWorker *self, GBytes *pixels, int digit)
{
  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->wishes.pixels, g_bytes_unref);
  self->wishes.pixels = g_bytes_ref (pixels);
  self->wishes.digit = digit;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

void
raqam_critic_worker_train (RaqamCriticWorker *self, GCancellable *cancellable)
{
  g_mutex_lock (&self->mutex);
  g_clear_object (&self->wishes.train);
  self->wishes.train = g_object_ref (cancellable);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}
