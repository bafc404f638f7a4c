/* stream-private.h — what a stream is, for stream.cc, event.cc and graph.cc.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "gpu.h"

#include <deque>
#include <thread>

struct Work
{
  RaqamWorkKind          kind;
  const char            *what;
  std::function<void ()> run;
};

struct CUstream_st
{
  bool             with_legacy; /* waits for the legacy stream, and it for this */
  std::deque<Work> waiting;
  bool             polled; /* the next query says that it is done */

  bool                  captures, spoilt;
  cudaStreamCaptureMode mode;
  std::thread::id       thread; /* that began the capture */
  std::vector<Work>     captured;
};

/* Returns: NULL for what is no stream */
CUstream_st *raqam_stream_find (cudaStream_t stream);
