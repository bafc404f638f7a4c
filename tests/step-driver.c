/* step-driver.c — one training step over a backend's table.
 * SPDX-License-Identifier: MIT */

#include "step-driver.h"

#include "test-networks.h"

#include <math.h>
#include <string.h>

#define STEP 5
#define SIDE 28
#define IMAGE (SIDE * SIDE)
#define N_IMAGES 12 /* in the data set */
#define POSITION 2  /* of the batch in its order */

/* Streams of Philox: those of a training step, and those of the inputs at step 0. */
enum
{
  LATENT_D = 1,
  LATENT_G = 2,
  DROPOUT_D = 16,
  DROPOUT_G = 48,
  DATA_LABELS = 900,
  DATA = 901,
  WEIGHTS_G = 1000,
  WEIGHTS_D = 2000,
  MOMENT_M = 10000,
  MOMENT_V = 20000,
};

typedef struct
{
  const char *name, *generator, *discriminator;
  guint64     seed;
  gboolean    two_batches; /* the generator's step draws latent vectors of its own */
  float       update;
  double      alpha, beta1, beta2, epsilon;
  float       width_g[TEST_MAX_BLOCKS], width_d[TEST_MAX_BLOCKS]; /* of each block's weights */
} Recipe;

static const Recipe recipes[] = {
  { "thesis", "thesis-100-generator", "thesis-discriminator",
    G_GUINT64_CONSTANT (0x0123456789abcdf3), TRUE, 0.01f, 3e-4, 0.9, 0.999, 1e-7,
    { 0.4f, 0.2f, 0.2f, 0.05f }, { 1, 0.2f, 0.5f } },
  { "fast", "fast-generator", "fast-discriminator",
    G_GUINT64_CONSTANT (0x0123456789abcdef), FALSE, 0.1f, 1e-3, 0.5, 0.99, 1e-7,
    { 0.5f, 0.3f, 0.6f }, { 1, 0.2f, 0.1f } },
};

/* A network's slabs on the device. */
typedef struct
{
  const char *name; /* "g" or "d" */
  TestNetwork spec;
  float      *weights, *m, *v, *gradient, *state;
  float      *before; /* host: the weights as they began */
} Network;

/* A network planned for a batch: block i reads value[i], whose gradient is d_value[i]. */
typedef struct
{
  Network    *network;
  RaqamBlock *block[TEST_MAX_BLOCKS];
  float      *value[TEST_MAX_BLOCKS + 1], *d_value[TEST_MAX_BLOCKS + 1];
} Plan;

typedef struct
{
  TestDevice   *on;
  const Recipe *recipe;
  StepReport    report;
  gpointer      user_data;
  RaqamPulse   *pulse;
  guint8       *labels; /* (2 STEP_BATCH): of the fakes, then of the real images, the same */
  float        *results;
  Network       g, d;
  Plan          make, judge_both, judge_fake;
} Step;

static const Recipe *
find_recipe (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (recipes); i++)
    if (g_str_equal (recipes[i].name, name))
      return &recipes[i];

  g_assert_not_reached ();
}

guint64
step_seed (const char *recipe)
{
  return find_recipe (recipe)->seed;
}

static guint32
word (const Step *step, guint32 stream, gsize i)
{
  return raqam_philox (step->recipe->seed, 0, stream, i / 4).word[i % 4];
}

/* Inputs. The formulas are exact in float but for one product. */

static float
initial_value (BlockTensor tensor, float width, float uniform)
{
  if (tensor == BLOCK_SCALE || tensor == BLOCK_VARIANCE)
    return uniform - 0.5f + 1;
  if (tensor == BLOCK_WEIGHT || tensor == BLOCK_EMBEDDING)
    return (uniform - 0.5f) * width;
  return (uniform - 0.5f) * 0.25f;
}

