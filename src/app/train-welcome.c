/* train-welcome.c — what the page that trains shows while there is no run.
 * SPDX-License-Identifier: MIT */

#include "app/train-welcome.h"

#include "app/ui.h"

#include <glib/gi18n.h>

struct _RaqamTrainWelcome
{
  AdwBin parent_instance;

  AdwStatusPage *page;
  GtkWidget     *resume_button;
  GtkWidget     *train_button;
  GtkWidget     *choose_button;
};

G_DEFINE_FINAL_TYPE (RaqamTrainWelcome, raqam_train_welcome, ADW_TYPE_BIN)

static void
show_no_data (RaqamTrainWelcome *self)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "raqam", "hoda", NULL);
  g_autofree char *shown = g_filename_display_name (folder);
  g_autofree char *escaped = g_markup_escape_text (shown, -1);
  g_autofree char *text = g_strdup_printf (
    _("Hoda is a set of 80,000 Persian digits written by hand, free for research and "
      "non-commercial use. Put its files “Train 60000.cdb” and “Test 20000.cdb” into\n"
      "<tt>%s</tt>\nor choose them here."),
    escaped);

  adw_status_page_set_title (self->page, _("Raqam Needs Digits to Learn From"));
  adw_status_page_set_description (self->page, text);
}

static void
show_texts (RaqamTrainWelcome *self, gboolean resumable, gboolean has_data)
{
  if (resumable)
    {
      adw_status_page_set_title (self->page, _("Go On Where You Stopped"));
      adw_status_page_set_description (
        self->page, _("Weights, curves and samples are as they were; nothing is lost."));
    }
  else if (has_data)
    {
      adw_status_page_set_title (self->page, _("Teach a Network to Write"));
      adw_status_page_set_description (
        self->page, _("A generator learns to draw Persian digits until a discriminator can "
                      "no longer tell them from handwriting. The first readable digits "
                      "appear within about a minute."));
    }
  else
    show_no_data (self);
}

void
raqam_train_welcome_show (RaqamTrainWelcome *self, const char *offer, gboolean has_data,
                          gboolean hoda)
{
  g_return_if_fail (RAQAM_IS_TRAIN_WELCOME (self));

  gtk_widget_set_visible (self->resume_button, offer != NULL);
  gtk_widget_set_visible (self->train_button, has_data);
  gtk_widget_set_visible (self->choose_button, !has_data);
  if (offer != NULL)
    {
      gtk_button_set_label (GTK_BUTTON (self->resume_button), offer);
      gtk_widget_remove_css_class (self->train_button, "suggested-action");
    }
  else
    gtk_widget_add_css_class (self->train_button, "suggested-action");
  gtk_button_set_label (GTK_BUTTON (self->train_button), hoda ? _("Train on the Hoda Digits")
                                                              : _("Train on the Chosen Data"));
  show_texts (self, offer != NULL, has_data);
}

static void
raqam_train_welcome_class_init (RaqamTrainWelcomeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("train-welcome"));
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainWelcome, page);
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainWelcome, resume_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainWelcome, train_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamTrainWelcome, choose_button);
}

static void
raqam_train_welcome_init (RaqamTrainWelcome *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
