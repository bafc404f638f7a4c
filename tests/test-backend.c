/* test-backend.c — a device's blocks against plain loops and finite differences.
 * SPDX-License-Identifier: MIT
 *
 * RAQAM_TEST_BACKEND names the backend; without it, the CPU's.
 */

#include "block-cases.h"
#include "block-judgement.h"

#include <math.h>
#include <string.h>

/* A distance over the norm of what is wanted. */
#define TOLERANCE 1e-5
#define TOLERANCE_DIFFERENCES 1e-2 /* f32, and a step across some corners of ReLU */

static void
infer_course (Rig *rig)
{
  rig_prepare (rig, FALSE);
  rig_forward (rig, 0, RAQAM_MODE_INFER, 0.5f, 0);
}

/* Statistics of the batch without a backward, as for an average's own statistics. */
static void
calibrate_course (Rig *rig)
{
  rig_prepare (rig, FALSE);
  rig_forward (rig, 0, RAQAM_MODE_TRAIN, 0.5f, 9);
}

/* Checks. */

/* @stream is that of the forward that made @out. */
static void
check_dropout (const Rig *rig, const float *out, guint32 stream)
{
  const RigInputs *inputs = rig->inputs;
  guint32 threshold = raqam_philox_keep_threshold (inputs->spec.dropout);
  RaqamPulse pulse;

  test_device_get (rig->device, &pulse, rig->pulse, sizeof pulse);
  for (gsize i = 0; i < inputs->n_out; i++)
    {
      gboolean keep = raqam_philox (pulse.seed, pulse.step, stream, i / 4).word[i % 4] >= threshold;

      g_assert_true (keep == (out[i] != 0));
    }
}

static void
check_untouched (const float *x, gsize n)
{
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat (x[i], ==, RIG_UNTOUCHED);
}

static void
check_same_bits (const RigInputs *inputs, const RigResults *one, const RigResults *other)
{
  g_assert_cmpmem (one->out, inputs->n_out * sizeof (float), other->out,
                   inputs->n_out * sizeof (float));
  g_assert_cmpmem (one->d_in, inputs->n_in * sizeof (float), other->d_in,
                   inputs->n_in * sizeof (float));
  g_assert_cmpmem (one->d_params, inputs->n_weights * sizeof (float), other->d_params,
                   inputs->n_weights * sizeof (float));
  g_assert_cmpmem (one->state, inputs->n_state * sizeof (float), other->state,
                   inputs->n_state * sizeof (float));
}

/* Tests. */

/* Wanting one of the gradients only gives the same, and leaves the other alone. */
static void
check_partial (const char *what, Rig *rig, const Judgement *judgement)
{
  g_autofree char *name = g_strdup_printf ("%s, alone", what);

  for (int weights = 0; weights < 2; weights++)
    {
      RigResults *got;

      rig_reset (rig);
      rig_prepare (rig, TRUE);
      rig_forward (rig, 0, RAQAM_MODE_TRAIN, 0, 8);
      rig_backward (rig, !weights, weights);
      got = rig_results (rig);

      if (weights)
        {
          check_untouched (got->d_in, judgement->inputs->n_in);
          rig_compare_gradients (name, judgement->inputs, got->d_params, judgement->want->d_params,
                                 TOLERANCE);
        }
      else
        {
          check_untouched (got->d_params, judgement->inputs->n_weights);
          judgement_check_d_in (name, judgement, got->d_in, TOLERANCE);
        }
      rig_results_free (got);
    }
}

static void
test_train (gconstpointer data)
{
  const BlockCase *c = data;
  Judgement judgement = judgement_new (c, judgement_train_course, JUDGEMENT_MARGIN);

  for (int n_threads = 1; n_threads <= test_backend_max_threads (); n_threads++)
    {
      g_autofree char *what = g_strdup_printf ("%d threads", n_threads);
      TestDevice *device = judgement_device (n_threads);
      Rig *rig = judgement_rig (device, judgement.inputs, TRUE, c->may_refuse);
      RigResults *got, *again;

      if (rig == NULL)
        {
          test_device_close (device);
          break;
        }

      judgement_train_course (rig);
      got = rig_results (rig);
      judgement_check_out (what, &judgement, got->out, c->spec.threshold, TOLERANCE);
      judgement_check_d_in (what, &judgement, got->d_in, TOLERANCE);
      rig_compare_gradients (what, judgement.inputs, got->d_params, judgement.want->d_params,
                             TOLERANCE);
      rig_compare_state (what, judgement.inputs, got->state, judgement.want->state, TOLERANCE);
      rig_check_gaps (judgement.inputs, got->d_params);
      if (c->spec.dropout > 0)
        check_dropout (rig, got->out, 8);

      rig_reset (rig);
      judgement_train_course (rig);
      again = rig_results (rig);
      check_same_bits (judgement.inputs, got, again);
      check_partial (what, rig, &judgement);

      rig_results_free (again);
      rig_results_free (got);
      rig_free (rig);
      test_device_close (device);
    }

  judgement_clear (&judgement);
}