static void
network_init (Step *step, Network *self, const char *name, const char *network, guint32 stream,
              const float *width)
{
  g_autofree float *state = NULL, *m = NULL, *v = NULL;

  self->name = name;
  self->spec = test_network_laid_out (test_network (network));
  self->before = g_new0 (float, self->spec.n_weights);
  state = g_new0 (float, self->spec.n_state + 1);
  m = g_new0 (float, self->spec.n_weights);
  v = g_new0 (float, self->spec.n_weights);

  for (int b = 0; b < self->spec.n_blocks; b++)
    for (BlockTensor t = 0; t < BLOCK_N_TENSORS; t++)
      for (gsize i = 0; i < block_tensor_size (&self->spec.block[b], t); i++)
        {
          gsize place = block_tensor_offset (&self->spec.block[b], t) + i;
          guint32 from = stream + 16 * b + t;
          float *slab = t < BLOCK_N_TRAINED ? self->before : state;

          slab[place] = initial_value (t, width[b], raqam_philox_uniform (word (step, from, i)));
          if (t < BLOCK_N_TRAINED)
            {
              m[place] = (raqam_philox_uniform (word (step, from + MOMENT_M, i)) - 0.5f) * 2e-2f;
              v[place] = raqam_philox_uniform (word (step, from + MOMENT_V, i)) * 1e-4f;
            }
        }

  self->weights = test_device_put (step->on, self->before, self->spec.n_weights * sizeof (float));
  self->m = test_device_put (step->on, m, self->spec.n_weights * sizeof (float));
  self->v = test_device_put (step->on, v, self->spec.n_weights * sizeof (float));
  self->gradient = test_device_new (step->on, self->spec.n_weights * sizeof (float));
  self->state = test_device_put (step->on, state, (self->spec.n_state + 1) * sizeof (float));
}

/* The real images go where they are judged, after the fakes, and so do their labels. */
static void
gather_batch (Step *step)
{
  guint8 data[N_IMAGES * IMAGE], labels[N_IMAGES];
  guint32 order[N_IMAGES];

  for (gsize i = 0; i < sizeof data; i++)
    data[i] = word (step, DATA, i) % 4 == 0 ? word (step, DATA, i) >> 24 : 0;
  for (guint32 i = 0; i < N_IMAGES; i++)
    {
      labels[i] = word (step, DATA_LABELS, i) % TEST_CLASSES;
      order[i] = (5 * i + 3) % N_IMAGES;
    }

  TEST_TRY (step->on->backend->gather (
    step->on->device, step->judge_both.value[0] + STEP_BATCH * IMAGE, step->labels + STEP_BATCH,
    test_device_put (step->on, data, sizeof data),
    test_device_put (step->on, labels, sizeof labels),
    test_device_put (step->on, order, sizeof order), STEP_BATCH, IMAGE, step->pulse, &error));
  TEST_TRY (step->on->backend->copy (step->on->device, step->labels, step->labels + STEP_BATCH,
                                     STEP_BATCH, &error));
}

/* Results. */

static void
report (Step *step, const char *name, const float *on_device, gsize n)
{
  g_autofree float *x = g_new (float, n);
  g_autofree double *wide = g_new (double, n);

  test_device_get (step->on, x, on_device, n * sizeof (float));
  for (gsize i = 0; i < n; i++)
    wide[i] = x[i];
  step->report (name, wide, n, step->user_data);
}

static void
report_tensor (Step *step, Network *network, int b, BlockTensor t, const float *slab,
               const char *of)
{
  const RaqamBlockSpec *spec = &network->spec.block[b];
  g_autofree char *name =
    g_strdup_printf ("%s.%d.%s%s", network->name, b, block_tensor_name (t), of);

  if (block_tensor_size (spec, t) > 0)
    report (step, name, slab + block_tensor_offset (spec, t), block_tensor_size (spec, t));
}

static void
report_changes (Step *step, Network *network, int b, BlockTensor t)
{
  const RaqamBlockSpec *spec = &network->spec.block[b];
  gsize n = block_tensor_size (spec, t);
  gssize offset = block_tensor_offset (spec, t);
  g_autofree char *name =
    g_strdup_printf ("%s.%d.%s.change", network->name, b, block_tensor_name (t));
  g_autofree float *after = g_new (float, n);
  g_autofree double *change = g_new (double, n);

  if (n == 0)
    return;

  test_device_get (step->on, after, network->weights + offset, n * sizeof (float));
  for (gsize i = 0; i < n; i++)
    change[i] = (double) after[i] - network->before[offset + i];
  step->report (name, change, n, step->user_data);
}

