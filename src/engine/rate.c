/* rate.c — how fast steps are done, over the last reports.
 * SPDX-License-Identifier: MIT */

#include "engine/rate.h"

void
raqam_rate_restart (RaqamRate *self)
{
  self->n = 0;
}

double
raqam_rate_measure (RaqamRate *self, guint64 step)
{
  guint newest = self->n % RAQAM_RATE_WINDOW;
  guint oldest = self->n < RAQAM_RATE_WINDOW ? 0 : (newest + 1) % RAQAM_RATE_WINDOW;
  double seconds;

  self->time[newest] = g_get_monotonic_time ();
  self->step[newest] = step;
  self->n++;

  seconds = (double) (self->time[newest] - self->time[oldest]) / G_USEC_PER_SEC;
  return seconds > 0 ? (self->step[newest] - self->step[oldest]) / seconds : 0;
}
