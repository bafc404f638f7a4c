/* directions-finder.c — finds a model's directions in the background.
 * SPDX-License-Identifier: MIT */

#include "engine/directions-finder.h"

#include "engine/directions-cache.h"
#include "engine/give-way.h"
#include "engine/mailbox.h"

#define REST (2 * G_USEC_PER_SEC)
#define SEED 1
#define N_DIGITS 10

struct _RaqamDirectionsFinder
{
  GThread      *thread;
  RaqamMailbox *mailbox;

  /* The caller's. */
  RaqamDirectionsFound found;
  gpointer             user_data;
  RaqamDirections     *known[N_DIGITS]; /* or NULL */

  /* Both threads', under mutex. */
  GMutex        mutex;
  GCond         cond;
  gboolean      quit;
  RaqamModel   *model; /* or NULL */
  int           digit;
  guint         version;        /* of the model; from 1 */
  guint         family;         /* versions of one origin */
  gint64        changed_at;     /* monotonic, when the model became what it is */
  guint         done[N_DIGITS]; /* the version that was searched last; 0: none of the family */
  int           busy;           /* the digit that is being searched, or −1 */
  GCancellable *cancellable;    /* of that */
};

typedef struct
{
  RaqamModel *model;
  int         digit;
  guint       version;
  guint       family;
} Search;

typedef struct
{
  RaqamDirections *directions; /* or NULL */
  GError          *error;      /* or NULL */
  int              digit;
  guint            family;
} Report;

static void
report_free (gpointer data)
{
  Report *report = data;

  g_free (report->directions);
  g_clear_error (&report->error);
  g_free (report);
}

static void
deliver_cb (gpointer target, gpointer data)
{
  RaqamDirectionsFinder *self = target;
  Report *report = data;

  if (report->family != self->family)
    return;
  if (report->directions != NULL)
    {
      g_free (self->known[report->digit]);
      self->known[report->digit] = g_steal_pointer (&report->directions);
    }
  self->found (report->digit, report->error, self->user_data);
}

static const RaqamReportClass REPORT = { deliver_cb, report_free, NULL };

/* Returns: a digit to search, or −1; then @wake is when there may be one, or 0 */
static int
next_digit (RaqamDirectionsFinder *self, gint64 *wake)
{
  gboolean rested = g_get_monotonic_time () >= self->changed_at + REST;

  *wake = 0;
  if (self->model == NULL)
    return -1;
  if (self->done[self->digit] == 0)
    return self->digit;
  for (int i = 0; i < N_DIGITS; i++)
    {
      int digit = (self->digit + i) % N_DIGITS;

      if (self->done[digit] == self->version)
        continue;
      if (rested)
        return digit;
      *wake = self->changed_at + REST;
    }
  return -1;
}

