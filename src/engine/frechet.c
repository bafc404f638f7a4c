/* frechet.c — how far apart two sets of images are, by the features of each.
 * SPDX-License-Identifier: MIT */

#include "engine/frechet.h"

#include "engine/feature-check.h"
#include "engine/symmetric.h"

#include <float.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Images whose products are added in one pass over the covariance. */
#define BATCH 4

static gboolean
is_taken (const guint8 *labels, guint8 label, gsize i)
{
  return labels == NULL || labels[i] == label;
}

static gboolean
set_mean (RaqamMoments *moments, const float *features, const guint8 *labels, guint8 label, gsize n,
          GError **error)
{
  for (gsize i = 0; i < n; i++)
    if (is_taken (labels, label, i))
      {
        for (int j = 0; j < moments->d; j++)
          moments->mean[j] += features[i * moments->d + j];
        moments->n++;
      }

  if (moments->n < 2)
    {
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA,
                   _("How the features of images vary cannot be said of %zu of them. Judge more "
                      "images"),
                   moments->n);
      return FALSE;
    }
  for (int j = 0; j < moments->d; j++)
    moments->mean[j] /= moments->n;
  return TRUE;
}

/* The half of the covariance on and above its diagonal. */
static void
add_products (double *covariance, const double *centred, int d)
{
  for (int i = 0; i < d; i++)
    {
      double a0 = centred[i], a1 = centred[d + i], a2 = centred[2 * d + i];
      double a3 = centred[3 * d + i];

      for (int j = i; j < d; j++)
        covariance[(gsize) i * d + j] += (a0 * centred[j] + a1 * centred[d + j])
                                         + (a2 * centred[2 * d + j] + a3 * centred[3 * d + j]);
    }
}

static void
set_covariance (RaqamMoments *moments, const float *features, const guint8 *labels, guint8 label,
                gsize n)
{
  int d = moments->d, filled = 0;
  g_autofree double *centred = g_new0 (double, (gsize) BATCH *d);

  for (gsize i = 0; i < n; i++)
    {
      if (!is_taken (labels, label, i))
        continue;
      for (int j = 0; j < d; j++)
        centred[filled * d + j] = features[i * d + j] - moments->mean[j];
      if (++filled == BATCH)
        {
          add_products (moments->covariance, centred, d);
          filled = 0;
        }
    }
  memset (centred + filled * d, 0, (BATCH - filled) * (gsize) d * sizeof *centred);
  add_products (moments->covariance, centred, d);

  for (int i = 0; i < d; i++)
    for (int j = i; j < d; j++)
      moments->covariance[(gsize) j * d + i] = moments->covariance[(gsize) i * d + j] /=
        moments->n - 1;
}

RaqamMoments *
raqam_moments_new (const float *features, const guint8 *labels, guint8 label, gsize n, int d,
                   GError **error)
{
  g_autoptr (RaqamMoments) moments = NULL;

  g_return_val_if_fail (n == 0 || features != NULL, NULL);
  g_return_val_if_fail (d > 0, NULL);

  moments = g_new0 (RaqamMoments, 1);
  moments->d = d;
  moments->mean = g_new0 (double, d);
  moments->covariance = g_new0 (double, (gsize) d *d);
  if (!raqam_features_check (features, n * d, error)
      || !set_mean (moments, features, labels, label, n, error))
    return NULL;
  set_covariance (moments, features, labels, label, n);
  return g_steal_pointer (&moments);
}

void
raqam_moments_free (RaqamMoments *moments)
{
  if (moments == NULL)
    return;
  g_free (moments->mean);
  g_free (moments->covariance);
  g_free (moments);
}

/* Rows whose products with themselves add up to @moments' covariance: Λ^½ Vᵀ. What
 * rounding leaves of an eigenvalue 0 is taken for 0. */
static double *
new_root (const RaqamMoments *moments)
{
  gsize d = moments->d;
  g_autofree double *matrix = g_memdup2 (moments->covariance, d * d * sizeof *matrix);
  g_autofree double *values = g_new (double, d);
  double *rows = g_new (double, d *d), largest = 0;

  raqam_symmetric_eigen (values, rows, matrix, d);
  for (gsize i = 0; i < d; i++)
    largest = MAX (largest, values[i]);
  for (gsize i = 0; i < d; i++)
    {
      double root = values[i] > d * DBL_EPSILON * largest ? sqrt (values[i]) : 0;

      for (gsize j = 0; j < d; j++)
        rows[i * d + j] *= root;
    }
  return rows;
}

/* @out ← @a @b; rows of @a that are 0 cost nothing. */
static void
multiply (double *out, const double *a, const double *b, gsize d)
{
  memset (out, 0, d * d * sizeof *out);
  for (gsize i = 0; i < d; i++)
    for (gsize k = 0; k < d; k++)
      if (a[i * d + k] != 0)
        for (gsize j = 0; j < d; j++)
          out[i * d + j] += a[i * d + k] * b[k * d + j];
}

/* The sum of the roots of the eigenvalues of RΣ₂Rᵀ, which are those of Σ₁^½ Σ₂ Σ₁^½
 * for every R with RᵀR = Σ₁. @a, which gives R, is best the set of the lower rank:
 * rounding leaves 1e-16 where an eigenvalue is 0, and the root of that is much
 * more, but rows of R that are 0 leave nothing. */
static double
trace_of_root (const RaqamMoments *a, const RaqamMoments *b)
{
  gsize d = a->d;
  g_autofree double *root = new_root (a);
  g_autofree double *turned = g_new (double, d *d);
  g_autofree double *product = g_new (double, d *d);
  g_autofree double *values = g_new (double, d);
  double sum = 0;

  multiply (product, root, b->covariance, d);
  for (gsize i = 0; i < d; i++)
    for (gsize j = 0; j < d; j++)
      turned[j * d + i] = root[i * d + j];
  memcpy (root, product, d * d * sizeof *root);
  multiply (product, root, turned, d);
  for (gsize i = 0; i < d; i++)
    for (gsize j = 0; j < i; j++)
      product[i * d + j] = product[j * d + i] = (product[i * d + j] + product[j * d + i]) / 2;

  raqam_symmetric_eigen (values, NULL, product, d);
  for (gsize i = 0; i < d; i++)
    sum += sqrt (MAX (values[i], 0));
  return sum;
}

double
raqam_frechet_distance (const RaqamMoments *a, const RaqamMoments *b)
{
  double distance = 0;

  g_return_val_if_fail (a != NULL && b != NULL && a->d == b->d, 0);

  for (int i = 0; i < a->d; i++)
    {
      double apart = a->mean[i] - b->mean[i];
      gsize at = (gsize) i * a->d + i;

      distance += apart * apart + a->covariance[at] + b->covariance[at];
    }
  return MAX (distance - 2 * (a->n < b->n ? trace_of_root (a, b) : trace_of_root (b, a)), 0);
}
