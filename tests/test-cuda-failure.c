/* test-cuda-failure.c — a GPU that fails while networks run on it.
 * SPDX-License-Identifier: MIT */

#include "emulated-gpu.h"
#include "engine/network.h"

#include <glib/gstdio.h>

#define BATCH 2
#define SAYS "The GPU failed (*): *checkpoint is kept*"

/* A network on a device, with all that a pass there and back needs. */
typedef struct
{
  TestDevice   *device;
  RaqamNetwork *network;
  RaqamPulse   *pulse;
  float        *params, *state, *in, *out, *d_in, *d_out, *d_params;
  guint8       *labels;
} Run;

static Run *
run_new (const RaqamNetworkSpec *spec)
{
  const RaqamBlockSpec *first = &spec->block[0], *last = &spec->block[spec->n_blocks - 1];
  gsize n_in = (gsize) BATCH * first->in_h * first->in_w * first->in_c;
  gsize n_out = (gsize) BATCH * last->out_h * last->out_w * last->out_c;
  TestDevice *device = emulated_open ();
  Run *run = g_new (Run, 1);
  GError *error = NULL;

  *run = (Run){
    .device = device,
    .network = raqam_network_new (emulated_backend (), device->device, spec, BATCH, TRUE, &error),
    .pulse = test_device_new (device, sizeof (RaqamPulse)),
    .params = test_device_new (device, spec->n_params * sizeof (float)),
    .state = test_device_new (device, spec->n_state * sizeof (float)),
    .in = test_device_new (device, n_in * sizeof (float)),
    .out = test_device_new (device, n_out * sizeof (float)),
    .d_in = test_device_new (device, n_in * sizeof (float)),
    .d_out = test_device_new (device, n_out * sizeof (float)),
    .d_params = test_device_new (device, spec->n_params * sizeof (float)),
    .labels = test_device_new (device, BATCH),
  };
  g_assert_no_error (error);

  return run;
}

static void
run_free (Run *run)
{
  raqam_network_free (run->network);
  test_device_close (run->device);
  g_free (run);
}

static gboolean
run_calls (gpointer data, GError **error)
{
  Run *run = data;
  RaqamForward how = { .mode = RAQAM_MODE_TRAIN, .update = 0.1f, .pulse = run->pulse };

  return raqam_network_prepare (run->network, run->params, run->state, TRUE, error)
         && raqam_network_forward (run->network, run->out, run->in, run->labels, &how, error)
         && raqam_network_backward (run->network, run->d_in, run->d_params, run->d_out, error);
}

static gboolean
run_there_and_back (Run *run, gboolean recorded, GError **error)
{
  RaqamDevice *device = run->device->device;
  RaqamRecording *recording = NULL;
  gboolean done;
  float result;

  if (recorded)
    done = emulated_backend ()->record (device, &recording, run_calls, run, error)
           && emulated_backend ()->replay (recording, error);
  else
    done = run_calls (run, error);
  done = done && emulated_backend ()->download (device, &result, run->out, sizeof result, error);
  emulated_backend ()->recording_free (recording);

  return done;
}

/* From its failure on, the device refuses everything. */
static void
assert_lost (Run *run)
{
  RaqamDevice *device = run->device->device;
  GError *error = NULL;
  float result;

  g_assert_false (emulated_backend ()->download (device, &result, run->out, sizeof result, &error));
  emulated_assert_says (error, RAQAM_ERROR_DEVICE, SAYS);
  g_clear_error (&error);
  g_assert_null (emulated_backend ()->alloc (device, 1, &error));
  emulated_assert_says (error, RAQAM_ERROR_DEVICE, SAYS);
  g_clear_error (&error);
}

/* Returns: whether the GPU had so much to do that it failed */
static gboolean
fail_at (const RaqamNetworkSpec *spec, guint64 work, gboolean recorded)
{
  RaqamEmulatorSettings gpu = emulated_usual ();
  guint64 before = emulated_n_objects ();
  GError *error = NULL;
  gboolean done;
  Run *run;

  raqam_emulator_reset (&gpu);
  run = run_new (spec);
  if (work % 2 == 0)
    gpu.lose_work = work;
  else
    gpu.fail_work = work;
  raqam_emulator_reset (&gpu);

  done = run_there_and_back (run, recorded, &error);
  if (!done)
    {
      emulated_assert_says (error, RAQAM_ERROR_DEVICE, SAYS);
      g_clear_error (&error);
      assert_lost (run);
    }
  run_free (run);
  g_assert_cmpuint (emulated_n_objects (), ==, before);

  gpu = emulated_usual ();
  raqam_emulator_reset (&gpu);
  return !done;
}

/* At one kernel or convolution after another. */
static void
test_failure (gconstpointer data)
{
  g_autoptr (RaqamRecipe) recipe = raqam_recipe_find ("fast", NULL);
  RaqamNetworkSpec spec;
  guint64 work = 1;

  raqam_network_spec_init (&spec, recipe, GPOINTER_TO_INT (data));
  while (fail_at (&spec, work, work % 3 == 0))
    work++;
  g_test_message ("%d pieces of work", (int) work - 1);
  g_assert_cmpuint (work, >, 20);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      remove_folder (inner);
    }
  g_remove (path);
}

int
main (int argc, char *argv[])
{
  g_autofree char *cache = g_dir_make_tmp ("raqam-cuda-failure-XXXXXX", NULL);
  int status;

  /* Plans are made once, in the first of all these runs. */
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/cuda-failure/generator", GINT_TO_POINTER (RAQAM_GENERATOR),
                        test_failure);
  g_test_add_data_func ("/cuda-failure/discriminator", GINT_TO_POINTER (RAQAM_DISCRIMINATOR),
                        test_failure);

  status = g_test_run ();
  remove_folder (cache);
  return status;
}
