/* coach-rig.h — judgements made up for a coach, and what it answers in one line.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/coach.h"
#include "engine/timeline.h"

G_BEGIN_DECLS

#define COACH_RIG_EPOCH 100.0 /* steps in one */

/* "oscillation 2.51- 1;", each sign with when it began, when it ended, and how often. */
char *coach_rig_describe (const RaqamCoach *coach);
void  coach_rig_assert   (const RaqamCoach *coach, const char *want);

/* That the evidence of the only sign there is has @what in it. */
void  coach_rig_assert_says (const RaqamCoach *coach, const char *what);

RaqamQuality coach_rig_quality (double epoch, double frechet);

/* Returns: (transfer full): @n judgements of epochs 1, 2, … whose FID falls */
GArray *coach_rig_timeline (int n);

G_END_DECLS
