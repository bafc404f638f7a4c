/* loss-chart-input.c — how a chart is moved through: pointer, fingers, keys.
 * SPDX-License-Identifier: MIT */

#include "app/loss-chart-private.h"

#include "app/chart-save.h"

#include <math.h>

#define ZOOM 1.5  /* of a key, of a notch of the wheel */
#define PAN 0.2   /* of what is in sight, of a key */
#define STEPS 100 /* of the crosshair, from end to end of what is in sight */

static double
end_of_axis (RaqamLossChart *self)
{
  RaqamChart chart = raqam_loss_chart_describe (self, NULL);

  return raqam_chart_get_end (&chart);
}

static double
span_in_sight (RaqamLossChart *self, double *first)
{
  double last;

  raqam_plot_view_get (&self->view, end_of_axis (self), first, &last);
  return last - *first;
}

/* @x: in pixels */
static double
epoch_at (RaqamLossChart *self, double x)
{
  double first, span = span_in_sight (self, &first);
  int width = MAX (self->field.right - self->field.left, 1);

  return first + CLAMP ((x - self->field.left) / width, 0, 1) * span;
}

/* To the point nearest to @epoch. */
static void
move_crosshair (RaqamLossChart *self, double epoch)
{
  if (self->curves == NULL || raqam_curves_get_n (self->curves) == 0)
    return;
  epoch = raqam_curves_get_x (self->curves, raqam_curves_nearest (self->curves, epoch));
  if (epoch == self->crosshair)
    return;
  self->crosshair = epoch;
  raqam_loss_chart_show (self);
}

static void
zoom (RaqamLossChart *self, double at, double factor)
{
  if (raqam_plot_view_zoom (&self->view, end_of_axis (self), at, factor))
    raqam_loss_chart_show (self);
}

static void
zoom_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RaqamLossChart *self = RAQAM_LOSS_CHART (widget);
  double first, span = span_in_sight (self, &first);
  gboolean marked = self->crosshair >= first && self->crosshair <= first + span;

  zoom (self, marked ? self->crosshair : first + span / 2, g_variant_get_double (parameter));
}

static void
pan_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RaqamLossChart *self = RAQAM_LOSS_CHART (widget);
  double first, span = span_in_sight (self, &first);

  if (raqam_plot_view_pan (&self->view, end_of_axis (self),
                           g_variant_get_double (parameter) * span))
    raqam_loss_chart_show (self);
}

static void
reset_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RaqamLossChart *self = RAQAM_LOSS_CHART (widget);

  self->view = (RaqamPlotView){ 0 };
  raqam_loss_chart_show (self);
}

/* A hundredth of what is in sight, but at least to the next point. */
static void
step_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RaqamLossChart *self = RAQAM_LOSS_CHART (widget);
  int steps = g_variant_get_int32 (parameter);
  double first, span = span_in_sight (self, &first), from = self->crosshair, to;
  gsize n = self->curves != NULL ? raqam_curves_get_n (self->curves) : 0, at;

  if (n == 0)
    return;
  if (isnan (from))
    {
      move_crosshair (self, first + span / 2);
      return;
    }
  to = from + steps * span / STEPS;
  at = raqam_curves_nearest (self->curves, to);
  if (raqam_curves_get_x (self->curves, at) == from)
    {
      at = raqam_curves_nearest (self->curves, from);
      to = raqam_curves_get_x (self->curves, steps > 0 ? MIN (at + 1, n - 1) : MAX (at, 1) - 1);
    }
  move_crosshair (self, to);
  if (self->crosshair < first || self->crosshair > first + span)
    pan_action (widget, NULL, g_variant_new_double (steps > 0 ? PAN : -PAN));
}

static void
unmark_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RaqamLossChart *self = RAQAM_LOSS_CHART (widget);

  self->crosshair = NAN;
  raqam_loss_chart_show (self);
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  raqam_chart_save_ask (RAQAM_LOSS_CHART (widget));
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  raqam_chart_save_copy (RAQAM_LOSS_CHART (widget));
}

static gboolean
scroll_cb (GtkEventController *controller, double dx, double dy, RaqamLossChart *self)
{
  gboolean held = gtk_event_controller_get_current_event_state (controller) & GDK_CONTROL_MASK;

  if (!held && !gtk_widget_has_focus (GTK_WIDGET (self)))
    return GDK_EVENT_PROPAGATE;
  zoom (self, epoch_at (self, self->pointer), pow (ZOOM, -dy));
  return GDK_EVENT_STOP;
}

static void
motion_cb (GtkEventController *controller, double x, double y, RaqamLossChart *self)
{
  self->pointer = x;
  move_crosshair (self, epoch_at (self, x));
}

