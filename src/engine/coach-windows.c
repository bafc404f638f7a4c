/* coach-windows.c — the curves in windows of steps, and the signs that show in them.
 * SPDX-License-Identifier: MIT */

#include "engine/coach-windows.h"

#include "engine/coach.h"

#include <math.h>

/* Above it a probability differs from 0 or 1 by less than a float can tell (24 ln 2 = 16.6), so
 * that the loss is no more than a distance; and healthy runs stay below 5. */
#define EXPLODED 20
#define NOT_EXPLODED 10

/* Goodfellow et al. 2014, section 3, and Arjovsky and Bottou 2017: the better it knows, the less
 * it teaches; at 0.1 the generator's loss is 2.3 at least, by Jensen. */
#define WINS_REAL 0.9
#define WINS_FAKE 0.1
#define WINS_NOT_REAL 0.8
#define WINS_NOT_FAKE 0.2
#define NOT_FALLING 0.9 /* of the generator's loss at the stretch's beginning */

/* Goodfellow et al. 2014, proposition 1: one half everywhere, and the loss is ln 2, where the two
 * distributions are one, or where it has learnt nothing. The healthy run's lead never fell
 * below 0.07 over a window. */
#define LOST_LEAD 0.02
#define NOT_LOST_LEAD 0.05
#define LOST_LOSS (G_LN2 - 0.005)

/* Goodfellow 2016, section 5.1.1; Mescheder et al. 2018. The healthy run's loss goes to and fro
 * between 0.9 and 2.5, and seldom by more than twice. */
#define SWING 3.0
#define SWING_WINDOWS 40 /* 2000 steps */
#define CALM_TURNS 3

#define IDLE_RATE 1e-6 /* of the highest one yet */

gboolean
raqam_point_is_finite (const RaqamPoint *point)
{
  for (int side = 0; side < 2; side++)
    if (!isfinite (point->loss[side]) || !isfinite (point->p_real[side]))
      return FALSE;
  return TRUE;
}

void
raqam_windows_init (RaqamWindows *self)
{
  *self = (RaqamWindows){ .low = NAN, .high = NAN, .first_loss = NAN };
}

gboolean
raqam_windows_passes (const RaqamWindows *self, const RaqamPoint *point)
{
  return point->step > self->step;
}

static void
add (RaqamWindows *self, const RaqamPoint *point)
{
  RaqamWindow *now = &self->now;

  if (now->n++ == 0)
    now->began = point->epoch;
  now->ended = point->epoch;
  for (int side = 0; side < 2; side++)
    {
      self->highest_rate[side] = MAX (self->highest_rate[side], point->rate[side]);
      now->n_idle[side] += point->rate[side] <= IDLE_RATE * self->highest_rate[side];
    }
  if (!raqam_point_is_finite (point))
    return;
  now->n_finite++;
  for (int side = 0; side < 2; side++)
    {
      now->loss[side] += point->loss[side];
      now->p_real[side] += point->p_real[side];
    }
}

gboolean
raqam_windows_push (RaqamWindow *window, RaqamWindows *self, const RaqamPoint *point)
{
  guint64 index = (point->step - 1) / RAQAM_COACH_WINDOW;
  gboolean whole = self->now.n > 0 && self->now.index != index;

  if (whole)
    {
      *window = self->now;
      for (int side = 0; side < 2; side++)
        {
          window->loss[side] = window->n_finite > 0 ? window->loss[side] / window->n_finite : NAN;
          window->p_real[side] = window->n_finite > 0 ? window->p_real[side] / window->n_finite : NAN;
        }
      self->now = (RaqamWindow){ 0 };
    }
  self->now.index = index;
  self->step = point->step;
  add (self, point);
  return whole;
}

static RaqamVerdict
choose (gboolean trouble, gboolean calm)
{
  return trouble ? RAQAM_VERDICT_TROUBLE : calm ? RAQAM_VERDICT_CALM : RAQAM_VERDICT_BETWEEN;
}

static RaqamVerdict
judge_explosion (const RaqamWindow *window)
{
  double loss = MAX (window->loss[0], window->loss[1]);

  return choose (loss > EXPLODED, loss < NOT_EXPLODED);
}

