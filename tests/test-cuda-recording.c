/* test-cuda-recording.c — the CUDA backend's recordings, and a GPU that fails in mid-run.
 * SPDX-License-Identifier: MIT */

#include "emulated-gpu.h"

#include <string.h>

#define N 1000
#define BATCH 3
#define IMAGE 28

typedef struct
{
  TestDevice *device;
  RaqamPulse *pulse;
  float      *weights, *m, *v, *average, *noise, *images, *copy, *d_logits, *results;
  guint8     *labels, *data, *data_labels;
  guint32    *order;
  gboolean    fails;
} Step;

static Step *
step_new (TestDevice *device)
{
  Step *step = g_new0 (Step, 1);
  guint8 data[20 * IMAGE], labels[20];
  guint32 order[20];

  for (gsize i = 0; i < sizeof data; i++)
    data[i] = i * 11;
  for (gsize i = 0; i < 20; i++)
    {
      labels[i] = i % 10;
      order[i] = (i * 7) % 20;
    }

  *step = (Step){
    .device = device,
    .pulse = test_device_new (device, sizeof (RaqamPulse)),
    .weights = test_device_new (device, N * sizeof (float)),
    .m = test_device_new (device, N * sizeof (float)),
    .v = test_device_new (device, N * sizeof (float)),
    .average = test_device_new (device, N * sizeof (float)),
    .noise = test_device_new (device, N * sizeof (float)),
    .copy = test_device_new (device, N * sizeof (float)),
    .d_logits = test_device_new (device, N * sizeof (float)),
    .results = test_device_new (device, 4 * sizeof (float)),
    .images = test_device_new (device, BATCH * IMAGE * sizeof (float)),
    .labels = test_device_new (device, BATCH),
    .data = test_device_put (device, data, sizeof data),
    .data_labels = test_device_put (device, labels, sizeof labels),
    .order = test_device_put (device, order, sizeof order),
  };

  return step;
}

/* Of everything that runs and belongs to no block, something. */
static gboolean
step_calls (gpointer data, GError **error)
{
  const Step *s = data;
  const RaqamBackend *backend = s->device->backend;
  RaqamDevice *device = s->device->device;

  if (s->fails)
    {
      g_set_error_literal (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE, "the calls failed");
      return FALSE;
    }

  return backend->normal (device, s->noise, N, 3, s->pulse, error)
         && backend->adam (device, s->weights, s->m, s->v, s->noise, N, &s->pulse->rate[0], 0.5f,
                           0.99f, 1e-7f, error)
         && backend->average (device, s->average, s->weights, N, &s->pulse->ema_decay, error)
         && backend->bce (device, s->d_logits, s->results, s->noise, N, N / 3, 1, 0, error)
         && backend->gather (device, s->images, s->labels, s->data, s->data_labels, s->order, BATCH,
                             IMAGE, s->pulse, error)
         && backend->copy (device, s->copy, s->weights, N * sizeof (float), error);
}

static void
step_pulse (Step *step, int i)
{
  RaqamPulse pulse = {
    .seed = 5,
    .step = i,
    .position = i * BATCH,
    .rate = { 0.01f / (i + 1) },
    .ema_decay = 0.9f,
  };

  test_device_set (step->device, step->pulse, &pulse, sizeof pulse);
}

static void
assert_equal_steps (const Step *x, const Step *y)
{
  const struct
  {
    gconstpointer x, y;
    gsize         n_bytes;
  } memories[] = {
    { x->copy, y->copy, N * sizeof (float) },
    { x->average, y->average, N * sizeof (float) },
    { x->d_logits, y->d_logits, N * sizeof (float) },
    { x->results, y->results, 4 * sizeof (float) },
    { x->images, y->images, BATCH * IMAGE * sizeof (float) },
    { x->labels, y->labels, BATCH },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (memories); i++)
    {
      g_autofree char *of_x = g_malloc (memories[i].n_bytes);
      g_autofree char *of_y = g_malloc (memories[i].n_bytes);

      test_device_get (x->device, of_x, memories[i].x, memories[i].n_bytes);
      test_device_get (y->device, of_y, memories[i].y, memories[i].n_bytes);
      g_assert_cmpmem (of_x, memories[i].n_bytes, of_y, memories[i].n_bytes);
    }
}

