/* cudnn-finalize.cc — what an emulated descriptor must be to be finalised.
 * SPDX-License-Identifier: MIT */

#include "cudnn-engines.h"

#include <set>

namespace
{

cudnnStatus_t
bad (const char *reason)
{
  return cudnn_fail (CUDNN_STATUS_BAD_PARAM, reason);
}

cudnnStatus_t
finalize_tensor (CudnnDescriptor &self)
{
  int64_t n = self.values.at (CUDNN_ATTR_TENSOR_DIMENSIONS).n;
  int64_t alignment = self.integer (CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT);
  auto type = self.get<cudnnDataType_t> (CUDNN_ATTR_TENSOR_DATA_TYPE);

  if (self.values.at (CUDNN_ATTR_TENSOR_STRIDES).n != n)
    return bad ("not as many strides as dimensions");
  if (n < 3 || n > 5)
    return cudnn_fail (CUDNN_STATUS_NOT_SUPPORTED, "so many dimensions");
  for (int64_t i = 0; i < n; i++)
    if (self.integer (CUDNN_ATTR_TENSOR_DIMENSIONS, i) <= 0
        || self.integer (CUDNN_ATTR_TENSOR_STRIDES, i) <= 0)
      return bad ("a dimension or stride that is not positive");
  if (type != CUDNN_DATA_FLOAT && type != CUDNN_DATA_BFLOAT16)
    return cudnn_fail (CUDNN_STATUS_NOT_SUPPORTED_DATA_TYPE, "neither float nor bf16");
  if (alignment <= 0 || (alignment & (alignment - 1)) != 0
      || alignment % (type == CUDNN_DATA_FLOAT ? 4 : 2) != 0)
    return bad ("an alignment that is no power of two, or below the type's");
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
finalize_convolution (CudnnDescriptor &self)
{
  int64_t n = self.integer (CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS);

  for (auto name : { CUDNN_ATTR_CONVOLUTION_DILATIONS, CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES,
                     CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, CUDNN_ATTR_CONVOLUTION_POST_PADDINGS })
    {
      bool is_padding = name == CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS
                        || name == CUDNN_ATTR_CONVOLUTION_POST_PADDINGS;

      if (self.values.at (name).n != n)
        return bad ("not as many values as spatial dimensions");
      for (int64_t i = 0; i < n; i++)
        if (self.integer (name, i) < (is_padding ? 0 : 1))
          return bad ("a padding below 0, or a stride or dilation below 1");
    }
  if (n != 2 || self.integer (CUDNN_ATTR_CONVOLUTION_DILATIONS, 0) != 1
      || self.integer (CUDNN_ATTR_CONVOLUTION_DILATIONS, 1) != 1
      || self.integer (CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, 0)
             != self.integer (CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, 1)
      || self.get<cudnnConvolutionMode_t> (CUDNN_ATTR_CONVOLUTION_CONV_MODE)
             != CUDNN_CROSS_CORRELATION
      || self.get<cudnnDataType_t> (CUDNN_ATTR_CONVOLUTION_COMP_TYPE) != CUDNN_DATA_FLOAT)
    return cudnn_fail (CUDNN_STATUS_NOT_SUPPORTED, "a convolution that is not emulated");
  return CUDNN_STATUS_SUCCESS;
}

/* Windows of @kernel that fit, @stride apart: rounded down, as cuDNN does. */
bool
is_size (int64_t out, int64_t in, int64_t before, int64_t after, int64_t kernel, int64_t stride)
{
  int64_t room = in + before + after - kernel;

  return room >= 0 && room / stride + 1 == out;
}

cudnnStatus_t
finalize_operation (CudnnDescriptor &self, cudnnBackendAttributeName_t convolution_name,
                    cudnnBackendAttributeName_t alpha, cudnnBackendAttributeName_t beta,
                    std::initializer_list<cudnnBackendAttributeName_t> tensors)
{
  const CudnnDescriptor &convolution = *self.descriptor (convolution_name);

  if (convolution.type != CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR)
    return bad ("no convolution where one belongs");
  for (auto name : tensors)
    if (self.descriptor (name)->type != CUDNN_BACKEND_TENSOR_DESCRIPTOR
        || self.descriptor (name)->values.at (CUDNN_ATTR_TENSOR_DIMENSIONS).n != 4)
      return bad ("no tensor of four dimensions where one belongs");
  if (self.get<double> (alpha) != 1.0 || self.get<double> (beta) != 0.0)
    return cudnn_fail (CUDNN_STATUS_NOT_SUPPORTED, "an alpha or beta that is not emulated");

  CudnnRun run = cudnn_run_of_operation (self);
  if (run.x.n != run.y.n || run.x.c != run.w.c || run.y.c != run.w.n)
    return bad ("batches or channels that do not go together");
  if (!is_size (run.y.h, run.x.h, run.pad_h,
                convolution.integer (CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, 0), run.w.h, run.stride)
      || !is_size (run.y.w, run.x.w, run.pad_w,
                   convolution.integer (CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, 1), run.w.w,
                   run.stride))
    return bad ("sizes that do not go together");
  if (run.x.name == run.y.name || run.x.name == run.w.name || run.y.name == run.w.name)
    return bad ("two tensors of one name");
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
finalize_graph (CudnnDescriptor &self)
{
  if (self.values.at (CUDNN_ATTR_OPERATIONGRAPH_OPS).n != 1)
    return cudnn_fail (CUDNN_STATUS_NOT_SUPPORTED, "more than one operation");
  if (self.get<cudnnHandle_t> (CUDNN_ATTR_OPERATIONGRAPH_HANDLE) == nullptr)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "no handle");

  switch (self.descriptor (CUDNN_ATTR_OPERATIONGRAPH_OPS)->type)
    {
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR:
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR:
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR:
      return CUDNN_STATUS_SUCCESS;
    default:
      return bad ("no operation where one belongs");
    }
}

cudnnStatus_t
finalize_heuristics (CudnnDescriptor &self)
{
  const CudnnPointer &graph = self.descriptor (CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH);
  auto mode = self.get<cudnnBackendHeurMode_t> (CUDNN_ATTR_ENGINEHEUR_MODE);

  if (graph->type != CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR)
    return bad ("no graph where one belongs");

  auto configs = cudnn_engine_propose (graph, mode);
  self.values[CUDNN_ATTR_ENGINEHEUR_RESULTS] = { CUDNN_TYPE_BACKEND_DESCRIPTOR,
                                                 static_cast<int64_t> (configs.size ()), {},
                                                 configs };
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
finalize_engine (CudnnDescriptor &self)
{
  const CudnnDescriptor &graph = *self.descriptor (CUDNN_ATTR_ENGINE_OPERATION_GRAPH);
  std::vector<cudnnBackendNumericalNote_t> notes;
  cudnnStatus_t status;

  if (graph.type != CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR)
    return bad ("no graph where one belongs");

  status = cudnn_engine_notes (notes, self.integer (CUDNN_ATTR_ENGINE_GLOBAL_INDEX),
                               *graph.descriptor (CUDNN_ATTR_OPERATIONGRAPH_OPS));
  if (status == CUDNN_STATUS_SUCCESS)
    self.put (CUDNN_ATTR_ENGINE_NUMERICAL_NOTE, CUDNN_TYPE_NUMERICAL_NOTE, notes);
  return status;
}

cudnnStatus_t
finalize_config (CudnnDescriptor &self)
{
  const CudnnDescriptor &engine = *self.descriptor (CUDNN_ATTR_ENGINECFG_ENGINE);

  if (engine.type != CUDNN_BACKEND_ENGINE_DESCRIPTOR)
    return bad ("no engine where one belongs");
  if (!self.has (CUDNN_ATTR_ENGINECFG_KNOB_CHOICES))
    return CUDNN_STATUS_SUCCESS;
  for (const CudnnPointer &knob : self.values.at (CUDNN_ATTR_ENGINECFG_KNOB_CHOICES).descriptors)
    if (knob->type != CUDNN_BACKEND_KNOB_CHOICE_DESCRIPTOR)
      return bad ("no knob where one belongs");
  if (!cudnn_engine_has_knobs (engine.integer (CUDNN_ATTR_ENGINE_GLOBAL_INDEX), self))
    return cudnn_fail (CUDNN_STATUS_NOT_SUPPORTED, "knobs that the engine has not");
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
finalize_plan (CudnnDescriptor &self)
{
  const CudnnDescriptor &config = *self.descriptor (CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG);

  if (config.type != CUDNN_BACKEND_ENGINECFG_DESCRIPTOR)
    return bad ("no engine configuration where one belongs");

  const CudnnDescriptor &engine = *config.descriptor (CUDNN_ATTR_ENGINECFG_ENGINE);
  const CudnnDescriptor &graph = *engine.descriptor (CUDNN_ATTR_ENGINE_OPERATION_GRAPH);
  int64_t size
      = cudnn_engine_workspace (engine.integer (CUDNN_ATTR_ENGINE_GLOBAL_INDEX), config);
  if (graph.get<cudnnHandle_t> (CUDNN_ATTR_OPERATIONGRAPH_HANDLE)
      != self.get<cudnnHandle_t> (CUDNN_ATTR_EXECUTION_PLAN_HANDLE))
    return bad ("another handle than the graph's");
  if (size < 0)
    return cudnn_fail (CUDNN_STATUS_NOT_SUPPORTED, "an engine that cannot be planned");

  self.put<int64_t> (CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE, CUDNN_TYPE_INT64, { size });
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
finalize_pack (CudnnDescriptor &self)
{
  const CudnnValue &names = self.values.at (CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS);
  std::set<int64_t> seen;

  if (names.n != self.values.at (CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS).n)
    return bad ("not as many pointers as names");
  for (int64_t i = 0; i < names.n; i++)
    if (!seen.insert (self.integer (CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, i)).second)
      return bad ("a name twice");
  return CUDNN_STATUS_SUCCESS;
}

}

#define OPERATION(name, x, y, w) \
  finalize_operation (self, CUDNN_ATTR_OPERATION_CONVOLUTION_##name##_CONV_DESC, \
                      CUDNN_ATTR_OPERATION_CONVOLUTION_##name##_ALPHA, \
                      CUDNN_ATTR_OPERATION_CONVOLUTION_##name##_BETA, \
                      { CUDNN_ATTR_OPERATION_CONVOLUTION_##name##_##x, \
                        CUDNN_ATTR_OPERATION_CONVOLUTION_##name##_##y, \
                        CUDNN_ATTR_OPERATION_CONVOLUTION_##name##_##w })

cudnnStatus_t
cudnn_finalize (CudnnDescriptor &self)
{
  switch (self.type)
    {
    case CUDNN_BACKEND_TENSOR_DESCRIPTOR:
      return finalize_tensor (self);
    case CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR:
      return finalize_convolution (self);
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR:
      return OPERATION (FORWARD, X, Y, W);
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR:
      return OPERATION (BWD_DATA, DX, DY, W);
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR:
      return OPERATION (BWD_FILTER, X, DY, DW);
    case CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR:
      return finalize_graph (self);
    case CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR:
      return finalize_heuristics (self);
    case CUDNN_BACKEND_ENGINE_DESCRIPTOR:
      return finalize_engine (self);
    case CUDNN_BACKEND_ENGINECFG_DESCRIPTOR:
      return finalize_config (self);
    case CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR:
      return finalize_plan (self);
    case CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR:
      return finalize_pack (self);
    default:
      return CUDNN_STATUS_SUCCESS;
    }
}
