/* reference-stages.c — norm, activation, dropout and spectral norm.
 * SPDX-License-Identifier: MIT */

#include "reference-block.h"

#include <math.h>

/* Norm. */

typedef struct
{
  gsize rows, pixels; /* rows of all samples; of one */
  int   channels;
} Rows;

static Rows
norm_rows (const ReferenceBlock *block)
{
  const RaqamBlockSpec *spec = &block->spec;
  gboolean of_input = spec->norm_place == RAQAM_NORM_OF_INPUT;
  gsize pixels = of_input ? (gsize) spec->in_h * spec->in_w : (gsize) spec->out_h * spec->out_w;

  return (Rows) { block->batch * pixels, pixels, block_norm_channels (spec) };
}

/* Returns: where the scale and shift of channel @c in row @row lie */
static gsize
affine_place (const ReferenceBlock *block, const Rows *rows, gsize row, int c)
{
  if (block->spec.norm == RAQAM_NORM_CLASS)
    return (gsize) block->labels[row / rows->pixels] * rows->channels + c;
  return c;
}

static void
norm_statistics (ReferenceBlock *block, const Rows *rows, const double *in, int c)
{
  double *running_mean = &block->tensor[BLOCK_MEAN][c];
  double *running_variance = &block->tensor[BLOCK_VARIANCE][c];
  double mean = 0, variance = 0;

  for (gsize r = 0; r < rows->rows; r++)
    mean += in[r * rows->channels + c] / rows->rows;
  for (gsize r = 0; r < rows->rows; r++)
    variance += pow (in[r * rows->channels + c] - mean, 2) / rows->rows;

  if (block->how.mode == RAQAM_MODE_TRAIN)
    {
      *running_mean += block->how.update * (mean - *running_mean);
      *running_variance += block->how.update * (variance - *running_variance);
    }
  else
    {
      mean = *running_mean;
      variance = *running_variance;
    }
  block->mean[c] = mean;
  block->variance[c] = variance;
}

static void
norm_forward (ReferenceBlock *block, double *out, const double *in)
{
  Rows rows = norm_rows (block);

  for (int c = 0; c < rows.channels; c++)
    {
      norm_statistics (block, &rows, in, c);

      for (gsize r = 0; r < rows.rows; r++)
        {
          gsize k = r * rows.channels + c, place = affine_place (block, &rows, r, c);
          double deviation = sqrt (block->variance[c] + block->spec.norm_epsilon);

          out[k] = block->tensor[BLOCK_SCALE][place] * (in[k] - block->mean[c]) / deviation
                   + block->tensor[BLOCK_SHIFT][place];
        }
    }
}

static void
norm_backward (ReferenceBlock *block, double *d_in, const double *in, const double *d_out)
{
  Rows rows = norm_rows (block);

  for (int c = 0; c < rows.channels; c++)
    {
      double deviation = sqrt (block->variance[c] + block->spec.norm_epsilon);
      double d_mean = 0, d_variance = 0;

      for (gsize r = 0; r < rows.rows; r++)
        {
          gsize k = r * rows.channels + c, place = affine_place (block, &rows, r, c);
          double centred = in[k] - block->mean[c];
          double d_normal = d_out[k] * block->tensor[BLOCK_SCALE][place];

          block->gradient[BLOCK_SCALE][place] += d_out[k] * centred / deviation;
          block->gradient[BLOCK_SHIFT][place] += d_out[k];
          d_in[k] = d_normal / deviation;
          d_mean -= d_normal / deviation;
          d_variance -= d_normal * centred / (2 * pow (deviation, 3));
        }

      /* The mean's way through the variance is Σ -2 (x - mean) / rows = 0. */
      for (gsize r = 0; r < rows.rows; r++)
        {
          gsize k = r * rows.channels + c;

          d_in[k] += d_mean / rows.rows + d_variance * 2 * (in[k] - block->mean[c]) / rows.rows;
        }
    }
}

const ReferenceStage reference_norm = { norm_forward, norm_backward };

/* Activation. */

static double
sigmoid (double x)
{
  return 1 / (1 + exp (-x));
}

