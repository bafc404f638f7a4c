/* evaluate-status.c — what is being judged just now, and what went wrong.
 * SPDX-License-Identifier: MIT */

#include "app/evaluate-status.h"

#include "app/ui.h"
#include "print/format.h"

#include <glib/gi18n.h>

struct _RaqamEvaluateStatus
{
  AdwBin parent_instance;

  GtkRevealer    *progress_revealer;
  GtkLabel       *progress_label;
  GtkProgressBar *progress_bar;
  GtkActionable  *stop_button;
  GtkInfoBar     *problem_bar;
  GtkLabel       *problem_label;
};

G_DEFINE_FINAL_TYPE (RaqamEvaluateStatus, raqam_evaluate_status, ADW_TYPE_BIN)

void
raqam_evaluate_status_set_busy (RaqamEvaluateStatus *self, gboolean busy)
{
  g_return_if_fail (RAQAM_IS_EVALUATE_STATUS (self));

  gtk_revealer_set_reveal_child (self->progress_revealer, busy);
}

void
raqam_evaluate_status_set_progress (RaqamEvaluateStatus *self, const char *stage, double done,
                                    gboolean of_run)
{
  g_autofree char *percent = raqam_format_number (100 * done, 0);
  /* Translators: what is being done, and per cent; the latter of a run's checkpoints */
  const char *format = of_run ? _("Over time: %s · %s %%") : _("%s · %s %%");
  g_autofree char *text = g_strdup_printf (format, stage, percent);

  g_return_if_fail (RAQAM_IS_EVALUATE_STATUS (self));

  gtk_label_set_label (self->progress_label, text);
  gtk_progress_bar_set_fraction (self->progress_bar, CLAMP (done, 0, 1));
  gtk_actionable_set_action_name (self->stop_button,
                                  of_run ? "evaluate.stop-timeline" : "evaluate.stop");
}

void
raqam_evaluate_status_set_problem (RaqamEvaluateStatus *self, const char *problem)
{
  g_return_if_fail (RAQAM_IS_EVALUATE_STATUS (self));

  if (problem != NULL)
    gtk_label_set_label (self->problem_label, problem);
  gtk_info_bar_set_revealed (self->problem_bar, problem != NULL);
}

static void
response_cb (RaqamEvaluateStatus *self)
{
  raqam_evaluate_status_set_problem (self, NULL);
}

static void
raqam_evaluate_status_class_init (RaqamEvaluateStatusClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("evaluate-status"));
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateStatus, progress_revealer);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateStatus, progress_label);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateStatus, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateStatus, stop_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateStatus, problem_bar);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateStatus, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, response_cb);
}

static void
raqam_evaluate_status_init (RaqamEvaluateStatus *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
