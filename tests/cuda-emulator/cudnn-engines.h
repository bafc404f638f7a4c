/* cudnn-engines.h — the engines of the emulated cuDNN.
 * SPDX-License-Identifier: MIT
 *
 * Each is in the list for something that src/cuda has to cope with: one that is
 * plain, several that may not be used, several that turn out not to work.
 */

#pragma once

#include "cudnn-convolution.h"
#include "cudnn-descriptor.h"

enum
{
  CUDNN_ENGINE_PLAIN,            /* exact; no float weights' gradient of bf16 */
  CUDNN_ENGINE_TENSOR_CORE,      /* TF32 of float; has a knob; wants a workspace */
  CUDNN_ENGINE_NONDETERMINISTIC, /* and shows it */
  CUDNN_ENGINE_DOWN_CONVERT,     /* float rounded to bf16 */
  CUDNN_ENGINE_NO_PLAN,          /* is proposed, and then cannot be finalised */
  CUDNN_ENGINE_HUGE,             /* wants 2 GiB of workspace */
  CUDNN_ENGINE_NOT_RECORDABLE,   /* runs, but not in a graph */
  CUDNN_ENGINE_BROKEN,           /* does not run */
  CUDNN_ENGINE_HOPPER,           /* float weights' gradient of bf16, from capability 9.0 */
  CUDNN_N_ENGINES
};

/* What a finalised operation asks for: all but pointers, engine and workspace. */
CudnnRun cudnn_run_of_operation (const CudnnDescriptor &operation);
/* The same of a finalised plan, with its engine. */
CudnnRun cudnn_run_of           (const CudnnDescriptor &plan);

/* The notes of @engine; NOT_SUPPORTED where it cannot do @operation. */
cudnnStatus_t cudnn_engine_notes (std::vector<cudnnBackendNumericalNote_t> &notes,
                                  int64_t engine, const CudnnDescriptor &operation);

/* Whether @config's knobs are @engine's, each once and in its range. */
bool cudnn_engine_has_knobs (int64_t engine, const CudnnDescriptor &config);

/* Bytes; less than 0 where no plan can be made. */
int64_t cudnn_engine_workspace (int64_t engine, const CudnnDescriptor &config);

/* The engine configurations that a heuristic proposes for @graph. */
std::vector<CudnnPointer> cudnn_engine_propose (const CudnnPointer &graph,
                                                cudnnBackendHeurMode_t mode);

/* Puts @run on @stream. */
cudnnStatus_t cudnn_engine_start (const CudnnRun &run, cudaStream_t stream);