static void
activation_forward (ReferenceBlock *block, double *out, const double *in)
{
  const RaqamBlockSpec *spec = &block->spec;
  gboolean hard = spec->threshold && block->how.mode == RAQAM_MODE_TRAIN;

  for (gsize k = 0; k < block->batch * block_out_size (spec); k++)
    if (spec->activation == RAQAM_ACTIVATION_LEAKY_RELU)
      out[k] = in[k] > 0 ? in[k] : spec->slope * in[k];
    else if (hard)
      out[k] = sigmoid (in[k]) >= 0.5 ? 1 : 0;
    else
      out[k] = sigmoid (in[k]);
}

static void
activation_backward (ReferenceBlock *block, double *d_in, const double *in, const double *d_out)
{
  const RaqamBlockSpec *spec = &block->spec;

  for (gsize k = 0; k < block->batch * block_out_size (spec); k++)
    if (spec->activation == RAQAM_ACTIVATION_LEAKY_RELU)
      d_in[k] = in[k] > 0 ? d_out[k] : spec->slope * d_out[k];
    else
      d_in[k] = d_out[k] * sigmoid (in[k]) * (1 - sigmoid (in[k]));
}

const ReferenceStage reference_activation = { activation_forward, activation_backward };

/* Dropout. */

/* Returns: what dropout multiplies value @k with */
static double
dropout_factor (const ReferenceBlock *block, gsize k)
{
  const RaqamForward *how = &block->how;
  float rate = block->spec.dropout;
  RaqamPhilox random;

  if (how->mode != RAQAM_MODE_TRAIN)
    return 1;

  random = raqam_philox (how->pulse->seed, how->pulse->step, how->stream, k / 4);
  return random.word[k % 4] >= raqam_philox_keep_threshold (rate) ? 1 / (1 - (double) rate) : 0;
}

static void
dropout_forward (ReferenceBlock *block, double *out, const double *in)
{
  for (gsize k = 0; k < block->batch * block_out_size (&block->spec); k++)
    out[k] = in[k] * dropout_factor (block, k);
}

static void
dropout_backward (ReferenceBlock *block, double *d_in, const double *in, const double *d_out)
{
  for (gsize k = 0; k < block->batch * block_out_size (&block->spec); k++)
    d_in[k] = d_out[k] * dropout_factor (block, k);
}

const ReferenceStage reference_dropout = { dropout_forward, dropout_backward };

/* Spectral norm. */

static void
normalise (double *x, int n)
{
  double sum = 0;

  for (int i = 0; i < n; i++)
    sum += x[i] * x[i];
  for (int i = 0; i < n; i++)
    x[i] /= sqrt (sum);
}

void
reference_spectral_prepare (ReferenceSpectral *spectral, double *u, const double *weight,
                            gboolean power)
{
  int rows = spectral->rows, columns = spectral->columns;

  for (int j = 0; j < columns; j++)
    {
      spectral->v[j] = 0;
      for (int i = 0; i < rows; i++)
        spectral->v[j] += weight[i * columns + j] * u[i];
    }
  normalise (spectral->v, columns);

  if (power)
    {
      for (int i = 0; i < rows; i++)
        {
          u[i] = 0;
          for (int j = 0; j < columns; j++)
            u[i] += weight[i * columns + j] * spectral->v[j];
        }
      normalise (u, rows);
    }

  spectral->sigma = 0;
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++)
      spectral->sigma += u[i] * weight[i * columns + j] * spectral->v[j];
  for (int k = 0; k < rows * columns; k++)
    spectral->hat[k] = weight[k] / spectral->sigma;
}

void
reference_spectral_backward (const ReferenceSpectral *spectral, double *gradient, const double *u)
{
  int rows = spectral->rows, columns = spectral->columns;
  double product = 0;

  for (int k = 0; k < rows * columns; k++)
    product += gradient[k] * spectral->hat[k];
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++)
      gradient[i * columns + j] =
        (gradient[i * columns + j] - product * u[i] * spectral->v[j]) / spectral->sigma;
}
