/* fold.c — batch norm of a product's input, folded into the product.
 * SPDX-License-Identifier: MIT */

#include "cpu/fold.h"

#include <math.h>

#include "cpu/kernels.h"

void
raqam_fold_lay_out (RaqamFold *self, RaqamScratch *scratch, const RaqamBlockSpec *spec, int n_taps)
{
  gsize c = spec->in_c;
  float **vectors[] = { &self->mean, &self->inverse, &self->scale, &self->shift, &self->d_scale,
                        &self->d_shift, &self->across, &self->apart };

  self->spec = spec;
  self->n_taps = n_taps;
  self->channels = c;
  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    *vectors[i] = raqam_scratch_take (scratch, c, sizeof (float));
  self->weights = raqam_scratch_take (scratch, n_taps * c, sizeof (float));
  self->constants = raqam_scratch_take (scratch, n_taps, sizeof (float));
}

void
raqam_fold_use_batch (RaqamFold *self, const double *sums, const float *origin, double n,
                      float *state, float update)
{
  float *running_mean = state + self->spec->layout.mean;
  float *running_variance = state + self->spec->layout.variance;

  for (int c = 0; c < self->channels; c++)
    {
      double shift = sums[c] / n, mean = origin[c] + shift;
      double variance = sums[self->channels + c] / n - shift * shift;

      variance = variance < 0 ? 0 : variance;
      self->mean[c] = mean;
      self->inverse[c] = 1 / sqrt (variance + self->spec->norm_epsilon);
      running_mean[c] += update * (mean - running_mean[c]);
      running_variance[c] += update * (variance - running_variance[c]);
    }
}

void
raqam_fold_use_running (RaqamFold *self, const float *state)
{
  const RaqamBlockLayout *layout = &self->spec->layout;

  for (int c = 0; c < self->channels; c++)
    {
      double variance = state[layout->variance + c];

      self->mean[c] = state[layout->mean + c];
      self->inverse[c] = 1 / sqrt (variance + self->spec->norm_epsilon);
    }
}

void
raqam_fold_weights (RaqamFold *self, const float *weights, const float *params)
{
  const RaqamBlockLayout *layout = &self->spec->layout;
  int channels = self->channels;

  for (int c = 0; c < channels; c++)
    {
      self->scale[c] = params[layout->scale + c] * self->inverse[c];
      self->shift[c] = params[layout->shift + c] - self->mean[c] * self->scale[c];
    }

  for (int t = 0; t < self->n_taps; t++)
    {
      const float *row = weights + (gsize) t * channels;

      self->constants[t] = raqam_kernels ()->vector->dot (row, self->shift, channels);
      for (int c = 0; c < channels; c++)
        self->weights[t * channels + c] = row[c] * self->scale[c];
    }
}

void
raqam_fold_gradients (RaqamFold *self, double *g, const double *tap_sums, const float *weights,
                      double n)
{
  for (int c = 0; c < self->channels; c++)
    {
      double scale = 0, shift = 0;

      for (int t = 0; t < self->n_taps; t++)
        {
          double w = weights[t * self->channels + c], s = tap_sums[t];
          double *d = &g[t * self->channels + c];

          scale += w * (*d - self->mean[c] * s) * self->inverse[c];
          shift += w * s;
          *d = self->scale[c] * *d + self->shift[c] * s;
        }

      self->d_scale[c] = scale;
      self->d_shift[c] = shift;
      self->across[c] = -self->scale[c] * self->inverse[c] * scale / n;
      self->apart[c] = -self->scale[c] * shift / n - self->across[c] * self->mean[c];
    }
}
