/* cudnn-engines.cc — the engines of the emulated cuDNN.
 * SPDX-License-Identifier: MIT */

#include "cudnn-engines.h"

#include "gpu.h"

#include <set>

namespace
{

constexpr int64_t TILES = 4; /* values of the tensor cores' knob */
constexpr int64_t HUGE_WORKSPACE = INT64_C (2) << 30;

struct Engine
{
  std::vector<cudnnBackendNumericalNote_t> notes;
  CudnnRounding                            rounding;
  int                                      compute; /* capability that it needs */
};

const Engine engines[CUDNN_N_ENGINES] = {
  /* PLAIN */ { { CUDNN_NUMERICAL_NOTE_STRICT_NAN_PROP }, CUDNN_ROUNDING_NONE, 0 },
  /* TENSOR_CORE */ { { CUDNN_NUMERICAL_NOTE_TENSOR_CORE }, CUDNN_ROUNDING_TF32, 80 },
  /* NONDETERMINISTIC */ { { CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC }, CUDNN_ROUNDING_NONE, 0 },
  /* DOWN_CONVERT */
  { { CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS, CUDNN_NUMERICAL_NOTE_TENSOR_CORE },
    CUDNN_ROUNDING_BF16, 80 },
  /* NO_PLAN */ { {}, CUDNN_ROUNDING_NONE, 0 },
  /* HUGE */ { {}, CUDNN_ROUNDING_NONE, 0 },
  /* NOT_RECORDABLE */ { {}, CUDNN_ROUNDING_NONE, 0 },
  /* BROKEN */ { {}, CUDNN_ROUNDING_NONE, 0 },
  /* HOPPER */ { { CUDNN_NUMERICAL_NOTE_TENSOR_CORE }, CUDNN_ROUNDING_TF32, 90 },
};

/* What each heuristic proposes: engine and knob, -1 for none. As cuDNN's, they
 * repeat one another and propose what is no good. */
struct Proposal
{
  cudnnBackendHeurMode_t mode;
  int64_t                engine;
  int64_t                tile;
};

const Proposal proposals[] = {
  { CUDNN_HEUR_MODE_A, CUDNN_ENGINE_NONDETERMINISTIC, -1 },
  { CUDNN_HEUR_MODE_A, CUDNN_ENGINE_DOWN_CONVERT, -1 },
  { CUDNN_HEUR_MODE_A, CUDNN_ENGINE_NO_PLAN, -1 },
  { CUDNN_HEUR_MODE_A, CUDNN_ENGINE_BROKEN, -1 },
  { CUDNN_HEUR_MODE_A, CUDNN_ENGINE_TENSOR_CORE, 3 },
  { CUDNN_HEUR_MODE_A, CUDNN_ENGINE_TENSOR_CORE, 1 },
  { CUDNN_HEUR_MODE_B, CUDNN_ENGINE_TENSOR_CORE, 3 },
  { CUDNN_HEUR_MODE_B, CUDNN_ENGINE_HUGE, -1 },
  { CUDNN_HEUR_MODE_B, CUDNN_ENGINE_NOT_RECORDABLE, -1 },
  { CUDNN_HEUR_MODE_B, CUDNN_ENGINE_HOPPER, -1 },
  { CUDNN_HEUR_MODE_FALLBACK, CUDNN_ENGINE_NONDETERMINISTIC, -1 },
  { CUDNN_HEUR_MODE_FALLBACK, CUDNN_ENGINE_PLAIN, -1 },
};

CudnnTensor
tensor_of (const CudnnDescriptor &descriptor)
{
  CudnnTensor tensor = {};

  tensor.name = descriptor.integer (CUDNN_ATTR_TENSOR_UNIQUE_ID);
  tensor.alignment = descriptor.integer (CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT);
  tensor.type = descriptor.get<cudnnDataType_t> (CUDNN_ATTR_TENSOR_DATA_TYPE);
  tensor.n = descriptor.integer (CUDNN_ATTR_TENSOR_DIMENSIONS, 0);
  tensor.c = descriptor.integer (CUDNN_ATTR_TENSOR_DIMENSIONS, 1);
  tensor.h = descriptor.integer (CUDNN_ATTR_TENSOR_DIMENSIONS, 2);
  tensor.w = descriptor.integer (CUDNN_ATTR_TENSOR_DIMENSIONS, 3);

  return tensor;
}

/* Whether @descriptor is dense N, H, W, C, with what tensor cores want of C. */
bool
is_channels_last (const CudnnDescriptor &descriptor)
{
  CudnnTensor tensor = tensor_of (descriptor);
  int64_t strides[4] = { tensor.h * tensor.w * tensor.c, 1, tensor.w * tensor.c, tensor.c };

  for (int i = 0; i < 4; i++)
    if (descriptor.integer (CUDNN_ATTR_TENSOR_STRIDES, i) != strides[i])
      return false;
  return tensor.c % 8 == 0;
}

/* Float throughout; or bf16, with a weights' gradient that some give in float. */
bool
has_types (const CudnnRun &run, int64_t engine)
{
  const CudnnTensor &result = cudnn_result (run);
  cudnnDataType_t type = &result == &run.x ? run.y.type : run.x.type;

  for (const CudnnTensor *tensor : { &run.x, &run.y, &run.w })
    if (tensor != &result && tensor->type != type)
      return false;
  if (type == CUDNN_DATA_BFLOAT16 && raqam_gpu ().settings.compute < 80)
    return false;
  if (result.type == type)
    return true;
  return result.type == CUDNN_DATA_FLOAT && run.pass == CUDNN_PASS_BACKWARD_FILTER
         && engine == CUDNN_ENGINE_HOPPER;
}

struct Names
{
  CudnnPass                   pass;
  cudnnBackendAttributeName_t convolution, x, y, w;
};

Names
names_of (const CudnnDescriptor &operation)
{
  switch (operation.type)
    {
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR:
      return { CUDNN_PASS_FORWARD, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
               CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
               CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y,
               CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W };
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR:
      return { CUDNN_PASS_BACKWARD_DATA, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
               CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
               CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY,
               CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W };
    default:
      return { CUDNN_PASS_BACKWARD_FILTER, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
               CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
               CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY,
               CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW };
    }
}

CudnnPointer
propose (const CudnnPointer &graph, const Proposal &proposal)
{
  CudnnPointer engine = std::make_shared<CudnnDescriptor> ();
  CudnnPointer config = std::make_shared<CudnnDescriptor> ();

  engine->type = CUDNN_BACKEND_ENGINE_DESCRIPTOR;
  engine->values[CUDNN_ATTR_ENGINE_OPERATION_GRAPH]
      = { CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, {}, { graph } };
  engine->put<int64_t> (CUDNN_ATTR_ENGINE_GLOBAL_INDEX, CUDNN_TYPE_INT64, { proposal.engine });
  if (cudnn_finalize (*engine) != CUDNN_STATUS_SUCCESS)
    return nullptr;
  engine->finalized = true;

  config->type = CUDNN_BACKEND_ENGINECFG_DESCRIPTOR;
  config->values[CUDNN_ATTR_ENGINECFG_ENGINE]
      = { CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, {}, { engine } };
  if (proposal.tile >= 0)
    {
      CudnnPointer knob = std::make_shared<CudnnDescriptor> ();

      knob->type = CUDNN_BACKEND_KNOB_CHOICE_DESCRIPTOR;
      knob->put<cudnnBackendKnobType_t> (CUDNN_ATTR_KNOB_CHOICE_KNOB_TYPE, CUDNN_TYPE_KNOB_TYPE,
                                         { CUDNN_KNOB_TYPE_TILE_SIZE });
      knob->put<int64_t> (CUDNN_ATTR_KNOB_CHOICE_KNOB_VALUE, CUDNN_TYPE_INT64,
                          { proposal.tile });
      knob->finalized = true;
      config->values[CUDNN_ATTR_ENGINECFG_KNOB_CHOICES]
          = { CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, {}, { knob } };
    }
  config->finalized = true;

  return config;
}

/* Runs on the stream. A tensor that is not in device memory ends the GPU, as a real
 * one's would. */
void
work (const CudnnRun &run)
{
  static unsigned n_runs;
  const auto &memory = raqam_gpu ().device_memory;

  for (const CudnnTensor *tensor : { &run.x, &run.y, &run.w })
    if (!raqam_gpu_holds (memory, tensor->data, tensor->size ()))
      {
        raqam_gpu_say ("a convolution's tensor %d is not in device memory", (int) tensor->name);
        raqam_gpu_break (cudaErrorIllegalAddress);
        return;
      }
  if (run.workspace_size > 0)
    {
      if (!raqam_gpu_holds (memory, run.workspace, run.workspace_size))
        {
          raqam_gpu_say ("a convolution's workspace is not in device memory");
          raqam_gpu_break (cudaErrorIllegalAddress);
          return;
        }
      memset (run.workspace, 0xff, run.workspace_size);
    }

  cudnn_convolve (run);
  if (run.engine == CUDNN_ENGINE_NONDETERMINISTIC)
    memset (cudnn_result (run).data, ++n_runs & 0x3f, 16);
}

}

