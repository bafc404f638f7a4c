/* test-diversity.c — Vendi scores, beside NumPy's, and of sets that are known.
 * SPDX-License-Identifier: MIT */

#include "engine/diversity.h"
#include "feature-sets.h"

#include <math.h>
#include <stdlib.h>

static float *
case_set (int *n, char **words, int number)
{
  char **how = words + 5 + 4 * number;

  *n = atoi (how[0]);
  return feature_set_new (atoi (words[1]), number, *n, atoi (words[2]), atoi (how[1]),
                          atoi (how[2]), g_ascii_strtod (how[3], NULL));
}

static guint8 *
turning_labels (int n, int n_classes)
{
  guint8 *labels = g_new (guint8, n);

  for (int i = 0; i < n; i++)
    labels[i] = i % n_classes;
  return labels;
}

static void
test_numpy (void)
{
  g_autoptr (GPtrArray) lines = read_fixture_lines ("diversity.txt");

  g_assert_cmpuint (lines->len, ==, 8);
  for (guint i = 0; i < lines->len; i++)
    {
      char **words = lines->pdata[i];
      int n_real, n, d = atoi (words[2]), n_classes = atoi (words[3]);
      g_autofree float *real = case_set (&n_real, words, 0);
      g_autofree float *generated = case_set (&n, words, 1);
      g_autofree guint8 *real_labels = turning_labels (n_real, n_classes);
      g_autofree guint8 *labels = turning_labels (n, n_classes);
      double widths[16], numbers[16];

      g_assert_true (raqam_diversity_width (widths, real, real_labels, n_real, d, n_classes, NULL));
      g_assert_true (raqam_diversity (numbers, generated, labels, n, d, n_classes, widths,
                                      atoi (words[4]), NULL));
      for (int c = 0; c < n_classes; c++)
        {
          double width = g_ascii_strtod (words[13 + 2 * c], NULL);
          double number = g_ascii_strtod (words[14 + 2 * c], NULL);

          g_test_message ("%s, class %d: %g", words[0], c, numbers[c]);
          g_assert_cmpfloat_with_epsilon (widths[c], width, 1e-12 * width);
          g_assert_cmpfloat_with_epsilon (numbers[c], number, 1e-9 * number);
        }
    }
}

/* Pictures that are nothing alike count one by one, and copies not at all. */
static void
test_known (void)
{
  enum
  {
    N = 60,
    CLASSES = 6
  };
  static const int n_different[CLASSES] = { 1, 2, 3, 5, 10, 0 };
  const double widths[CLASSES] = { 1, 1, 1, 1, 0, 1 };
  float features[N];
  guint8 labels[N];
  double numbers[CLASSES];
  int n = 0;

  for (int c = 0; c < CLASSES; c++)
    for (int i = 0; n_different[c] > 0 && i < 10; i++, n++)
      {
        labels[n] = c;
        features[n] = 100 * (i % n_different[c]);
      }

  g_assert_true (raqam_diversity (numbers, features, labels, n, 1, CLASSES, widths, 100, NULL));
  g_assert_cmpfloat_with_epsilon (numbers[0], 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (numbers[1], 2, 1e-12);
  g_assert_cmpfloat_with_epsilon (numbers[2], exp (-0.4 * log (0.4) - 0.6 * log (0.3)), 1e-12);
  g_assert_cmpfloat_with_epsilon (numbers[3], 5, 1e-12);
  g_assert_cmpfloat_with_epsilon (numbers[4], 10, 1e-12);
  g_assert_cmpfloat (numbers[5], ==, 0);
}

static void
test_width_of_few (void)
{
  const float features[] = { 1, 2, 5, 5, 9 };
  const guint8 labels[] = { 0, 1, 2, 1, 1 };
  double widths[4];

  g_assert_true (raqam_diversity_width (widths, features, labels, 5, 1, 4, NULL));
  g_assert_cmpfloat (widths[0], ==, 0);
  g_assert_cmpfloat_with_epsilon (widths[1], sqrt (37.0 / 3), 1e-14);
  g_assert_cmpfloat (widths[2], ==, 0);
  g_assert_cmpfloat (widths[3], ==, 0);
}

static void
test_refused (void)
{
  const float features[] = { 1, INFINITY, 3 };
  const guint8 labels[] = { 0, 0, 0 };
  double widths[] = { 1 }, numbers[1];
  g_autoptr (GError) width = NULL, number = NULL;

  g_assert_false (raqam_diversity_width (widths, features, labels, 3, 1, 1, &width));
  g_assert_error (width, RAQAM_ERROR, RAQAM_ERROR_DIVERGED);
  g_assert_false (raqam_diversity (numbers, features, labels, 3, 1, 1, widths, 5, &number));
  g_assert_error (number, RAQAM_ERROR, RAQAM_ERROR_DIVERGED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/diversity/numpy", test_numpy);
  g_test_add_func ("/diversity/known", test_known);
  g_test_add_func ("/diversity/width-of-few", test_width_of_few);
  g_test_add_func ("/diversity/refused", test_refused);

  return g_test_run ();
}
