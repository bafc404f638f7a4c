/* test-hidden.c — hidden blocks in shapes that kernels stumble over.
 * SPDX-License-Identifier: MIT
 *
 * DENSE, CONV and TCONV of RAQAM_TEST_BACKEND, without it the CPU's, against plain
 * loops, in every precision: more channels, rows, images and classes than one block
 * of threads takes, and as few as can be. Inputs and weights are numbers that the
 * precision has, so that rounding them, which would hide the rest, does nothing.
 */

#include "block-cases.h"
#include "block-rig.h"
#include "reference-backend.h"

#include <string.h>

/* Where there are few values, none may lie nearer to a corner of ReLU. */
#define FEW 1024

#define SIZES(h, w, c, oh, ow, oc) \
  .in_h = (h), .in_w = (w), .in_c = (c), .out_h = (oh), .out_w = (ow), .out_c = (oc)
#define KERNEL(size, step, empty) .kernel = (size), .stride = (step), .pad = (empty)
#define DENSE(z, h, w, c, classes) \
  RAQAM_BLOCK_DENSE, SIZES (1, 1, z, h, w, c), .n_classes = (classes)
#define LEAKY(by) .activation = RAQAM_ACTIVATION_LEAKY_RELU, .slope = (by)
#define NORM(kind, place) \
  .norm = RAQAM_NORM_##kind, .norm_place = RAQAM_NORM_##place, .norm_epsilon = 1e-3f

static const BlockCase cases[] = {
  { "dense-one", { DENSE (1, 1, 1, 1, 2), .bias = TRUE }, 1 },
  { "dense-one-channel",
    { DENSE (5, 3, 4, 1, 3), .labels = TRUE, LEAKY (0.2f), NORM (BATCH, BEFORE_ACTIVATION) },
    9 },
  { "dense-16-images",
    { DENSE (300, 2, 2, 3, 256), .labels = TRUE, .bias = TRUE, LEAKY (0.2f), .dropout = 0.2f },
    16 },
  { "dense-17-images",
    { DENSE (300, 2, 2, 3, 256), .labels = TRUE, .bias = TRUE, LEAKY (0.2f), .dropout = 0.2f },
    17 },
  { "dense-many-images",
    { DENSE (6, 3, 3, 10, 256), .labels = TRUE, .bias = TRUE, LEAKY (0.2f),
      NORM (CLASS, AFTER_ACTIVATION), .dropout = 0.3f },
    700 },
  { "dense-wide", { DENSE (9, 5, 5, 64, 10), .labels = TRUE, LEAKY (0.1f) }, 33 },

  { "conv-one-image",
    { RAQAM_BLOCK_CONV, SIZES (5, 4, 3, 5, 4, 6), KERNEL (3, 1, 1), .n_classes = 2, .bias = TRUE,
      LEAKY (0.2f), NORM (BATCH, AFTER_ACTIVATION) },
    1 },
  { "conv-one-channel-in",
    { RAQAM_BLOCK_CONV, SIZES (7, 6, 1, 7, 6, 5), KERNEL (3, 1, 1), .n_classes = 2, .bias = TRUE,
      LEAKY (0.2f), NORM (BATCH, BEFORE_ACTIVATION), .dropout = 0.5f },
    4 },
  { "conv-wide",
    { RAQAM_BLOCK_CONV, SIZES (4, 5, 3, 2, 3, 270), KERNEL (3, 2, 1), .n_classes = 2,
      .bias = TRUE, LEAKY (0.2f), NORM (BATCH, AFTER_ACTIVATION), .dropout = 0.4f },
    5 },
  { "conv-wide-in",
    { RAQAM_BLOCK_CONV, SIZES (3, 3, 300, 3, 3, 4), KERNEL (3, 1, 1), .n_classes = 2,
      .bias = TRUE, LEAKY (0.2f), .dropout = 0.1f },
    5 },
  { "conv-many-rows",
    { RAQAM_BLOCK_CONV, SIZES (128, 130, 2, 128, 130, 3), KERNEL (1, 1, 0), .n_classes = 2,
      .bias = TRUE, LEAKY (0.2f), .dropout = 0.2f },
    17 },
  { "conv-many-rows-norm",
    { RAQAM_BLOCK_CONV, SIZES (13, 13, 2, 13, 13, 264), KERNEL (1, 1, 0), .n_classes = 2,
      LEAKY (0.2f), NORM (BATCH, BEFORE_ACTIVATION) },
    50 },
  { "conv-large-images",
    { RAQAM_BLOCK_CONV, SIZES (130, 131, 2, 130, 131, 4), KERNEL (1, 1, 0), .n_classes = 3,
      LEAKY (0.1f), NORM (CLASS, BEFORE_ACTIVATION) },
    3 },
  { "conv-spectral-norm",
    { RAQAM_BLOCK_CONV, SIZES (3, 4, 70, 2, 2, 41), KERNEL (3, 2, 1), .n_classes = 2,
      .spectral = TRUE, .bias = TRUE, LEAKY (0.2f), NORM (BATCH, BEFORE_ACTIVATION) },
    6 },

  { "tconv-wide-class",
    { RAQAM_BLOCK_TCONV, SIZES (3, 2, 5, 6, 4, 264), KERNEL (4, 2, 1), .n_classes = 256,
      .bias = TRUE, LEAKY (0), NORM (CLASS, BEFORE_ACTIVATION), .dropout = 0.3f },
    20 },
  { "tconv-gaps",
    { RAQAM_BLOCK_TCONV, SIZES (4, 3, 6, 12, 9, 7), KERNEL (2, 3, 0), .n_classes = 2,
      .bias = TRUE, LEAKY (0.2f), .dropout = 0.2f },
    3 },
};

