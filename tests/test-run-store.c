/* test-run-store.c — the trash, copies of runs, what people say about them.
 * SPDX-License-Identifier: MIT */

#include "engine/run-store.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/error.h"
#include "engine/history.h"
#include "engine/lock.h"
#include "engine/session.h"
#include "engine/timeline.h"
#include "toy.h"

#define N_IMAGES 100

typedef struct
{
  char *runs;
  char *data;
  char *folder; /* of a run with checkpoints at the ends of its first two epochs; or NULL */
} Fixture;

static char *home;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->runs = raqam_runs_folder ();
  g_assert_true (g_str_has_prefix (fixture->runs, home));
  g_assert_cmpint (g_mkdir_with_parents (fixture->runs, 0777), ==, 0);
  fixture->data = toy_write_data (home, N_IMAGES);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  toy_remove (fixture->runs);
  g_free (fixture->runs);
  g_free (fixture->data);
  g_free (fixture->folder);
}

static RaqamSession *
open_session (Fixture *fixture, const char *folder, RaqamRecipe *recipe, GError **error)
{
  const char *data[] = { fixture->data, NULL };
  RaqamTrainSettings settings = {
    .recipe = recipe,
    .data = recipe != NULL ? data : NULL,
    .run_folder = folder,
    .resume = recipe == NULL,
    .device = "cpu",
    .n_threads = 1,
  };

  return raqam_session_open (&settings, NULL, error);
}

static void
train_to (RaqamSession *session, guint64 step)
{
  static const guint8 grid[10 * 784];
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  RaqamPoint point;

  while (raqam_trainer_get_step (session->trainer) < step)
    {
      g_assert_true (raqam_trainer_step (session->trainer, &point, NULL));
      raqam_history_add (session->history, &point, 1);
    }
  path = raqam_session_save (session, grid, 1, &error);
  g_assert_no_error (error);
}

static void
make_run (Fixture *fixture)
{
  g_autoptr (RaqamRecipe) recipe = toy_recipe ("fast");
  g_autoptr (RaqamSession) session = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = g_build_filename (fixture->runs, "first", NULL);
  session = open_session (fixture, fixture->folder, recipe, &error);
  g_assert_no_error (error);
  train_to (session, 10);
  train_to (session, 20);
  raqam_session_note (session, "stopped", "by hand", &error);
  g_assert_no_error (error);
}

static RaqamRun *
load (const char *folder)
{
  g_autoptr (GError) error = NULL;
  RaqamRun *run = raqam_run_load (folder, &error);

  g_assert_no_error (error);
  return run;
}

static void
put (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static char *
make_plain (Fixture *fixture, const char *name)
{
  char *folder = g_build_filename (fixture->runs, name, "checkpoints", NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0777), ==, 0);
  put (folder, "a", "12345");
  *strrchr (folder, '/') = '\0';
  put (folder, "b", "123");
  return folder;
}

static void
assert_run_error (GError **error, const char *words)
{
  g_assert_error (*error, RAQAM_ERROR, RAQAM_ERROR_RUN);
  g_assert_nonnull (strstr ((*error)->message, words));
  g_clear_error (error);
}

static void
test_size (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = make_plain (fixture, "plain");
  g_autofree char *link = g_build_filename (folder, "link", NULL);

  g_assert_cmpint (symlink (fixture->data, link), ==, 0);
  g_assert_cmpuint (raqam_run_size (folder), ==, 8);
  g_assert_cmpuint (raqam_run_size ("/nowhere/at/all"), ==, 0);
}

