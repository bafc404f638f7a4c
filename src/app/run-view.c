/* run-view.c — a run as it goes: progress, curves, samples.
 * SPDX-License-Identifier: MIT */

#include "app/run-view.h"

#include "print/format.h"
#include "app/coach-card.h"
#include "app/loss-chart.h"
#include "app/sample-grid.h"
#include "app/split.h"
#include "app/ui.h"
#include "engine/error.h"

#include <glib/gi18n.h>

#define GIB (1024.0 * 1024 * 1024)

struct _RaqamRunView
{
  AdwBin parent_instance;

  GtkLabel        *heading;
  GtkProgressBar  *bar;
  GtkLabel        *left_label;
  GtkLabel        *speed_label;
  GtkLabel        *epoch_label;
  GtkLabel        *device_label;
  GtkWidget       *controls;
  GtkButton       *pause_button;
  RaqamCoachCard  *coach;
  RaqamLossChart  *losses;
  RaqamLossChart  *chances;
  RaqamSampleGrid *samples;
  GtkLabel        *samples_label;

  RaqamEngine *engine;
  double       epoch;    /* epochs done */
  int          n_epochs; /* 0 while unknown */
  gboolean     finished;
};

G_DEFINE_FINAL_TYPE (RaqamRunView, raqam_run_view, ADW_TYPE_BIN)

/* What the heading says while an epoch is known; two numbers go into it. */
static const char *
heading_format (RaqamRunView *self)
{
  switch (raqam_engine_get_state (self->engine))
    {
    case RAQAM_STATE_LOADING:
    case RAQAM_STATE_TRAINING:
      /* Translators: "Epoch 3 of 8" */
      return _("Epoch %s of %s");
    case RAQAM_STATE_PAUSED:
      return _("Paused in epoch %s of %s");
    case RAQAM_STATE_STOPPING:
      return _("Saving epoch %s of %s…");
    case RAQAM_STATE_IDLE:
    default:
      return self->finished ? _("Finished: epoch %s of %s") : _("Stopped in epoch %s of %s");
    }
}

static void
show_heading (RaqamRunView *self)
{
  RaqamState state = raqam_engine_get_state (self->engine);
  g_autofree char *epoch = NULL;
  g_autofree char *n_epochs = NULL;
  g_autofree char *text = NULL;

  gtk_button_set_label (self->pause_button,
                        state == RAQAM_STATE_PAUSED ? _("Continue") : _("Pause"));
  if (self->n_epochs == 0)
    {
      gtk_label_set_label (self->heading,
                           state == RAQAM_STATE_IDLE ? _("Nothing trained yet")
                                                     : _("Reading the data…"));
      return;
    }
  epoch = raqam_format_integer (MIN ((int) self->epoch + 1, self->n_epochs));
  n_epochs = raqam_format_integer (self->n_epochs);
  text = g_strdup_printf (heading_format (self), epoch, n_epochs);
  gtk_label_set_label (self->heading, text);
}

static void
set_label (GtkLabel *label, char *text)
{
  gtk_label_set_label (label, text);
  g_free (text);
}

/* "NVIDIA H100, TF32 · 3.1 of 79.6 GiB in use" */
static char *
describe_device (const RaqamProgress *progress)
{
  g_autofree char *used = NULL, *all = NULL, *memory = NULL;

  if (progress->memory == 0)
    return g_strdup (progress->device);
  used = raqam_format_number ((double) progress->memory_used / GIB, 1);
  all = raqam_format_number ((double) progress->memory / GIB, 1);
  /* Translators: of a GPU's memory: how much is in use, and how much there is */
  memory = g_strdup_printf (_("%s of %s GiB in use"), used, all);
  /* Translators: a device's name and what of its memory is in use */
  return g_strdup_printf (_("%s · %s"), progress->device, memory);
}

static void
show_device (RaqamRunView *self, const RaqamProgress *progress)
{
  g_autofree char *text = describe_device (progress);

  if (g_strcmp0 (gtk_label_get_label (self->device_label), text) == 0)
    return;
  gtk_label_set_label (self->device_label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->device_label), text);
}

static void
progress_cb (RaqamEngine *engine, const RaqamProgress *progress, RaqamRunView *self)
{
  self->epoch = progress->epoch;
  self->n_epochs = progress->n_epochs;
  show_heading (self);
  gtk_progress_bar_set_fraction (
    self->bar, progress->n_steps > 0 ? (double) progress->step / progress->n_steps : 0);
  set_label (self->left_label, raqam_format_duration (progress->seconds_left));
  set_label (self->speed_label, progress->images_per_second > 0
                                  ? raqam_format_number (progress->images_per_second, 0)
                                  : g_strdup ("–"));
  set_label (self->epoch_label, raqam_format_duration (progress->seconds_per_epoch));
  show_device (self, progress);
  raqam_loss_chart_set_epochs (self->losses, progress->n_epochs);
  raqam_loss_chart_set_epochs (self->chances, progress->n_epochs);
}

