/* plot-scale.c — ranges and ticks that people read easily: 1, 2 or 5 times a power of ten.
 * SPDX-License-Identifier: MIT */

#include "print/plot-scale.h"

#include <math.h>

/* The least 1, 2 or 5 times a power of ten that is not below @value. */
static double
round_up (double value)
{
  static const double factors[] = { 1, 2, 5, 10 };
  double power = pow (10, floor (log10 (value)));

  for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
    if (factors[i] * power >= value * (1 - 1e-9))
      return factors[i] * power;
  return 10 * power;
}

RaqamPlotScale
raqam_plot_scale_fit (double low, double high, int n_ticks)
{
  RaqamPlotScale scale;

  if (!(high > low))
    {
      double around = MAX (fabs (low) * 0.1, 0.1);

      high = low + around;
      low -= around;
    }
  scale.step = round_up ((high - low) / n_ticks);
  scale.first = floor (low / scale.step + 1e-9) * scale.step;
  scale.last = ceil (high / scale.step - 1e-9) * scale.step;
  scale.decimals = CLAMP ((int) ceil (-log10 (scale.step) - 1e-9), 0, 9);
  return scale;
}

double
raqam_plot_scale_epochs (double epoch, int n_epochs)
{
  double end = round_up (MAX (epoch * 1.15, 0.01));

  return n_epochs > 0 ? MAX (MIN (end, n_epochs), epoch) : end;
}