static void
test_trash (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = make_plain (fixture, "plain");
  g_autoptr (GError) error = NULL;
  g_autofree char *first = raqam_run_throw_away (folder, &error);
  g_autofree char *second = NULL, *back = NULL, *missing = NULL;
  g_autoptr (GPtrArray) names = NULL, left = NULL;
  guint64 freed;

  g_assert_no_error (error);
  g_assert_cmpstr (first, ==, "plain");
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  g_free (make_plain (fixture, "plain"));
  second = raqam_run_throw_away (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (second, ==, "plain-2");

  back = raqam_run_take_back ("plain", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (back, ==, folder);
  g_assert_cmpuint (raqam_run_size (folder), ==, 8);
  names = raqam_run_list_trash ();
  g_assert_cmpuint (names->len, ==, 1);
  g_assert_cmpstr (names->pdata[0], ==, "plain-2");

  g_assert_true (raqam_run_empty_trash (&freed, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (freed, ==, 8);
  left = raqam_run_list_trash ();
  g_assert_cmpuint (left->len, ==, 0);
  g_assert_cmpuint (raqam_run_size (folder), ==, 8);
}

/* What a crash leaves of a copy is no run, and goes with the others. */
static void
test_trash_remains (Fixture *fixture, gconstpointer data)
{
  g_autofree char *remains = make_plain (fixture, ".trash/.copy-abcdef");
  g_autoptr (GPtrArray) names = raqam_run_list_trash ();
  guint64 freed;

  g_assert_cmpuint (names->len, ==, 0);
  g_assert_true (raqam_run_empty_trash (&freed, NULL));
  g_assert_cmpuint (freed, ==, 8);
  g_assert_false (g_file_test (remains, G_FILE_TEST_EXISTS));
  g_assert_true (raqam_run_empty_trash (&freed, NULL));
  g_assert_cmpuint (freed, ==, 0);
}

/* A link in the trash leads out of it, and what it leads to stays. */
static void
test_trash_links (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = make_plain (fixture, "plain");
  g_autofree char *link = g_build_filename (folder, "link", NULL);
  g_autofree char *outside = make_plain (fixture, "outside");
  g_autofree char *name = NULL;
  guint64 freed;

  g_assert_cmpint (symlink (outside, link), ==, 0);
  name = raqam_run_throw_away (folder, NULL);
  g_assert_nonnull (name);
  g_assert_true (raqam_run_empty_trash (&freed, NULL));
  g_assert_cmpuint (raqam_run_size (outside), ==, 8);
}

static void
test_trash_refusals (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "", ".", "..", "../runs", "none" };
  g_autofree char *folder = make_plain (fixture, "plain");
  g_autofree char *elsewhere = g_build_filename (home, "elsewhere", NULL);
  g_autofree char *none = g_build_filename (fixture->runs, "none", NULL);
  g_autofree char *trash = raqam_run_trash_folder ();
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;
  int lock = raqam_run_lock (folder, NULL);

  g_assert_null (raqam_run_throw_away (folder, &error));
  assert_run_error (&error, "being trained");
  close (lock);
  g_assert_cmpint (g_mkdir_with_parents (elsewhere, 0777), ==, 0);
  g_assert_null (raqam_run_throw_away (elsewhere, &error));
  assert_run_error (&error, elsewhere);
  g_assert_null (raqam_run_throw_away (fixture->runs, &error));
  assert_run_error (&error, fixture->runs);
  g_assert_null (raqam_run_throw_away (none, &error));
  assert_run_error (&error, none);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_null (raqam_run_take_back (names[i], &error));
      assert_run_error (&error, names[i]);
    }
  name = raqam_run_throw_away (folder, &error);
  g_assert_no_error (error);
  g_assert_null (raqam_run_throw_away (trash, &error));
  assert_run_error (&error, trash);
  g_free (make_plain (fixture, "plain"));
  g_assert_null (raqam_run_take_back ("plain", &error));
  assert_run_error (&error, folder);
}

static void
test_duplicate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamRun) run = NULL, copy = NULL;
  g_autoptr (RaqamSession) session = NULL;
  g_autofree char *folder = NULL, *json = NULL, *json_copy = NULL;
  g_autoptr (GPtrArray) checkpoints = NULL, runs = NULL;
  g_autoptr (GError) error = NULL;

  make_run (fixture);
  run = load (fixture->folder);
  folder = raqam_run_duplicate (run, "رقم 2", &error);
  g_assert_no_error (error);
  copy = load (folder);
  g_assert_cmpstr (copy->name, ==, "رقم 2");
  g_assert_cmpstr (copy->state, ==, "new");
  g_assert_null (copy->message);
  g_assert_cmpuint (copy->step, ==, 0);
  g_assert_cmpstrv (copy->data, run->data);
  json = raqam_recipe_to_json (run->recipe);
  json_copy = raqam_recipe_to_json (copy->recipe);
  g_assert_cmpstr (json, ==, json_copy);
  checkpoints = raqam_run_list_checkpoints (folder);
  g_assert_cmpuint (checkpoints->len, ==, 0);
  runs = raqam_run_list ();
  g_assert_cmpuint (runs->len, ==, 2);

  session = open_session (fixture, folder, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (raqam_trainer_get_step (session->trainer), ==, 0);
  g_assert_cmpuint (session->past->len, ==, 0);
  train_to (session, 10);
}

static char *
read_checkpoint (const char *folder, const char *name, gsize *size)
{
  g_autofree char *path = g_build_filename (folder, "checkpoints", name, NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, size, NULL));
  return text;
}

