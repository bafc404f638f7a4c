/* report-pdf.c — an evaluation as a document to print.
 * SPDX-License-Identifier: MIT */

#include "print/report-pdf.h"

#include "engine/file.h"
#include "engine/score-texts.h"
#include "print/figures.h"
#include "print/format.h"
#include "print/sheet.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>

#define SAMPLE_ROWS 6
#define MOST_MISTAKES 40

/* Strings that a table borrows. */
typedef GPtrArray Strings;

static const char *
keep (Strings *strings, char *text)
{
  g_ptr_array_add (strings, text);
  return text;
}

static const char *
number (Strings *strings, double value, int decimals)
{
  return isfinite (value) ? keep (strings, raqam_format_number (value, decimals)) : "–";
}

static const char *
percent (Strings *strings, double share, int decimals)
{
  g_autofree char *text = isfinite (share) ? raqam_format_number (100 * share, decimals) : NULL;

  /* Translators: a share in hundredths */
  return text != NULL ? keep (strings, g_strdup_printf (_("%s %%"), text)) : "–";
}

static void
print_paragraph (RaqamSheet *sheet, RaqamTextStyle style, char *text)
{
  raqam_sheet_text (sheet, style, text);
  g_free (text);
}

static const char *
what_the_model_saw (RaqamSeen seen)
{
  switch (seen)
    {
    case RAQAM_SEEN_TRAIN:
      return _("The model was trained on the training pictures alone.");
    case RAQAM_SEEN_ALL:
      return _("The model was trained on the test pictures too, and copies of those would not be "
               "noticed.");
    case RAQAM_SEEN_TEST:
      return _("The model was trained on the test pictures alone, and copies of those would not be "
               "noticed.");
    default:
      return _("Whether the model was trained on any of these pictures is not known.");
    }
}

static void
print_head (RaqamSheet *sheet, const RaqamEvaluation *self)
{
  g_autoptr (GPtrArray) s = g_ptr_array_new_with_free_func (g_free);

  raqam_sheet_text (sheet, RAQAM_TEXT_TITLE, _("Evaluation of generated digits"));
  print_paragraph (sheet, RAQAM_TEXT_BODY,
                   g_strdup_printf (_("Model: %s, recipe “%s”, after epoch %s (step %s)."),
                                    self->model_origin, self->recipe_name,
                                    number (s, self->epoch, 1),
                                    keep (s, raqam_format_integer ((gint64) self->step))));
  print_paragraph (sheet, RAQAM_TEXT_BODY,
                   g_strdup_printf (_("Judged: %s pictures, as many of each digit, from seed "
                                      "%" PRIu64 ", %s."),
                                    keep (s, raqam_format_integer (self->settings.n_images)),
                                    self->settings.seed,
                                    self->settings.threshold ? _("set to black or white at half grey")
                                                             : _("in their own greys")));
  raqam_sheet_text (sheet, RAQAM_TEXT_BODY, what_the_model_saw (self->seen));
  print_paragraph (sheet, RAQAM_TEXT_BODY,
                   g_strdup_printf (self->held_back
                                        ? _("The judge: a classifier trained on %s real pictures; it "
                                            "reads %s of %s others rightly, which were held back from "
                                            "it.")
                                        : _("The judge: a classifier trained on %s real pictures; it "
                                            "reads %s of %s test pictures rightly, none of which it "
                                            "has seen."),
                                    keep (s, raqam_format_integer (self->n_train)),
                                    percent (s, self->classifier->accuracy, 2),
                                    keep (s, raqam_format_integer (self->n_test))));
  print_paragraph (sheet, RAQAM_TEXT_SMALL,
                   g_strdup_printf (_("Weights: SHA-256 %s"), self->model_checksum));
}

/* The first pictures of the seed: nothing is chosen. */
static void
print_samples (RaqamSheet *sheet, const RaqamEvaluation *self)
{
  int n = MIN (self->settings.n_images, SAMPLE_ROWS * self->n_classes);
  int rows = (n + self->n_classes - 1) / self->n_classes;
  double width, side = 27;
  cairo_t *cr;

  raqam_sheet_text (sheet, RAQAM_TEXT_HEADING, _("The first pictures"));
  cr = raqam_sheet_begin_figure (sheet, &width, rows * side);
  cairo_translate (cr, (width - self->n_classes * side) / 2, 0);
  raqam_figure_digits (cr, g_bytes_get_data (self->pixels, NULL), n, self->n_classes, side);
  raqam_sheet_end_figure (sheet);
}

