/* test-inception.c — inception scores, beside SciPy's entropies.
 * SPDX-License-Identifier: MIT */

#include "engine/inception.h"
#include "feature-sets.h"

#include "engine/philox.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* probabilities() of fixtures/make-inception.py. */
static float *
make_probabilities (guint64 seed, int n, int n_classes, int sharpness)
{
  float *probabilities = g_new (float, n *n_classes);

  for (int i = 0; i < n; i++)
    {
      guint32 word[256];
      int number[256], sum = 0;

      for (int c = 0; c < n_classes; c++)
        {
          int index = i * n_classes + c;

          word[c] = raqam_philox (seed, 0, 0, index / 4).word[index % 4];
          number[c] = word[c] >> 24;
        }
      number[word[0] % n_classes] += 1000 * sharpness;
      for (int c = 0; c < n_classes; c++)
        sum += number[c];
      for (int c = 0; c < n_classes; c++)
        probabilities[i * n_classes + c] = (float) number[c] / (float) sum;
    }
  return probabilities;
}

static void
test_scipy (void)
{
  g_autoptr (GPtrArray) lines = read_fixture_lines ("inception.txt");

  g_assert_cmpuint (lines->len, ==, 7);
  for (guint i = 0; i < lines->len; i++)
    {
      char **words = lines->pdata[i];
      int n = atoi (words[2]), n_classes = atoi (words[3]);
      g_autofree float *probabilities =
        make_probabilities (atoi (words[1]), n, n_classes, atoi (words[5]));
      RaqamInceptionScore score;
      GError *error = NULL;

      raqam_inception_score (&score, probabilities, n, n_classes, atoi (words[4]), &error);
      g_assert_no_error (error);
      g_test_message ("%s: %.12g ± %.12g", words[0], score.mean, score.deviation);
      /* SciPy makes each row's sum 1, which in float is so to 1e-7 only. */
      g_assert_cmpfloat_with_epsilon (score.mean, g_ascii_strtod (words[6], NULL), 1e-6);
      g_assert_cmpfloat_with_epsilon (score.deviation, g_ascii_strtod (words[7], NULL), 1e-6);
    }
}

/* Ten classes, each one sure, is a score of 10; one class alone, or no idea, is 1. */
static void
test_extremes (void)
{
  enum
  {
    N = 100,
    CLASSES = 10
  };
  float sure[N * CLASSES] = { 0 }, same[N * CLASSES] = { 0 }, vague[N * CLASSES];
  RaqamInceptionScore score;

  for (int i = 0; i < N; i++)
    {
      sure[i * CLASSES + i % CLASSES] = 1;
      same[i * CLASSES + 3] = 1;
      for (int c = 0; c < CLASSES; c++)
        vague[i * CLASSES + c] = 0.1f;
    }

  raqam_inception_score (&score, sure, N, CLASSES, 10, NULL);
  g_assert_cmpfloat_with_epsilon (score.mean, 10, 1e-12);
  g_assert_cmpfloat_with_epsilon (score.deviation, 0, 1e-12);
  raqam_inception_score (&score, same, N, CLASSES, 10, NULL);
  g_assert_cmpfloat_with_epsilon (score.mean, 1, 1e-12);
  raqam_inception_score (&score, vague, N, CLASSES, 10, NULL);
  g_assert_cmpfloat_with_epsilon (score.mean, 1, 1e-7);
}

static void
test_refused (void)
{
  float probabilities[] = { 0.5f, 0.5f, 1, 0, 0.25f, 0.75f };
  RaqamInceptionScore score;
  g_autoptr (GError) few = NULL, negative = NULL, nan = NULL;

  g_assert_false (raqam_inception_score (&score, probabilities, 3, 2, 4, &few));
  g_assert_error (few, RAQAM_ERROR, RAQAM_ERROR_DATA);
  probabilities[5] = NAN;
  g_assert_false (raqam_inception_score (&score, probabilities, 3, 2, 1, &nan));
  g_assert_error (nan, RAQAM_ERROR, RAQAM_ERROR_DIVERGED);
  probabilities[5] = -0.1f;
  g_assert_false (raqam_inception_score (&score, probabilities, 3, 2, 1, &negative));
  g_assert_error (negative, RAQAM_ERROR, RAQAM_ERROR_DIVERGED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/inception/scipy", test_scipy);
  g_test_add_func ("/inception/extremes", test_extremes);
  g_test_add_func ("/inception/refused", test_refused);

  return g_test_run ();
}
