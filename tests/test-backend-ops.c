/* test-backend-ops.c — what a device does besides blocks, against plain loops.
 * SPDX-License-Identifier: MIT
 *
 * RAQAM_TEST_BACKEND names the backend; without it, the CPU's.
 */

#include "block-rig.h"
#include "reference-backend.h"
#include "test-device.h"

#include <math.h>
#include <string.h>

#define TOLERANCE 2e-6

static const RaqamPulse pulse = {
  .seed = G_GUINT64_CONSTANT (0x1122334455667788),
  .step = G_GUINT64_CONSTANT (0x300000005),
  .position = 3,
  .rate = { 0.125f, 0.25f },
  .ema_decay = 0.99f,
};

static TestDevice *
open_device (const RaqamBackend *backend, int n_threads)
{
  RaqamDeviceOptions options = { .precision = RAQAM_PRECISION_F32, .n_threads = n_threads };
  GError *error = NULL;
  TestDevice *device = test_device_open (backend, &options, &error);

  g_assert_no_error (error);
  return device;
}

/* An operation: @n numbers of @out come from those of @in; both have room for 3 @n. */
typedef void (*Operation) (TestDevice *device, float *out, const float *in, int n);

/* Runs @operation on the device under test and on the reference, with as many threads as
 * there may be, twice, from @in (3 @n), and compares the @n_out numbers it makes. */
static void
check_operation (Operation operation, const float *in, int n, int n_out)
{
  gsize room = (3 * n + 16) * sizeof (float);
  g_autofree float *want = g_malloc (room);

  for (int n_threads = 0; n_threads <= test_backend_max_threads (); n_threads++)
    {
      TestDevice *device = open_device (n_threads == 0 ? &raqam_reference_backend : test_backend (),
                                        MAX (n_threads, 1));
      float *on_device = test_device_put (device, in, 3 * n * sizeof (float));
      g_autofree float *got = g_malloc (room), *again = g_malloc (room);
      g_autofree char *what = g_strdup_printf ("%d of them, %d threads", n, n_threads);

      for (int time = 0; time < 2; time++)
        {
          float *out = test_device_put (device, in, 3 * n * sizeof (float));
          float *results = test_device_new (device, room);

          /* Some write over what they read, others elsewhere: @out begins as @in. */
          operation (device, out, on_device, n);
          TEST_TRY (
            device->backend->copy (device->device, results, out, n_out * sizeof (float), &error));
          test_device_get (device, time == 0 ? got : again, results, n_out * sizeof (float));
        }

      if (n_threads == 0)
        memcpy (want, got, n_out * sizeof (float));
      rig_compare (what, got, want, n_out, TOLERANCE);
      g_assert_cmpmem (got, n_out * sizeof (float), again, n_out * sizeof (float));
      test_device_close (device);
    }
}

static float *
draw (int n)
{
  float *x = g_new (float, n);
  GRand *random = g_rand_new_with_seed (n);

  for (int i = 0; i < n; i++)
    x[i] = g_rand_double_range (random, -2, 2);
  g_rand_free (random);
  return x;
}

static const int sizes[] = { 1, 5, 17, 4099, 250007 };

/* Adam: weights, m and v lie one after the other. */

static void
run_adam (TestDevice *device, float *out, const float *in, int n)
{
  const RaqamPulse *p = test_device_put (device, &pulse, sizeof pulse);

  TEST_TRY (device->backend->adam (device->device, out, out + n, out + 2 * n, in, n, &p->rate[1],
                                   0.5f, 0.99f, 1e-3f, &error));
}

static void
test_adam (void)
{
  for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      g_autofree float *in = draw (3 * sizes[s]);

      for (int i = 2 * sizes[s]; i < 3 * sizes[s]; i++)
        in[i] *= in[i];
      check_operation (run_adam, in, sizes[s], 3 * sizes[s]);
    }
}

static void
run_average (TestDevice *device, float *out, const float *in, int n)
{
  const RaqamPulse *p = test_device_put (device, &pulse, sizeof pulse);

  TEST_TRY (device->backend->average (device->device, out, in + n, n, &p->ema_decay, &error));
}

static void
test_average (void)
{
  for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      g_autofree float *in = draw (3 * sizes[s]);

      check_operation (run_average, in, sizes[s], sizes[s]);
    }
}

static void
run_normal (TestDevice *device, float *out, const float *in, int n)
{
  const RaqamPulse *p = test_device_put (device, &pulse, sizeof pulse);

  TEST_TRY (device->backend->normal (device->device, out, n, 77, p, &error));
}

static void
test_normal (void)
{
  for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      g_autofree float *in = draw (3 * sizes[s]);

      check_operation (run_normal, in, sizes[s], sizes[s]);
    }
}

/* Binary cross-entropy: gradients, then the four results. */

static int n_first;

static void
run_bce (TestDevice *device, float *out, const float *in, int n)
{
  TEST_TRY (device->backend->bce (device->device, out, out + n, in, n, n_first, 0.9f, 0, &error));
}

static void
test_bce (void)
{
  static const int counts[] = { 4, 5, 33, 2048 };

  for (gsize s = 0; s < G_N_ELEMENTS (counts); s++)
    {
      int n = counts[s];
      g_autofree float *in = draw (3 * n);

      /* A sure discriminator: e to these powers is no float. */
      in[0] = 200;
      in[1] = -200;
      in[n - 1] = 120;

      for (int part = 0; part < 3; part++)
        {
          n_first = part * n / 2;
          check_operation (run_bce, in, n, n);
          check_operation (run_bce, in, n, n + 4);
        }
    }
}

