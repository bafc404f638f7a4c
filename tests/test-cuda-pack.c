/* test-cuda-pack.c — weights from PyTorch's layout to that of plans, and back.
 * SPDX-License-Identifier: MIT */

#include "cuda-rig.h"

#include "cuda/kernels-pack.h"
#include "cuda/pack.h"

typedef struct
{
  const char  *path;
  RaqamPacking packing;
} PackCase;

static const PackCase cases[] = {
  { "/cuda-pack/conv", { .rows = 5, .group = 5, .in_c = 3, .kernel = 3, .pitch = 27 } },
  { "/cuda-pack/conv-and-labels", { .rows = 6, .group = 6, .in_c = 2, .kernel = 4, .pitch = 192 } },
  { "/cuda-pack/conv-in-eights", { .rows = 16, .group = 16, .in_c = 8, .kernel = 2, .pitch = 32 } },
  { "/cuda-pack/one", { .rows = 1, .group = 1, .in_c = 1, .kernel = 7, .pitch = 49 } },
  { "/cuda-pack/dense", { .rows = 49 * 11, .group = 11, .in_c = 10, .kernel = 1, .pitch = 20 } },
  { "/cuda-pack/dense-plain", { .rows = 21, .group = 21, .in_c = 9, .kernel = 1, .pitch = 9 } },
};

/* Where plain value (row, c, tap) lies among the packed ones. */
static gsize
packed_index (const RaqamPacking *packing, int row, int c, int tap)
{
  int taps = packing->kernel * packing->kernel;
  gsize padded_row = (gsize) (row / packing->group) * raqam_cuda_padded (packing->group)
                     + row % packing->group;

  return (padded_row * taps + tap) * raqam_cuda_padded (packing->in_c) + c;
}

/* Calls @visit for each value that counts. */
static void
each_value (const RaqamPacking *packing,
            void (*visit) (gsize plain, gsize packed, gpointer data), gpointer data)
{
  int taps = packing->kernel * packing->kernel;

  for (int row = 0; row < packing->rows; row++)
    for (int c = 0; c < packing->in_c; c++)
      for (int tap = 0; tap < taps; tap++)
        visit (row * packing->pitch + c * taps + tap, packed_index (packing, row, c, tap), data);
}

typedef struct
{
  float *to;
  float *from;
  float  divisor;
  gboolean bf16;
} Copying;

static void
pack_one (gsize plain, gsize packed, gpointer data)
{
  Copying *copying = data;
  float value = copying->from[plain] / copying->divisor;

  copying->to[packed] = copying->bf16 ? cuda_rig_to_bf16 (value) : value;
}

static void
unpack_one (gsize plain, gsize packed, gpointer data)
{
  Copying *copying = data;

  copying->to[plain] = copying->from[packed];
}

static void
check_pack (RaqamDevice *device, const RaqamPacking *packing, const float *sigma)
{
  gboolean bf16 = device->precision == RAQAM_PRECISION_BF16;
  gsize n_plain = packing->rows * packing->pitch, n_packed = raqam_cuda_packed_size (packing);
  g_autofree float *plain = cuda_rig_random (n_plain, 1);
  g_autofree float *junk = cuda_rig_random (n_packed, 2);
  g_autofree float *want = g_new0 (float, n_packed);
  Copying copying = { want, plain, sigma != NULL ? *sigma : 1.0f, bf16 };
  gpointer plain_there = cuda_rig_put (device, plain, n_plain, FALSE);
  gpointer packed_there = cuda_rig_put (device, junk, n_packed, bf16);
  gpointer sigma_there = sigma != NULL ? cuda_rig_put (device, sigma, 1, FALSE) : NULL;
  g_autofree float *got = NULL;
  g_autoptr (GError) error = NULL;

  raqam_cuda_pack (device, packed_there, plain_there, sigma_there, packing, &error);
  g_assert_no_error (error);
  got = cuda_rig_get (device, packed_there, n_packed, bf16);
  each_value (packing, pack_one, &copying);
  g_assert_cmpmem (got, n_packed * sizeof (float), want, n_packed * sizeof (float));

  raqam_cuda_free (device, plain_there);
  raqam_cuda_free (device, packed_there);
  raqam_cuda_free (device, sigma_there);
}

static void
check_unpack (RaqamDevice *device, const RaqamPacking *packing)
{
  gsize n_plain = packing->rows * packing->pitch, n_packed = raqam_cuda_packed_size (packing);
  g_autofree float *packed = cuda_rig_random (n_packed, 3);
  g_autofree float *want = cuda_rig_random (n_plain, 4);
  Copying copying = { want, packed, 1.0f, FALSE };
  gpointer packed_there = cuda_rig_put (device, packed, n_packed, FALSE);
  gpointer plain_there = cuda_rig_put (device, want, n_plain, FALSE);
  g_autofree float *got = NULL;
  g_autoptr (GError) error = NULL;

  raqam_cuda_unpack (device, plain_there, packed_there, packing, &error);
  g_assert_no_error (error);
  got = cuda_rig_get (device, plain_there, n_plain, FALSE);
  each_value (packing, unpack_one, &copying);
  g_assert_cmpmem (got, n_plain * sizeof (float), want, n_plain * sizeof (float));

  raqam_cuda_free (device, plain_there);
  raqam_cuda_free (device, packed_there);
}

static void
test_case (gconstpointer data)
{
  const RaqamPacking *packing = &((const PackCase *) data)->packing;
  const RaqamPrecision precisions[] = { RAQAM_PRECISION_F32, RAQAM_PRECISION_BF16 };
  const float sigma = 1.7f;

  for (guint i = 0; i < G_N_ELEMENTS (precisions); i++)
    {
      RaqamDevice *device = cuda_rig_new (precisions[i], 80);

      check_pack (device, packing, NULL);
      check_pack (device, packing, &sigma);
      check_unpack (device, packing);
      cuda_rig_free (device);
    }
}

static void
test_widen (void)
{
  RaqamDevice *device = cuda_rig_new (RAQAM_PRECISION_BF16, 80);
  g_autofree float *values = cuda_rig_random (1001, 5);
  gpointer from = cuda_rig_put (device, values, 1001, TRUE);
  gpointer to = cuda_rig_put (device, values, 1001, FALSE);
  g_autofree float *got = NULL;

  raqam_cuda_launch_widen (to, from, 1000, device->stream);
  got = cuda_rig_get (device, to, 1001, FALSE);
  for (int i = 0; i < 1000; i++)
    g_assert_cmpfloat (got[i], ==, cuda_rig_to_bf16 (values[i]));
  g_assert_cmpfloat (got[1000], ==, values[1000]);

  raqam_cuda_free (device, from);
  raqam_cuda_free (device, to);
  cuda_rig_free (device);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, &cases[i], test_case);
  g_test_add_func ("/cuda-pack/widen", test_widen);

  return g_test_run ();
}