/* Running. */

static void
plan_init (Step *step, Plan *self, Network *network, int batch)
{
  TestNetwork *spec = &network->spec;

  self->network = network;
  for (int b = 0; b < spec->n_blocks; b++)
    {
      GError *error = NULL;
      gsize size = batch * block_in_size (&spec->block[b]) * sizeof (float);

      self->block[b] =
        step->on->backend->block_new (step->on->device, &spec->block[b], batch, TRUE, &error);
      g_assert_no_error (error);
      self->value[b] = test_device_new (step->on, size);
      self->d_value[b] = test_device_new (step->on, size);
    }

  for (int i = 0; i < 2; i++)
    {
      float **last = i == 0 ? self->value : self->d_value;
      gsize size = batch * block_out_size (&spec->block[spec->n_blocks - 1]) * sizeof (float);

      last[spec->n_blocks] = test_device_new (step->on, size);
    }
}

static void
plan_clear (Step *step, Plan *self)
{
  for (int b = 0; b < self->network->spec.n_blocks; b++)
    step->on->backend->block_free (self->block[b]);
}

static float *
plan_out (Plan *self)
{
  return self->value[self->network->spec.n_blocks];
}

static float *
plan_d_out (Plan *self)
{
  return self->d_value[self->network->spec.n_blocks];
}

static void
plan_prepare (Step *step, Plan *self)
{
  for (int b = 0; b < self->network->spec.n_blocks; b++)
    TEST_TRY (step->on->backend->block_prepare (self->block[b], self->network->weights,
                                                self->network->state, TRUE, &error));
}

static void
plan_forward (Step *step, Plan *self, RaqamMode mode, guint32 stream)
{
  for (int b = 0; b < self->network->spec.n_blocks; b++)
    {
      RaqamForward how = { mode, step->recipe->update, stream + b, step->pulse };
      gboolean labels = block_uses_labels (&self->network->spec.block[b]);

      TEST_TRY (step->on->backend->block_forward (self->block[b], self->value[b + 1],
                                                  self->value[b], labels ? step->labels : NULL,
                                                  &how, &error));
    }
}

static void
plan_backward (Step *step, Plan *self, gboolean d_in, gboolean d_params)
{
  for (int b = self->network->spec.n_blocks - 1; b >= 0; b--)
    TEST_TRY (step->on->backend->block_backward (
      self->block[b], b > 0 || d_in ? self->d_value[b] : NULL,
      d_params ? self->network->gradient : NULL, self->d_value[b + 1], &error));
}

static void
network_learn (Step *step, Network *self)
{
  const Recipe *recipe = step->recipe;
  const float *rate = self == &step->g ? &step->pulse->rate[0] : &step->pulse->rate[1];

  TEST_TRY (step->on->backend->adam (step->on->device, self->weights, self->m, self->v,
                                     self->gradient, self->spec.n_weights, rate, recipe->beta1,
                                     recipe->beta2, recipe->epsilon, &error));

  for (int b = 0; b < self->spec.n_blocks; b++)
    for (BlockTensor t = 0; t < BLOCK_N_TRAINED; t++)
      {
        report_tensor (step, self, b, t, self->gradient, ".gradient");
        report_changes (step, self, b, t);
      }
}

static void
make_fakes (Step *step, guint32 stream)
{
  const RaqamBlockSpec *first = &step->g.spec.block[0];

  TEST_TRY (step->on->backend->normal (step->on->device, step->make.value[0],
                                       STEP_BATCH * first->in_c, stream, step->pulse, &error));
  plan_forward (step, &step->make, RAQAM_MODE_TRAIN, 0);
}

static void
discriminator_step (Step *step)
{
  const RaqamBackend *backend = step->on->backend;
  RaqamDevice *device = step->on->device;
  Plan *judge = &step->judge_both;

  TEST_TRY (backend->copy (device, judge->value[0], plan_out (&step->make),
                           STEP_BATCH * IMAGE * sizeof (float), &error));
  plan_prepare (step, judge);
  plan_forward (step, judge, RAQAM_MODE_TRAIN, DROPOUT_D);
  TEST_TRY (backend->bce (device, plan_d_out (judge), step->results, plan_out (judge),
                          2 * STEP_BATCH, STEP_BATCH, 1, 0, &error));
  report (step, "d.logits", plan_out (judge), 2 * STEP_BATCH);
  report (step, "d.results", step->results, 4);

  plan_backward (step, judge, FALSE, TRUE);
  network_learn (step, &step->d);
}

