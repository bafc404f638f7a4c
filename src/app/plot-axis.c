/* plot-axis.c — a y axis, in equal steps or in equal ratios.
 * SPDX-License-Identifier: MIT */

#include "app/plot-axis.h"

#include "print/plot-scale.h"

#include <math.h>

#define STEPS 5          /* about as many on a linear axis */
#define FINE_DECADES 2.5 /* on a shorter one 2 and 5 times the powers of ten are ticks too */

static void
add_tick (RaqamPlotAxis *self, double value, int decimals)
{
  if (self->n_ticks == RAQAM_PLOT_AXIS_TICKS)
    return;
  self->ticks[self->n_ticks] = value;
  self->decimals[self->n_ticks++] = decimals;
}

RaqamPlotAxis
raqam_plot_axis_linear (double low, double high)
{
  RaqamPlotScale scale = raqam_plot_scale_fit (low, high, STEPS);
  RaqamPlotAxis self = { .first = scale.first, .last = scale.last };
  int n = (int) lround ((scale.last - scale.first) / scale.step);

  for (int i = 0; i <= n; i++)
    add_tick (&self, scale.first + i * scale.step, scale.decimals);
  return self;
}

/* The @number-th of …, 0.5, 1, 2, 5, 10, …, where 0 is 1 */
static double
round_value (int number)
{
  static const double factors[] = { 1, 2, 5 };
  int decade = (int) floor (number / 3.0);

  return factors[number - 3 * decade] * pow (10, decade);
}

RaqamPlotAxis
raqam_plot_axis_log (double low, double high)
{
  RaqamPlotAxis self = { .log = TRUE };
  int begin = 3 * (int) floor (log10 (low)) + 3, end;
  double decades;
  int every = 1;

  while (round_value (begin) > low * (1 + 1e-9))
    begin--;
  end = begin + 1;
  while (round_value (end) < high * (1 - 1e-9))
    end++;
  self.first = round_value (begin);
  self.last = round_value (end);

  decades = log10 (self.last / self.first);
  if (decades > FINE_DECADES)
    every = 3 * (int) ceil (decades / 6);
  for (int i = begin; i <= end; i++)
    if (i % every == 0)
      add_tick (&self, round_value (i), CLAMP (-(int) floor (i / 3.0), 0, 9));
  return self;
}

double
raqam_plot_axis_share (const RaqamPlotAxis *self, double value)
{
  if (!self->log)
    return (value - self->first) / (self->last - self->first);
  if (!(value > 0))
    return -1;
  return MAX (log (value / self->first) / log (self->last / self->first), -1);
}
