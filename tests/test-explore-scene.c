/* test-explore-scene.c — one state that all of the Explore page shows and changes.
 * SPDX-License-Identifier: MIT
 *
 * The engine's answers are given here, so that they come when the test wants them.
 */

#include "app/explore-scene.h"

#include "engine/model-private.h"

#include <string.h>

typedef struct
{
  RaqamEngine       *engine;
  RaqamExploreScene *scene;
  GString           *heard; /* a letter for each signal, in order */
} Fixture;

static void
changed_cb (RaqamExploreScene *scene, Fixture *fixture)
{
  g_string_append_c (fixture->heard, 'c');
}

static void
model_changed_cb (RaqamExploreScene *scene, Fixture *fixture)
{
  g_string_append_c (fixture->heard, 'm');
}

static void
beside_changed_cb (RaqamExploreScene *scene, Fixture *fixture)
{
  g_string_append_c (fixture->heard, 'b');
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->engine = raqam_engine_new ();
  fixture->scene = raqam_explore_scene_new (fixture->engine);
  fixture->heard = g_string_new (NULL);
  g_signal_connect (fixture->scene, "changed", G_CALLBACK (changed_cb), fixture);
  g_signal_connect (fixture->scene, "model-changed", G_CALLBACK (model_changed_cb), fixture);
  g_signal_connect (fixture->scene, "beside-changed", G_CALLBACK (beside_changed_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_signal_handlers_disconnect_by_data (fixture->scene, fixture);
  g_assert_finalize_object (fixture->scene);
  raqam_engine_close (fixture->engine);
  g_assert_finalize_object (fixture->engine);
  g_string_free (fixture->heard, TRUE);
}

static void
assert_heard (Fixture *fixture, const char *letters)
{
  g_assert_cmpstr (fixture->heard->str, ==, letters);
  g_string_truncate (fixture->heard, 0);
}

static RaqamModel *
make_model (int latent)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamRecipe) recipe = raqam_recipe_find ("fast", &error);
  RaqamModel *model;

  g_assert_no_error (error);
  recipe->latent = latent;
  model = raqam_model_new (recipe);
  model->origin = g_strdup ("/nowhere/model.safetensors");
  return model;
}

static void
give_model (Fixture *fixture, const char *signal, int latent)
{
  g_autoptr (RaqamModel) model = make_model (latent);

  g_signal_emit_by_name (fixture->engine, signal, model, NULL);
}

static gboolean
can (Fixture *fixture, const char *what)
{
  gboolean value;

  g_object_get (fixture->scene, what, &value, NULL);
  return value;
}

static RaqamStyle
style (Fixture *fixture)
{
  return *raqam_explore_scene_get_style (fixture->scene);
}

static void
test_begins (Fixture *fixture, gconstpointer data)
{
  g_assert_null (raqam_explore_scene_get_model (fixture->scene));
  g_assert_null (raqam_explore_scene_get_beside (fixture->scene));
  g_assert_null (raqam_explore_scene_get_pixels (fixture->scene));
  g_assert_cmpint (style (fixture).latent, ==, 0);
  g_assert_false (can (fixture, "can-undo"));
  g_assert_false (can (fixture, "can-redo"));
  raqam_explore_scene_undo (fixture->scene);
  raqam_explore_scene_redo (fixture->scene);
  assert_heard (fixture, "");
}

/* The first model brings a picture of a seed that can be told. */
static void
test_first_model (Fixture *fixture, gconstpointer data)
{
  RaqamStyle want;

  give_model (fixture, "model", 24);
  assert_heard (fixture, "mc");
  g_assert_nonnull (raqam_explore_scene_get_model (fixture->scene));
  raqam_style_init (&want, 0, 24);
  raqam_style_randomise (&want, raqam_explore_scene_get_seed (fixture->scene), 0);
  g_assert_true (raqam_style_equal (&want, raqam_explore_scene_get_style (fixture->scene)));
  g_assert_false (can (fixture, "can-undo"));
}

/* A model of the same length draws the same style, whose past can still be undone; one of
 * another length begins anew, with the digit that was shown. */
