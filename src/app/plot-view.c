/* plot-view.c — which part of a plot's x axis is looked at.
 * SPDX-License-Identifier: MIT */

#include "app/plot-view.h"

/* Closer than this share of the axis floating-point epochs would stand apart. */
#define CLOSEST 1e-6

void
raqam_plot_view_get (const RaqamPlotView *self, double end, double *first, double *last)
{
  *first = self->zoomed ? self->first : 0;
  *last = self->zoomed ? self->last : end;
}

static gboolean
set (RaqamPlotView *self, double end, double first, double span)
{
  RaqamPlotView before = *self;

  if (span >= end)
    *self = (RaqamPlotView){ 0 };
  else
    {
      self->first = CLAMP (first, 0, end - span);
      self->last = self->first + span;
      self->zoomed = TRUE;
    }
  return before.zoomed != self->zoomed || before.first != self->first || before.last != self->last;
}

gboolean
raqam_plot_view_zoom (RaqamPlotView *self, double end, double at, double factor)
{
  double first, last, span, share;

  g_return_val_if_fail (factor > 0 && end > 0, FALSE);

  raqam_plot_view_get (self, end, &first, &last);
  share = CLAMP ((at - first) / (last - first), 0, 1);
  span = MAX ((last - first) / factor, end * CLOSEST);
  return set (self, end, first + share * (last - first - span), span);
}

gboolean
raqam_plot_view_pan (RaqamPlotView *self, double end, double by)
{
  if (!self->zoomed)
    return FALSE;
  return set (self, end, self->first + by, self->last - self->first);
}
