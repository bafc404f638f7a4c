/* dnnl.c — oneDNN as a library: its engine, its failures, its matrix product.
 * SPDX-License-Identifier: MIT */

#include "cpu/dnnl.h"

#include <stdlib.h>

#include <glib/gi18n-lib.h>
#include <oneapi/dnnl/dnnl.h>

static const char *
status_words (int status)
{
  switch (status)
    {
    case dnnl_out_of_memory:
      return _("not enough memory");
    case dnnl_unimplemented:
      return _("not implemented for this processor");
    case dnnl_invalid_arguments:
      return _("invalid arguments");
    default:
      return _("it failed while running");
    }
}

gboolean
raqam_dnnl_check (int status, const char *what, GError **error)
{
  if (status == dnnl_success)
    return TRUE;

  g_set_error (error, RAQAM_ERROR,
               status == dnnl_out_of_memory ? RAQAM_ERROR_MEMORY : RAQAM_ERROR_DEVICE,
               _("oneDNN could not do this on the CPU: %s: %s (status %d)."), what,
               status_words (status), status);
  return FALSE;
}

gboolean
raqam_dnnl_has_bf16 (void)
{
  /* The values are bit sets, each instruction set's holding those it contains. */
  return (dnnl_get_effective_cpu_isa () & dnnl_cpu_isa_avx512_core_bf16)
         == dnnl_cpu_isa_avx512_core_bf16;
}

char *
raqam_dnnl_version (void)
{
  const dnnl_version_t *version = dnnl_version ();

  return g_strdup_printf ("%d.%d.%d", version->major, version->minor, version->patch);
}

gboolean
raqam_dnnl_open (RaqamDevice *device, GError **error)
{
  int n_workers = raqam_pool_n_workers (device->pool);

  device->streams = g_new0 (dnnl_stream_t, n_workers);
  device->scratchpads = g_new0 (gpointer, n_workers);
  if (!raqam_dnnl_check (dnnl_engine_create (&device->engine, dnnl_cpu, 0), "engine", error))
    return FALSE;

  for (int i = 0; i < n_workers; i++)
    {
      int status = dnnl_stream_create (&device->streams[i], device->engine,
                                       dnnl_stream_default_flags);

      if (!raqam_dnnl_check (status, "stream", error))
        return FALSE;
    }

  return TRUE;
}

void
raqam_dnnl_close (RaqamDevice *device)
{
  int n_workers = device->pool != NULL ? raqam_pool_n_workers (device->pool) : 0;

  for (int i = 0; device->streams != NULL && i < n_workers; i++)
    {
      if (device->streams[i] != NULL)
        dnnl_stream_destroy (device->streams[i]);
      free (device->scratchpads[i]);
    }
  if (device->engine != NULL)
    dnnl_engine_destroy (device->engine);
  g_free (device->streams);
  g_free (device->scratchpads);
}

gboolean
raqam_dnnl_reserve_scratchpads (RaqamDevice *device, gsize size, GError **error)
{
  if (size <= device->scratchpad_size)
    return TRUE;

  for (int i = 0; i < raqam_pool_n_workers (device->pool); i++)
    {
      gpointer larger = raqam_cpu_alloc (size, error);

      if (larger == NULL)
        return FALSE;
      free (device->scratchpads[i]);
      device->scratchpads[i] = larger;
    }
  device->scratchpad_size = size;

  return TRUE;
}

int
raqam_sgemm (gboolean trans_a, gboolean trans_b, gsize m, gsize n, gsize k, const float *a,
             gsize lda, const float *b, gsize ldb, float beta, float *c, gsize ldc)
{
  return dnnl_sgemm (trans_a ? 'T' : 'N', trans_b ? 'T' : 'N', m, n, k, 1.0f, a, lda, b, ldb, beta,
                     c, ldc);
}
