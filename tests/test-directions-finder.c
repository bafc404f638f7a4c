/* test-directions-finder.c — which directions are found, and in which order.
 * SPDX-License-Identifier: MIT */

#include "engine/directions-finder.h"

#include "engine/directions-cache.h"
#include "engine/model-private.h"
#include "engine/network.h"
#include "toy.h"

#include <string.h>

#define N_DIGITS 10

typedef struct
{
  RaqamDirectionsFinder *finder;
  GArray                *found; /* of int: the digits, as they came */
} Fixture;

static void
found_cb (int digit, const GError *error, gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_no_error (error);
  g_assert_nonnull (raqam_directions_finder_get (self->finder, digit));
  g_array_append_val (self->found, digit);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->found = g_array_new (FALSE, FALSE, sizeof (int));
  self->finder = raqam_directions_finder_new (found_cb, self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->finder, raqam_directions_finder_free);
  g_array_unref (self->found);
}

static RaqamModel *
model_new (guint64 seed, const char *origin)
{
  g_autoptr (RaqamRecipe) recipe = toy_recipe ("fast");
  RaqamModel *model;
  RaqamNetworkSpec spec;

  recipe->seed = seed;
  model = raqam_model_new (recipe);
  model->origin = g_strdup (origin);
  raqam_network_spec_init (&spec, recipe, RAQAM_GENERATOR);
  raqam_network_initialise (model->params, model->state, &spec, recipe);
  return model;
}

static void
wait_for (Fixture *self, guint n)
{
  while (self->found->len < n)
    g_main_context_iteration (NULL, TRUE);
}

static int
nth (const Fixture *self, guint i)
{
  return g_array_index (self->found, int, i);
}

static void
assert_are_those_of (Fixture *self, const RaqamModel *model, int digit)
{
  g_autofree RaqamDirections *expected = g_new0 (RaqamDirections, 1);
  g_autoptr (GError) error = NULL;

  raqam_directions_of_model (expected, model, digit, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (raqam_directions_finder_get (self->finder, digit), sizeof *expected, expected,
                   sizeof *expected);
}

/* The wanted one comes first, then each of the others once, and all are kept. */
static void
test_all (Fixture *self, gconstpointer data)
{
  g_autoptr (RaqamModel) model = model_new (1, "one");
  g_autofree char *key = raqam_directions_cache_key (model);
  gboolean seen[N_DIGITS] = { FALSE };

  raqam_directions_finder_want (self->finder, model, 6);
  g_assert_null (raqam_directions_finder_get (self->finder, 6));
  wait_for (self, N_DIGITS);
  g_assert_cmpint (nth (self, 0), ==, 6);
  for (int i = 0; i < N_DIGITS; i++)
    {
      g_autofree RaqamDirections *kept = g_new (RaqamDirections, 1);

      g_assert_false (seen[nth (self, i)]);
      seen[nth (self, i)] = TRUE;
      g_assert_true (raqam_directions_cache_load (kept, key, i, model->recipe->latent));
    }
  assert_are_those_of (self, model, 6);
  assert_are_those_of (self, model, 0);
}

/* What was kept is taken as it is. */
static void
test_kept (Fixture *self, gconstpointer data)
{
  g_autoptr (RaqamModel) model = model_new (2, "two");
  g_autofree char *key = raqam_directions_cache_key (model);
  g_autofree RaqamDirections *made_up = g_new0 (RaqamDirections, 1);

  made_up->latent = model->recipe->latent;
  made_up->n = RAQAM_DIRECTIONS_MAX;
  for (int d = 0; d < made_up->n; d++)
    made_up->list[d].vector[d] = -1;
  raqam_directions_cache_save (made_up, key, 3);

  raqam_directions_finder_want (self->finder, model, 3);
  wait_for (self, 1);
  g_assert_cmpmem (raqam_directions_finder_get (self->finder, 3), sizeof *made_up, made_up,
                   sizeof *made_up);
}

/* A followed model: its first directions stay until it has rested, and those of
 * the states that it hurried through are never found. */
static void
test_followed (Fixture *self, gconstpointer data)
{
  g_autoptr (RaqamModel) first = model_new (10, "run");
  g_autoptr (RaqamModel) last = model_new (15, "run");

  raqam_directions_finder_want (self->finder, first, 4);
  for (guint64 seed = 11; seed < 15; seed++)
    {
      g_autoptr (RaqamModel) between = model_new (seed, "run");

      raqam_directions_finder_want (self->finder, between, 4);
    }
  wait_for (self, 1);
  raqam_directions_finder_want (self->finder, last, 4);
  g_assert_nonnull (raqam_directions_finder_get (self->finder, 4));
  wait_for (self, 2);
  g_assert_cmpint (nth (self, 0), ==, 4);
  g_assert_cmpint (nth (self, 1), ==, 4);
  assert_are_those_of (self, last, 4);
}

/* Another model's directions are nothing to this one. */
static void
test_another_model (Fixture *self, gconstpointer data)
{
  g_autoptr (RaqamModel) one = model_new (20, "one");
  g_autoptr (RaqamModel) other = model_new (21, "other");

  raqam_directions_finder_want (self->finder, one, 5);
  wait_for (self, 1);
  raqam_directions_finder_want (self->finder, other, 5);
  g_assert_null (raqam_directions_finder_get (self->finder, 5));
  wait_for (self, 2);
  assert_are_those_of (self, other, 5);
}

/* Of many wishes in a hurry the last one is granted. */
static void
test_hurry (Fixture *self, gconstpointer data)
{
  g_autoptr (RaqamModel) last = NULL;

  for (guint64 seed = 30; seed < 40; seed++)
    {
      g_autofree char *origin = g_strdup_printf ("model %d", (int) seed);

      g_clear_pointer (&last, raqam_model_unref);
      last = model_new (seed, origin);
      raqam_directions_finder_want (self->finder, last, (int) seed % N_DIGITS);
    }
  wait_for (self, 1);
  g_assert_cmpint (nth (self, 0), ==, 9);
  assert_are_those_of (self, last, 9);
}

/* It goes in the middle of its work, and nothing is told afterwards. */
static void
test_freed (Fixture *self, gconstpointer data)
{
  g_autoptr (RaqamModel) model = model_new (50, "freed");

  raqam_directions_finder_want (self->finder, model, 1);
  g_usleep (G_USEC_PER_SEC / 50);
  g_clear_pointer (&self->finder, raqam_directions_finder_free);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (self->found->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = toy_folder ();
  int result;

  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func)                                                                           \
  g_test_add ("/directions-finder/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("all", test_all);
  ADD ("kept", test_kept);
  ADD ("followed", test_followed);
  ADD ("another-model", test_another_model);
  ADD ("hurry", test_hurry);
  ADD ("freed", test_freed);

  result = g_test_run ();
  toy_remove (folder);
  return result;
}
