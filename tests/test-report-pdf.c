/* test-report-pdf.c — an evaluation as a document to print.
 * SPDX-License-Identifier: MIT */

#include "made-evaluation.h"

#include "print/report-pdf.h"

#include <glib/gstdio.h>
#include <string.h>

static char *
temporary (const char *name)
{
  static char *folder = NULL;

  if (folder == NULL)
    folder = g_dir_make_tmp ("raqam-pdf-XXXXXX", NULL);
  return g_build_filename (folder, name, NULL);
}

static char *
write_report (const RaqamEvaluation *evaluation, const GArray *timeline, const char *name)
{
  RaqamReportExtras extras = { timeline };
  g_autoptr (GError) error = NULL;
  char *path = temporary (name);

  g_assert_true (raqam_report_pdf_write (evaluation, &extras, path, &error));
  g_assert_no_error (error);
  return path;
}

/* Skips the test, with the reason, where poppler's program is missing. */
static char *
text_of (const char *path)
{
  const char *command[] = { "pdftotext", "-layout", path, "-", NULL };
  g_autofree char *program = g_find_program_in_path (command[0]);
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  int status;

  if (program == NULL)
    {
      g_test_skip ("pdftotext (poppler-utils) is not installed");
      return NULL;
    }
  g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));

  return text;
}

static void
assert_says (const char *text, const char *words)
{
  if (strstr (text, words) == NULL)
    g_error ("“%s” is not in the document:\n%s", words, text);
}

static void
test_says (void)
{
  g_autoptr (RaqamEvaluation) evaluation = made_evaluation_new (1000, TRUE);
  g_autoptr (GArray) timeline = made_timeline_new (5);
  g_autofree char *path = write_report (evaluation, timeline, "says.pdf");
  g_autofree char *text = text_of (path);

  if (text == NULL)
    return;

  /* 990 of 1,000 right, ۳ taken for 110 and ۴ for 90 of 100 each. */
  assert_says (text, "0.9900");
  assert_says (text, "0.9091");
  assert_says (text, "0.9474");
  assert_says (text, "seed 7");
  assert_says (text, "made-up.safetensors");
  assert_says (text, "6.25");
  assert_says (text, "9.412");
  assert_says (text, "0.702");
  assert_says (text, "0.473");
  assert_says (text, "1000 generated pictures beside as many real ones");
  assert_says (text, "Over time");
  assert_says (text, "thesis");
  assert_says (text, "0.9660");
}

static void
test_without_scores (void)
{
  g_autoptr (RaqamEvaluation) evaluation = made_evaluation_new (100, FALSE);
  g_autofree char *path = write_report (evaluation, NULL, "plain.pdf");
  g_autofree char *text = text_of (path);

  if (text == NULL)
    return;

  assert_says (text, "0.9900");
  g_assert_null (strstr (text, "Over time"));
  g_assert_null (strstr (text, "Inception"));
  g_assert_null (strstr (text, "nan"));
}

static void
test_seen (void)
{
  g_autoptr (RaqamEvaluation) evaluation = made_evaluation_new (100, FALSE);
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;

  evaluation->seen = RAQAM_SEEN_TEST;
  path = write_report (evaluation, NULL, "seen.pdf");
  text = text_of (path);
  if (text != NULL)
    assert_says (text, "on the test pictures alone");
}

/* A checkpoint judged by fewer pictures is in no curve. */
static void
test_comparable (void)
{
  g_autoptr (RaqamEvaluation) evaluation = made_evaluation_new (100, FALSE);
  g_autoptr (GArray) timeline = made_timeline_new (4);
  g_autoptr (GArray) rest = made_timeline_new (4);
  g_autofree char *with = NULL, *without = NULL;
  g_autofree char *bytes_with = NULL, *bytes_without = NULL;
  gsize n_with, n_without;

  g_array_index (timeline, RaqamQuality, 1).n_images = 100;
  g_array_remove_index (rest, 1);
  with = write_report (evaluation, timeline, "with.pdf");
  without = write_report (evaluation, rest, "without.pdf");
  g_assert_true (g_file_get_contents (with, &bytes_with, &n_with, NULL));
  g_assert_true (g_file_get_contents (without, &bytes_without, &n_without, NULL));
  g_assert_cmpmem (bytes_with, n_with, bytes_without, n_without);
}

static void
test_same_bytes (void)
{
  g_autoptr (RaqamEvaluation) evaluation = made_evaluation_new (1000, TRUE);
  g_autoptr (GArray) timeline = made_timeline_new (40);
  g_autofree char *one = write_report (evaluation, timeline, "one.pdf");
  g_autofree char *two = NULL;
  g_autofree char *bytes_one = NULL, *bytes_two = NULL;
  gsize n_one, n_two;

  g_usleep (1100 * 1000); /* a date in the file would differ by its second */
  two = write_report (evaluation, timeline, "two.pdf");
  g_assert_true (g_file_get_contents (one, &bytes_one, &n_one, NULL));
  g_assert_true (g_file_get_contents (two, &bytes_two, &n_two, NULL));
  g_assert_cmpmem (bytes_one, n_one, bytes_two, n_two);
}

static void
test_nowhere (void)
{
  g_autoptr (RaqamEvaluation) evaluation = made_evaluation_new (100, FALSE);
  g_autofree char *path = temporary ("no-such-folder/report.pdf");
  g_autoptr (GError) error = NULL;

  g_assert_false (raqam_report_pdf_write (evaluation, NULL, path, &error));
  g_assert_true (error->domain == G_FILE_ERROR);
  assert_says (error->message, "report.pdf");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report-pdf/says", test_says);
  g_test_add_func ("/report-pdf/without-scores", test_without_scores);
  g_test_add_func ("/report-pdf/seen", test_seen);
  g_test_add_func ("/report-pdf/comparable", test_comparable);
  g_test_add_func ("/report-pdf/same-bytes", test_same_bytes);
  g_test_add_func ("/report-pdf/nowhere", test_nowhere);

  return g_test_run ();
}