static void
test_gather (void)
{
  enum
  {
    DATA = 23,
    SIZE = 49,
    BATCH = 13
  };
  guint8 data[DATA * SIZE], labels[DATA], got_labels[BATCH];
  guint32 order[DATA];
  float images[BATCH * SIZE];

  for (int i = 0; i < DATA; i++)
    {
      order[i] = (7 * i + 2) % DATA;
      labels[i] = i;
    }
  for (gsize i = 0; i < sizeof data; i++)
    data[i] = i * 31 % 256;

  for (int n_threads = 1; n_threads <= test_backend_max_threads (); n_threads++)
    {
      TestDevice *device = open_device (test_backend (), n_threads);
      float *on_device = test_device_new (device, sizeof images);
      guint8 *labels_on_device = test_device_new (device, BATCH);

      TEST_TRY (device->backend->gather (device->device, on_device, labels_on_device,
                                         test_device_put (device, data, sizeof data),
                                         test_device_put (device, labels, sizeof labels),
                                         test_device_put (device, order, sizeof order), BATCH, SIZE,
                                         test_device_put (device, &pulse, sizeof pulse), &error));
      test_device_get (device, images, on_device, sizeof images);
      test_device_get (device, got_labels, labels_on_device, BATCH);

      for (guint32 i = 0; i < BATCH; i++)
        {
          guint32 which = (7 * (i + 3) + 2) % DATA; /* the pulse's position is 3 */

          g_assert_cmpuint (got_labels[i], ==, which);
          for (int k = 0; k < SIZE; k++)
            g_assert_cmpfloat_with_epsilon (images[i * SIZE + k], data[which * SIZE + k] / 255.0,
                                            1e-7);
        }
      test_device_close (device);
    }
}

/* Training that has diverged must show. */
static void
test_nan (void)
{
  const int n = 37;
  g_autofree float *in = draw (3 * n), *out = g_new (float, 3 * n);
  TestDevice *device = open_device (test_backend (), 2);
  float *on_device, *results;

  in[20] = NAN;
  in[2 * n + 20] = 1;
  on_device = test_device_put (device, in, 3 * n * sizeof (float));

  results = test_device_new (device, 3 * n * sizeof (float));
  n_first = 30;
  run_bce (device, results, on_device, n);
  test_device_get (device, out, results, 3 * n * sizeof (float));
  g_assert_true (isnan (out[20]));
  g_assert_true (isnan (out[n]));
  g_assert_false (isnan (out[n + 1]));
  g_assert_true (isnan (out[n + 2]));

  results = test_device_new (device, 3 * n * sizeof (float));
  run_adam (device, results, on_device, n);
  test_device_get (device, out, results, 3 * n * sizeof (float));
  for (int i = 0; i < n; i++)
    g_assert_true (isnan (out[i]) == (i == 20));

  results = test_device_put (device, in, 3 * n * sizeof (float));
  run_average (device, results, on_device, n);
  test_device_get (device, out, results, n * sizeof (float));
  for (int i = 0; i < n; i++)
    g_assert_true (isnan (out[i]) == (i == 20));

  test_device_close (device);
}

static void
test_memory (void)
{
  TestDevice *device = open_device (test_backend (), 1);
  const RaqamBackend *backend = device->backend;
  g_autoptr (GError) refusal = NULL;
  guint8 bytes[1000], got[1000];
  guint8 *memory = test_device_new (device, sizeof bytes);

  g_assert_cmpuint (backend->abi, ==, RAQAM_BACKEND_ABI);
  g_assert_cmpuint (strlen (backend->device_describe (device->device)), >, 0);
  g_assert_cmpuint (GPOINTER_TO_SIZE (memory) % 64, ==, 0);

  test_device_get (device, got, memory, sizeof got);
  for (gsize i = 0; i < sizeof got; i++)
    g_assert_cmpuint (got[i], ==, 0);

  for (gsize i = 0; i < sizeof bytes; i++)
    bytes[i] = i * 7 % 251;
  test_device_set (device, memory, bytes, sizeof bytes);
  TEST_TRY (backend->copy (device->device, memory + 600, memory + 100, 300, &error));
  test_device_get (device, got, memory, sizeof got);
  memmove (bytes + 600, bytes + 100, 300);
  g_assert_cmpmem (got, sizeof got, bytes, sizeof bytes);

  backend->free (device->device, NULL);
  g_assert_null (backend->alloc (device->device, G_MAXSSIZE / 2, &refusal));
  g_assert_error (refusal, RAQAM_ERROR, RAQAM_ERROR_MEMORY);

  test_device_close (device);
}

int
main (int argc, char *argv[])
{
  if (!test_backend_is_here ())
    return 0;
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/backend-ops/adam", test_adam);
  g_test_add_func ("/backend-ops/average", test_average);
  g_test_add_func ("/backend-ops/normal", test_normal);
  g_test_add_func ("/backend-ops/bce", test_bce);
  g_test_add_func ("/backend-ops/gather", test_gather);
  g_test_add_func ("/backend-ops/nan", test_nan);
  g_test_add_func ("/backend-ops/memory", test_memory);

  return g_test_run ();
}