CudnnRun
cudnn_run_of_operation (const CudnnDescriptor &operation)
{
  Names names = names_of (operation);
  const CudnnDescriptor &convolution = *operation.descriptor (names.convolution);
  CudnnRun run = {};

  run.pass = names.pass;
  run.x = tensor_of (*operation.descriptor (names.x));
  run.y = tensor_of (*operation.descriptor (names.y));
  run.w = tensor_of (*operation.descriptor (names.w));
  run.stride = convolution.integer (CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES);
  run.pad_h = convolution.integer (CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, 0);
  run.pad_w = convolution.integer (CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, 1);

  return run;
}

CudnnRun
cudnn_run_of (const CudnnDescriptor &plan)
{
  const CudnnDescriptor &config = *plan.descriptor (CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG);
  const CudnnDescriptor &engine = *config.descriptor (CUDNN_ATTR_ENGINECFG_ENGINE);
  const CudnnDescriptor &graph = *engine.descriptor (CUDNN_ATTR_ENGINE_OPERATION_GRAPH);
  CudnnRun run = cudnn_run_of_operation (*graph.descriptor (CUDNN_ATTR_OPERATIONGRAPH_OPS));

  run.engine = engine.integer (CUDNN_ATTR_ENGINE_GLOBAL_INDEX);
  run.rounding = engines[run.engine].rounding;
  run.workspace_size = plan.integer (CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE);

  return run;
}

