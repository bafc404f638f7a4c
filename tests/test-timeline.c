/* test-timeline.c — a run's quality is kept, and its best checkpoint found.
 * SPDX-License-Identifier: MIT */

#include "engine/timeline.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "engine/error.h"
#include "toy.h"

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = toy_folder ();
  fixture->path = g_build_filename (fixture->folder, "quality.csv", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  toy_remove (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static RaqamQuality
quality_of (guint64 step, int n_images, double accuracy, double frechet)
{
  RaqamQuality quality = {
    .step = step, .epoch = step / 3.0, .n_images = n_images, .seed = G_MAXUINT64, .threshold = TRUE,
    .train = "0123456789abcdef", .accuracy = { .all = accuracy }, .frechet = { .all = frechet },
    .recall = accuracy / 2, .memorisation = 0.25,
  };

  for (int c = 0; c < 10; c++)
    {
      quality.accuracy.of_class[c] = accuracy * c / 9;
      quality.frechet.of_class[c] = frechet + c / 7.0;
      quality.diversity.of_class[c] = 1 + c / 3.0;
    }
  return quality;
}

static void
add (Fixture *fixture, RaqamQuality quality)
{
  g_autoptr (GError) error = NULL;

  raqam_timeline_add (fixture->folder, &quality, &error);
  g_assert_no_error (error);
}

static void
assert_steps (Fixture *fixture, const char *want)
{
  g_autoptr (GArray) timeline = raqam_timeline_read (fixture->folder);
  g_autoptr (GString) got = g_string_new (NULL);

  for (guint i = 0; i < timeline->len; i++)
    g_string_append_printf (got, "%" G_GUINT64_FORMAT " ",
                            g_array_index (timeline, RaqamQuality, i).step);
  g_assert_cmpstr (got->str, ==, want);
}

static char *
read_file (Fixture *fixture)
{
  char *text = NULL;

  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  return text;
}

static void
write_file (Fixture *fixture, const char *text)
{
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
}

/* Bit for bit, but not the gaps between the members. */
static void
assert_equal (const RaqamQuality *got, const RaqamQuality *want)
{
  g_assert_cmpuint (got->step, ==, want->step);
  g_assert_cmpfloat (got->epoch, ==, want->epoch);
  g_assert_cmpint (got->n_images, ==, want->n_images);
  g_assert_cmpuint (got->seed, ==, want->seed);
  g_assert_cmpint (got->threshold, ==, want->threshold);
  g_assert_cmpstr (got->train, ==, want->train);
  g_assert_cmpmem (&got->accuracy, sizeof got->accuracy, &want->accuracy, sizeof want->accuracy);
  g_assert_cmpmem (&got->frechet, sizeof got->frechet, &want->frechet, sizeof want->frechet);
  g_assert_cmpfloat (got->recall, ==, want->recall);
  g_assert_cmpfloat (got->memorisation, ==, want->memorisation);
  g_assert_cmpmem (got->diversity.of_class, sizeof got->diversity.of_class,
                   want->diversity.of_class, sizeof want->diversity.of_class);
  g_assert_cmpfloat_with_epsilon (got->diversity.all, 2.5, 1e-12); /* 1 + 4.5 / 3 */
}

static void
test_kept (Fixture *fixture, gconstpointer data)
{
  RaqamQuality a = quality_of (G_MAXUINT64, 100000, 1 / 3.0, 1e-17), b = quality_of (5, 100, 0, NAN);
  g_autoptr (GArray) timeline = NULL;

  assert_steps (fixture, "");
  b.threshold = FALSE;
  b.frechet.of_class[4] = NAN;
  add (fixture, a);
  add (fixture, b);

  timeline = raqam_timeline_read (fixture->folder);
  g_assert_cmpuint (timeline->len, ==, 2);
  assert_equal (&g_array_index (timeline, RaqamQuality, 1), &a);
  g_assert_true (isnan (g_array_index (timeline, RaqamQuality, 0).frechet.all));
  g_assert_false (g_array_index (timeline, RaqamQuality, 0).threshold);
}

/* As the header says it, for whoever reads it with another program. */
static void
test_columns (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;

  add (fixture, quality_of (6, 100, 0.5, 2));
  text = read_file (fixture);
  g_assert_true (g_str_has_prefix (
    text, "step,epoch,images,seed,threshold,train,accuracy,frechet,accuracy_0,accuracy_1,"
          "accuracy_2,accuracy_3,accuracy_4,accuracy_5,accuracy_6,accuracy_7,accuracy_8,"
          "accuracy_9,frechet_0,frechet_1,frechet_2,frechet_3,frechet_4,frechet_5,frechet_6,frechet_7,frechet_8,"
          "frechet_9,recall,memorisation,diversity_0,diversity_1,diversity_2,diversity_3,diversity_4,"
          "diversity_5,diversity_6,diversity_7,diversity_8,diversity_9\n6,2,100,18446744073709551615,1,0123456789abcdef,0.5,2,0,"));
  g_assert_true (g_str_has_suffix (text, "\n"));
}

/* Of a file from before there were recall, memorisation and diversity; the next judgement
 * brings the columns. */
static void
test_fewer_columns (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) timeline = NULL;
  g_autofree char *whole = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;

  add (fixture, quality_of (6, 100, 0.5, 2));
  whole = read_file (fixture);
  lines = g_strsplit (whole, "\n", -1);
  for (int i = 0; i < 2; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], ",", -1);

      for (int w = 0; w < 28; w++)
        g_string_append_printf (text, "%s%s", w > 0 ? "," : "", words[w]);
      g_string_append_c (text, '\n');
    }
  write_file (fixture, text->str);
  timeline = raqam_timeline_read (fixture->folder);
  g_assert_cmpuint (timeline->len, ==, 1);
  g_assert_cmpfloat (g_array_index (timeline, RaqamQuality, 0).frechet.of_class[7], ==, 3);
  g_assert_true (isnan (g_array_index (timeline, RaqamQuality, 0).recall));
  g_assert_true (isnan (g_array_index (timeline, RaqamQuality, 0).memorisation));
  g_assert_true (isnan (g_array_index (timeline, RaqamQuality, 0).diversity.of_class[9]));

  add (fixture, quality_of (9, 100, 0.5, 2));
  assert_steps (fixture, "6 9 ");
  g_array_unref (timeline);
  timeline = raqam_timeline_read (fixture->folder);
  g_assert_true (isnan (g_array_index (timeline, RaqamQuality, 0).recall));
  g_assert_cmpfloat (g_array_index (timeline, RaqamQuality, 1).recall, ==, 0.25);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) timeline = NULL;

  add (fixture, quality_of (30, 100, 0.9, 3));
  add (fixture, quality_of (10, 100, 0.9, 3));
  add (fixture, quality_of (20, 100, 0.9, 3));
  add (fixture, quality_of (10, 200, 0.8, 2));
  assert_steps (fixture, "10 20 30 ");
  timeline = raqam_timeline_read (fixture->folder);
  g_assert_cmpint (g_array_index (timeline, RaqamQuality, 0).n_images, ==, 200);
}

