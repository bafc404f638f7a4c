/* test-engine.c — runs and pictures through the engine's public face.
 * SPDX-License-Identifier: MIT */

#include <glib/gstdio.h>
#include <string.h>

#include "engine/engine.h"
#include "engine/history.h"
#include "engine/real-paths.h"
#include "engine/run.h"
#include "toy.h"

#define N_IMAGES 100
#define TIMEOUT (60 * G_USEC_PER_SEC)

typedef struct
{
  char        *folder;
  char        *data;
  char        *run;
  RaqamRecipe *recipe;
  RaqamEngine *engine;

  /* What the signals said. */
  guint64  last_step;
  guint    n_points, n_samples, n_saved, n_progress, n_notices;
  gboolean ended, finished;
  GError  *error;
  RaqamModel *model;
  GError  *model_error;
  RaqamModel *beside;
  GError  *beside_error;
  guint    n_beside;
  GBytes  *drawn[4];
  guint    n_drawn[4];
} Fixture;

static void
points_cb (RaqamEngine *engine, const RaqamPoint *points, guint n, Fixture *fixture)
{
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (points[i].step, ==, ++fixture->last_step);
  fixture->n_points += n;
}

static void
progress_cb (RaqamEngine *engine, const RaqamProgress *progress, Fixture *fixture)
{
  g_assert_cmpuint (progress->step, <=, progress->n_steps);
  g_assert_cmpuint (progress->n_images, ==, N_IMAGES);
  fixture->n_progress++;
}

static void
samples_cb (RaqamEngine *engine, const RaqamSamples *samples, Fixture *fixture)
{
  g_assert_cmpint (samples->n_rows, ==, 2);
  g_assert_cmpint (samples->n_digits, ==, 10);
  g_assert_cmpuint (g_bytes_get_size (samples->pixels), ==, 2 * 10 * RAQAM_IMAGE_SIZE);
  fixture->n_samples++;
}

static void
saved_cb (RaqamEngine *engine, const char *path, Fixture *fixture)
{
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  fixture->n_saved++;
}

