/* test-evaluator.c — judging on a thread, and what its signals say.
 * SPDX-License-Identifier: MIT */

#include "engine/evaluator.h"

#include <glib/gstdio.h>
#include <string.h>

#include "engine/run.h"
#include "engine/session.h"
#include "segments.h"
#include "toy.h"

#define TIMEOUT (300 * G_USEC_PER_SEC)

static char *folder;
static char *cache;
static char *train, *test, *run;

typedef struct
{
  RaqamEvaluator *evaluator;

  /* What the signals said. */
  guint            n_progress, n_evaluated, n_judged, n_ended, n_busy;
  double           done;
  RaqamEvaluation *evaluation;
  GError          *error;
  gboolean         cancel_at_progress;
} Fixture;

static void
progress_cb (RaqamEvaluator *evaluator, const char *stage, double done, Fixture *fixture)
{
  g_assert_nonnull (stage);
  g_assert_cmpfloat (done, >=, 0);
  g_assert_cmpfloat (done, <=, 1);
  fixture->n_progress++;
  fixture->done = done;
  if (fixture->cancel_at_progress)
    raqam_evaluator_cancel (evaluator);
}

static void
evaluated_cb (RaqamEvaluator *evaluator, RaqamEvaluation *evaluation, const GError *error,
              Fixture *fixture)
{
  fixture->n_evaluated++;
  g_clear_pointer (&fixture->evaluation, raqam_evaluation_unref);
  g_clear_error (&fixture->error);
  fixture->evaluation = evaluation != NULL ? raqam_evaluation_ref (evaluation) : NULL;
  fixture->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
judged_cb (RaqamEvaluator *evaluator, const char *run_folder, Fixture *fixture)
{
  g_autoptr (GArray) timeline = raqam_timeline_read (run_folder);

  g_assert_cmpstr (run_folder, ==, run);
  g_assert_cmpuint (timeline->len, >, fixture->n_judged);
  fixture->n_judged++;
}

static void
ended_cb (RaqamEvaluator *evaluator, const char *run_folder, const GError *error, Fixture *fixture)
{
  fixture->n_ended++;
  g_clear_error (&fixture->error);
  fixture->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
busy_cb (RaqamEvaluator *evaluator, GParamSpec *pspec, Fixture *fixture)
{
  fixture->n_busy++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->evaluator = raqam_evaluator_new ();
  g_signal_connect (fixture->evaluator, "progress", G_CALLBACK (progress_cb), fixture);
  g_signal_connect (fixture->evaluator, "evaluated", G_CALLBACK (evaluated_cb), fixture);
  g_signal_connect (fixture->evaluator, "judged", G_CALLBACK (judged_cb), fixture);
  g_signal_connect (fixture->evaluator, "timeline-ended", G_CALLBACK (ended_cb), fixture);
  g_signal_connect (fixture->evaluator, "notify::busy", G_CALLBACK (busy_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *quality = g_build_filename (run, "quality.csv", NULL);

  g_object_unref (fixture->evaluator);
  g_clear_pointer (&fixture->evaluation, raqam_evaluation_unref);
  g_clear_error (&fixture->error);
  g_unlink (quality);
}

static void
wait_until (const guint *counter, guint n)
{
  gint64 end = g_get_monotonic_time () + TIMEOUT;

  while (*counter < n && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  g_assert_cmpuint (*counter, ==, n);
}

static gboolean
is_busy (Fixture *fixture)
{
  gboolean busy;

  g_object_get (fixture->evaluator, "busy", &busy, NULL);
  return busy;
}

static RaqamEvaluationSettings
settings_of (int n_images)
{
  return (RaqamEvaluationSettings){ .n_images = n_images, .seed = 1, .threshold = TRUE,
                                    .scores = TRUE, .device = "cpu", .options = { .n_threads = 1 } };
}

static void
evaluate (Fixture *fixture, const char *model, int n_images)
{
  const char *data[] = { train, test, NULL };
  g_autofree char *device = g_strdup ("cpu");
  RaqamEvaluationSettings settings = settings_of (n_images);

  /* All is copied. */
  settings.device = device;
  raqam_evaluator_evaluate (fixture->evaluator, model, data, &settings);
  memset (device, 'x', 3);
}

static void
judge_run (Fixture *fixture)
{
  const char *data[] = { train, test, NULL };
  RaqamEvaluationSettings settings = settings_of (100);

  raqam_evaluator_judge_run (fixture->evaluator, run, data, 0, &settings);
}

static void
test_evaluate (Fixture *fixture, gconstpointer data)
{
  g_assert_false (is_busy (fixture));
  evaluate (fixture, run, 200);
  g_assert_true (is_busy (fixture));
  g_assert_cmpuint (fixture->n_busy, ==, 1);
  wait_until (&fixture->n_evaluated, 1);

  g_assert_no_error (fixture->error);
  g_assert_cmpint (fixture->evaluation->settings.n_images, ==, 200);
  g_assert_cmpstr (fixture->evaluation->settings.device, ==, "cpu");
  g_assert_cmpuint (fixture->evaluation->step, ==, 6);
  g_assert_cmpint (fixture->evaluation->seen, ==, RAQAM_SEEN_TRAIN);
  g_assert_cmpuint (fixture->n_progress, >, 0);
  g_assert_false (is_busy (fixture));
  g_assert_cmpuint (fixture->n_busy, ==, 2);
}

static void
test_queue (Fixture *fixture, gconstpointer data)
{
  evaluate (fixture, run, 100);
  evaluate (fixture, run, 110);
  wait_until (&fixture->n_evaluated, 2);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (fixture->evaluation->settings.n_images, ==, 110);
  g_assert_cmpuint (fixture->n_busy, ==, 2);
}

static void
test_no_model (Fixture *fixture, gconstpointer data)
{
  evaluate (fixture, folder, 100);
  wait_until (&fixture->n_evaluated, 1);
  g_assert_null (fixture->evaluation);
  g_assert_error (fixture->error, RAQAM_ERROR, RAQAM_ERROR_RUN);
}

static void
ended_at_cb (RaqamEvaluator *evaluator, const char *run_folder, const GError *error, guint *when)
{
  *when = 1;
}

static void
evaluated_at_cb (RaqamEvaluator *evaluator, RaqamEvaluation *evaluation, const GError *error,
                 const guint *ended)
{
  g_assert_cmpuint (*ended, ==, 0);
}

/* Once while a timeline's first checkpoint of two is judged, and once while it waits. */
static void
test_evaluations_first (Fixture *fixture, gconstpointer data)
{
  guint ended = 0;

  g_signal_connect (fixture->evaluator, "timeline-ended", G_CALLBACK (ended_at_cb), &ended);
  g_signal_connect (fixture->evaluator, "evaluated", G_CALLBACK (evaluated_at_cb), &ended);
  judge_run (fixture);
  wait_until (&fixture->n_progress, 1);
  g_assert_true (raqam_evaluator_is_judging_run (fixture->evaluator));
  judge_run (fixture);
  evaluate (fixture, run, 120);
  evaluate (fixture, run, 130);
  wait_until (&fixture->n_evaluated, 2);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (fixture->evaluation->settings.n_images, ==, 130);
  wait_until (&fixture->n_ended, 2);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->n_judged, ==, 2);
  g_assert_cmpuint (fixture->n_busy, ==, 2);
  g_signal_handlers_disconnect_by_data (fixture->evaluator, &ended);
}

/* Each kind alone: the other goes on. */
static void
test_cancel_one_kind (Fixture *fixture, gconstpointer data)
{
  judge_run (fixture);
  evaluate (fixture, run, 120);
  raqam_evaluator_cancel_evaluations (fixture->evaluator);
  wait_until (&fixture->n_ended, 1);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->n_evaluated, ==, 1);
  g_assert_null (fixture->evaluation);
  g_assert_cmpuint (fixture->n_judged, ==, 2);

  judge_run (fixture);
  evaluate (fixture, run, 120);
  raqam_evaluator_cancel_timelines (fixture->evaluator);
  wait_until (&fixture->n_evaluated, 2);
  g_assert_nonnull (fixture->evaluation);
  wait_until (&fixture->n_ended, 2);
}

/* What lies under a name is loaded anew where it was written anew. */
static void
test_changed_data (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = segments_write (folder, "Test changing.cdb", 100, 2);
  const char *data[] = { train, path, NULL };
  RaqamEvaluationSettings settings = settings_of (100);

  raqam_evaluator_evaluate (fixture->evaluator, run, data, &settings);
  wait_until (&fixture->n_evaluated, 1);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (fixture->evaluation->n_test, ==, 100);

  g_free (segments_write (folder, "Test changing.cdb", 150, 3));
  raqam_evaluator_evaluate (fixture->evaluator, run, data, &settings);
  wait_until (&fixture->n_evaluated, 2);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (fixture->evaluation->n_test, ==, 150);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

/* Neither an evaluation nor an error after a cancel; what comes next is done. */
static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  fixture->cancel_at_progress = TRUE;
  evaluate (fixture, run, 100);
  evaluate (fixture, run, 120);
  judge_run (fixture);
  wait_until (&fixture->n_ended, 1);
  g_assert_cmpuint (fixture->n_evaluated, ==, 2);
  g_assert_null (fixture->evaluation);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->n_judged, ==, 0);
  g_assert_false (is_busy (fixture));

  fixture->cancel_at_progress = FALSE;
  evaluate (fixture, run, 130);
  wait_until (&fixture->n_evaluated, 3);
  g_assert_cmpint (fixture->evaluation->settings.n_images, ==, 130);
}

static void
test_judge_run (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) timeline = NULL;

  judge_run (fixture);
  wait_until (&fixture->n_ended, 1);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->n_judged, ==, 2);
  timeline = raqam_timeline_read (run);
  g_assert_cmpuint (timeline->len, ==, 2);
  g_assert_cmpuint (g_array_index (timeline, RaqamQuality, 0).step, ==, 3);
  g_assert_cmpuint (g_array_index (timeline, RaqamQuality, 1).step, ==, 6);
  g_assert_cmpint (g_array_index (timeline, RaqamQuality, 1).n_images, ==, 100);

  /* Once more: there is nothing to do. */
  judge_run (fixture);
  wait_until (&fixture->n_ended, 2);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->n_judged, ==, 2);
}

