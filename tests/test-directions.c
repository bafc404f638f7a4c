/* test-directions.c — directions that are known by how the pictures are made.
 * SPDX-License-Identifier: MIT */

#include "engine/directions.h"

#include "engine/model-private.h"
#include "engine/network.h"
#include "feature-sets.h"
#include "toy.h"

#include <math.h>
#include <string.h>

static void
assert_near (double value, double expected, double within)
{
  if (!(fabs (value - expected) <= within))
    g_error ("%g is not within %g of %g", value, within, expected);
}

static void
assert_orthonormal (const RaqamDirections *self)
{
  for (int a = 0; a < self->n; a++)
    for (int b = 0; b <= a; b++)
      {
        double product = 0;

        for (int i = 0; i < RAQAM_MAX_LATENT; i++)
          product += (double) self->list[a].vector[i] * self->list[b].vector[i];
        assert_near (product, a == b, 1e-5);
      }
}

/* Features as fixtures/make-directions.py makes them. */
static void
test_principal (gconstpointer data)
{
  g_autoptr (GPtrArray) lines = read_fixture_lines ("directions.txt");
  gboolean found = FALSE;

  for (guint line = 0; line < lines->len; line++)
    {
      char **words = g_ptr_array_index (lines, line);
      guint64 seed = (guint64) atoi (words[1]);
      int n = atoi (words[2]), latent = atoi (words[3]), d = atoi (words[4]);
      int known = MIN (latent, d);
      g_autofree float *z = feature_set_new (seed, 0, n, latent, latent, 1, 1 / 4.0f);
      g_autofree float *mix = feature_set_new (seed + 1, 2, latent, d, 4, 0, 1);
      g_autofree float *y
        = feature_set_new (seed, 1, n, d, atoi (words[5]), 2, (float) atof (words[6]) / 64);
      g_autofree RaqamDirections *directions = g_new (RaqamDirections, 1);

      if (!g_str_equal (words[0], data))
        continue;
      found = TRUE;
      for (int i = 0; i < n; i++)
        for (int k = 0; k < d; k++)
          for (int j = 0; j < latent; j++)
            y[i * d + k] += z[i * latent + j] * mix[j * d + k];

      raqam_directions_principal (directions, z, y, n, latent, d);
      g_assert_cmpint (directions->latent, ==, latent);
      g_assert_cmpint (directions->n, ==, MIN (latent, RAQAM_DIRECTIONS_MAX));
      assert_orthonormal (directions);
      g_assert_cmpint (g_strv_length (words), ==, 7 + known * (1 + latent));
      for (int i = 0; i < known; i++)
        {
          char **figures = words + 7 + i * (1 + latent);

          assert_near (directions->list[i].share, atof (figures[0]), 1e-5);
          g_assert_cmpint (directions->list[i].meaning, ==, RAQAM_DIRECTION_UNNAMED);
          for (int j = 0; j < latent; j++)
            assert_near (directions->list[i].vector[j], atof (figures[1 + j]), 1e-4);
        }
    }
  g_assert_true (found);
}

/* No feature answers to anything: still orthonormal, and nothing is explained. */
static void
test_constant (void)
{
  g_autofree float *z = feature_set_new (5, 0, 60, 12, 12, 0, 1);
  g_autofree float *y = g_new0 (float, 60 * 7);
  g_autofree RaqamDirections *directions = g_new (RaqamDirections, 1);

  raqam_directions_principal (directions, z, y, 60, 12, 7);
  g_assert_cmpint (directions->n, ==, RAQAM_DIRECTIONS_MAX);
  assert_orthonormal (directions);
  for (int d = 0; d < directions->n; d++)
    g_assert_cmpfloat (directions->list[d].share, ==, 0);
}

/* Trials of three directions. */
#define TRIALS 20

typedef struct
{
  RaqamDirections     directions;
  RaqamDirectionTrial trials[3 * TRIALS];
  double              deviations[RAQAM_N_SHAPES];
} Naming;

static Naming *
naming_new (void)
{
  Naming *self = g_new0 (Naming, 1);

  self->directions.latent = 3;
  self->directions.n = 3;
  for (int d = 0; d < 3; d++)
    self->directions.list[d].vector[d] = 1;
  for (int m = 0; m < RAQAM_N_SHAPES; m++)
    self->deviations[m] = 2;
  return self;
}

/* From −2 to +2 measure @m changes by @deviations standard deviations. */
static void
set_effect (Naming *self, int direction, int m, double deviations)
{
  for (int t = 0; t < TRIALS; t++)
    {
      self->trials[direction * TRIALS + t].low[m] = t;
      self->trials[direction * TRIALS + t].high[m] = t + deviations * self->deviations[m];
    }
}

