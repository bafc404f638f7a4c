/* confusion.c — which class was taken for which, and what follows for each class.
 * SPDX-License-Identifier: MIT */

#include "engine/confusion.h"

#include <string.h>

RaqamConfusion *
raqam_confusion_new (const guint8 *truth, const guint8 *predicted, gsize n, int n_classes)
{
  RaqamConfusion *confusion;

  g_return_val_if_fail (n == 0 || (truth != NULL && predicted != NULL), NULL);
  g_return_val_if_fail (n_classes > 0 && n_classes <= RAQAM_CONFUSION_MOST_CLASSES, NULL);

  confusion = g_new (RaqamConfusion, 1);
  confusion->n_classes = n_classes;
  confusion->count = g_new0 (guint64, n_classes * n_classes);
  for (gsize i = 0; i < n; i++)
    {
      g_assert (truth[i] < n_classes && predicted[i] < n_classes);
      confusion->count[truth[i] * n_classes + predicted[i]]++;
    }
  return confusion;
}

void
raqam_confusion_free (RaqamConfusion *confusion)
{
  if (confusion == NULL)
    return;
  g_free (confusion->count);
  g_free (confusion);
}

static double
ratio (guint64 part, guint64 whole)
{
  return whole == 0 ? 0 : (double) part / (double) whole;
}

/* NumPy's pairwise sum, addition for addition: an average that lies between two
 * printed digits must round as it does there. */
static double
sum (const double *x, gsize n)
{
  double r[8], result = 0;
  gsize i;

  if (n > 128)
    {
      gsize half = n / 2 - n / 2 % 8;

      return sum (x, half) + sum (x + half, n - half);
    }
  if (n < 8)
    {
      for (i = 0; i < n; i++)
        result += x[i];
      return result;
    }

  memcpy (r, x, sizeof r);
  for (i = 8; i < n - n % 8; i += 8)
    for (int j = 0; j < 8; j++)
      r[j] += x[i + j];
  result = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
  for (; i < n; i++)
    result += x[i];
  return result;
}

static double
macro_average (const RaqamReport *report, gsize member)
{
  double x[RAQAM_CONFUSION_MOST_CLASSES];

  for (int i = 0; i < report->n_rows; i++)
    x[i] = G_STRUCT_MEMBER (double, &report->rows[i], member);
  return report->n_rows == 0 ? 0 : sum (x, report->n_rows) / report->n_rows;
}

static double
weighted_average (const RaqamReport *report, gsize member)
{
  double x[RAQAM_CONFUSION_MOST_CLASSES];

  for (int i = 0; i < report->n_rows; i++)
    x[i] = G_STRUCT_MEMBER (double, &report->rows[i], member) * (double) report->rows[i].support;
  return report->weighted.support == 0
           ? 0
           : sum (x, report->n_rows) / (double) report->weighted.support;
}

static void
set_average (RaqamReportRow *row, const RaqamReport *report, guint64 n,
             double (*average) (const RaqamReport *report, gsize member))
{
  row->label = -1;
  row->support = n;
  row->precision = average (report, G_STRUCT_OFFSET (RaqamReportRow, precision));
  row->recall = average (report, G_STRUCT_OFFSET (RaqamReportRow, recall));
  row->f1 = average (report, G_STRUCT_OFFSET (RaqamReportRow, f1));
}

RaqamReport *
raqam_report_new_from_totals (const RaqamClassTotal *totals, int n_classes, gboolean only_present)
{
  guint64 n = 0, n_right = 0;
  RaqamReport *report;

  g_return_val_if_fail (totals != NULL, NULL);
  g_return_val_if_fail (n_classes > 0 && n_classes <= RAQAM_CONFUSION_MOST_CLASSES, NULL);

  report = g_new0 (RaqamReport, 1);
  report->rows = g_new0 (RaqamReportRow, n_classes);
  for (int c = 0; c < n_classes; c++)
    {
      const RaqamClassTotal *total = &totals[c];

      n += total->of;
      n_right += total->right;
      if (total->of + total->taken > 0 || !only_present)
        report->rows[report->n_rows++] =
          (RaqamReportRow){ .label = c,
                            .precision = ratio (total->right, total->taken),
                            .recall = ratio (total->right, total->of),
                            .f1 = ratio (2 * total->right, total->of + total->taken),
                            .support = total->of };
    }

  report->accuracy = ratio (n_right, n);
  report->weighted.support = n;
  set_average (&report->macro, report, n, macro_average);
  set_average (&report->weighted, report, n, weighted_average);
  return report;
}

