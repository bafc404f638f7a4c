/* test-run-compare.c — the settings in which runs differ, and their figures.
 * SPDX-License-Identifier: MIT */

#include "engine/run-compare.h"

#include <math.h>
#include <string.h>

#include "engine/timeline.h"
#include "toy.h"

static RaqamRun *
make_run (const char *recipe)
{
  g_autoptr (GError) error = NULL;
  RaqamRun *run = g_new0 (RaqamRun, 1);

  run->recipe = raqam_recipe_find (recipe, &error);
  g_assert_no_error (error);
  return run;
}

/* "name: a | b" of each, one after the other. */
static char *
describe (const RaqamRun *const *runs, guint n, gboolean differing)
{
  g_autoptr (GPtrArray) settings = raqam_run_settings (runs, n, differing);
  GString *text = g_string_new (NULL);

  for (guint s = 0; s < settings->len; s++)
    {
      const RaqamRunSetting *setting = settings->pdata[s];

      g_string_append_printf (text, "%s:", setting->name);
      for (guint i = 0; i < n; i++)
        g_string_append_printf (text, " %s", setting->values[i] != NULL ? setting->values[i] : "-");
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

static void
test_same (void)
{
  g_autoptr (RaqamRun) first = make_run ("fast"), second = make_run ("fast");
  const RaqamRun *const runs[] = { first, second };
  g_autofree char *text = NULL;

  g_free (second->recipe->title);
  second->recipe->title = g_strdup ("Another title");
  text = describe (runs, 2, TRUE);
  g_assert_cmpstr (text, ==, "");
}

/* One of each kind, in the recipe's order; three runs. */
static void
test_differing (void)
{
  g_autoptr (RaqamRun) first = make_run ("fast"), second = make_run ("fast"),
                       third = make_run ("fast");
  const RaqamRun *const runs[] = { first, second, third };
  g_autofree char *text = NULL;

  second->recipe->seed = 77;
  third->recipe->grey = TRUE;
  second->recipe->rate[0] = 2e-4f;
  third->recipe->epsilon = 1e-7f;
  third->recipe->generator[1].filters = 48;
  second->recipe->discriminator[0].slope = 0.3f;
  first->data_checksum = g_strdup ("abc");
  second->data_checksum = g_strdup ("abc");
  text = describe (runs, 3, TRUE);
  g_assert_cmpstr (text, ==,
                   "seed: 1 77 1\n"
                   "grey: false false true\n"
                   "optimizer.generator_rate: 0.001 0.0002 0.001\n"
                   "optimizer.epsilon: 1e-08 1e-08 1e-07\n"
                   "generator.2.filters: 32 32 48\n"
                   "discriminator.1.slope: 0.2 0.3 0.2\n"
                   "data_checksum: abc abc -\n");
}

/* What one recipe has and the other lacks. */
static void
test_missing (void)
{
  g_autoptr (RaqamRun) first = make_run ("fast"), second = make_run ("fast");
  const RaqamRun *const runs[] = { first, second };
  g_autofree char *text = NULL;

  second->recipe->schedule = (RaqamSchedule){ .kind = RAQAM_SCHEDULE_STEPS, .warmup_steps = 100,
                                              .every_epochs = 30, .n_rates = 1,
                                              .rates = { { 1e-3f, 5e-4f } } };
  text = describe (runs, 2, TRUE);
  g_assert_cmpstr (text, ==,
                   "schedule.kind: linear steps\n"
                   "schedule.hold: 0.5 -\n"
                   "schedule.final: 0.02 -\n"
                   "schedule.every_epochs: - 30\n"
                   "schedule.rates.1.1: - 0.001\n"
                   "schedule.rates.1.2: - 0.0005\n");
}

static void
test_all (void)
{
  g_autoptr (RaqamRun) run = make_run ("fast");
  const RaqamRun *const runs[] = { run };
  g_autofree char *text = describe (runs, 1, FALSE);

  g_assert_true (g_str_has_prefix (text, "name: fast\nlatent: 32\n"));
  g_assert_nonnull (strstr (text, "\noptimizer.beta1: 0.5\n"));
  g_assert_nonnull (strstr (text, "\ngenerator.1.layer: dense\n"));
}

static void
test_figures (void)
{
  g_autofree char *folder = toy_folder ();
  RaqamQuality quality = { .step = 10, .epoch = 1, .n_images = 100, .train = "00",
                           .accuracy = { .all = 0.9 }, .frechet = { .all = 3 } };
  RaqamRunFigures figures;

  raqam_run_figures_read (&figures, folder);
  g_assert_true (isnan (figures.accuracy) && isnan (figures.best_frechet));

  g_assert_true (raqam_timeline_add (folder, &quality, NULL));
  quality.step = 20;
  quality.epoch = 2;
  quality.accuracy.all = 0.895;
  quality.frechet.all = 5;
  g_assert_true (raqam_timeline_add (folder, &quality, NULL));
  raqam_run_figures_read (&figures, folder);
  g_assert_cmpfloat (figures.judged_epoch, ==, 2);
  g_assert_cmpfloat (figures.accuracy, ==, 0.895);
  g_assert_cmpfloat (figures.frechet, ==, 5);
  g_assert_cmpfloat (figures.best_epoch, ==, 1);
  g_assert_cmpfloat (figures.best_accuracy, ==, 0.9);
  g_assert_cmpfloat (figures.best_frechet, ==, 3);
  toy_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run-compare/same", test_same);
  g_test_add_func ("/run-compare/differing", test_differing);
  g_test_add_func ("/run-compare/missing", test_missing);
  g_test_add_func ("/run-compare/all", test_all);
  g_test_add_func ("/run-compare/figures", test_figures);
  return g_test_run ();
}
