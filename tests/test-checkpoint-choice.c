/* test-checkpoint-choice.c — which checkpoints of a run are judged.
 * SPDX-License-Identifier: MIT */

#include "engine/checkpoint-choice.h"

#include <glib/gstdio.h>
#include <math.h>

#include "toy.h"

#define STEPS_PER_EPOCH 10
#define CHECKSUM "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

typedef struct
{
  RaqamRun                run;
  GArray                 *timeline;
  RaqamEvaluationSettings settings;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *checkpoints = NULL;

  fixture->run = (RaqamRun){ .folder = toy_folder (), .step = 100, .epoch = 10 };
  fixture->timeline = g_array_new (FALSE, TRUE, sizeof (RaqamQuality));
  fixture->settings =
    (RaqamEvaluationSettings){ .n_images = 1000, .seed = 3, .threshold = TRUE, .scores = TRUE };
  checkpoints = g_build_filename (fixture->run.folder, "checkpoints", NULL);
  g_assert_cmpint (g_mkdir (checkpoints, 0777), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_array_unref (fixture->timeline);
  toy_remove (fixture->run.folder);
  g_free (fixture->run.folder);
}

static void
add_checkpoints (Fixture *fixture, const int *steps, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("step-%012d.safetensors", steps[i]);
      g_autofree char *path = g_build_filename (fixture->run.folder, "checkpoints", name, NULL);

      g_assert_true (g_file_set_contents (path, "", 0, NULL));
    }
}

static RaqamQuality *
add_judged (Fixture *fixture, guint64 step)
{
  RaqamQuality quality = { .step = step, .epoch = (double) step / STEPS_PER_EPOCH,
                           .n_images = 1000, .seed = 3, .threshold = TRUE, .train = "0123456789abcdef" };

  g_array_append_val (fixture->timeline, quality);
  return &g_array_index (fixture->timeline, RaqamQuality, fixture->timeline->len - 1);
}

/* @want: steps, a space behind each */
static void
assert_chosen (Fixture *fixture, double every, const char *want)
{
  g_autoptr (GPtrArray) paths =
    raqam_choose_checkpoints (&fixture->run, fixture->timeline, every, &fixture->settings, CHECKSUM);
  g_autoptr (GString) got = g_string_new (NULL);

  for (guint i = 0; i < paths->len; i++)
    {
      g_autofree char *name = g_path_get_basename (paths->pdata[i]);

      g_string_append_printf (got, "%d ", (int) g_ascii_strtoull (name + 5, NULL, 10));
    }
  g_assert_cmpstr (got->str, ==, want);
}

static void
test_every (Fixture *fixture, gconstpointer data)
{
  static const int steps[] = { 0, 10, 20, 30, 35, 40, 60, 80, 90, 100 };

  add_checkpoints (fixture, steps, G_N_ELEMENTS (steps));
  assert_chosen (fixture, 0, "0 10 20 30 35 40 60 80 90 100 ");
  assert_chosen (fixture, 1, "0 10 20 30 40 60 80 90 100 ");
  assert_chosen (fixture, 3, "0 30 60 90 100 ");
  assert_chosen (fixture, 4, "0 40 80 100 ");
  assert_chosen (fixture, 1000, "0 100 ");
  assert_chosen (fixture, 0.5, "0 10 20 30 35 40 60 80 90 100 ");
}

static void
test_judged (Fixture *fixture, gconstpointer data)
{
  static const int steps[] = { 10, 20, 30, 40, 50, 60, 100 };

  add_checkpoints (fixture, steps, G_N_ELEMENTS (steps));
  add_judged (fixture, 20);
  add_judged (fixture, 35); /* its checkpoint was thinned out */
  assert_chosen (fixture, 0, "10 30 40 50 60 100 ");
  assert_chosen (fixture, 3, "60 100 ");
  add_judged (fixture, 100);
  assert_chosen (fixture, 3, "60 ");
}

/* What was judged otherwise does not count. */
static void
test_other_settings (Fixture *fixture, gconstpointer data)
{
  static const int steps[] = { 10, 100 };

  add_checkpoints (fixture, steps, G_N_ELEMENTS (steps));
  add_judged (fixture, 10)->seed = 4;
  assert_chosen (fixture, 0, "10 100 ");
  add_judged (fixture, 10)->n_images = 2000;
  assert_chosen (fixture, 0, "10 100 ");
  add_judged (fixture, 10)->threshold = FALSE;
  assert_chosen (fixture, 0, "10 100 ");
  g_strlcpy (add_judged (fixture, 10)->train, "0123456789abcde0", RAQAM_QUALITY_TRAIN + 1);
  assert_chosen (fixture, 0, "10 100 ");
  add_judged (fixture, 10)->frechet.all = NAN;
  assert_chosen (fixture, 0, "10 100 ");
  fixture->settings.scores = FALSE;
  assert_chosen (fixture, 0, "100 ");
}

/* A run of which only the first weights are there. */
static void
test_young (Fixture *fixture, gconstpointer data)
{
  static const int steps[] = { 0 };

  fixture->run.step = 0;
  fixture->run.epoch = 0;
  assert_chosen (fixture, 3, "");
  add_checkpoints (fixture, steps, 1);
  assert_chosen (fixture, 3, "0 ");
}

static void
add (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/checkpoint-choice/%s", name);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("every", test_every);
  add ("judged", test_judged);
  add ("other-settings", test_other_settings);
  add ("young", test_young);

  return g_test_run ();
}
