/* critic-rig.c — a critic, what it said, and small runs on digits that were made up.
 * SPDX-License-Identifier: MIT */

#include "critic-rig.h"

#include <glib/gstdio.h>

#include "engine/session.h"
#include "segments.h"
#include "toy.h"

#define TIMEOUT (300 * G_USEC_PER_SEC)

CriticPlaces critic_places;

static void
state_cb (RaqamCritic *critic, CriticRig *rig)
{
  rig->n_states++;
}

static void
keep (GBytes **pixels, RaqamOpinion *to, const RaqamOpinion *from)
{
  g_clear_pointer (pixels, g_bytes_unref);
  *to = *from;
  *pixels = g_bytes_ref (from->pixels);
}

static void
told_cb (RaqamCritic *critic, const RaqamOpinion *opinion, CriticRig *rig)
{
  g_assert_true (rig->only == NULL || rig->only == opinion->pixels);
  if (opinion->n_neighbours > 0)
    {
      g_assert_false (opinion->has_probabilities || opinion->has_realness);
      rig->n_searches += rig->near_told != opinion->pixels;
      keep (&rig->near_told, &rig->near, opinion);
      rig->n_neighbours++;
    }
  else
    {
      keep (&rig->told, &rig->opinion, opinion);
      rig->n_told++;
    }
}

static void
progress_cb (RaqamCritic *critic, double done, CriticRig *rig)
{
  g_assert_cmpfloat (done, >=, 0);
  g_assert_cmpfloat (done, <=, 1);
  g_assert_true (raqam_critic_is_training (critic));
  rig->n_progress++;
  if (rig->cancel_at_progress)
    raqam_critic_cancel_training (critic);
}

static void
trained_cb (RaqamCritic *critic, const GError *error, CriticRig *rig)
{
  g_assert_false (raqam_critic_is_training (critic));
  rig->n_trained++;
  g_clear_error (&rig->error);
  rig->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
set_up (CriticRig *rig, gconstpointer data)
{
  rig->critic = raqam_critic_new ();
  g_signal_connect (rig->critic, "state-changed", G_CALLBACK (state_cb), rig);
  g_signal_connect (rig->critic, "told", G_CALLBACK (told_cb), rig);
  g_signal_connect (rig->critic, "progress", G_CALLBACK (progress_cb), rig);
  g_signal_connect (rig->critic, "trained", G_CALLBACK (trained_cb), rig);
}

static void
tear_down (CriticRig *rig, gconstpointer data)
{
  g_autofree char *cached = g_build_filename (g_get_user_cache_dir (), "raqam", NULL);

  g_object_unref (rig->critic);
  g_clear_pointer (&rig->told, g_bytes_unref);
  g_clear_pointer (&rig->near_told, g_bytes_unref);
  g_clear_error (&rig->error);
  if (g_file_test (cached, G_FILE_TEST_EXISTS))
    toy_remove (cached);
}

void
critic_rig_iterate (void)
{
  if (!g_main_context_iteration (NULL, FALSE))
    g_usleep (500);
}

void
critic_rig_wait_until (const guint *counter, guint n)
{
  gint64 end = g_get_monotonic_time () + TIMEOUT;

  while (*counter < n && g_get_monotonic_time () < end)
    critic_rig_iterate ();
  g_assert_cmpuint (*counter, >=, n);
}

void
critic_rig_wait_for_state (CriticRig *rig, RaqamCriticData data)
{
  gint64 end = g_get_monotonic_time () + TIMEOUT;
  guint n = rig->n_states;

  while ((rig->n_states == n || raqam_critic_get_state (rig->critic)->data != data)
         && g_get_monotonic_time () < end)
    critic_rig_iterate ();
  g_assert_cmpint (raqam_critic_get_state (rig->critic)->data, ==, data);
}

void
critic_rig_set_model (CriticRig *rig, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamModel) model = raqam_model_load (path, &error);

  g_assert_no_error (error);
  raqam_critic_set_model (rig->critic, model);
}

void
critic_rig_ask (CriticRig *rig, GBytes *pixels, int digit)
{
  gint64 end = g_get_monotonic_time () + TIMEOUT;

  raqam_critic_ask (rig->critic, pixels, digit);
  while ((rig->told != pixels || rig->near_told != pixels) && g_get_monotonic_time () < end)
    critic_rig_iterate ();
  g_assert_true (rig->told == pixels && rig->near_told == pixels);
}

GBytes *
critic_rig_picture (int i)
{
  guint8 pixels[RAQAM_IMAGE_SIZE];

  segments_draw (pixels, 77, i);
  return g_bytes_new (pixels, RAQAM_IMAGE_SIZE);
}

RaqamEvaluationData *
critic_rig_load_data (void)
{
  const char *paths[] = { critic_places.train, critic_places.test, NULL };
  g_autoptr (GError) error = NULL;
  RaqamEvaluationData *data = raqam_evaluation_data_load (paths, FALSE, NULL, &error);

  g_assert_no_error (error);
  return data;
}

/* A run of 6 steps on the training file alone. Returns: (transfer full): its checkpoint */
static char *
make_run (const char *name, const char *like)
{
  g_autofree char *to = g_build_filename (critic_places.folder, name, NULL);
  g_autoptr (RaqamRecipe) recipe = toy_recipe (like);
  const char *data[] = { critic_places.train, NULL };
  RaqamTrainSettings settings = {
    .recipe = recipe, .data = data, .run_folder = to, .device = "cpu", .n_threads = 1,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamSession) session = raqam_session_open (&settings, NULL, &error);
  RaqamPoint points[6];
  char *path;

  g_assert_no_error (error);
  g_assert_cmpint (raqam_trainer_run (session->trainer, points, 6, &error), ==, 6);
  path = raqam_session_save (session, NULL, 0, &error);
  g_assert_no_error (error);
  return path;
}

void
critic_rig_add (const char *name, void (*test_func) (CriticRig *, gconstpointer),
                gconstpointer data)
{
  g_autofree char *path = g_strdup_printf ("/critic/%s", name);

  g_test_add (path, CriticRig, data, set_up, test_func, tear_down);
}

void
critic_rig_begin (void)
{
  g_autofree char *cache = NULL, *nothing = NULL;

  critic_places.folder = toy_folder ();
  cache = g_build_filename (critic_places.folder, "cache", NULL);
  nothing = g_build_filename (critic_places.folder, "nothing", "here", NULL);
  g_assert_cmpint (g_mkdir_with_parents (nothing, 0777), ==, 0);
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_setenv ("XDG_DATA_HOME", nothing, TRUE);
  g_setenv ("HOME", nothing, TRUE);
  g_unsetenv ("HODA_DIR");
  g_assert_cmpint (g_chdir (nothing), ==, 0);

  critic_places.train =
    segments_write (critic_places.folder, "Train seven.cdb", CRITIC_N_TRAIN, 1);
  critic_places.test = segments_write (critic_places.folder, "Test seven.cdb", CRITIC_N_TEST, 2);
  critic_places.checkpoint = make_run ("run", "fast");
  critic_places.thesis_checkpoint = make_run ("thesis", "thesis");
}

void
critic_rig_end (void)
{
  g_assert_cmpint (g_chdir ("/"), ==, 0);
  toy_remove (critic_places.folder);
  g_free (critic_places.folder);
  g_free (critic_places.train);
  g_free (critic_places.test);
  g_free (critic_places.checkpoint);
  g_free (critic_places.thesis_checkpoint);
}
