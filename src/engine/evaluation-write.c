/* evaluation-write.c — an evaluation as JSON and as CSV.
 * SPDX-License-Identifier: MIT
 *
 * One walk over the figures writes both, so that neither can lack one of the
 * other's. A figure that was not made is null in JSON and has no line in CSV.
 */

#include "engine/evaluation-write.h"

#include "engine/json-text.h"
#include "engine/score-texts.h"

#include <math.h>
#include <string.h>

#define FORMAT 1

typedef struct
{
  GString  *text;
  gboolean  csv;
  GString  *path;  /* CSV: of the object that is open, with a "." behind it */
  int       depth; /* JSON */
  gboolean  first; /* JSON: nothing is in the open object yet */
} Writer;

/* The shortest that reads back as the same number. */
static void
append_number (GString *text, double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  for (int digits = 15; digits <= 17; digits++)
    {
      g_autofree char *format = g_strdup_printf ("%%.%dg", digits);

      g_ascii_formatd (buffer, sizeof buffer, format, number);
      if (g_ascii_strtod (buffer, NULL) == number)
        break;
    }
  g_string_append (text, buffer);
}

static void
append_json_number (GString *text, double number)
{
  if (isnan (number))
    g_string_append (text, "null");
  else
    append_number (text, number);
}

static void
append_csv_text (GString *text, const char *value)
{
  if (strpbrk (value, ",\"\n\r") == NULL)
    {
      g_string_append (text, value);
      return;
    }
  g_string_append_c (text, '"');
  for (const char *c = value; *c != '\0'; c++)
    g_string_append_printf (text, *c == '"' ? "\"%c" : "%c", *c);
  g_string_append_c (text, '"');
}

static void
begin (Writer *self, const char *name)
{
  if (self->csv)
    {
      g_string_append_printf (self->text, "%s%s", self->path->str, name);
      return;
    }
  g_string_append (self->text, self->first ? "\n" : ",\n");
  g_string_append_printf (self->text, "%*s\"%s\": ", 2 * self->depth, "", name);
  self->first = FALSE;
}

static void
open_object (Writer *self, const char *name)
{
  if (self->csv)
    {
      g_string_append_printf (self->path, "%s.", name);
      return;
    }
  begin (self, name);
  g_string_append_c (self->text, '{');
  self->depth++;
  self->first = TRUE;
}

static void
close_object (Writer *self)
{
  if (self->csv)
    {
      const char *dot;

      g_string_truncate (self->path, self->path->len - 1);
      dot = strrchr (self->path->str, '.');
      g_string_truncate (self->path, dot != NULL ? (gsize) (dot - self->path->str) + 1 : 0);
      return;
    }
  self->depth--;
  g_string_append_printf (self->text, "\n%*s}", 2 * self->depth, "");
  self->first = FALSE;
}

static void
put_bare (Writer *self, const char *name, const char *value)
{
  begin (self, name);
  g_string_append_printf (self->text, self->csv ? ",,%s\n" : "%s", value);
}

static void
put_whole (Writer *self, const char *name, guint64 value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, value);

  put_bare (self, name, text);
}

static void
put_flag (Writer *self, const char *name, gboolean value)
{
  put_bare (self, name, value ? "true" : "false");
}

static void
put_text (Writer *self, const char *name, const char *value)
{
  if (value == NULL && self->csv)
    return;

  begin (self, name);
  if (self->csv)
    {
      g_string_append (self->text, ",,");
      append_csv_text (self->text, value);
      g_string_append_c (self->text, '\n');
    }
  else if (value != NULL)
    raqam_json_append_string (self->text, value);
  else
    g_string_append (self->text, "null");
}

static void
put_number (Writer *self, const char *name, double value)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (isnan (value) && self->csv)
    return;
  append_json_number (text, value);
  put_bare (self, name, text->str);
}

static void
put_line (Writer *self, const char *name, int label, double value)
{
  if (isnan (value))
    return;
  begin (self, name);
  g_string_append_printf (self->text, ",%d,", label);
  append_number (self->text, value);
  g_string_append_c (self->text, '\n');
}

static void
put_item (Writer *self, int i, double value)
{
  g_string_append (self->text, i > 0 ? ", " : "");
  append_json_number (self->text, value);
}

/* Of the classes 0 to @n - 1. */
static void
put_numbers (Writer *self, const char *name, const double *values, int n)
{
  if (!self->csv)
    {
      begin (self, name);
      g_string_append_c (self->text, '[');
    }
  for (int i = 0; i < n; i++)
    {
      if (self->csv)
        put_line (self, name, i, values[i]);
      else
        put_item (self, i, values[i]);
    }
  if (!self->csv)
    g_string_append_c (self->text, ']');
}

