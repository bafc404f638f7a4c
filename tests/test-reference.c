/* test-reference.c — the reference itself: against finite differences in double,
 * published random numbers and hand-made sums.
 * SPDX-License-Identifier: MIT */

#include "reference-backend.h"
#include "reference-block.h"

#include <math.h>
#include <string.h>

#define STEP 1e-5        /* of the differences */
#define TOLERANCE 1e-7   /* of a gradient's error, relative to the gradient */

typedef struct
{
  const char    *name;
  RaqamBlockSpec spec;
  guint32        seed; /* one that keeps the values off the corners of ReLU */
} Case;

#define SMALL_CONV                                                                       \
  RAQAM_BLOCK_CONV, .in_h = 5, .in_w = 6, .in_c = 3, .out_h = 3, .out_w = 3, .out_c = 4, \
                    .kernel = 3, .stride = 2, .n_classes = 3
#define SMALL_TCONV                                                                       \
  RAQAM_BLOCK_TCONV, .in_h = 3, .in_w = 2, .in_c = 3, .out_h = 6, .out_w = 4, .out_c = 2, \
                     .kernel = 4, .stride = 2, .pad = 1, .n_classes = 3
#define SMALL_DENSE                                                                       \
  RAQAM_BLOCK_DENSE, .in_h = 1, .in_w = 1, .in_c = 5, .out_h = 2, .out_w = 3, .out_c = 2, \
                     .n_classes = 3
#define SMALL_HEAD                                                                       \
  RAQAM_BLOCK_HEAD, .in_h = 3, .in_w = 2, .in_c = 4, .out_h = 1, .out_w = 1, .out_c = 1, \
                    .n_classes = 3
#define LEAKY .activation = RAQAM_ACTIVATION_LEAKY_RELU, .slope = 0.2f
#define NORM(kind, place) \
  .norm = RAQAM_NORM_##kind, .norm_place = RAQAM_NORM_##place, .norm_epsilon = 1e-3f

static const Case cases[] = {
  { "dense", { SMALL_DENSE }, 1 },
  { "dense-labels", { SMALL_DENSE, .labels = TRUE, .bias = TRUE, LEAKY }, 2 },
  { "dense-class-norm",
    { SMALL_DENSE, .labels = TRUE, LEAKY, NORM (CLASS, BEFORE_ACTIVATION) },
    3 },
  { "conv", { SMALL_CONV }, 4 },
  { "conv-labels", { SMALL_CONV, .labels = TRUE, .bias = TRUE, LEAKY, .dropout = 0.4f }, 5 },
  { "conv-spectral", { SMALL_CONV, .pad = 1, .bias = TRUE, .spectral = TRUE, LEAKY }, 6 },
  { "conv-norm", { SMALL_CONV, LEAKY, NORM (BATCH, BEFORE_ACTIVATION), .dropout = 0.25f }, 7 },
  { "conv-norm-of-input",
    { RAQAM_BLOCK_CONV, .in_h = 5, .in_w = 4, .in_c = 3, .out_h = 5, .out_w = 4, .out_c = 1,
      .kernel = 5, .stride = 1, .pad = 2, .n_classes = 3, .bias = TRUE,
      .activation = RAQAM_ACTIVATION_SIGMOID, NORM (BATCH, OF_INPUT) },
    8 },
  { "tconv", { SMALL_TCONV }, 9 },
  { "tconv-norm-after", { SMALL_TCONV, .bias = TRUE, LEAKY, NORM (BATCH, AFTER_ACTIVATION) }, 10 },
  { "tconv-class-norm", { SMALL_TCONV, LEAKY, NORM (CLASS, BEFORE_ACTIVATION) }, 11 },
  { "tconv-class-norm-after", { SMALL_TCONV, LEAKY, NORM (CLASS, AFTER_ACTIVATION) }, 12 },
  { "tconv-sigmoid", { SMALL_TCONV, .bias = TRUE, .activation = RAQAM_ACTIVATION_SIGMOID }, 13 },
  { "head", { SMALL_HEAD, .bias = TRUE }, 14 },
  { "head-pool", { SMALL_HEAD, .bias = TRUE, .pool = TRUE }, 15 },
  { "head-projection", { SMALL_HEAD, .bias = TRUE, .labels = TRUE }, 16 },
  { "head-spectral", { SMALL_HEAD, .bias = TRUE, .labels = TRUE, .spectral = TRUE }, 17 },
};