/* Returns: FALSE when it is time to go */
static gboolean
wait_for_search (RaqamDirectionsFinder *self, Search *search)
{
  gint64 wake;

  g_mutex_lock (&self->mutex);
  while (!self->quit && (search->digit = next_digit (self, &wake)) < 0)
    {
      if (wake > 0)
        g_cond_wait_until (&self->cond, &self->mutex, wake);
      else
        g_cond_wait (&self->cond, &self->mutex);
    }
  if (self->quit)
    {
      g_mutex_unlock (&self->mutex);
      return FALSE;
    }
  search->model = raqam_model_ref (self->model);
  search->version = self->version;
  search->family = self->family;
  self->busy = search->digit;
  g_cancellable_reset (self->cancellable);
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

static void
run_search (RaqamDirectionsFinder *self, const Search *search)
{
  g_autofree char *key = raqam_directions_cache_key (search->model);
  Report *report = g_new0 (Report, 1);
  gboolean cached, still;

  report->digit = search->digit;
  report->family = search->family;
  report->directions = g_new (RaqamDirections, 1);
  cached = raqam_directions_cache_load (report->directions, key, search->digit,
                                        search->model->recipe->latent);
  if (!cached
      && !raqam_directions_of_model (report->directions, search->model, search->digit, SEED,
                                     self->cancellable, &report->error))
    g_clear_pointer (&report->directions, g_free);

  g_mutex_lock (&self->mutex);
  self->busy = -1;
  if (self->family == search->family
      && !g_error_matches (report->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->done[search->digit] = search->version;
  still = self->version == search->version;
  g_mutex_unlock (&self->mutex);

  /* What a followed model was for half a second nobody will ask for again. */
  if (report->directions != NULL && !cached && still)
    raqam_directions_cache_save (report->directions, key, search->digit);
  if (g_error_matches (report->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    report_free (report);
  else
    raqam_mailbox_post (self->mailbox, &REPORT, search->digit, report);
}

static gpointer
finder_main (gpointer data)
{
  RaqamDirectionsFinder *self = data;
  Search search;

  raqam_give_way ();
  while (wait_for_search (self, &search))
    {
      run_search (self, &search);
      raqam_model_unref (search.model);
    }
  return NULL;
}

RaqamDirectionsFinder *
raqam_directions_finder_new (RaqamDirectionsFound found, gpointer user_data)
{
  RaqamDirectionsFinder *self = g_new0 (RaqamDirectionsFinder, 1);

  self->found = found;
  self->user_data = user_data;
  self->busy = -1;
  self->cancellable = g_cancellable_new ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->mailbox = raqam_mailbox_new (self);
  self->thread = g_thread_new ("raqam-directions", finder_main, self);
  return self;
}

static void
forget (RaqamDirectionsFinder *self)
{
  for (int d = 0; d < N_DIGITS; d++)
    {
      g_clear_pointer (&self->known[d], g_free);
      self->done[d] = 0;
    }
}

void
raqam_directions_finder_free (RaqamDirectionsFinder *self)
{
  g_mutex_lock (&self->mutex);
  self->quit = TRUE;
  g_cancellable_cancel (self->cancellable);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);

  raqam_mailbox_close (self->mailbox);
  raqam_mailbox_unref (self->mailbox);
  forget (self);
  g_clear_pointer (&self->model, raqam_model_unref);
  g_object_unref (self->cancellable);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}

static void
take_model (RaqamDirectionsFinder *self, RaqamModel *model)
{
  gboolean akin = self->model != NULL && self->model->recipe->latent == model->recipe->latent
                  && g_strcmp0 (self->model->origin, model->origin) == 0;

  if (!akin)
    {
      forget (self);
      self->family++;
    }
  g_clear_pointer (&self->model, raqam_model_unref);
  self->model = raqam_model_ref (model);
  self->version++;
  self->changed_at = g_get_monotonic_time ();
}

/* The first directions of the wanted digit are found to the end, though the model be an
 * older one by then. */
static gboolean
is_in_vain (const RaqamDirectionsFinder *self, guint version, guint family)
{
  if (self->busy < 0)
    return FALSE;
  if (self->family != family)
    return TRUE;
  if (self->busy != self->digit)
    return self->version != version || self->done[self->digit] != self->version;
  return self->version != version && self->done[self->digit] != 0;
}

void
raqam_directions_finder_want (RaqamDirectionsFinder *self, RaqamModel *model, int digit)
{
  guint version, family;

  g_return_if_fail (digit >= 0 && digit < N_DIGITS);

  if (model == self->model && digit == self->digit)
    return;
  g_mutex_lock (&self->mutex);
  version = self->version;
  family = self->family;
  if (model != self->model)
    take_model (self, model);
  self->digit = digit;
  if (is_in_vain (self, version, family))
    g_cancellable_cancel (self->cancellable);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

const RaqamDirections *
raqam_directions_finder_get (const RaqamDirectionsFinder *self, int digit)
{
  g_return_val_if_fail (digit >= 0 && digit < N_DIGITS, NULL);

  return self->known[digit];
}