/* A damaged checkpoint is told of, and the others are judged. */
static void
test_damaged_checkpoint (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path =
    g_build_filename (run, "checkpoints", "step-000000000001.safetensors", NULL);

  g_assert_true (g_file_set_contents (path, "damaged", -1, NULL));
  judge_run (fixture);
  wait_until (&fixture->n_ended, 1);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpuint (fixture->n_judged, ==, 2);
  g_assert_error (fixture->error, RAQAM_ERROR, RAQAM_ERROR_CHECKPOINT);
}

/* A judge that has learned from other images judges anew what another has judged. */
static void
test_other_data (Fixture *fixture, gconstpointer unused)
{
  const char *data[] = { train, NULL };
  RaqamEvaluationSettings settings = settings_of (100);
  g_autoptr (GArray) timeline = NULL;

  judge_run (fixture);
  wait_until (&fixture->n_ended, 1);
  fixture->n_judged = 0;
  raqam_evaluator_judge_run (fixture->evaluator, run, data, 0, &settings);
  wait_until (&fixture->n_ended, 2);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->n_judged, ==, 2);
  timeline = raqam_timeline_read (run);
  g_assert_cmpuint (timeline->len, ==, 2);
  g_assert_true (raqam_timeline_compares (timeline, 0));
}

static void
test_no_run (Fixture *fixture, gconstpointer data)
{
  const char *paths[] = { train, NULL };
  RaqamEvaluationSettings settings = settings_of (100);

  raqam_evaluator_judge_run (fixture->evaluator, folder, paths, 0, &settings);
  wait_until (&fixture->n_ended, 1);
  g_assert_error (fixture->error, RAQAM_ERROR, RAQAM_ERROR_RUN);
}