static void
name (Naming *self)
{
  raqam_directions_name (&self->directions, self->trials, TRIALS, self->deviations);
}

static void
assert_meanings (const Naming *self, int first, int second, int third)
{
  g_assert_cmpint (self->directions.list[0].meaning, ==, first);
  g_assert_cmpint (self->directions.list[1].meaning, ==, second);
  g_assert_cmpint (self->directions.list[2].meaning, ==, third);
}

#define NONE RAQAM_DIRECTION_UNNAMED

static void
test_names (void)
{
  g_autofree Naming *naming = naming_new ();

  set_effect (naming, 0, RAQAM_SHAPE_SLANT, 2);
  set_effect (naming, 0, RAQAM_SHAPE_WIDTH, -1.9);
  set_effect (naming, 1, RAQAM_SHAPE_INK, RAQAM_DIRECTION_EFFECT + 0.01);
  set_effect (naming, 2, RAQAM_SHAPE_HEIGHT, RAQAM_DIRECTION_EFFECT - 0.01);
  name (naming);
  assert_meanings (naming, RAQAM_SHAPE_SLANT, RAQAM_SHAPE_INK, NONE);
  assert_near (naming->directions.list[0].effects[RAQAM_SHAPE_SLANT], 2, 1e-9);
  assert_near (naming->directions.list[0].effects[RAQAM_SHAPE_WIDTH], -1.9, 1e-9);
  assert_near (naming->directions.list[0].vector[0], 1, 0);
}

/* What makes less of a measure is turned, with all its effects. */
static void
test_turned (void)
{
  g_autofree Naming *naming = naming_new ();

  set_effect (naming, 1, RAQAM_SHAPE_STROKE, -3);
  set_effect (naming, 1, RAQAM_SHAPE_INK, 1);
  name (naming);
  assert_meanings (naming, NONE, RAQAM_SHAPE_STROKE, NONE);
  assert_near (naming->directions.list[1].vector[1], -1, 0);
  assert_near (naming->directions.list[1].effects[RAQAM_SHAPE_STROKE], 3, 1e-9);
  assert_near (naming->directions.list[1].effects[RAQAM_SHAPE_INK], -1, 1e-9);
}

/* One name, to the direction that has most of it. */
static void
test_once (void)
{
  g_autofree Naming *naming = naming_new ();

  set_effect (naming, 0, RAQAM_SHAPE_WIDTH, 2);
  set_effect (naming, 1, RAQAM_SHAPE_WIDTH, -2.5);
  set_effect (naming, 2, RAQAM_SHAPE_WIDTH, 1.8);
  name (naming);
  assert_meanings (naming, NONE, RAQAM_SHAPE_WIDTH, NONE);
}

/* A large mean that three styles out of twenty go against is no meaning. */
static void
test_agreement (void)
{
  g_autofree Naming *naming = naming_new ();

  set_effect (naming, 0, RAQAM_SHAPE_SLANT, -0.1);
  set_effect (naming, 1, RAQAM_SHAPE_SLANT, -0.1);
  for (int t = 0; t < TRIALS; t++)
    {
      naming->trials[t].high[RAQAM_SHAPE_SLANT] += t % 20 < 17 ? 50 : 0;
      naming->trials[TRIALS + t].high[RAQAM_SHAPE_SLANT] += t % 20 < 19 ? 40 : 0;
    }
  name (naming);
  assert_meanings (naming, NONE, RAQAM_SHAPE_SLANT, NONE);
}

/* Empty pictures have no slant: too many of them, and nothing can be said. */
static void
test_empty (void)
{
  g_autofree Naming *naming = naming_new ();

  set_effect (naming, 0, RAQAM_SHAPE_SLANT, 2);
  set_effect (naming, 1, RAQAM_SHAPE_ROUNDNESS, 2);
  set_effect (naming, 2, RAQAM_SHAPE_HEIGHT, 2);
  for (int t = 0; t < TRIALS; t++)
    {
      if (t < 1)
        naming->trials[t].low[RAQAM_SHAPE_SLANT] = NAN;
      naming->trials[TRIALS + t].high[RAQAM_SHAPE_ROUNDNESS] = NAN;
      if (t < 5)
        naming->trials[2 * TRIALS + t].high[RAQAM_SHAPE_HEIGHT] = NAN;
    }
  name (naming);
  assert_meanings (naming, RAQAM_SHAPE_SLANT, NONE, NONE);
  assert_near (naming->directions.list[0].effects[RAQAM_SHAPE_SLANT], 2, 1e-9);
  assert_near (naming->directions.list[1].effects[RAQAM_SHAPE_ROUNDNESS], 0, 0);
}

