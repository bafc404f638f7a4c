/* test-ends.c — the networks' first and last blocks in shapes that kernels stumble over.
 * SPDX-License-Identifier: MIT
 *
 * Image, input and head blocks of RAQAM_TEST_BACKEND, without it the CPU's, against
 * plain loops: kernels from 1 to 11, strides up to 4, planes of many tiles, more
 * channels and images than one block of threads takes; in every precision, between
 * plain edges and the device's own. What the latter look like is known from
 * src/cuda/edge.h: channels padded to 8 with zeros, bf16 or float; or they are plain.
 */

#include "block-cases.h"
#include "block-rig.h"
#include "reference-backend.h"

#include <math.h>
#include <string.h>

/* A distance over the norm of what is wanted. Values that rounding takes across a corner
 * of ReLU make most of the last two; where there are few values, and one would be too
 * many, inputs are drawn again until nothing lies so near, as in test-backend.c. */
#define TOLERANCE 1e-5
#define TOLERANCE_TF32 2e-2
#define TOLERANCE_BF16 5e-2
#define MARGIN 1e-6
#define MARGIN_TF32 5e-4
#define MARGIN_BF16 4e-3
#define FEW 1024

#define SIZES(h, w, c, oh, ow, oc) \
  .in_h = (h), .in_w = (w), .in_c = (c), .out_h = (oh), .out_w = (ow), .out_c = (oc)
#define KERNEL(size, step, empty) .kernel = (size), .stride = (step), .pad = (empty)
#define HEAD(h, w, c, classes) RAQAM_BLOCK_HEAD, SIZES (h, w, c, 1, 1, 1), .n_classes = (classes)
#define LEAKY(by) .activation = RAQAM_ACTIVATION_LEAKY_RELU, .slope = (by)
#define SIGMOID .activation = RAQAM_ACTIVATION_SIGMOID
#define NORM \
  .norm = RAQAM_NORM_BATCH, .norm_place = RAQAM_NORM_OF_INPUT, .norm_epsilon = 1e-3f

static const BlockCase ends[] = {
  { "image-tiles",
    { RAQAM_BLOCK_CONV, SIZES (40, 37, 9, 40, 37, 1), KERNEL (11, 1, 5), .n_classes = 2,
      .bias = TRUE, SIGMOID, NORM },
    2 },
  { "image-channels",
    { RAQAM_BLOCK_TCONV, SIZES (5, 6, 203, 20, 24, 1), KERNEL (11, 4, 3), .n_classes = 2,
      .bias = TRUE, .threshold = TRUE, SIGMOID },
    2 },
  { "image-channels-norm",
    { RAQAM_BLOCK_CONV, SIZES (9, 10, 264, 9, 10, 1), KERNEL (9, 1, 4), .n_classes = 2, SIGMOID,
      NORM },
    3 },
  { "image-pixel",
    { RAQAM_BLOCK_CONV, SIZES (6, 5, 8, 6, 5, 1), KERNEL (1, 1, 0), .n_classes = 2, .bias = TRUE,
      SIGMOID, NORM },
    4 },
  { "image-thirds",
    { RAQAM_BLOCK_TCONV, SIZES (4, 35, 3, 12, 105, 1), KERNEL (3, 3, 0), .n_classes = 2, SIGMOID },
    1 },
  { "image-column",
    { RAQAM_BLOCK_TCONV, SIZES (70, 1, 17, 140, 2, 1), KERNEL (6, 2, 2), .n_classes = 2,
      .bias = TRUE, SIGMOID },
    3 },
  { "image-batch",
    { RAQAM_BLOCK_CONV, SIZES (4, 3, 5, 4, 3, 1), KERNEL (3, 1, 1), .n_classes = 2, .bias = TRUE,
      SIGMOID, NORM },
    301 },

  { "input-tiles",
    { RAQAM_BLOCK_CONV, SIZES (71, 40, 1, 36, 20, 9), KERNEL (11, 2, 4), .n_classes = 3,
      .labels = TRUE, .bias = TRUE, LEAKY (0.2f), .dropout = 0.4f },
    2 },
  { "input-channels",
    { RAQAM_BLOCK_CONV, SIZES (9, 8, 1, 9, 8, 203), KERNEL (9, 1, 4), .n_classes = 2,
      .spectral = TRUE, .bias = TRUE, LEAKY (0.1f), .dropout = 0.2f },
    3 },
  { "input-pixel",
    { RAQAM_BLOCK_CONV, SIZES (6, 5, 1, 6, 5, 8), KERNEL (1, 1, 0), .n_classes = 2, .labels = TRUE,
      LEAKY (0) },
    4 },
  { "input-quarters",
    { RAQAM_BLOCK_CONV, SIZES (13, 70, 1, 4, 18, 20), KERNEL (5, 4, 1), .n_classes = 2,
      .bias = TRUE },
    3 },
  { "input-batch",
    { RAQAM_BLOCK_CONV, SIZES (5, 4, 1, 3, 2, 6), KERNEL (3, 2, 1), .n_classes = 256,
      .labels = TRUE, .bias = TRUE, LEAKY (0.2f) },
    301 },

  { "head-channels", { HEAD (5, 7, 300, 2), .bias = TRUE, .pool = TRUE }, 3 },
  { "head-batch",
    { HEAD (3, 2, 20, 11), .bias = TRUE, .labels = TRUE, .spectral = TRUE },
    1300 },
  { "head-pool-batch", { HEAD (2, 2, 9, 2), .pool = TRUE, .spectral = TRUE }, 1300 },
  { "head-classes", { HEAD (1, 3, 70, 256), .bias = TRUE, .labels = TRUE }, 40 },
};

