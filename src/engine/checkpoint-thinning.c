/* checkpoint-thinning.c — which checkpoints of a run can go, and that they go.
 * SPDX-License-Identifier: MIT */

#include "engine/checkpoint-thinning.h"

#include "engine/error.h"
#include "engine/lock.h"
#include "engine/run-store.h"
#include "engine/timeline.h"

#include <errno.h>
#include <math.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

static void
thinned_free (gpointer data)
{
  RaqamThinned *thinned = data;

  g_free (thinned->path);
  g_free (thinned);
}

/* Oldest first, as they are judged; they are listed newest first. */
static GPtrArray *
list (const RaqamRun *run)
{
  g_autoptr (GPtrArray) paths = raqam_run_list_checkpoints (run->folder);
  GPtrArray *plan = g_ptr_array_new_with_free_func (thinned_free);

  for (guint i = paths->len; i > 0; i--)
    {
      RaqamThinned *thinned = g_new0 (RaqamThinned, 1);
      GStatBuf about;

      thinned->path = g_strdup (paths->pdata[i - 1]);
      thinned->step = raqam_run_step_of (thinned->path);
      thinned->epoch = raqam_run_epoch_of (run, thinned->step);
      if (g_lstat (thinned->path, &about) == 0)
        thinned->size = (guint64) about.st_size;
      g_ptr_array_add (plan, thinned);
    }
  return plan;
}

/* A stretch's first has reached it though it lies a rounding before an epoch's end. */
static void
keep_stretches (GPtrArray *plan, double every)
{
  double last = -1;

  for (guint i = 0; i < plan->len; i++)
    {
      RaqamThinned *thinned = plan->pdata[i];
      double stretch = floor (thinned->epoch / every + 1e-6);

      if (stretch > last && thinned->kept == RAQAM_KEPT_NOT)
        thinned->kept = RAQAM_KEPT_STRETCH;
      last = stretch;
    }
}

static void
keep_best (GPtrArray *plan, const char *folder)
{
  g_autoptr (GArray) timeline = raqam_timeline_read (folder);
  int best = raqam_timeline_best (timeline);

  for (guint i = 0; best >= 0 && i < plan->len; i++)
    {
      RaqamThinned *thinned = plan->pdata[i];

      if (thinned->step == g_array_index (timeline, RaqamQuality, best).step)
        thinned->kept = RAQAM_KEPT_BEST;
    }
}

static void
keep_newest (GPtrArray *plan, guint64 newest)
{
  for (guint i = 0; i < plan->len; i++)
    {
      RaqamThinned *thinned = plan->pdata[i];

      if (thinned->step >= newest)
        thinned->kept = RAQAM_KEPT_NEWEST;
    }
}

GPtrArray *
raqam_thinning_plan (const RaqamRun *run, double every, GError **error)
{
  g_autofree char *newest = NULL;
  GPtrArray *plan;

  g_return_val_if_fail (run != NULL && every > 0, NULL);

  newest = raqam_run_newest_checkpoint (run->folder, error);
  if (newest == NULL)
    return NULL;
  plan = list (run);
  if (plan->len > 0)
    ((RaqamThinned *) plan->pdata[0])->kept = RAQAM_KEPT_FIRST;
  keep_best (plan, run->folder);
  keep_newest (plan, raqam_run_step_of (newest));
  keep_stretches (plan, every);
  return plan;
}

guint64
raqam_thinning_size (const GPtrArray *plan)
{
  guint64 size = 0;

  for (guint i = 0; i < plan->len; i++)
    {
      const RaqamThinned *thinned = plan->pdata[i];

      size += thinned->kept == RAQAM_KEPT_NOT ? thinned->size : 0;
    }
  return size;
}

static gboolean
remove_all (const GPtrArray *plan, GError **error)
{
  for (guint i = 0; i < plan->len; i++)
    {
      const RaqamThinned *thinned = plan->pdata[i];
      g_autofree char *name = g_filename_display_name (thinned->path);

      if (thinned->kept != RAQAM_KEPT_NOT || g_unlink (thinned->path) == 0 || errno == ENOENT)
        continue;
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN, _("Cannot remove the checkpoint “%s”: %s"),
                   name, g_strerror (errno));
      return FALSE;
    }
  return TRUE;
}

gboolean
raqam_thinning_apply (const RaqamRun *run, const GPtrArray *plan, GError **error)
{
  int lock = raqam_run_lock (run->folder, error);
  gboolean removed;

  if (lock < 0)
    return FALSE;
  removed = remove_all (plan, error);
  close (lock);
  return removed;
}