/* Distances over the norm of what is wanted. bf16 also rounds what a kernel leaves to
 * the next, and with that takes some values near a corner across it: which a sum over
 * a batch, such as a bias's gradient, feels most. */
static const struct
{
  const char    *name;
  RaqamPrecision precision;
  guint32        mask; /* of the bits that its numbers have */
  double         out, gradient, sum, margin;
} precisions[] = {
  { "f32", RAQAM_PRECISION_F32, 0xffffffff, 1e-5, 1e-5, 1e-5, 1e-6 },
  { "tf32", RAQAM_PRECISION_TF32, 0xffffe000, 1e-3, 1e-2, 1e-2, 5e-4 },
  { "bf16", RAQAM_PRECISION_BF16, 0xffff0000, 1e-2, 3e-2, 5e-2, 2e-3 },
};

typedef struct
{
  const BlockCase *block;
  gsize            precision; /* which of precisions */
} Case;

static void
train_course (Rig *rig)
{
  rig_prepare (rig, TRUE);
  rig_forward (rig, 0, RAQAM_MODE_TRAIN, 0.3f, 5);
  rig_backward (rig, TRUE, TRUE);
}

static void
cut (float *x, gsize n, guint32 mask)
{
  for (gsize i = 0; i < n; i++)
    {
      guint32 bits;

      memcpy (&bits, &x[i], sizeof bits);
      bits &= mask;
      memcpy (&x[i], &bits, sizeof bits);
    }
}

static RigInputs *
draw (const Case *c, guint32 seed)
{
  RigInputs *inputs = rig_inputs_new (&c->block->spec, c->block->batch, seed);
  guint32 mask = precisions[c->precision].mask;

  cut (inputs->in[0], inputs->n_in, mask);
  cut (inputs->weights + inputs->spec.layout.weight,
       block_tensor_size (&inputs->spec, BLOCK_WEIGHT), mask);
  return inputs;
}

static Rig *
open_rig (TestDevice *device, const RigInputs *inputs)
{
  GError *error = NULL;
  Rig *rig = rig_new (device, inputs, TRUE, &error);

  g_assert_no_error (error);
  return rig;
}

/* Returns: inputs, and the reference that has gone its course with them */
static RigInputs *
draw_apart (const Case *c, TestDevice *reference, Rig **rig)
{
  gboolean few = c->block->batch * block_out_size (&c->block->spec) <= FEW;
  double enough = few ? precisions[c->precision].margin : 1e-6;

  for (guint32 seed = 1;; seed++)
    {
      RigInputs *inputs = draw (c, seed);

      *rig = open_rig (reference, inputs);
      train_course (*rig);
      if (!few || reference_backend_margin ((*rig)->block) >= enough)
        return inputs;

      g_assert_cmpuint (seed, <, 400);
      rig_free (*rig);
      rig_inputs_free (inputs);
    }
}

