/* explorer.c — draws digits on a thread of its own, the newest wish first.
 * SPDX-License-Identifier: MIT */

#include "engine/explorer.h"

#include "engine/generator.h"
#include "engine/recipe.h"

#include <string.h>

/* One picture is drawn by a plan for one, a strip by a plan for ten. */
#define STRIP 10

typedef struct
{
  float  *z;
  guint8 *labels;
  int     latent;
  int     n; /* 0: nothing is asked */
} Wish;

struct _RaqamExplorer
{
  GThread                    *thread;
  RaqamMailbox               *mailbox;
  const RaqamExplorerReports *reports;

  /* Wishes: set by the main thread, taken by the explorer's, under mutex. */
  GMutex      mutex;
  GCond       cond;
  gboolean    quit;
  RaqamModel *wished_model;
  char       *wished_path;
  Wish        wishes[RAQAM_EXPLORER_SLOTS];

  /* The explorer's thread's own. */
  RaqamModel     *model;
  RaqamGenerator *single;
  RaqamGenerator *strip;
};

void
raqam_drawing_free (gpointer data)
{
  RaqamDrawing *drawing = data;

  g_bytes_unref (drawing->pixels);
  g_free (drawing);
}

void
raqam_model_report_free (gpointer data)
{
  RaqamModelReport *report = data;

  g_clear_pointer (&report->model, raqam_model_unref);
  g_clear_error (&report->error);
  g_free (report);
}

static void
clear_wish (Wish *wish)
{
  g_clear_pointer (&wish->z, g_free);
  g_clear_pointer (&wish->labels, g_free);
  wish->n = 0;
}

static void
post_model (RaqamExplorer *self, RaqamModel *model, GError *error)
{
  RaqamModelReport *report = g_new0 (RaqamModelReport, 1);

  report->model = model != NULL ? raqam_model_ref (model) : NULL;
  report->error = error;
  raqam_mailbox_post (self->mailbox, self->reports->model, 0, report);
}

static void
forget_model (RaqamExplorer *self)
{
  g_clear_pointer (&self->single, raqam_generator_free);
  g_clear_pointer (&self->strip, raqam_generator_free);
  g_clear_pointer (&self->model, raqam_model_unref);
}

static void
refit (RaqamGenerator **plan, const RaqamModel *model)
{
  if (*plan != NULL
      && (!raqam_generator_fits (*plan, model) || !raqam_generator_set_model (*plan, model, NULL)))
    g_clear_pointer (plan, raqam_generator_free); /* made anew when it is next needed */
}

static void
use_model (RaqamExplorer *self, RaqamModel *model)
{
  refit (&self->single, model);
  refit (&self->strip, model);
  g_clear_pointer (&self->model, raqam_model_unref);
  self->model = model;
  post_model (self, model, NULL);
}

static void
open_model (RaqamExplorer *self, const char *path)
{
  GError *error = NULL;
  RaqamModel *model = raqam_model_load (path, &error);

  if (model != NULL)
    use_model (self, model);
  else
    post_model (self, NULL, error);
}

static RaqamGenerator *
plan_for (RaqamExplorer *self, int n, GError **error)
{
  RaqamDeviceOptions options = { .n_threads = 1 };
  RaqamGenerator **plan = n == 1 ? &self->single : &self->strip;

  if (*plan == NULL)
    *plan = raqam_generator_new (self->model, "cpu", &options, n == 1 ? 1 : STRIP, error);

  return *plan;
}

static void
grant (RaqamExplorer *self, guint slot, const Wish *wish)
{
  GError *error = NULL;
  gsize n_pixels = (gsize) wish->n * RAQAM_IMAGE_SIZE;
  guint8 *pixels;
  RaqamGenerator *plan;

  if (self->model == NULL || wish->latent != self->model->recipe->latent)
    return;

  pixels = g_malloc (n_pixels);
  plan = plan_for (self, wish->n, &error);
  if (plan != NULL && raqam_generator_draw (plan, pixels, wish->z, wish->labels, wish->n, &error))
    {
      RaqamDrawing *drawing = g_new0 (RaqamDrawing, 1);

      raqam_generator_clear_paper (pixels, n_pixels, self->model->recipe);
      drawing->slot = slot;
      drawing->pixels = g_bytes_new_take (g_steal_pointer (&pixels), n_pixels);
      raqam_mailbox_post (self->mailbox, self->reports->drawing, slot, drawing);
    }
  else
    {
      raqam_mailbox_post (self->mailbox, self->reports->failure, 0, error);
    }

  g_free (pixels);
}

