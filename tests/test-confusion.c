/* test-confusion.c — reports, beside scikit-learn's.
 * SPDX-License-Identifier: MIT */

#include "engine/confusion.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  char      *name;
  int        n_classes; /* 0 in the thesis's table */
  int        digits;
  gboolean   only_present;
  GStrv      names;
  GByteArray *truth, *predicted;
  GString   *text;
} Case;

static void
case_free (gpointer data)
{
  Case *c = data;

  g_free (c->name);
  g_strfreev (c->names);
  g_byte_array_unref (c->truth);
  g_byte_array_unref (c->predicted);
  g_string_free (c->text, TRUE);
  g_free (c);
}

static Case *
case_new (char **words)
{
  Case *c = g_new0 (Case, 1);

  c->name = g_strdup (words[1]);
  c->digits = 2;
  c->truth = g_byte_array_new ();
  c->predicted = g_byte_array_new ();
  c->text = g_string_new (NULL);
  if (words[2] != NULL)
    {
      c->n_classes = atoi (words[2]);
      c->digits = atoi (words[3]);
      c->only_present = strcmp (words[4], "present") == 0;
    }
  return c;
}

static void
add_count (Case *c, char **words)
{
  guint8 truth = atoi (words[1]), predicted = atoi (words[2]);

  for (int i = atoi (words[3]); i > 0; i--)
    {
      g_byte_array_append (c->truth, &truth, 1);
      g_byte_array_append (c->predicted, &predicted, 1);
    }
}

static GPtrArray *
read_cases (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "report.txt", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  GPtrArray *cases = g_ptr_array_new_with_free_func (case_free);
  GError *error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (int i = 0; lines[i] != NULL; i++)
    {
      Case *c = cases->len > 0 ? cases->pdata[cases->len - 1] : NULL;
      g_auto (GStrv) words = g_strsplit (lines[i], " ", 5);

      if (g_str_has_prefix (lines[i], "case "))
        g_ptr_array_add (cases, case_new (words));
      else if (g_str_has_prefix (lines[i], "names "))
        c->names = g_strsplit (lines[i] + strlen ("names "), ",", -1);
      else if (g_str_has_prefix (lines[i], "count "))
        add_count (c, words);
      else if (lines[i][0] == '|')
        g_string_append_printf (c->text, "%s%s", c->text->len > 0 ? "\n" : "", lines[i] + 1);
    }
  return cases;
}

static RaqamReport *
case_report (const Case *c)
{
  g_autoptr (RaqamConfusion) confusion = NULL;

  if (c->n_classes == 0)
    return raqam_report_new_thesis ();
  confusion = raqam_confusion_new (c->truth->data, c->predicted->data, c->truth->len, c->n_classes);
  return raqam_report_new (confusion, c->only_present);
}

static void
assert_case (const Case *c)
{
  g_autoptr (RaqamReport) report = case_report (c);
  g_autofree char *text = raqam_report_to_text (report, (const char *const *) c->names, c->digits);

  g_test_message ("%s", c->name);
  g_assert_cmpstr (text, ==, c->text->str);
}

static void
test_scikit_learn (void)
{
  g_autoptr (GPtrArray) cases = read_cases ();

  g_assert_cmpuint (cases->len, ==, 24);
  for (guint i = 0; i < cases->len; i++)
    assert_case (cases->pdata[i]);
}

/* The text is for programs too: a locale's comma must not get in. */
static void
test_locale (void)
{
  g_autoptr (GPtrArray) cases = NULL;

  if (setlocale (LC_NUMERIC, "de_DE.UTF-8") == NULL)
    {
      g_test_skip ("there is no locale de_DE.UTF-8, with its decimal comma");
      return;
    }
  cases = read_cases ();
  assert_case (cases->pdata[0]);
  setlocale (LC_NUMERIC, "C");
}

static void
test_counts (void)
{
  const guint8 truth[] = { 0, 0, 1, 2, 2, 2, 3 }, predicted[] = { 0, 1, 1, 2, 2, 0, 3 };
  const guint64 counts[] = { 1, 1, 0, 0, 0, 1, 0, 0, 1, 0, 2, 0, 0, 0, 0, 1 };
  g_autoptr (RaqamConfusion) confusion = raqam_confusion_new (truth, predicted, 7, 4);
  g_autoptr (RaqamReport) report = raqam_report_new (confusion, TRUE);

  g_assert_cmpint (confusion->n_classes, ==, 4);
  g_assert_cmpmem (confusion->count, 16 * sizeof (guint64), counts, sizeof counts);
  g_assert_cmpfloat (report->accuracy, ==, 5.0 / 7);
  g_assert_cmpfloat (report->rows[2].recall, ==, 2.0 / 3);
  g_assert_cmpint (report->rows[3].label, ==, 3);
  g_assert_cmpint (report->macro.label, ==, -1);
}

/* Nothing judged is a report of zeros, not of NaNs. */
static void
test_nothing (void)
{
  g_autoptr (RaqamConfusion) confusion = raqam_confusion_new (NULL, NULL, 0, 3);
  g_autoptr (RaqamReport) all = raqam_report_new (confusion, FALSE);
  g_autoptr (RaqamReport) none = raqam_report_new (confusion, TRUE);

  g_assert_cmpint (all->n_rows, ==, 3);
  g_assert_cmpint (none->n_rows, ==, 0);
  g_assert_cmpfloat (all->accuracy + all->macro.f1 + all->weighted.recall, ==, 0);
  g_assert_cmpfloat (none->accuracy + none->macro.f1 + none->weighted.recall, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/confusion/counts", test_counts);
  g_test_add_func ("/confusion/nothing", test_nothing);
  g_test_add_func ("/confusion/scikit-learn", test_scikit_learn);
  g_test_add_func ("/confusion/locale", test_locale);

  return g_test_run ();
}