RaqamReport *
raqam_report_new (const RaqamConfusion *confusion, gboolean only_present)
{
  RaqamClassTotal totals[RAQAM_CONFUSION_MOST_CLASSES] = { 0 };
  int n_classes;

  g_return_val_if_fail (confusion != NULL, NULL);

  n_classes = confusion->n_classes;
  for (int truth = 0; truth < n_classes; truth++)
    for (int predicted = 0; predicted < n_classes; predicted++)
      {
        guint64 count = confusion->count[truth * n_classes + predicted];

        totals[truth].of += count;
        totals[predicted].taken += count;
        totals[truth].right += truth == predicted ? count : 0;
      }
  return raqam_report_new_from_totals (totals, n_classes, only_present);
}

RaqamReport *
raqam_report_new_thesis (void)
{
  static const RaqamClassTotal totals[] = {
    { 95, 96, 95 }, { 103, 104, 103 }, { 97, 107, 97 },   { 101, 100, 94 }, { 94, 85, 85 },
    { 102, 97, 97 }, { 96, 94, 94 },   { 107, 107, 107 }, { 94, 96, 91 },   { 111, 107, 103 },
  };

  return raqam_report_new_from_totals (totals, G_N_ELEMENTS (totals), FALSE);
}

void
raqam_report_free (RaqamReport *report)
{
  if (report == NULL)
    return;
  g_free (report->rows);
  g_free (report);
}

static void
append_right (GString *text, const char *word, glong width)
{
  for (glong i = g_utf8_strlen (word, -1); i < width; i++)
    g_string_append_c (text, ' ');
  g_string_append (text, word);
}

static void
append_number (GString *text, double x, int digits)
{
  char format[] = "%.2f", number[G_ASCII_DTOSTR_BUF_SIZE];

  format[2] = '0' + digits;
  g_string_append_c (text, ' ');
  append_right (text, g_ascii_formatd (number, sizeof number, format, x), 9);
}

static void
append_support (GString *text, guint64 support)
{
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, support);

  g_string_append_c (text, ' ');
  append_right (text, number, 9);
  g_string_append_c (text, '\n');
}

static void
append_row (GString *text, const char *name, glong width, const RaqamReportRow *row, int digits)
{
  append_right (text, name, width);
  g_string_append_c (text, ' ');
  append_number (text, row->precision, digits);
  append_number (text, row->recall, digits);
  append_number (text, row->f1, digits);
  append_support (text, row->support);
}

static char *
row_name (const RaqamReportRow *row, const char *const *names)
{
  return names != NULL ? g_strdup (names[row->label]) : g_strdup_printf ("%d", row->label);
}

char *
raqam_report_to_text (const RaqamReport *report, const char *const *names, int digits)
{
  static const char *const heads[] = { "precision", "recall", "f1-score", "support" };
  glong width = MAX ((glong) strlen ("weighted avg"), digits);
  GString *text;

  g_return_val_if_fail (report != NULL && digits >= 0 && digits <= 9, NULL);

  text = g_string_new (NULL);
  for (int i = 0; names != NULL && i < report->n_rows; i++)
    width = MAX (width, g_utf8_strlen (names[report->rows[i].label], -1));

  append_right (text, "", width + 1);
  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      g_string_append_c (text, ' ');
      append_right (text, heads[i], 9);
    }
  g_string_append (text, "\n\n");
  for (int i = 0; i < report->n_rows; i++)
    {
      g_autofree char *name = row_name (&report->rows[i], names);

      append_row (text, name, width, &report->rows[i], digits);
    }

  g_string_append_c (text, '\n');
  append_right (text, "accuracy", width);
  append_right (text, "", 21);
  append_number (text, report->accuracy, digits);
  append_support (text, report->weighted.support);
  append_row (text, "macro avg", width, &report->macro, digits);
  append_row (text, "weighted avg", width, &report->weighted, digits);
  return g_string_free (text, FALSE);
}
