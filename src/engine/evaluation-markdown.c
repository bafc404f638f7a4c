/* evaluation-markdown.c — an evaluation as a report for people.
 * SPDX-License-Identifier: MIT */

#include "engine/evaluation-write.h"

#include "engine/score-texts.h"

#include <math.h>
#include <string.h>

#define NONE "–"

/* What stands in one row of the table of scores. */
typedef struct
{
  RaqamScore score;
  double     value;
  double     real; /* NAN: there is none */
} Row;

static void
append_number (GString *text, double number, int decimals)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  char format[8];

  g_snprintf (format, sizeof format, "%%.%df", decimals);
  g_string_append (text, isnan (number) ? NONE
                                        : g_ascii_formatd (buffer, sizeof buffer, format, number));
}

/* A cell of a table, with the bar behind it. */
static void
append_cell (GString *text, double number, int decimals)
{
  g_string_append_c (text, ' ');
  append_number (text, number, decimals);
  g_string_append (text, " |");
}

/* What somebody else wrote, as code: no character of it may end the code or the table. */
static void
append_code (GString *text, const char *code)
{
  g_string_append_c (text, '`');
  for (const char *c = code; *c != '\0'; c++)
    g_string_append_c (text, g_ascii_iscntrl (*c) ? ' ' : *c == '`' ? '\'' : *c == '|' ? '/' : *c);
  g_string_append_c (text, '`');
}

static void
append_report_row (GString *text, const char *name, const RaqamReportRow *row)
{
  g_string_append_printf (text, "| %s |", name);
  append_cell (text, row->precision, 4);
  append_cell (text, row->recall, 4);
  append_cell (text, row->f1, 4);
  g_string_append_printf (text, " %" G_GUINT64_FORMAT " |\n", row->support);
}

static void
append_report (GString *text, const RaqamReport *report)
{
  g_string_append (text, "| digit | precision | recall | F1 | support |\n"
                         "| --- | ---: | ---: | ---: | ---: |\n");
  for (int i = 0; i < report->n_rows; i++)
    {
      char name[4];

      g_snprintf (name, sizeof name, "%d", report->rows[i].label);
      append_report_row (text, name, &report->rows[i]);
    }
  append_report_row (text, "macro average", &report->macro);
  append_report_row (text, "weighted average", &report->weighted);
  g_string_append (text, "\nAccuracy: ");
  append_number (text, report->accuracy, 5);
  g_string_append (text, "\n\n");
}

static void
append_settings (GString *text, const RaqamEvaluation *e)
{
  const RaqamEvaluationSettings *settings = &e->settings;

  g_string_append (text, "| | |\n| --- | --- |\n| model | ");
  append_code (text, e->model_origin);
  g_string_append (text, " |\n");
  if (e->recipe_name != NULL)
    {
      g_string_append (text, "| recipe | ");
      append_code (text, e->recipe_name);
      g_string_append_printf (text, " |\n| trained for | %" G_GUINT64_FORMAT " steps, ", e->step);
      append_number (text, e->epoch, 2);
      g_string_append_printf (text, " epochs |\n| weights | `%s` |\n", e->model_checksum);
    }
  g_string_append_printf (text,
                          "| generated | %d digits, each class in turn, from seed %" G_GUINT64_FORMAT
                          " |\n| pictures | %s |\n| device | %s |\n\n",
                          settings->n_images, settings->seed,
                          settings->threshold ? "set to ink or paper at 0.5" : "grey, as they were drawn",
                          settings->device);
}

static void
append_seen (GString *text, const RaqamEvaluation *e)
{
  static const char *const seen[] = {
    [RAQAM_SEEN_UNKNOWN] = "may have been trained on any of these images: it does not say, or "
                           "names other data",
    [RAQAM_SEEN_TRAIN] = "was trained on the training images alone",
    [RAQAM_SEEN_ALL] = "was trained on the training images **and on the test images**, "
                       "and copies of those would not be noticed",
    [RAQAM_SEEN_TEST] = "was trained **on the test images alone**, and copies of those would "
                        "not be noticed",
  };

  g_string_append_printf (text,
                          "The classifier was trained on %u real training images and never saw the "
                          "%u test images%s. The generator %s.\n\n",
                          e->n_train, e->n_test,
                          e->held_back ? ", which were held back from the training data because "
                                         "these have no test part of their own"
                                       : "",
                          seen[e->seen]);
  g_string_append_printf (text, "- training images: `%s`\n- test images: `%s`\n",
                          e->train_checksum, e->test_checksum);
  if (e->classifier_checksum != NULL)
    g_string_append_printf (text, "- the classifier's weights: `%s` (only figures of one classifier "
                                  "compare)\n",
                            e->classifier_checksum);
  g_string_append_c (text, '\n');
}

