/* reference-linear.c — the linear stages: dense, convolutions and head.
 * SPDX-License-Identifier: MIT */

#include "reference-block.h"

#include <math.h>
#include <string.h>

/* Input pixel @in meets output pixel @out through tap @tap of the kernel. */
typedef struct
{
  int in, out, tap;
} Meeting;

static const double *
effective_weight (const ReferenceBlock *block)
{
  return block->spec.spectral ? block->spectral.hat : block->tensor[BLOCK_WEIGHT];
}

static const double *
effective_embedding (const ReferenceBlock *block)
{
  return block->spec.spectral ? block->embedding_spectral.hat : block->tensor[BLOCK_EMBEDDING];
}

/* Dense. */

static gsize
dense_columns (const ReferenceBlock *block)
{
  return block->spec.in_c + (block->spec.labels ? block->spec.n_classes : 0);
}

/* Returns: (transfer full): (N, columns): the latent vectors with their one-hot labels */
static double *
dense_input (const ReferenceBlock *block, const double *in)
{
  gsize columns = dense_columns (block);
  gsize in_c = block->spec.in_c;
  double *x = g_new0 (double, block->batch * columns);

  for (int n = 0; n < block->batch; n++)
    {
      for (gsize i = 0; i < in_c; i++)
        x[n * columns + i] = in[n * in_c + i];
      if (block->spec.labels)
        x[n * columns + in_c + block->labels[n]] = 1;
    }

  return x;
}

static void
dense_forward (ReferenceBlock *block, double *out, const double *in)
{
  const double *weight = effective_weight (block);
  const double *bias = block->tensor[BLOCK_BIAS];
  gsize rows = block_out_size (&block->spec), columns = dense_columns (block);
  double *x = dense_input (block, in);

  for (int n = 0; n < block->batch; n++)
    for (gsize o = 0; o < rows; o++)
      {
        out[n * rows + o] = bias != NULL ? bias[o] : 0;
        for (gsize i = 0; i < columns; i++)
          out[n * rows + o] += weight[o * columns + i] * x[n * columns + i];
      }

  g_free (x);
}

static void
dense_backward (ReferenceBlock *block, double *d_in, const double *in, const double *d_out)
{
  const double *weight = effective_weight (block);
  double *d_weight = block->gradient[BLOCK_WEIGHT], *d_bias = block->gradient[BLOCK_BIAS];
  gsize rows = block_out_size (&block->spec), columns = dense_columns (block);
  gsize in_c = block->spec.in_c;
  double *x = dense_input (block, in);

  for (int n = 0; n < block->batch; n++)
    for (gsize o = 0; o < rows; o++)
      {
        double d = d_out[n * rows + o];

        if (d_bias != NULL)
          d_bias[o] += d;
        for (gsize i = 0; i < columns; i++)
          d_weight[o * columns + i] += d * x[n * columns + i];
        for (gsize i = 0; i < in_c; i++)
          d_in[n * in_c + i] += d * weight[o * columns + i];
      }

  g_free (x);
}

/* Convolution and transposed convolution: the same meetings of pixels, found
 * from the output's side or from the input's. */

static void
add_meeting (GArray *meetings, const RaqamBlockSpec *spec, int y, int x, int ky, int kx)
{
  gboolean transposed = spec->kind == RAQAM_BLOCK_TCONV;
  int other_y = y * spec->stride - spec->pad + ky, other_x = x * spec->stride - spec->pad + kx;
  int other_h = transposed ? spec->out_h : spec->in_h;
  int other_w = transposed ? spec->out_w : spec->in_w;
  Meeting meeting = { .tap = ky * spec->kernel + kx };

  if (other_y < 0 || other_y >= other_h || other_x < 0 || other_x >= other_w)
    return;

  if (transposed)
    {
      meeting.in = y * spec->in_w + x;
      meeting.out = other_y * other_w + other_x;
    }
  else
    {
      meeting.in = other_y * other_w + other_x;
      meeting.out = y * spec->out_w + x;
    }
  g_array_append_val (meetings, meeting);
}

static GArray *
find_meetings (const RaqamBlockSpec *spec)
{
  gboolean transposed = spec->kind == RAQAM_BLOCK_TCONV;
  int height = transposed ? spec->in_h : spec->out_h;
  int width = transposed ? spec->in_w : spec->out_w;
  GArray *meetings = g_array_new (FALSE, FALSE, sizeof (Meeting));

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      for (int ky = 0; ky < spec->kernel; ky++)
        for (int kx = 0; kx < spec->kernel; kx++)
          add_meeting (meetings, spec, y, x, ky, kx);

  return meetings;
}

