/* score-row.c — one figure of an evaluation, and what it means.
 * SPDX-License-Identifier: MIT */

#include "app/score-row.h"

#include <glib/gi18n.h>

struct _RaqamScoreRow
{
  AdwExpanderRow parent_instance;

  GtkLabel *value;
  GtkLabel *real;
};

G_DEFINE_FINAL_TYPE (RaqamScoreRow, raqam_score_row, ADW_TYPE_EXPANDER_ROW)

static const char *
which_is_better (RaqamScore score)
{
  switch (raqam_score_better (score))
    {
    case RAQAM_BETTER_HIGHER:
      return _("Higher is better");
    case RAQAM_BETTER_LOWER:
      return _("Lower is better");
    case RAQAM_BETTER_HALF:
      return _("Best near one half");
    case RAQAM_BETTER_LIKE_REAL:
      return _("Best near that of real digits");
    case RAQAM_BETTER_NONE:
    default:
      return "";
    }
}

void
raqam_score_row_set (RaqamScoreRow *self, const char *value, const char *real)
{
  g_return_if_fail (RAQAM_IS_SCORE_ROW (self));

  gtk_label_set_label (self->value, value != NULL ? value : "–");
  gtk_label_set_label (self->real, real != NULL ? real : "");
  gtk_widget_set_visible (GTK_WIDGET (self->real), real != NULL);
}

static GtkWidget *
text_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
explanation_new (RaqamScore score)
{
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *reference = text_label (raqam_score_reference (score), "dim-label");

  gtk_widget_add_css_class (reference, "caption");
  gtk_widget_add_css_class (box, "score-text");
  gtk_box_append (GTK_BOX (box), text_label (raqam_score_meaning (score), NULL));
  gtk_box_append (GTK_BOX (box), reference);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  return row;
}

static void
raqam_score_row_class_init (RaqamScoreRowClass *klass)
{
}

static void
raqam_score_row_init (RaqamScoreRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->value = GTK_LABEL (gtk_label_new ("–"));
  self->real = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->value, 1);
  gtk_label_set_xalign (self->real, 1);
  gtk_widget_add_css_class (GTK_WIDGET (self->value), "title-4");
  gtk_widget_add_css_class (GTK_WIDGET (self->value), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (self->real), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->real), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->real), "numeric");
  gtk_widget_set_visible (GTK_WIDGET (self->real), FALSE);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->value));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->real));
  adw_expander_row_add_action (ADW_EXPANDER_ROW (self), box);
}

GtkWidget *
raqam_score_row_new (RaqamScore score)
{
  RaqamScoreRow *self = g_object_new (RAQAM_TYPE_SCORE_ROW, "title", raqam_score_name (score),
                                      "subtitle", which_is_better (score), NULL);

  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), explanation_new (score));
  return GTK_WIDGET (self);
}
