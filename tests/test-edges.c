/* test-edges.c — blocks joined by a device's own edges against plain ones.
 * SPDX-License-Identifier: MIT
 *
 * RAQAM_TEST_BACKEND names the backend; without it, the CPU's, whose edges are all
 * plain. What passes between two blocks may lie in memory as the device likes; what
 * they make of it must be the same.
 */

#include "block-rig.h"
#include "test-networks.h"

#include <string.h>

#define MAX_BLOCKS 4

/* A distance over the norm of what is wanted: only where numbers are rounded differs. What
 * bf16 rounds on an edge can make another pixel the largest that a head pools. */
#define TOLERANCE 1e-5
#define TOLERANCE_BF16 1e-1

typedef struct
{
  const char    *name;
  RaqamBlockSpec block[MAX_BLOCKS];
  int            n_blocks, batch;
} Chain;

typedef struct
{
  const Chain   *chain;
  RaqamPrecision precision;
} Case;

typedef struct
{
  const Chain *chain;
  gboolean     inner;
  TestDevice  *device;
  RaqamPulse  *pulse;
  RigInputs   *inputs[MAX_BLOCKS]; /* each block's weights, state and labels; the first's in, the
                                    * last's d_out */
  RaqamBlock  *block[MAX_BLOCKS];
  float       *weights[MAX_BLOCKS], *state[MAX_BLOCKS], *d_params[MAX_BLOCKS];
  guint8      *labels[MAX_BLOCKS];
  float       *edge[MAX_BLOCKS + 1], *d_edge[MAX_BLOCKS + 1]; /* before block i; the last's out */
} Line;

#define SIZES(h, w, c, oh, ow, oc) \
  .in_h = (h), .in_w = (w), .in_c = (c), .out_h = (oh), .out_w = (ow), .out_c = (oc)
#define KERNEL(size, step, empty) .kernel = (size), .stride = (step), .pad = (empty)
#define LEAKY(by) .activation = RAQAM_ACTIVATION_LEAKY_RELU, .slope = (by)
#define NORM(kind, place) \
  .norm = RAQAM_NORM_##kind, .norm_place = RAQAM_NORM_##place, .norm_epsilon = 1e-3f

static const Chain odd[] = {
  { "up",
    { { RAQAM_BLOCK_DENSE, SIZES (1, 1, 7, 3, 4, 5), .n_classes = 3, .labels = TRUE, .bias = TRUE,
        LEAKY (0.2f), NORM (CLASS, AFTER_ACTIVATION), .dropout = 0.3f },
      { RAQAM_BLOCK_TCONV, SIZES (3, 4, 5, 6, 8, 9), KERNEL (5, 2, 1), .n_classes = 3, LEAKY (0),
        NORM (CLASS, BEFORE_ACTIVATION), .dropout = 0.25f },
      { RAQAM_BLOCK_CONV, SIZES (6, 8, 9, 6, 8, 3), KERNEL (3, 1, 1), .n_classes = 3,
        .bias = TRUE, LEAKY (0.1f), NORM (BATCH, BEFORE_ACTIVATION) },
      { RAQAM_BLOCK_TCONV, SIZES (6, 8, 3, 12, 16, 2), KERNEL (4, 2, 1), .n_classes = 3 } },
    4, 5 },
  { "down",
    { { RAQAM_BLOCK_CONV, SIZES (9, 11, 3, 5, 6, 7), KERNEL (3, 2, 1), .n_classes = 2,
        .bias = TRUE, .spectral = TRUE, LEAKY (0.2f), .dropout = 0.4f },
      { RAQAM_BLOCK_CONV, SIZES (5, 6, 7, 3, 3, 18), KERNEL (3, 2, 1), .n_classes = 2,
        LEAKY (0.2f), .dropout = 0.5f },
      { RAQAM_BLOCK_CONV, SIZES (3, 3, 18, 3, 3, 4), KERNEL (2, 1, 0), .n_classes = 2,
        .bias = TRUE, LEAKY (0.2f), NORM (BATCH, AFTER_ACTIVATION) } },
    3, 7 },
  { "wide",
    { { RAQAM_BLOCK_CONV, SIZES (2, 3, 5, 2, 3, 270), KERNEL (3, 1, 1), .n_classes = 2,
        .bias = TRUE, LEAKY (0.2f), NORM (BATCH, BEFORE_ACTIVATION) },
      { RAQAM_BLOCK_CONV, SIZES (2, 3, 270, 2, 3, 3), KERNEL (1, 1, 0), .n_classes = 2,
        LEAKY (0.2f) } },
    2, 3 },
};

