/* test-sparse.c — a convolution's gradients where the output's is mostly 0.
 * SPDX-License-Identifier: MIT */

#include <math.h>

#include "cpu/sparse.h"
#include "engine/philox.h"

static const RaqamBlockSpec CASES[] = {
  { .in_h = 14, .in_w = 14, .in_c = 64, .out_h = 7, .out_w = 7, .out_c = 128, .kernel = 3, .stride = 2, .pad = 0 },
  { .in_h = 14, .in_w = 14, .in_c = 32, .out_h = 7, .out_w = 7, .out_c = 64, .kernel = 4, .stride = 2, .pad = 1 },
  { .in_h = 5, .in_w = 9, .in_c = 3, .out_h = 5, .out_w = 9, .out_c = 4, .kernel = 5, .stride = 1, .pad = 2 },
  { .in_h = 3, .in_w = 2, .in_c = 1, .out_h = 1, .out_w = 1, .out_c = 8, .kernel = 7, .stride = 4, .pad = 2 },
};

static float *
random_values (gsize n, guint32 stream, guint one_in)
{
  float *values = g_new0 (float, n);

  for (gsize i = 0; i < n; i++)
    {
      RaqamPhilox block = raqam_philox (5, 0, stream, (guint32) i);

      if (block.word[1] % one_in == 0)
        values[i] = raqam_philox_uniform (block.word[0]) - 0.5f;
    }

  return values;
}

typedef struct
{
  double *d_in;
  double *d_weight;
} Gradients;

/* Calls for each product of the convolution, written out as the sum it is. */
static void
plain_gradients (Gradients *to, const float *in, const float *weight, const float *d_out,
                 const RaqamBlockSpec *s, int n)
{
  for (int i = 0; i < n; i++)
    for (int oy = 0; oy < s->out_h; oy++)
      for (int ox = 0; ox < s->out_w; ox++)
        for (int k = 0; k < s->out_c; k++)
          for (int ky = 0; ky < s->kernel; ky++)
            for (int kx = 0; kx < s->kernel; kx++)
              for (int c = 0; c < s->in_c; c++)
                {
                  int y = oy * s->stride - s->pad + ky, x = ox * s->stride - s->pad + kx;
                  gsize pixel = (((gsize) i * s->in_h + y) * s->in_w + x) * s->in_c + c;
                  gsize tap = (((gsize) k * s->in_c + c) * s->kernel + ky) * s->kernel + kx;
                  double d = d_out[(((gsize) i * s->out_h + oy) * s->out_w + ox) * s->out_c + k];

                  if (y < 0 || y >= s->in_h || x < 0 || x >= s->in_w)
                    continue;
                  to->d_in[pixel] += d * weight[tap];
                  to->d_weight[tap] += d * in[pixel];
                }
}

static void
assert_near (const float *got, const double *want, gsize n)
{
  double difference = 0, size = 0;

  for (gsize i = 0; i < n; i++)
    {
      difference += (got[i] - want[i]) * (got[i] - want[i]);
      size += want[i] * want[i];
    }
  g_assert_cmpfloat (size, >, 0);
  g_assert_cmpfloat (sqrt (difference / size), <, 1e-6);
}

static void
test_plain_loops (gconstpointer data)
{
  const RaqamBlockSpec *spec = data;
  const int n = 3;
  gsize n_in = (gsize) n * spec->in_h * spec->in_w * spec->in_c;
  gsize n_out = (gsize) n * spec->out_h * spec->out_w * spec->out_c;
  gsize n_weight = (gsize) spec->out_c * spec->in_c * spec->kernel * spec->kernel;
  g_autofree float *in = random_values (n_in, 0, 1);
  g_autofree float *weight = random_values (n_weight, 1, 1);
  g_autofree float *d_out = random_values (n_out, 2, 3);
  g_autofree float *channels_last = g_new (float, n_weight);
  g_autofree float *back = g_new (float, n_weight);
  g_autofree float *got = g_new (float, MAX (n_in, n_weight));
  g_autofree double *d_in = g_new0 (double, n_in);
  g_autofree double *d_weight = g_new0 (double, n_weight);
  Gradients want = { d_in, d_weight };

  plain_gradients (&want, in, weight, d_out, spec, n);

  raqam_cpu_sparse_pack (channels_last, weight, spec);
  raqam_cpu_sparse_unpack (back, channels_last, spec);
  g_assert_cmpmem (back, sizeof (float) * n_weight, weight, sizeof (float) * n_weight);

  raqam_cpu_sparse_backward (got, d_out, channels_last, spec, n);
  assert_near (got, d_in, n_in);

  raqam_cpu_sparse_backward_weights (channels_last, in, d_out, spec, n);
  raqam_cpu_sparse_unpack (got, channels_last, spec);
  assert_near (got, d_weight, n_weight);
}

static void
test_what_is_sparse (void)
{
  float values[64] = { 0 };

  g_assert_true (raqam_cpu_is_sparse (values, 64));
  for (int i = 0; i < 4; i++)
    values[i * 9] = i == 2 ? NAN : -1;
  g_assert_true (raqam_cpu_is_sparse (values, 64));
  values[63] = 1e-30f;
  g_assert_false (raqam_cpu_is_sparse (values, 64));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      g_autofree char *path = g_strdup_printf ("/sparse/plain-loops/%u", i);

      g_test_add_data_func (path, &CASES[i], test_plain_loops);
    }
  g_test_add_func ("/sparse/what-is-sparse", test_what_is_sparse);

  return g_test_run ();
}
