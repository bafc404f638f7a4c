/* spectral.c — a weight matrix over its largest singular value.
 * SPDX-License-Identifier: MIT */

#include "cpu/spectral.h"

#include <math.h>
#include <string.h>

#include "cpu/kernels.h"

/* Written so that a NaN in @norm comes out again. */
static float
guard (float norm)
{
  return norm < 1e-12f ? 1e-12f : norm;
}

static void
right_vector (float *v, const float *u, const float *w, int rows, int cols)
{
  const RaqamVectorKernels *kernels = raqam_kernels ()->vector;
  float norm;

  memset (v, 0, cols * sizeof *v);
  for (int r = 0; r < rows; r++)
    kernels->add_scaled (v, w + (gsize) r * cols, u[r], cols);

  norm = guard (sqrtf (kernels->dot (v, v, cols)));
  for (int c = 0; c < cols; c++)
    v[c] /= norm;
}

void
raqam_cpu_spectral_power (float *v, float *u, float *sigma, const float *w,
                          int rows, int cols, gboolean power)
{
  const RaqamVectorKernels *kernels = raqam_kernels ()->vector;
  double sum = 0;

  right_vector (v, u, w, rows, cols);

  if (power)
    {
      float norm;

      for (int r = 0; r < rows; r++)
        {
          u[r] = kernels->dot (w + (gsize) r * cols, v, cols);
          sum += (double) u[r] * u[r];
        }
      norm = guard (sqrtf (sum));
      for (int r = 0; r < rows; r++)
        u[r] /= norm;
      *sigma = sum / norm;
    }
  else
    {
      for (int r = 0; r < rows; r++)
        sum += (double) u[r] * kernels->dot (w + (gsize) r * cols, v, cols);
      *sigma = sum;
    }
}

void
raqam_cpu_spectral_gradient (float *dw, const float *w_hat, const float *u, const float *v,
                             float sigma, int rows, int cols)
{
  const RaqamVectorKernels *kernels = raqam_kernels ()->vector;
  double along = 0;

  for (int r = 0; r < rows; r++)
    along += kernels->dot (dw + (gsize) r * cols, w_hat + (gsize) r * cols, cols);

  for (int r = 0; r < rows; r++)
    {
      float *row = dw + (gsize) r * cols;
      float share = along * u[r];

      for (int c = 0; c < cols; c++)
        row[c] = (row[c] - share * v[c]) / sigma;
    }
}
