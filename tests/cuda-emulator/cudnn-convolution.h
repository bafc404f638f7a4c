/* cudnn-convolution.h — the convolutions of the emulated cuDNN.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <cudnn.h>

#include <cstddef>
#include <cstdint>

enum CudnnPass
{
  CUDNN_PASS_FORWARD,
  CUDNN_PASS_BACKWARD_DATA,
  CUDNN_PASS_BACKWARD_FILTER,
};

/* How an engine sees the factors. */
enum CudnnRounding
{
  CUDNN_ROUNDING_NONE,
  CUDNN_ROUNDING_TF32, /* 10 bits of fraction, to nearest */
  CUDNN_ROUNDING_BF16,
};

/* N, H, W, C in memory: of weights K, R, S, C. */
struct CudnnTensor
{
  int64_t         name;
  int64_t         alignment;
  cudnnDataType_t type; /* FLOAT or BFLOAT16 */
  int64_t         n, h, w, c;
  void           *data;

  size_t count () const { return static_cast<size_t> (n) * h * w * c; }
  size_t size () const { return count () * (type == CUDNN_DATA_FLOAT ? 4 : 2); }
};

/* All that an execution needs. */
struct CudnnRun
{
  CudnnPass     pass;
  CudnnTensor   x, y, w;
  int64_t       stride;
  int64_t       pad_h, pad_w; /* above, left */
  int64_t       engine;
  CudnnRounding rounding;
  void         *workspace;
  int64_t       workspace_size;
};

/* Of x, y and w, the one that is written. */
const CudnnTensor &cudnn_result (const CudnnRun &run);

/* Writes it from the other two, in plain loops. Channels are multiples of 8. */
void cudnn_convolve (const CudnnRun &run);