/* A loss that falls is a generator that catches up: its stretch begins anew. */
static RaqamVerdict
judge_lead (RaqamWindows *self, const RaqamWindow *window)
{
  double real = window->p_real[0], fake = window->p_real[1], loss = window->loss[0];

  if (!(real > WINS_REAL && fake < WINS_FAKE) || loss < NOT_FALLING * self->first_loss)
    {
      self->first_loss = NAN;
      return choose (FALSE, real < WINS_NOT_REAL || fake > WINS_NOT_FAKE);
    }
  if (isnan (self->first_loss))
    self->first_loss = loss;
  return RAQAM_VERDICT_TROUBLE;
}

static RaqamVerdict
judge_loss_of_lead (const RaqamWindow *window)
{
  double lead = window->p_real[0] - window->p_real[1];

  return choose (lead < LOST_LEAD && window->loss[1] > LOST_LOSS, lead > NOT_LOST_LEAD);
}

static void
turn (RaqamWindows *self, const RaqamWindow *window)
{
  if (self->n_turns == RAQAM_COACH_TURNS)
    for (int i = 1; i < RAQAM_COACH_TURNS; i++)
      {
        self->turned[i - 1] = self->turned[i];
        self->turned_epoch[i - 1] = self->turned_epoch[i];
      }
  else
    self->n_turns++;
  self->turned[self->n_turns - 1] = window->index;
  self->turned_epoch[self->n_turns - 1] = window->began;
  self->swing_low = self->low;
  self->swing_high = self->high;
}

/* A turn is known when the loss has gone back by SWING times. */
static void
follow_swing (RaqamWindows *self, const RaqamWindow *window)
{
  double loss = window->loss[0];

  if (isnan (loss))
    return;
  self->low = fmin (self->low, loss);
  self->high = fmax (self->high, loss);
  if (self->direction <= 0 && loss > SWING * self->low)
    {
      if (self->direction < 0)
        turn (self, window);
      self->direction = 1;
      self->high = loss;
    }
  else if (self->direction >= 0 && loss * SWING < self->high)
    {
      if (self->direction > 0)
        turn (self, window);
      self->direction = -1;
      self->low = loss;
    }
}

static RaqamVerdict
judge_swing (double *began, RaqamWindows *self, const RaqamWindow *window)
{
  int n_recent = 0;

  follow_swing (self, window);
  for (int i = 0; i < self->n_turns; i++)
    n_recent += window->index - self->turned[i] < SWING_WINDOWS;
  if (n_recent == RAQAM_COACH_TURNS)
    *began = self->turned_epoch[0];
  return choose (n_recent == RAQAM_COACH_TURNS, n_recent < CALM_TURNS);
}

static int
idle_sides (const RaqamWindow *window)
{
  return (window->n_idle[0] == window->n) + 2 * (window->n_idle[1] == window->n);
}

RaqamVerdict
raqam_windows_judge (RaqamSignFigures *figures, double *began, RaqamWindows *self,
                     const RaqamWindow *window, RaqamSignKind kind)
{
  RaqamVerdict verdict = RAQAM_VERDICT_BETWEEN;

  if (kind == RAQAM_SIGN_BREAKDOWN)
    verdict = choose (window->n_finite < window->n, TRUE);
  else if (kind == RAQAM_SIGN_EXPLOSION)
    verdict = judge_explosion (window);
  else if (kind == RAQAM_SIGN_DISCRIMINATOR_WINS)
    verdict = judge_lead (self, window);
  else if (kind == RAQAM_SIGN_DISCRIMINATOR_LOST)
    verdict = judge_loss_of_lead (window);
  else if (kind == RAQAM_SIGN_OSCILLATION)
    verdict = judge_swing (began, self, window);
  else if (kind == RAQAM_SIGN_NO_RATE)
    verdict = choose (idle_sides (window) != 0, TRUE);

  *figures = (RaqamSignFigures){
    .epoch = window->ended,
    .loss = { window->loss[0], window->loss[1] },
    .p_real = { window->p_real[0], window->p_real[1] },
    .low = self->swing_low,
    .high = self->swing_high,
    .n = self->n_turns,
    .sides = idle_sides (window),
  };
  return verdict;
}