static const struct
{
  const char *network;
  int         batch;
} networks[] = {
  { "thesis-32-generator", 2 },
  { "thesis-discriminator", 5 },
  { "fast-generator", 5 },
  { "fast-discriminator", 5 },
};

static gsize
edge_floats (const Line *self, int i)
{
  const Chain *chain = self->chain;
  const RaqamBackend *backend = self->device->backend;
  const RaqamBlockSpec *spec = &chain->block[MIN (i, chain->n_blocks - 1)];

  if (i == chain->n_blocks)
    return chain->batch * block_out_size (spec);
  if (i == 0 || !self->inner)
    return chain->batch * block_in_size (spec);
  return (chain->batch
            * backend->edge_size (self->device->device, spec->in_h, spec->in_w, spec->in_c)
          + sizeof (float) - 1)
         / sizeof (float);
}

static void
add_block (Line *self, int i)
{
  const Chain *chain = self->chain;
  TestDevice *device = self->device;
  RaqamBlockSpec spec = chain->block[i];
  RigInputs *inputs;
  GError *error = NULL;

  spec.inner_in = self->inner && i > 0;
  spec.inner_out = self->inner && i + 1 < chain->n_blocks;
  self->inputs[i] = inputs = rig_inputs_new (&spec, chain->batch, i + 1);
  self->block[i] =
    device->backend->block_new (device->device, &inputs->spec, chain->batch, TRUE, &error);
  g_assert_no_error (error);

  self->weights[i] = test_device_put (device, inputs->weights, inputs->n_weights * sizeof (float));
  self->state[i] = test_device_put (device, inputs->state, inputs->n_state * sizeof (float));
  self->d_params[i] = test_device_new (device, inputs->n_weights * sizeof (float));
  if (block_uses_labels (&spec))
    self->labels[i] = test_device_put (device, inputs->labels, chain->batch);
}

/* Memory in which every number is NaN, so that what is read but was never written shows. */
static float *
new_edge (Line *self, int i)
{
  gsize n_bytes = edge_floats (self, i) * sizeof (float);
  g_autofree char *bytes = g_malloc (n_bytes);

  memset (bytes, 0xff, n_bytes);
  return test_device_put (self->device, bytes, n_bytes);
}

static Line *
line_new (TestDevice *device, const Chain *chain, gboolean inner)
{
  const RaqamPulse pulse = { .seed = 5, .step = G_GUINT64_CONSTANT (0x100000003) };
  Line *self = g_new0 (Line, 1);

  self->chain = chain;
  self->inner = inner;
  self->device = device;
  self->pulse = test_device_put (device, &pulse, sizeof pulse);
  for (int i = 0; i < chain->n_blocks; i++)
    add_block (self, i);
  for (int i = 0; i <= chain->n_blocks; i++)
    {
      self->edge[i] = new_edge (self, i);
      self->d_edge[i] = new_edge (self, i);
    }

  return self;
}

static void
line_free (Line *self)
{
  for (int i = 0; i < self->chain->n_blocks; i++)
    {
      self->device->backend->block_free (self->block[i]);
      rig_inputs_free (self->inputs[i]);
    }
  g_free (self);
}

static void
line_forward (Line *self, RaqamMode mode)
{
  const RaqamBackend *backend = self->device->backend;

  test_device_set (self->device, self->edge[0], self->inputs[0]->in[0],
                   self->inputs[0]->n_in * sizeof (float));
  for (int i = 0; i < self->chain->n_blocks; i++)
    {
      RaqamForward how = { mode, 0.2f, i + 1, self->pulse };

      TEST_TRY (backend->block_prepare (self->block[i], self->weights[i], self->state[i],
                                        mode == RAQAM_MODE_TRAIN, &error));
      TEST_TRY (backend->block_forward (self->block[i], self->edge[i + 1], self->edge[i],
                                        self->labels[i], &how, &error));
    }
}

static void
line_backward (Line *self)
{
  int last = self->chain->n_blocks - 1;

  test_device_set (self->device, self->d_edge[last + 1], self->inputs[last]->d_out,
                   self->inputs[last]->n_out * sizeof (float));
  for (int i = last; i >= 0; i--)
    TEST_TRY (self->device->backend->block_backward (
      self->block[i], self->d_edge[i], self->d_params[i], self->d_edge[i + 1], &error));
}

