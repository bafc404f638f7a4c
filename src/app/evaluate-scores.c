/* evaluate-scores.c — an evaluation's scores, each beside that of real digits.
 * SPDX-License-Identifier: MIT */

#include "app/evaluate-scores.h"

#include "app/digit-bars.h"
#include "app/evaluate-text.h"
#include "app/score-row.h"
#include "app/split.h"
#include "app/ui.h"
#include "engine/score-texts.h"
#include "print/format.h"

#include <glib/gi18n.h>
#include <math.h>

/* The rows, in their order; the last four belong to a group of their own. */
static const RaqamScore scores[] = {
  RAQAM_SCORE_FRECHET,         RAQAM_SCORE_INCEPTION,    RAQAM_SCORE_MANIFOLD_PRECISION,
  RAQAM_SCORE_MANIFOLD_RECALL, RAQAM_SCORE_MEMORISATION, RAQAM_SCORE_NEAREST,
  RAQAM_SCORE_DIVERSITY,       RAQAM_SCORE_CLASSIFIER,   RAQAM_SCORE_TRAIN_REAL,
  RAQAM_SCORE_TRAIN_SYNTHETIC, RAQAM_SCORE_TRAIN_BOTH,
};
#define N_ROWS G_N_ELEMENTS (scores)
#define N_OF_PICTURES 7

struct _RaqamEvaluateScores
{
  AdwBin parent_instance;

  AdwPreferencesGroup *pictures_group;
  AdwPreferencesGroup *use_group;
  GtkWidget           *missing;
  RaqamDigitBars      *frechet_bars;
  RaqamDigitBars      *diversity_bars;

  RaqamScoreRow *rows[N_ROWS];
};

G_DEFINE_FINAL_TYPE (RaqamEvaluateScores, raqam_evaluate_scores, ADW_TYPE_BIN)

static RaqamScoreRow *
row_of (RaqamEvaluateScores *self, RaqamScore score)
{
  for (guint i = 0; i < N_ROWS; i++)
    if (scores[i] == score)
      return self->rows[i];
  g_assert_not_reached ();
}

static void
set_number (RaqamEvaluateScores *self, RaqamScore score, double value, const char *format,
            double real, int decimals)
{
  g_autofree char *text = raqam_evaluate_number (value, decimals);
  g_autofree char *number = raqam_evaluate_number (real, decimals);
  g_autofree char *beside = format != NULL ? g_strdup_printf (format, number) : NULL;

  raqam_score_row_set (row_of (self, score), text, beside);
}

static void
show_scores (RaqamEvaluateScores *self, const RaqamEvaluation *e)
{
  double inception = e->inception.mean, memorisation = e->memorisation;

  /* Translators: the same figure between real digits and real digits */
  set_number (self, RAQAM_SCORE_FRECHET, e->frechet.all, _("real to real %s"), e->frechet_real.all,
              2);
  /* Translators: the same figure of real digits */
  set_number (self, RAQAM_SCORE_INCEPTION, inception, _("real %s"), e->inception_real.mean, 2);
  set_number (self, RAQAM_SCORE_MANIFOLD_PRECISION, e->manifold.precision, _("real %s"),
              e->manifold_real.precision, 3);
  set_number (self, RAQAM_SCORE_MANIFOLD_RECALL, e->manifold.recall, _("real %s"),
              e->manifold_real.recall, 3);
  /* Translators: what the figure should be */
  set_number (self, RAQAM_SCORE_MEMORISATION, memorisation, _("good %s"), 0.5, 2);
  set_number (self, RAQAM_SCORE_NEAREST, e->nearest_median, _("real %s"), e->nearest_median_real,
              2);
  set_number (self, RAQAM_SCORE_DIVERSITY, e->diversity.all, _("real %s"), e->diversity_real.all,
              1);
}

static void
set_percent (RaqamEvaluateScores *self, RaqamScore score, const RaqamReport *report, char *beside)
{
  g_autofree char *text = report != NULL ? raqam_evaluate_percent (report->accuracy) : NULL;

  raqam_score_row_set (row_of (self, score), text, beside);
  g_free (beside);
}

/* "60,000 real", "10,000 generated", or both */
static char *
describe_training (const RaqamUtility *utility)
{
  g_autofree char *n_real = raqam_format_integer (utility->n_real);
  g_autofree char *n_synthetic = raqam_format_integer (utility->n_synthetic);

  if (utility->n_synthetic == 0)
    /* Translators: on so many real images */
    return g_strdup_printf (_("on %s real"), n_real);
  if (utility->n_real == 0)
    return g_strdup_printf (_("on %s generated"), n_synthetic);
  return g_strdup_printf (_("on %s real, %s generated"), n_real, n_synthetic);
}

static void
show_use (RaqamEvaluateScores *self, const RaqamEvaluation *e)
{
  static const RaqamScore of_utility[] = {
    [RAQAM_UTILITY_REAL] = RAQAM_SCORE_TRAIN_REAL,
    [RAQAM_UTILITY_SYNTHETIC] = RAQAM_SCORE_TRAIN_SYNTHETIC,
    [RAQAM_UTILITY_BOTH] = RAQAM_SCORE_TRAIN_BOTH,
  };
  g_autofree char *n_train = raqam_format_integer (e->n_train);

  set_percent (self, RAQAM_SCORE_CLASSIFIER, e->classifier,
               g_strdup_printf (_("on %s real"), n_train));
  for (int u = 0; u < RAQAM_N_UTILITIES; u++)
    {
      gtk_widget_set_visible (GTK_WIDGET (row_of (self, of_utility[u])), e->has_utility);
      if (e->has_utility)
        set_percent (self, of_utility[u], e->utility[u].report, describe_training (&e->utility[u]));
    }
}

void
raqam_evaluate_scores_set (RaqamEvaluateScores *self, const RaqamEvaluation *evaluation)
{
  gboolean has = evaluation->settings.scores;

  g_return_if_fail (RAQAM_IS_EVALUATE_SCORES (self));

  show_scores (self, evaluation);
  show_use (self, evaluation);
  gtk_widget_set_visible (self->missing, !has || !evaluation->has_utility);
  raqam_digit_bars_set (self->frechet_bars, raqam_score_name (RAQAM_SCORE_FRECHET_CLASS),
                        evaluation->frechet.of_class, evaluation->frechet_real.of_class);
  raqam_digit_bars_set (self->diversity_bars, raqam_score_name (RAQAM_SCORE_DIVERSITY),
                        evaluation->diversity.of_class, evaluation->diversity_real.of_class);
}

static void
raqam_evaluate_scores_class_init (RaqamEvaluateScoresClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (RAQAM_TYPE_DIGIT_BARS);
  g_type_ensure (RAQAM_TYPE_SPLIT);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("evaluate-scores"));
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateScores, pictures_group);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateScores, use_group);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateScores, missing);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateScores, frechet_bars);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateScores, diversity_bars);
}

static void
raqam_evaluate_scores_init (RaqamEvaluateScores *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < N_ROWS; i++)
    {
      GtkWidget *row = raqam_score_row_new (scores[i]);

      self->rows[i] = RAQAM_SCORE_ROW (row);
      adw_preferences_group_add (i < N_OF_PICTURES ? self->pictures_group : self->use_group, row);
    }
}