static void
append_confusion (GString *text, const RaqamConfusion *confusion)
{
  int n = confusion->n_classes;

  g_string_append (text, "Rows: the digit asked for. Columns: the digit that the classifier read.\n\n| |");
  for (int p = 0; p < n; p++)
    g_string_append_printf (text, " %d |", p);
  g_string_append (text, "\n| --- |");
  for (int p = 0; p < n; p++)
    g_string_append (text, " ---: |");
  for (int t = 0; t < n; t++)
    {
      g_string_append_printf (text, "\n| **%d** |", t);
      for (int p = 0; p < n; p++)
        g_string_append_printf (text, " %" G_GUINT64_FORMAT " |", confusion->count[t * n + p]);
    }
  g_string_append (text, "\n\n");
}

static const char *
good (RaqamBetter better)
{
  static const char *const words[] = {
    [RAQAM_BETTER_HIGHER] = "higher",
    [RAQAM_BETTER_LOWER] = "lower",
    [RAQAM_BETTER_HALF] = "near 0.5",
    [RAQAM_BETTER_LIKE_REAL] = "like real digits",
    [RAQAM_BETTER_NONE] = NONE,
  };

  return words[better];
}

static void
append_rows (GString *text, const Row *rows, gsize n)
{
  g_string_append (text, "| score | generated | real | good is |\n| --- | ---: | ---: | --- |\n");
  for (gsize i = 0; i < n; i++)
    {
      g_string_append_printf (text, "| %s |", raqam_score_english_name (rows[i].score));
      append_cell (text, rows[i].value, 4);
      append_cell (text, rows[i].real, 4);
      g_string_append_printf (text, " %s |\n", good (raqam_score_better (rows[i].score)));
    }
  g_string_append_c (text, '\n');
}

static void
append_meaning (GString *text, RaqamScore score)
{
  g_string_append_printf (text, "- **%s.** %s (%s.)\n", raqam_score_english_name (score),
                          raqam_score_english_meaning (score), raqam_score_reference (score));
}

static void
append_per_digit (GString *text, const RaqamEvaluation *e)
{
  g_string_append (text, "| digit | FID | FID of real | diversity | diversity of real |\n"
                         "| --- | ---: | ---: | ---: | ---: |\n");
  for (int c = 0; c < e->n_classes; c++)
    {
      g_string_append_printf (text, "| %d |", c);
      append_cell (text, e->frechet.of_class[c], 3);
      append_cell (text, e->frechet_real.of_class[c], 3);
      append_cell (text, e->diversity.of_class[c], 2);
      append_cell (text, e->diversity_real.of_class[c], 2);
      g_string_append_c (text, '\n');
    }
  g_string_append_c (text, '\n');
}

static void
append_scores (GString *text, const RaqamEvaluation *e)
{
  static const RaqamScore explained[] = {
    RAQAM_SCORE_FRECHET_CLASS, RAQAM_SCORE_FRECHET_FLOOR,
  };
  const Row rows[] = {
    { RAQAM_SCORE_FRECHET, e->frechet.all, e->frechet_real.all },
    { RAQAM_SCORE_INCEPTION, e->inception.mean, e->inception_real.mean },
    { RAQAM_SCORE_MANIFOLD_PRECISION, e->manifold.precision, e->manifold_real.precision },
    { RAQAM_SCORE_MANIFOLD_RECALL, e->manifold.recall, e->manifold_real.recall },
    { RAQAM_SCORE_MEMORISATION, e->memorisation, NAN },
    { RAQAM_SCORE_NEAREST, e->nearest_median, e->nearest_median_real },
    { RAQAM_SCORE_DIVERSITY, e->diversity.all, e->diversity_real.all },
  };

  g_string_append_printf (text,
                          "## Scores\n\nBy what the classifier sees in the pictures. Under “real” the "
                          "same figures of real test images, of as many: %u on either side, and "
                          "%u for the precision and recall of the distribution.\n\n",
                          e->matched_n, e->manifold_n);
  append_rows (text, rows, G_N_ELEMENTS (rows));
  append_per_digit (text, e);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    append_meaning (text, rows[i].score);
  for (gsize i = 0; i < G_N_ELEMENTS (explained); i++)
    append_meaning (text, explained[i]);
  g_string_append_c (text, '\n');
}