static void
ended_cb (RaqamEngine *engine, gboolean finished, const GError *error, Fixture *fixture)
{
  g_assert_false (fixture->ended);
  g_assert_cmpint (raqam_engine_get_state (engine), ==, RAQAM_STATE_IDLE);
  fixture->ended = TRUE;
  fixture->finished = finished;
  fixture->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
notice_cb (RaqamEngine *engine, const GError *error, Fixture *fixture)
{
  g_assert_nonnull (strstr (error->message, fixture->run));
  fixture->n_notices++;
}

static void
model_cb (RaqamEngine *engine, RaqamModel *model, const GError *error, Fixture *fixture)
{
  g_clear_pointer (&fixture->model, raqam_model_unref);
  g_clear_error (&fixture->model_error);
  fixture->model = model != NULL ? raqam_model_ref (model) : NULL;
  fixture->model_error = error != NULL ? g_error_copy (error) : NULL;
}

static void
beside_cb (RaqamEngine *engine, RaqamModel *model, const GError *error, Fixture *fixture)
{
  g_clear_pointer (&fixture->beside, raqam_model_unref);
  g_clear_error (&fixture->beside_error);
  fixture->beside = model != NULL ? raqam_model_ref (model) : NULL;
  fixture->beside_error = error != NULL ? g_error_copy (error) : NULL;
  fixture->n_beside++;
}

static void
drawn_cb (RaqamEngine *engine, guint slot, GBytes *pixels, Fixture *fixture)
{
  g_clear_pointer (&fixture->drawn[slot], g_bytes_unref);
  fixture->drawn[slot] = g_bytes_ref (pixels);
  fixture->n_drawn[slot]++;
}

static void
new_engine (Fixture *fixture)
{
  fixture->engine = raqam_engine_new ();
  g_signal_connect (fixture->engine, "points", G_CALLBACK (points_cb), fixture);
  g_signal_connect (fixture->engine, "progress", G_CALLBACK (progress_cb), fixture);
  g_signal_connect (fixture->engine, "samples", G_CALLBACK (samples_cb), fixture);
  g_signal_connect (fixture->engine, "saved", G_CALLBACK (saved_cb), fixture);
  g_signal_connect (fixture->engine, "ended", G_CALLBACK (ended_cb), fixture);
  g_signal_connect (fixture->engine, "notice", G_CALLBACK (notice_cb), fixture);
  g_signal_connect (fixture->engine, "model", G_CALLBACK (model_cb), fixture);
  g_signal_connect (fixture->engine, "beside", G_CALLBACK (beside_cb), fixture);
  g_signal_connect (fixture->engine, "drawn", G_CALLBACK (drawn_cb), fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = toy_folder ();
  fixture->data = toy_write_data (fixture->folder, N_IMAGES);
  fixture->run = g_build_filename (fixture->folder, "run", NULL);
  fixture->recipe = toy_recipe ("fast");
  new_engine (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  raqam_engine_close (fixture->engine);
  g_object_unref (fixture->engine);
  g_clear_pointer (&fixture->model, raqam_model_unref);
  g_clear_error (&fixture->model_error);
  g_clear_pointer (&fixture->beside, raqam_model_unref);
  g_clear_error (&fixture->beside_error);
  g_clear_error (&fixture->error);
  for (int slot = 0; slot < 4; slot++)
    g_clear_pointer (&fixture->drawn[slot], g_bytes_unref);
  raqam_recipe_free (fixture->recipe);
  toy_remove (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->data);
  g_free (fixture->run);
}

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

#define WAIT_FOR(condition)                                                         \
  G_STMT_START {                                                                    \
    gint64 until_ = g_get_monotonic_time () + TIMEOUT;                              \
    guint wake_ = g_timeout_add (20, wake_cb, NULL);                                \
    while (!(condition) && g_get_monotonic_time () < until_)                        \
      g_main_context_iteration (NULL, TRUE);                                        \
    g_source_remove (wake_);                                                        \
    g_assert_true (condition);                                                      \
  } G_STMT_END

static void
train (Fixture *fixture, gboolean resume, int epochs)
{
  const char *data[] = { fixture->data, NULL };
  RaqamTrainSettings settings = {
    .recipe = resume ? NULL : fixture->recipe,
    .data = resume ? NULL : data,
    .run_folder = fixture->run,
    .resume = resume,
    .epochs = epochs,
    .device = "cpu",
    .n_threads = 1,
    .sample_rows = 2,
  };

  fixture->ended = FALSE;
  g_clear_error (&fixture->error);
  raqam_engine_train (fixture->engine, &settings);
}

static void
assert_run_state (Fixture *fixture, const char *state, guint64 step)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamRun) run = raqam_run_load (fixture->run, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (run->state, ==, state);
  g_assert_cmpuint (run->step, ==, step);
}

static void
test_to_the_end (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamModel) model = NULL;
  g_autoptr (GArray) points = NULL;
  g_autoptr (GError) error = NULL;

  train (fixture, FALSE, 3);
  WAIT_FOR (fixture->ended);
  g_assert_no_error (fixture->error);
  g_assert_true (fixture->finished);
  g_assert_cmpuint (fixture->n_points, ==, 30);
  g_assert_cmpuint (fixture->n_saved, ==, 4); /* the start and three epochs */
  g_assert_cmpuint (fixture->n_samples, >, 0);
  g_assert_cmpuint (fixture->n_progress, >, 0);
  assert_run_state (fixture, "finished", 30);

  model = raqam_model_load (fixture->run, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (model->step, ==, 30);
  points = raqam_history_read (fixture->run, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (points->len, ==, 30);
}

/* The same weights come out whether or not a run was stopped on the way. */
static void
test_stopped_and_resumed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *unbroken = g_strconcat (fixture->run, "-unbroken", NULL);
  g_autofree char *run = g_strdup (fixture->run);
  g_autoptr (RaqamModel) a = NULL, b = NULL;
  guint64 stopped_at;

  train (fixture, FALSE, 20);
  WAIT_FOR (fixture->n_points >= 25);
  raqam_engine_stop (fixture->engine);
  WAIT_FOR (fixture->ended);
  g_assert_no_error (fixture->error);
  g_assert_false (fixture->finished);
  stopped_at = fixture->last_step;
  g_assert_cmpuint (stopped_at, <, 200);
  assert_run_state (fixture, "stopped", stopped_at);

  /* As a new process would: another engine, which hears the past first. */
  raqam_engine_close (fixture->engine);
  g_object_unref (fixture->engine);
  new_engine (fixture);
  fixture->n_points = 0;
  fixture->last_step = 0;
  train (fixture, TRUE, 0);
  WAIT_FOR (fixture->ended);
  g_assert_no_error (fixture->error);
  g_assert_true (fixture->finished);
  g_assert_cmpuint (fixture->n_points, ==, 200);
  assert_run_state (fixture, "finished", 200);

  g_free (fixture->run);
  fixture->run = g_strdup (unbroken);
  fixture->last_step = 0;
  train (fixture, FALSE, 20);
  WAIT_FOR (fixture->ended);
  g_assert_no_error (fixture->error);

  a = raqam_model_load (run, NULL);
  b = raqam_model_load (unbroken, NULL);
  g_assert_nonnull (a);
  g_assert_nonnull (b);
  g_assert_cmpmem (a->params, sizeof (float) * a->n_params, b->params, sizeof (float) * b->n_params);
}

/* Time enough for what should not happen. */
static void
let_pass (void)
{
  for (int i = 0; i < 20; i++)
    {
      g_usleep (5000);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

static void
test_paused (Fixture *fixture, gconstpointer data)
{
  guint64 step;

  train (fixture, FALSE, 1000);
  WAIT_FOR (fixture->n_points >= 5);
  raqam_engine_pause (fixture->engine);
  WAIT_FOR (raqam_engine_get_state (fixture->engine) == RAQAM_STATE_PAUSED);
  step = fixture->last_step;
  assert_run_state (fixture, "paused", step);
  let_pass ();
  g_assert_cmpuint (fixture->last_step, ==, step);

  raqam_engine_resume (fixture->engine);
  WAIT_FOR (fixture->last_step > step + 5);
  g_assert_cmpint (raqam_engine_get_state (fixture->engine), ==, RAQAM_STATE_TRAINING);

  raqam_engine_pause (fixture->engine);
  WAIT_FOR (raqam_engine_get_state (fixture->engine) == RAQAM_STATE_PAUSED);
  raqam_engine_stop (fixture->engine);
  WAIT_FOR (fixture->ended);
  g_assert_no_error (fixture->error);
}

/* Who pauses because the disk is full loses nothing by it. A folder that
 * stands where a file should go fails as a full disk does. */
static void
test_paused_on_a_full_disk (Fixture *fixture, gconstpointer data)
{
  g_autofree char *run_json = g_build_filename (fixture->run, "run.json", NULL);
  g_autofree char *inside = g_build_filename (run_json, "inside", NULL);
  guint64 step;

  train (fixture, FALSE, 1000);
  WAIT_FOR (fixture->n_points >= 5);
  g_assert_cmpint (g_unlink (run_json), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (inside, 0777), ==, 0);
  raqam_engine_pause (fixture->engine);
  WAIT_FOR (raqam_engine_get_state (fixture->engine) == RAQAM_STATE_PAUSED || fixture->ended);
  g_assert_false (fixture->ended);
  g_assert_cmpuint (fixture->n_notices, >, 0);

  toy_remove (run_json);
  step = fixture->last_step;
  raqam_engine_resume (fixture->engine);
  WAIT_FOR (fixture->last_step > step);
  raqam_engine_stop (fixture->engine);
  WAIT_FOR (fixture->ended);
  g_assert_no_error (fixture->error);
  assert_run_state (fixture, "stopped", fixture->last_step);
}

/* Closing in mid-run keeps all of it. */
static void
test_closed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamRun) run = NULL;

  train (fixture, FALSE, 1000);
  WAIT_FOR (fixture->n_points >= 15);
  raqam_engine_close (fixture->engine);

  run = raqam_run_load (fixture->run, NULL);
  g_assert_nonnull (run);
  g_assert_cmpstr (run->state, ==, "stopped");
  g_assert_cmpuint (run->step, >=, 15);
  g_assert_true (raqam_run_is_resumable (run));
}

static void
test_minutes (Fixture *fixture, gconstpointer data)
{
  const char *paths[] = { fixture->data, NULL };
  RaqamTrainSettings settings = {
    .recipe = fixture->recipe, .data = paths, .run_folder = fixture->run, .epochs = 100000,
    .minutes = 0.5 / 60, .device = "auto", .n_threads = 1, .sample_rows = 2,
  };
  gint64 began = g_get_monotonic_time ();

  raqam_engine_train (fixture->engine, &settings);
  WAIT_FOR (fixture->ended);
  g_assert_no_error (fixture->error);
  g_assert_false (fixture->finished);
  g_assert_cmpint (g_get_monotonic_time () - began, >=, G_USEC_PER_SEC / 2);
  assert_run_state (fixture, "stopped", fixture->last_step);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *kept = g_strdup (fixture->data);

  g_free (fixture->data);
  fixture->data = g_build_filename (fixture->folder, "nothing.cdb", NULL);
  train (fixture, FALSE, 1);
  WAIT_FOR (fixture->ended);
  g_assert_nonnull (fixture->error);
  g_assert_nonnull (strstr (fixture->error->message, fixture->data));
  g_assert_false (g_file_test (fixture->run, G_FILE_TEST_EXISTS));

  g_free (fixture->data);
  fixture->data = g_steal_pointer (&kept);
  train (fixture, FALSE, 1);
  WAIT_FOR (fixture->ended);
  g_assert_no_error (fixture->error);

  train (fixture, FALSE, 1); /* the folder has a run now */
  WAIT_FOR (fixture->ended);
  g_assert_error (fixture->error, RAQAM_ERROR, RAQAM_ERROR_RUN);
  assert_run_state (fixture, "finished", 10);

  train (fixture, TRUE, 0); /* which has finished */
  WAIT_FOR (fixture->ended);
  g_assert_error (fixture->error, RAQAM_ERROR, RAQAM_ERROR_RUN);

  fixture->last_step = 0;
  train (fixture, TRUE, 2);
  WAIT_FOR (fixture->ended);
  g_assert_no_error (fixture->error);
  assert_run_state (fixture, "finished", 20);
}

static void
draw_on (Fixture *fixture, RaqamStage stage, guint slot, int n, guint64 seed)
{
  g_autofree RaqamStyle *styles = g_new (RaqamStyle, n);

  for (int i = 0; i < n; i++)
    {
      raqam_style_init (&styles[i], i % 10, fixture->recipe->latent);
      for (int j = 0; j < styles[i].latent; j++)
        styles[i].z[j] = raqam_philox_uniform (raqam_philox (seed, 0, 0, (guint32) j).word[0]);
    }
  raqam_engine_draw (fixture->engine, stage, slot, styles, n);
}

static void
draw (Fixture *fixture, guint slot, int n, guint64 seed)
{
  draw_on (fixture, RAQAM_STAGE_MAIN, slot, n, seed);
}

static void
test_explored (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) first = NULL;

  train (fixture, FALSE, 2);
  WAIT_FOR (fixture->ended);

  draw (fixture, 0, 1, 1); /* no model yet: dropped */
  let_pass ();
  g_assert_cmpuint (fixture->n_drawn[0], ==, 0);
  raqam_engine_open_model (fixture->engine, fixture->run);
  WAIT_FOR (fixture->model != NULL);
  draw (fixture, 0, 1, 1);
  draw (fixture, 1, 10, 1);
  WAIT_FOR (fixture->n_drawn[0] == 1 && fixture->n_drawn[1] == 1);
  g_assert_cmpuint (g_bytes_get_size (fixture->drawn[0]), ==, RAQAM_IMAGE_SIZE);
  g_assert_cmpuint (g_bytes_get_size (fixture->drawn[1]), ==, 10 * RAQAM_IMAGE_SIZE);

  first = g_bytes_ref (fixture->drawn[0]);
  draw (fixture, 0, 1, 2);
  WAIT_FOR (fixture->n_drawn[0] == 2);
  g_assert_false (g_bytes_equal (first, fixture->drawn[0]));
  draw (fixture, 0, 1, 1);
  WAIT_FOR (fixture->n_drawn[0] == 3);
  g_assert_true (g_bytes_equal (first, fixture->drawn[0]));
}

/* A wish that still waits is replaced: the last one is always granted. */
static void
test_newer_beats_older (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) last = NULL;

  train (fixture, FALSE, 1);
  WAIT_FOR (fixture->ended);
  raqam_engine_open_model (fixture->engine, fixture->run);
  WAIT_FOR (fixture->model != NULL);
  draw (fixture, 0, 1, 300);
  WAIT_FOR (fixture->n_drawn[0] == 1);
  last = g_bytes_ref (fixture->drawn[0]);

  fixture->n_drawn[0] = 0;
  for (int i = 1; i <= 300; i++)
    draw (fixture, 0, 1, i);
  WAIT_FOR (g_bytes_equal (fixture->drawn[0], last));
  g_assert_cmpuint (fixture->n_drawn[0], <, 300);
}