static void
add_report_row (GPtrArray *cells, Strings *s, const char *name, const RaqamReportRow *row)
{
  g_ptr_array_add (cells, (gpointer) name);
  g_ptr_array_add (cells, (gpointer) number (s, row->precision, 4));
  g_ptr_array_add (cells, (gpointer) number (s, row->recall, 4));
  g_ptr_array_add (cells, (gpointer) number (s, row->f1, 4));
  g_ptr_array_add (cells, (gpointer) keep (s, raqam_format_integer ((gint64) row->support)));
}

static void
print_report (RaqamSheet *sheet, const char *title, const RaqamReport *report)
{
  static const double widths[] = { 0.32, 0.17, 0.17, 0.17, 0.17 };
  static const gboolean numbers[] = { FALSE, TRUE, TRUE, TRUE, TRUE };
  const char *head[] = {
    _("Digit"), raqam_score_name (RAQAM_SCORE_PRECISION), raqam_score_name (RAQAM_SCORE_RECALL),
    raqam_score_name (RAQAM_SCORE_F1), raqam_score_name (RAQAM_SCORE_SUPPORT),
  };
  g_autoptr (GPtrArray) s = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) cells = g_ptr_array_new ();
  RaqamTable table = { .n_columns = 5, .widths = widths, .numbers = numbers, .head = head };
  const char *accuracy[] = {
    raqam_score_name (RAQAM_SCORE_ACCURACY), "", "", number (s, report->accuracy, 4),
    keep (s, raqam_format_integer ((gint64) report->macro.support)),
  };

  for (int r = 0; r < report->n_rows; r++)
    add_report_row (cells, s, raqam_format_persian_digit (report->rows[r].label), &report->rows[r]);
  for (guint i = 0; i < G_N_ELEMENTS (accuracy); i++)
    g_ptr_array_add (cells, (gpointer) accuracy[i]);
  add_report_row (cells, s, raqam_score_name (RAQAM_SCORE_MACRO_AVERAGE), &report->macro);
  add_report_row (cells, s, raqam_score_name (RAQAM_SCORE_WEIGHTED_AVERAGE), &report->weighted);

  table.cells = (const char *const *) cells->pdata;
  table.n_rows = (int) cells->len / table.n_columns;
  raqam_sheet_text (sheet, RAQAM_TEXT_HEADING, title);
  raqam_sheet_table (sheet, &table);
}

/* Pictures that were taken for another digit, the first of the seed. */
static void
print_mistakes (RaqamSheet *sheet, const RaqamEvaluation *self)
{
  const guint8 *pixels = g_bytes_get_data (self->pixels, NULL);
  const guint8 *labels = g_bytes_get_data (self->labels, NULL);
  const guint8 *predicted = g_bytes_get_data (self->predicted, NULL);
  g_autofree guint8 *wrong = g_malloc (MOST_MISTAKES * RAQAM_IMAGE_SIZE);
  double width, side = 24;
  int n = 0;

  for (int i = 0; i < self->settings.n_images && n < MOST_MISTAKES; i++)
    if (labels[i] != predicted[i])
      memcpy (wrong + RAQAM_IMAGE_SIZE * n++, pixels + (gsize) RAQAM_IMAGE_SIZE * i, RAQAM_IMAGE_SIZE);
  if (n == 0)
    return;

  raqam_sheet_text (sheet, RAQAM_TEXT_HEADING, _("The first that were taken for another digit"));
  raqam_figure_digits (raqam_sheet_begin_figure (sheet, &width, (n + 19) / 20 * side), wrong, n, 20,
                       side);
  raqam_sheet_end_figure (sheet);
}

static void
print_confusion (RaqamSheet *sheet, const RaqamEvaluation *self)
{
  double width, size = 330;
  cairo_t *cr;

  raqam_sheet_text (sheet, RAQAM_TEXT_HEADING, raqam_score_name (RAQAM_SCORE_CONFUSION));
  raqam_sheet_text (sheet, RAQAM_TEXT_SMALL, raqam_score_meaning (RAQAM_SCORE_CONFUSION));
  cr = raqam_sheet_begin_figure (sheet, &width, size);
  cairo_translate (cr, (width - size) / 2, 0);
  raqam_figure_confusion (cr, size, self->confusion);
  raqam_sheet_end_figure (sheet);
}

static void
add_score (GPtrArray *cells, RaqamScore score, const char *value, const char *real)
{
  g_ptr_array_add (cells, (gpointer) raqam_score_name (score));
  g_ptr_array_add (cells, (gpointer) value);
  g_ptr_array_add (cells, (gpointer) real);
  g_ptr_array_add (cells, (gpointer) raqam_score_meaning (score));
}

