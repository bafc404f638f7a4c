/* coach-windows.h — the curves in windows of steps, and the signs that show in them.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/coach-judgements.h"
#include "engine/point.h"

G_BEGIN_DECLS

#define RAQAM_COACH_TURNS 6 /* that make an oscillation: to and fro three times */

/* Means of some steps; NAN where none was finite. */
typedef struct
{
  guint64  index;
  double   began, ended; /* epochs of the first and the last step */
  int      n, n_finite;
  double   loss[2];
  double   p_real[2];
  int      n_idle[2];    /* steps with a learning rate of nothing: generator, discriminator */
} RaqamWindow;

typedef struct
{
  RaqamWindow now;  /* sums so far; n is 0 before the first point */
  guint64     step; /* the last one */
  double      highest_rate[2];

  /* How the generator's loss went to and fro. */
  int         direction; /* 1 up, -1 down, 0 not known */
  double      low, high; /* since it last turned */
  guint64     turned[RAQAM_COACH_TURNS]; /* windows, the oldest first */
  double      turned_epoch[RAQAM_COACH_TURNS];
  double      swing_low, swing_high; /* of the last swing */
  int         n_turns;   /* those kept */

  double      first_loss; /* the generator's, where the discriminator's lead began; NAN if it has none */
} RaqamWindows;

gboolean raqam_point_is_finite (const RaqamPoint *point);

void raqam_windows_init (RaqamWindows *self);

/* Returns: whether @point is past all that were pushed */
gboolean raqam_windows_passes (const RaqamWindows *self, const RaqamPoint *point);

/**
 * raqam_windows_push:
 * @window: the one that @point ends or follows, overwritten where there is one
 *
 * Returns: whether a window is whole; one that lacks steps counts when the next begins
 */
gboolean raqam_windows_push (RaqamWindow *window, RaqamWindows *self, const RaqamPoint *point);

/* @began: (inout): the epoch where it began. Once for each kind of sign in curves and each window. */
RaqamVerdict raqam_windows_judge (RaqamSignFigures *figures, double *began, RaqamWindows *self,
                                  const RaqamWindow *window, RaqamSignKind kind);

G_END_DECLS