/* A measure that does not vary has no unit in which to tell a change. */
static void
test_deviations (void)
{
  const double useless[] = { 0, NAN };

  for (guint i = 0; i < G_N_ELEMENTS (useless); i++)
    {
      g_autofree Naming *naming = naming_new ();

      set_effect (naming, 0, RAQAM_SHAPE_SLANT, 2);
      set_effect (naming, 0, RAQAM_SHAPE_INK, 1.5);
      naming->deviations[RAQAM_SHAPE_SLANT] = useless[i];
      name (naming);
      assert_meanings (naming, RAQAM_SHAPE_INK, NONE, NONE);
    }
}

/* A generator made by hand: upright bars, whose height answers to one direction, their slant
 * to another and their width to a third. Nothing else in z is of any effect. */
#define LATENT 6

typedef struct
{
  float         height[LATENT], slant[LATENT], width[LATENT];
  int           calls;
  int           fail_at; /* of calls; 0: never */
  GCancellable *cancel;  /* cancelled in the third call, or NULL */
} Bars;

static const Bars BARS = {
  .height = { 0.6f, 0, 0.8f, 0, 0, 0 },
  .slant = { 0, 0.28f, 0, -0.96f, 0, 0 },
  .width = { 0, 0, 0, 0, 0, -1 },
};

static double
along (const float *z, const float *u)
{
  double sum = 0;

  for (int i = 0; i < LATENT; i++)
    sum += (double) z[i] * u[i];
  return sum;
}

/* A picture of 4 × 4 samples a pixel. */
static void
draw_bar (guint8 *pixels, double width, double height, double slant)
{
  for (int i = 0; i < RAQAM_IMAGE_SIZE; i++)
    {
      int inside = 0;

      for (int s = 0; s < 16; s++)
        {
          double x = i % RAQAM_IMAGE_SIDE + (s % 4 + 0.5) / 4 - 14;
          double y = i / RAQAM_IMAGE_SIDE + (s / 4 + 0.5) / 4 - 14;

          inside += fabs (x + slant * y) <= width / 2 && fabs (y) <= height / 2;
        }
      pixels[i] = (guint8) (255 * inside / 16);
    }
}

static gboolean
draw_bars (guint8 *pixels, const float *z, int n, gpointer user_data, GError **error)
{
  Bars *bars = user_data;

  g_assert_cmpint (n, >=, 1);
  g_assert_cmpint (n, <=, 50);
  bars->calls++;
  if (bars->calls == bars->fail_at)
    {
      g_set_error_literal (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE, "The device is tired.");
      return FALSE;
    }
  if (bars->calls == 3 && bars->cancel != NULL)
    g_cancellable_cancel (bars->cancel);

  for (int i = 0; i < n; i++)
    {
      const float *one = z + i * LATENT;

      draw_bar (pixels + (gsize) i * RAQAM_IMAGE_SIZE, 6 + 0.6 * along (one, bars->width),
                14 + 2 * along (one, bars->height), 0.2 * along (one, bars->slant));
    }
  return TRUE;
}

static const RaqamDirection *
with_meaning (const RaqamDirections *directions, int meaning)
{
  for (int d = 0; d < directions->n; d++)
    if (directions->list[d].meaning == meaning)
      return &directions->list[d];
  g_error ("nothing means %d", meaning);
}