static void
print_scores (RaqamSheet *sheet, const RaqamEvaluation *self)
{
  static const double widths[] = { 0.22, 0.12, 0.12, 0.54 };
  static const gboolean numbers[] = { FALSE, TRUE, TRUE, FALSE };
  const char *head[] = { _("Figure"), _("Generated"), _("Real"), "" };
  g_autoptr (GPtrArray) s = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) cells = g_ptr_array_new ();
  RaqamTable table = { .n_columns = 4, .widths = widths, .numbers = numbers, .head = head };

  add_score (cells, RAQAM_SCORE_FRECHET, number (s, self->frechet.all, 2), number (s, self->frechet_real.all, 2));
  add_score (cells, RAQAM_SCORE_INCEPTION, number (s, self->inception.mean, 3),
             number (s, self->inception_real.mean, 3));
  add_score (cells, RAQAM_SCORE_MANIFOLD_PRECISION, number (s, self->manifold.precision, 3),
             number (s, self->manifold_real.precision, 3));
  add_score (cells, RAQAM_SCORE_MANIFOLD_RECALL, number (s, self->manifold.recall, 3),
             number (s, self->manifold_real.recall, 3));
  add_score (cells, RAQAM_SCORE_NEAREST, number (s, self->nearest_median, 2),
             number (s, self->nearest_median_real, 2));
  add_score (cells, RAQAM_SCORE_MEMORISATION, number (s, self->memorisation, 3), number (s, 0.5, 1));
  add_score (cells, RAQAM_SCORE_DIVERSITY, number (s, self->diversity.all, 1),
             number (s, self->diversity_real.all, 1));

  table.cells = (const char *const *) cells->pdata;
  table.n_rows = (int) cells->len / table.n_columns;
  raqam_sheet_text (sheet, RAQAM_TEXT_HEADING, _("Quality and variety"));
  print_paragraph (sheet, RAQAM_TEXT_SMALL,
                   g_strdup_printf (_("%s generated pictures beside as many real ones; for precision "
                                      "and recall of the distribution, %s."),
                                    keep (s, raqam_format_integer (self->matched_n)),
                                    keep (s, raqam_format_integer (self->manifold_n))));
  raqam_sheet_table (sheet, &table);
}

static void
print_bars (RaqamSheet *sheet, const RaqamEvaluation *self)
{
  const struct
  {
    RaqamScore         score;
    const RaqamFigure *values, *real;
  } bars[] = {
    { RAQAM_SCORE_FRECHET_CLASS, &self->frechet, &self->frechet_real },
    { RAQAM_SCORE_DIVERSITY, &self->diversity, &self->diversity_real },
  };
  double width;

  for (guint i = 0; i < G_N_ELEMENTS (bars); i++)
    {
      cairo_t *cr = raqam_sheet_begin_figure (sheet, &width, 110);

      raqam_figure_bars (cr, width, 110, raqam_score_name (bars[i].score), bars[i].values,
                         bars[i].real, self->n_classes);
      raqam_sheet_end_figure (sheet);
      raqam_sheet_text (sheet, RAQAM_TEXT_SMALL, _("Dark: generated. Light: real."));
    }
}

static void
print_utility (RaqamSheet *sheet, const RaqamEvaluation *self)
{
  static const RaqamScore scores[RAQAM_N_UTILITIES] = {
    [RAQAM_UTILITY_REAL] = RAQAM_SCORE_TRAIN_REAL,
    [RAQAM_UTILITY_SYNTHETIC] = RAQAM_SCORE_TRAIN_SYNTHETIC,
    [RAQAM_UTILITY_BOTH] = RAQAM_SCORE_TRAIN_BOTH,
  };
  static const double widths[] = { 0.22, 0.12, 0.12, 0.54 };
  static const gboolean numbers[] = { FALSE, TRUE, TRUE, FALSE };
  const char *head[] = { _("Trained on"), _("Pictures"), raqam_score_name (RAQAM_SCORE_ACCURACY), "" };
  g_autoptr (GPtrArray) s = g_ptr_array_new_with_free_func (g_free);
  const char *cells[RAQAM_N_UTILITIES * 4];
  RaqamTable table = {
    .n_columns = 4, .widths = widths, .numbers = numbers, .head = head, .n_rows = RAQAM_N_UTILITIES,
    .cells = cells,
  };

  for (int i = 0; i < RAQAM_N_UTILITIES; i++)
    {
      const RaqamUtility *utility = &self->utility[i];

      cells[4 * i] = raqam_score_name (scores[i]);
      cells[4 * i + 1] = keep (s, raqam_format_integer ((gint64) utility->n_real + utility->n_synthetic));
      cells[4 * i + 2] = percent (s, utility->report->accuracy, 2);
      cells[4 * i + 3] = raqam_score_meaning (scores[i]);
    }
  raqam_sheet_text (sheet, RAQAM_TEXT_HEADING, _("Trained on these, tested on real pictures"));
  raqam_sheet_table (sheet, &table);
}

