/* cuda-rig.c — a GPU that pretends, for tests of src/cuda's parts.
 * SPDX-License-Identifier: MIT */

#include "cuda-rig.h"

#include "cuda-emulator/control.h"

#include <string.h>

static void
reset (int compute, guint64 fail_alloc)
{
  RaqamEmulatorSettings settings;

  raqam_emulator_settings (&settings);
  settings.compute = compute;
  settings.fail_alloc = fail_alloc;
  raqam_emulator_reset (&settings);
}

RaqamDevice *
cuda_rig_new (RaqamPrecision precision, int compute)
{
  RaqamDevice *device = g_new0 (RaqamDevice, 1);

  reset (compute, 0);
  device->compute = compute;
  device->n_sm = 2;
  device->precision = precision;
  device->key = g_strdup_printf ("a test, %d", compute);
  device->outgrown = g_ptr_array_new ();
  g_assert_cmpint (cudaStreamCreate (&device->stream), ==, cudaSuccess);
  g_assert_cmpint (cudnnCreate (&device->cudnn), ==, CUDNN_STATUS_SUCCESS);
  g_assert_cmpint (cudnnSetStream (device->cudnn, device->stream), ==, CUDNN_STATUS_SUCCESS);

  return device;
}

void
cuda_rig_free (RaqamDevice *device)
{
  raqam_cuda_free (device, device->workspace);
  for (guint i = 0; i < device->outgrown->len; i++)
    raqam_cuda_free (device, device->outgrown->pdata[i]);
  g_ptr_array_unref (device->outgrown);
  g_assert_cmpint (cudnnDestroy (device->cudnn), ==, CUDNN_STATUS_SUCCESS);
  g_assert_cmpint (cudaStreamDestroy (device->stream), ==, cudaSuccess);
  g_free (device->key);
  g_free (device);
}

guint64
cuda_rig_works (void)
{
  RaqamEmulatorCounts counts;

  raqam_emulator_counts (&counts);
  return counts.works;
}

void
cuda_rig_fail_alloc (int compute, guint64 nth)
{
  reset (compute, nth);
}

static guint16
bf16_bits (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  return (guint16) ((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static float
from_bf16_bits (guint16 half)
{
  guint32 bits = (guint32) half << 16;
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

float
cuda_rig_to_bf16 (float value)
{
  return from_bf16_bits (bf16_bits (value));
}

gpointer
cuda_rig_put (RaqamDevice *device, const float *values, gsize n, gboolean bf16)
{
  gsize size = n * (bf16 ? 2 : 4);
  gpointer memory = raqam_cuda_alloc (device, size, NULL);
  g_autofree guint16 *halves = bf16 ? g_new (guint16, n) : NULL;

  g_assert_nonnull (memory);
  for (gsize i = 0; bf16 && i < n; i++)
    halves[i] = bf16_bits (values[i]);
  g_assert_cmpint (cudaStreamSynchronize (device->stream), ==, cudaSuccess);
  g_assert_cmpint (cudaMemcpy (memory, bf16 ? (gconstpointer) halves : values, size,
                               cudaMemcpyHostToDevice),
                   ==, cudaSuccess);
  return memory;
}

float *
cuda_rig_get (RaqamDevice *device, gconstpointer memory, gsize n, gboolean bf16)
{
  float *values = g_new (float, n);
  g_autofree guint16 *halves = bf16 ? g_new (guint16, n) : NULL;

  g_assert_cmpint (cudaStreamSynchronize (device->stream), ==, cudaSuccess);
  g_assert_cmpint (cudaMemcpy (bf16 ? (gpointer) halves : values, memory, n * (bf16 ? 2 : 4),
                               cudaMemcpyDeviceToHost),
                   ==, cudaSuccess);
  for (gsize i = 0; bf16 && i < n; i++)
    values[i] = from_bf16_bits (halves[i]);
  return values;
}

float *
cuda_rig_random (gsize n, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    values[i] = (float) g_rand_double_range (random, -1.0, 1.0);
  return values;
}