static int
conv_planes (const ReferenceBlock *block)
{
  return block->spec.in_c + (block->spec.labels ? block->spec.n_classes : 0);
}

/* Returns: (transfer full): the input, with one constant plane a class behind it */
static double *
conv_input (const ReferenceBlock *block, const double *in)
{
  gsize pixels = (gsize) block->spec.in_h * block->spec.in_w;
  gsize planes = conv_planes (block), in_c = block->spec.in_c;
  double *x = g_new0 (double, block->batch * pixels * planes);

  for (gsize p = 0; p < block->batch * pixels; p++)
    {
      for (gsize c = 0; c < in_c; c++)
        x[p * planes + c] = in[p * in_c + c];
      if (block->spec.labels)
        x[p * planes + in_c + block->labels[p / pixels]] = 1;
    }

  return x;
}

/* Where the weight from plane @i to channel @o lies in backend.h's layout, and
 * in the order in which it is used here: tap, plane, channel. */
static gsize
weight_place (const ReferenceBlock *block, gsize i, gsize o, gsize tap)
{
  gsize taps = (gsize) block->spec.kernel * block->spec.kernel;

  if (block->spec.kind == RAQAM_BLOCK_TCONV)
    return (i * block->spec.out_c + o) * taps + tap;
  return (o * conv_planes (block) + i) * taps + tap;
}

static gsize
used_place (const ReferenceBlock *block, gsize i, gsize o, gsize tap)
{
  return (tap * conv_planes (block) + i) * block->spec.out_c + o;
}

static double *
weight_as_used (const ReferenceBlock *block, const double *weight)
{
  int taps = block->spec.kernel * block->spec.kernel, planes = conv_planes (block);
  int out_c = block->spec.out_c;
  double *used = g_new (double, (gsize) taps * planes * out_c);

  for (int tap = 0; tap < taps; tap++)
    for (int i = 0; i < planes; i++)
      for (int o = 0; o < out_c; o++)
        used[used_place (block, i, o, tap)] = weight[weight_place (block, i, o, tap)];

  return used;
}

static void
gradient_from_used (const ReferenceBlock *block, double *gradient, const double *used)
{
  int taps = block->spec.kernel * block->spec.kernel, planes = conv_planes (block);
  int out_c = block->spec.out_c;

  for (int tap = 0; tap < taps; tap++)
    for (int i = 0; i < planes; i++)
      for (int o = 0; o < out_c; o++)
        gradient[weight_place (block, i, o, tap)] = used[used_place (block, i, o, tap)];
}

static void
conv_forward (ReferenceBlock *block, double *out, const double *in)
{
  const RaqamBlockSpec *spec = &block->spec;
  const double *bias = block->tensor[BLOCK_BIAS];
  gsize in_pixels = (gsize) spec->in_h * spec->in_w;
  gsize out_pixels = (gsize) spec->out_h * spec->out_w;
  int planes = conv_planes (block), out_c = spec->out_c;
  double *input = conv_input (block, in);
  double *weight = weight_as_used (block, effective_weight (block));
  GArray *meetings = find_meetings (spec);

  for (gsize k = 0; k < block->batch * out_pixels * out_c; k++)
    out[k] = bias != NULL ? bias[k % out_c] : 0;

  for (int n = 0; n < block->batch; n++)
    for (guint m = 0; m < meetings->len; m++)
      {
        const Meeting *meeting = &g_array_index (meetings, Meeting, m);
        const double *x = input + (n * in_pixels + meeting->in) * planes;
        const double *w = weight + (gsize) meeting->tap * planes * out_c;
        double *y = out + (n * out_pixels + meeting->out) * out_c;

        for (int i = 0; i < planes; i++)
          for (int o = 0; o < out_c; o++)
            y[o] += x[i] * w[i * out_c + o];
      }

  g_array_unref (meetings);
  g_free (weight);
  g_free (input);
}