/* Trained on, it comes to where the first came. */
static void
test_fork (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamRun) run = NULL, copy = NULL;
  g_autoptr (RaqamSession) session = NULL;
  g_autofree char *checkpoint = NULL, *folder = NULL, *want = NULL, *got = NULL, *sheet = NULL;
  g_autoptr (GArray) points = NULL, timeline = NULL;
  g_autoptr (GError) error = NULL;
  RaqamQuality quality = { .n_images = 100, .train = "00" };
  gsize n_want, n_got;

  make_run (fixture);
  for (quality.step = 10; quality.step <= 20; quality.step += 10)
    g_assert_true (raqam_timeline_add (fixture->folder, &quality, NULL));
  run = load (fixture->folder);
  checkpoint = raqam_run_find_checkpoint (run, 1.1, 0, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (checkpoint, "/step-000000000010.safetensors"));
  folder = raqam_run_fork (run, checkpoint, "second", NULL, &error);
  g_assert_no_error (error);

  copy = load (folder);
  g_assert_cmpstr (copy->state, ==, "stopped");
  g_assert_cmpuint (copy->step, ==, 10);
  g_assert_cmpfloat (copy->epoch, ==, 1);
  points = raqam_history_read (folder, NULL);
  g_assert_cmpuint (points->len, ==, 10);
  timeline = raqam_timeline_read (folder);
  g_assert_cmpuint (timeline->len, ==, 1);
  sheet = g_build_filename (folder, "samples", "step-000000000010.png", NULL);
  g_assert_true (g_file_test (sheet, G_FILE_TEST_EXISTS));
  memcpy (strstr (sheet, "10.png"), "20.png", 6);
  g_assert_false (g_file_test (sheet, G_FILE_TEST_EXISTS));

  session = open_session (fixture, folder, NULL, &error);
  g_assert_no_error (error);
  train_to (session, 20);
  want = read_checkpoint (fixture->folder, "step-000000000020.safetensors", &n_want);
  got = read_checkpoint (folder, "step-000000000020.safetensors", &n_got);
  g_assert_cmpmem (want, n_want, got, n_got);
}