typedef struct
{
  BlockCase block;
  gsize     precision; /* which of precisions */
  gboolean  inner;
} Case;

static const struct
{
  const char    *name;
  RaqamPrecision precision;
  double         tolerance, margin;
} precisions[] = {
  { "f32", RAQAM_PRECISION_F32, TOLERANCE, MARGIN },
  { "tf32", RAQAM_PRECISION_TF32, TOLERANCE_TF32, MARGIN_TF32 },
  { "bf16", RAQAM_PRECISION_BF16, TOLERANCE_BF16, MARGIN_BF16 },
};

/* ---- edges ---- */

/* One side of a block, in the device's memory. */
typedef struct
{
  gsize pixels, c, stride;
  gsize size; /* bytes of a value */
} Side;

static Side
side_of (TestDevice *device, int batch, int h, int w, int c, gboolean inner)
{
  Side side = { (gsize) batch * h * w, c, c, sizeof (float) };
  gsize one = device->backend->edge_size (device->device, 1, 1, 1); /* what it pads to, in bytes */

  if (!inner)
    return side;

  if (one > sizeof (float))
    {
      side.stride = (c + 7) / 8 * 8;
      side.size = one / 8;
    }
  g_assert_cmpuint (device->backend->edge_size (device->device, h, w, c), ==,
                    (gsize) h * w * side.stride * side.size);
  return side;
}

