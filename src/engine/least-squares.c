/* least-squares.c — one step of Levenberg and Marquardt's method.
 * SPDX-License-Identifier: MIT */

#include "engine/least-squares.h"

#include <math.h>
#include <string.h>

struct _RaqamLeastSquares
{
  int     n;
  double  curvature; /* mean of the diagonal */
  double *matrix;    /* (n, n): half of the cost's second derivatives; below the diagonal */
  double *gradient;  /* (n): half of its first ones */
  double *factor;    /* (n, n) */
  double *solution;  /* (n) */
};

RaqamLeastSquares *
raqam_least_squares_new (int n)
{
  RaqamLeastSquares *self = g_new0 (RaqamLeastSquares, 1);

  g_return_val_if_fail (n >= 1, NULL);

  self->n = n;
  self->matrix = g_new0 (double, (gsize) n * n);
  self->gradient = g_new0 (double, n);
  self->factor = g_new0 (double, (gsize) n * n);
  self->solution = g_new0 (double, n);
  return self;
}

void
raqam_least_squares_free (RaqamLeastSquares *self)
{
  g_free (self->matrix);
  g_free (self->gradient);
  g_free (self->factor);
  g_free (self->solution);
  g_free (self);
}

/* Eight sums side by side, so that the compiler may keep them in a register; always
 * in the same order. */
static float
product (const float *a, const float *b, int m)
{
  float sums[8] = { 0 };
  float sum = 0;
  int i = 0;

  for (; i + 8 <= m; i += 8)
    for (int k = 0; k < 8; k++)
      sums[k] += a[i + k] * b[i + k];
  for (; i < m; i++)
    sum += a[i] * b[i];
  for (int k = 0; k < 8; k++)
    sum += sums[k];
  return sum;
}

void
raqam_least_squares_set (RaqamLeastSquares *self, const float *slopes, const float *residuals,
                         const float *x, int m, double prior)
{
  int n = self->n;

  self->curvature = 0;
  for (int i = 0; i < n; i++)
    {
      const float *row = slopes + (gsize) i * m;

      for (int j = 0; j <= i; j++)
        self->matrix[(gsize) i * n + j] = product (row, slopes + (gsize) j * m, m);
      self->matrix[(gsize) i * n + i] += prior;
      self->gradient[i] = product (row, residuals, m) + prior * x[i];
      self->curvature += self->matrix[(gsize) i * n + i] / n;
    }
}

/* Cholesky's: the matrix with @added on its diagonal is factor · factorᵀ. */
static gboolean
factorise (RaqamLeastSquares *self, double added)
{
  int n = self->n;

  for (int i = 0; i < n; i++)
    {
      double *row = self->factor + (gsize) i * n;

      for (int j = 0; j <= i; j++)
        {
          const double *other = self->factor + (gsize) j * n;
          double sum = self->matrix[(gsize) i * n + j] + (i == j ? added : 0);

          for (int k = 0; k < j; k++)
            sum -= row[k] * other[k];
          if (i == j && !(sum > 0))
            return FALSE;
          row[j] = i == j ? sqrt (sum) : sum / other[j];
        }
    }
  return TRUE;
}

gboolean
raqam_least_squares_step (RaqamLeastSquares *self, float *step, double damping)
{
  const double *factor = self->factor;
  double *x = self->solution;
  int n = self->n;

  g_return_val_if_fail (damping > 0, FALSE);

  memset (step, 0, sizeof (float) * n);
  if (!factorise (self, damping * self->curvature))
    return FALSE;
  for (int i = 0; i < n; i++)
    {
      x[i] = -self->gradient[i];
      for (int k = 0; k < i; k++)
        x[i] -= factor[(gsize) i * n + k] * x[k];
      x[i] /= factor[(gsize) i * n + i];
    }
  for (int i = n - 1; i >= 0; i--)
    {
      for (int k = i + 1; k < n; k++)
        x[i] -= factor[(gsize) k * n + i] * x[k];
      x[i] /= factor[(gsize) i * n + i];
      step[i] = (float) x[i];
    }
  return TRUE;
}
