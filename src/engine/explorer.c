/* explorer.c — draws digits on a thread of its own, the newest wish first.
 * SPDX-License-Identifier: MIT */

#include "engine/explorer.h"

#include "engine/explorer-plans.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The GPU takes a second to be opened, and is so when nothing was asked for so long. */
#define QUIET (G_USEC_PER_SEC / 3)

typedef enum
{
  GPU_NONE,   /* not asked for, or there is none */
  GPU_WANTED, /* the CPU draws until it is opened */
  GPU_DRAWS,
  GPU_FAILED, /* told, and nothing else may draw */
} Gpu;

/* A request for pictures. */
typedef struct
{
  RaqamStage  stage;
  RaqamStyle *styles; /* (n) */
  int         n;      /* 0: nothing is asked */
  guint8     *pixels; /* (n, 784) */
  int         n_drawn;
  guint64     turn;   /* the lower, the longer somebody has been waiting in its slot */
} Wish;

typedef struct
{
  gboolean    any; /* with neither, that there is to be no model */
  RaqamModel *model;
  char       *path;
} ModelWish;

struct _RaqamExplorer
{
  GThread                    *thread;
  RaqamMailbox               *mailbox;
  const RaqamExplorerReports *reports;

  /* Wishes: set by the main thread, taken by the explorer's, under mutex. */
  GMutex    mutex;
  GCond     cond;
  gboolean  quit;
  ModelWish model_wishes[RAQAM_N_STAGES];
  char     *wished_device;
  Wish      wishes[RAQAM_ENGINE_SLOTS];
  guint64   n_turns;

  /* The explorer's thread's own. */
  RaqamPlans *plans[RAQAM_N_STAGES];
  Wish        begun[RAQAM_ENGINE_SLOTS]; /* taken, and not drawn to the end yet */
  char       *device; /* as raqam_explorer_set_device() */
  Gpu         gpu;
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
  g_clear_pointer (&wish->styles, g_free);
  g_clear_pointer (&wish->pixels, g_free);
  wish->n = 0;
  wish->n_drawn = 0;
}

static void
clear_model_wish (ModelWish *wish)
{
  g_clear_pointer (&wish->model, raqam_model_unref);
  g_clear_pointer (&wish->path, g_free);
  wish->any = FALSE;
}

static void
post_model (RaqamExplorer *self, RaqamStage stage, RaqamModel *model, GError *error)
{
  RaqamModelReport *report = g_new0 (RaqamModelReport, 1);

  report->model = model != NULL ? raqam_model_ref (model) : NULL;
  report->error = error;
  raqam_mailbox_post (self->mailbox,
                      stage == RAQAM_STAGE_MAIN ? self->reports->model : self->reports->beside, 0,
                      report);
}

static void
post_failure (RaqamExplorer *self, GError *error)
{
  raqam_mailbox_post (self->mailbox, self->reports->failure, 0, error);
}

/* What was begun with the model before is begun again, and behind all others: a model
 * that is followed changes so often that a long wish would leave them no turn. */
static void
use_model (RaqamExplorer *self, RaqamStage stage, RaqamModel *model)
{
  g_mutex_lock (&self->mutex);
  for (guint slot = 0; slot < RAQAM_ENGINE_SLOTS; slot++)
    if (self->begun[slot].stage == stage && self->begun[slot].n_drawn > 0)
      {
        self->begun[slot].n_drawn = 0;
        self->begun[slot].turn = self->n_turns++;
      }
  g_mutex_unlock (&self->mutex);

  raqam_plans_set_model (self->plans[stage], model);
  post_model (self, stage, model, NULL);
}

/* @wish: taken over */
static void
grant_model (RaqamExplorer *self, RaqamStage stage, ModelWish *wish)
{
  GError *error = NULL;
  RaqamModel *model = g_steal_pointer (&wish->model);

  if (wish->path != NULL)
    model = raqam_model_load (wish->path, &error);
  if (error == NULL)
    use_model (self, stage, model);
  else
    post_model (self, stage, NULL, error);
  clear_model_wish (wish);
}

static void
use_gpu (RaqamExplorer *self, gboolean gpu)
{
  for (int stage = 0; stage < RAQAM_N_STAGES; stage++)
    raqam_plans_use_gpu (self->plans[stage], gpu);
}

/* Returns: whether the CPU may draw instead */
static gboolean
give_up_gpu (RaqamExplorer *self, GError *error)
{
  gboolean any = g_str_equal (self->device, "auto");

  use_gpu (self, FALSE);
  self->gpu = any ? GPU_NONE : GPU_FAILED;
  if (any)
    {
      post_failure (self, g_error_new (error->domain, error->code,
                                       _("%s Pictures are drawn on the CPU from now on."),
                                       error->message));
      g_error_free (error);
    }
  else
    post_failure (self, error);
  return any;
}