#define BATCH 4

static const guint8 labels[BATCH] = { 2, 0, 1, 0 };
static const RaqamPulse pulse = { .seed = G_GUINT64_CONSTANT (0x0123456789abcdef), .step = 7 };
static const RaqamForward train = { .mode = RAQAM_MODE_TRAIN, .stream = 9, .pulse = &pulse };

static void
fill (double *x, gsize n, GRand *random)
{
  for (gsize i = 0; i < n; i++)
    x[i] = g_rand_double_range (random, -1, 1);
}

static void
fill_tensors (ReferenceBlock *block, GRand *random)
{
  for (BlockTensor t = 0; t < BLOCK_N_TENSORS; t++)
    fill (block->tensor[t], block_tensor_size (&block->spec, t), random);
}

/* The loss whose gradient is @d_out. Spectral norm makes v and sigma anew from u as
 * it stands: then sigma = |Wᵀu|, whose derivative is u vᵀ, the formula of backend.h. */
static double
loss (ReferenceBlock *block, const double *in, const double *d_out)
{
  double sum = 0;

  reference_block_prepare (block, FALSE);
  reference_block_forward (block, in, labels, &train);
  for (gsize i = 0; i < BATCH * block_out_size (&block->spec); i++)
    sum += block->value[block->n_stages][i] * d_out[i];

  return sum;
}

static void
check_gradient (ReferenceBlock *block, const char *name, double *x, const double *gradient, gsize n,
                const double *in, const double *d_out)
{
  double error = 0, size = 0;

  for (gsize i = 0; i < n; i++)
    {
      double kept = x[i], above, below, want;

      x[i] = kept + STEP;
      above = loss (block, in, d_out);
      x[i] = kept - STEP;
      below = loss (block, in, d_out);
      x[i] = kept;

      want = (above - below) / (2 * STEP);
      error += pow (gradient[i] - want, 2);
      size += want * want;
    }

  g_test_message ("%s: relative error %.2g", name, sqrt (error / size));
  g_assert_cmpfloat (size, >, 0);
  g_assert_cmpfloat (sqrt (error / size), <, TOLERANCE);
}

static void
test_gradients (gconstpointer data)
{
  const Case *c = data;
  ReferenceBlock *block = reference_block_new (&c->spec, BATCH);
  gsize n_in = BATCH * block_in_size (&c->spec), n_out = BATCH * block_out_size (&c->spec);
  g_autofree double *in = g_new (double, n_in), *d_in = g_new (double, n_in);
  g_autofree double *d_out = g_new (double, n_out);
  GRand *random = g_rand_new_with_seed (c->seed);

  fill_tensors (block, random);
  fill (in, n_in, random);
  fill (d_out, n_out, random);
  loss (block, in, d_out);
  reference_block_backward (block, d_in, d_out);

  check_gradient (block, "input", in, d_in, n_in, in, d_out);
  for (BlockTensor t = 0; t < BLOCK_N_TRAINED; t++)
    if (block->tensor[t] != NULL)
      check_gradient (block, block_tensor_name (t), block->tensor[t], block->gradient[t],
                      block_tensor_size (&c->spec, t), in, d_out);

  g_rand_free (random);
  reference_block_free (block);
}