static void
test_other_model (Fixture *fixture, gconstpointer data)
{
  RaqamStyle before;

  give_model (fixture, "model", 24);
  raqam_explore_scene_set_digit (fixture->scene, 7);
  before = style (fixture);
  assert_heard (fixture, "mcc");
  give_model (fixture, "model", 24);
  assert_heard (fixture, "mc");
  g_assert_true (raqam_style_equal (&before, raqam_explore_scene_get_style (fixture->scene)));
  g_assert_true (can (fixture, "can-undo"));
  give_model (fixture, "model", 16);
  assert_heard (fixture, "mc");
  g_assert_cmpint (style (fixture).latent, ==, 16);
  g_assert_cmpint (style (fixture).digit, ==, 7);
  g_assert_false (can (fixture, "can-undo"));
}

static void
test_changes (Fixture *fixture, gconstpointer data)
{
  RaqamStyle first, second;

  give_model (fixture, "model", 24);
  assert_heard (fixture, "mc");
  first = second = style (fixture);
  raqam_explore_scene_set_style (fixture->scene, &first, NULL);
  assert_heard (fixture, "");
  g_assert_false (can (fixture, "can-undo"));

  second.z[3] += 1;
  raqam_explore_scene_set_style (fixture->scene, &second, "latent");
  assert_heard (fixture, "c");
  g_assert_true (raqam_style_equal (&second, raqam_explore_scene_get_style (fixture->scene)));
  raqam_explore_scene_undo (fixture->scene);
  assert_heard (fixture, "c");
  g_assert_true (raqam_style_equal (&first, raqam_explore_scene_get_style (fixture->scene)));
  g_assert_false (can (fixture, "can-undo"));
  g_assert_true (can (fixture, "can-redo"));
  raqam_explore_scene_redo (fixture->scene);
  assert_heard (fixture, "c");
  g_assert_true (raqam_style_equal (&second, raqam_explore_scene_get_style (fixture->scene)));
  g_assert_false (can (fixture, "can-redo"));
}

/* Another digit in the same style, unmixed. */
static void
test_digit (Fixture *fixture, gconstpointer data)
{
  RaqamStyle mixed, after;

  give_model (fixture, "model", 24);
  mixed = style (fixture);
  mixed.other = 5;
  mixed.mix = 40;
  mixed.truncation = 0.8f;
  raqam_explore_scene_set_style (fixture->scene, &mixed, NULL);
  raqam_explore_scene_set_digit (fixture->scene, 9);
  after = style (fixture);
  g_assert_cmpint (after.digit, ==, 9);
  g_assert_cmpint (after.other, ==, 9);
  g_assert_cmpint (after.mix, ==, 0);
  g_assert_cmpfloat (after.truncation, ==, 0.8f);
  g_assert_cmpmem (after.z, sizeof after.z, mixed.z, sizeof mixed.z);
}

static void
count_cb (RaqamExploreScene *scene, guint slot, GBytes *pixels, guint *count)
{
  *count += 1;
}

/* Each hears of its own pictures, and the large one is kept. */
static void
test_drawn (Fixture *fixture, gconstpointer data)
{
  guint pictures = 0, blends = 0, all = 0;
  guint8 grey[784] = { 0 };
  g_autoptr (GBytes) pixels = g_bytes_new (grey, sizeof grey);

  g_signal_connect (fixture->scene, "drawn::picture", G_CALLBACK (count_cb), &pictures);
  g_signal_connect (fixture->scene, "drawn::blend", G_CALLBACK (count_cb), &blends);
  g_signal_connect (fixture->scene, "drawn", G_CALLBACK (count_cb), &all);
  g_signal_emit_by_name (fixture->engine, "drawn", (guint) RAQAM_SCENE_BLEND, pixels);
  g_assert_null (raqam_explore_scene_get_pixels (fixture->scene));
  g_signal_emit_by_name (fixture->engine, "drawn", (guint) RAQAM_SCENE_PICTURE, pixels);
  g_assert_true (raqam_explore_scene_get_pixels (fixture->scene) == pixels);
  g_signal_emit_by_name (fixture->engine, "drawn", (guint) RAQAM_N_SCENE_SLOTS, pixels);
  g_assert_cmpuint (pictures, ==, 1);
  g_assert_cmpuint (blends, ==, 1);
  g_assert_cmpuint (all, ==, 2);
}