/* Where the device is "auto" and there is no GPU, nobody wants to hear of it. */
static void
open_gpu (RaqamExplorer *self)
{
  GError *error = NULL;

  self->gpu = GPU_NONE;
  if (raqam_plans_open_gpu (self->plans[RAQAM_STAGE_MAIN], self->device, &error))
    {
      raqam_plans_use_gpu (self->plans[RAQAM_STAGE_BESIDE], TRUE);
      self->gpu = GPU_DRAWS;
    }
  else if (error != NULL)
    give_up_gpu (self, error);
}

/* @device: (transfer full) */
static void
use_device (RaqamExplorer *self, char *device)
{
  if (!g_str_equal (self->device, device))
    {
      use_gpu (self, FALSE);
      self->gpu = g_str_equal (device, "cpu") ? GPU_NONE : GPU_WANTED;
    }
  g_free (self->device);
  self->device = device;
}

static int
draw (RaqamExplorer *self, Wish *wish, GError **error)
{
  return raqam_plans_draw (self->plans[wish->stage],
                           wish->pixels + (gsize) wish->n_drawn * RAQAM_IMAGE_SIZE,
                           wish->styles + wish->n_drawn, wish->n - wish->n_drawn, error);
}

static void
post_drawing (RaqamExplorer *self, guint slot, Wish *wish)
{
  RaqamDrawing *drawing = g_new0 (RaqamDrawing, 1);

  drawing->slot = slot;
  drawing->pixels = g_bytes_new_take (g_steal_pointer (&wish->pixels),
                                      (gsize) wish->n * RAQAM_IMAGE_SIZE);
  raqam_mailbox_post (self->mailbox, self->reports->drawing, slot, drawing);
}

static gboolean
can_draw (RaqamExplorer *self, const Wish *wish)
{
  const RaqamModel *model = raqam_plans_get_model (self->plans[wish->stage]);

  return model != NULL && wish->styles[0].latent == model->recipe->latent
         && self->gpu != GPU_FAILED;
}

/* Draws some of what is asked for in @slot: as much as nobody has to wait for. */
static void
go_on (RaqamExplorer *self, guint slot)
{
  GError *error = NULL;
  Wish *wish = &self->begun[slot];
  int n = 0;

  if (can_draw (self, wish))
    {
      if (wish->pixels == NULL)
        wish->pixels = g_malloc ((gsize) wish->n * RAQAM_IMAGE_SIZE);
      n = draw (self, wish, &error);
      if (n == 0 && self->gpu == GPU_DRAWS && raqam_error_is_device (error)
          && give_up_gpu (self, g_steal_pointer (&error)))
        n = draw (self, wish, &error);
    }

  wish->n_drawn += n;
  if (error != NULL)
    post_failure (self, error);
  if (n > 0 && wish->n_drawn == wish->n)
    post_drawing (self, slot, wish);
  if (n == 0 || wish->n_drawn == wish->n)
    clear_wish (wish);
}

typedef struct
{
  ModelWish models[RAQAM_N_STAGES];
  char     *device;
  gboolean  open_gpu;
  int       slot; /* or -1 */
} Work;

/* A wish is replaced by a newer one until the first of its pictures is drawn. Were it
 * replaced later too, long ones would never be granted while a slider moves. */
static gboolean
is_replaced (RaqamExplorer *self, int slot)
{
  return self->begun[slot].n_drawn == 0 && self->wishes[slot].n > 0;
}

/* Returns: the slot whose turn it is, or -1 */
static int
choose_slot (RaqamExplorer *self)
{
  int chosen = -1;
  guint64 turn = G_MAXUINT64;

  for (int slot = 0; slot < RAQAM_ENGINE_SLOTS; slot++)
    {
      const Wish *wish = is_replaced (self, slot) ? &self->wishes[slot] : &self->begun[slot];

      if (wish->n == 0)
        continue;
      if (slot < RAQAM_ENGINE_FIRST_SLOTS || wish->n_drawn > 0)
        return slot;
      if (wish->turn < turn)
        {
          chosen = slot;
          turn = wish->turn;
        }
    }
  return chosen;
}

static void
begin (RaqamExplorer *self, int slot)
{
  if (!is_replaced (self, slot))
    return;
  clear_wish (&self->begun[slot]);
  self->begun[slot] = self->wishes[slot];
  self->wishes[slot] = (Wish) { 0 };
}

