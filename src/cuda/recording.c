/* recording.c — calls of the table kept as a CUDA graph.
 * SPDX-License-Identifier: MIT */

#include "cuda/recording.h"

#include "cuda/device.h"
#include "cuda/gpu.h"

struct _RaqamRecording
{
  RaqamDevice    *device;
  cudaGraphExec_t graph;
};

/* The capture ends in any case; what @calls says of a failure comes before what it led to. */
static gboolean
capture (RaqamDevice *device, cudaGraph_t *graph, RaqamCalls calls, gpointer data, GError **error)
{
  const char *what = "recording a step";
  cudaError_t status;
  gboolean done;

  if (!raqam_cuda_check (cudaStreamBeginCapture (device->stream, cudaStreamCaptureModeThreadLocal),
                         what, error))
    return FALSE;

  done = calls (data, error);
  status = cudaStreamEndCapture (device->stream, graph);
  if (done)
    return raqam_cuda_check (status, what, error);

  if (status != cudaSuccess)
    cudaGetLastError ();
  return FALSE;
}

gboolean
raqam_cuda_record (RaqamDevice *device, RaqamRecording **recording, RaqamCalls calls, gpointer data,
                   GError **error)
{
  RaqamRecording *self = g_new0 (RaqamRecording, 1);
  const char *what = "recording a step";
  cudaGraph_t graph = NULL;
  gboolean done;

  raqam_cuda_bind ();
  self->device = device;
  done = capture (device, &graph, calls, data, error)
         && raqam_cuda_check (cudaGraphInstantiateWithFlags (&self->graph, graph, 0), what, error)
         && raqam_cuda_check (cudaGraphUpload (self->graph, device->stream), what, error);
  if (graph != NULL)
    cudaGraphDestroy (graph);

  if (!done)
    raqam_cuda_recording_free (g_steal_pointer (&self));
  *recording = self;

  return done;
}

gboolean
raqam_cuda_replay (RaqamRecording *self, GError **error)
{
  raqam_cuda_bind ();
  return raqam_cuda_check (cudaGraphLaunch (self->graph, self->device->stream), "a recorded step",
                           error);
}

void
raqam_cuda_recording_free (RaqamRecording *self)
{
  if (self == NULL)
    return;

  raqam_cuda_bind ();
  if (self->graph != NULL)
    {
      cudaStreamSynchronize (self->device->stream);
      cudaGraphExecDestroy (self->graph);
      cudaGetLastError ();
    }
  g_free (self);
}
