/* block-judgement.c — what the reference says to a block, and what a device may differ.
 * SPDX-License-Identifier: MIT */

#include "block-judgement.h"

#include "reference-backend.h"

#include <math.h>

void
judgement_train_course (Rig *rig)
{
  rig_prepare (rig, TRUE);
  rig_forward (rig, 1, RAQAM_MODE_TRAIN, 0.1f, 7);
  rig_forward (rig, 0, RAQAM_MODE_TRAIN, 0.3f, 8);
  rig_backward (rig, TRUE, TRUE);
}

static TestDevice *
open_device (const RaqamBackend *backend, int n_threads)
{
  RaqamDeviceOptions options = { .precision = RAQAM_PRECISION_F32, .n_threads = n_threads };
  GError *error = NULL;
  TestDevice *device = test_device_open (backend, &options, &error);

  g_assert_no_error (error);
  return device;
}

TestDevice *
judgement_device (int n_threads)
{
  return open_device (test_backend (), n_threads);
}

Rig *
judgement_rig (TestDevice *device, const RigInputs *inputs, gboolean train, gboolean may_refuse)
{
  g_autoptr (GError) error = NULL;
  Rig *rig = rig_new (device, inputs, train, &error);

  if (rig == NULL && may_refuse && g_error_matches (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE))
    {
      g_test_skip (error->message);
      return NULL;
    }

  g_assert_no_error (error);
  return rig;
}

/* Returns: what @course makes on the reference; @margin: how near it came to a corner */
static RigResults *
ask_reference (const RigInputs *inputs, Course course, double *margin)
{
  TestDevice *device = open_device (&raqam_reference_backend, 1);
  Rig *rig = judgement_rig (device, inputs, TRUE, FALSE);
  RigResults *results;

  course (rig);
  results = rig_results (rig);
  *margin = reference_backend_margin (rig->block);

  rig_free (rig);
  test_device_close (device);
  return results;
}

Judgement
judgement_new (const BlockCase *c, Course course, double margin)
{
  Judgement judgement = { 0 };
  double nearest;

  for (guint32 seed = 1;; seed++)
    {
      judgement.inputs = rig_inputs_new (&c->spec, c->batch, seed);
      judgement.want = ask_reference (judgement.inputs, course, &nearest);
      if (nearest >= margin)
        break;

      g_assert_cmpuint (seed, <, 400);
      rig_results_free (judgement.want);
      rig_inputs_free (judgement.inputs);
    }

  if (c->spec.threshold)
    {
      RigResults *soft;

      judgement.inputs->spec.threshold = FALSE;
      soft = ask_reference (judgement.inputs, course, &nearest);
      judgement.inputs->spec.threshold = TRUE;
      judgement.soft = g_steal_pointer (&soft->out);
      rig_results_free (soft);
    }
  return judgement;
}

void
judgement_clear (Judgement *judgement)
{
  g_free (judgement->soft);
  rig_results_free (judgement->want);
  rig_inputs_free (judgement->inputs);
}

static void
check_threshold (const Judgement *judgement, const float *out)
{
  for (gsize i = 0; i < judgement->inputs->n_out; i++)
    if (fabs (judgement->soft[i] - 0.5) > 1e-6)
      g_assert_cmpfloat (out[i], ==, judgement->want->out[i]);
    else
      g_assert_true (out[i] == 0 || out[i] == 1);
}

void
judgement_check_out (const char *what, const Judgement *judgement, const float *out, gboolean hard,
                     double tolerance)
{
  g_autofree char *name = g_strdup_printf ("%s, out", what);

  if (hard)
    check_threshold (judgement, out);
  else
    rig_compare (name, out, judgement->want->out, judgement->inputs->n_out, tolerance);
}

void
judgement_check_d_in (const char *what, const Judgement *judgement, const float *d_in,
                      double tolerance)
{
  g_autofree char *name = g_strdup_printf ("%s, d_in", what);

  rig_compare (name, d_in, judgement->want->d_in, judgement->inputs->n_in, tolerance);
}
