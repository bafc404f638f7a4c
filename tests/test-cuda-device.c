/* test-cuda-device.c — the CUDA backend's device: what it opens on, and its memory.
 * SPDX-License-Identifier: MIT */

#include "emulated-gpu.h"
#include "engine/network.h"

#include <string.h>

/* Stands before cuDNN's own: the program's symbols come first. */
size_t cudnnGetVersion (void);

static gsize cudnn_version = 91900;

size_t
cudnnGetVersion (void)
{
  return cudnn_version;
}

/* What is there, and whether it will do. */

typedef struct
{
  const char *name;
  int         devices, driver, compute;
  gsize       cudnn;
  const char *pattern;
} Refusal;

static const Refusal refusals[] = {
  { "no-device", 0, 13000, 80, 91900, "*CUDA finds none*nvidia-smi*" },
  { "old-driver", 1, 12040, 80, 91900, "*driver is too old*CUDA 12.4*CUDA 13.*driver 580*" },
  { "old-gpu", 1, 13000, 61, 91900, "*Emulated GPU*compute capability is 6.1*needs 7.5*" },
  { "old-cudnn", 1, 13000, 80, 8907, "*cuDNN is too old*8.9.7*9.0*RAQAM_CUDNN_DIR*" },
};

static void
test_refusal (gconstpointer data)
{
  const Refusal *refusal = data;
  RaqamEmulatorSettings gpu = emulated_usual ();
  RaqamDeviceOptions options = { 0 };
  RaqamDeviceInfo info;
  GError *error = NULL;
  guint64 before = emulated_n_objects ();

  gpu.devices = refusal->devices;
  gpu.driver = refusal->driver;
  gpu.compute = refusal->compute;
  raqam_emulator_reset (&gpu);
  cudnn_version = refusal->cudnn;

  g_assert_false (emulated_backend ()->probe (&info, &error));
  emulated_assert_says (error, RAQAM_ERROR_DEVICE, refusal->pattern);
  g_clear_error (&error);
  g_assert_null (emulated_backend ()->device_open (&options, &error));
  emulated_assert_says (error, RAQAM_ERROR_DEVICE, refusal->pattern);
  g_clear_error (&error);
  g_assert_cmpuint (emulated_n_objects (), ==, before);

  cudnn_version = 91900;
}

/* Any driver of the same CUDA's major number will do. */
static void
test_newer_driver (void)
{
  RaqamEmulatorSettings gpu = emulated_usual ();
  RaqamDeviceInfo info;

  gpu.driver = 14020;
  raqam_emulator_reset (&gpu);
  TEST_TRY (emulated_backend ()->probe (&info, &error));
  g_assert_cmpstr (info.name, ==, "Emulated GPU");
  g_assert_cmpuint (info.memory, ==, gpu.memory);
}

static void
check_precision (RaqamPrecision asked, const char *described, const char *refused)
{
  RaqamDeviceOptions options = { .precision = asked };
  GError *error = NULL;
  RaqamDevice *device = emulated_backend ()->device_open (&options, &error);

  if (refused != NULL)
    {
      g_assert_null (device);
      emulated_assert_says (error, RAQAM_ERROR_DEVICE, refused);
      g_clear_error (&error);
      return;
    }

  g_assert_no_error (error);
  g_assert_cmpstr (emulated_backend ()->device_describe (device), ==, described);
  emulated_backend ()->device_close (device);
}

static void
test_precisions (void)
{
  RaqamEmulatorSettings gpu = emulated_usual ();
  RaqamDeviceInfo info;
  guint64 before = emulated_n_objects ();

  gpu.compute = 75;
  raqam_emulator_reset (&gpu);
  TEST_TRY (emulated_backend ()->probe (&info, &error));
  g_assert_cmpint (info.precision, ==, RAQAM_PRECISION_F32);
  g_assert_false (info.has_tf32 || info.has_bf16);
  check_precision (RAQAM_PRECISION_AUTO, "Emulated GPU, 4 GiB, f32, cuDNN 9.19.0", NULL);
  check_precision (RAQAM_PRECISION_F32, "Emulated GPU, 4 GiB, f32, cuDNN 9.19.0", NULL);
  check_precision (RAQAM_PRECISION_TF32, NULL, "*Emulated GPU has no TF32*8.0*is 7.5*f32*");
  check_precision (RAQAM_PRECISION_BF16, NULL, "*Emulated GPU has no bf16*8.0*is 7.5*f32*");

  gpu.compute = 80;
  raqam_emulator_reset (&gpu);
  TEST_TRY (emulated_backend ()->probe (&info, &error));
  g_assert_cmpint (info.precision, ==, RAQAM_PRECISION_TF32);
  g_assert_true (info.has_tf32 && info.has_bf16);
  check_precision (RAQAM_PRECISION_AUTO, "Emulated GPU, 4 GiB, TF32, cuDNN 9.19.0", NULL);
  check_precision (RAQAM_PRECISION_F32, "Emulated GPU, 4 GiB, f32, cuDNN 9.19.0", NULL);
  check_precision (RAQAM_PRECISION_TF32, "Emulated GPU, 4 GiB, TF32, cuDNN 9.19.0", NULL);
  check_precision (RAQAM_PRECISION_BF16, "Emulated GPU, 4 GiB, bf16, cuDNN 9.19.0", NULL);
  g_assert_cmpuint (emulated_n_objects (), ==, before);
}

