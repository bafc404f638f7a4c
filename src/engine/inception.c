/* inception.c — how sure a classifier is of images, and how many classes it sees.
 * SPDX-License-Identifier: MIT */

#include "engine/inception.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static gboolean
check (const float *probabilities, gsize n, int n_classes, int n_splits, GError **error)
{
  if (n < (gsize) n_splits)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
                   _("The inception score over %d splits needs as many images; there are %zu. "
                      "Judge more images"),
                   n_splits, n);
      return FALSE;
    }
  for (gsize i = 0; i < n * n_classes; i++)
    if (!(probabilities[i] >= 0 && probabilities[i] <= 1.0001f))
      {
        g_set_error_literal (error, RAQAM_ERROR, RAQAM_ERROR_DIVERGED,
                             _("The classifier's probabilities are not all between 0 and 1. The "
                                "model or the classifier has diverged"));
        return FALSE;
      }
  return TRUE;
}

/* Σ p ln p − Σ p ln q, with the second sum over the mean alone: the images' p add
 * up to n q. */
static double
split_score (double *mean, const float *probabilities, gsize n, int n_classes)
{
  double divergence = 0;

  for (int c = 0; c < n_classes; c++)
    mean[c] = 0;
  for (gsize i = 0; i < n; i++)
    for (int c = 0; c < n_classes; c++)
      {
        double p = probabilities[i * n_classes + c];

        mean[c] += p;
        divergence += p > 0 ? p * log (p) : 0;
      }
  for (int c = 0; c < n_classes; c++)
    divergence -= mean[c] > 0 ? mean[c] * log (mean[c] / n) : 0;
  return exp (divergence / n);
}

gboolean
raqam_inception_score (RaqamInceptionScore *score, const float *probabilities, gsize n,
                       int n_classes, int n_splits, GError **error)
{
  g_autofree double *mean = NULL;
  g_autofree double *scores = NULL;
  double sum = 0, squares = 0;

  g_return_val_if_fail (score != NULL && (n == 0 || probabilities != NULL), FALSE);
  g_return_val_if_fail (n_classes > 1 && n_splits > 0, FALSE);

  if (!check (probabilities, n, n_classes, n_splits, error))
    return FALSE;

  mean = g_new (double, n_classes);
  scores = g_new (double, n_splits);
  for (int s = 0; s < n_splits; s++)
    {
      gsize first = s * n / n_splits, end = (s + 1) * n / n_splits;

      scores[s] = split_score (mean, probabilities + first * n_classes, end - first, n_classes);
      sum += scores[s];
    }

  score->mean = sum / n_splits;
  for (int s = 0; s < n_splits; s++)
    squares += (scores[s] - score->mean) * (scores[s] - score->mean);
  score->deviation = sqrt (squares / n_splits);
  return TRUE;
}
