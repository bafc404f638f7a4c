/* test-coach-judgements.c — signs of trouble that show in a run's judgements.
 * SPDX-License-Identifier: MIT */

#include <math.h>
#include <string.h>

#include "coach-rig.h"

static void
assert_judged (const GArray *timeline, const char *want)
{
  g_autoptr (RaqamCoach) coach = raqam_coach_new (NULL);

  for (int again = 0; again < 2; again++)
    {
      raqam_coach_judge (coach, timeline);
      coach_rig_assert (coach, want);
    }
}

/* What was measured of the healthy run: its diversity falls, to that of real digits. */
static void
test_healthy_judged (void)
{
  static const double recall[] = { 0.465, 0.5445, 0.646, 0.642 }, frechet[] = { 4.15, 2.63, 2.09, 2.06 };
  static const double memorisation[] = { 0.283, 0.382, 0.405, 0.406 };
  static const double eight[] = { 24.70, 15.23, 14.92, 14.55 }, nought[] = { 17.94, 13.71, 18.43, 17.85 };
  g_autoptr (GArray) timeline = coach_rig_timeline (4);

  for (int i = 0; i < 4; i++)
    {
      RaqamQuality *quality = &g_array_index (timeline, RaqamQuality, i);

      quality->recall = recall[i];
      quality->frechet.all = frechet[i];
      quality->memorisation = memorisation[i];
      quality->diversity.of_class[8] = eight[i] / 21.57;
      quality->diversity.of_class[0] = nought[i] / 12.76;
    }
  assert_judged (timeline, "");
}

static void
test_collapse (void)
{
  g_autoptr (GArray) timeline = coach_rig_timeline (4);
  g_autoptr (RaqamCoach) coach = raqam_coach_new (NULL);
  RaqamQuality *third = &g_array_index (timeline, RaqamQuality, 2);
  RaqamQuality *fourth = &g_array_index (timeline, RaqamQuality, 3);

  third->recall = 0.41;
  assert_judged (timeline, "collapse 3.00-4.00 1;");
  fourth->recall = 0.5;
  assert_judged (timeline, "collapse 3.00- 1;");
  raqam_coach_judge (coach, timeline);
  coach_rig_assert_says (coach, "60.0 % in epoch 1.00");
  coach_rig_assert_says (coach, "41.0 % in epoch 3.00");
  coach_rig_assert_says (coach, "97.0 %");

  /* To either side of seven tenths of the best. */
  third->recall = 0.419;
  assert_judged (timeline, "collapse 3.00- 1;");
  third->recall = 0.421;
  assert_judged (timeline, "");

  /* Pictures that are bad altogether are another trouble. */
  third->recall = 0.1;
  third->accuracy.all = 0.9;
  assert_judged (timeline, "");
}

static void
test_collapse_of_a_digit (void)
{
  g_autoptr (GArray) timeline = coach_rig_timeline (4);
  g_autoptr (RaqamCoach) coach = raqam_coach_new (NULL);

  /* Twice as diverse as real ones, for noise, is not what it can fall from. */
  g_array_index (timeline, RaqamQuality, 0).diversity.of_class[7] = 2;
  assert_judged (timeline, "");
  g_array_index (timeline, RaqamQuality, 3).diversity.of_class[7] = 0.48;
  assert_judged (timeline, "collapse 4.00- 1;");
  raqam_coach_judge (coach, timeline);
  coach_rig_assert_says (coach, "digit 7 fell from 100.0 %");
  coach_rig_assert_says (coach, "48.0 %");
  g_array_index (timeline, RaqamQuality, 3).accuracy.of_class[7] = 0.8;
  assert_judged (timeline, "");
}

/* It is over at two thirds, and what was never there is no loss. */
static void
test_collapse_ends (void)
{
  g_autoptr (GArray) timeline = coach_rig_timeline (4);

  g_array_index (timeline, RaqamQuality, 2).diversity.of_class[7] = 0.4;
  g_array_index (timeline, RaqamQuality, 3).diversity.of_class[7] = 0.54;
  assert_judged (timeline, "collapse 3.00- 1;");
  g_array_index (timeline, RaqamQuality, 3).diversity.of_class[7] = 0.6;
  assert_judged (timeline, "collapse 3.00-4.00 1;");

  g_array_index (timeline, RaqamQuality, 2).diversity.of_class[7] = 0.9;
  for (guint i = 0; i < 4; i++)
    g_array_index (timeline, RaqamQuality, i).recall = i < 2 ? 0.09 : 0.01;
  assert_judged (timeline, "");
}

static void
test_memorisation (void)
{
  g_autoptr (GArray) timeline = coach_rig_timeline (4);

  g_array_index (timeline, RaqamQuality, 1).memorisation = 0.74;
  assert_judged (timeline, "");
  g_array_index (timeline, RaqamQuality, 1).memorisation = 0.76;
  g_array_index (timeline, RaqamQuality, 2).memorisation = 0.7;
  assert_judged (timeline, "memorisation 2.00-4.00 1;");
  g_array_index (timeline, RaqamQuality, 3).memorisation = 0.7;
  assert_judged (timeline, "memorisation 2.00- 1;");
}

static void
test_stagnation (void)
{
  g_autoptr (GArray) timeline = coach_rig_timeline (9);

  for (guint i = 2; i < 9; i++)
    g_array_index (timeline, RaqamQuality, i).frechet.all = 9 * 0.995;
  g_array_set_size (timeline, 6);
  assert_judged (timeline, "");
  g_array_set_size (timeline, 7);
  assert_judged (timeline, "stagnation 7.00- 1;");
  {
    g_autoptr (RaqamCoach) coach = raqam_coach_new (NULL);

    raqam_coach_judge (coach, timeline);
    coach_rig_assert_says (coach, "9.00 in epoch 2.00");
    coach_rig_assert_says (coach, "5 judgements");
  }
  g_array_set_size (timeline, 8);
  g_array_index (timeline, RaqamQuality, 7) = coach_rig_quality (8, 8);
  assert_judged (timeline, "stagnation 7.00-8.00 1;");
}

/* Other judges, and judgements without the figures on features, tell nothing. */
static void
test_not_comparable (void)
{
  g_autoptr (GArray) timeline = coach_rig_timeline (9);

  g_array_index (timeline, RaqamQuality, 0).n_images = 1000;
  g_array_index (timeline, RaqamQuality, 0).frechet.all = 0.1;
  g_array_index (timeline, RaqamQuality, 0).recall = 1;
  strcpy (g_array_index (timeline, RaqamQuality, 1).train, "0b");
  g_array_index (timeline, RaqamQuality, 1).recall = 1;
  assert_judged (timeline, "");
  for (guint i = 2; i < 9; i++)
    {
      RaqamQuality *quality = &g_array_index (timeline, RaqamQuality, i);

      quality->recall = quality->memorisation = quality->frechet.all = NAN;
      for (int c = 0; c < RAQAM_DATASET_CLASSES; c++)
        quality->diversity.of_class[c] = NAN;
    }
  assert_judged (timeline, "");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/coach-judgements/healthy-judged", test_healthy_judged);
  g_test_add_func ("/coach-judgements/collapse", test_collapse);
  g_test_add_func ("/coach-judgements/collapse-of-a-digit", test_collapse_of_a_digit);
  g_test_add_func ("/coach-judgements/collapse-ends", test_collapse_ends);
  g_test_add_func ("/coach-judgements/memorisation", test_memorisation);
  g_test_add_func ("/coach-judgements/stagnation", test_stagnation);
  g_test_add_func ("/coach-judgements/not-comparable", test_not_comparable);

  return g_test_run ();
}
