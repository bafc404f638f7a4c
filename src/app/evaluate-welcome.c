/* evaluate-welcome.c — what stands where there is no evaluation yet.
 * SPDX-License-Identifier: MIT */

#include "app/evaluate-welcome.h"

#include "app/ui.h"

#include <glib/gi18n.h>

struct _RaqamEvaluateWelcome
{
  AdwBin parent_instance;

  AdwStatusPage *page;
  GtkButton     *start_button;
};

G_DEFINE_FINAL_TYPE (RaqamEvaluateWelcome, raqam_evaluate_welcome, ADW_TYPE_BIN)

void
raqam_evaluate_welcome_set (RaqamEvaluateWelcome *self, const char *title)
{
  g_autofree char *label = NULL;

  g_return_if_fail (RAQAM_IS_EVALUATE_WELCOME (self));

  gtk_widget_set_visible (GTK_WIDGET (self->start_button), title != NULL);
  if (title == NULL)
    {
      adw_status_page_set_title (self->page, _("Nothing to Judge Yet"));
      adw_status_page_set_description (
        self->page, _("Train a model on the Train page, and come back as soon as its first "
                       "checkpoint is saved; or open a model or a checkpoint, or drop one here."));
      return;
    }
  adw_status_page_set_title (self->page, _("How Good Are the Digits?"));
  adw_status_page_set_description (
    self->page,
    _("A classifier that learnt from real digits alone reads what the model draws, and counts "
       "what it takes for what. The same figures of real digits stand beside, so that none "
       "flatters. The first time, the classifier itself is trained, which takes some minutes; "
       "from then on, seconds."));
  /* Translators: a run's name or a file's */
  label = g_strdup_printf (_("Evaluate “%s”"), title);
  gtk_button_set_label (self->start_button, label);
}

static void
raqam_evaluate_welcome_class_init (RaqamEvaluateWelcomeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("evaluate-welcome"));
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateWelcome, page);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateWelcome, start_button);
}

static void
raqam_evaluate_welcome_init (RaqamEvaluateWelcome *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  raqam_evaluate_welcome_set (self, NULL);
}
