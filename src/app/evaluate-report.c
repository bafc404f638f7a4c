/* evaluate-report.c — an evaluation's headline, its report and its confusion matrix.
 * SPDX-License-Identifier: MIT */

#include "app/evaluate-report.h"

#include "app/confusion-view.h"
#include "app/evaluate-text.h"
#include "app/picture-grid.h"
#include "app/report-table.h"
#include "app/split.h"
#include "app/ui.h"
#include "print/format.h"

#include <glib/gi18n.h>

struct _RaqamEvaluateReport
{
  AdwBin parent_instance;

  GtkLabel *accuracy;
  GtkLabel *accuracy_real;
  GtkLabel *frechet;
  GtkLabel *frechet_real;
  GtkLabel *inception;
  GtkLabel *inception_real;
  GtkLabel *synthetic;
  GtkLabel *synthetic_real;

  GtkToggleButton    *generated_button;
  GtkToggleButton    *real_button;
  GtkToggleButton    *thesis_button;
  RaqamReportTable   *table;
  GtkLabel           *table_note;
  GtkLabel           *axes;
  RaqamConfusionView *confusion;
  GtkStack           *cell_stack;
  GtkLabel           *cell_label;
  RaqamPictureGrid   *pictures;
  GtkLabel           *seen;

  RaqamEvaluation *evaluation; /* or NULL */
};

enum
{
  PICTURE_PICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamEvaluateReport, raqam_evaluate_report, ADW_TYPE_BIN)

static void
set_figure (GtkLabel *label, char *value, GtkLabel *beside, const char *format, char *real)
{
  g_autofree char *text = real != NULL ? g_strdup_printf (format, real) : g_strdup (" ");

  gtk_label_set_label (label, value);
  gtk_label_set_label (beside, text);
  g_free (value);
  g_free (real);
}

static void
show_headline (RaqamEvaluateReport *self)
{
  const RaqamEvaluation *e = self->evaluation;
  const RaqamUtility *synthetic = &e->utility[RAQAM_UTILITY_SYNTHETIC];
  const RaqamUtility *real = &e->utility[RAQAM_UTILITY_REAL];

  /* Translators: the same figure of real digits */
  set_figure (self->accuracy, raqam_evaluate_percent (e->report->accuracy), self->accuracy_real,
              _("real %s"), raqam_evaluate_percent (e->classifier->accuracy));
  set_figure (self->frechet, raqam_evaluate_number (e->frechet.all, 1), self->frechet_real,
              /* Translators: the Fréchet distance between real and real digits */
              _("real to real %s"), raqam_evaluate_number (e->frechet_real.all, 1));
  set_figure (self->inception, raqam_evaluate_number (e->inception.mean, 2), self->inception_real,
              _("real %s"), raqam_evaluate_number (e->inception_real.mean, 2));
  if (e->has_utility)
    set_figure (self->synthetic, raqam_evaluate_percent (synthetic->report->accuracy),
                self->synthetic_real, _("trained on real %s"),
                raqam_evaluate_percent (real->report->accuracy));
  else
    set_figure (self->synthetic, g_strdup ("–"), self->synthetic_real, NULL, NULL);
}

static void
show_table_cb (RaqamEvaluateReport *self)
{
  g_autoptr (RaqamReport) thesis = NULL;
  g_autofree char *text = NULL;
  g_autofree char *limit = raqam_format_number (RAQAM_REPORT_WEAK, 2);

  if (self->evaluation == NULL)
    return;
  if (gtk_toggle_button_get_active (self->thesis_button))
    {
      thesis = raqam_report_new_thesis ();
      raqam_report_table_set (self->table, self->evaluation->report, thesis, _("thesis"));
      gtk_label_set_label (self->table_note,
                           _("Beside the founding thesis's table of 1,000 generated digits, and "
                              "the difference from it. Its classifier was another one."));
      return;
    }
  raqam_report_table_set (self->table,
                          gtk_toggle_button_get_active (self->real_button)
                            ? self->evaluation->classifier
                            : self->evaluation->report,
                          NULL, NULL);
  /* Translators: what stands before weak figures in the table; %s is a number */
  text = g_strdup_printf (_("▾ below %s"), limit);
  gtk_label_set_label (self->table_note, text);
}

