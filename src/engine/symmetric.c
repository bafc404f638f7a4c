/* symmetric.c — eigenvalues of symmetric matrices.
 * SPDX-License-Identifier: MIT */

#include "engine/symmetric.h"

#include <float.h>
#include <math.h>
#include <string.h>

static double
dot (const double *a, const double *b, int n)
{
  double sum = 0;

  for (int i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

static void
add_scaled (double *a, double scale, const double *b, int n)
{
  for (int i = 0; i < n; i++)
    a[i] += scale * b[i];
}

/* Sums of squares below this are nothing beside the largest number, which is 1, and
 * too near to where doubles end to be divided by. A matrix of rank 1 comes down to
 * such numbers within a few reflections. */
#define NOTHING 1e-200

/* Makes of @x the vector v of a reflection I − βvvᵀ that leaves only the first
 * number of @x.
 *
 * Returns: that number; β is 0 where nothing is to be done */
static double
reflector (double *beta, double *x, int n)
{
  double rest = dot (x + 1, x + 1, n - 1), first = x[0], left;

  *beta = 0;
  if (rest < NOTHING)
    return first;

  left = first > 0 ? -sqrt (first * first + rest) : sqrt (first * first + rest);
  x[0] = first - left;
  *beta = 2 / (x[0] * x[0] + rest);
  return left;
}

/* @a ← (I − βvvᵀ) @a (I − βvvᵀ), of @n rows that are @stride apart. */
static void
reflect_both_sides (double *a, const double *v, double beta, double *work, int n, int stride)
{
  double along;

  memset (work, 0, n * sizeof *work);
  for (int i = 0; i < n; i++)
    add_scaled (work, beta * v[i], a + (gsize) i * stride, n);
  along = beta / 2 * dot (v, work, n);
  add_scaled (work, -along, v, n);
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      a[(gsize) i * stride + j] -= v[i] * work[j] + work[i] * v[j];
}

/* Leaves the vectors of the reflections in the rows of @a, above its diagonal. */
static void
tridiagonalise (double *diagonal, double *beside, double *betas, double *a, double *work, int n)
{
  for (int k = 0; k < n; k++)
    {
      double *row = a + (gsize) k * n + k + 1;
      int rest = n - k - 1;

      diagonal[k] = a[(gsize) k * n + k];
      betas[k] = 0;
      beside[k] = rest > 0 ? reflector (&betas[k], row, rest) : 0;
      if (betas[k] != 0)
        reflect_both_sides (row + n, row, betas[k], work, rest, n);
    }
}

/* The product of the reflections, last one first. */
static void
accumulate (double *vectors, const double *a, const double *betas, int n)
{
  memset (vectors, 0, (gsize) n * n * sizeof *vectors);
  for (int i = 0; i < n; i++)
    vectors[(gsize) i * n + i] = 1;

  for (int k = n - 2; k >= 0; k--)
    for (int i = k + 1; betas[k] != 0 && i < n; i++)
      {
        const double *v = a + (gsize) k * n + k + 1;
        double *row = vectors + (gsize) i * n + k + 1;

        add_scaled (row, -betas[k] * dot (row, v, n - k - 1), v, n - k - 1);
      }
}

static void
rotate_rows (double *upper, double *lower, double cosine, double sine, int n)
{
  for (int i = 0; i < n; i++)
    {
      double x = lower[i];

      lower[i] = sine * upper[i] + cosine * x;
      upper[i] = cosine * upper[i] - sine * x;
    }
}

/* One implicit QL sweep over rows @first to @last, with Wilkinson's shift. */
static void
sweep (double *d, double *e, double *vectors, int first, int last, int n)
{
  double g = (d[first + 1] - d[first]) / (2 * e[first]);
  double shift = d[first] - e[first] / (g + copysign (hypot (g, 1), g));
  double sine = 1, cosine = 1, less = 0;

  g = d[last] - shift;
  for (int i = last - 1; i >= first; i--)
    {
      double f = sine * e[i], b = cosine * e[i], r = hypot (f, g), step;

      e[i + 1] = r;
      if (r == 0)
        {
          d[i + 1] -= less;
          e[last] = 0;
          return;
        }
      sine = f / r;
      cosine = g / r;
      g = d[i + 1] - less;
      step = (d[i] - g) * sine + 2 * cosine * b;
      less = sine * step;
      d[i + 1] = g + less;
      g = cosine * step - b;
      if (vectors != NULL)
        rotate_rows (vectors + (gsize) i * n, vectors + (gsize) (i + 1) * n, cosine, sine, n);
    }
  d[first] -= less;
  e[first] = g;
  e[last] = 0;
}

/* What is beside the diagonal counts as zero next to the whole matrix, not next to
 * its neighbours: a singular matrix has neighbours that are zero themselves, and
 * more than that precision the reduction has not left. */
static void
diagonalise (double *d, double *e, double *vectors, int n)
{
  double most = 0;

  for (int i = 0; i < n; i++)
    most = MAX (most, fabs (d[i]) + fabs (e[i]));

  for (int first = 0; first < n; first++)
    for (;;)
      {
        int last = first;

        while (last < n - 1 && fabs (e[last]) > DBL_EPSILON * most)
          last++;
        if (last == first)
          break;
        sweep (d, e, vectors, first, last, n);
      }
}

void
raqam_symmetric_eigen (double *values, double *vectors, double *matrix, int n)
{
  g_autofree double *work = g_new (double, 3 * (gsize) n);
  double *beside = work, *betas = work + n, most = 0;

  g_return_if_fail (values != NULL && matrix != NULL && n > 0);

  /* Squares in between neither overflow nor vanish. */
  for (gsize i = 0; i < (gsize) n * n; i++)
    most = MAX (most, fabs (matrix[i]));
  for (gsize i = 0; most > 0 && i < (gsize) n * n; i++)
    matrix[i] /= most;

  tridiagonalise (values, beside, betas, matrix, work + 2 * n, n);
  if (vectors != NULL)
    accumulate (vectors, matrix, betas, n);
  diagonalise (values, beside, vectors, n);
  for (int i = 0; i < n; i++)
    values[i] *= most;
}
