/* test-session.c — a run's folder as training leaves it and finds it.
 * SPDX-License-Identifier: MIT */

#include "engine/session.h"

#include "engine/timeline.h"
#include "toy.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define N_IMAGES 100

typedef struct
{
  char        *folder;
  char        *data;
  char        *run;
  RaqamRecipe *recipe;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = toy_folder ();
  fixture->data = toy_write_data (fixture->folder, N_IMAGES);
  fixture->run = g_build_filename (fixture->folder, "run", NULL);
  fixture->recipe = toy_recipe ("fast");
  fixture->recipe->epochs = 1000;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  raqam_recipe_free (fixture->recipe);
  toy_remove (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->data);
  g_free (fixture->run);
}

static RaqamSession *
open_session (Fixture *fixture, gboolean resume, GError **error)
{
  const char *data[] = { fixture->data, NULL };
  RaqamTrainSettings settings = {
    .recipe = resume ? NULL : fixture->recipe,
    .data = resume ? NULL : data,
    .run_folder = fixture->run,
    .resume = resume,
    .device = "cpu",
    .n_threads = 1,
  };

  return raqam_session_open (&settings, NULL, error);
}

/* Trains on to @step and saves there. */
static void
save_at (RaqamSession *session, guint64 step)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  RaqamPoint point;

  while (raqam_trainer_get_step (session->trainer) < step)
    g_assert_true (raqam_trainer_step (session->trainer, &point, NULL));
  path = raqam_session_save (session, NULL, 0, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
}

static void
make_run (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamSession) session = open_session (fixture, FALSE, &error);

  g_assert_no_error (error);
  save_at (session, 3);
  save_at (session, 5);
  save_at (session, 9);
}

static char *
checkpoint_path (Fixture *fixture, int step)
{
  g_autofree char *name = g_strdup_printf ("step-%012d.safetensors", step);

  return g_build_filename (fixture->run, "checkpoints", name, NULL);
}

/* @steps: newest first, ended by -1 */
static void
assert_checkpoints (Fixture *fixture, const int *steps)
{
  g_autoptr (GPtrArray) paths = raqam_run_list_checkpoints (fixture->run);
  guint n = 0;

  for (; steps[n] >= 0; n++)
    {
      g_autofree char *path = checkpoint_path (fixture, steps[n]);

      g_assert_cmpuint (n, <, paths->len);
      g_assert_cmpstr (paths->pdata[n], ==, path);
    }
  g_assert_cmpuint (n, ==, paths->len);
}

/* An end of an epoch is kept, every 32nd of a thousand; otherwise the newest two. */
static void
test_thinned (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamSession) session = NULL;

  make_run (fixture);
  assert_checkpoints (fixture, (int[]) { 9, 5, -1 });

  session = open_session (fixture, TRUE, NULL);
  g_assert_nonnull (session);
  save_at (session, 320);
  save_at (session, 330);
  save_at (session, 335);
  save_at (session, 336);
  assert_checkpoints (fixture, (int[]) { 336, 335, 320, -1 });
}

/* What is damaged must not take the place of what is whole. */
static void
test_damaged_newest (Fixture *fixture, gconstpointer data)
{
  g_autofree char *damaged = checkpoint_path (fixture, 9);
  g_autofree char *aside = g_strconcat (damaged, ".damaged", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamSession) session = NULL;
  const GError *notice;

  make_run (fixture);
  g_assert_cmpint (truncate (damaged, 1000), ==, 0);

  session = open_session (fixture, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (raqam_trainer_get_step (session->trainer), ==, 5);
  g_assert_cmpuint (session->notices->len, ==, 1);
  notice = session->notices->pdata[0];
  g_assert_error (notice, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT);
  g_assert_nonnull (strstr (notice->message, damaged));
  g_assert_true (g_file_test (aside, G_FILE_TEST_IS_REGULAR));
  save_at (session, 6);
  assert_checkpoints (fixture, (int[]) { 6, 5, -1 });
}

/* People come back for it, wherever it stands; when another is better it goes. */
static void
test_best_is_kept (Fixture *fixture, gconstpointer data)
{
  RaqamQuality quality = { .step = 3, .n_images = 100, .accuracy = { .all = 0.9 },
                           .frechet = { .all = 5 } };
  g_autoptr (RaqamSession) session = open_session (fixture, FALSE, NULL);

  g_assert_nonnull (session);
  save_at (session, 3);
  g_assert_true (raqam_timeline_add (fixture->run, &quality, NULL));
  save_at (session, 5);
  save_at (session, 7);
  save_at (session, 8);
  assert_checkpoints (fixture, (int[]) { 8, 7, 3, -1 });

  quality.step = 7;
  quality.frechet.all = 4;
  g_assert_true (raqam_timeline_add (fixture->run, &quality, NULL));
  save_at (session, 11);
  save_at (session, 12);
  assert_checkpoints (fixture, (int[]) { 12, 11, 7, -1 });
}

/* What a kill in mid-write leaves; a name that is like it but not one stays. */
static void
test_temporaries (Fixture *fixture, gconstpointer data)
{
  g_autofree char *left = g_build_filename (fixture->run, "checkpoints", ".raqam-x7Yw3q", NULL);
  g_autofree char *other = g_build_filename (fixture->run, "checkpoints", ".raqam-notes", NULL);
  g_autoptr (RaqamSession) session = NULL;

  make_run (fixture);
  g_assert_true (g_file_set_contents (left, "half of it", -1, NULL));
  g_assert_true (g_file_set_contents (other, "a person's", -1, NULL));
  session = open_session (fixture, TRUE, NULL);
  g_assert_nonnull (session);
  g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));
  assert_checkpoints (fixture, (int[]) { 9, 5, -1 });
}

static void
test_no_data (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamRun) run = NULL;

  make_run (fixture);
  run = raqam_run_load (fixture->run, &error);
  g_assert_no_error (error);
  g_clear_pointer (&run->data, g_strfreev);
  g_assert_true (raqam_run_save (run, NULL));

  g_assert_null (open_session (fixture, TRUE, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN);
  g_assert_nonnull (strstr (error->message, fixture->run));
}

/* A new run among them would be thinned away in favour of the old one's. */
static void
test_checkpoints_without_a_run (Fixture *fixture, gconstpointer data)
{
  g_autofree char *run_json = g_build_filename (fixture->run, "run.json", NULL);
  g_autoptr (GError) error = NULL;

  make_run (fixture);
  g_assert_cmpint (g_unlink (run_json), ==, 0);
  g_assert_null (open_session (fixture, FALSE, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_RUN);
  g_assert_nonnull (strstr (error->message, "run.json"));
  assert_checkpoints (fixture, (int[]) { 9, 5, -1 });
}

/* The folder is gone, the training is not. */
static void
test_removed_folder (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamSession) session = open_session (fixture, FALSE, &error);
  g_autofree char *path = NULL;
  g_autoptr (RaqamModel) model = NULL;

  g_assert_no_error (error);
  toy_remove (fixture->run);
  path = raqam_session_save (session, NULL, 0, &error);
  g_assert_no_error (error);
  model = raqam_model_load (fixture->run, &error);
  g_assert_no_error (error);
}

static void
add (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/session/%s", name);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("thinned", test_thinned);
  add ("best-is-kept", test_best_is_kept);
  add ("damaged-newest", test_damaged_newest);
  add ("temporaries", test_temporaries);
  add ("no-data", test_no_data);
  add ("checkpoints-without-a-run", test_checkpoints_without_a_run);
  add ("removed-folder", test_removed_folder);

  return g_test_run ();
}
