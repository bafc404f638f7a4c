/* test-history.c — a run's metrics.csv: kept, cut back, torn and damaged.
 * SPDX-License-Identifier: MIT */

#include "engine/history.h"

#include <locale.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include <glib/gstdio.h>

#define HEADER                                                          \
  "step,epoch,seconds,loss_generator,loss_discriminator,p_real,p_fake," \
  "rate_generator,rate_discriminator,images_per_second\n"
#define LINE_1 "1,0.25,0.5,0.6875,0.75,0.5,0.25,0.001,0.002,128.0\n"
#define LINE_2 "2,0.5,1.5,nan,0.5,0.5,0.25,0.001,0.002,0.0\n"
#define LINE_4 "4,1,2,inf,-0.5,0.5,0.25,0.001,0.002,0.0\n"

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("raqam-history-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "metrics.csv", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
put (const Fixture *fixture, const char *text)
{
  g_unlink (fixture->path); /* GLib 2.74 does not shorten a file that is there. */
  g_assert_true (
    g_file_set_contents_full (fixture->path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
assert_file (const Fixture *fixture, const char *wanted)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, wanted);
}

/* Opens, and gives how many points were kept. */
static RaqamHistory *
open_history (const Fixture *fixture, guint64 keep_steps, guint n_kept)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) points = NULL;
  RaqamHistory *history = raqam_history_open (fixture->folder, keep_steps, &points, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (points->len, ==, n_kept);
  return history;
}

static void
add_steps (RaqamHistory *history, guint64 first, guint64 last)
{
  for (guint64 step = first; step <= last; step++)
    {
      RaqamPoint point = { .step = step, .epoch = (double) step / 7, .loss = { 0.1f * step, NAN } };

      raqam_history_add (history, &point, 1000);
    }
}

static void
test_lines (Fixture *fixture, gconstpointer data)
{
  static const RaqamPoint point = {
    .step = G_GUINT64_CONSTANT (123456789012),
    .epoch = 1.5,
    .loss = { 0.1f, -NAN },
    .p_real = { 0x1p-149f, 1.0f },
    .rate = { INFINITY, 3e-4f },
  };
  g_autoptr (RaqamHistory) history = open_history (fixture, 0, 0);
  g_autoptr (GArray) points = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) fields = NULL;
  const RaqamPoint *read;

  raqam_history_add (history, &point, 812.46);
  assert_file (fixture, HEADER);
  g_assert_true (raqam_history_flush (history, NULL));

  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, HEADER));
  fields = g_strsplit (text + strlen (HEADER), ",", -1);
  g_assert_cmpuint (g_strv_length (fields), ==, 10);
  g_assert_cmpstr (fields[0], ==, "123456789012");
  g_assert_cmpstr (fields[1], ==, "1.5");
  g_assert_cmpfloat (g_ascii_strtod (fields[2], NULL), <, 60);
  g_assert_cmpstr (fields[4], ==, "nan");
  g_assert_cmpstr (fields[7], ==, "inf");
  g_assert_cmpstr (fields[9], ==, "812.5\n");

  points = raqam_history_read (fixture->folder, NULL);
  g_assert_cmpuint (points->len, ==, 1);
  read = &g_array_index (points, RaqamPoint, 0);
  g_assert_cmpuint (read->step, ==, point.step);
  g_assert_cmpfloat (read->epoch, ==, 1.5);
  g_assert_cmpfloat (read->loss[0], ==, 0.1f);
  g_assert_true (isnan (read->loss[1]));
  g_assert_cmpmem (read->p_real, sizeof read->p_real, point.p_real, sizeof point.p_real);
  g_assert_cmpmem (read->rate, sizeof read->rate, point.rate, sizeof point.rate);
}

/* A comma for a decimal point would break the columns. */
static void
test_locale (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "fa_IR.UTF-8" };
  gboolean found = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (names) && !found; i++)
    found = setlocale (LC_NUMERIC, names[i]) != NULL && *localeconv ()->decimal_point != '.';
  if (found)
    test_lines (fixture, data);
  else
    g_test_skip ("no locale with another decimal point is installed");
  setlocale (LC_NUMERIC, "C");
}

static void
test_resume (Fixture *fixture, gconstpointer data)
{
  RaqamHistory *history = open_history (fixture, 0, 0);
  g_autoptr (GArray) points = NULL;

  add_steps (history, 1, 10);
  g_assert_true (raqam_history_flush (history, NULL));
  add_steps (history, 11, 12);
  raqam_history_close (history);

  history = open_history (fixture, 10, 10);
  raqam_history_close (history);
  history = open_history (fixture, 6, 6);
  add_steps (history, 7, 8);
  g_assert_true (raqam_history_flush (history, NULL));
  add_steps (history, 9, 9);
  g_assert_true (raqam_history_flush (history, NULL));
  g_assert_true (raqam_history_flush (history, NULL));
  raqam_history_close (history);

  points = raqam_history_read (fixture->folder, NULL);
  g_assert_cmpuint (points->len, ==, 9);
  for (guint i = 0; i < 9; i++)
    g_assert_cmpuint (g_array_index (points, RaqamPoint, i).step, ==, i + 1);

  history = open_history (fixture, 0, 0);
  raqam_history_close (history);
  assert_file (fixture, HEADER);
}