static float *
fetch (Line *self, const float *memory, gsize n)
{
  float *x = g_new (float, n);

  test_device_get (self->device, x, memory, n * sizeof (float));
  return x;
}

static void
compare_memory (const char *what, Line *got, const float *got_memory, Line *want,
                const float *want_memory, gsize n, double tolerance)
{
  g_autofree float *x = fetch (got, got_memory, n);
  g_autofree float *y = fetch (want, want_memory, n);

  rig_compare (what, x, y, n, tolerance);
}

static void
compare_slabs (Line *got, Line *want, int i, double tolerance)
{
  const RigInputs *inputs = want->inputs[i];
  g_autofree char *what = g_strdup_printf ("block %d", i);
  g_autofree float *gradient = fetch (got, got->d_params[i], inputs->n_weights);
  g_autofree float *wanted_gradient = fetch (want, want->d_params[i], inputs->n_weights);
  g_autofree float *state = fetch (got, got->state[i], inputs->n_state);
  g_autofree float *wanted_state = fetch (want, want->state[i], inputs->n_state);

  rig_compare_gradients (what, inputs, gradient, wanted_gradient, tolerance);
  rig_compare_state (what, inputs, state, wanted_state, tolerance);
}

/* A whole training pass, then one with the running statistics that it left. */
static void
test_chain (gconstpointer data)
{
  const Case *c = data;
  RaqamDeviceOptions options = { .precision = c->precision, .n_threads = 2 };
  double tolerance = c->precision == RAQAM_PRECISION_BF16 ? TOLERANCE_BF16 : TOLERANCE;
  int n = c->chain->n_blocks;
  g_autoptr (GError) error = NULL;
  TestDevice *device = test_device_open (test_backend (), &options, &error);
  Line *plain, *inner;

  if (device == NULL)
    {
      g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE);
      g_test_skip (error->message);
      return;
    }

  plain = line_new (device, c->chain, FALSE);
  inner = line_new (device, c->chain, TRUE);
  for (int i = 0; i < 2; i++)
    {
      Line *line = i == 0 ? plain : inner;

      line_forward (line, RAQAM_MODE_TRAIN);
      line_backward (line);
    }

  compare_memory ("out", inner, inner->edge[n], plain, plain->edge[n], plain->inputs[n - 1]->n_out,
                  tolerance);
  compare_memory ("d_in", inner, inner->d_edge[0], plain, plain->d_edge[0],
                  plain->inputs[0]->n_in, tolerance);
  for (int i = 0; i < n; i++)
    compare_slabs (inner, plain, i, tolerance);

  line_forward (plain, RAQAM_MODE_INFER);
  line_forward (inner, RAQAM_MODE_INFER);
  compare_memory ("out by running statistics", inner, inner->edge[n], plain, plain->edge[n],
                  plain->inputs[n - 1]->n_out, tolerance);

  line_free (inner);
  line_free (plain);
  test_device_close (device);
}

static void
add_chain (const Chain *chain)
{
  static const struct
  {
    const char    *name;
    RaqamPrecision precision;
  } precisions[] = {
    { "f32", RAQAM_PRECISION_F32 },
    { "tf32", RAQAM_PRECISION_TF32 },
    { "bf16", RAQAM_PRECISION_BF16 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (precisions); i++)
    {
      Case *c = g_new (Case, 1);
      g_autofree char *path = g_strdup_printf ("/edges/%s/%s", precisions[i].name, chain->name);

      *c = (Case) { chain, precisions[i].precision };
      g_test_add_data_func_full (path, c, test_chain, g_free);
    }
}

int
main (int argc, char *argv[])
{
  Chain recipes[G_N_ELEMENTS (networks)];

  if (!test_backend_is_here ())
    return 0;
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (odd); i++)
    add_chain (&odd[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (networks); i++)
    {
      const TestNetwork *network = test_network (networks[i].network);
      Chain chain = { networks[i].network, .n_blocks = network->n_blocks,
                      .batch = networks[i].batch };

      for (int b = 0; b < network->n_blocks; b++)
        chain.block[b] = network->block[b];
      recipes[i] = chain;
      add_chain (&recipes[i]);
    }

  return g_test_run ();
}
