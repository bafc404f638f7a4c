/* coach.c — names signs of trouble in a run, with what was measured and what helps.
 * SPDX-License-Identifier: MIT */

#include "engine/coach.h"

#include "engine/coach-judgements.h"
#include "engine/coach-windows.h"

#include <math.h>

/* How many windows (judgements) in a row make a sign, and how many end it. A discriminator far
 * ahead is how every run begins (Goodfellow et al. 2014, section 3); 300 steps are not. */
typedef struct
{
  int appear;
  int go;
} Patience;

static const Patience patience[] = {
  [RAQAM_SIGN_BREAKDOWN] = { 1, 2 },           [RAQAM_SIGN_EXPLOSION] = { 1, 2 },
  [RAQAM_SIGN_COLLAPSE] = { 1, 1 },            [RAQAM_SIGN_DISCRIMINATOR_WINS] = { 6, 2 },
  [RAQAM_SIGN_DISCRIMINATOR_LOST] = { 10, 2 }, [RAQAM_SIGN_OSCILLATION] = { 1, 1 },
  [RAQAM_SIGN_MEMORISATION] = { 1, 1 },        [RAQAM_SIGN_STAGNATION] = { 1, 1 },
  [RAQAM_SIGN_NO_RATE] = { 1, 1 },
};
G_STATIC_ASSERT (G_N_ELEMENTS (patience) == RAQAM_N_SIGNS);

typedef struct
{
  gboolean holds;
  guint n_times;
  double began, ended;
  RaqamSignFigures figures; /* when it was last seen */

  int n_trouble, n_calm; /* in a row, up to now */
  double since;          /* where the row began */
  double calm_since;
} Record;

struct _RaqamCoach
{
  RaqamNumberFormat format;
  RaqamWindows windows;
  double epoch; /* of the last point */
  Record records[RAQAM_N_SIGNS];
  gboolean at_best; /* the newest of several judgements is the best */
};

RaqamCoach *
raqam_coach_new (RaqamNumberFormat format)
{
  RaqamCoach *self = g_new0 (RaqamCoach, 1);

  self->format = format;
  raqam_coach_clear (self);
  return self;
}

void
raqam_coach_free (RaqamCoach *self)
{
  g_free (self);
}

void
raqam_coach_clear (RaqamCoach *self)
{
  *self = (RaqamCoach){ .format = self->format };
  raqam_windows_init (&self->windows);
}

static void
appear (Record *record, const RaqamSignFigures *figures)
{
  if (!record->holds)
    {
      record->holds = TRUE;
      record->n_times++;
      record->began = record->since;
    }
  record->figures = *figures;
}

/* @began: epoch where what was looked at begins */
static void
note (RaqamCoach *self, RaqamSignKind kind, RaqamVerdict verdict, double began,
      const RaqamSignFigures *figures)
{
  Record *record = &self->records[kind];

  if (verdict != RAQAM_VERDICT_CALM)
    record->n_calm = 0;
  if (verdict != RAQAM_VERDICT_TROUBLE)
    record->n_trouble = 0;

  if (verdict == RAQAM_VERDICT_TROUBLE)
    {
      if (record->n_trouble++ == 0)
        record->since = began;
      if (record->holds || record->n_trouble >= patience[kind].appear)
        appear (record, figures);
    }
  else if (verdict == RAQAM_VERDICT_CALM)
    {
      if (record->n_calm++ == 0)
        record->calm_since = began;
      if (record->holds && record->n_calm >= patience[kind].go)
        {
          record->holds = FALSE;
          record->ended = record->calm_since;
        }
    }
}

static void
look_at_window (RaqamCoach *self, const RaqamWindow *window)
{
  static const RaqamSignKind kinds[] = {
    RAQAM_SIGN_BREAKDOWN,          RAQAM_SIGN_EXPLOSION,   RAQAM_SIGN_DISCRIMINATOR_WINS,
    RAQAM_SIGN_DISCRIMINATOR_LOST, RAQAM_SIGN_OSCILLATION, RAQAM_SIGN_NO_RATE,
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      RaqamSignFigures figures;
      double began = window->began;
      RaqamVerdict verdict = raqam_windows_judge (&figures, &began, &self->windows, window, kinds[i]);

      note (self, kinds[i], verdict, began, &figures);
    }
}

