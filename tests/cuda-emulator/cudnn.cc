/* cudnn.cc — the part of cuDNN's backend API that src/cuda uses, on a processor.
 * SPDX-License-Identifier: MIT */

#include "cudnn-convolution.h"
#include "cudnn-descriptor.h"
#include "cudnn-engines.h"
#include "gpu.h"

#include <algorithm>
#include <set>

namespace
{

thread_local std::string last_error;

struct Attribute
{
  cudnnBackendDescriptorType_t of;
  cudnnBackendAttributeName_t  name;
  cudnnBackendAttributeType_t  type;
  int64_t                      max; /* elements */
  enum
  {
    REQUIRED,
    OPTIONAL,
    MADE, /* by finalising; read only */
  } kind;
};

const Attribute attributes[] = {
#define TENSOR(name, type, max, kind) \
  { CUDNN_BACKEND_TENSOR_DESCRIPTOR, CUDNN_ATTR_TENSOR_##name, CUDNN_TYPE_##type, max, \
    Attribute::kind }
  TENSOR (UNIQUE_ID, INT64, 1, REQUIRED),
  TENSOR (DATA_TYPE, DATA_TYPE, 1, REQUIRED),
  TENSOR (BYTE_ALIGNMENT, INT64, 1, REQUIRED),
  TENSOR (DIMENSIONS, INT64, CUDNN_DIM_MAX, REQUIRED),
  TENSOR (STRIDES, INT64, CUDNN_DIM_MAX, REQUIRED),
#undef TENSOR

#define CONVOLUTION(name, type, max) \
  { CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR, CUDNN_ATTR_CONVOLUTION_##name, CUDNN_TYPE_##type, max, \
    Attribute::REQUIRED }
  CONVOLUTION (SPATIAL_DIMS, INT64, 1),
  CONVOLUTION (COMP_TYPE, DATA_TYPE, 1),
  CONVOLUTION (CONV_MODE, CONVOLUTION_MODE, 1),
  CONVOLUTION (DILATIONS, INT64, CUDNN_DIM_MAX),
  CONVOLUTION (FILTER_STRIDES, INT64, CUDNN_DIM_MAX),
  CONVOLUTION (PRE_PADDINGS, INT64, CUDNN_DIM_MAX),
  CONVOLUTION (POST_PADDINGS, INT64, CUDNN_DIM_MAX),
#undef CONVOLUTION

#define OPERATION(kind, name, attribute, type) \
  { CUDNN_BACKEND_OPERATION_CONVOLUTION_##kind##_DESCRIPTOR, \
    CUDNN_ATTR_OPERATION_CONVOLUTION_##name##_##attribute, CUDNN_TYPE_##type, 1, \
    Attribute::REQUIRED }
#define OPERATIONS(kind, name, x, y, w) \
  OPERATION (kind, name, ALPHA, DOUBLE), OPERATION (kind, name, BETA, DOUBLE), \
    OPERATION (kind, name, CONV_DESC, BACKEND_DESCRIPTOR), \
    OPERATION (kind, name, x, BACKEND_DESCRIPTOR), OPERATION (kind, name, y, BACKEND_DESCRIPTOR), \
    OPERATION (kind, name, w, BACKEND_DESCRIPTOR)
  OPERATIONS (FORWARD, FORWARD, X, Y, W),
  OPERATIONS (BACKWARD_DATA, BWD_DATA, DX, DY, W),
  OPERATIONS (BACKWARD_FILTER, BWD_FILTER, X, DY, DW),
#undef OPERATIONS
#undef OPERATION

#define OTHER(of, name, type, max, kind) \
  { CUDNN_BACKEND_##of##_DESCRIPTOR, CUDNN_ATTR_##name, CUDNN_TYPE_##type, max, Attribute::kind }
  OTHER (OPERATIONGRAPH, OPERATIONGRAPH_HANDLE, HANDLE, 1, REQUIRED),
  OTHER (OPERATIONGRAPH, OPERATIONGRAPH_OPS, BACKEND_DESCRIPTOR, 64, REQUIRED),
  OTHER (ENGINEHEUR, ENGINEHEUR_OPERATION_GRAPH, BACKEND_DESCRIPTOR, 1, REQUIRED),
  OTHER (ENGINEHEUR, ENGINEHEUR_MODE, HEUR_MODE, 1, REQUIRED),
  OTHER (ENGINEHEUR, ENGINEHEUR_RESULTS, BACKEND_DESCRIPTOR, 0, MADE),
  OTHER (ENGINE, ENGINE_OPERATION_GRAPH, BACKEND_DESCRIPTOR, 1, REQUIRED),
  OTHER (ENGINE, ENGINE_GLOBAL_INDEX, INT64, 1, REQUIRED),
  OTHER (ENGINE, ENGINE_NUMERICAL_NOTE, NUMERICAL_NOTE, 0, MADE),
  OTHER (KNOB_CHOICE, KNOB_CHOICE_KNOB_TYPE, KNOB_TYPE, 1, REQUIRED),
  OTHER (KNOB_CHOICE, KNOB_CHOICE_KNOB_VALUE, INT64, 1, REQUIRED),
  OTHER (ENGINECFG, ENGINECFG_ENGINE, BACKEND_DESCRIPTOR, 1, REQUIRED),
  OTHER (ENGINECFG, ENGINECFG_KNOB_CHOICES, BACKEND_DESCRIPTOR, CUDNN_KNOB_TYPE_COUNTS, OPTIONAL),
  OTHER (EXECUTION_PLAN, EXECUTION_PLAN_HANDLE, HANDLE, 1, REQUIRED),
  OTHER (EXECUTION_PLAN, EXECUTION_PLAN_ENGINE_CONFIG, BACKEND_DESCRIPTOR, 1, REQUIRED),
  OTHER (EXECUTION_PLAN, EXECUTION_PLAN_WORKSPACE_SIZE, INT64, 0, MADE),
  OTHER (VARIANT_PACK, VARIANT_PACK_UNIQUE_IDS, INT64, 64, REQUIRED),
  OTHER (VARIANT_PACK, VARIANT_PACK_DATA_POINTERS, VOID_PTR, 64, REQUIRED),
  OTHER (VARIANT_PACK, VARIANT_PACK_WORKSPACE, VOID_PTR, 1, OPTIONAL),
#undef OTHER
};

const Attribute *
find_attribute (cudnnBackendDescriptorType_t of, cudnnBackendAttributeName_t name)
{
  for (const Attribute &attribute : attributes)
    if (attribute.of == of && attribute.name == name)
      return &attribute;
  return nullptr;
}

size_t
size_of (cudnnBackendAttributeType_t type)
{
  switch (type)
    {
    case CUDNN_TYPE_HANDLE:
    case CUDNN_TYPE_VOID_PTR:
      return sizeof (void *);
    case CUDNN_TYPE_INT64:
      return sizeof (int64_t);
    case CUDNN_TYPE_DOUBLE:
      return sizeof (double);
    default:
      return sizeof (int); /* enumerations */
    }
}

CudnnDescriptor *
open (cudnnBackendDescriptor_t handle)
{
  return handle == nullptr ? nullptr : static_cast<CudnnHandle *> (handle)->descriptor.get ();
}

/* The elements of an attribute that holds descriptors. */
cudnnStatus_t
keep_descriptors (CudnnValue &value, const void *elements)
{
  auto *handles = static_cast<const cudnnBackendDescriptor_t *> (elements);

  for (int64_t i = 0; i < value.n; i++)
    {
      if (open (handles[i]) == nullptr)
        return cudnn_fail (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "a descriptor that is NULL");
      if (!open (handles[i])->finalized)
        return cudnn_fail (CUDNN_STATUS_BAD_PARAM_NOT_FINALIZED, "a descriptor not finalised");
      value.descriptors.push_back (static_cast<CudnnHandle *> (handles[i])->descriptor);
    }

  return CUDNN_STATUS_SUCCESS;
}

/* Fills handles that the program made for that. */
cudnnStatus_t
give_descriptors (const CudnnValue &value, int64_t n, void *elements)
{
  auto *handles = static_cast<cudnnBackendDescriptor_t *> (elements);

  for (int64_t i = 0; i < n; i++)
    {
      if (open (handles[i]) == nullptr)
        return cudnn_fail (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "no descriptor to fill");
      if (open (handles[i])->type != value.descriptors[i]->type || open (handles[i])->finalized)
        return cudnn_fail (CUDNN_STATUS_BAD_PARAM, "a descriptor that cannot be filled");
      static_cast<CudnnHandle *> (handles[i])->descriptor = value.descriptors[i];
    }

  return CUDNN_STATUS_SUCCESS;
}

/* The pointer that @pack has for the tensor @name; NULL where it has none, or two. */
void *
pointer_of (const CudnnDescriptor &pack, int64_t name)
{
  void *found = nullptr;
  int n = 0;

  for (int64_t i = 0; i < pack.values.at (CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS).n; i++)
    if (pack.integer (CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, i) == name)
      {
        found = pack.get<void *> (CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, i);
        n++;
      }

  return n == 1 ? found : nullptr;
}

cudnnStatus_t
bind_tensor (CudnnTensor &tensor, const CudnnDescriptor &pack)
{
  tensor.data = pointer_of (pack, tensor.name);
  if (tensor.data == nullptr)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "a tensor without its one pointer");
  if (reinterpret_cast<uintptr_t> (tensor.data) % tensor.alignment != 0)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM_MISALIGNED_POINTER, "a tensor's pointer");
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
bind_workspace (CudnnRun &run, const CudnnDescriptor &pack)
{
  run.workspace = pack.has (CUDNN_ATTR_VARIANT_PACK_WORKSPACE)
                      ? pack.get<void *> (CUDNN_ATTR_VARIANT_PACK_WORKSPACE)
                      : nullptr;
  if (run.workspace == nullptr && run.workspace_size > 0)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "no workspace");
  if (reinterpret_cast<uintptr_t> (run.workspace) % 16 != 0)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM_MISALIGNED_POINTER, "the workspace");
  return CUDNN_STATUS_SUCCESS;
}

}