static void
test_followed (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) paths = NULL;

  raqam_engine_follow (fixture->engine, TRUE);
  train (fixture, FALSE, 100000);
  WAIT_FOR (fixture->model != NULL);
  draw (fixture, 0, 1, 1);
  WAIT_FOR (fixture->n_drawn[0] == 1);
  g_clear_pointer (&fixture->model, raqam_model_unref);
  WAIT_FOR (fixture->model != NULL && fixture->model->step > 10);
  paths = raqam_real_paths_of_model (fixture->model);
  g_assert_cmpstr (fixture->model->origin, ==, fixture->run);
  g_assert_cmpstr (paths[0], ==, fixture->data);
  g_assert_nonnull (fixture->model->data_checksum);
  g_assert_nonnull (fixture->model->discriminator_params);
  raqam_engine_stop (fixture->engine);
  WAIT_FOR (fixture->ended);
  g_assert_no_error (fixture->error);
}

static void
test_bad_model (Fixture *fixture, gconstpointer data)
{
  raqam_engine_open_model (fixture->engine, fixture->data);
  WAIT_FOR (fixture->model_error != NULL);
  g_assert_error (fixture->model_error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT);
  raqam_engine_open_model (fixture->engine, fixture->folder);
  WAIT_FOR (g_error_matches (fixture->model_error, RAQAM_ERROR, RAQAM_ERROR_RUN));
}