static void
generator_step (Step *step)
{
  const RaqamBackend *backend = step->on->backend;
  RaqamDevice *device = step->on->device;
  Plan *judge = &step->judge_fake;

  judge->value[0] = plan_out (&step->make);
  plan_prepare (step, judge);
  plan_forward (step, judge, RAQAM_MODE_TRAIN, DROPOUT_G);
  TEST_TRY (backend->bce (device, plan_d_out (judge), step->results, plan_out (judge), STEP_BATCH,
                          STEP_BATCH, 0, 0, &error));
  report (step, "fake", judge->value[0], STEP_BATCH * IMAGE);
  report (step, "g.logits", plan_out (judge), STEP_BATCH);
  report (step, "g.loss", step->results, 1);

  judge->d_value[0] = plan_d_out (&step->make);
  plan_backward (step, judge, TRUE, FALSE);
  plan_backward (step, &step->make, FALSE, TRUE);
  network_learn (step, &step->g);
}

/* The new generator, with the running statistics, from the first latent vectors. */
static void
infer (Step *step)
{
  const RaqamBlockSpec *first = &step->g.spec.block[0];

  plan_prepare (step, &step->make);
  TEST_TRY (step->on->backend->normal (step->on->device, step->make.value[0],
                                       STEP_BATCH * first->in_c, LATENT_D, step->pulse, &error));
  plan_forward (step, &step->make, RAQAM_MODE_INFER, 0);

  report (step, "latent", step->make.value[0], STEP_BATCH * first->in_c);
  report (step, "infer", plan_out (&step->make), STEP_BATCH * IMAGE);
}

static void
report_state (Step *step, Network *network)
{
  for (int b = 0; b < network->spec.n_blocks; b++)
    for (BlockTensor t = BLOCK_N_TRAINED; t < BLOCK_N_TENSORS; t++)
      report_tensor (step, network, b, t, network->state, "");
}

static void
step_init (Step *step)
{
  const Recipe *recipe = step->recipe;
  double rate =
    recipe->alpha * sqrt (1 - pow (recipe->beta2, STEP + 1)) / (1 - pow (recipe->beta1, STEP + 1));
  RaqamPulse pulse = { recipe->seed, STEP, POSITION, { rate, rate }, 0 };

  step->pulse = test_device_put (step->on, &pulse, sizeof pulse);
  step->labels = test_device_new (step->on, 2 * STEP_BATCH);
  step->results = test_device_new (step->on, 4 * sizeof (float));
  network_init (step, &step->g, "g", recipe->generator, WEIGHTS_G, recipe->width_g);
  network_init (step, &step->d, "d", recipe->discriminator, WEIGHTS_D, recipe->width_d);
  plan_init (step, &step->make, &step->g, STEP_BATCH);
  plan_init (step, &step->judge_both, &step->d, 2 * STEP_BATCH);
  plan_init (step, &step->judge_fake, &step->d, STEP_BATCH);
}

static void
step_clear (Step *step)
{
  plan_clear (step, &step->make);
  plan_clear (step, &step->judge_both);
  plan_clear (step, &step->judge_fake);
  g_free (step->g.before);
  g_free (step->d.before);
}

void
step_run (TestDevice *device, const char *recipe, StepReport report_to, gpointer user_data)
{
  Step step = {
    .on = device, .recipe = find_recipe (recipe), .report = report_to, .user_data = user_data
  };

  step_init (&step);
  gather_batch (&step);
  plan_prepare (&step, &step.make);

  make_fakes (&step, LATENT_D);
  discriminator_step (&step);
  if (step.recipe->two_batches)
    make_fakes (&step, LATENT_G);
  generator_step (&step);
  report_state (&step, &step.g);
  report_state (&step, &step.d);
  infer (&step);

  step_clear (&step);
}