static void
leave_cb (GtkEventController *controller, RaqamLossChart *self)
{
  unmark_action (GTK_WIDGET (self), NULL, NULL);
}

static void
pressed_cb (GtkGesture *gesture, int n_press, double x, double y, RaqamLossChart *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (n_press == 2)
    reset_action (GTK_WIDGET (self), NULL, NULL);
}

static void
drag_begin_cb (GtkGesture *gesture, double x, double y, RaqamLossChart *self)
{
  self->gesture = self->view;
}

static void
drag_update_cb (GtkGesture *gesture, double x, double y, RaqamLossChart *self)
{
  double first, span = span_in_sight (self, &first);
  int width = MAX (self->field.right - self->field.left, 1);

  self->view = self->gesture;
  raqam_plot_view_pan (&self->view, end_of_axis (self), -x / width * span);
  raqam_loss_chart_show (self);
}

static void
pinch_begin_cb (GtkGesture *gesture, GdkEventSequence *sequence, RaqamLossChart *self)
{
  double x, y;

  self->gesture = self->view;
  gtk_gesture_get_bounding_box_center (gesture, &x, &y);
  self->pinch_at = epoch_at (self, x);
}

static void
pinch_cb (GtkGesture *gesture, double scale, RaqamLossChart *self)
{
  self->view = self->gesture;
  raqam_plot_view_zoom (&self->view, end_of_axis (self), self->pinch_at, scale);
  raqam_loss_chart_show (self);
}

/* A key, what it does, and with what. */
static void
bind (GtkWidgetClass *klass, guint key, GdkModifierType with, const char *action, double amount)
{
  if (g_str_equal (action, "chart.step"))
    gtk_widget_class_add_binding_action (klass, key, with, action, "i", (int) amount);
  else if (amount != 0)
    gtk_widget_class_add_binding_action (klass, key, with, action, "d", amount);
  else
    gtk_widget_class_add_binding_action (klass, key, with, action, NULL);
}

static void
bind_keys (GtkWidgetClass *klass)
{
  bind (klass, GDK_KEY_plus, 0, "chart.zoom", ZOOM);
  bind (klass, GDK_KEY_plus, GDK_SHIFT_MASK, "chart.zoom", ZOOM);
  bind (klass, GDK_KEY_equal, 0, "chart.zoom", ZOOM);
  bind (klass, GDK_KEY_KP_Add, 0, "chart.zoom", ZOOM);
  bind (klass, GDK_KEY_minus, 0, "chart.zoom", 1 / ZOOM);
  bind (klass, GDK_KEY_KP_Subtract, 0, "chart.zoom", 1 / ZOOM);
  bind (klass, GDK_KEY_0, 0, "chart.reset", 0);
  bind (klass, GDK_KEY_KP_0, 0, "chart.reset", 0);
  bind (klass, GDK_KEY_Farsi_0, 0, "chart.reset", 0);
  bind (klass, GDK_KEY_Left, 0, "chart.pan", -PAN);
  bind (klass, GDK_KEY_Right, 0, "chart.pan", PAN);
  bind (klass, GDK_KEY_Left, GDK_SHIFT_MASK, "chart.step", -1);
  bind (klass, GDK_KEY_Right, GDK_SHIFT_MASK, "chart.step", 1);
  bind (klass, GDK_KEY_Escape, 0, "chart.unmark", 0);
}

static void
install_actions (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "chart.zoom", "d", zoom_action);
  gtk_widget_class_install_action (klass, "chart.pan", "d", pan_action);
  gtk_widget_class_install_action (klass, "chart.reset", NULL, reset_action);
  gtk_widget_class_install_action (klass, "chart.step", "i", step_action);
  gtk_widget_class_install_action (klass, "chart.unmark", NULL, unmark_action);
  gtk_widget_class_install_action (klass, "chart.save", NULL, save_action);
  gtk_widget_class_install_action (klass, "chart.copy", NULL, copy_action);
}

void
raqam_loss_chart_class_bind_input (GtkWidgetClass *klass)
{
  install_actions (klass);
  bind_keys (klass);
  gtk_widget_class_bind_template_callback (klass, scroll_cb);
  gtk_widget_class_bind_template_callback (klass, motion_cb);
  gtk_widget_class_bind_template_callback (klass, leave_cb);
  gtk_widget_class_bind_template_callback (klass, pressed_cb);
  gtk_widget_class_bind_template_callback (klass, drag_begin_cb);
  gtk_widget_class_bind_template_callback (klass, drag_update_cb);
  gtk_widget_class_bind_template_callback (klass, pinch_begin_cb);
  gtk_widget_class_bind_template_callback (klass, pinch_cb);
}
