/* evaluate-print.c — an evaluation, and a run's timeline, on standard output.
 * SPDX-License-Identifier: MIT */

#include "cli/evaluate-print.h"

#include <math.h>
#include <stdio.h>

#include "engine/score-texts.h"
#include "engine/timeline.h"

static void
print_report (const char *title, const RaqamReport *report)
{
  g_autofree char *text = raqam_report_to_text (report, NULL, 4);

  printf ("%s\n\n%s\n", title, text);
}

static void
print_number (double number, int width)
{
  if (isnan (number))
    printf (" %*s", width, "-");
  else
    printf (" %*.4f", width, number);
}

static void
print_score (RaqamScore score, double value, double real)
{
  printf ("%-36s", raqam_score_english_name (score));
  print_number (value, 10);
  print_number (real, 10);
  putchar ('\n');
}

static void
print_scores (const RaqamEvaluation *e)
{
  printf ("%-36s %10s %10s\n\n", "Scores", "generated", "real");
  print_score (RAQAM_SCORE_FRECHET, e->frechet.all, e->frechet_real.all);
  print_score (RAQAM_SCORE_INCEPTION, e->inception.mean, e->inception_real.mean);
  print_score (RAQAM_SCORE_MANIFOLD_PRECISION, e->manifold.precision, e->manifold_real.precision);
  print_score (RAQAM_SCORE_MANIFOLD_RECALL, e->manifold.recall, e->manifold_real.recall);
  print_score (RAQAM_SCORE_MEMORISATION, e->memorisation, NAN);
  print_score (RAQAM_SCORE_NEAREST, e->nearest_median, e->nearest_median_real);
  print_score (RAQAM_SCORE_DIVERSITY, e->diversity.all, e->diversity_real.all);

  printf ("\n%-6s %10s %10s %10s %10s\n\n", "digit", "FID", "real", "diversity", "real");
  for (int c = 0; c < e->n_classes; c++)
    {
      printf ("%-6d", c);
      print_number (e->frechet.of_class[c], 10);
      print_number (e->frechet_real.of_class[c], 10);
      print_number (e->diversity.of_class[c], 10);
      print_number (e->diversity_real.of_class[c], 10);
      putchar ('\n');
    }
  putchar ('\n');
}

static void
print_utility (const RaqamEvaluation *e)
{
  static const RaqamScore scores[] = {
    [RAQAM_UTILITY_REAL] = RAQAM_SCORE_TRAIN_REAL,
    [RAQAM_UTILITY_SYNTHETIC] = RAQAM_SCORE_TRAIN_SYNTHETIC,
    [RAQAM_UTILITY_BOTH] = RAQAM_SCORE_TRAIN_BOTH,
  };

  printf ("%-40s %8s %10s %10s\n\n", "Tested on real digits", "real", "generated", "accuracy");
  for (int i = 0; i < RAQAM_N_UTILITIES; i++)
    printf ("%-40s %8u %10u %10.4f\n", raqam_score_english_name (scores[i]), e->utility[i].n_real,
            e->utility[i].n_synthetic, e->utility[i].report->accuracy);
  putchar ('\n');
}

static const char *
what_it_saw (RaqamSeen seen)
{
  static const char *const words[] = {
    [RAQAM_SEEN_UNKNOWN] = "may have been trained on any of these: it does not say, or names other data",
    [RAQAM_SEEN_TRAIN] = "was trained on the training images alone",
    [RAQAM_SEEN_ALL] = "was trained on the test images too; copies of those would not be noticed",
    [RAQAM_SEEN_TEST] = "was trained on the test images alone; copies of those would not be noticed",
  };

  return words[seen];
}

void
raqam_print_evaluation (const RaqamEvaluation *e)
{
  g_autoptr (RaqamReport) thesis = raqam_report_new_thesis ();

  printf ("%s: step %" G_GUINT64_FORMAT ", epoch %.2f; %d digits of seed %" G_GUINT64_FORMAT "\n",
          e->model_origin, e->step, e->epoch, e->settings.n_images, e->settings.seed);
  printf ("The classifier was trained on %u real digits and never saw the %u test digits%s.\n"
          "The model %s.\n\n",
          e->n_train, e->n_test, e->held_back ? " (held back from the training data)" : "",
          what_it_saw (e->seen));

  print_report ("The classifier on real test digits", e->classifier);
  print_report ("Generated digits", e->report);
  printf ("The thesis's generator: accuracy %.4f\n\n", thesis->accuracy);
  if (e->settings.scores)
    print_scores (e);
  if (e->has_utility)
    print_utility (e);
}

void
raqam_print_timeline (const char *folder)
{
  g_autoptr (GArray) timeline = raqam_timeline_read (folder);
  int best = raqam_timeline_best (timeline);

  if (timeline->len == 0)
    return;
  printf ("%12s %10s %8s %10s %10s\n", "step", "epoch", "images", "accuracy", "FID");
  for (guint i = 0; i < timeline->len; i++)
    {
      const RaqamQuality *quality = &g_array_index (timeline, RaqamQuality, i);

      printf ("%12" G_GUINT64_FORMAT " %10.2f %8d", quality->step, quality->epoch,
              quality->n_images);
      print_number (quality->accuracy.all, 10);
      print_number (quality->frechet.all, 10);
      puts ((int) i == best                         ? "  best"
            : raqam_timeline_compares (timeline, i) ? ""
                                                    : "  judged otherwise");
    }
}
