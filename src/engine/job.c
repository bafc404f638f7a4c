/* job.c — one training run on a thread of its own.
 * SPDX-License-Identifier: MIT */

#include "engine/job.h"

#include "engine/generator.h"
#include "engine/give-way.h"
#include "engine/rate.h"
#include "engine/session.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SECOND ((gint64) G_USEC_PER_SEC)
#define PROGRESS_EVERY (SECOND / 10)
#define SAMPLES_EVERY (2 * SECOND)
#define SNAPSHOT_EVERY (SECOND / 2)
#define SAVE_EVERY (55 * SECOND) /* so that with the write itself it is under a minute */
#define MEMORY_EVERY SECOND
#define RUN_TIME (SECOND / 20) /* of steps that are asked for together */

/* Looking on may cost this share of the time at the most; so may the checkpoints
 * of those epochs that will not be kept. */
#define LOOKING_SHARE 0.05

/* Images for the norm statistics of a passing look; a checkpoint takes the recipe's own number. */
#define LOOKING_CALIBRATION 600

typedef enum
{
  COMMAND_PAUSE = 1,
  COMMAND_RESUME,
  COMMAND_STOP,
  COMMAND_FOLLOW,
  COMMAND_IGNORE,
} Command;

/* Something done now and then: not before `next`, and no more often than its cost allows. */
typedef struct
{
  gint64 every;
  gint64 next;
} Beat;

struct _RaqamJob
{
  GThread               *thread;
  RaqamTrainSettings    *settings;
  RaqamMailbox          *mailbox;
  const RaqamJobReports *reports;
  GAsyncQueue           *commands; /* GINT_TO_POINTER (Command) */
  GCancellable          *cancellable; /* of the loading */

  /* The thread's own. */
  RaqamSession *session;
  const char   *device;
  gboolean      paused, stop, follow, finished;
  gint64        started, time_paused;
  Beat          progress, samples, snapshot, save, save_epoch, memory;
  guint64       memory_used, memory_total;
  double        step_time; /* microseconds, as in the last run of steps; 0 while unknown */
  int           n_last;    /* steps of it */
  float         loss[2];
  double        rate; /* images a second, as last measured */
  guint64       saved_step; /* G_MAXUINT64: nothing saved yet */
  RaqamRate     speed;
};

void
raqam_ending_free (gpointer data)
{
  RaqamEnding *ending = data;

  g_clear_error (&ending->error);
  g_free (ending);
}

void
raqam_samples_free (gpointer data)
{
  RaqamSamples *samples = data;

  g_bytes_unref (samples->pixels);
  g_free (samples);
}

static void
post (RaqamJob *self, const RaqamReportClass *klass, gpointer report)
{
  raqam_mailbox_post (self->mailbox, klass, 0, report);
}

static void
post_state (RaqamJob *self, RaqamState state)
{
  post (self, self->reports->state, GINT_TO_POINTER (state));
}

static gboolean
is_due (const Beat *beat)
{
  return g_get_monotonic_time () >= beat->next;
}

static void
beat_done (Beat *beat, gint64 began)
{
  gint64 now = g_get_monotonic_time ();

  beat->next = MAX (began + beat->every, now + (gint64) ((now - began) / LOOKING_SHARE));
}

static double
minutes_left (const RaqamJob *self)
{
  double spent = (double) (g_get_monotonic_time () - self->started - self->time_paused) / (60 * SECOND);

  return self->settings->minutes > 0 ? self->settings->minutes - spent : G_MAXDOUBLE;
}

static void
look_at_memory (RaqamJob *self)
{
  if (!is_due (&self->memory))
    return;

  raqam_trainer_get_memory (self->session->trainer, &self->memory_used, &self->memory_total);
  self->memory.next = g_get_monotonic_time () + MEMORY_EVERY;
}