/* Devices and models go before pictures. */
static gboolean
take_work (RaqamExplorer *self, Work *work)
{
  gboolean any = self->wished_device != NULL;

  work->device = g_steal_pointer (&self->wished_device);
  for (int stage = 0; stage < RAQAM_N_STAGES; stage++)
    {
      work->models[stage] = self->model_wishes[stage];
      self->model_wishes[stage] = (ModelWish) { 0 };
      any |= work->models[stage].any;
    }
  if (any)
    return TRUE;

  work->slot = choose_slot (self);
  if (work->slot >= 0)
    begin (self, work->slot);
  return work->slot >= 0;
}

/* FALSE once it has been quiet for long enough to open the GPU. */
static gboolean
wait_on (RaqamExplorer *self)
{
  if (self->gpu == GPU_WANTED && raqam_plans_have_drawn (self->plans[RAQAM_STAGE_MAIN]))
    return g_cond_wait_until (&self->cond, &self->mutex, g_get_monotonic_time () + QUIET);

  g_cond_wait (&self->cond, &self->mutex);
  return TRUE;
}

static gboolean
wait_for_work (RaqamExplorer *self, Work *work)
{
  gboolean quit;

  *work = (Work) { .slot = -1 };

  g_mutex_lock (&self->mutex);
  while (!self->quit && !take_work (self, work) && !work->open_gpu)
    work->open_gpu = !wait_on (self);
  quit = self->quit;
  g_mutex_unlock (&self->mutex);

  return !quit;
}

static gpointer
explorer_main (gpointer data)
{
  RaqamExplorer *self = data;
  Work work;

  while (wait_for_work (self, &work))
    {
      if (work.device != NULL)
        use_device (self, work.device);
      for (int stage = 0; stage < RAQAM_N_STAGES; stage++)
        if (work.models[stage].any)
          grant_model (self, stage, &work.models[stage]);
      if (work.slot >= 0)
        go_on (self, work.slot);
      else if (work.open_gpu)
        open_gpu (self);
    }

  for (int stage = 0; stage < RAQAM_N_STAGES; stage++)
    raqam_plans_free (self->plans[stage]);
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
  self->device = g_strdup ("cpu");
  for (int stage = 0; stage < RAQAM_N_STAGES; stage++)
    self->plans[stage] = raqam_plans_new ();
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

  for (int stage = 0; stage < RAQAM_N_STAGES; stage++)
    clear_model_wish (&self->model_wishes[stage]);
  for (guint slot = 0; slot < RAQAM_ENGINE_SLOTS; slot++)
    {
      clear_wish (&self->wishes[slot]);
      clear_wish (&self->begun[slot]);
    }
  g_free (self->wished_device);
  g_free (self->device);
  raqam_mailbox_unref (self->mailbox);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* @model, @path: (transfer full) (nullable) */
static void
wish_for_model (RaqamExplorer *self, RaqamStage stage, RaqamModel *model, char *path)
{
  ModelWish *wish = &self->model_wishes[stage];

  g_mutex_lock (&self->mutex);
  clear_model_wish (wish);
  *wish = (ModelWish) { TRUE, model, path };
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

void
raqam_explorer_take_model (RaqamExplorer *self, RaqamModel *model)
{
  wish_for_model (self, RAQAM_STAGE_MAIN, raqam_model_ref (model), NULL);
}

void
raqam_explorer_open_model (RaqamExplorer *self, const char *path)
{
  wish_for_model (self, RAQAM_STAGE_MAIN, NULL, g_strdup (path));
}

void
raqam_explorer_open_beside (RaqamExplorer *self, const char *path)
{
  wish_for_model (self, RAQAM_STAGE_BESIDE, NULL, g_strdup (path));
}

void
raqam_explorer_set_device (RaqamExplorer *self, const char *device)
{
  g_mutex_lock (&self->mutex);
  g_free (self->wished_device);
  self->wished_device = g_strdup (device);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

void
raqam_explorer_draw (RaqamExplorer *self, RaqamStage stage, guint slot, const RaqamStyle *styles,
                     guint n)
{
  Wish *wish = &self->wishes[slot];
  RaqamStyle *copy;

  g_return_if_fail (slot < RAQAM_ENGINE_SLOTS);
  g_return_if_fail (n >= 1 && n <= RAQAM_ENGINE_MAX_IMAGES);
  for (guint i = 1; i < n; i++)
    g_return_if_fail (styles[i].latent == styles[0].latent);

  copy = g_memdup2 (styles, sizeof *styles * n);
  g_mutex_lock (&self->mutex);
  if (wish->n == 0)
    wish->turn = self->n_turns++; /* who replaces a wish waits no longer than it would have */
  clear_wish (wish);
  wish->stage = stage;
  wish->styles = copy;
  wish->n = (int) n;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}