/* A second model draws beside the first one, until there is to be none. */
static void
test_beside (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = g_strconcat (fixture->run, "-other", NULL);
  g_autofree char *first = fixture->run;

  train (fixture, FALSE, 1);
  WAIT_FOR (fixture->ended);
  fixture->run = g_strdup (other);
  fixture->recipe->seed++;
  fixture->last_step = 0;
  train (fixture, FALSE, 2);
  WAIT_FOR (fixture->ended);
  g_assert_no_error (fixture->error);

  raqam_engine_open_model (fixture->engine, first);
  raqam_engine_open_beside (fixture->engine, other);
  WAIT_FOR (fixture->model != NULL && fixture->beside != NULL);
  g_assert_cmpuint (fixture->model->step, ==, 10);
  g_assert_cmpuint (fixture->beside->step, ==, 20);
  draw (fixture, 0, 1, 1);
  draw_on (fixture, RAQAM_STAGE_BESIDE, 1, 1, 1);
  WAIT_FOR (fixture->n_drawn[0] == 1 && fixture->n_drawn[1] == 1);
  g_assert_false (g_bytes_equal (fixture->drawn[0], fixture->drawn[1]));

  /* The other way round they draw each other's pictures. */
  raqam_engine_open_model (fixture->engine, other);
  raqam_engine_open_beside (fixture->engine, first);
  draw (fixture, 2, 1, 1);
  draw_on (fixture, RAQAM_STAGE_BESIDE, 3, 1, 1);
  WAIT_FOR (fixture->n_drawn[2] == 1 && fixture->n_drawn[3] == 1);
  g_assert_true (g_bytes_equal (fixture->drawn[2], fixture->drawn[1]));
  g_assert_true (g_bytes_equal (fixture->drawn[3], fixture->drawn[0]));

  /* One that cannot be opened changes nothing. */
  raqam_engine_open_beside (fixture->engine, fixture->data);
  WAIT_FOR (fixture->beside_error != NULL);
  g_assert_error (fixture->beside_error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT);
  draw_on (fixture, RAQAM_STAGE_BESIDE, 1, 1, 2);
  WAIT_FOR (fixture->n_drawn[1] == 2);

  raqam_engine_open_beside (fixture->engine, NULL);
  WAIT_FOR (fixture->n_beside == 4);
  g_assert_null (fixture->beside);
  g_assert_no_error (fixture->beside_error);
  draw_on (fixture, RAQAM_STAGE_BESIDE, 1, 1, 3);
  draw (fixture, 2, 1, 3);
  WAIT_FOR (fixture->n_drawn[2] == 2);
  g_assert_cmpuint (fixture->n_drawn[1], ==, 2);
}

static void
add (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/engine/%s", name);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("to-the-end", test_to_the_end);
  add ("stopped-and-resumed", test_stopped_and_resumed);
  add ("paused", test_paused);
  add ("paused-on-a-full-disk", test_paused_on_a_full_disk);
  add ("closed", test_closed);
  add ("minutes", test_minutes);
  add ("refused", test_refused);
  add ("explored", test_explored);
  add ("newer-beats-older", test_newer_beats_older);
  add ("followed", test_followed);
  add ("bad-model", test_bad_model);
  add ("beside", test_beside);

  return g_test_run ();
}