static void
post_progress (RaqamJob *self)
{
  RaqamTrainer *trainer = self->session->trainer;
  RaqamProgress *progress = g_new0 (RaqamProgress, 1);
  const RaqamRecipe *recipe = self->session->run->recipe;

  self->rate = recipe->batch * raqam_rate_measure (&self->speed, raqam_trainer_get_step (trainer));
  progress->step = raqam_trainer_get_step (trainer);
  progress->n_steps = raqam_trainer_get_n_steps (trainer);
  progress->epoch = raqam_trainer_get_epoch (trainer);
  progress->n_epochs = recipe->epochs;
  progress->images_per_second = self->rate;
  progress->seconds_left = -1;
  progress->seconds_per_epoch = -1;
  if (self->rate > 0)
    {
      progress->seconds_left = (double) (progress->n_steps - progress->step) * recipe->batch / self->rate;
      progress->seconds_left = MIN (progress->seconds_left, MAX (0, 60 * minutes_left (self)));
      progress->seconds_per_epoch = self->session->n_images / self->rate;
    }
  memcpy (progress->loss, self->loss, sizeof self->loss);
  progress->n_images = self->session->n_images;
  progress->device = self->device;
  progress->backend = raqam_trainer_get_backend (trainer);
  look_at_memory (self);
  progress->memory_used = self->memory_used;
  progress->memory = self->memory_total;

  post (self, self->reports->progress, progress);
  self->progress.next = g_get_monotonic_time () + PROGRESS_EVERY;
}

static guint8 *
draw_grid (RaqamJob *self, int calibration, GError **error)
{
  const RaqamRecipe *recipe = self->session->run->recipe;
  gsize size = (gsize) self->settings->sample_rows * recipe->n_classes * RAQAM_IMAGE_SIZE;
  g_autofree guint8 *grid = g_malloc (size);

  if (!raqam_trainer_sample (self->session->trainer, grid, self->settings->sample_rows, calibration, error))
    return NULL;

  raqam_generator_clear_paper (grid, size, recipe);
  return g_steal_pointer (&grid);
}

static void
post_grid (RaqamJob *self, const guint8 *grid)
{
  RaqamSamples *samples = g_new0 (RaqamSamples, 1);

  samples->n_rows = self->settings->sample_rows;
  samples->n_digits = self->session->run->recipe->n_classes;
  samples->step = raqam_trainer_get_step (self->session->trainer);
  samples->epoch = raqam_trainer_get_epoch (self->session->trainer);
  samples->pixels = g_bytes_new (grid, (gsize) samples->n_rows * samples->n_digits * RAQAM_IMAGE_SIZE);

  post (self, self->reports->samples, samples);
}

static gboolean
look (RaqamJob *self, GError **error)
{
  gint64 began = g_get_monotonic_time ();

  if (is_due (&self->samples))
    {
      g_autofree guint8 *grid = draw_grid (self, LOOKING_CALIBRATION, error);

      if (grid == NULL)
        return FALSE;
      post_grid (self, grid);
      beat_done (&self->samples, began);
    }
  else if (self->follow && is_due (&self->snapshot))
    {
      RaqamModel *model = raqam_trainer_snapshot (self->session->trainer, LOOKING_CALIBRATION, error);

      if (model == NULL)
        return FALSE;
      model->origin = g_filename_display_name (self->session->run->folder);
      model->data_checksum = g_strdup (self->session->run->data_checksum);
      post (self, self->reports->snapshot, model);
      beat_done (&self->snapshot, began);
    }

  return TRUE;
}

/* At the end there is nobody to try again. */
static void
explain_loss (RaqamJob *self, GError **failure)
{
  GError *explained;

  if (raqam_trainer_get_step (self->session->trainer) == 0)
    return;

  explained = g_error_new ((*failure)->domain, (*failure)->code,
                           _("What was learnt since the last checkpoint could not be kept: %s "
                             "Make room, then resume the run."),
                           (*failure)->message);
  g_error_free (*failure);
  *failure = explained;
}

/* FALSE only for what ends the run; a disk that is full is told and tried again. */
static gboolean
save (RaqamJob *self, gboolean must, GError **error)
{
  GError *failure = NULL;
  gint64 began = g_get_monotonic_time ();
  g_autofree guint8 *grid = draw_grid (self, 0, error);
  char *path;

  if (grid == NULL)
    return FALSE;

  path = raqam_session_save (self->session, grid, self->settings->sample_rows, &failure);
  self->save.next = g_get_monotonic_time () + SAVE_EVERY;
  beat_done (&self->save_epoch, began);
  if (path != NULL)
    {
      self->saved_step = raqam_trainer_get_step (self->session->trainer);
      post_grid (self, grid);
      post (self, self->reports->saved, path);
      return TRUE;
    }
  if (must || g_error_matches (failure, RAQAM_ERROR, RAQAM_ERROR_DIVERGED)
      || raqam_error_is_device (failure))
    {
      if (failure->domain != RAQAM_ERROR)
        explain_loss (self, &failure);
      g_propagate_error (error, failure);
      return FALSE;
    }

  post (self, self->reports->notice, failure);
  return TRUE;
}