/* The largest confusion first: what a reader would look for. */
static void
pick_worst (RaqamEvaluateReport *self)
{
  const RaqamConfusion *confusion = self->evaluation->confusion;
  int n = confusion->n_classes, worst = 0;
  guint64 most = 0;

  for (int i = 0; i < n * n; i++)
    if (i / n != i % n && confusion->count[i] > most)
      {
        most = confusion->count[i];
        worst = i;
      }
  raqam_confusion_view_pick (self->confusion, worst / n, worst % n);
}

static void
cell_picked_cb (RaqamEvaluateReport *self, int truth, int predicted)
{
  guint n = raqam_picture_grid_set (self->pictures, self->evaluation, truth, predicted);
  g_autofree char *number = raqam_format_integer (n);
  /* Translators: two Persian digits, a number of pictures */
  g_autofree char *text =
    g_strdup_printf (_("Asked for %s, recognised as %s: %s"), raqam_format_persian_digit (truth),
                     raqam_format_persian_digit (predicted), number);

  gtk_label_set_label (self->cell_label, text);
  gtk_stack_set_visible_child_name (self->cell_stack, n > 0 ? "pictures" : "none");
}

static void
picture_picked_cb (RaqamEvaluateReport *self, guint image)
{
  g_signal_emit (self, signals[PICTURE_PICKED], 0, image);
}

void
raqam_evaluate_report_set (RaqamEvaluateReport *self, RaqamEvaluation *evaluation)
{
  g_autofree char *seen = NULL;

  g_return_if_fail (RAQAM_IS_EVALUATE_REPORT (self));
  g_return_if_fail (evaluation != NULL);

  raqam_evaluation_ref (evaluation);
  g_clear_pointer (&self->evaluation, raqam_evaluation_unref);
  self->evaluation = evaluation;
  show_headline (self);
  show_table_cb (self);
  raqam_confusion_view_set (self->confusion, evaluation->confusion);
  pick_worst (self);
  seen = raqam_evaluate_seen (evaluation);
  gtk_label_set_label (self->seen, seen);
}

static void
direction_cb (RaqamEvaluateReport *self)
{
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  /* Translators: how to read the confusion matrix; arrows point down and along the line */
  gtk_label_set_label (self->axes, mirrored ? _("asked for ↓   recognised as ←")
                                            : _("asked for ↓   recognised as →"));
}

static void
raqam_evaluate_report_dispose (GObject *object)
{
  g_clear_pointer (&RAQAM_EVALUATE_REPORT (object)->evaluation, raqam_evaluation_unref);

  G_OBJECT_CLASS (raqam_evaluate_report_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("evaluate-report"));
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateReport, accuracy);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateReport, accuracy_real);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateReport, frechet);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateReport, frechet_real);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateReport, inception);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateReport, inception_real);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateReport, synthetic);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateReport, synthetic_real);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateReport, generated_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateReport, real_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateReport, thesis_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateReport, table);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateReport, table_note);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateReport, axes);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateReport, confusion);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateReport, cell_stack);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateReport, cell_label);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateReport, pictures);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateReport, seen);
  gtk_widget_class_bind_template_callback (widget_class, show_table_cb);
  gtk_widget_class_bind_template_callback (widget_class, cell_picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, picture_picked_cb);
}

static void
raqam_evaluate_report_class_init (RaqamEvaluateReportClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = raqam_evaluate_report_dispose;

  signals[PICTURE_PICKED] =
    g_signal_new ("picture-picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  g_type_ensure (RAQAM_TYPE_CONFUSION_VIEW);
  g_type_ensure (RAQAM_TYPE_PICTURE_GRID);
  g_type_ensure (RAQAM_TYPE_REPORT_TABLE);
  g_type_ensure (RAQAM_TYPE_SPLIT);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
raqam_evaluate_report_init (RaqamEvaluateReport *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "direction-changed", G_CALLBACK (direction_cb), NULL);
  direction_cb (self);
}
