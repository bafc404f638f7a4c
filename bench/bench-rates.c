/* bench-rates.c — how fast a device copies and multiplies: what a floor is made of.
 * SPDX-License-Identifier: MIT
 *
 * Prints one line a measurement, "copy gb_s=…" and "product precision=… tflop_s=…".
 * Bytes are counted once read and once written. A product is a convolution of 1 × 1
 * over a few thousand channels, which is a product of matrices with an addition behind
 * it; no convolution of the networks is as favourable. */

#include "engine/device.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static char *device_name = (char *) "cuda";
static int megabytes = 1024, channels = 8192;

static const GOptionEntry options[] = {
  { "device", 'd', 0, G_OPTION_ARG_STRING, &device_name, "cuda, unless cpu is said", "NAME" },
  { "megabytes", 'm', 0, G_OPTION_ARG_INT, &megabytes, "Size of what is copied, 1024 unless said", "N" },
  { "channels", 'c', 0, G_OPTION_ARG_INT, &channels, "Length of the products, 8192 unless said", "N" },
  { NULL },
};

#define N_ROUNDS 10
#define SIDE 16 /* pixels each way of an image */

typedef struct
{
  const RaqamBackend *backend;
  RaqamDevice        *device;
  gpointer            memory[3];
} Place;

static double
seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) now.tv_sec + (double) now.tv_nsec * 1e-9;
}

static void
place_clear (Place *self)
{
  for (guint i = 0; self->device != NULL && i < G_N_ELEMENTS (self->memory); i++)
    self->backend->free (self->device, self->memory[i]);
  if (self->device != NULL)
    self->backend->device_close (self->device);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

static gboolean
place_init (Place *self, RaqamPrecision precision, GError **error)
{
  RaqamDeviceOptions device_options = { .precision = precision };

  self->device = raqam_device_open (&self->backend, device_name, &device_options, NULL, error);
  return self->device != NULL;
}

static gboolean
allocate (Place *self, int which, gsize n_bytes, GError **error)
{
  self->memory[which] = self->backend->alloc (self->device, n_bytes, error);
  return self->memory[which] != NULL;
}

/* Until all that was asked is done. */
static gboolean
settle (Place *self, GError **error)
{
  char byte;

  return self->backend->download (self->device, &byte, self->memory[1], 1, error);
}

static gboolean
bench_copy (GError **error)
{
  g_auto (Place) place = { NULL };
  gsize size = (gsize) megabytes * 1000 * 1000;
  double start = 0;

  if (!place_init (&place, RAQAM_PRECISION_AUTO, error) || !allocate (&place, 0, size, error)
      || !allocate (&place, 1, size, error))
    return FALSE;

  for (int i = -1; i < N_ROUNDS; i++)
    {
      if (i == 0)
        {
          if (!settle (&place, error))
            return FALSE;
          start = seconds ();
        }
      if (!place.backend->copy (place.device, place.memory[1], place.memory[0], size, error))
        return FALSE;
    }
  if (!settle (&place, error))
    return FALSE;

  printf ("copy gb_s=%.1f\n", 2.0 * (double) size * N_ROUNDS / (seconds () - start) * 1e-9);
  return TRUE;
}

static RaqamBlockSpec
product_spec (void)
{
  return (RaqamBlockSpec) {
    .kind = RAQAM_BLOCK_CONV,
    .in_h = SIDE, .in_w = SIDE, .in_c = channels,
    .out_h = SIDE, .out_w = SIDE, .out_c = channels / 2,
    .kernel = 1, .stride = 1, .n_classes = 2,
    .inner_in = TRUE, .inner_out = TRUE,
    .layout = { .weight = 0, .bias = -1, .scale = -1, .shift = -1, .embedding = -1, .mean = -1,
                .variance = -1, .u = -1, .embedding_u = -1 },
  };
}

static gboolean
run_product (double *taken, Place *place, RaqamBlock *block, GError **error)
{
  RaqamForward how = { .mode = RAQAM_MODE_INFER };
  double start = 0;

  if (!place->backend->block_prepare (block, place->memory[2], NULL, FALSE, error))
    return FALSE;
  for (int i = -2; i < N_ROUNDS; i++)
    {
      if (i == 0)
        {
          if (!settle (place, error))
            return FALSE;
          start = seconds ();
        }
      if (!place->backend->block_forward (block, place->memory[1], place->memory[0], NULL, &how, error))
        return FALSE;
    }
  if (!settle (place, error))
    return FALSE;

  *taken = (seconds () - start) / N_ROUNDS;
  return TRUE;
}

static gboolean
bench_product (RaqamPrecision precision, const char *name, GError **error)
{
  g_auto (Place) place = { NULL };
  RaqamBlockSpec spec = product_spec ();
  int batch = MAX (1, channels / SIDE / SIDE);
  gsize n_weights = (gsize) spec.out_c * spec.in_c;
  RaqamBlock *block;
  double taken = 0;
  gboolean done;

  if (!place_init (&place, precision, error)
      || !allocate (&place, 0, batch * place.backend->edge_size (place.device, SIDE, SIDE, spec.in_c), error)
      || !allocate (&place, 1, batch * place.backend->edge_size (place.device, SIDE, SIDE, spec.out_c), error)
      || !allocate (&place, 2, sizeof (float) * n_weights, error))
    return FALSE;

  block = place.backend->block_new (place.device, &spec, batch, FALSE, error);
  done = block != NULL && run_product (&taken, &place, block, error);
  if (block != NULL)
    place.backend->block_free (block);
  if (done)
    printf ("product precision=%s tflop_s=%.4g\n", name,
            2.0 * batch * SIDE * SIDE * (double) n_weights / taken * 1e-12);
  return done;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("— times copies and products");
  g_autoptr (GError) error = NULL;
  const struct
  {
    RaqamPrecision precision;
    const char    *name;
  } products[] = {
    { RAQAM_PRECISION_F32, "f32" },
    { RAQAM_PRECISION_TF32, "tf32" },
    { RAQAM_PRECISION_BF16, "bf16" },
  };

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      fprintf (stderr, "%s\n", error->message);
      return 2;
    }
  if (!bench_copy (&error))
    {
      fprintf (stderr, "%s\n", error->message);
      return 1;
    }

  /* A precision that the device has not is no failure. */
  for (guint i = 0; i < G_N_ELEMENTS (products); i++)
    if (!bench_product (products[i].precision, products[i].name, &error))
      {
        printf ("product precision=%s none: %s\n", products[i].name, error->message);
        g_clear_error (&error);
      }
  return 0;
}