static void
append_utility (GString *text, const RaqamEvaluation *e)
{
  static const RaqamScore scores[] = {
    [RAQAM_UTILITY_REAL] = RAQAM_SCORE_TRAIN_REAL,
    [RAQAM_UTILITY_SYNTHETIC] = RAQAM_SCORE_TRAIN_SYNTHETIC,
    [RAQAM_UTILITY_BOTH] = RAQAM_SCORE_TRAIN_BOTH,
  };

  g_string_append (text, "## Trained on generated digits, tested on real ones\n\n"
                         "| trained on | real | generated | accuracy on real test images |\n"
                         "| --- | ---: | ---: | ---: |\n");
  for (int i = 0; i < RAQAM_N_UTILITIES; i++)
    {
      const RaqamUtility *utility = &e->utility[i];

      g_string_append_printf (text, "| %s | %u | %u |", raqam_score_english_name (scores[i]),
                              utility->n_real, utility->n_synthetic);
      append_cell (text, utility->report->accuracy, 5);
      g_string_append_c (text, '\n');
    }
  g_string_append (text, "\nEach was trained for as many steps.\n\n");
  for (int i = 0; i < RAQAM_N_UTILITIES; i++)
    append_meaning (text, scores[i]);
  g_string_append_c (text, '\n');
}

static void
append_thesis_row (GString *text, const char *name, const RaqamReportRow *ours,
                   const RaqamReportRow *thesis)
{
  g_string_append_printf (text, "| %s |", name);
  append_cell (text, ours->precision, 2);
  append_cell (text, thesis->precision, 2);
  append_cell (text, ours->recall, 2);
  append_cell (text, thesis->recall, 2);
  append_cell (text, ours->f1, 2);
  append_cell (text, thesis->f1, 2);
  g_string_append_c (text, '\n');
}

static void
append_thesis (GString *text, const RaqamReport *ours)
{
  g_autoptr (RaqamReport) thesis = raqam_report_new_thesis ();

  g_string_append (text, "## Beside the thesis\n\nIts generator drew 1,000 digits, which a classifier "
                         "of its own judged.\n\n"
                         "| digit | precision | thesis | recall | thesis | F1 | thesis |\n"
                         "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
  for (int i = 0; i < MIN (ours->n_rows, thesis->n_rows); i++)
    {
      char name[4];

      g_snprintf (name, sizeof name, "%d", ours->rows[i].label);
      append_thesis_row (text, name, &ours->rows[i], &thesis->rows[i]);
    }
  append_thesis_row (text, "macro average", &ours->macro, &thesis->macro);
  append_thesis_row (text, "weighted average", &ours->weighted, &thesis->weighted);
  g_string_append (text, "\nAccuracy: ");
  append_number (text, ours->accuracy, 4);
  g_string_append (text, "; the thesis's: ");
  append_number (text, thesis->accuracy, 4);
  g_string_append_c (text, '\n');
}

char *
raqam_evaluation_to_markdown (const RaqamEvaluation *self)
{
  GString *text = g_string_new ("# What a model draws, judged\n\n");

  append_settings (text, self);
  append_seen (text, self);
  g_string_append (text, "## Generated digits\n\n");
  append_report (text, self->report);
  append_confusion (text, self->confusion);
  g_string_append (text, "## The classifier itself, on real test images\n\n");
  append_report (text, self->classifier);
  append_meaning (text, RAQAM_SCORE_CLASSIFIER);
  g_string_append_c (text, '\n');
  if (self->settings.scores)
    append_scores (text, self);
  if (self->has_utility)
    append_utility (text, self);
  append_thesis (text, self->report);
  return g_string_free (text, FALSE);
}
