/* test-fallback.c — runs and pictures on a GPU, and what is left of them when it fails.
 * SPDX-License-Identifier: MIT
 *
 * On pretended-gpu.c, which fails when it is told to. */

#include <string.h>

#include "engine/device.h"
#include "engine/engine.h"
#include "engine/history.h"
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
  guint64     last_step;
  gboolean    ended, finished, has_model;
  GError     *error, *notice, *failed;
  const char *backend;
  guint64     memory_used, memory;
  guint       n_drawn, n_failed;
  GBytes     *drawn;
} Fixture;

static void
points_cb (RaqamEngine *engine, const RaqamPoint *points, guint n, Fixture *fixture)
{
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (points[i].step, ==, ++fixture->last_step);
}

static void
progress_cb (RaqamEngine *engine, const RaqamProgress *progress, Fixture *fixture)
{
  fixture->backend = progress->backend;
  fixture->memory_used = progress->memory_used;
  fixture->memory = progress->memory;
}

static void
ended_cb (RaqamEngine *engine, gboolean finished, const GError *error, Fixture *fixture)
{
  fixture->ended = TRUE;
  fixture->finished = finished;
  fixture->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
notice_cb (RaqamEngine *engine, const GError *error, Fixture *fixture)
{
  g_clear_error (&fixture->notice);
  fixture->notice = g_error_copy (error);
}

static void
failed_cb (RaqamEngine *engine, const GError *error, Fixture *fixture)
{
  g_clear_error (&fixture->failed);
  fixture->failed = g_error_copy (error);
  fixture->n_failed++;
}

static void
model_cb (RaqamEngine *engine, RaqamModel *model, const GError *error, Fixture *fixture)
{
  fixture->has_model = model != NULL;
}

static void
drawn_cb (RaqamEngine *engine, guint slot, GBytes *pixels, Fixture *fixture)
{
  g_clear_pointer (&fixture->drawn, g_bytes_unref);
  fixture->drawn = g_bytes_ref (pixels);
  fixture->n_drawn++;
}

/* Whatever failed in the test before is whole again once it has been asked for. */
static void
mend (void)
{
  g_unsetenv ("RAQAM_PRETENDED_FAILURE");
  g_ptr_array_unref (raqam_device_list ());
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  mend ();
  fixture->folder = toy_folder ();
  fixture->data = toy_write_data (fixture->folder, N_IMAGES);
  fixture->run = g_build_filename (fixture->folder, "run", NULL);
  fixture->recipe = toy_recipe ("fast");
  fixture->engine = raqam_engine_new ();
  g_signal_connect (fixture->engine, "points", G_CALLBACK (points_cb), fixture);
  g_signal_connect (fixture->engine, "progress", G_CALLBACK (progress_cb), fixture);
  g_signal_connect (fixture->engine, "ended", G_CALLBACK (ended_cb), fixture);
  g_signal_connect (fixture->engine, "notice", G_CALLBACK (notice_cb), fixture);
  g_signal_connect (fixture->engine, "failed", G_CALLBACK (failed_cb), fixture);
  g_signal_connect (fixture->engine, "model", G_CALLBACK (model_cb), fixture);
  g_signal_connect (fixture->engine, "drawn", G_CALLBACK (drawn_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  raqam_engine_close (fixture->engine);
  g_object_unref (fixture->engine);
  g_clear_error (&fixture->error);
  g_clear_error (&fixture->notice);
  g_clear_error (&fixture->failed);
  g_clear_pointer (&fixture->drawn, g_bytes_unref);
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

#define WAIT_FOR(condition)                                          \
  G_STMT_START {                                                     \
    gint64 until_ = g_get_monotonic_time () + TIMEOUT;               \
    guint wake_ = g_timeout_add (20, wake_cb, NULL);                 \
    while (!(condition) && g_get_monotonic_time () < until_)         \
      g_main_context_iteration (NULL, TRUE);                         \
    g_source_remove (wake_);                                         \
    g_assert_true (condition);                                       \
  } G_STMT_END

/* To its end, whichever that is. */
static void
train (Fixture *fixture, const char *run, const char *device, int epochs, gboolean resume)
{
  const char *data[] = { fixture->data, NULL };
  RaqamTrainSettings settings = {
    .recipe = resume ? NULL : fixture->recipe,
    .data = resume ? NULL : data,
    .run_folder = run,
    .resume = resume,
    .epochs = epochs,
    .device = device,
    .precision = resume ? RAQAM_PRECISION_AUTO : RAQAM_PRECISION_TF32,
    .n_threads = 1,
    .sample_rows = 2,
  };

  if (g_str_equal (device, "cpu"))
    settings.precision = RAQAM_PRECISION_AUTO;
  fixture->ended = FALSE;
  fixture->last_step = 0;
  g_clear_error (&fixture->error);
  raqam_engine_train (fixture->engine, &settings);
  WAIT_FOR (fixture->ended);
}

/* A run on the CPU that nothing has disturbed has the same weights. */
static void
assert_undisturbed (Fixture *fixture, int epochs)
{
  g_autofree char *other = g_strconcat (fixture->run, "-undisturbed", NULL);
  g_autoptr (RaqamModel) got = raqam_model_load (fixture->run, NULL), want = NULL;

  train (fixture, other, "cpu", epochs, FALSE);
  g_assert_no_error (fixture->error);
  want = raqam_model_load (other, NULL);
  g_assert_nonnull (got);
  g_assert_nonnull (want);
  g_assert_cmpuint (got->step, ==, want->step);
  g_assert_cmpmem (got->params, sizeof (float) * got->n_params, want->params,
                   sizeof (float) * want->n_params);
}

static void
test_to_the_end (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) points = NULL;

  train (fixture, fixture->run, "cuda", 20, FALSE);
  g_assert_no_error (fixture->error);
  g_assert_true (fixture->finished);
  g_assert_cmpuint (fixture->last_step, ==, 200);
  g_assert_cmpstr (fixture->backend, ==, "cuda");
  g_assert_cmpuint (fixture->memory, ==, G_GUINT64_CONSTANT (8) << 30);
  g_assert_cmpuint (fixture->memory_used, >, G_GUINT64_CONSTANT (1) << 29);
  points = raqam_history_read (fixture->run, NULL);
  g_assert_nonnull (points);
  g_assert_cmpuint (points->len, ==, 200);
  assert_undisturbed (fixture, 20);
}

/* What is there by the last checkpoint is kept, and the CPU goes on with it. */
static void
test_fails_in_mid_run (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RaqamRun) run = NULL;

  g_setenv ("RAQAM_PRETENDED_FAILURE", "57", TRUE);
  train (fixture, fixture->run, "cuda", 12, FALSE);
  g_assert_error (fixture->error, RAQAM_ERROR, RAQAM_ERROR_DEVICE);
  g_assert_false (fixture->finished);
  run = raqam_run_load (fixture->run, NULL);
  g_assert_nonnull (run);
  g_assert_cmpstr (run->state, ==, "failed");
  g_assert_cmpstr (run->message, ==, fixture->error->message);
  g_assert_cmpuint (run->step, ==, 50);
  g_assert_true (raqam_run_is_resumable (run));

  train (fixture, fixture->run, "cpu", 0, TRUE);
  g_assert_no_error (fixture->error);
  g_assert_true (fixture->finished);
  g_assert_cmpuint (fixture->last_step, ==, 120);
  assert_undisturbed (fixture, 12);
}

/* "auto" goes on with the CPU and says why; how it fails is @how. */
static void
test_automatic (Fixture *fixture, gconstpointer how)
{
  g_setenv ("RAQAM_PRETENDED_FAILURE", how, TRUE);
  train (fixture, fixture->run, "auto", 2, FALSE);
  g_assert_no_error (fixture->error);
  g_assert_true (fixture->finished);
  g_assert_cmpstr (fixture->backend, ==, "cpu");
  g_assert_cmpuint (fixture->memory, ==, 0);
  g_assert_nonnull (fixture->notice);
  g_assert_true (raqam_error_is_device (fixture->notice));
  g_assert_nonnull (strstr (fixture->notice->message, "pretended GPU"));
  g_assert_nonnull (strstr (fixture->notice->message, "CPU"));
}

/* "cuda" means it, and leaves nothing behind. */
static void
test_asked_for (Fixture *fixture, gconstpointer how)
{
  g_setenv ("RAQAM_PRETENDED_FAILURE", how, TRUE);
  train (fixture, fixture->run, "cuda", 2, FALSE);
  g_assert_true (raqam_error_is_device (fixture->error));
  g_assert_null (fixture->notice);
  g_assert_false (g_file_test (fixture->run, G_FILE_TEST_EXISTS));
}

static void
draw (Fixture *fixture)
{
  RaqamStyle style;

  raqam_style_init (&style, 3, fixture->recipe->latent);
  raqam_engine_draw (fixture->engine, RAQAM_STAGE_MAIN, 0, &style, 1);
}

/* Draws until a GPU that fails behind its third picture has done so. */
static void
explore_to_failure (Fixture *fixture, const char *device)
{
  gint64 until = g_get_monotonic_time () + TIMEOUT;

  train (fixture, fixture->run, "cpu", 1, FALSE);
  g_assert_no_error (fixture->error);
  raqam_engine_open_model (fixture->engine, fixture->run);
  WAIT_FOR (fixture->has_model);

  g_setenv ("RAQAM_PRETENDED_FAILURE", "3", TRUE);
  raqam_engine_explore_on (fixture->engine, device);
  while (fixture->failed == NULL && g_get_monotonic_time () < until)
    {
      gint64 quiet = g_get_monotonic_time () + G_USEC_PER_SEC / 2;

      draw (fixture);
      WAIT_FOR (g_get_monotonic_time () > quiet);
    }
  g_assert_error (fixture->failed, RAQAM_ERROR, RAQAM_ERROR_DEVICE);
  g_assert_nonnull (strstr (fixture->failed->message, "pretended GPU"));
  g_assert_cmpuint (fixture->n_drawn, >=, 3);
}

/* All pictures are the same one, whoever drew it. */
static void
test_explored (Fixture *fixture, gconstpointer data)
{
  guint n_drawn;

  explore_to_failure (fixture, "auto");
  n_drawn = fixture->n_drawn;
  draw (fixture);
  WAIT_FOR (fixture->n_drawn > n_drawn);
  g_assert_cmpuint (fixture->n_failed, ==, 1);
}

static void
test_explored_on_the_gpu_alone (Fixture *fixture, gconstpointer data)
{
  guint n_drawn;
  gint64 quiet;

  explore_to_failure (fixture, "cuda");
  n_drawn = fixture->n_drawn;
  draw (fixture);
  quiet = g_get_monotonic_time () + G_USEC_PER_SEC / 5;
  WAIT_FOR (g_get_monotonic_time () > quiet);
  g_assert_cmpuint (fixture->n_drawn, ==, n_drawn);
  g_assert_cmpuint (fixture->n_failed, ==, 1);

  raqam_engine_explore_on (fixture->engine, "cpu");
  draw (fixture);
  WAIT_FOR (fixture->n_drawn > n_drawn);
}

#define N_MIXTURES 25

/* Some digits, then mixtures of one pair with digits among them, then of others. */
static RaqamStyle
mixture_of (int latent, int i)
{
  RaqamStyle style;

  raqam_style_init (&style, i < 4 ? i : i < 18 ? 6 : 8, latent);
  raqam_style_randomise (&style, 2, i);
  style.other = i < 4 ? i : i < 18 ? 2 : 9 - i % 3;
  style.mix = i < 4 ? 0 : i % 5 * 25;
  return style;
}

static GBytes *
draw_mixtures (Fixture *fixture)
{
  RaqamStyle styles[N_MIXTURES];
  guint n_drawn = fixture->n_drawn;

  for (int i = 0; i < N_MIXTURES; i++)
    styles[i] = mixture_of (fixture->recipe->latent, i);
  raqam_engine_draw (fixture->engine, RAQAM_STAGE_MAIN, 0, styles, N_MIXTURES);
  WAIT_FOR (fixture->n_drawn > n_drawn);
  return g_bytes_ref (fixture->drawn);
}

/* A GPU draws them ten at a time, and they are what the CPU draws one by one. */
static void
test_mixtures (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) want = NULL, got = NULL;
  gint64 quiet;

  train (fixture, fixture->run, "cpu", 3, FALSE);
  raqam_engine_open_model (fixture->engine, fixture->run);
  WAIT_FOR (fixture->has_model);
  want = draw_mixtures (fixture);
  g_assert_cmpuint (g_bytes_get_size (want), ==, N_MIXTURES * RAQAM_IMAGE_SIZE);

  /* That it was the GPU is seen by its failing at last. */
  g_setenv ("RAQAM_PRETENDED_FAILURE", "40", TRUE);
  raqam_engine_explore_on (fixture->engine, "cuda");
  draw (fixture);
  quiet = g_get_monotonic_time () + G_USEC_PER_SEC;
  WAIT_FOR (g_get_monotonic_time () > quiet);
  got = draw_mixtures (fixture);
  g_assert_true (g_bytes_equal (got, want));

  while (fixture->failed == NULL)
    {
      guint n_drawn = fixture->n_drawn;

      draw (fixture);
      WAIT_FOR (fixture->n_drawn > n_drawn || fixture->failed != NULL);
      g_assert_cmpuint (fixture->n_drawn, <, 100);
    }
  g_assert_error (fixture->failed, RAQAM_ERROR, RAQAM_ERROR_DEVICE);
}

static void
test_explored_where_it_cannot_be_opened (Fixture *fixture, gconstpointer device)
{
  gint64 quiet;

  train (fixture, fixture->run, "cpu", 1, FALSE);
  raqam_engine_open_model (fixture->engine, fixture->run);
  WAIT_FOR (fixture->has_model);
  g_setenv ("RAQAM_PRETENDED_FAILURE", "open", TRUE);
  raqam_engine_explore_on (fixture->engine, device);
  draw (fixture);
  WAIT_FOR (fixture->n_drawn == 1);
  quiet = g_get_monotonic_time () + G_USEC_PER_SEC;
  WAIT_FOR (g_get_monotonic_time () > quiet);
  g_assert_cmpuint (fixture->n_failed, ==, g_str_equal (device, "cuda"));
}

static void
add (const char *name, gconstpointer data, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/fallback/%s", name);

  g_test_add (path, Fixture, data, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("to-the-end", NULL, test_to_the_end);
  add ("fails-in-mid-run", NULL, test_fails_in_mid_run);
  add ("automatic/open", "open", test_automatic);
  add ("automatic/memory", "memory", test_automatic);
  add ("asked-for/open", "open", test_asked_for);
  add ("asked-for/memory", "memory", test_asked_for);
  add ("explored", NULL, test_explored);
  add ("explored-on-the-gpu-alone", NULL, test_explored_on_the_gpu_alone);
  add ("mixtures", NULL, test_mixtures);
  add ("explored-where-it-cannot-be-opened/auto", "auto", test_explored_where_it_cannot_be_opened);
  add ("explored-where-it-cannot-be-opened/cuda", "cuda", test_explored_where_it_cannot_be_opened);

  return g_test_run ();
}
