/* ops.c — the CPU's operations that belong to no block.
 * SPDX-License-Identifier: MIT */

#include "cpu/ops.h"

#include <math.h>
#include <string.h>

#include "cpu/device.h"
#include "cpu/kernels.h"

/* Floats of a slab that travel together: a cache line. */
#define LINE 16

gboolean
raqam_cpu_bce (RaqamDevice *device, float *d_logits, float *results, const float *logits,
               int n, int n_first, float first, float rest, GError **error)
{
  double loss[2] = { 0, 0 }, probability[2] = { 0, 0 };
  int count[2] = { n_first, n - n_first };

  g_return_val_if_fail (0 <= n_first && n_first <= n, FALSE);

  for (int i = 0; i < n; i++)
    {
      int part = i < n_first ? 0 : 1;
      double l = logits[i], target = part == 0 ? first : rest;
      double sigmoid = 1 / (1 + exp (-l));

      loss[part] += (l < 0 ? 0 : l) - l * target + log1p (exp (-fabs (l)));
      probability[part] += sigmoid;
      d_logits[i] = (sigmoid - target) / n;
    }

  for (int part = 0; part < 2; part++)
    {
      results[part] = count[part] > 0 ? loss[part] / count[part] : 0;
      results[2 + part] = count[part] > 0 ? probability[part] / count[part] : 0;
    }

  return TRUE;
}

typedef struct
{
  float       *weights, *m, *v;
  const float *gradient;
  gsize        n;
  float        rate, beta1, beta2, epsilon;
} Adam;

/* Turns a share of lines into a share of floats; an empty one stays empty. */
static gsize
lines_to_floats (gsize *n_floats, int begin, int end, gsize n)
{
  gsize from = (gsize) begin * LINE, to = MIN ((gsize) end * LINE, n);

  *n_floats = to > from ? to - from : 0;
  return from;
}

static int
n_lines (gsize n)
{
  g_assert (n <= (gsize) G_MAXINT * LINE);
  return (n + LINE - 1) / LINE;
}

static void
adam_share (gpointer data, int worker, int begin, int end)
{
  const Adam *job = data;
  gsize n, from = lines_to_floats (&n, begin, end, job->n);

  raqam_kernels ()->vector->adam (job->weights + from, job->m + from, job->v + from,
                                  job->gradient + from, n, job->rate, job->beta1, job->beta2,
                                  job->epsilon);
}

gboolean
raqam_cpu_adam (RaqamDevice *device, float *weights, float *m, float *v, const float *gradient,
                gsize n, const float *rate, float beta1, float beta2, float epsilon, GError **error)
{
  Adam job = { weights, m, v, gradient, n, *rate, beta1, beta2, epsilon };

  raqam_pool_run (device->pool, adam_share, &job, n_lines (n));
  return TRUE;
}

typedef struct
{
  float       *to;
  const float *from;
  gsize        n;
  float        decay;
} Average;

static void
average_share (gpointer data, int worker, int begin, int end)
{
  const Average *job = data;
  gsize n, from = lines_to_floats (&n, begin, end, job->n);

  raqam_kernels ()->vector->average (job->to + from, job->from + from, n, job->decay);
}

gboolean
raqam_cpu_average (RaqamDevice *device, float *to, const float *from, gsize n, const float *decay,
                   GError **error)
{
  Average job = { to, from, n, *decay };

  raqam_pool_run (device->pool, average_share, &job, n_lines (n));
  return TRUE;
}

typedef struct
{
  float            *out;
  gsize             n;
  guint32           stream;
  const RaqamPulse *pulse;
} Normal;

static void
normal_share (gpointer data, int worker, int begin, int end)
{
  const Normal *job = data;

  for (int block = begin; block < end; block++)
    {
      gsize from = (gsize) block * 4;
      float four[4];

      raqam_philox_normal (four, raqam_philox (job->pulse->seed, job->pulse->step, job->stream,
                                               block));
      memcpy (job->out + from, four, MIN (job->n - from, 4) * sizeof *four);
    }
}

gboolean
raqam_cpu_normal (RaqamDevice *device, float *out, gsize n, guint32 stream, const RaqamPulse *pulse,
                  GError **error)
{
  Normal job = { out, n, stream, pulse };

  g_assert (n <= (gsize) G_MAXINT);
  raqam_pool_run (device->pool, normal_share, &job, (n + 3) / 4);
  return TRUE;
}

typedef struct
{
  float         *images;
  guint8        *labels;
  const guint8  *data, *data_labels;
  const guint32 *order; /* from the batch's first image on */
  int            image_size;
} Gather;

static void
gather_share (gpointer data, int worker, int begin, int end)
{
  const Gather *job = data;

  for (int i = begin; i < end; i++)
    {
      gsize from = job->order[i];

      raqam_kernels ()->vector->from_bytes (job->images + (gsize) i * job->image_size,
                                            job->data + from * job->image_size, job->image_size);
      job->labels[i] = job->data_labels[from];
    }
}

gboolean
raqam_cpu_gather (RaqamDevice *device, float *images, guint8 *labels, const guint8 *data,
                  const guint8 *data_labels, const guint32 *order, int batch, int image_size,
                  const RaqamPulse *pulse, GError **error)
{
  Gather job = { images, labels, data, data_labels, order + pulse->position, image_size };

  raqam_pool_run (device->pool, gather_share, &job, batch);
  return TRUE;
}