gboolean
raqam_coach_push (RaqamCoach *self, const RaqamPoint *points, guint n)
{
  gboolean changed = FALSE;

  g_return_val_if_fail (n == 0 || points != NULL, FALSE);

  for (guint i = 0; i < n; i++)
    {
      RaqamWindow window;

      if (!raqam_windows_passes (&self->windows, &points[i]))
        continue;
      if (raqam_windows_push (&window, &self->windows, &points[i]))
        {
          look_at_window (self, &window);
          changed = TRUE;
        }
      self->epoch = points[i].epoch;
      if (!raqam_point_is_finite (&points[i]))
        {
          note (self, RAQAM_SIGN_BREAKDOWN, RAQAM_VERDICT_TROUBLE, points[i].epoch,
                &(RaqamSignFigures){ .epoch = points[i].epoch });
          changed = TRUE;
        }
    }
  return changed;
}

void
raqam_coach_judge (RaqamCoach *self, const GArray *timeline)
{
  static const RaqamSignKind kinds[] = { RAQAM_SIGN_COLLAPSE, RAQAM_SIGN_MEMORISATION,
                                         RAQAM_SIGN_STAGNATION };
  RaqamMarks marks;

  raqam_marks_init (&marks);
  self->at_best = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    self->records[kinds[i]] = (Record){ 0 };

  for (guint i = 0; i < timeline->len; i++)
    {
      const RaqamQuality *quality = &g_array_index (timeline, RaqamQuality, i);
      RaqamSignFigures figures;
      RaqamVerdict verdict;

      if (!raqam_timeline_compares (timeline, i))
        continue;
      verdict = raqam_judge_collapse (&figures, &marks, quality);
      note (self, RAQAM_SIGN_COLLAPSE, verdict, quality->epoch, &figures);
      verdict = raqam_judge_memorisation (&figures, quality);
      note (self, RAQAM_SIGN_MEMORISATION, verdict, quality->epoch, &figures);
      raqam_marks_add (&marks, quality);
      verdict = raqam_judge_stagnation (&figures, &marks, quality);
      note (self, RAQAM_SIGN_STAGNATION, verdict, quality->epoch, &figures);
      self->at_best = marks.n > 1 && marks.n_after_best == 0;
    }
}

void
raqam_coach_break_down (RaqamCoach *self)
{
  note (self, RAQAM_SIGN_BREAKDOWN, RAQAM_VERDICT_TROUBLE, self->epoch,
        &(RaqamSignFigures){ .epoch = self->epoch });
}

/* Both at one half is also how a run ends well: the best pictures speak for that. */
static gboolean
is_refuted (const RaqamCoach *self, RaqamSignKind kind)
{
  return kind == RAQAM_SIGN_DISCRIMINATOR_LOST && self->at_best;
}

static void
sign_free (gpointer data)
{
  RaqamSign *sign = data;

  g_free (sign->evidence);
  g_free (sign);
}

static int
compare_signs (gconstpointer a, gconstpointer b)
{
  const RaqamSign *x = *(RaqamSign *const *) a, *y = *(RaqamSign *const *) b;
  int difference = y->holds - x->holds;

  if (difference == 0)
    difference = (int) raqam_sign_severity (y->kind) - (int) raqam_sign_severity (x->kind);
  if (difference == 0)
    difference = (x->began > y->began) - (x->began < y->began);
  return difference != 0 ? difference : (int) x->kind - (int) y->kind;
}

GPtrArray *
raqam_coach_list (const RaqamCoach *self)
{
  GPtrArray *signs = g_ptr_array_new_with_free_func (sign_free);

  for (RaqamSignKind kind = 0; kind < RAQAM_N_SIGNS; kind++)
    {
      const Record *record = &self->records[kind];
      RaqamSign *sign;

      if (record->n_times == 0 || is_refuted (self, kind))
        continue;
      sign = g_new (RaqamSign, 1);
      *sign = (RaqamSign){
        .kind = kind,
        .holds = record->holds,
        .began = record->began,
        .ended = record->holds ? NAN : record->ended,
        .n_times = record->n_times,
        .evidence = raqam_sign_evidence (kind, &record->figures, self->format),
      };
      g_ptr_array_add (signs, sign);
    }
  g_ptr_array_sort (signs, compare_signs);
  return signs;
}