/* A crash in mid-line, by a program that did not take as much care. */
static void
test_torn (Fixture *fixture, gconstpointer data)
{
  g_autofree char *whole = NULL;

  add (fixture, quality_of (10, 100, 0.9, 3));
  add (fixture, quality_of (20, 100, 0.9, 3));
  whole = read_file (fixture);
  for (gsize n = strlen (whole) - 1; n > 0; n -= MIN (n, 17))
    {
      gboolean first = strchr (strchr (whole, '\n') + 1, '\n') < whole + n;
      g_autofree char *torn = g_strndup (whole, n);

      write_file (fixture, torn);
      assert_steps (fixture, first ? "10 " : "");
      add (fixture, quality_of (15, 100, 0.9, 3));
      assert_steps (fixture, first ? "10 15 " : "15 ");
    }
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  static const char *const from[] = { ",100,", ",0.5,", ",3,",  "20,", "\n20", ",1,",  ",100,", "20,6",
                                      ",0123", "cdef," };
  static const char *const to[] = { ",1e2,",   ",1.5,", ",inf,", "x,",  "\n9",  ",2,", ",-1,",  "20,,6",
                                    ",012g", "cdef0," };
  g_autofree char *whole = NULL;

  add (fixture, quality_of (10, 100, 0.5, 3));
  add (fixture, quality_of (20, 100, 0.5, 3));
  add (fixture, quality_of (30, 100, 0.5, 3));
  whole = read_file (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (from); i++)
    {
      char *second = strstr (whole, "\n20,");
      char *at = strstr (second, from[i]);
      g_autofree char *changed = NULL;

      g_assert_nonnull (at);
      changed = g_strdup_printf ("%.*s%s%s", (int) (at - whole), whole, to[i], at + strlen (from[i]));
      write_file (fixture, changed);
      assert_steps (fixture, "10 30 ");
    }
}

