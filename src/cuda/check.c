/* check.c — what CUDA and cuDNN answer, as errors.
 * SPDX-License-Identifier: MIT */

#include "cuda/check.h"

#include "cuda/device.h"

#include <glib/gi18n-lib.h>

/* The message for memory that no size is known of: a library asked for it. */
static gboolean
fail_memory (const char *what, GError **error)
{
  gsize free = 0, total = 0;
  g_autofree char *free_text = NULL;

  if (cudaMemGetInfo (&free, &total) != cudaSuccess)
    free = 0;
  free_text = g_format_size_full (free, G_FORMAT_SIZE_IEC_UNITS);
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_MEMORY,
               _("Not enough memory on the GPU (%s; %s are free). A smaller batch needs less."),
               what, free_text);

  return FALSE;
}

static gboolean
fail_device (const char *what, const char *words, GError **error)
{
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
               _("The GPU failed (%s): %s. The last checkpoint is kept, and the CPU can go on "
                 "from it."),
               what, words);
  return FALSE;
}

char *
raqam_cuda_words (cudaError_t status)
{
  return g_strdup_printf ("%s, %s", cudaGetErrorString (status), cudaGetErrorName (status));
}

char *
raqam_cudnn_words (cudnnStatus_t status)
{
  char more[512] = "";

  cudnnGetLastErrorString (more, sizeof more);
  g_strstrip (more);
  return g_strdup_printf ("%s%s%s", cudnnGetErrorString (status), more[0] != '\0' ? ", " : "",
                          more);
}

gboolean
raqam_cuda_check (cudaError_t status, const char *what, GError **error)
{
  g_autofree char *words = NULL;

  if (status == cudaSuccess)
    return TRUE;

  /* Else the next check of launches would find it again. */
  cudaGetLastError ();
  if (status == cudaErrorMemoryAllocation)
    return fail_memory (what, error);

  words = raqam_cuda_words (status);
  return fail_device (what, words, error);
}

gboolean
raqam_cudnn_check (cudnnStatus_t status, const char *what, GError **error)
{
  g_autofree char *words = NULL;

  if (status == CUDNN_STATUS_SUCCESS)
    return TRUE;

  cudaGetLastError ();
  if (status == CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED
      || status == CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED)
    return fail_memory (what, error);

  words = raqam_cudnn_words (status);
  return fail_device (what, words, error);
}

gboolean
raqam_cuda_check_launches (const char *what, GError **error)
{
  return raqam_cuda_check (cudaGetLastError (), what, error);
}