/* The sums over all meetings: @d_input (N, H, W, planes) and @d_weight as used. */
static void
conv_gradients (const ReferenceBlock *block, double *d_input, double *d_weight, const double *input,
                const double *weight, const double *d_out)
{
  const RaqamBlockSpec *spec = &block->spec;
  gsize in_pixels = (gsize) spec->in_h * spec->in_w;
  gsize out_pixels = (gsize) spec->out_h * spec->out_w;
  int planes = conv_planes (block), out_c = spec->out_c;
  GArray *meetings = find_meetings (spec);

  for (int n = 0; n < block->batch; n++)
    for (guint m = 0; m < meetings->len; m++)
      {
        const Meeting *meeting = &g_array_index (meetings, Meeting, m);
        gsize from = (n * in_pixels + meeting->in) * planes;
        gsize kernel = (gsize) meeting->tap * planes * out_c;
        const double *d = d_out + (n * out_pixels + meeting->out) * out_c;

        for (int i = 0; i < planes; i++)
          for (int o = 0; o < out_c; o++)
            {
              d_input[from + i] += d[o] * weight[kernel + i * out_c + o];
              d_weight[kernel + i * out_c + o] += d[o] * input[from + i];
            }
      }

  g_array_unref (meetings);
}

static void
conv_backward (ReferenceBlock *block, double *d_in, const double *in, const double *d_out)
{
  const RaqamBlockSpec *spec = &block->spec;
  gsize in_pixels = (gsize) block->batch * spec->in_h * spec->in_w;
  gsize n_out = block->batch * block_out_size (spec);
  gsize planes = conv_planes (block), in_c = spec->in_c;
  double *input = conv_input (block, in);
  double *weight = weight_as_used (block, effective_weight (block));
  double *d_input = g_new0 (double, in_pixels * planes);
  double *d_weight = g_new0 (double, block_tensor_size (spec, BLOCK_WEIGHT));

  conv_gradients (block, d_input, d_weight, input, weight, d_out);

  gradient_from_used (block, block->gradient[BLOCK_WEIGHT], d_weight);
  for (gsize k = 0; k < n_out && spec->bias; k++)
    block->gradient[BLOCK_BIAS][k % spec->out_c] += d_out[k];
  for (gsize p = 0; p < in_pixels; p++)
    for (gsize c = 0; c < in_c; c++)
      d_in[p * in_c + c] = d_input[p * planes + c];

  g_free (d_weight);
  g_free (d_input);
  g_free (weight);
  g_free (input);
}

/* Head. */

/* Returns: where in sample @n's input feature @f comes from; a NaN is the largest of all */
static gsize
feature_place (const ReferenceBlock *block, const double *in, int n, gsize f)
{
  const RaqamBlockSpec *spec = &block->spec;
  gsize first = n * block_in_size (spec), best = first + f;

  if (!spec->pool)
    return best;

  for (gsize p = first + f; p < first + block_in_size (spec); p += spec->in_c)
    if (in[p] > in[best] || (isnan (in[p]) && !isnan (in[best])))
      best = p;

  return best;
}

static void
head_forward (ReferenceBlock *block, double *out, const double *in)
{
  const double *weight = effective_weight (block), *embedding = effective_embedding (block);
  gsize features = block_features (&block->spec);

  for (int n = 0; n < block->batch; n++)
    {
      out[n] = block->spec.bias ? block->tensor[BLOCK_BIAS][0] : 0;
      for (gsize f = 0; f < features; f++)
        {
          double x = in[feature_place (block, in, n, f)];

          out[n] += weight[f] * x;
          if (block->spec.labels)
            out[n] += embedding[block->labels[n] * features + f] * x;
        }
    }
}

static void
head_backward (ReferenceBlock *block, double *d_in, const double *in, const double *d_out)
{
  const double *weight = effective_weight (block), *embedding = effective_embedding (block);
  gsize features = block_features (&block->spec);

  for (int n = 0; n < block->batch; n++)
    {
      if (block->spec.bias)
        block->gradient[BLOCK_BIAS][0] += d_out[n];
      for (gsize f = 0; f < features; f++)
        {
          gsize place = feature_place (block, in, n, f), row = block->labels[n] * features + f;

          block->gradient[BLOCK_WEIGHT][f] += d_out[n] * in[place];
          d_in[place] += d_out[n] * weight[f];
          if (block->spec.labels)
            {
              block->gradient[BLOCK_EMBEDDING][row] += d_out[n] * in[place];
              d_in[place] += d_out[n] * embedding[row];
            }
        }
    }
}

const ReferenceStage reference_linear[4] = {
  [RAQAM_BLOCK_DENSE] = { dense_forward, dense_backward },
  [RAQAM_BLOCK_CONV] = { conv_forward, conv_backward },
  [RAQAM_BLOCK_TCONV] = { conv_forward, conv_backward },
  [RAQAM_BLOCK_HEAD] = { head_forward, head_backward },
};