cudnnStatus_t
cudnn_fail (cudnnStatus_t status, const std::string &reason)
{
  last_error = reason;
  return status;
}

cudnnStatus_t
cudnnCreate (cudnnHandle_t *handle)
{
  if (raqam_gpu_ready () != cudaSuccess)
    return cudnn_fail (CUDNN_STATUS_NOT_INITIALIZED, "no GPU");

  *handle = new cudnnContext{ nullptr };
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
cudnnDestroy (cudnnHandle_t handle)
{
  delete handle;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
cudnnSetStream (cudnnHandle_t handle, cudaStream_t stream)
{
  if (handle == nullptr)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "no handle");

  handle->stream = stream;
  return CUDNN_STATUS_SUCCESS;
}

size_t
cudnnGetVersion (void)
{
  return CUDNN_VERSION;
}

const char *
cudnnGetErrorString (cudnnStatus_t status)
{
  switch (status)
    {
#define STATUS(name) case CUDNN_STATUS_##name: return "CUDNN_STATUS_" #name
      STATUS (SUCCESS);
      STATUS (NOT_INITIALIZED);
      STATUS (BAD_PARAM);
      STATUS (BAD_PARAM_NULL_POINTER);
      STATUS (BAD_PARAM_MISALIGNED_POINTER);
      STATUS (BAD_PARAM_NOT_FINALIZED);
      STATUS (BAD_PARAM_ATTRIBUTE_TYPE);
      STATUS (NOT_SUPPORTED);
      STATUS (NOT_SUPPORTED_DATA_TYPE);
      STATUS (NOT_SUPPORTED_LAYOUT);
      STATUS (EXECUTION_FAILED);
      STATUS (EXECUTION_FAILED_CUDART);
#undef STATUS
    default:
      return "CUDNN_UNKNOWN_STATUS";
    }
}

void
cudnnGetLastErrorString (char *message, size_t size)
{
  if (size == 0)
    return;
  message[0] = '\0';
  strncat (message, last_error.c_str (), size - 1);
  last_error.clear ();
}

cudnnStatus_t
cudnnBackendCreateDescriptor (cudnnBackendDescriptorType_t type,
                              cudnnBackendDescriptor_t *descriptor)
{
  auto found = std::find_if (std::begin (attributes), std::end (attributes),
                             [type] (const Attribute &attribute) { return attribute.of == type; });

  *descriptor = nullptr;
  if (found == std::end (attributes))
    return cudnn_fail (CUDNN_STATUS_NOT_SUPPORTED, "a descriptor that is not emulated");

  auto *handle = new CudnnHandle{ std::make_shared<CudnnDescriptor> () };
  handle->descriptor->type = type;
  *descriptor = handle;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
cudnnBackendDestroyDescriptor (cudnnBackendDescriptor_t descriptor)
{
  delete static_cast<CudnnHandle *> (descriptor);
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
cudnnBackendSetAttribute (cudnnBackendDescriptor_t descriptor, cudnnBackendAttributeName_t name,
                          cudnnBackendAttributeType_t type, int64_t n, const void *elements)
{
  CudnnDescriptor *self = open (descriptor);
  const Attribute *attribute = self != nullptr ? find_attribute (self->type, name) : nullptr;

  if (attribute == nullptr || attribute->kind == Attribute::MADE)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM, "not an attribute of this descriptor");
  if (self->finalized)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM, "the descriptor is finalised");
  if (attribute->type != type)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM_ATTRIBUTE_TYPE, "another type than the attribute's");
  if (elements == nullptr || n < 1 || n > attribute->max)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM, "no elements, or too many");

  CudnnValue value = { type, n, {}, {} };
  if (type == CUDNN_TYPE_BACKEND_DESCRIPTOR)
    {
      cudnnStatus_t status = keep_descriptors (value, elements);

      if (status != CUDNN_STATUS_SUCCESS)
        return status;
    }
  else
    {
      auto *bytes = static_cast<const unsigned char *> (elements);

      value.bytes.assign (bytes, bytes + n * size_of (type));
    }

  self->values[name] = value;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
