/* signs.h — signs of trouble in a run, as lines of text.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <stdio.h>

#include "cli/progress.h"
#include "engine/coach.h"

G_BEGIN_DECLS

/* What has been told already; all 0 at first. */
typedef struct
{
  guint n_times[RAQAM_N_SIGNS];
} RaqamSignsTold;

/* Says those that hold and were not told yet, a line each. */
void raqam_signs_tell (RaqamSignsTold *told, RaqamProgressLine *line, const RaqamCoach *coach);

/* All that were seen, with what helps; nothing where there were none. */
void raqam_signs_print (FILE *stream, const RaqamCoach *coach);

G_END_DECLS