/* A hard threshold has no finite difference: its gradient is the soft one's. */
static void
test_threshold (void)
{
  RaqamBlockSpec spec = { SMALL_TCONV, .bias = TRUE, .activation = RAQAM_ACTIVATION_SIGMOID };
  gsize n_in = BATCH * block_in_size (&spec), n_out = BATCH * block_out_size (&spec);
  g_autofree double *in = g_new (double, n_in), *d_out = g_new (double, n_out);
  g_autofree double *soft_d_in = g_new (double, n_in), *hard_d_in = g_new (double, n_in);
  ReferenceBlock *soft = reference_block_new (&spec, BATCH), *hard;
  GRand *random = g_rand_new_with_seed (18);
  int n_ink = 0;

  spec.threshold = TRUE;
  hard = reference_block_new (&spec, BATCH);
  fill_tensors (soft, random);
  for (BlockTensor t = 0; t < BLOCK_N_TRAINED; t++)
    if (soft->tensor[t] != NULL)
      memcpy (hard->tensor[t], soft->tensor[t], block_tensor_size (&spec, t) * sizeof (double));
  fill (in, n_in, random);
  fill (d_out, n_out, random);

  reference_block_forward (soft, in, NULL, &train);
  reference_block_forward (hard, in, NULL, &train);
  for (gsize i = 0; i < n_out; i++)
    {
      g_assert_cmpfloat (hard->value[2][i], ==, soft->value[2][i] >= 0.5);
      n_ink += hard->value[2][i];
    }
  g_assert_cmpint (n_ink, >, 0);
  g_assert_cmpint (n_ink, <, n_out);

  reference_block_backward (soft, soft_d_in, d_out);
  reference_block_backward (hard, hard_d_in, d_out);
  g_assert_cmpmem (soft_d_in, n_in * sizeof (double), hard_d_in, n_in * sizeof (double));

  reference_block_forward (hard, in, NULL, &(RaqamForward) { .mode = RAQAM_MODE_INFER });
  g_assert_cmpmem (soft->value[2], n_out * sizeof (double), hard->value[2],
                   n_out * sizeof (double));

  g_rand_free (random);
  reference_block_free (hard);
  reference_block_free (soft);
}

