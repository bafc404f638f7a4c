/* memory.c — a GPU's memory, and the way to it and back.
 * SPDX-License-Identifier: MIT */

#include "cuda/memory.h"

#include "cuda/gpu.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* Bytes of each of the three pinned buffers. A step uploads some dozens. */
#define ROOM 32768
#define LINE 64

/* Uploads fill one buffer and then the other; by the time they come back to the
 * first, the stream has hardly ever not read it. */
struct _RaqamStaging
{
  char       *pinned;  /* (3, ROOM): two for uploads, one for downloads */
  int         current; /* of the two */
  gsize       used;    /* of the current one */
  cudaEvent_t left[2]; /* when the stream has read all of it */
  cudaEvent_t reached; /* how far the stream has come, to wait for */
};

gpointer
raqam_cuda_alloc (RaqamDevice *device, gsize n_bytes, GError **error)
{
  gpointer memory = NULL;
  cudaError_t status = cudaMalloc (&memory, MAX (n_bytes, 1));

  if (status == cudaErrorMemoryAllocation)
    {
      gsize free = 0, total = 0;
      g_autofree char *asked_text = g_format_size_full (n_bytes, G_FORMAT_SIZE_IEC_UNITS);
      g_autofree char *free_text = NULL;

      cudaGetLastError ();
      if (cudaMemGetInfo (&free, &total) != cudaSuccess)
        free = 0;
      free_text = g_format_size_full (free, G_FORMAT_SIZE_IEC_UNITS);
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_MEMORY,
                   _("Not enough memory on the GPU: %s were asked for, and %s are free. A smaller "
                     "batch needs less."),
                   asked_text, free_text);
      return NULL;
    }

  if (!raqam_cuda_check (status, "taking memory", error))
    return NULL;
  if (raqam_cuda_check (cudaMemsetAsync (memory, 0, MAX (n_bytes, 1), device->stream),
                        "clearing memory", error))
    return memory;

  cudaFree (memory);
  return NULL;
}

/* A device that has failed refuses this too, and has said so before. */
void
raqam_cuda_free (RaqamDevice *device, gpointer memory)
{
  if (memory != NULL && cudaFree (memory) != cudaSuccess)
    cudaGetLastError ();
}

gboolean
raqam_cuda_reserve_workspace (RaqamDevice *device, gsize size, GError **error)
{
  gpointer larger;

  if (size <= device->workspace_size)
    return TRUE;

  larger = raqam_cuda_alloc (device, size, error);
  if (larger == NULL)
    return FALSE;

  if (device->workspace != NULL)
    g_ptr_array_add (device->outgrown, device->workspace);
  device->workspace = larger;
  device->workspace_size = size;

  return TRUE;
}

RaqamStaging *
raqam_cuda_staging_new (gboolean interactive, GError **error)
{
  RaqamStaging *self = g_new0 (RaqamStaging, 1);
  unsigned int how = cudaEventDisableTiming | (interactive ? 0 : cudaEventBlockingSync);
  const char *what = "opening the device";

  if (raqam_cuda_check (cudaMallocHost ((gpointer *) &self->pinned, 3 * ROOM), what, error)
      && raqam_cuda_check (cudaEventCreateWithFlags (&self->left[0], how), what, error)
      && raqam_cuda_check (cudaEventCreateWithFlags (&self->left[1], how), what, error)
      && raqam_cuda_check (cudaEventCreateWithFlags (&self->reached, how), what, error))
    return self;

  raqam_cuda_staging_free (self);
  return NULL;
}

void
raqam_cuda_staging_free (RaqamStaging *self)
{
  cudaEvent_t events[3];

  if (self == NULL)
    return;

  events[0] = self->left[0];
  events[1] = self->left[1];
  events[2] = self->reached;
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    if (events[i] != NULL)
      cudaEventDestroy (events[i]);
  if (self->pinned != NULL)
    cudaFreeHost (self->pinned);
  g_free (self);
}

/* As the events were made: asleep, or spinning. cudaStreamSynchronize() and copies of
 * memory that is not pinned may only spin. */
static gboolean
wait_for (RaqamDevice *device, GError **error)
{
  const char *what = "waiting for its work";

  return raqam_cuda_check (cudaEventRecord (device->staging->reached, device->stream), what, error)
         && raqam_cuda_check (cudaEventSynchronize (device->staging->reached), what, error);
}

/* Moves on to the other buffer where the current one has no room. */
static gboolean
make_room (RaqamDevice *device, gsize n_bytes, GError **error)
{
  RaqamStaging *staging = device->staging;
  const char *what = "copying to the GPU";

  if (staging->used + n_bytes <= ROOM)
    return TRUE;

  if (!raqam_cuda_check (cudaEventRecord (staging->left[staging->current], device->stream), what,
                         error))
    return FALSE;
  staging->current = 1 - staging->current;
  staging->used = 0;
  return raqam_cuda_check (cudaEventSynchronize (staging->left[staging->current]), what, error);
}

gboolean
raqam_cuda_upload (RaqamDevice *device, gpointer to, gconstpointer from, gsize n_bytes,
                   GError **error)
{
  RaqamStaging *staging = device->staging;
  const char *what = "copying to the GPU";
  char *pinned;

  if (n_bytes == 0)
    return TRUE;

  raqam_cuda_bind ();
  if (n_bytes > ROOM)
    return wait_for (device, error)
           && raqam_cuda_check (
             cudaMemcpyAsync (to, from, n_bytes, cudaMemcpyHostToDevice, device->stream), what,
             error)
           && raqam_cuda_check (cudaStreamSynchronize (device->stream), what, error);

  if (!make_room (device, n_bytes, error))
    return FALSE;
  pinned = staging->pinned + staging->current * ROOM + staging->used;
  staging->used += (n_bytes + LINE - 1) / LINE * LINE;
  memcpy (pinned, from, n_bytes);
  return raqam_cuda_check (
    cudaMemcpyAsync (to, pinned, n_bytes, cudaMemcpyHostToDevice, device->stream), what, error);
}

gboolean
raqam_cuda_download (RaqamDevice *device, gpointer to, gconstpointer from, gsize n_bytes,
                     GError **error)
{
  char *pinned = device->staging->pinned + 2 * ROOM;
  const char *what = "copying from the GPU";

  raqam_cuda_bind ();
  if (n_bytes > ROOM)
    return wait_for (device, error)
           && raqam_cuda_check (
             cudaMemcpyAsync (to, from, n_bytes, cudaMemcpyDeviceToHost, device->stream), what,
             error)
           && raqam_cuda_check (cudaStreamSynchronize (device->stream), what, error);

  if (n_bytes > 0
      && !raqam_cuda_check (
        cudaMemcpyAsync (pinned, from, n_bytes, cudaMemcpyDeviceToHost, device->stream), what,
        error))
    return FALSE;
  if (!wait_for (device, error))
    return FALSE;
  memcpy (to, pinned, n_bytes);
  return TRUE;
}

gboolean
raqam_cuda_copy (RaqamDevice *device, gpointer to, gconstpointer from, gsize n_bytes,
                 GError **error)
{
  if (n_bytes == 0)
    return TRUE;

  raqam_cuda_bind ();
  return raqam_cuda_check (
    cudaMemcpyAsync (to, from, n_bytes, cudaMemcpyDeviceToDevice, device->stream),
    "copying on the GPU", error);
}
