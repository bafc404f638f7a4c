/* stream.cc — streams, and the work that waits in them.
 * SPDX-License-Identifier: MIT
 *
 * Work waits in its stream until somebody waits for it, the latest that CUDA
 * allows: who reads a result too early, or frees what is still read, is found out.
 */

#include "stream-private.h"

/* Streams run by themselves from here on, that a long run needs no more memory. */
#define MOST_WAITING 4096

static CUstream_st *
legacy (void)
{
  static CUstream_st *stream = new CUstream_st ();

  return stream;
}

CUstream_st *
raqam_stream_find (cudaStream_t stream)
{
  if (stream == nullptr || stream == cudaStreamLegacy)
    return legacy ();
  return raqam_gpu ().streams.count (stream) > 0 ? stream : nullptr;
}

static void
run (const Work &work)
{
  if (work.kind == RAQAM_WORK_COMPUTE ? raqam_gpu_begin_work ()
                                      : raqam_gpu ().broken == cudaSuccess)
    work.run ();
}

static void
drain_one (CUstream_st *stream)
{
  while (!stream->waiting.empty ())
    {
      Work work = std::move (stream->waiting.front ());

      stream->waiting.pop_front ();
      run (work);
    }
}

static void
drain_with_legacy (void)
{
  for (cudaStream_t stream : raqam_gpu ().streams)
    if (stream->with_legacy)
      drain_one (stream);
}

void
raqam_stream_drain (cudaStream_t stream)
{
  CUstream_st *found = raqam_stream_find (stream);

  if (found == legacy ())
    drain_with_legacy ();
  if (found != nullptr)
    drain_one (found);
}

void
raqam_stream_drain_all (void)
{
  for (cudaStream_t stream : raqam_gpu ().streams)
    drain_one (stream);
  drain_one (legacy ());
}

cudaError_t
raqam_stream_refuse_in_capture (const char *what)
{
  for (cudaStream_t stream : raqam_gpu ().streams)
    if (stream->captures && stream->mode != cudaStreamCaptureModeRelaxed
        && (stream->mode == cudaStreamCaptureModeGlobal
            || stream->thread == std::this_thread::get_id ()))
      {
        raqam_gpu_say ("%s while a stream captures", what);
        stream->spoilt = true;
        return raqam_gpu_status (cudaErrorStreamCaptureUnsupported);
      }

  return cudaSuccess;
}

static cudaError_t
spoil (CUstream_st *stream, const char *what)
{
  raqam_gpu_say ("%s on a stream that captures", what);
  stream->spoilt = true;
  return raqam_gpu_status (cudaErrorStreamCaptureUnsupported);
}

static cudaError_t
put (CUstream_st *stream, Work work)
{
  if (stream->spoilt)
    return raqam_gpu_status (cudaErrorStreamCaptureInvalidated);
  if (stream->captures)
    {
      if (work.kind == RAQAM_WORK_HOST)
        return spoil (stream, "a copy between host and GPU");
      stream->captured.push_back (std::move (work));
      return cudaSuccess;
    }

  if (stream == legacy ())
    drain_with_legacy ();
  else if (stream->with_legacy)
    drain_one (legacy ());

  stream->waiting.push_back (std::move (work));
  stream->polled = false;
  if (raqam_gpu ().settings.eager || stream->waiting.size () > MOST_WAITING)
    drain_one (stream);

  return raqam_gpu_status (raqam_gpu ().broken);
}

cudaError_t
raqam_stream_enqueue (cudaStream_t stream, RaqamWorkKind kind, const char *what,
                      std::function<void ()> work)
{
  std::lock_guard lock (raqam_gpu ().mutex);
  cudaError_t status = raqam_gpu_ready ();
  CUstream_st *found = raqam_stream_find (stream);

  if (status != cudaSuccess)
    return status;
  if (found == nullptr)
    return raqam_gpu_status (cudaErrorInvalidResourceHandle);
  return put (found, { kind, what, std::move (work) });
}

cudaError_t
raqam_emulator_enqueue (cudaStream_t stream, const char *what, std::function<void ()> work)
{
  return raqam_stream_enqueue (stream, RAQAM_WORK_COMPUTE, what, std::move (work));
}

/* Streams. */

cudaError_t
cudaStreamCreateWithPriority (cudaStream_t *stream, unsigned flags, int priority)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = raqam_gpu_ready ();

  (void) priority;
  *stream = nullptr;
  if (status != cudaSuccess)
    return status;

  *stream = new CUstream_st ();
  (*stream)->with_legacy = (flags & cudaStreamNonBlocking) == 0;
  gpu.streams.insert (*stream);
  gpu.counts.objects++;
  return cudaSuccess;
}

cudaError_t
cudaStreamCreateWithFlags (cudaStream_t *stream, unsigned flags)
{
  return cudaStreamCreateWithPriority (stream, flags, 0);
}

cudaError_t
cudaStreamCreate (cudaStream_t *stream)
{
  return cudaStreamCreateWithPriority (stream, cudaStreamDefault, 0);
}

cudaError_t
cudaDeviceGetStreamPriorityRange (int *least, int *greatest)
{
  *least = 0;
  *greatest = -5;
  return raqam_gpu_ready ();
}

cudaError_t
cudaStreamDestroy (cudaStream_t stream)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);

  if (gpu.streams.count (stream) == 0)
    return raqam_gpu_status (cudaErrorInvalidResourceHandle);

  drain_one (stream);
  gpu.streams.erase (stream);
  gpu.counts.objects--;
  delete stream;
  return raqam_gpu_ready ();
}

cudaError_t
cudaStreamSynchronize (cudaStream_t stream)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = raqam_gpu_ready ();
  CUstream_st *found = raqam_stream_find (stream);

  if (status != cudaSuccess)
    return status;
  if (found == nullptr)
    return raqam_gpu_status (cudaErrorInvalidResourceHandle);
  if (found->captures)
    return spoil (found, "cudaStreamSynchronize");

  gpu.counts.waits++;
  raqam_stream_drain (stream);
  return raqam_gpu_ready ();
}

cudaError_t
cudaStreamQuery (cudaStream_t stream)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = raqam_gpu_ready ();
  CUstream_st *found = raqam_stream_find (stream);

  if (status != cudaSuccess)
    return status;
  if (found == nullptr)
    return raqam_gpu_status (cudaErrorInvalidResourceHandle);
  if (found->captures)
    return spoil (found, "cudaStreamQuery");
  if (!found->waiting.empty () && !found->polled)
    {
      found->polled = true;
      return cudaErrorNotReady;
    }

  raqam_stream_drain (stream);
  return raqam_gpu_ready ();
}

cudaError_t
cudaDeviceSynchronize (void)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = raqam_gpu_ready ();

  if (status == cudaSuccess)
    status = raqam_stream_refuse_in_capture ("cudaDeviceSynchronize");
  if (status != cudaSuccess)
    return status;

  gpu.counts.waits++;
  raqam_stream_drain_all ();
  return raqam_gpu_ready ();
}