/* In the midst of things: the thread is joined and no signal comes after. */
static void
test_close (Fixture *fixture, gconstpointer data)
{
  evaluate (fixture, run, 20000);
  wait_until (&fixture->n_progress, 1);
  raqam_evaluator_close (fixture->evaluator);
  g_assert_false (is_busy (fixture));
  g_assert_cmpuint (fixture->n_busy, ==, 2);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (fixture->n_evaluated, ==, 0);
  raqam_evaluator_close (fixture->evaluator);
}

/* A run of 6 steps with checkpoints at 3 and 6. */
static void
make_run (void)
{
  g_autoptr (RaqamRecipe) recipe = toy_recipe ("fast");
  const char *data[] = { train, NULL };
  RaqamTrainSettings settings = {
    .recipe = recipe, .data = data, .run_folder = run, .device = "cpu", .n_threads = 1,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamSession) session = raqam_session_open (&settings, NULL, &error);
  RaqamPoint point;

  g_assert_no_error (error);
  for (int step = 1; step <= 6; step++)
    {
      g_autofree char *path = NULL;

      g_assert_true (raqam_trainer_step (session->trainer, &point, NULL));
      if (step % 3 == 0)
        path = raqam_session_save (session, NULL, 0, &error);
      g_assert_no_error (error);
    }
}

static void
add (const char *name, void (*test_func) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/evaluator/%s", name);

  g_test_add (path, Fixture, NULL, set_up, test_func, tear_down);
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = toy_folder ();
  cache = g_build_filename (folder, "cache", NULL);
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  train = segments_write (folder, "Train seven.cdb", 300, 1);
  test = segments_write (folder, "Test seven.cdb", 100, 2);
  run = g_build_filename (folder, "run", NULL);
  make_run ();

  add ("evaluate", test_evaluate);
  add ("queue", test_queue);
  add ("no-model", test_no_model);
  add ("evaluations-first", test_evaluations_first);
  add ("cancel-one-kind", test_cancel_one_kind);
  add ("changed-data", test_changed_data);
  add ("cancel", test_cancel);
  add ("judge-run", test_judge_run);
  add ("damaged-checkpoint", test_damaged_checkpoint);
  add ("other-data", test_other_data);
  add ("no-run", test_no_run);
  add ("close", test_close);
  status = g_test_run ();

  toy_remove (folder);
  g_free (folder);
  g_free (cache);
  g_free (train);
  g_free (test);
  g_free (run);
  return status;
}