/* Another model has drawn nothing yet, whatever is still on the screen. */
static void
test_drawn_by_other (Fixture *fixture, gconstpointer data)
{
  guint8 grey[784] = { 0 };
  g_autoptr (GBytes) pixels = g_bytes_new (grey, sizeof grey);

  give_model (fixture, "model", 24);
  g_signal_emit_by_name (fixture->engine, "drawn", (guint) RAQAM_SCENE_PICTURE, pixels);
  g_assert_nonnull (raqam_explore_scene_get_pixels (fixture->scene));
  give_model (fixture, "beside", 24);
  g_assert_nonnull (raqam_explore_scene_get_pixels (fixture->scene));
  give_model (fixture, "model", 24);
  g_assert_null (raqam_explore_scene_get_pixels (fixture->scene));
  g_assert_null (raqam_explore_scene_get_drawn (fixture->scene));
}

/* A model of another length begins with the digit that the mixed picture was called by. */
static void
test_other_length_of_mixed (Fixture *fixture, gconstpointer data)
{
  RaqamStyle mixed;

  give_model (fixture, "model", 24);
  mixed = style (fixture);
  mixed.other = 5;
  mixed.mix = 80;
  raqam_explore_scene_set_style (fixture->scene, &mixed, NULL);
  give_model (fixture, "model", 16);
  g_assert_cmpint (style (fixture).digit, ==, 5);
  g_assert_cmpint (style (fixture).other, ==, 5);
  g_assert_cmpint (style (fixture).mix, ==, 0);
}

/* The pixels go with the style that they are of until the next one is drawn. */
static void
test_drawn_style (Fixture *fixture, gconstpointer data)
{
  guint8 grey[784] = { 0 };
  g_autoptr (GBytes) pixels = g_bytes_new (grey, sizeof grey);

  give_model (fixture, "model", 24);
  g_assert_null (raqam_explore_scene_get_drawn (fixture->scene));
  raqam_explore_scene_set_digit (fixture->scene, 3);
  g_signal_emit_by_name (fixture->engine, "drawn", (guint) RAQAM_SCENE_PICTURE, pixels);
  raqam_explore_scene_set_digit (fixture->scene, 8);
  g_signal_emit_by_name (fixture->engine, "drawn", (guint) RAQAM_SCENE_BLEND, pixels);
  g_assert_cmpint (raqam_explore_scene_get_drawn (fixture->scene)->digit, ==, 3);
  g_signal_emit_by_name (fixture->engine, "drawn", (guint) RAQAM_SCENE_PICTURE, pixels);
  g_assert_cmpint (raqam_explore_scene_get_drawn (fixture->scene)->digit, ==, 8);
}

/* The second model comes and goes without a change of style, and of the first one. */
static void
test_beside (Fixture *fixture, gconstpointer data)
{
  give_model (fixture, "model", 24);
  assert_heard (fixture, "mc");
  give_model (fixture, "beside", 24);
  assert_heard (fixture, "b");
  g_assert_nonnull (raqam_explore_scene_get_beside (fixture->scene));
  g_signal_emit_by_name (fixture->engine, "beside", NULL, NULL);
  assert_heard (fixture, "b");
  g_assert_null (raqam_explore_scene_get_beside (fixture->scene));
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/explore-scene/begins", test_begins);
  add ("/explore-scene/first-model", test_first_model);
  add ("/explore-scene/other-model", test_other_model);
  add ("/explore-scene/other-length-of-mixed", test_other_length_of_mixed);
  add ("/explore-scene/changes", test_changes);
  add ("/explore-scene/digit", test_digit);
  add ("/explore-scene/drawn", test_drawn);
  add ("/explore-scene/drawn-by-other", test_drawn_by_other);
  add ("/explore-scene/drawn-style", test_drawn_style);
  add ("/explore-scene/beside", test_beside);
  return g_test_run ();
}