cudnnStatus_t
cudnn_engine_notes (std::vector<cudnnBackendNumericalNote_t> &notes, int64_t engine,
                    const CudnnDescriptor &operation)
{
  Names names = names_of (operation);

  if (engine < 0 || engine >= CUDNN_N_ENGINES)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM, "no such engine");
  if (raqam_gpu ().settings.compute < engines[engine].compute)
    return cudnn_fail (CUDNN_STATUS_NOT_SUPPORTED, "an engine of newer GPUs");
  for (cudnnBackendAttributeName_t name : { names.x, names.y, names.w })
    if (!is_channels_last (*operation.descriptor (name)))
      return cudnn_fail (CUDNN_STATUS_NOT_SUPPORTED_LAYOUT, "channels not last, or not in eights");
  if (!has_types (cudnn_run_of_operation (operation), engine))
    return cudnn_fail (CUDNN_STATUS_NOT_SUPPORTED_DATA_TYPE, "these types of tensors");

  notes = engines[engine].notes;
  return CUDNN_STATUS_SUCCESS;
}

bool
cudnn_engine_has_knobs (int64_t engine, const CudnnDescriptor &config)
{
  const auto &knobs = config.values.at (CUDNN_ATTR_ENGINECFG_KNOB_CHOICES).descriptors;
  std::set<int> seen;

  for (const CudnnPointer &knob : knobs)
    {
      auto type = knob->get<cudnnBackendKnobType_t> (CUDNN_ATTR_KNOB_CHOICE_KNOB_TYPE);
      int64_t value = knob->integer (CUDNN_ATTR_KNOB_CHOICE_KNOB_VALUE);

      if (engine != CUDNN_ENGINE_TENSOR_CORE || type != CUDNN_KNOB_TYPE_TILE_SIZE || value < 0
          || value >= TILES || !seen.insert (type).second)
        return false;
    }
  return true;
}

int64_t
cudnn_engine_workspace (int64_t engine, const CudnnDescriptor &config)
{
  int64_t tile = 0;

  if (engine == CUDNN_ENGINE_NO_PLAN)
    return -1;
  if (engine == CUDNN_ENGINE_HUGE)
    return HUGE_WORKSPACE;
  if (engine != CUDNN_ENGINE_TENSOR_CORE)
    return 0;
  if (config.has (CUDNN_ATTR_ENGINECFG_KNOB_CHOICES))
    tile = config.descriptor (CUDNN_ATTR_ENGINECFG_KNOB_CHOICES)
               ->integer (CUDNN_ATTR_KNOB_CHOICE_KNOB_VALUE);
  return 1000 * (tile + 1); /* no whole number of anything, as cuDNN's */
}

std::vector<CudnnPointer>
cudnn_engine_propose (const CudnnPointer &graph, cudnnBackendHeurMode_t mode)
{
  std::vector<CudnnPointer> configs;

  for (const Proposal &proposal : proposals)
    if (proposal.mode == mode)
      {
        CudnnPointer config = propose (graph, proposal);

        if (config != nullptr)
          configs.push_back (config);
      }
  return configs;
}

cudnnStatus_t
cudnn_engine_start (const CudnnRun &run, cudaStream_t stream)
{
  cudaStreamCaptureStatus capture = cudaStreamCaptureStatusNone;

  if (run.engine == CUDNN_ENGINE_BROKEN)
    return cudnn_fail (CUDNN_STATUS_EXECUTION_FAILED, "this engine never runs");
  if (run.engine == CUDNN_ENGINE_NOT_RECORDABLE
      && (cudaStreamIsCapturing (stream, &capture) != cudaSuccess
          || capture != cudaStreamCaptureStatusNone))
    return cudnn_fail (CUDNN_STATUS_NOT_SUPPORTED, "this engine cannot be recorded");
  if (raqam_emulator_enqueue (stream, "cuDNN", [run] { work (run); }) != cudaSuccess)
    return cudnn_fail (CUDNN_STATUS_EXECUTION_FAILED_CUDART, "the stream takes nothing");
  return CUDNN_STATUS_SUCCESS;
}