/* They are found, named, and point to where there is more of it. */
static void
test_made_generator (void)
{
  g_autofree RaqamDirections *directions = g_new (RaqamDirections, 1);
  g_autoptr (GError) error = NULL;
  Bars bars = BARS;

  g_assert_true (raqam_directions_find (directions, LATENT, draw_bars, &bars, 11, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (directions->n, ==, LATENT);
  assert_orthonormal (directions);
  for (int d = 1; d < directions->n; d++)
    g_assert_cmpfloat (directions->list[d].share, <=, directions->list[d - 1].share);

  /* Corners are both height's and width's, which so are not quite apart. */
  assert_near (along (with_meaning (directions, RAQAM_SHAPE_SLANT)->vector, bars.slant), 1, 0.01);
  assert_near (along (with_meaning (directions, RAQAM_SHAPE_HEIGHT)->vector, bars.height), 1, 0.03);
  for (int d = 3; d < directions->n; d++)
    {
      g_assert_cmpint (directions->list[d].meaning, ==, RAQAM_DIRECTION_UNNAMED);
      g_assert_cmpfloat (directions->list[d].share, <, 0.01);
    }
  /* Stroke, width and ink all follow from how wide a bar is: one of them is named. */
  assert_near (fabs (along (directions->list[2].vector, bars.width)), 1, 0.03);
  g_assert_cmpint (directions->list[2].meaning, !=, RAQAM_DIRECTION_UNNAMED);
  g_assert_cmpfloat (along (directions->list[2].vector, bars.width), >, 0);
}

static void
test_same_seed (void)
{
  g_autofree RaqamDirections *first = g_new0 (RaqamDirections, 1);
  g_autofree RaqamDirections *again = g_new0 (RaqamDirections, 1);
  g_autofree RaqamDirections *other = g_new0 (RaqamDirections, 1);
  Bars bars = BARS;

  raqam_directions_find (first, LATENT, draw_bars, &bars, 11, NULL, NULL);
  raqam_directions_find (again, LATENT, draw_bars, &bars, 11, NULL, NULL);
  raqam_directions_find (other, LATENT, draw_bars, &bars, 12, NULL, NULL);
  g_assert_cmpmem (first, sizeof *first, again, sizeof *again);
  g_assert_cmpint (memcmp (first, other, sizeof *first), !=, 0);
}

static void
test_cancelled (void)
{
  g_autofree RaqamDirections *directions = g_new (RaqamDirections, 1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Bars bars = BARS;

  bars.cancel = cancellable;
  g_assert_false (
    raqam_directions_find (directions, LATENT, draw_bars, &bars, 1, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (bars.calls, ==, 3);
}

/* At the first picture, and while directions are tried. */
static void
test_refused (void)
{
  const int calls[] = { 1, 60 };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autofree RaqamDirections *directions = g_new (RaqamDirections, 1);
      g_autoptr (GError) error = NULL;
      Bars bars = BARS;

      bars.fail_at = calls[i];
      g_assert_false (raqam_directions_find (directions, LATENT, draw_bars, &bars, 1, NULL, &error));
      g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE);
      g_assert_cmpint (bars.calls, ==, calls[i]);
    }
}

/* A real generator, untrained. */
static void
test_model (gconstpointer recipe_name)
{
  g_autoptr (RaqamRecipe) recipe = toy_recipe (recipe_name);
  g_autoptr (RaqamModel) model = raqam_model_new (recipe);
  g_autofree RaqamDirections *three = g_new0 (RaqamDirections, 1);
  g_autofree RaqamDirections *again = g_new0 (RaqamDirections, 1);
  g_autofree RaqamDirections *eight = g_new0 (RaqamDirections, 1);
  g_autoptr (GError) error = NULL;
  RaqamNetworkSpec spec;

  raqam_network_spec_init (&spec, recipe, RAQAM_GENERATOR);
  raqam_network_initialise (model->params, model->state, &spec, recipe);
  raqam_directions_of_model (three, model, 3, 1, NULL, &error);
  g_assert_no_error (error);
  raqam_directions_of_model (again, model, 3, 1, NULL, &error);
  raqam_directions_of_model (eight, model, 8, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (three->latent, ==, recipe->latent);
  assert_orthonormal (three);
  g_assert_cmpmem (three, sizeof *three, again, sizeof *again);
  if (recipe->generator[0].labels)
    g_assert_cmpint (memcmp (three, eight, sizeof *three), !=, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/directions/principal/plain", "plain", test_principal);
  g_test_add_data_func ("/directions/principal/noisy", "noisy", test_principal);
  g_test_add_data_func ("/directions/principal/few-features", "few-features", test_principal);
  g_test_add_data_func ("/directions/principal/two-numbers", "two-numbers", test_principal);
  g_test_add_func ("/directions/principal/constant", test_constant);
  g_test_add_func ("/directions/name/names", test_names);
  g_test_add_func ("/directions/name/turned", test_turned);
  g_test_add_func ("/directions/name/once", test_once);
  g_test_add_func ("/directions/name/agreement", test_agreement);
  g_test_add_func ("/directions/name/empty", test_empty);
  g_test_add_func ("/directions/name/deviations", test_deviations);
  g_test_add_func ("/directions/find/made-generator", test_made_generator);
  g_test_add_func ("/directions/find/same-seed", test_same_seed);
  g_test_add_func ("/directions/find/cancelled", test_cancelled);
  g_test_add_func ("/directions/find/refused", test_refused);
  g_test_add_data_func ("/directions/model/fast", "fast", test_model);
  g_test_add_data_func ("/directions/model/thesis", "thesis", test_model);

  return g_test_run ();
}