static guint16
to_bf16 (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  return (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

static float
from_bf16 (guint16 half)
{
  guint32 bits = (guint32) half << 16;
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

/* Rounds @values to what the side can hold. */
static void
round_to (const Side *side, float *values)
{
  for (gsize i = 0; i < side->pixels * side->c && side->size == 2; i++)
    values[i] = from_bf16 (to_bf16 (values[i]));
}

static gpointer
put (TestDevice *device, const Side *side, const float *values)
{
  gsize n = side->pixels * side->stride;
  g_autofree char *memory = g_malloc0 (n * side->size);

  for (gsize i = 0; i < side->pixels * side->c; i++)
    {
      gsize at = i / side->c * side->stride + i % side->c;
      guint16 half = to_bf16 (values[i]);

      memcpy (memory + at * side->size, side->size == 2 ? (gconstpointer) &half : &values[i],
              side->size);
    }
  return test_device_put (device, memory, n * side->size);
}

/* Returns: (transfer full): the values; asserts that what pads them is 0 */
static float *
get (TestDevice *device, const Side *side, gconstpointer from)
{
  gsize n = side->pixels * side->stride;
  g_autofree char *memory = g_malloc (n * side->size);
  float *values = g_new (float, side->pixels * side->c);

  test_device_get (device, memory, from, n * side->size);
  for (gsize i = 0; i < n; i++)
    {
      gsize pixel = i / side->stride, c = i % side->stride;
      guint16 half;
      float value;

      memcpy (&half, memory + i * side->size, sizeof half);
      memcpy (&value, memory + i * side->size, side->size == 2 ? 0 : sizeof value);
      if (side->size == 2)
        value = from_bf16 (half);
      if (c < side->c)
        values[pixel * side->c + c] = value;
      else
        g_assert_cmpfloat (value, ==, 0);
    }
  return values;
}

/* Fills a side with what must not stay. */
static gpointer
put_rubbish (TestDevice *device, const Side *side)
{
  gsize size = side->pixels * side->stride * side->size;
  g_autofree char *memory = g_malloc (size);

  memset (memory, 0x7b, size);
  return test_device_put (device, memory, size);
}

/* ---- the course ---- */

typedef struct
{
  float *trained, *inferred; /* outputs */
  float *d_in, *d_params, *state;
} Results;

static void
results_free (Results *results)
{
  g_free (results->trained);
  g_free (results->inferred);
  g_free (results->d_in);
  g_free (results->d_params);
  g_free (results->state);
}

static float *
fetch (TestDevice *device, const float *memory, gsize n)
{
  float *x = g_new (float, n);

  test_device_get (device, x, memory, n * sizeof (float));
  return x;
}

/* A training pass, then one with the running statistics that it left. */
static Results
run (TestDevice *device, const RigInputs *inputs)
{
  const RaqamPulse pulse = { .seed = 77, .step = G_GUINT64_CONSTANT (0x300000002) };
  const RaqamBackend *backend = device->backend;
  const RaqamBlockSpec *spec = &inputs->spec;
  int batch = inputs->batch;
  Side in = side_of (device, batch, spec->in_h, spec->in_w, spec->in_c, spec->inner_in);
  Side out = side_of (device, batch, spec->out_h, spec->out_w, spec->out_c, spec->inner_out);
  RaqamForward train = { RAQAM_MODE_TRAIN, 0.3f, 5, NULL };
  RaqamForward infer = { RAQAM_MODE_INFER, 0, 0, NULL };
  float *params = test_device_put (device, inputs->weights, inputs->n_weights * sizeof (float));
  float *state = test_device_put (device, inputs->state, inputs->n_state * sizeof (float));
  float *d_params = test_device_new (device, inputs->n_weights * sizeof (float));
  guint8 *labels =
    block_uses_labels (spec) ? test_device_put (device, inputs->labels, batch) : NULL;
  gpointer x = put (device, &in, inputs->in[0]), y = put_rubbish (device, &out);
  gpointer d_x = put_rubbish (device, &in), d_y = put (device, &out, inputs->d_out);
  GError *problem = NULL;
  RaqamBlock *block = backend->block_new (device->device, spec, batch, TRUE, &problem);
  Results results;

  g_assert_no_error (problem);
  train.pulse = test_device_put (device, &pulse, sizeof pulse);
  TEST_TRY (backend->block_prepare (block, params, state, TRUE, &error));
  TEST_TRY (backend->block_forward (block, y, x, labels, &train, &error));
  results.trained = get (device, &out, y);
  TEST_TRY (backend->block_backward (block, d_x, d_params, d_y, &error));
  results.d_in = get (device, &in, d_x);
  results.d_params = fetch (device, d_params, inputs->n_weights);
  TEST_TRY (backend->block_forward (block, y, x, labels, &infer, &error));
  results.inferred = get (device, &out, y);
  results.state = fetch (device, state, inputs->n_state);

  backend->block_free (block);
  return results;
}

/* Returns: how near a corner of ReLU a value comes */
static double
find_margin (TestDevice *reference, const RigInputs *inputs)
{
  Rig *rig = rig_new (reference, inputs, TRUE, NULL);
  double margin;

  rig_prepare (rig, TRUE);
  rig_forward (rig, 0, RAQAM_MODE_TRAIN, 0, 5);
  margin = reference_backend_margin (rig->block);
  rig_free (rig);
  return margin;
}

static RigInputs *
draw_inputs (TestDevice *device, TestDevice *reference, const Case *c)
{
  RaqamBlockSpec spec = c->block.spec;
  gboolean image_in = spec.kind == RAQAM_BLOCK_CONV && spec.in_c == 1;
  gboolean few = c->block.batch * block_out_size (&spec) <= FEW;
  double enough = few ? precisions[c->precision].margin : MARGIN;

  spec.inner_in = c->inner && !image_in;
  spec.inner_out = c->inner && image_in;
  for (guint32 seed = 1;; seed++)
    {
      RigInputs *inputs = rig_inputs_new (&spec, c->block.batch, seed);
      Side in = side_of (device, c->block.batch, spec.in_h, spec.in_w, spec.in_c, spec.inner_in);
      Side out =
        side_of (device, c->block.batch, spec.out_h, spec.out_w, spec.out_c, spec.inner_out);

      round_to (&in, inputs->in[0]);
      round_to (&out, inputs->d_out);
      if (find_margin (reference, inputs) >= enough)
        return inputs;

      g_assert_cmpuint (seed, <, 400);
      rig_inputs_free (inputs);
    }
}

/* As many values as may lie too near to 0.5 for the precision. */
static void
compare_hard (const float *got, const float *want, gsize n, double tolerance)
{
  gsize n_different = 0;

  for (gsize i = 0; i < n; i++)
    n_different += got[i] != want[i];
  g_test_message ("%zu of %zu differ", n_different, n);
  g_assert_cmpfloat (n_different, <=, tolerance * n);
}

static void
test_end (gconstpointer data)
{
  const Case *c = data;
  RaqamDeviceOptions options = { .precision = precisions[c->precision].precision, .n_threads = 2 };
  RaqamDeviceOptions plain = { .precision = RAQAM_PRECISION_F32, .n_threads = 1 };
  double tolerance = precisions[c->precision].tolerance;
  g_autoptr (GError) error = NULL;
  TestDevice *device = test_device_open (test_backend (), &options, &error);
  TestDevice *reference = test_device_open (&raqam_reference_backend, &plain, NULL);
  RigInputs *inputs;
  Results got, want;

  if (device == NULL)
    {
      g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE);
      g_test_skip (error->message);
      test_device_close (reference);
      return;
    }

  inputs = draw_inputs (device, reference, c);
  got = run (device, inputs);
  want = run (reference, inputs);

  if (c->block.spec.threshold)
    compare_hard (got.trained, want.trained, inputs->n_out, tolerance);
  else
    rig_compare ("out", got.trained, want.trained, inputs->n_out, tolerance);
  rig_compare ("d_in", got.d_in, want.d_in, inputs->n_in, tolerance);
  rig_compare_gradients ("d_params", inputs, got.d_params, want.d_params, tolerance);
  rig_compare_state ("state", inputs, got.state, want.state, tolerance);
  rig_compare ("inferred", got.inferred, want.inferred, inputs->n_out, tolerance);

  results_free (&want);
  results_free (&got);
  rig_inputs_free (inputs);
  test_device_close (reference);
  test_device_close (device);
}

static gboolean
is_end (const RaqamBlockSpec *spec)
{
  return spec->kind == RAQAM_BLOCK_HEAD
         || (spec->kind != RAQAM_BLOCK_DENSE && (spec->out_c == 1 || spec->in_c == 1));
}

static void
add_case (const BlockCase *block)
{
  for (gsize p = 0; p < G_N_ELEMENTS (precisions); p++)
    for (int inner = 0; inner < 2; inner++)
      {
        g_autofree char *path = g_strdup_printf ("/ends/%s/%s/%s", precisions[p].name,
                                                 inner ? "inner" : "plain", block->name);
        Case *c = g_new (Case, 1);

        *c = (Case) { *block, p, inner };
        g_test_add_data_func_full (path, c, test_end, g_free);
      }
}

int
main (int argc, char *argv[])
{
  g_autoptr (GArray) cases = block_cases_new ();

  if (!test_backend_is_here ())
    return 0;
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    add_case (&ends[i]);
  for (guint i = 0; i < cases->len; i++)
    {
      const BlockCase *c = &g_array_index (cases, BlockCase, i);

      if (is_end (&c->spec) && !c->may_refuse)
        add_case (c);
    }

  return g_test_run ();
}