/* The power iteration finds the largest singular value of a matrix where it is known. */
static void
test_spectral (void)
{
  double weight[6] = { 3, 0, 0, 0, 4, 0 }, u[2] = { 0.8, 0.6 }, v[3], hat[6];
  ReferenceSpectral spectral = { .rows = 2, .columns = 3, .v = v, .hat = hat };

  for (int i = 0; i < 60; i++)
    reference_spectral_prepare (&spectral, u, weight, TRUE);

  g_assert_cmpfloat_with_epsilon (spectral.sigma, 4, 1e-12);
  g_assert_cmpfloat_with_epsilon (fabs (u[1]), 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (hat[0], 0.75, 1e-12);
}

/* Running statistics of a block whose batch statistics are known: values 0 and 2. */
static void
test_running (void)
{
  RaqamBlockSpec spec = { RAQAM_BLOCK_DENSE, .in_h = 1, .in_w = 1, .in_c = 1, .out_h = 1,
                          .out_w = 1, .out_c = 1, NORM (BATCH, BEFORE_ACTIVATION) };
  RaqamForward how = { .mode = RAQAM_MODE_TRAIN, .update = 0.25f };
  ReferenceBlock *block = reference_block_new (&spec, 2);
  double in[2] = { 0, 2 };

  block->tensor[BLOCK_WEIGHT][0] = 1;
  block->tensor[BLOCK_SCALE][0] = 3;
  block->tensor[BLOCK_SHIFT][0] = 5;
  block->tensor[BLOCK_VARIANCE][0] = 9;
  reference_block_forward (block, in, NULL, &how);

  g_assert_cmpfloat_with_epsilon (block->value[2][1], 5 + 3 / sqrt (1.001), 1e-7);
  g_assert_cmpfloat_with_epsilon (block->tensor[BLOCK_MEAN][0], 0.25, 1e-12);
  g_assert_cmpfloat_with_epsilon (block->tensor[BLOCK_VARIANCE][0], 7, 1e-12);

  how.mode = RAQAM_MODE_INFER;
  reference_block_forward (block, in, NULL, &how);
  g_assert_cmpfloat_with_epsilon (block->value[2][1], 5 + 3 * 1.75 / sqrt (7.001), 1e-7);
  g_assert_cmpfloat_with_epsilon (block->tensor[BLOCK_MEAN][0], 0.25, 1e-12);
  reference_block_free (block);
}

/* Random123's known answers for philox4x32-10: tests/kat_vectors of its 1.09 release. */
static void
test_philox (void)
{
  static const struct
  {
    guint64 seed, step;
    guint32 stream, block;
    guint32 want[4];
  } known[] = {
    { 0, 0, 0, 0, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
    { G_MAXUINT64, G_MAXUINT64, 0xffffffff, 0xffffffff,
      { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
    { G_GUINT64_CONSTANT (0x299f31d0a4093822), G_GUINT64_CONSTANT (0x0370734413198a2e),
      0x85a308d3, 0x243f6a88,
      { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      RaqamPhilox got =
        raqam_philox (known[i].seed, known[i].step, known[i].stream, known[i].block);

      g_assert_cmpmem (got.word, sizeof got.word, known[i].want, sizeof known[i].want);
    }
}

static void
test_philox_numbers (void)
{
  const int n = 40000;
  double sum = 0, squares = 0, cubes = 0;

  g_assert_cmpfloat (raqam_philox_uniform (0), >, 0);
  g_assert_cmpfloat (raqam_philox_uniform (0xffffffff), <, 1);
  g_assert_cmphex (raqam_philox_keep_threshold (0), ==, 0);
  g_assert_cmphex (raqam_philox_keep_threshold (0.5f), ==, 0x80000000);

  for (int block = 0; block < n / 4; block++)
    {
      float normal[4];

      raqam_philox_normal (normal, raqam_philox (1, 2, 3, block));
      for (int i = 0; i < 4; i++)
        {
          sum += normal[i];
          squares += normal[i] * normal[i];
          cubes += normal[i] * normal[i] * normal[i];
        }
    }

  /* Four standard errors: 1 / √n, √2 / √n, √15 / √n. */
  g_assert_cmpfloat (fabs (sum / n), <, 4 / sqrt (n));
  g_assert_cmpfloat (fabs (squares / n - 1), <, 4 * sqrt (2.0 / n));
  g_assert_cmpfloat (fabs (cubes / n), <, 4 * sqrt (15.0 / n));
}

/* The gradient of bce is that of its own loss. */
static void
test_bce (void)
{
  const RaqamBackend *backend = &raqam_reference_backend;
  float logits[5] = { -2, 0.5f, 3, -0.25f, 1 }, d_logits[5], unused[5];
  float results[4], above[4], below[4];
  const float step = 0.03125f;

  backend->bce (NULL, d_logits, results, logits, 5, 2, 1, 0.1f, NULL);
  for (int i = 0; i < 5; i++)
    {
      float kept = logits[i];
      int part = i < 2 ? 0 : 1, count = i < 2 ? 2 : 3;

      logits[i] = kept + step;
      backend->bce (NULL, unused, above, logits, 5, 2, 1, 0.1f, NULL);
      logits[i] = kept - step;
      backend->bce (NULL, unused, below, logits, 5, 2, 1, 0.1f, NULL);
      logits[i] = kept;
      g_assert_cmpfloat_with_epsilon ((above[part] - below[part]) / (2 * step) * count / 5,
                                      d_logits[i], 1e-4);
    }

  /* -ln sigmoid (-2) = ln (1 + e²) and -ln sigmoid (0.5) = ln (1 + 1 / √e). */
  g_assert_cmpfloat_with_epsilon (results[0], (2.12692801 + 0.47407698) / 2, 1e-6);
  g_assert_cmpfloat_with_epsilon (results[2], (0.11920292 + 0.62245933) / 2, 1e-6);
}

static void
test_adam (void)
{
  float weight = 1, m = 0.5f, v = 0.25f, gradient = 2, rate = 0.125f;

  raqam_reference_backend.adam (NULL, &weight, &m, &v, &gradient, 1, &rate, 0.5f, 0.75f, 0.5f,
                                NULL);

  /* By hand: m = 0.25 + 1; v = 0.1875 + 1; w = 1 - 0.125 · 1.25 / (√1.1875 + 0.5). */
  g_assert_cmpfloat (m, ==, 1.25f);
  g_assert_cmpfloat (v, ==, 1.1875f);
  g_assert_cmpfloat_with_epsilon (weight, 0.90171254, 1e-6);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/reference/gradients/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_gradients);
    }
  g_test_add_func ("/reference/threshold", test_threshold);
  g_test_add_func ("/reference/spectral", test_spectral);
  g_test_add_func ("/reference/running-statistics", test_running);
  g_test_add_func ("/reference/bce", test_bce);
  g_test_add_func ("/reference/adam", test_adam);
  g_test_add_func ("/philox/known-answers", test_philox);
  g_test_add_func ("/philox/numbers", test_philox_numbers);

  return g_test_run ();
}
