/* test-checkpoint-thinning.c — which checkpoints stay, and that the others go.
 * SPDX-License-Identifier: MIT */

#include "engine/checkpoint-thinning.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "engine/error.h"
#include "engine/lock.h"
#include "engine/safetensors.h"
#include "engine/timeline.h"
#include "toy.h"

typedef struct
{
  RaqamRun run; /* ten steps an epoch */
} Fixture;

static char *
path_of (Fixture *fixture, guint64 step)
{
  g_autofree char *name = g_strdup_printf ("step-%012" G_GUINT64_FORMAT ".safetensors", step);

  return g_build_filename (fixture->run.folder, "checkpoints", name, NULL);
}

static void
put (Fixture *fixture, guint64 step)
{
  float number = 1;
  RaqamTensor tensor = { "x", RAQAM_DTYPE_F32, 0, { 0 }, &number };
  g_autofree char *path = path_of (fixture, step);

  g_assert_true (raqam_safetensors_write (path, &tensor, 1, NULL, NULL));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *checkpoints = NULL;

  fixture->run = (RaqamRun){ .folder = toy_folder (), .step = 80, .epoch = 8 };
  checkpoints = g_build_filename (fixture->run.folder, "checkpoints", NULL);
  g_assert_cmpint (g_mkdir (checkpoints, 0777), ==, 0);
}

static void
set_up_eight (Fixture *fixture, gconstpointer data)
{
  set_up (fixture, data);
  for (guint64 step = 10; step <= 80; step += 10)
    put (fixture, step);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  toy_remove (fixture->run.folder);
  g_free (fixture->run.folder);
}

/* One letter for each, oldest first. */
static void
assert_plan (Fixture *fixture, double every, const char *want)
{
  static const char letters[] = { [RAQAM_KEPT_NOT] = '.', [RAQAM_KEPT_NEWEST] = 'N',
                                  [RAQAM_KEPT_BEST] = 'B', [RAQAM_KEPT_FIRST] = 'F',
                                  [RAQAM_KEPT_STRETCH] = 's' };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) plan = raqam_thinning_plan (&fixture->run, every, &error);
  g_autoptr (GString) got = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < plan->len; i++)
    g_string_append_c (got, letters[((RaqamThinned *) plan->pdata[i])->kept]);
  g_assert_cmpstr (got->str, ==, want);
}

/* Epochs 1 to 8; stretches of 3 begin with 1, 3 and 6. */
static void
test_rule (Fixture *fixture, gconstpointer data)
{
  RaqamQuality quality = { .step = 40, .n_images = 100, .train = "00", .accuracy = { .all = 0.9 } };

  assert_plan (fixture, INFINITY, "F......N");
  assert_plan (fixture, 1, "FssssssN");
  assert_plan (fixture, 3, "F.s..s.N");
  assert_plan (fixture, 0.5, "FssssssN");
  g_assert_true (raqam_timeline_add (fixture->run.folder, &quality, NULL));
  assert_plan (fixture, INFINITY, "F..B...N");
  assert_plan (fixture, 3, "F.sB.s.N");
}

static void
test_one (Fixture *fixture, gconstpointer data)
{
  put (fixture, 10);
  assert_plan (fixture, INFINITY, "N");
}

/* What a training of the damaged run would go back to must not go. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *seventh = path_of (fixture, 70), *eighth = path_of (fixture, 80);

  g_assert_cmpint (truncate (eighth, 10), ==, 0);
  assert_plan (fixture, INFINITY, "F.....NN");
  g_assert_cmpint (truncate (seventh, 0), ==, 0);
  assert_plan (fixture, INFINITY, "F....NNN");
}

static gboolean
is_there (Fixture *fixture, guint64 step)
{
  g_autofree char *path = path_of (fixture, step);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_apply (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) plan = raqam_thinning_plan (&fixture->run, 3, &error);
  g_autofree char *path = path_of (fixture, 20);
  GStatBuf about;

  g_assert_cmpint (g_stat (path, &about), ==, 0);
  g_assert_cmpuint (raqam_thinning_size (plan), ==, 4 * about.st_size);
  for (guint64 step = 10; step <= 80; step += 10)
    g_assert_true (is_there (fixture, step));

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_true (raqam_thinning_apply (&fixture->run, plan, &error));
  g_assert_no_error (error);
  for (guint64 step = 10; step <= 80; step += 10)
    g_assert_cmpint (is_there (fixture, step), ==,
                     step == 10 || step == 30 || step == 60 || step == 80);
}

static void
test_refusals (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) plan = raqam_thinning_plan (&fixture->run, 3, &error);
  g_autofree char *path = path_of (fixture, 20);
  int lock = raqam_run_lock (fixture->run.folder, NULL);

  g_assert_false (raqam_thinning_apply (&fixture->run, plan, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN);
  g_assert_true (is_there (fixture, 20));
  g_clear_error (&error);
  close (lock);

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_mkdir (path, 0777), ==, 0); /* which unlink() does not remove */
  g_assert_false (raqam_thinning_apply (&fixture->run, plan, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN);
  g_assert_nonnull (strstr (error->message, path));
}

static void
test_none_whole (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = path_of (fixture, 10);

  g_assert_null (raqam_thinning_plan (&fixture->run, 1, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, "torn", -1, NULL));
  g_assert_null (raqam_thinning_plan (&fixture->run, 1, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN);
  g_assert_nonnull (strstr (error->message, path));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, set_up, test) \
  g_test_add ("/checkpoint-thinning/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("rule", set_up_eight, test_rule);
  ADD ("one", set_up, test_one);
  ADD ("damaged", set_up_eight, test_damaged);
  ADD ("apply", set_up_eight, test_apply);
  ADD ("refusals", set_up_eight, test_refusals);
  ADD ("none-whole", set_up, test_none_whole);
#undef ADD
  return g_test_run ();
}