/* Channels are padded to 8 within a network, and bf16 takes half. */
static void
test_edges (void)
{
  const RaqamPrecision precisions[] = { RAQAM_PRECISION_F32, RAQAM_PRECISION_TF32,
                                        RAQAM_PRECISION_BF16 };

  for (gsize i = 0; i < G_N_ELEMENTS (precisions); i++)
    {
      RaqamDeviceOptions options = { .precision = precisions[i] };
      GError *error = NULL;
      RaqamDevice *device = emulated_backend ()->device_open (&options, &error);
      gsize size = precisions[i] == RAQAM_PRECISION_BF16 ? 2 : 4;

      g_assert_no_error (error);
      g_assert_cmpuint (emulated_backend ()->edge_size (device, 7, 5, 64), ==, size * 7 * 5 * 64);
      g_assert_cmpuint (emulated_backend ()->edge_size (device, 7, 5, 65), ==, size * 7 * 5 * 72);
      g_assert_cmpuint (emulated_backend ()->edge_size (device, 1, 1, 1), ==, size * 8);
      emulated_backend ()->device_close (device);
    }
}

/* Memory, and the way to it. */

static void
test_memory (void)
{
  RaqamEmulatorSettings gpu = emulated_usual ();
  guint64 before = emulated_n_objects (), used, total, more;
  GError *error = NULL;
  TestDevice *device;

  raqam_emulator_reset (&gpu);
  device = emulated_open ();
  emulated_backend ()->device_memory (device->device, &used, &total);
  g_assert_cmpuint (total, ==, gpu.memory);
  test_device_new (device, 1 << 20);
  emulated_backend ()->device_memory (device->device, &more, &total);
  g_assert_cmpuint (more, ==, used + (1 << 20));

  g_assert_null (emulated_backend ()->alloc (device->device, G_GUINT64_CONSTANT (5) << 30, &error));
  emulated_assert_says (error, RAQAM_ERROR_MEMORY,
                        "*5.0*GiB were asked for*4.0*GiB are free*smaller batch*");
  g_clear_error (&error);

  /* A refusal is no failure: the device goes on. */
  test_device_new (device, 0);
  test_device_new (device, 1 << 20);
  test_device_close (device);
  g_assert_cmpuint (emulated_n_objects (), ==, before);
}

/* What was uploaded is what @from held then, however often it has changed before the
 * GPU comes to it, on both sides of what fits into pinned memory. */
static void
test_uploads (void)
{
  const gsize sizes[] = { 1, 48, 48, 63, 64, 65, 1000, 20000, 32768, 32769, 100000, 0, 7 };
  gsize total = 0;
  TestDevice *device = emulated_open ();
  g_autofree guint8 *from = g_malloc (100000), *want = NULL, *got = NULL;
  guint8 *memory;

  for (gsize i = 0; i < 40; i++)
    total += sizes[i % G_N_ELEMENTS (sizes)];
  want = g_malloc (total);
  got = g_malloc (total);
  memory = test_device_new (device, total);

  for (gsize i = 0, begin = 0; i < 40; i++)
    {
      gsize n = sizes[i % G_N_ELEMENTS (sizes)];

      for (gsize j = 0; j < n; j++)
        from[j] = want[begin + j] = i * 31 + j * 7 + j / 256;
      test_device_set (device, memory + begin, from, n);
      memset (from, 0xee, n);
      begin += n;
    }
  for (gsize i = 0, begin = 0; i < 40; i++)
    {
      gsize n = sizes[i % G_N_ELEMENTS (sizes)];

      test_device_get (device, got + begin, memory + begin, n);
      begin += n;
    }
  g_assert_cmpmem (got, total, want, total);
  test_device_close (device);
}

