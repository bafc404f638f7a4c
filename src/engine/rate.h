/* rate.h — how fast steps are done, over the last reports.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RAQAM_RATE_WINDOW 32 /* measurements */

/* Plain data; begins as zeros. */
typedef struct
{
  gint64  time[RAQAM_RATE_WINDOW]; /* monotonic, in microseconds */
  guint64 step[RAQAM_RATE_WINDOW];
  guint   n;
} RaqamRate;

/* Forgets what was measured, as after a pause. */
void raqam_rate_restart (RaqamRate *self);

/**
 * raqam_rate_measure:
 * @step: steps done by now
 *
 * Returns: steps a second since the oldest measurement; 0 while there is only one
 */
double raqam_rate_measure (RaqamRate *self, guint64 step);

G_END_DECLS
