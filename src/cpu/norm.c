/* norm.c — batch norm of a hidden layer: statistics, coefficients, gradients.
 * SPDX-License-Identifier: MIT */

#include "cpu/norm.h"

#include "cpu/device.h"
#include "cpu/scratch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static gsize
lay_out (RaqamCpuNorm *self)
{
  RaqamScratch scratch = { self->memory, 0 };
  gsize c = self->c, workers = self->n_workers, tables = self->n_tables;

  self->mean = raqam_scratch_take (&scratch, c, sizeof (float));
  self->inverse = raqam_scratch_take (&scratch, c, sizeof (float));
  self->zeros = raqam_scratch_take (&scratch, c, sizeof (float));
  self->scale = raqam_scratch_take (&scratch, tables * c, sizeof (float));
  self->shift = raqam_scratch_take (&scratch, tables * c, sizeof (float));
  self->along = raqam_scratch_take (&scratch, tables * c, sizeof (float));
  self->across = raqam_scratch_take (&scratch, c, sizeof (float));
  self->apart = raqam_scratch_take (&scratch, c, sizeof (float));
  self->counts = raqam_scratch_take (&scratch, workers, sizeof (double));
  self->origins = raqam_scratch_take (&scratch, workers * c, sizeof (float));
  self->partials = raqam_scratch_take (&scratch, workers * 2 * c, sizeof (float));
  self->sums = raqam_scratch_take (&scratch, workers * 2 * tables * c, sizeof (double));

  return scratch.used;
}

RaqamCpuNorm *
raqam_cpu_norm_new (const RaqamBlockSpec *spec, int n_workers, GError **error)
{
  RaqamCpuNorm *self = g_new0 (RaqamCpuNorm, 1);

  self->kernels = raqam_kernels ()->hidden;
  self->spec = spec;
  self->c = spec->out_c;
  self->n_tables = spec->norm == RAQAM_NORM_CLASS ? spec->n_classes : 1;
  self->n_workers = n_workers;

  self->memory = raqam_cpu_alloc (lay_out (self), error);
  if (self->memory == NULL)
    {
      g_free (self);
      return NULL;
    }
  lay_out (self);

  return self;
}

void
raqam_cpu_norm_free (RaqamCpuNorm *self)
{
  if (self == NULL)
    return;

  free (self->memory);
  g_free (self);
}

static double *
worker_sums (const RaqamCpuNorm *self, int worker, int which, int table)
{
  return self->sums + (((gsize) worker * 2 + which) * self->n_tables + table) * self->c;
}

void
raqam_cpu_norm_begin (RaqamCpuNorm *self, int worker)
{
  self->counts[worker] = 0.0;
  memset (worker_sums (self, worker, 0, 0), 0, 2 * self->n_tables * self->c * sizeof (double));
}

static void
set_origin (RaqamCpuNorm *self, float *origin, const float *x, gsize pixels)
{
  memset (origin, 0, self->c * sizeof (float));
  self->kernels->sums (origin, x, pixels, self->c);
  for (gsize i = 0; i < self->c; i++)
    origin[i] /= (float) pixels;
}

void
raqam_cpu_norm_collect (RaqamCpuNorm *self, int worker, float *x, const float *bias, float slope,
                        gsize pixels)
{
  gsize c = self->c;
  float *origin = self->origins + worker * c;
  float *partial = self->partials + worker * 2 * c;

  if (self->counts[worker] == 0.0)
    {
      self->kernels->bias_activation (x, bias, slope, pixels, c);
      set_origin (self, origin, x, pixels);
      bias = self->zeros;
      slope = 1.0f;
    }

  for (gsize row = 0; row < pixels; row += RAQAM_SUM_ROWS)
    {
      self->kernels->bias_activation_sums (x + row * c, partial, partial + c, bias, origin, slope,
                                           MIN (RAQAM_SUM_ROWS, pixels - row), c);
      self->kernels->flush (worker_sums (self, worker, 0, 0), partial, c);
      self->kernels->flush (worker_sums (self, worker, 1, 0), partial + c, c);
    }
  self->counts[worker] += (double) pixels;
}

static void
set_coefficients (RaqamCpuNorm *self, const float *params, gsize channel, double mean,
                  double inverse)
{
  const RaqamBlockLayout *layout = &self->spec->layout;

  for (int table = 0; table < self->n_tables; table++)
    {
      gsize at = table * self->c + channel;
      double scale = params[layout->scale + at] * inverse;

      self->scale[at] = (float) scale;
      self->shift[at] = (float) (params[layout->shift + at] - mean * scale);
    }
}