/* Small uploads do not wait, or a step would. */
static void
test_no_waiting (void)
{
  RaqamEmulatorSettings gpu = emulated_usual ();
  TestDevice *device = emulated_open ();
  guint8 *memory = test_device_new (device, 48);
  RaqamEmulatorCounts counts;
  guint8 bytes[48] = { 0 };

  raqam_emulator_reset (&gpu);
  for (int i = 0; i < 100; i++)
    test_device_set (device, memory, bytes, sizeof bytes);
  raqam_emulator_counts (&counts);
  g_assert_cmpuint (counts.waits, ==, 0);
  test_device_close (device);
}

static gpointer
use_cb (gpointer data)
{
  TestDevice *device = data;
  guint32 number = 12345, got = 0;
  guint32 *memory = test_device_put (device, &number, sizeof number);

  test_device_get (device, &got, memory, sizeof got);
  g_assert_cmpuint (got, ==, number);
  return NULL;
}

/* Opened here, used there. */
static void
test_threads (void)
{
  TestDevice *device = emulated_open ();

  use_cb (device);
  g_thread_join (g_thread_new ("use", use_cb, device));
  use_cb (device);
  test_device_close (device);
}

/* Opens a device, plans both networks of @recipe on it, and closes all. */
static gboolean
plan_networks (const RaqamRecipe *recipe, GError **error)
{
  const RaqamNetworkKind kinds[] = { RAQAM_GENERATOR, RAQAM_DISCRIMINATOR };
  RaqamDeviceOptions options = { 0 };
  RaqamDevice *device = emulated_backend ()->device_open (&options, error);
  gboolean done = device != NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds) && done; i++)
    {
      RaqamNetworkSpec spec;
      RaqamNetwork *network;

      raqam_network_spec_init (&spec, recipe, kinds[i]);
      network = raqam_network_new (emulated_backend (), device, &spec, 2, TRUE, error);
      done = network != NULL;
      raqam_network_free (network);
    }

  emulated_backend ()->device_close (device);
  return done;
}

/* Memory runs out at one allocation after another. What only the clock of the plans
 * wanted is done without; for anything else the error says so. */
static void
test_no_memory (void)
{
  g_autoptr (RaqamRecipe) recipe = raqam_recipe_find ("fast", NULL);
  guint64 before = emulated_n_objects ();
  RaqamEmulatorSettings gpu = emulated_usual ();
  RaqamEmulatorCounts counts;
  gboolean failed = TRUE;
  int n_refusals = 0;

  for (gpu.fail_alloc = 1; failed; gpu.fail_alloc++)
    {
      GError *error = NULL;
      gboolean done;

      raqam_emulator_reset (&gpu);
      done = plan_networks (recipe, &error);
      raqam_emulator_counts (&counts);
      failed = counts.allocs >= gpu.fail_alloc;
      n_refusals += !done;
      if (!done)
        emulated_assert_says (error, RAQAM_ERROR_MEMORY,
                              "Not enough memory on the GPU*smaller batch*");
      else
        g_assert_no_error (error);
      g_clear_error (&error);
      g_assert_cmpuint (emulated_n_objects (), ==, before);
    }

  g_test_message ("%d of %d allocations", n_refusals, (int) counts.allocs);
  g_assert_cmpint (n_refusals, >=, 7);
}

int
main (int argc, char *argv[])
{
  /* No folder, so that no plan is known from before or kept. */
  g_setenv ("XDG_CACHE_HOME", "/dev/null/cache", TRUE);
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strdup_printf ("/cuda-device/refusal/%s", refusals[i].name);

      g_test_add_data_func (path, &refusals[i], test_refusal);
    }
  g_test_add_func ("/cuda-device/newer-driver", test_newer_driver);
  g_test_add_func ("/cuda-device/precisions", test_precisions);
  g_test_add_func ("/cuda-device/edges", test_edges);
  g_test_add_func ("/cuda-device/memory", test_memory);
  g_test_add_func ("/cuda-device/uploads", test_uploads);
  g_test_add_func ("/cuda-device/no-waiting", test_no_waiting);
  g_test_add_func ("/cuda-device/threads", test_threads);
  g_test_add_func ("/cuda-device/no-memory", test_no_memory);

  return g_test_run ();
}