/* Recording does nothing yet, and each replay what the calls would. */
static void
test_recording (void)
{
  TestDevice *device = emulated_open ();
  g_autofree Step *recorded = step_new (device), *called = step_new (device);
  RaqamRecording *recording;
  RaqamEmulatorCounts before, after;

  step_pulse (recorded, 0);
  TEST_TRY (emulated_backend ()->record (device->device, &recording, step_calls, recorded, &error));
  assert_equal_steps (recorded, called);

  for (int i = 0; i < 4; i++)
    {
      step_pulse (recorded, i);
      raqam_emulator_counts (&before);
      TEST_TRY (emulated_backend ()->replay (recording, &error));
      raqam_emulator_counts (&after);
      g_assert_cmpuint (after.launches, ==, before.launches + 1);

      step_pulse (called, i);
      TEST_TRY (step_calls (called, &error));
      assert_equal_steps (recorded, called);
    }

  emulated_backend ()->recording_free (recording);
  test_device_close (device);
}

static gboolean
allocating_calls (gpointer data, GError **error)
{
  const Step *step = data;
  gpointer memory = emulated_backend ()->alloc (step->device->device, 1000, error);

  emulated_backend ()->free (step->device->device, memory);
  return memory != NULL;
}

static void
record_and_replay (Step *step)
{
  RaqamRecording *recording;

  TEST_TRY (emulated_backend ()->record (step->device->device, &recording, step_calls, step,
                                         &error));
  TEST_TRY (emulated_backend ()->replay (recording, &error));
  emulated_backend ()->recording_free (recording);
}

/* A recording that fails leaves nothing, and the device as it was. */
static void
test_recording_refused (void)
{
  TestDevice *device = emulated_open ();
  g_autofree Step *step = step_new (device);
  guint64 before = emulated_n_objects ();
  RaqamRecording *recording;
  GError *error = NULL;

  step->fails = TRUE;
  g_assert_false (
    emulated_backend ()->record (device->device, &recording, step_calls, step, &error));
  emulated_assert_says (error, RAQAM_ERROR_DEVICE, "the calls failed");
  g_assert_null (recording);
  g_clear_error (&error);

  g_assert_false (
    emulated_backend ()->record (device->device, &recording, allocating_calls, step, &error));
  emulated_assert_says (error, RAQAM_ERROR_DEVICE, "The GPU failed (*");
  g_assert_null (recording);
  g_clear_error (&error);
  g_assert_cmpuint (emulated_n_objects (), ==, before);

  step->fails = FALSE;
  record_and_replay (step);
  test_device_close (device);
}

/* The GPU fails at one piece of work after another: from then on everything is
 * refused, with a reason, and nothing is left when the device is closed. */
static void
test_failure (gconstpointer data)
{
  gboolean lost = GPOINTER_TO_INT (data);
  guint64 before = emulated_n_objects ();
  gboolean done = FALSE;
  RaqamEmulatorSettings gpu;

  for (int k = 1; !done; k++)
    {
      TestDevice *device;
      g_autofree Step *step = NULL;
      float results[4];
      GError *error = NULL;

      gpu = emulated_usual ();
      raqam_emulator_reset (&gpu);
      device = emulated_open ();
      step = step_new (device);
      step_pulse (step, 0);
      if (lost)
        gpu.lose_work = k;
      else
        gpu.fail_work = k;
      raqam_emulator_reset (&gpu);

      done = step_calls (step, &error)
             && emulated_backend ()->download (device->device, results, step->results,
                                               sizeof results, &error);
      if (!done)
        {
          emulated_assert_says (error, RAQAM_ERROR_DEVICE,
                                "The GPU failed (*): *checkpoint is kept*");
          g_clear_error (&error);
          g_assert_false (emulated_backend ()->download (device->device, results, step->results,
                                                         sizeof results, &error));
          emulated_assert_says (error, RAQAM_ERROR_DEVICE,
                                "The GPU failed (*): *checkpoint is kept*");
          g_clear_error (&error);
          g_assert_null (emulated_backend ()->alloc (device->device, 1, &error));
          emulated_assert_says (error, RAQAM_ERROR_DEVICE,
                                "The GPU failed (*): *checkpoint is kept*");
          g_clear_error (&error);
        }
      else
        g_assert_cmpint (k, >, 5);

      test_device_close (device);
      g_assert_cmpuint (emulated_n_objects (), ==, before);
    }

  gpu = emulated_usual ();
  raqam_emulator_reset (&gpu);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cuda-recording/replays", test_recording);
  g_test_add_func ("/cuda-recording/refused", test_recording_refused);
  g_test_add_data_func ("/cuda-recording/failure", GINT_TO_POINTER (FALSE), test_failure);
  g_test_add_data_func ("/cuda-recording/lost", GINT_TO_POINTER (TRUE), test_failure);

  return g_test_run ();
}