cudnnBackendGetAttribute (cudnnBackendDescriptor_t const descriptor,
                          cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type,
                          int64_t requested, int64_t *n, void *elements)
{
  CudnnDescriptor *self = open (descriptor);
  const Attribute *attribute = self != nullptr ? find_attribute (self->type, name) : nullptr;

  if (attribute == nullptr)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM, "not an attribute of this descriptor");
  if (!self->finalized)
    return cudnn_fail (CUDNN_STATUS_NOT_INITIALIZED, "the descriptor is not finalised");
  if (attribute->type != type)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM_ATTRIBUTE_TYPE, "another type than the attribute's");

  auto found = self->values.find (name);
  int64_t there = found == self->values.end () ? 0 : found->second.n;
  int64_t given = std::min (requested, there);
  if (given > 0 && elements == nullptr)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "nowhere to put the elements");
  if (n != nullptr)
    *n = requested > 0 ? given : there;
  if (given == 0)
    return CUDNN_STATUS_SUCCESS;

  if (type == CUDNN_TYPE_BACKEND_DESCRIPTOR)
    return give_descriptors (found->second, given, elements);
  memcpy (elements, found->second.bytes.data (), given * size_of (type));
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
cudnnBackendFinalize (cudnnBackendDescriptor_t descriptor)
{
  CudnnDescriptor *self = open (descriptor);
  cudnnStatus_t status;

  if (self == nullptr)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "no descriptor");
  if (self->finalized)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM, "the descriptor is finalised");
  for (const Attribute &attribute : attributes)
    if (attribute.of == self->type && attribute.kind == Attribute::REQUIRED
        && !self->has (attribute.name))
      return cudnn_fail (CUDNN_STATUS_BAD_PARAM,
                         "attribute " + std::to_string (attribute.name) + " is not set");

  status = cudnn_finalize (*self);
  self->finalized = status == CUDNN_STATUS_SUCCESS;
  return status;
}

cudnnStatus_t
cudnnBackendExecute (cudnnHandle_t handle, cudnnBackendDescriptor_t plan,
                     cudnnBackendDescriptor_t pack)
{
  CudnnDescriptor *self = open (plan), *variant = open (pack);
  CudnnRun run;
  cudnnStatus_t status;

  if (handle == nullptr || self == nullptr || variant == nullptr)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "no handle, plan or variant pack");
  if (self->type != CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR
      || variant->type != CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM, "not a plan, or not a variant pack");
  if (!self->finalized || !variant->finalized)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM_NOT_FINALIZED, "the plan or the variant pack");
  if (self->get<cudnnHandle_t> (CUDNN_ATTR_EXECUTION_PLAN_HANDLE) != handle)
    return cudnn_fail (CUDNN_STATUS_BAD_PARAM, "another handle than the plan's");

  run = cudnn_run_of (*self);
  status = bind_workspace (run, *variant);
  for (CudnnTensor *tensor : { &run.x, &run.y, &run.w })
    if (status == CUDNN_STATUS_SUCCESS)
      status = bind_tensor (*tensor, *variant);
  if (status == CUDNN_STATUS_SUCCESS)
    status = cudnn_engine_start (run, handle->stream);
  return status;
}
