/* diversity.c — how many different images a set of images amounts to.
 * SPDX-License-Identifier: MIT */

#include "engine/diversity.h"

#include "engine/feature-check.h"
#include "engine/frechet.h"
#include "engine/symmetric.h"

#include <math.h>

static gsize
count (const guint8 *labels, gsize n, int label)
{
  gsize n_label = 0;

  for (gsize i = 0; i < n; i++)
    n_label += labels[i] == label;
  return n_label;
}

gboolean
raqam_diversity_width (double *widths, const float *features, const guint8 *labels, gsize n, int d,
                       int n_classes, GError **error)
{
  g_return_val_if_fail (widths != NULL && (n == 0 || (features != NULL && labels != NULL)), FALSE);
  g_return_val_if_fail (d > 0 && n_classes > 0 && n_classes <= 256, FALSE);

  for (int c = 0; c < n_classes; c++)
    {
      g_autoptr (RaqamMoments) moments = NULL;
      double trace = 0;

      widths[c] = 0;
      if (count (labels, n, c) < 2)
        continue;
      moments = raqam_moments_new (features, labels, c, n, d, error);
      if (moments == NULL)
        return FALSE;
      for (int i = 0; i < d; i++)
        trace += moments->covariance[(gsize) i * d + i];
      widths[c] = sqrt (trace);
    }
  return TRUE;
}

/* Returns: (transfer container): the first numbers of images of @label, evenly over
 * all of them */
static const float **
new_sample (int *n_taken, const float *features, const guint8 *labels, gsize n, int d, int label,
            int n_sample)
{
  gsize n_label = count (labels, n, label), seen = 0;
  int m = MIN (n_label, (gsize) n_sample);
  const float **sample = g_new (const float *, m);

  *n_taken = 0;
  for (gsize i = 0; i < n && *n_taken < m; i++)
    if (labels[i] == label && seen++ == *n_taken * n_label / m)
      sample[(*n_taken)++] = features + i * d;
  return sample;
}

static double
square (const float *a, const float *b, int d)
{
  double sum = 0;

  for (int k = 0; k < d; k++)
    sum += ((double) a[k] - b[k]) * ((double) a[k] - b[k]);
  return sum;
}

/* A class whose real images are all one has width 0: then only equal images are alike. */
static double
alike (double squared, double width)
{
  if (squared == 0)
    return 1;
  return width > 0 ? exp (-squared / (2 * width * width)) : 0;
}

static double
vendi (const float **sample, int m, int d, double width)
{
  g_autofree double *kernel = g_new (double, m *m);
  g_autofree double *values = g_new (double, m);
  double entropy = 0;

  for (int i = 0; i < m; i++)
    for (int j = 0; j <= i; j++)
      kernel[i * m + j] = kernel[j * m + i] = alike (square (sample[i], sample[j], d), width) / m;
  raqam_symmetric_eigen (values, NULL, kernel, m);
  for (int i = 0; i < m; i++)
    entropy -= values[i] > 0 ? values[i] * log (values[i]) : 0;
  return CLAMP (exp (entropy), 1, m);
}

gboolean
raqam_diversity (double *numbers, const float *features, const guint8 *labels, gsize n, int d,
                 int n_classes, const double *widths, int n_sample, GError **error)
{
  g_return_val_if_fail (numbers != NULL && widths != NULL, FALSE);
  g_return_val_if_fail (n == 0 || (features != NULL && labels != NULL), FALSE);
  g_return_val_if_fail (d > 0 && n_classes > 0 && n_classes <= 256 && n_sample > 0, FALSE);

  if (!raqam_features_check (features, n * d, error))
    return FALSE;
  for (int c = 0; c < n_classes; c++)
    {
      int m;
      g_autofree const float **sample = new_sample (&m, features, labels, n, d, c, n_sample);

      numbers[c] = m > 0 ? vendi (sample, m, d, widths[c]) : 0;
    }
  return TRUE;
}
