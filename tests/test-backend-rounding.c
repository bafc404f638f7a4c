/* test-backend-rounding.c — a device's blocks with rounded factors against plain loops.
 * SPDX-License-Identifier: MIT
 *
 * RAQAM_TEST_BACKEND names the backend; without it, the CPU's.
 */

#include "block-judgement.h"

#define FEW 1024

/* What rounded factors cost. In bf16 a sum of many products is off by 1.6e-3 of its size, so
 * that one value in 2000 crosses a corner and the gradient is off by 3e-2; where there are
 * few, one would be too many. The GPU also stores bf16 between its kernels, and a sum over
 * the batch, such as a bias's gradient, is small beside the errors of what it adds up. */
typedef struct
{
  const char    *name;
  RaqamPrecision precision;
  double         out;      /* of outputs and statistics */
  double         gradient; /* of the input and the weights */
  double         sum;      /* of bias, scale and shift */
  double         margin;   /* from a corner, where there are few values */
} Rounding;

static const Rounding cpu_bf16 = { "bf16", RAQAM_PRECISION_BF16, 5e-2, 5e-2, 5e-2, 4e-3 };
static const Rounding gpu_bf16 = { "bf16", RAQAM_PRECISION_BF16, 1e-2, 1e-1, 3e-1, 4e-3 };
static const Rounding gpu_tf32 = { "tf32", RAQAM_PRECISION_TF32, 1e-3, 5e-2, 1e-1, 1e-3 };

static void
check_rounded (const Judgement *judgement, const RigResults *got, const Rounding *rounding)
{
  const RigInputs *inputs = judgement->inputs;

  if (!inputs->spec.threshold)
    judgement_check_out (rounding->name, judgement, got->out, FALSE, rounding->out);
  judgement_check_d_in (rounding->name, judgement, got->d_in, rounding->gradient);
  for (BlockTensor t = 0; t < BLOCK_N_TRAINED; t++)
    {
      gssize offset = block_tensor_offset (&inputs->spec, t);
      gboolean sum = t != BLOCK_WEIGHT && t != BLOCK_EMBEDDING;
      g_autofree char *what = g_strdup_printf ("%s, %s", rounding->name, block_tensor_name (t));

      if (offset >= 0)
        rig_compare (what, got->d_params + offset, judgement->want->d_params + offset,
                     block_tensor_size (&inputs->spec, t),
                     sum ? rounding->sum : rounding->gradient);
    }
  rig_compare_state (rounding->name, inputs, got->state, judgement->want->state, rounding->out);
}

static void
test_rounding (const BlockCase *c, const Rounding *rounding)
{
  RaqamDeviceOptions options = { .precision = rounding->precision, .n_threads = 2 };
  g_autoptr (GError) error = NULL;
  TestDevice *device = test_device_open (test_backend (), &options, &error);
  Judgement judgement;
  gboolean few;
  Rig *rig;

  if (device == NULL)
    {
      g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE);
      g_test_skip (error->message);
      return;
    }

  few = c->batch * block_out_size (&c->spec) <= FEW;
  judgement = judgement_new (c, judgement_train_course, few ? rounding->margin : JUDGEMENT_MARGIN);
  rig = judgement_rig (device, judgement.inputs, TRUE, c->may_refuse);
  if (rig != NULL)
    {
      RigResults *got;

      judgement_train_course (rig);
      got = rig_results (rig);
      check_rounded (&judgement, got, rounding);
      rig_results_free (got);
      rig_free (rig);
    }

  judgement_clear (&judgement);
  test_device_close (device);
}

static void
test_bf16 (gconstpointer data)
{
  test_rounding (data, test_backend () == &raqam_cpu_backend ? &cpu_bf16 : &gpu_bf16);
}

static void
test_tf32 (gconstpointer data)
{
  test_rounding (data, &gpu_tf32);
}

static void
add_tests (const char *kind, GArray *cases, GTestDataFunc test)
{
  for (guint i = 0; i < cases->len; i++)
    {
      const BlockCase *c = &g_array_index (cases, BlockCase, i);
      g_autofree char *path = g_strdup_printf ("/backend-rounding/%s/%s", kind, c->name);

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

  add_tests ("bf16", cases, test_bf16);
  if (test_backend () != &raqam_cpu_backend)
    add_tests ("tf32", cases, test_tf32);

  return g_test_run ();
}
