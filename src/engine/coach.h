/* coach.h — names signs of trouble in a run, with what was measured and what helps.
 * SPDX-License-Identifier: MIT
 *
 * It watches and tells, and never changes anything. What each sign is, how it is
 * measured, by whom it was described and what helps: docs/coach.md. The curves are
 * looked at in windows of RAQAM_COACH_WINDOW steps, cut by the steps' numbers, so
 * that the answer is the same in whatever pieces the points come; a sign appears
 * only after a stretch of windows and goes only when the trouble is clearly over,
 * so that it does not flicker. Memory does not grow with the run. One thread at a time.
 */

#pragma once

#include "engine/coach-texts.h"
#include "engine/point.h"

G_BEGIN_DECLS

#define RAQAM_COACH_WINDOW 50 /* steps */

typedef struct _RaqamCoach RaqamCoach;

/* The last time that a sign of this kind was seen. */
typedef struct
{
  RaqamSignKind kind;
  gboolean holds;    /* still */
  double   began;    /* epoch */
  double   ended;    /* epoch; NAN while it holds */
  guint    n_times;  /* how often it began, this time among them */
  char    *evidence; /* what was measured when it was last seen, translated */
} RaqamSign;

/* @format: how numbers are written in the evidence; NULL for C's way */
RaqamCoach *raqam_coach_new  (RaqamNumberFormat format);
void        raqam_coach_free (RaqamCoach *self);

/* Forgets the run, to watch another. */
void raqam_coach_clear (RaqamCoach *self);

/**
 * raqam_coach_push:
 * @points: (@n), by rising step; a step that is not past the last one is passed over, as
 *   where a run goes on from a checkpoint
 *
 * Returns: whether raqam_coach_list() may answer otherwise now
 */
gboolean raqam_coach_push (RaqamCoach *self, const RaqamPoint *points, guint n);

/**
 * raqam_coach_judge:
 * @timeline: (element-type RaqamQuality): all of the run's judgements, by rising step; what was
 *   told of them before is forgotten. Only those are looked at that
 *   raqam_timeline_compares()
 */
void raqam_coach_judge (RaqamCoach *self, const GArray *timeline);

/* The run ended with RAQAM_ERROR_DIVERGED: the step that broke down is not among the points. */
void raqam_coach_break_down (RaqamCoach *self);

/**
 * raqam_coach_list:
 *
 * Returns: (transfer full) (element-type RaqamSign): every kind that was ever seen: first
 *   those that hold, then by severity, then by when they began
 */
GPtrArray *raqam_coach_list (const RaqamCoach *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamCoach, raqam_coach_free)

G_END_DECLS