static void
obey (RaqamJob *self, Command command)
{
  switch (command)
    {
    case COMMAND_PAUSE:
      self->paused = TRUE;
      break;
    case COMMAND_RESUME:
      self->paused = FALSE;
      break;
    case COMMAND_STOP:
      self->stop = TRUE;
      break;
    case COMMAND_FOLLOW:
    case COMMAND_IGNORE:
      self->follow = command == COMMAND_FOLLOW;
      self->snapshot.next = 0;
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
obey_waiting (RaqamJob *self)
{
  gpointer command;

  while ((command = g_async_queue_try_pop (self->commands)) != NULL)
    obey (self, GPOINTER_TO_INT (command));
}

/* Says in run.json how the run stands; that it cannot, is told, and no reason to end the run. */
static void
note (RaqamJob *self, const char *state)
{
  GError *failure = NULL;

  if (!raqam_session_note (self->session, state, NULL, &failure))
    post (self, self->reports->notice, failure);
}

static gboolean
wait_while_paused (RaqamJob *self, GError **error)
{
  gint64 began = g_get_monotonic_time ();

  post_progress (self);
  if (!save (self, FALSE, error))
    return FALSE;
  note (self, "paused");

  post_state (self, RAQAM_STATE_PAUSED);
  while (self->paused && !self->stop)
    {
      obey (self, GPOINTER_TO_INT (g_async_queue_pop (self->commands)));
      self->samples.next = G_MAXINT64; /* nothing new to see but for one who begins to follow */
      if (!look (self, error))
        return FALSE;
    }
  self->samples.next = 0;

  self->time_paused += g_get_monotonic_time () - began;
  raqam_rate_restart (&self->speed);
  if (self->stop)
    return TRUE;

  post_state (self, RAQAM_STATE_TRAINING);
  note (self, "training");
  return TRUE;
}

/* How long the device may be left alone: until something is due, and not for longer
 * than a person who stops a run should wait. */
static gint64
time_for_run (RaqamJob *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 next = MIN (self->save.next, self->samples.next);

  if (self->follow)
    next = MIN (next, self->snapshot.next);
  if (self->settings->minutes > 0)
    next = MIN (next, now + (gint64) (MAX (0, minutes_left (self)) * 60 * SECOND));
  return CLAMP (next - now, 0, RUN_TIME);
}

/* Steps to ask for together; never beyond the end of an epoch. */
static int
choose_n_steps (RaqamJob *self)
{
  RaqamTrainer *trainer = self->session->trainer;
  guint64 done = raqam_trainer_get_step (trainer);
  guint64 left = raqam_trainer_get_n_steps (trainer) - done;
  int most = (int) MIN (left, (guint64) raqam_trainer_get_longest_run (trainer));
  int n = 1;

  if (self->step_time > 0)
    most = MIN (most, MIN (2 * self->n_last, (int) (time_for_run (self) / self->step_time)));
  else
    most = 1;
  while (n < most && !raqam_trainer_ends_epoch (trainer, done + n))
    n++;
  return n;
}

/* The points before a failure are shown, too. */
static void
post_points (RaqamJob *self, const RaqamPoint *points, int n)
{
  GArray *report;

  if (n == 0)
    return;

  memcpy (self->loss, points[n - 1].loss, sizeof self->loss);
  for (int i = 0; i < n; i++)
    raqam_history_add (self->session->history, &points[i], self->rate);
  report = g_array_sized_new (FALSE, FALSE, sizeof (RaqamPoint), (guint) MAX (n, 16));
  g_array_append_vals (report, points, (guint) n);
  post (self, self->reports->points, report);
}

static gboolean
run_steps (RaqamJob *self, GError **error)
{
  RaqamPoint points[RAQAM_LONGEST_RUN];
  gint64 began = g_get_monotonic_time ();
  int n = choose_n_steps (self);
  int n_good = raqam_trainer_run (self->session->trainer, points, n, error);

  post_points (self, points, n_good);
  self->step_time = (double) (g_get_monotonic_time () - began) / n;
  self->n_last = n;
  return n_good == n;
}

/* The end of an epoch is where a checkpoint belongs; where epochs are so short that
 * writing would hold the training up, only where it will be kept. */
static gboolean
is_time_to_save (RaqamJob *self)
{
  RaqamTrainer *trainer = self->session->trainer;

  if (is_due (&self->save))
    return TRUE;
  return raqam_trainer_ends_epoch (trainer, raqam_trainer_get_step (trainer))
         && (is_due (&self->save_epoch) || raqam_session_keeps_step (self->session));
}

/* Between steps: all that is asked and all that is due. */
static gboolean
attend (RaqamJob *self, GError **error)
{
  obey_waiting (self);
  if (self->paused && !self->stop)
    return wait_while_paused (self, error);
  if (is_due (&self->progress))
    post_progress (self);

  return is_time_to_save (self) ? save (self, FALSE, error) : look (self, error);
}

static gboolean
train (RaqamJob *self, GError **error)
{
  RaqamTrainer *trainer = self->session->trainer;
  guint64 n_steps = raqam_trainer_get_n_steps (trainer);
  gboolean begins = raqam_trainer_get_step (trainer) == 0;

  if (begins ? !save (self, TRUE, error) : !look (self, error))
    return FALSE;

  while (!self->stop && raqam_trainer_get_step (trainer) < n_steps && minutes_left (self) > 0)
    if (!run_steps (self, error) || !attend (self, error))
      return FALSE;

  self->finished = raqam_trainer_get_step (trainer) >= n_steps;
  post_state (self, RAQAM_STATE_STOPPING);
  post_progress (self);
  if (self->saved_step != raqam_trainer_get_step (trainer) && !save (self, TRUE, error))
    return FALSE;

  return raqam_session_note (self->session, self->finished ? "finished" : "stopped", NULL, error);
}

static gboolean
open_session (RaqamJob *self, GError **error)
{
  GArray *past;

  post_state (self, RAQAM_STATE_LOADING);
  self->session = raqam_session_open (self->settings, self->cancellable, error);
  if (self->session == NULL)
    return FALSE;

  self->device = g_intern_string (raqam_trainer_describe (self->session->trainer));
  past = g_steal_pointer (&self->session->past);
  if (past->len > 0)
    post (self, self->reports->points, past);
  else
    g_array_unref (past);

  for (guint i = 0; i < self->session->notices->len; i++)
    post (self, self->reports->notice, g_error_copy (self->session->notices->pdata[i]));

  self->started = g_get_monotonic_time ();
  self->save.next = self->started + SAVE_EVERY;
  self->samples.every = SAMPLES_EVERY;
  self->snapshot.every = SNAPSHOT_EVERY;
  self->saved_step = G_MAXUINT64;
  post_state (self, RAQAM_STATE_TRAINING);
  return TRUE;
}

static gpointer
job_main (gpointer data)
{
  RaqamJob *self = data;
  RaqamEnding *ending = g_new0 (RaqamEnding, 1);
  GError *error = NULL;

  if (self->settings->background)
    raqam_give_way ();

  if (open_session (self, &error) && !train (self, &error))
    {
      raqam_history_flush (self->session->history, NULL);
      raqam_session_note (self->session, "failed", error->message, NULL);
    }
  g_clear_pointer (&self->session, raqam_session_free);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_clear_error (&error);
  ending->finished = self->finished && error == NULL;
  ending->error = error;
  post (self, self->reports->ended, ending);

  return NULL;
}

RaqamJob *
raqam_job_new (RaqamTrainSettings *settings, RaqamMailbox *mailbox, const RaqamJobReports *reports)
{
  RaqamJob *self = g_new0 (RaqamJob, 1);

  self->settings = settings;
  self->mailbox = raqam_mailbox_ref (mailbox);
  self->reports = reports;
  self->commands = g_async_queue_new ();
  self->cancellable = g_cancellable_new ();
  self->thread = g_thread_new ("raqam-trainer", job_main, self);

  return self;
}

void
raqam_job_free (RaqamJob *self)
{
  raqam_job_stop (self);
  g_thread_join (self->thread);

  g_object_unref (self->cancellable);
  g_async_queue_unref (self->commands);
  raqam_mailbox_unref (self->mailbox);
  raqam_train_settings_free (self->settings);
  g_free (self);
}

static void
send (RaqamJob *self, Command command)
{
  g_async_queue_push (self->commands, GINT_TO_POINTER (command));
}

void
raqam_job_pause (RaqamJob *self)
{
  send (self, COMMAND_PAUSE);
}

void
raqam_job_resume (RaqamJob *self)
{
  send (self, COMMAND_RESUME);
}

void
raqam_job_stop (RaqamJob *self)
{
  g_cancellable_cancel (self->cancellable);
  send (self, COMMAND_STOP);
}

void
raqam_job_follow (RaqamJob *self, gboolean follow)
{
  send (self, follow ? COMMAND_FOLLOW : COMMAND_IGNORE);
}