static void
check_course (const BlockCase *c, const Judgement *judgement, Course course, int n_threads)
{
  g_autofree char *what = g_strdup_printf ("%d threads", n_threads);
  TestDevice *device = judgement_device (n_threads);
  Rig *rig = judgement_rig (device, judgement->inputs, FALSE, c->may_refuse);
  RigResults *got;

  if (rig != NULL)
    {
      course (rig);
      got = rig_results (rig);
      judgement_check_out (what, judgement, got->out, c->spec.threshold && course != infer_course, TOLERANCE);
      rig_compare_state (what, judgement->inputs, got->state, judgement->want->state,
                         course == infer_course ? 0 : TOLERANCE);

      rig_results_free (got);
      rig_free (rig);
    }

  test_device_close (device);
}

static void
test_infer (gconstpointer data)
{
  Judgement judgement = judgement_new (data, infer_course, 0);

  for (int n_threads = 1; n_threads <= test_backend_max_threads (); n_threads++)
    check_course (data, &judgement, infer_course, n_threads);
  judgement_clear (&judgement);
}

static void
test_calibrate (gconstpointer data)
{
  Judgement judgement = judgement_new (data, calibrate_course, 0);

  for (int n_threads = 1; n_threads <= test_backend_max_threads (); n_threads++)
    check_course (data, &judgement, calibrate_course, n_threads);
  judgement_clear (&judgement);
}

static gsize
count_nan (const float *x, gsize n)
{
  gsize count = 0;

  for (gsize i = 0; i < n; i++)
    count += isnan (x[i]);
  return count;
}

/* A NaN in a sample shows in its output, and one in its gradient shows in all gradients. */
static void
test_nan (gconstpointer data)
{
  const BlockCase *c = data;
  RigInputs *inputs = rig_inputs_new (&c->spec, c->batch, 1);
  TestDevice *device = judgement_device (2);
  Rig *rig = judgement_rig (device, inputs, TRUE, c->may_refuse);
  gsize n_out = block_out_size (&c->spec);
  RigResults *got;

  if (rig == NULL)
    goto out;

  for (gsize i = 0; i < block_in_size (&c->spec); i++)
    inputs->in[1][i] = NAN;
  for (gsize i = 0; i < n_out; i++)
    inputs->d_out[i] = NAN;
  test_device_set (device, rig->in[1], inputs->in[1], inputs->n_in * sizeof (float));

  rig_prepare (rig, FALSE);
  rig_forward (rig, 1, RAQAM_MODE_INFER, 0, 0);
  got = rig_results (rig);
  g_assert_cmpuint (count_nan (got->out, inputs->n_out), ==, n_out);
  g_assert_cmpuint (count_nan (got->out, n_out), ==, n_out);
  rig_results_free (got);

  if (!c->spec.threshold)
    {
      rig_forward (rig, 1, RAQAM_MODE_TRAIN, 0, 8);
      got = rig_results (rig);
      g_assert_cmpuint (count_nan (got->out, n_out), >, 0);
      rig_results_free (got);
    }

  rig_forward (rig, 0, RAQAM_MODE_TRAIN, 0, 8);
  rig_backward (rig, TRUE, TRUE);
  got = rig_results (rig);
  g_assert_cmpuint (count_nan (got->d_in, inputs->n_in), >, 0);
  for (BlockTensor t = 0; t < BLOCK_N_TRAINED; t++)
    if (block_tensor_size (&c->spec, t) > 0)
      g_assert_cmpuint (count_nan (got->d_params + block_tensor_offset (&inputs->spec, t),
                                   block_tensor_size (&c->spec, t)),
                        >, 0);
  rig_results_free (got);
  rig_free (rig);

out:
  test_device_close (device);
  rig_inputs_free (inputs);
}