/* Adds the workers' means and squares by Chan, Golub and LeVeque's rule. */
static void
combine (const RaqamCpuNorm *self, gsize channel, double *mean, double *variance)
{
  double n = 0.0, m = 0.0, squares = 0.0;

  for (int worker = 0; worker < self->n_workers; worker++)
    {
      double count = self->counts[worker];
      double sum = worker_sums (self, worker, 0, 0)[channel];
      double gap;

      if (count == 0.0)
        continue;

      gap = self->origins[worker * self->c + channel] + sum / count - m;
      squares += worker_sums (self, worker, 1, 0)[channel] - sum * sum / count
                 + gap * gap * n * count / (n + count);
      m += gap * count / (n + count);
      n += count;
    }

  *mean = m;
  /* Not MAX (), which would make a number of NaN. */
  *variance = squares < 0.0 ? 0.0 : squares / n;
}

void
raqam_cpu_norm_use_batch (RaqamCpuNorm *self, const float *params, float *state, float update)
{
  float *running_mean = state + self->spec->layout.mean;
  float *running_variance = state + self->spec->layout.variance;

  for (gsize i = 0; i < self->c; i++)
    {
      double mean, variance, inverse;

      combine (self, i, &mean, &variance);
      inverse = 1.0 / sqrt (variance + self->spec->norm_epsilon);
      set_coefficients (self, params, i, mean, inverse);
      self->mean[i] = (float) mean;
      self->inverse[i] = (float) inverse;
      if (update != 0.0f)
        {
          running_mean[i] += update * ((float) mean - running_mean[i]);
          running_variance[i] += update * ((float) variance - running_variance[i]);
        }
    }
}

void
raqam_cpu_norm_use_running (RaqamCpuNorm *self, const float *params, const float *state)
{
  const float *mean = state + self->spec->layout.mean;
  const float *variance = state + self->spec->layout.variance;

  for (gsize i = 0; i < self->c; i++)
    set_coefficients (self, params, i, mean[i],
                      1.0 / sqrt ((double) variance[i] + self->spec->norm_epsilon));
}

void
raqam_cpu_norm_collect_backward (RaqamCpuNorm *self, int worker, float *d, const float *out,
                                 const float *x, int table, gsize pixels)
{
  gsize c = self->c;
  float *partial = self->partials + worker * 2 * c;
  gboolean before = self->spec->norm_place == RAQAM_NORM_BEFORE_ACTIVATION
                    && self->spec->activation != RAQAM_ACTIVATION_NONE;

  for (gsize row = 0; row < pixels; row += RAQAM_SUM_ROWS)
    {
      gsize rows = MIN (RAQAM_SUM_ROWS, pixels - row), at = row * c;

      if (before)
        self->kernels->activation_backward_sums (d + at, partial, partial + c, out + at, x + at,
                                                 self->mean, self->spec->slope, rows, c);
      else
        self->kernels->norm_sums (partial, partial + c, d + at, x + at, self->mean, rows, c);
      self->kernels->flush (worker_sums (self, worker, 0, table), partial, c);
      self->kernels->flush (worker_sums (self, worker, 1, table), partial + c, c);
    }
}

static double
total (const RaqamCpuNorm *self, int which, int table, gsize channel)
{
  double sum = 0.0;

  for (int worker = 0; worker < self->n_workers; worker++)
    sum += worker_sums (self, worker, which, table)[channel];

  return sum;
}

void
raqam_cpu_norm_finish_backward (RaqamCpuNorm *self, float *d_params, const float *params,
                                gsize n_pixels)
{
  const RaqamBlockLayout *layout = &self->spec->layout;

  for (gsize i = 0; i < self->c; i++)
    {
      double inverse = self->inverse[i];
      double sum = 0.0, product = 0.0; /* of the gradient of x̂, and of that times x̂ */
      double across;

      for (int table = 0; table < self->n_tables; table++)
        {
          gsize at = table * self->c + i;
          double scale = params[layout->scale + at];
          double d_shift = total (self, 0, table, i);
          double d_scale = total (self, 1, table, i) * inverse;

          if (d_params != NULL)
            {
              d_params[layout->shift + at] = (float) d_shift;
              d_params[layout->scale + at] = (float) d_scale;
            }
          self->along[at] = (float) (scale * inverse);
          sum += scale * d_shift;
          product += scale * d_scale;
        }

      across = -inverse * inverse * product / n_pixels;
      self->across[i] = (float) across;
      self->apart[i] = (float) (-inverse * sum / n_pixels - across * self->mean[i]);
    }
}
