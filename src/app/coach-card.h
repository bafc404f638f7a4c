/* coach-card.h — the signs of trouble in a run, and what helps.
 * SPDX-License-Identifier: MIT
 *
 * Hidden while nothing was ever seen in the run. What holds is a row each, with what was
 * measured, and opens to the advice; what is over stays in a row of its own, closed.
 */

#pragma once

#include <adwaita.h>

#include "engine/coach.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_COACH_CARD (raqam_coach_card_get_type ())
G_DECLARE_FINAL_TYPE (RaqamCoachCard, raqam_coach_card, RAQAM, COACH_CARD, AdwBin)

/**
 * raqam_coach_card_watch:
 * @folder: (nullable): of a run, whose quality.csv is read whenever it changes; it need not be
 *   there yet
 *
 * Forgets what was seen of another run.
 */
void raqam_coach_card_watch (RaqamCoachCard *self, const char *folder);

/* As raqam_coach_push() and raqam_coach_break_down(). */
void raqam_coach_card_push       (RaqamCoachCard *self, const RaqamPoint *points, guint n);
void raqam_coach_card_break_down (RaqamCoachCard *self);

G_END_DECLS