/* What norm takes away again right behind it has a gradient of 0, exactly. */
static gboolean
is_in_vain (const RaqamBlockSpec *spec, BlockTensor tensor)
{
  return tensor == BLOCK_BIAS && spec->kind != RAQAM_BLOCK_DENSE && spec->norm != RAQAM_NORM_NONE
         && spec->norm_place == RAQAM_NORM_BEFORE_ACTIVATION;
}

static void
compare_gradients (const Case *c, const RigInputs *inputs, const float *got, const float *want)
{
  for (BlockTensor t = 0; t < BLOCK_N_TRAINED; t++)
    {
      gssize offset = block_tensor_offset (&inputs->spec, t);
      gsize n = block_tensor_size (&inputs->spec, t);

      if (is_in_vain (&inputs->spec, t))
        for (gsize i = 0; i < n; i++)
          g_assert_cmpfloat (got[offset + i], ==, 0);
      else if (offset >= 0)
        rig_compare (block_tensor_name (t), got + offset, want + offset, n,
                     t == BLOCK_WEIGHT ? precisions[c->precision].gradient
                                       : precisions[c->precision].sum);
    }
}

static void
compare (const Case *c, Rig *rig, Rig *reference)
{
  const RigInputs *inputs = rig->inputs;
  RigResults *got = rig_results (rig), *want = rig_results (reference);

  rig_compare ("out", got->out, want->out, inputs->n_out, precisions[c->precision].out);
  rig_compare ("d_in", got->d_in, want->d_in, inputs->n_in, precisions[c->precision].gradient);
  compare_gradients (c, inputs, got->d_params, want->d_params);
  rig_compare_state ("state", inputs, got->state, want->state, precisions[c->precision].out);
  rig_check_gaps (inputs, got->d_params);

  rig_results_free (want);
  rig_results_free (got);
}

/* By the running statistics that training left, and the weights alone. */
static void
compare_inferred (const Case *c, Rig *rig, Rig *reference)
{
  RigResults *got, *want;

  rig_forward (rig, 0, RAQAM_MODE_INFER, 0, 0);
  rig_forward (reference, 0, RAQAM_MODE_INFER, 0, 0);
  got = rig_results (rig);
  want = rig_results (reference);
  rig_compare ("inferred", got->out, want->out, rig->inputs->n_out, precisions[c->precision].out);

  rig_results_free (want);
  rig_results_free (got);
}

static void
test_hidden (gconstpointer data)
{
  const Case *c = data;
  RaqamDeviceOptions options = { .precision = precisions[c->precision].precision, .n_threads = 2 };
  RaqamDeviceOptions one = { .precision = RAQAM_PRECISION_F32, .n_threads = 1 };
  g_autoptr (GError) error = NULL;
  TestDevice *device = test_device_open (test_backend (), &options, &error);
  TestDevice *plain;
  RigInputs *inputs;
  Rig *reference, *rig;

  if (device == NULL)
    {
      g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE);
      g_test_skip (error->message);
      return;
    }

  plain = test_device_open (&raqam_reference_backend, &one, NULL);
  inputs = draw_apart (c, plain, &reference);
  rig = open_rig (device, inputs);
  train_course (rig);
  compare (c, rig, reference);
  compare_inferred (c, rig, reference);

  rig_free (rig);
  rig_free (reference);
  rig_inputs_free (inputs);
  test_device_close (plain);
  test_device_close (device);
}

int
main (int argc, char *argv[])
{
  if (!test_backend_is_here ())
    return 0;
  g_test_init (&argc, &argv, NULL);

  for (gsize p = 0; p < G_N_ELEMENTS (precisions); p++)
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
      {
        g_autofree char *path =
          g_strdup_printf ("/hidden/%s/%s", precisions[p].name, cases[i].name);
        Case *c = g_new (Case, 1);

        *c = (Case) { &cases[i], p };
        g_test_add_data_func_full (path, c, test_hidden, g_free);
      }

  return g_test_run ();
}