/* The sum of the outputs, each times its gradient. */
static double
loss (Rig *rig)
{
  RigResults *results;
  double sum = 0;

  rig_prepare (rig, FALSE);
  rig_forward (rig, 0, RAQAM_MODE_TRAIN, 0, 8);
  results = rig_results (rig);
  for (gsize i = 0; i < rig->inputs->n_out; i++)
    sum += (double) results->out[i] * rig->inputs->d_out[i];

  rig_results_free (results);
  return sum;
}

static double
norm (const float *x, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += (double) x[i] * x[i];
  return sqrt (sum);
}

/* Goes from @x, which is @on_device, a little way along its @gradient and back: the loss
 * must change by the gradient's norm for each unit of way. The way moves no value by
 * more than a thousandth of what they have, so that few cross a corner. */
static void
check_along_gradient (const char *what, Rig *rig, float *on_device, const float *x,
                      const float *gradient, gsize n)
{
  g_autofree float *moved = g_new (float, n);
  double slope = norm (gradient, n), steepest = 0, way, change[2], error;

  for (gsize i = 0; i < n; i++)
    steepest = fmax (steepest, fabs (gradient[i]) / slope);
  way = 1e-3 * norm (x, n) / sqrt (n) / steepest;

  for (int side = 0; side < 2; side++)
    {
      for (gsize i = 0; i < n; i++)
        moved[i] = x[i] + (side == 0 ? way : -way) * gradient[i] / slope;
      test_device_set (rig->device, on_device, moved, n * sizeof (float));
      change[side] = loss (rig);
    }
  test_device_set (rig->device, on_device, x, n * sizeof (float));

  error = fabs ((change[0] - change[1]) / (2 * way) / slope - 1);
  g_test_message ("%s: %.2g", what, error);
  g_assert_cmpfloat (error, <, TOLERANCE_DIFFERENCES);
}

/* A hard threshold has no finite difference; spectral norm has one along weights while u
 * stays: v and sigma are made anew, and d |Wᵀu| / dW is u vᵀ. */
static void
test_differences (gconstpointer data)
{
  const BlockCase *c = data;
  RaqamBlockSpec spec = c->spec;
  RigInputs *inputs;
  TestDevice *device = judgement_device (2);
  Rig *rig;

  spec.threshold = FALSE;
  inputs = rig_inputs_new (&spec, c->batch, 1);
  rig = judgement_rig (device, inputs, TRUE, c->may_refuse);
  if (rig != NULL)
    {
      RigResults *got;

      loss (rig);
      rig_backward (rig, TRUE, TRUE);
      got = rig_results (rig);

      check_along_gradient ("in", rig, rig->in[0], inputs->in[0], got->d_in, inputs->n_in);
      for (BlockTensor t = 0; t < BLOCK_N_TRAINED; t++)
        {
          gssize offset = block_tensor_offset (&inputs->spec, t);

          if (offset >= 0)
            check_along_gradient (block_tensor_name (t), rig, rig->weights + offset,
                                  inputs->weights + offset, got->d_params + offset,
                                  block_tensor_size (&spec, t));
        }

      rig_results_free (got);
      rig_free (rig);
    }

  test_device_close (device);
  rig_inputs_free (inputs);
}

static void
add_tests (const char *kind, GArray *cases, GTestDataFunc test)
{
  for (guint i = 0; i < cases->len; i++)
    {
      const BlockCase *c = &g_array_index (cases, BlockCase, i);
      g_autofree char *path = g_strdup_printf ("/backend/%s/%s", kind, c->name);

      g_test_add_data_func (path, c, test);
    }
}

int
main (int argc, char *argv[])
{
  g_autoptr (GArray) cases = block_cases_new ();

  if (!test_backend_is_here ())
    return 0;
  g_test_init (&argc, &argv, NULL);

  add_tests ("train", cases, test_train);
  add_tests ("infer", cases, test_infer);
  add_tests ("calibrate", cases, test_calibrate);
  add_tests ("nan", cases, test_nan);
  add_tests ("differences", cases, test_differences);

  return g_test_run ();
}