static double
accuracy_of (const RaqamQuality *quality)
{
  return quality->accuracy.all;
}

static double
frechet_of (const RaqamQuality *quality)
{
  return quality->frechet.all;
}

/* Those that one curve may join. */
static GArray *
comparable (const GArray *timeline)
{
  GArray *some = g_array_new (FALSE, FALSE, sizeof (RaqamQuality));

  for (guint i = 0; i < timeline->len; i++)
    if (raqam_timeline_compares (timeline, i))
      g_array_append_val (some, g_array_index (timeline, RaqamQuality, i));
  return some;
}

static void
print_timeline (RaqamSheet *sheet, const GArray *whole, int n_classes)
{
  g_autoptr (GArray) timeline = comparable (whole);
  int best = raqam_timeline_best (timeline);
  double width;
  cairo_t *cr;

  raqam_sheet_text (sheet, RAQAM_TEXT_HEADING, _("Over time, by epoch"));
  cr = raqam_sheet_begin_figure (sheet, &width, 130);
  raqam_figure_curve (cr, width / 2 - 8, 130, raqam_score_name (RAQAM_SCORE_ACCURACY), timeline,
                      accuracy_of, best);
  cairo_translate (cr, width / 2 + 8, 0);
  raqam_figure_curve (cr, width / 2 - 8, 130, raqam_score_name (RAQAM_SCORE_FRECHET), timeline,
                      frechet_of, best);
  raqam_sheet_end_figure (sheet);
  if (best >= 0)
    raqam_sheet_text (sheet, RAQAM_TEXT_SMALL, _("The ring marks the best checkpoint."));

  cr = raqam_sheet_begin_figure (sheet, &width, 190);
  raqam_figure_heat (cr, width, 190, _("Pictures of each digit read rightly, in hundredths"), timeline,
                     n_classes);
  raqam_sheet_end_figure (sheet);
}

static gboolean
is_shown (RaqamScore score, const RaqamEvaluation *self)
{
  if (score <= RAQAM_SCORE_CLASSIFIER)
    return TRUE;
  return score < RAQAM_SCORE_TRAIN_REAL ? self->settings.scores
                                        : score < RAQAM_SCORE_BLIND && self->has_utility;
}

static void
print_references (RaqamSheet *sheet, const RaqamEvaluation *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  raqam_sheet_text (sheet, RAQAM_TEXT_HEADING, _("Where the figures come from"));
  for (RaqamScore score = 0; score < RAQAM_N_SCORES; score++)
    if (is_shown (score, self) && raqam_score_reference (score) != NULL
        && g_hash_table_add (seen, (gpointer) raqam_score_reference (score)))
      raqam_sheet_text (sheet, RAQAM_TEXT_SMALL, raqam_score_reference (score));
}

static void
print_all (RaqamSheet *sheet, const RaqamEvaluation *self, const RaqamReportExtras *extras)
{
  g_autoptr (RaqamReport) thesis = raqam_report_new_thesis ();

  print_head (sheet, self);
  print_samples (sheet, self);
  print_report (sheet, _("Generated digits, as the classifier reads them"), self->report);
  raqam_sheet_break (sheet);
  print_confusion (sheet, self);
  print_mistakes (sheet, self);
  if (self->settings.scores)
    {
      raqam_sheet_break (sheet);
      print_scores (sheet, self);
      print_bars (sheet, self);
    }
  if (self->has_utility)
    print_utility (sheet, self);
  if (extras != NULL && extras->timeline != NULL && extras->timeline->len > 0)
    print_timeline (sheet, extras->timeline, self->n_classes);
  raqam_sheet_break (sheet);
  print_report (sheet, _("Real test digits, as the classifier reads them"), self->classifier);
  print_report (sheet, _("Beside it: the founding thesis's generated digits"), thesis);
  print_references (sheet, self);
}

gboolean
raqam_report_pdf_write (const RaqamEvaluation *self, const RaqamReportExtras *extras,
                        const char *path, GError **error)
{
  g_autoptr (RaqamSheet) sheet = raqam_sheet_new (_("Evaluation of generated digits"));
  g_autoptr (GBytes) pdf = NULL;

  print_all (sheet, self, extras);
  pdf = raqam_sheet_finish (sheet, error);

  return pdf != NULL
         && raqam_file_replace (path, g_bytes_get_data (pdf, NULL), g_bytes_get_size (pdf), error);
}
