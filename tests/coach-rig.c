/* coach-rig.c — judgements made up for a coach, and what it answers in one line.
 * SPDX-License-Identifier: MIT */

#include "coach-rig.h"

#include <math.h>
#include <string.h>

char *
coach_rig_describe (const RaqamCoach *coach)
{
  g_autoptr (GPtrArray) signs = raqam_coach_list (coach);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < signs->len; i++)
    {
      const RaqamSign *sign = signs->pdata[i];
      g_autofree char *end = sign->holds ? g_strdup ("") : g_strdup_printf ("%.2f", sign->ended);

      g_assert_true (sign->holds == isnan (sign->ended));
      g_string_append_printf (text, "%s %.2f-%s %u;", raqam_sign_key (sign->kind), sign->began, end,
                              sign->n_times);
    }
  return g_string_free (text, FALSE);
}

void
coach_rig_assert (const RaqamCoach *coach, const char *want)
{
  g_autofree char *got = coach_rig_describe (coach);

  g_assert_cmpstr (got, ==, want);
}

static char *
evidence_of (const RaqamCoach *coach)
{
  g_autoptr (GPtrArray) signs = raqam_coach_list (coach);

  g_assert_cmpuint (signs->len, ==, 1);
  return g_strdup (((const RaqamSign *) signs->pdata[0])->evidence);
}

void
coach_rig_assert_says (const RaqamCoach *coach, const char *what)
{
  g_autofree char *evidence = evidence_of (coach);

  if (strstr (evidence, what) == NULL)
    g_error ("“%s” is not in “%s”", what, evidence);
}

RaqamQuality
coach_rig_quality (double epoch, double frechet)
{
  RaqamQuality quality = {
    .step = (guint64) (epoch * COACH_RIG_EPOCH), .epoch = epoch, .n_images = 2000, .train = "0a",
    .accuracy = { .all = 0.97 }, .frechet = { .all = frechet }, .recall = 0.6, .memorisation = 0.4,
  };

  for (int c = 0; c < RAQAM_DATASET_CLASSES; c++)
    {
      quality.accuracy.of_class[c] = 0.97;
      quality.diversity.of_class[c] = 0.9;
    }
  return quality;
}

GArray *
coach_rig_timeline (int n)
{
  GArray *timeline = g_array_new (FALSE, FALSE, sizeof (RaqamQuality));

  for (int i = 0; i < n; i++)
    {
      RaqamQuality quality = coach_rig_quality (i + 1, 10 * pow (0.9, i));

      g_array_append_val (timeline, quality);
    }
  return timeline;
}