/* Nothing is left of what did not come about. */
static void
assert_only_first (Fixture *fixture)
{
  g_autofree char *trash = raqam_run_trash_folder ();
  g_autoptr (GDir) dir = g_dir_open (fixture->runs, 0, NULL);
  g_autoptr (GDir) inside = g_dir_open (trash, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_true (g_str_equal (name, "first") || g_str_equal (name, ".trash"));
  g_assert_null (g_dir_read_name (inside));
}

static void
test_copy_refusals (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "", ".hidden", "a/b", "first", "\xff" };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (RaqamRun) run = NULL;
  g_autofree char *newest = NULL, *long_name = g_strnfill (201, 'x');
  g_autoptr (GError) error = NULL;

  make_run (fixture);
  run = load (fixture->folder);
  newest = raqam_run_newest_checkpoint (fixture->folder, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_null (raqam_run_duplicate (run, names[i], &error));
      assert_run_error (&error, "Cannot make a run");
      g_assert_null (raqam_run_fork (run, newest, names[i], NULL, &error));
      assert_run_error (&error, "Cannot make a run");
    }
  g_assert_null (raqam_run_duplicate (run, long_name, &error));
  assert_run_error (&error, long_name);

  g_cancellable_cancel (cancellable);
  g_assert_null (raqam_run_fork (run, newest, "second", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  put (fixture->folder, "metrics.csv", "somebody's\n");
  g_assert_null (raqam_run_fork (run, newest, "second", NULL, &error));
  assert_run_error (&error, "metrics.csv");
  g_assert_cmpint (truncate (newest, 1000), ==, 0);
  g_assert_null (raqam_run_fork (run, newest, "second", NULL, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT);
  assert_only_first (fixture);
}

static void
test_find_checkpoint (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamRun) run = NULL;
  g_autofree char *found = NULL;
  g_autoptr (GError) error = NULL;

  make_run (fixture);
  run = load (fixture->folder);
  found = raqam_run_find_checkpoint (run, -1, 20, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (found, "/step-000000000020.safetensors"));
  g_assert_null (raqam_run_find_checkpoint (run, -1, 11, &error));
  assert_run_error (&error, "1.00 (step-10), 2.00 (step-20)");
  g_assert_null (raqam_run_find_checkpoint (run, 2.5, 0, &error));
  assert_run_error (&error, fixture->folder);
}

static void
test_annotate (Fixture *fixture, gconstpointer data)
{
  static const char *const tags[] = { "دو", "\"b\"", NULL };
  g_autoptr (RaqamRun) first = NULL, second = NULL;
  g_autofree char *none = g_build_filename (fixture->runs, "none", NULL);
  g_autoptr (GError) error = NULL;
  int lock;

  make_run (fixture);
  g_assert_true (raqam_run_annotate (fixture->folder, "two\nlines", tags, &error));
  first = load (fixture->folder);
  g_assert_cmpstr (first->notes, ==, "two\nlines");
  g_assert_cmpstrv (first->tags, tags);
  g_assert_cmpstr (first->state, ==, "stopped");
  g_assert_true (raqam_run_annotate (fixture->folder, "", NULL, &error));
  second = load (fixture->folder);
  g_assert_null (second->notes);
  g_assert_cmpstrv (second->tags, tags);

  lock = raqam_run_lock (fixture->folder, NULL);
  g_assert_false (raqam_run_annotate (fixture->folder, "later", NULL, &error));
  assert_run_error (&error, "being trained");
  close (lock);
  g_assert_false (raqam_run_annotate (none, "later", NULL, &error));
  assert_run_error (&error, none);
}

static void
test_state_now (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamRun) run = NULL;
  int lock;

  make_run (fixture);
  run = load (fixture->folder);
  g_assert_cmpstr (raqam_run_state_now (run), ==, "stopped");
  g_free (run->state);
  run->state = g_strdup ("training");
  g_assert_cmpstr (raqam_run_state_now (run), ==, "interrupted");
  lock = raqam_run_lock (fixture->folder, NULL);
  g_assert_cmpstr (raqam_run_state_now (run), ==, "training");
  close (lock);
  g_assert_cmpstr (raqam_run_state_now (run), ==, "interrupted");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  home = toy_folder ();
  g_setenv ("XDG_DATA_HOME", home, TRUE);
#define ADD(name, test) g_test_add ("/run-store/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("size", test_size);
  ADD ("trash", test_trash);
  ADD ("trash-remains", test_trash_remains);
  ADD ("trash-links", test_trash_links);
  ADD ("trash-refusals", test_trash_refusals);
  ADD ("duplicate", test_duplicate);
  ADD ("fork", test_fork);
  ADD ("copy-refusals", test_copy_refusals);
  ADD ("find-checkpoint", test_find_checkpoint);
  ADD ("annotate", test_annotate);
  ADD ("state-now", test_state_now);
#undef ADD
  status = g_test_run ();
  toy_remove (home);
  g_free (home);
  return status;
}
