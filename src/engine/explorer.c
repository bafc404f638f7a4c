/* explorer.c — draws digits on a thread of its own, the newest wish first.
 * SPDX-License-Identifier: MIT */

#include "engine/explorer.h"

#include "engine/generator.h"
#include "engine/recipe.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* One picture is drawn by a plan for one, a strip by a plan for ten. */
#define STRIP 10

/* The GPU takes a second to be opened, and is so when nothing was asked for so long. */
#define QUIET (G_USEC_PER_SEC / 3)

typedef enum
{
  GPU_NONE,   /* not asked for, or there is none */
  GPU_WANTED, /* the CPU draws until it is opened */
  GPU_DRAWS,
  GPU_FAILED, /* told, and nothing else may draw */
} Gpu;

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
  char       *wished_device;
  Wish        wishes[RAQAM_ENGINE_SLOTS];

  /* The explorer's thread's own. */
  RaqamModel     *model;
  RaqamGenerator *single;
  RaqamGenerator *strip;
  char           *device; /* as raqam_explorer_set_device() */
  Gpu             gpu;
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
post_beside (RaqamExplorer *self, RaqamModel *model, GError *error)
{
  RaqamModelReport *report = g_new0 (RaqamModelReport, 1);

  report->model = model != NULL ? raqam_model_ref (model) : NULL;
  report->error = error;
  raqam_mailbox_post (self->mailbox, self->reports->beside, 0, report);
}

static void
post_failure (RaqamExplorer *self, GError *error)
{
  raqam_mailbox_post (self->mailbox, self->reports->failure, 0, error);
}

