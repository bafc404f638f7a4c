/* event.cc — moments in what streams do.
 * SPDX-License-Identifier: MIT */

#include "stream-private.h"

#include <chrono>
#include <memory>

/* A recorded moment: several events never share one. */
struct Moment
{
  bool         done;
  cudaStream_t stream;
  double       time; /* ms */
};

struct CUevent_st
{
  bool                    timed, polled, captured;
  std::shared_ptr<Moment> moment; /* of the last record */
};

cudaError_t
cudaEventCreateWithFlags (cudaEvent_t *event, unsigned flags)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = raqam_gpu_ready ();

  *event = nullptr;
  if (status != cudaSuccess)
    return status;

  *event = new CUevent_st ();
  (*event)->timed = (flags & cudaEventDisableTiming) == 0;
  gpu.counts.objects++;
  return cudaSuccess;
}

cudaError_t
cudaEventCreate (cudaEvent_t *event)
{
  return cudaEventCreateWithFlags (event, cudaEventDefault);
}

cudaError_t
cudaEventDestroy (cudaEvent_t event)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);

  if (event == nullptr)
    return raqam_gpu_status (cudaErrorInvalidResourceHandle);

  gpu.counts.objects--;
  delete event;
  return raqam_gpu_ready ();
}

cudaError_t
cudaEventRecord (cudaEvent_t event, cudaStream_t stream)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  auto moment = std::make_shared<Moment> (Moment { false, stream, 0 });
  CUstream_st *found = raqam_stream_find (stream);

  if (event == nullptr || found == nullptr)
    return raqam_gpu_status (cudaErrorInvalidResourceHandle);

  event->moment = moment;
  event->polled = false;
  event->captured = found->captures;
  return raqam_stream_enqueue (stream, RAQAM_WORK_COPY, "cudaEventRecord", [moment] {
    auto now = std::chrono::steady_clock::now ().time_since_epoch ();

    moment->time = std::chrono::duration<double, std::milli> (now).count ();
    moment->done = true;
  });
}

/* @status: what an event that was never recorded comes to */
static cudaError_t
look_at (cudaEvent_t event, const char *what, cudaError_t status)
{
  cudaError_t broken = raqam_gpu_ready ();

  if (broken != cudaSuccess)
    return broken;
  if (event == nullptr)
    return raqam_gpu_status (cudaErrorInvalidResourceHandle);
  if (event->captured)
    {
      raqam_gpu_say ("%s of an event that was captured", what);
      return raqam_gpu_status (cudaErrorCapturedEvent);
    }
  return event->moment == nullptr ? raqam_gpu_status (status) : cudaSuccess;
}

cudaError_t
cudaEventSynchronize (cudaEvent_t event)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  cudaError_t status = look_at (event, "cudaEventSynchronize", cudaSuccess);

  if (status != cudaSuccess || event->moment == nullptr)
    return status;

  gpu.counts.waits++;
  if (!event->moment->done)
    raqam_stream_drain (event->moment->stream);
  return raqam_gpu_ready ();
}

cudaError_t
cudaEventQuery (cudaEvent_t event)
{
  std::lock_guard lock (raqam_gpu ().mutex);
  cudaError_t status = look_at (event, "cudaEventQuery", cudaSuccess);

  if (status != cudaSuccess || event->moment == nullptr || event->moment->done)
    return status;
  if (!event->polled)
    {
      event->polled = true;
      return cudaErrorNotReady;
    }

  raqam_stream_drain (event->moment->stream);
  return raqam_gpu_ready ();
}

cudaError_t
cudaEventElapsedTime (float *ms, cudaEvent_t from, cudaEvent_t to)
{
  std::lock_guard lock (raqam_gpu ().mutex);
  cudaError_t status = look_at (from, "cudaEventElapsedTime", cudaErrorInvalidResourceHandle);

  if (status == cudaSuccess)
    status = look_at (to, "cudaEventElapsedTime", cudaErrorInvalidResourceHandle);
  if (status != cudaSuccess)
    return status;
  if (!from->timed || !to->timed)
    return raqam_gpu_status (cudaErrorInvalidResourceHandle);
  if (!from->moment->done || !to->moment->done)
    return cudaErrorNotReady;

  *ms = to->moment->time - from->moment->time;
  return cudaSuccess;
}

cudaError_t
cudaStreamWaitEvent (cudaStream_t stream, cudaEvent_t event, unsigned flags)
{
  std::lock_guard lock (raqam_gpu ().mutex);
  std::shared_ptr<Moment> moment;

  (void) flags;
  if (event == nullptr)
    return raqam_gpu_status (cudaErrorInvalidResourceHandle);
  moment = event->moment;
  if (moment == nullptr)
    return raqam_gpu_ready ();

  return raqam_stream_enqueue (stream, RAQAM_WORK_COPY, "cudaStreamWaitEvent", [moment] {
    if (!moment->done)
      raqam_stream_drain (moment->stream);
  });
}