static const char *
key (RaqamScore score)
{
  return raqam_score_key (score);
}

static void
put_column (Writer *self, RaqamScore score, const RaqamReport *report, gsize offset)
{
  g_autofree double *values = g_new (double, report->n_rows);

  for (int i = 0; i < report->n_rows; i++)
    values[i] = *(const double *) ((const char *) &report->rows[i] + offset);
  put_numbers (self, key (score), values, report->n_rows);
}

static void
put_support (Writer *self, const RaqamReport *report)
{
  g_autofree double *values = g_new (double, report->n_rows);

  for (int i = 0; i < report->n_rows; i++)
    values[i] = (double) report->rows[i].support;
  put_numbers (self, key (RAQAM_SCORE_SUPPORT), values, report->n_rows);
}

static void
put_average (Writer *self, RaqamScore score, const RaqamReportRow *row)
{
  open_object (self, key (score));
  put_number (self, key (RAQAM_SCORE_PRECISION), row->precision);
  put_number (self, key (RAQAM_SCORE_RECALL), row->recall);
  put_number (self, key (RAQAM_SCORE_F1), row->f1);
  put_whole (self, key (RAQAM_SCORE_SUPPORT), row->support);
  close_object (self);
}

static void
put_report (Writer *self, const char *name, const RaqamReport *report)
{
  open_object (self, name);
  put_number (self, key (RAQAM_SCORE_ACCURACY), report->accuracy);
  put_column (self, RAQAM_SCORE_PRECISION, report, G_STRUCT_OFFSET (RaqamReportRow, precision));
  put_column (self, RAQAM_SCORE_RECALL, report, G_STRUCT_OFFSET (RaqamReportRow, recall));
  put_column (self, RAQAM_SCORE_F1, report, G_STRUCT_OFFSET (RaqamReportRow, f1));
  put_support (self, report);
  put_average (self, RAQAM_SCORE_MACRO_AVERAGE, &report->macro);
  put_average (self, RAQAM_SCORE_WEIGHTED_AVERAGE, &report->weighted);
  close_object (self);
}

static void
put_settings (Writer *self, const RaqamEvaluationSettings *settings)
{
  static const char *const precisions[] = { "auto", "f32", "tf32", "bf16" };

  open_object (self, "settings");
  put_whole (self, "images", settings->n_images);
  put_whole (self, "seed", settings->seed);
  put_flag (self, "threshold", settings->threshold);
  put_flag (self, "scores", settings->scores);
  put_flag (self, "utility", settings->utility);
  put_whole (self, "utility_epochs", settings->utility_epochs);
  put_text (self, "device", settings->device);
  put_text (self, "precision", precisions[settings->options.precision]);
  close_object (self);
}

static void
put_model (Writer *self, const RaqamEvaluation *evaluation)
{
  static const char *const seen[] = {
    [RAQAM_SEEN_UNKNOWN] = "unknown",
    [RAQAM_SEEN_TRAIN] = "train",
    [RAQAM_SEEN_ALL] = "train and test",
    [RAQAM_SEEN_TEST] = "test",
  };

  open_object (self, "model");
  put_text (self, "origin", evaluation->model_origin);
  put_text (self, "checksum", evaluation->model_checksum);
  put_text (self, "recipe", evaluation->recipe_name);
  put_whole (self, "step", evaluation->step);
  put_number (self, "epoch", evaluation->epoch);
  put_text (self, "data_checksum", evaluation->model_data_checksum);
  put_text (self, "trained_on", seen[evaluation->seen]);
  close_object (self);
}

static void
put_data (Writer *self, const RaqamEvaluation *evaluation)
{
  open_object (self, "data");
  put_whole (self, "classes", evaluation->n_classes);
  put_whole (self, "train_images", evaluation->n_train);
  put_text (self, "train_checksum", evaluation->train_checksum);
  put_whole (self, "test_images", evaluation->n_test);
  put_text (self, "test_checksum", evaluation->test_checksum);
  put_flag (self, "test_held_back_from_train", evaluation->held_back);
  put_text (self, "classifier_checksum", evaluation->classifier_checksum);
  close_object (self);
}

static void
put_confusion (Writer *self, const RaqamConfusion *confusion)
{
  int n = confusion->n_classes;
  g_autofree double *row = g_new (double, n);

  open_object (self, key (RAQAM_SCORE_CONFUSION));
  for (int t = 0; t < n; t++)
    {
      g_autofree char *name = g_strdup_printf ("%d", t);

      for (int p = 0; p < n; p++)
        row[p] = (double) confusion->count[t * n + p];
      put_numbers (self, name, row, n);
    }
  close_object (self);
}