static void
forget_plans (RaqamExplorer *self)
{
  g_clear_pointer (&self->single, raqam_generator_free);
  g_clear_pointer (&self->strip, raqam_generator_free);
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
new_plan (RaqamExplorer *self, const char *device, int batch, GError **error)
{
  RaqamDeviceOptions options = { .n_threads = 1, .interactive = TRUE };

  return raqam_generator_new (self->model, device, &options, batch, error);
}

static RaqamGenerator *
plan_for (RaqamExplorer *self, int n, GError **error)
{
  RaqamGenerator **plan = n == 1 ? &self->single : &self->strip;

  if (*plan == NULL)
    *plan = new_plan (self, self->gpu == GPU_DRAWS ? "cuda" : "cpu", n == 1 ? 1 : STRIP, error);

  return *plan;
}

/* Returns: whether the CPU may draw instead */
static gboolean
give_up_gpu (RaqamExplorer *self, GError *error)
{
  gboolean any = g_str_equal (self->device, "auto");

  forget_plans (self);
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
  RaqamGenerator *single = new_plan (self, self->device, 1, &error);
  RaqamGenerator *strip = NULL;

  self->gpu = GPU_NONE;
  if (single != NULL && g_str_equal (raqam_generator_get_backend (single), "cuda"))
    strip = new_plan (self, "cuda", STRIP, &error);

  if (strip != NULL)
    {
      forget_plans (self);
      self->single = single;
      self->strip = strip;
      self->gpu = GPU_DRAWS;
      return;
    }

  g_clear_pointer (&single, raqam_generator_free);
  if (error != NULL)
    give_up_gpu (self, error);
}

static void
use_device (RaqamExplorer *self, const char *device)
{
  if (g_str_equal (self->device, device))
    return;

  g_free (self->device);
  self->device = g_strdup (device);
  forget_plans (self);
  self->gpu = g_str_equal (device, "cpu") ? GPU_NONE : GPU_WANTED;
}

static gboolean
draw (RaqamExplorer *self, guint8 *pixels, const Wish *wish, GError **error)
{
  RaqamGenerator *plan = plan_for (self, wish->n, error);

  return plan != NULL
         && raqam_generator_draw (plan, pixels, wish->z, wish->labels, wish->n, error);
}

static void
post_drawing (RaqamExplorer *self, guint slot, guint8 *pixels, gsize n_pixels)
{
  RaqamDrawing *drawing = g_new0 (RaqamDrawing, 1);

  raqam_generator_clear_paper (pixels, n_pixels, self->model->recipe);
  drawing->slot = slot;
  drawing->pixels = g_bytes_new_take (pixels, n_pixels);
  raqam_mailbox_post (self->mailbox, self->reports->drawing, slot, drawing);
}

static void
grant (RaqamExplorer *self, guint slot, const Wish *wish)
{
  GError *error = NULL;
  gsize n_pixels = (gsize) wish->n * RAQAM_IMAGE_SIZE;
  guint8 *pixels;
  gboolean drawn;

  if (self->model == NULL || wish->latent != self->model->recipe->latent || self->gpu == GPU_FAILED)
    return;

  pixels = g_malloc (n_pixels);
  drawn = draw (self, pixels, wish, &error);
  if (!drawn && self->gpu == GPU_DRAWS && raqam_error_is_device (error))
    drawn = give_up_gpu (self, g_steal_pointer (&error)) && draw (self, pixels, wish, &error);

  if (drawn)
    {
      post_drawing (self, slot, pixels, n_pixels);
      return;
    }
  if (error != NULL)
    post_failure (self, error);
  g_free (pixels);
}

typedef struct
{
  RaqamModel *model;
  char       *path;
  char       *device;
  gboolean    open_gpu;
  guint       slot;
  Wish        wish;
} Work;

/* Device and model go before pictures, a low slot before a high one. */
static gboolean
take_wish (RaqamExplorer *self, Work *work)
{
  work->model = g_steal_pointer (&self->wished_model);
  work->path = g_steal_pointer (&self->wished_path);
  work->device = g_steal_pointer (&self->wished_device);
  if (work->model != NULL || work->path != NULL || work->device != NULL)
    return TRUE;

  for (guint slot = 0; slot < RAQAM_ENGINE_SLOTS; slot++)
    if (self->wishes[slot].n > 0)
      {
        work->slot = slot;
        work->wish = self->wishes[slot];
        self->wishes[slot] = (Wish) { 0 };
        return TRUE;
      }

  return FALSE;
}

/* FALSE once it has been quiet for long enough to open the GPU. */
static gboolean
wait_on (RaqamExplorer *self)
{
  if (self->gpu == GPU_WANTED && self->single != NULL)
    return g_cond_wait_until (&self->cond, &self->mutex, g_get_monotonic_time () + QUIET);

  g_cond_wait (&self->cond, &self->mutex);
  return TRUE;
}

static gboolean
wait_for_wish (RaqamExplorer *self, Work *work)
{
  gboolean quit;

  memset (work, 0, sizeof *work);

  g_mutex_lock (&self->mutex);
  while (!self->quit && !take_wish (self, work) && !work->open_gpu)
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

  while (wait_for_wish (self, &work))
    {
      if (work.device != NULL)
        use_device (self, work.device);
      if (work.path != NULL)
        open_model (self, work.path);
      else if (work.model != NULL)
        use_model (self, g_steal_pointer (&work.model));
      else if (work.wish.n > 0)
        grant (self, work.slot, &work.wish);
      else if (work.open_gpu)
        open_gpu (self);

      g_free (work.path);
      g_free (work.device);
      clear_wish (&work.wish);
    }

  forget_plans (self);
  g_clear_pointer (&self->model, raqam_model_unref);
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
  g_free (self->wished_device);
  g_free (self->device);
  for (guint slot = 0; slot < RAQAM_ENGINE_SLOTS; slot++)
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
raqam_explorer_set_device (RaqamExplorer *self, const char *device)
{
  g_mutex_lock (&self->mutex);
  g_free (self->wished_device);
  self->wished_device = g_strdup (device);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

void
raqam_explorer_open_beside (RaqamExplorer *self, const char *path)
{
  post_beside (self, NULL, NULL);
}

void
raqam_explorer_draw (RaqamExplorer *self, RaqamStage stage, guint slot, const RaqamStyle *styles,
                     guint n)
{
  Wish wish = { .n = (int) n };

  g_return_if_fail (slot < RAQAM_ENGINE_SLOTS);
  g_return_if_fail (n >= 1 && n <= RAQAM_ENGINE_MAX_IMAGES);

  wish.latent = styles[0].latent;
  wish.z = g_new (float, n * wish.latent);
  wish.labels = g_new (guint8, n);
  for (guint i = 0; i < n; i++)
    {
      raqam_style_effective (wish.z + i * wish.latent, &styles[i]);
      wish.labels[i] = (guint8) raqam_style_main_digit (&styles[i]);
    }

  g_mutex_lock (&self->mutex);
  clear_wish (&self->wishes[slot]);
  self->wishes[slot] = wish;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}
