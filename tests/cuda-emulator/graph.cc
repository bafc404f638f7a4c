/* graph.cc — what a stream was asked while it captured, kept and asked again.
 * SPDX-License-Identifier: MIT */

#include "stream-private.h"

struct CUgraph_st
{
  std::vector<Work> works;
};

struct CUgraphExec_st
{
  std::vector<Work> works;
};

cudaError_t
cudaStreamBeginCapture (cudaStream_t stream, cudaStreamCaptureMode mode)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = raqam_gpu_ready ();

  if (status != cudaSuccess)
    return status;
  if (gpu.streams.count (stream) == 0)
    return raqam_gpu_status (cudaErrorStreamCaptureUnsupported);
  if (stream->captures)
    return raqam_gpu_status (cudaErrorIllegalState);

  stream->captures = true;
  stream->spoilt = false;
  stream->mode = mode;
  stream->thread = std::this_thread::get_id ();
  stream->captured.clear ();
  return cudaSuccess;
}

cudaError_t
cudaStreamIsCapturing (cudaStream_t stream, cudaStreamCaptureStatus *status)
{
  std::lock_guard lock (raqam_gpu ().mutex);
  CUstream_st *found = raqam_stream_find (stream);

  if (found == nullptr)
    return raqam_gpu_status (cudaErrorInvalidResourceHandle);
  *status = !found->captures ? cudaStreamCaptureStatusNone
            : found->spoilt  ? cudaStreamCaptureStatusInvalidated
                             : cudaStreamCaptureStatusActive;
  return raqam_gpu_ready ();
}

cudaError_t
cudaStreamEndCapture (cudaStream_t stream, cudaGraph_t *graph)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = raqam_gpu_ready ();
  bool spoilt;

  *graph = nullptr;
  if (gpu.streams.count (stream) == 0 || !stream->captures)
    return raqam_gpu_status (cudaErrorIllegalState);
  if (stream->mode != cudaStreamCaptureModeRelaxed
      && stream->thread != std::this_thread::get_id ())
    return raqam_gpu_status (cudaErrorStreamCaptureWrongThread);

  spoilt = stream->spoilt;
  stream->captures = stream->spoilt = false;
  if (status != cudaSuccess)
    return status;
  if (spoilt)
    return raqam_gpu_status (cudaErrorStreamCaptureInvalidated);

  *graph = new CUgraph_st { std::move (stream->captured) };
  stream->captured.clear ();
  gpu.counts.objects++;
  return cudaSuccess;
}

cudaError_t
cudaGraphDestroy (cudaGraph_t graph)
{
  std::lock_guard lock (raqam_gpu ().mutex);

  if (graph == nullptr)
    return raqam_gpu_status (cudaErrorInvalidValue);
  raqam_gpu ().counts.objects--;
  delete graph;
  return raqam_gpu_ready ();
}

cudaError_t
cudaGraphInstantiate (cudaGraphExec_t *exec, cudaGraph_t graph, unsigned long long flags)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = raqam_gpu_ready ();

  (void) flags;
  *exec = nullptr;
  if (status == cudaSuccess)
    status = raqam_stream_refuse_in_capture ("cudaGraphInstantiate");
  if (status != cudaSuccess)
    return status;
  if (graph == nullptr)
    return raqam_gpu_status (cudaErrorInvalidValue);

  *exec = new CUgraphExec_st { graph->works };
  gpu.counts.objects++;
  return cudaSuccess;
}

cudaError_t
cudaGraphInstantiateWithFlags (cudaGraphExec_t *exec, cudaGraph_t graph, unsigned long long flags)
{
  return cudaGraphInstantiate (exec, graph, flags);
}

cudaError_t
cudaGraphExecDestroy (cudaGraphExec_t exec)
{
  std::lock_guard lock (raqam_gpu ().mutex);

  if (exec == nullptr)
    return raqam_gpu_status (cudaErrorInvalidValue);
  raqam_gpu ().counts.objects--;
  delete exec;
  return raqam_gpu_ready ();
}

cudaError_t
cudaGraphUpload (cudaGraphExec_t exec, cudaStream_t stream)
{
  return exec == nullptr || raqam_stream_find (stream) == nullptr ? raqam_gpu_status (cudaErrorInvalidValue)
                                                     : raqam_gpu_ready ();
}

cudaError_t
cudaGraphLaunch (cudaGraphExec_t exec, cudaStream_t stream)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = raqam_gpu_ready ();

  if (exec == nullptr)
    return raqam_gpu_status (cudaErrorInvalidValue);

  gpu.counts.launches++;
  for (const Work &work : exec->works)
    if (status == cudaSuccess)
      status = raqam_stream_enqueue (stream, work.kind, work.what, work.run);
  return status;
}