/* Training time goes on from the last line that is kept. */
static void
test_seconds (Fixture *fixture, gconstpointer data)
{
  RaqamHistory *history;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) fields = NULL;
  double seconds;

  put (fixture, HEADER "1,1,1000,0,0,0,0,0,0,0\n2,1,5000,0,0,0,0,0,0,0\n");
  history = open_history (fixture, 1, 1);
  add_steps (history, 2, 2);
  g_assert_true (raqam_history_flush (history, NULL));
  raqam_history_close (history);
  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  fields = g_strsplit (lines[2], ",", -1);
  seconds = g_ascii_strtod (fields[2], NULL);
  g_assert_cmpfloat (seconds, >=, 1000);
  g_assert_cmpfloat (seconds, <, 1060);
}

/* Whatever a crash leaves, the lines before it stay and the file goes on. */
static void
test_torn (Fixture *fixture, gconstpointer data)
{
  static const char whole[] = HEADER LINE_1 LINE_2 LINE_4;
  const gsize ends[] = { strlen (HEADER), strlen (HEADER LINE_1), strlen (HEADER LINE_1 LINE_2),
                         strlen (whole) };

  for (gsize n = 0; n <= strlen (whole); n++)
    {
      g_autofree char *torn = g_strndup (whole, n);
      g_autofree char *kept = NULL;
      RaqamHistory *history;
      guint n_kept = 0;

      while (n_kept < 3 && ends[n_kept + 1] <= n)
        n_kept++;
      put (fixture, torn);
      history = open_history (fixture, 100, n_kept);
      raqam_history_close (history);
      kept = g_strndup (whole, ends[n_kept]);
      assert_file (fixture, kept);
    }
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  static const char *const lines[] = {
    "3,1,2,0,0,0,0,0,0\n",                /* a number less */
    "3,1,2,0,0,0,0,0,0,0,0\n",            /* a number more */
    "3,1,2,0,0,0,0,,0,0\n",               /* an empty one */
    "3,1,2,0,0, 0,0,0,0,0\n",             /* white space */
    "3,1,2,0,0,zero,0,0,0,0\n",           /* a word */
    "2,1,2,0,0,0,0,0,0,0\n",              /* a step twice */
    "-3,1,2,0,0,0,0,0,0,0\n",             /* a step below zero */
    ",1,2,0,0,0,0,0,0,0\n",               /* no step */
    "\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *text = g_strconcat (HEADER LINE_1 LINE_2, lines[i], LINE_4, NULL);
      g_autoptr (GArray) points = NULL;

      put (fixture, text);
      points = raqam_history_read (fixture->folder, NULL);
      g_assert_cmpuint (points->len, ==, 2);
      assert_file (fixture, text);
      raqam_history_close (open_history (fixture, 100, 2));
      assert_file (fixture, HEADER LINE_1 LINE_2);
    }
}

/* Blocks of zeros are what some file systems leave after a power cut. */
static void
test_zeros (Fixture *fixture, gconstpointer data)
{
  static const char text[] = HEADER LINE_1 "\0\0\0\0\n" LINE_2;

  g_assert_true (g_file_set_contents (fixture->path, text, sizeof text - 1, NULL));
  raqam_history_close (open_history (fixture, 100, 1));
  assert_file (fixture, HEADER LINE_1);
}

static void
assert_refused (const char *folder, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (raqam_history_open (folder, 100, NULL, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN);
  g_assert_nonnull (strstr (error->message, folder));
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (fixture->folder, "nowhere", NULL);

  put (fixture, "step,loss\n1,2\n");
  assert_refused (fixture->folder, "other columns");
  assert_file (fixture, "step,loss\n1,2\n");
  g_unlink (fixture->path);
  assert_refused (nowhere, "");
  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  assert_refused (fixture->folder, "");
  g_assert_cmpint (g_rmdir (fixture->path), ==, 0);
}

/* A limit stands for a full disk: what waits stays for the next time. */
static void
test_full (Fixture *fixture, gconstpointer data)
{
  RaqamHistory *history;
  g_autoptr (GError) error = NULL;
  struct rlimit before, none;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  history = open_history (fixture, 0, 0);
  add_steps (history, 1, 1);
  g_assert_true (raqam_history_flush (history, NULL));
  add_steps (history, 2, 100);

  none = (struct rlimit){ .rlim_cur = strlen (HEADER) + 200, .rlim_max = before.rlim_max };
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &none), ==, 0);
  g_assert_false (raqam_history_flush (history, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN);
  g_assert_nonnull (strstr (error->message, fixture->path));

  add_steps (history, 101, 101);
  g_assert_true (raqam_history_flush (history, NULL));
  raqam_history_close (history);
  raqam_history_close (open_history (fixture, 1000, 101));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/history/lines", Fixture, NULL, set_up, test_lines, tear_down);
  g_test_add ("/history/locale", Fixture, NULL, set_up, test_locale, tear_down);
  g_test_add ("/history/resume", Fixture, NULL, set_up, test_resume, tear_down);
  g_test_add ("/history/seconds", Fixture, NULL, set_up, test_seconds, tear_down);
  g_test_add ("/history/torn", Fixture, NULL, set_up, test_torn, tear_down);
  g_test_add ("/history/damaged", Fixture, NULL, set_up, test_damaged, tear_down);
  g_test_add ("/history/zeros", Fixture, NULL, set_up, test_zeros, tear_down);
  g_test_add ("/history/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/history/full", Fixture, NULL, set_up, test_full, tear_down);

  return g_test_run ();
}
