/* loss-chart-private.h — what a chart's drawing and its input share.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/loss-chart.h"

G_BEGIN_DECLS

struct _RaqamLossChart
{
  GtkWidget parent_instance;

  char     *title;
  char     *names;
  char    **name_list;
  guint     n_curves;
  guint     first_colour;
  gboolean  unit_range;
  int       decimals;

  RaqamCurves *curves;
  int          n_epochs;
  guint        refresh_id; /* waits to show what has been pushed */

  int             smoothing; /* in percent */
  gboolean        log;
  RaqamPlotView   view;
  double          crosshair; /* epoch of a point, or NaN */
  RaqamChartField field;     /* where the last drawing had the curves */

  double        pointer;  /* x of the pointer, in pixels */
  RaqamPlotView gesture;  /* the view when the drag or the pinch began */
  double        pinch_at; /* the epoch between the fingers */

  GtkWidget *button; /* template child */
};

/* Returns: what is to be drawn, which refers to @self and @style */
RaqamChart raqam_loss_chart_describe (RaqamLossChart *self, const RaqamChartStyle *style);

/* Draws and tells anew, after what the user did. */
void raqam_loss_chart_show (RaqamLossChart *self);

/* Actions, keys and the template's callbacks. */
void raqam_loss_chart_class_bind_input (GtkWidgetClass *klass);

G_END_DECLS
