/* checkpoint-choice.c — which checkpoints of a run are to be judged.
 * SPDX-License-Identifier: MIT */

#include "engine/checkpoint-choice.h"

#include <math.h>
#include <string.h>

typedef struct
{
  const RaqamRun                *run;
  const GArray                  *timeline;
  double                         every;
  const RaqamEvaluationSettings *settings;
  const char                    *train_checksum;
} Choice;

static guint64
step_of (const char *checkpoint)
{
  g_autofree char *name = g_path_get_basename (checkpoint);

  return g_ascii_strtoull (name + strlen ("step-"), NULL, 10);
}

/* Which stretch a step lies in. The run says how many steps go into an epoch; one
 * that lies a rounding before an epoch's end has reached it. */
static gint64
stretch_of (const Choice *self, guint64 step)
{
  double epoch = self->run->step > 0 ? step * (self->run->epoch / self->run->step) : 0;

  return (gint64) floor (epoch / self->every + 1e-6);
}

static gboolean
is_same_judgement (const Choice *self, const RaqamQuality *quality)
{
  return quality->n_images == self->settings->n_images && quality->seed == self->settings->seed
         && quality->threshold == self->settings->threshold
         && strncmp (quality->train, self->train_checksum, RAQAM_QUALITY_TRAIN) == 0
         && (!self->settings->scores || !isnan (quality->frechet.all));
}

static gboolean
is_judged (const Choice *self, guint64 step)
{
  for (guint i = 0; i < self->timeline->len; i++)
    {
      const RaqamQuality *quality = &g_array_index (self->timeline, RaqamQuality, i);

      if (quality->step == step && is_same_judgement (self, quality))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_stretch_judged (const Choice *self, gint64 stretch)
{
  for (guint i = 0; i < self->timeline->len; i++)
    {
      const RaqamQuality *quality = &g_array_index (self->timeline, RaqamQuality, i);

      if (stretch_of (self, quality->step) == stretch && is_same_judgement (self, quality))
        return TRUE;
    }
  return FALSE;
}

GPtrArray *
raqam_choose_checkpoints (const RaqamRun *run, const GArray *timeline, double every,
                          const RaqamEvaluationSettings *settings, const char *train_checksum)
{
  const Choice self = { run, timeline, every, settings, train_checksum };
  g_autoptr (GPtrArray) paths = raqam_run_list_checkpoints (run->folder);
  GPtrArray *chosen = g_ptr_array_new_with_free_func (g_free);
  gint64 last = G_MININT64;

  /* Newest first, as they are listed. */
  for (guint i = paths->len; i > 0; i--)
    {
      const char *path = paths->pdata[i - 1];
      guint64 step = step_of (path);
      gint64 stretch = every > 0 ? stretch_of (&self, step) : 0;
      gboolean wanted = every <= 0 || i == 1
                        || (stretch != last && !is_stretch_judged (&self, stretch));

      last = stretch;
      if (wanted && !is_judged (&self, step))
        g_ptr_array_add (chosen, g_strdup (path));
    }
  return chosen;
}