static void
put_beside (Writer *self, RaqamScore score, double value, const char *suffix, double other)
{
  g_autofree char *name = g_strconcat (key (score), suffix, NULL);

  put_number (self, key (score), value);
  put_number (self, name, other);
}

static void
put_scores (Writer *self, const RaqamEvaluation *e)
{
  int n = e->n_classes;

  open_object (self, "scores");
  put_whole (self, "images", e->matched_n);
  put_number (self, key (RAQAM_SCORE_FRECHET), e->frechet.all);
  put_numbers (self, key (RAQAM_SCORE_FRECHET_CLASS), e->frechet.of_class, n);
  put_number (self, key (RAQAM_SCORE_FRECHET_FLOOR), e->frechet_real.all);
  put_numbers (self, "fid_floor_per_digit", e->frechet_real.of_class, n);
  put_beside (self, RAQAM_SCORE_INCEPTION, e->inception.mean, "_deviation", e->inception.deviation);
  put_number (self, "inception_score_real", e->inception_real.mean);
  put_number (self, "inception_score_real_deviation", e->inception_real.deviation);
  put_whole (self, "manifold_images", e->manifold_n);
  put_whole (self, "manifold_neighbours", RAQAM_MANIFOLD_NEIGHBOURS);
  put_beside (self, RAQAM_SCORE_MANIFOLD_PRECISION, e->manifold.precision, "_real",
              e->manifold_real.precision);
  put_beside (self, RAQAM_SCORE_MANIFOLD_RECALL, e->manifold.recall, "_real",
              e->manifold_real.recall);
  put_beside (self, RAQAM_SCORE_NEAREST, e->nearest_median, "_real", e->nearest_median_real);
  put_number (self, key (RAQAM_SCORE_MEMORISATION), e->memorisation);
  put_beside (self, RAQAM_SCORE_DIVERSITY, e->diversity.all, "_real", e->diversity_real.all);
  put_numbers (self, "diversity_per_digit", e->diversity.of_class, n);
  put_numbers (self, "diversity_real_per_digit", e->diversity_real.of_class, n);
  close_object (self);
}

static void
put_utility (Writer *self, const RaqamEvaluation *evaluation)
{
  static const RaqamScore scores[] = {
    [RAQAM_UTILITY_REAL] = RAQAM_SCORE_TRAIN_REAL,
    [RAQAM_UTILITY_SYNTHETIC] = RAQAM_SCORE_TRAIN_SYNTHETIC,
    [RAQAM_UTILITY_BOTH] = RAQAM_SCORE_TRAIN_BOTH,
  };

  open_object (self, "utility");
  for (int i = 0; i < RAQAM_N_UTILITIES; i++)
    {
      const RaqamUtility *utility = &evaluation->utility[i];

      open_object (self, key (scores[i]));
      put_whole (self, "real_images", utility->n_real);
      put_whole (self, "synthetic_images", utility->n_synthetic);
      put_report (self, "report", utility->report);
      close_object (self);
    }
  close_object (self);
}

static void
put_all (Writer *self, const RaqamEvaluation *evaluation)
{
  g_autoptr (RaqamReport) thesis = raqam_report_new_thesis ();

  put_whole (self, "raqam_evaluation", FORMAT);
  put_settings (self, &evaluation->settings);
  put_model (self, evaluation);
  put_data (self, evaluation);
  put_report (self, "report", evaluation->report);
  put_confusion (self, evaluation->confusion);
  put_number (self, key (RAQAM_SCORE_CLASSIFIER), evaluation->classifier->accuracy);
  put_report (self, "classifier", evaluation->classifier);
  if (evaluation->settings.scores)
    put_scores (self, evaluation);
  if (evaluation->has_utility)
    put_utility (self, evaluation);
  put_report (self, "thesis", thesis);
}

char *
raqam_evaluation_to_json (const RaqamEvaluation *self)
{
  Writer writer = { .text = g_string_new ("{"), .depth = 1, .first = TRUE };

  put_all (&writer, self);
  g_string_append (writer.text, "\n}\n");
  return g_string_free (writer.text, FALSE);
}

char *
raqam_evaluation_to_csv (const RaqamEvaluation *self)
{
  g_autoptr (GString) path = g_string_new (NULL);
  Writer writer = { .text = g_string_new ("figure,class,value\n"), .csv = TRUE, .path = path };

  put_all (&writer, self);
  return g_string_free (writer.text, FALSE);
}