static void
points_cb (RaqamEngine *engine, const RaqamPoint *points, guint n, RaqamRunView *self)
{
  raqam_coach_card_push (self->coach, points, n);
  for (guint i = 0; i < n; i++)
    {
      raqam_loss_chart_push (self->losses, points[i].epoch, points[i].loss);
      raqam_loss_chart_push (self->chances, points[i].epoch, points[i].p_real);
    }
}

static void
samples_cb (RaqamEngine *engine, const RaqamSamples *samples, RaqamRunView *self)
{
  g_autofree char *epoch = raqam_format_number (samples->epoch, 2);
  g_autofree char *text = g_strdup_printf (_("epoch %s"), epoch);

  raqam_sample_grid_set_pixels (self->samples, samples->pixels, samples->n_digits, samples->n_rows,
                                text);
  gtk_label_set_label (self->samples_label, text);
}

static void
state_cb (RaqamEngine *engine, GParamSpec *pspec, RaqamRunView *self)
{
  if (raqam_engine_get_state (engine) == RAQAM_STATE_LOADING)
    self->finished = FALSE;
  if (raqam_engine_get_state (engine) == RAQAM_STATE_IDLE)
    set_label (self->left_label, g_strdup ("–"));
  show_heading (self);
}

static void
ended_cb (RaqamEngine *engine, gboolean finished, const GError *error, RaqamRunView *self)
{
  self->finished = finished;
  if (g_error_matches (error, RAQAM_ERROR, RAQAM_ERROR_DIVERGED))
    raqam_coach_card_break_down (self->coach);
  show_heading (self);
}

void
raqam_run_view_set_engine (RaqamRunView *self, RaqamEngine *engine)
{
  g_return_if_fail (RAQAM_IS_RUN_VIEW (self));
  g_return_if_fail (self->engine == NULL);

  self->engine = g_object_ref (engine);
  g_signal_connect_object (engine, "progress", G_CALLBACK (progress_cb), self, 0);
  g_signal_connect_object (engine, "points", G_CALLBACK (points_cb), self, 0);
  g_signal_connect_object (engine, "samples", G_CALLBACK (samples_cb), self, 0);
  g_signal_connect_object (engine, "ended", G_CALLBACK (ended_cb), self, 0);
  g_signal_connect_object (engine, "notify::state", G_CALLBACK (state_cb), self, 0);
  raqam_run_view_clear (self, NULL);
}

void
raqam_run_view_clear (RaqamRunView *self, const char *folder)
{
  g_return_if_fail (RAQAM_IS_RUN_VIEW (self));

  self->epoch = 0;
  self->n_epochs = 0;
  self->finished = FALSE;
  gtk_progress_bar_set_fraction (self->bar, 0);
  gtk_label_set_label (self->left_label, "–");
  gtk_label_set_label (self->speed_label, "–");
  gtk_label_set_label (self->epoch_label, "–");
  gtk_label_set_label (self->device_label, "");
  gtk_label_set_label (self->samples_label, "");
  raqam_coach_card_watch (self->coach, folder);
  raqam_loss_chart_clear (self->losses);
  raqam_loss_chart_clear (self->chances);
  raqam_sample_grid_set_pixels (self->samples, NULL, 0, 0, NULL);
  show_heading (self);
}

void
raqam_run_view_set_controls (RaqamRunView *self, gboolean shown)
{
  g_return_if_fail (RAQAM_IS_RUN_VIEW (self));

  gtk_widget_set_visible (self->controls, shown);
}

static void
raqam_run_view_dispose (GObject *object)
{
  g_clear_object (&RAQAM_RUN_VIEW (object)->engine);

  G_OBJECT_CLASS (raqam_run_view_parent_class)->dispose (object);
}

static void
raqam_run_view_class_init (RaqamRunViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = raqam_run_view_dispose;

  g_type_ensure (RAQAM_TYPE_COACH_CARD);
  g_type_ensure (RAQAM_TYPE_LOSS_CHART);
  g_type_ensure (RAQAM_TYPE_SAMPLE_GRID);
  g_type_ensure (RAQAM_TYPE_SPLIT);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("run-view"));
  gtk_widget_class_bind_template_child (widget_class, RaqamRunView, heading);
  gtk_widget_class_bind_template_child (widget_class, RaqamRunView, bar);
  gtk_widget_class_bind_template_child (widget_class, RaqamRunView, left_label);
  gtk_widget_class_bind_template_child (widget_class, RaqamRunView, speed_label);
  gtk_widget_class_bind_template_child (widget_class, RaqamRunView, epoch_label);
  gtk_widget_class_bind_template_child (widget_class, RaqamRunView, device_label);
  gtk_widget_class_bind_template_child (widget_class, RaqamRunView, controls);
  gtk_widget_class_bind_template_child (widget_class, RaqamRunView, pause_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamRunView, coach);
  gtk_widget_class_bind_template_child (widget_class, RaqamRunView, losses);
  gtk_widget_class_bind_template_child (widget_class, RaqamRunView, chances);
  gtk_widget_class_bind_template_child (widget_class, RaqamRunView, samples);
  gtk_widget_class_bind_template_child (widget_class, RaqamRunView, samples_label);
}

static void
raqam_run_view_init (RaqamRunView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