/* Somebody else's file is left alone. */
static void
test_foreign (Fixture *fixture, gconstpointer data)
{
  RaqamQuality quality = quality_of (10, 100, 0.5, 3);
  g_autoptr (GError) error = NULL;
  g_autofree char *after = NULL;

  write_file (fixture, "step,beauty\n1,2\n");
  assert_steps (fixture, "");
  g_assert_false (raqam_timeline_add (fixture->folder, &quality, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN);
  g_assert_nonnull (strstr (error->message, "quality.csv"));
  after = read_file (fixture);
  g_assert_cmpstr (after, ==, "step,beauty\n1,2\n");
}

static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (fixture->folder, "gone", NULL);
  RaqamQuality quality = quality_of (10, 100, 0.5, 3);
  g_autoptr (GError) error = NULL;

  g_assert_false (raqam_timeline_add (nowhere, &quality, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN);
}

static void
assert_best (const RaqamQuality *qualities, guint n, int want)
{
  g_autoptr (GArray) timeline = g_array_new (FALSE, FALSE, sizeof (RaqamQuality));

  g_array_append_vals (timeline, qualities, n);
  g_assert_cmpint (raqam_timeline_best (timeline), ==, want);
}

static void
test_best (void)
{
  const RaqamQuality distance[] = { quality_of (1, 1000, 0.98, 5), quality_of (2, 1000, 0.98, 4),
                                    quality_of (3, 1000, 0.98, 6) };
  /* The second is nearest but reads badly: below 99 % of 0.98. */
  const RaqamQuality accuracy[] = { quality_of (1, 1000, 0.98, 5), quality_of (2, 1000, 0.97, 4),
                                    quality_of (3, 1000, 0.972, 4.5) };
  const RaqamQuality images[] = { quality_of (1, 500, 0.999, 1), quality_of (2, 1000, 0.95, 9) };
  const RaqamQuality unknown[] = { quality_of (1, 1000, 0.99, NAN), quality_of (2, 1000, 0.985, 7) };

  RaqamQuality judges[] = { quality_of (1, 1000, 0.98, 1), quality_of (2, 1000, 0.9, 7),
                            quality_of (3, 1000, 0.9, 8) };

  /* The first was judged by another judge. */
  strcpy (judges[0].train, "fedcba9876543210");
  assert_best (judges, 3, 1);
  assert_best (NULL, 0, -1);
  assert_best (distance, 3, 1);
  assert_best (accuracy, 3, 2);
  assert_best (images, 2, 1);
  assert_best (unknown, 2, 1);
  assert_best (unknown, 1, -1);
}

static void
add_test (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/timeline/%s", name);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_test ("kept", test_kept);
  add_test ("columns", test_columns);
  add_test ("fewer-columns", test_fewer_columns);
  add_test ("order", test_order);
  add_test ("torn", test_torn);
  add_test ("damaged", test_damaged);
  add_test ("foreign", test_foreign);
  add_test ("no-folder", test_no_folder);
  g_test_add_func ("/timeline/best", test_best);

  return g_test_run ();
}