typedef struct
{
  RaqamModel *model;
  char       *path;
  guint       slot;
  Wish        wish;
} Work;

/* A model goes before pictures, a low slot before a high one. */
static gboolean
take_wish (RaqamExplorer *self, Work *work)
{
  work->model = g_steal_pointer (&self->wished_model);
  work->path = g_steal_pointer (&self->wished_path);
  if (work->model != NULL || work->path != NULL)
    return TRUE;

  for (guint slot = 0; slot < RAQAM_EXPLORER_SLOTS; slot++)
    if (self->wishes[slot].n > 0)
      {
        work->slot = slot;
        work->wish = self->wishes[slot];
        self->wishes[slot] = (Wish) { 0 };
        return TRUE;
      }

  return FALSE;
}

static gboolean
wait_for_wish (RaqamExplorer *self, Work *work)
{
  gboolean quit;

  memset (work, 0, sizeof *work);

  g_mutex_lock (&self->mutex);
  while (!self->quit && !take_wish (self, work))
    g_cond_wait (&self->cond, &self->mutex);
  quit = self->quit;
  g_mutex_unlock (&self->mutex);

  return !quit;
}

static gpointer
explorer_main (gpointer data)
{
  RaqamExplorer *self = data;
  Work work;

  while (wait_for_wish (self, &work))
    {
      if (work.path != NULL)
        open_model (self, work.path);
      else if (work.model != NULL)
        use_model (self, g_steal_pointer (&work.model));
      else
        grant (self, work.slot, &work.wish);

      g_free (work.path);
      clear_wish (&work.wish);
    }

  forget_model (self);
  return NULL;
}

RaqamExplorer *
raqam_explorer_new (RaqamMailbox *mailbox, const RaqamExplorerReports *reports)
{
  RaqamExplorer *self = g_new0 (RaqamExplorer, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->mailbox = raqam_mailbox_ref (mailbox);
  self->reports = reports;
  self->thread = g_thread_new ("raqam-explorer", explorer_main, self);

  return self;
}

void
raqam_explorer_free (RaqamExplorer *self)
{
  g_mutex_lock (&self->mutex);
  self->quit = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);

  g_clear_pointer (&self->wished_model, raqam_model_unref);
  g_free (self->wished_path);
  for (guint slot = 0; slot < RAQAM_EXPLORER_SLOTS; slot++)
    clear_wish (&self->wishes[slot]);
  raqam_mailbox_unref (self->mailbox);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static void
wish_for_model (RaqamExplorer *self, RaqamModel *model, char *path)
{
  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->wished_model, raqam_model_unref);
  g_free (self->wished_path);
  self->wished_model = model;
  self->wished_path = path;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

void
raqam_explorer_take_model (RaqamExplorer *self, RaqamModel *model)
{
  wish_for_model (self, raqam_model_ref (model), NULL);
}

void
raqam_explorer_open_model (RaqamExplorer *self, const char *path)
{
  wish_for_model (self, NULL, g_strdup (path));
}

void
raqam_explorer_draw (RaqamExplorer *self, guint slot, const float *z, int latent,
                     const guint8 *labels, int n)
{
  Wish wish = { .latent = latent, .n = n };

  g_return_if_fail (slot < RAQAM_EXPLORER_SLOTS);
  g_return_if_fail (n >= 1 && n <= RAQAM_EXPLORER_MAX_IMAGES);

  wish.z = g_memdup2 (z, sizeof (float) * n * latent);
  wish.labels = g_memdup2 (labels, n);

  g_mutex_lock (&self->mutex);
  clear_wish (&self->wishes[slot]);
  self->wishes[slot] = wish;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}
