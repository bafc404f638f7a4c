/* cudnn-descriptor.h — what an emulated backend descriptor holds.
 * SPDX-License-Identifier: MIT
 *
 * Stricter than cuDNN 9.19, which lets some of what its documentation requires
 * (names and types of tensors, paddings) go unset.
 */

#pragma once

#include <cudnn.h>

#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

struct CudnnDescriptor;

using CudnnPointer = std::shared_ptr<CudnnDescriptor>;

/* An attribute's elements: bytes, or descriptors. */
struct CudnnValue
{
  cudnnBackendAttributeType_t type;
  int64_t                     n;
  std::vector<unsigned char>  bytes;
  std::vector<CudnnPointer>   descriptors;
};

/* Shared by the handle that the program has and by all that was made from it, as
 * cuDNN's are: a program may destroy in any order. */
struct CudnnDescriptor
{
  cudnnBackendDescriptorType_t type;
  bool                         finalized = false;
  std::map<int, CudnnValue>    values;

  bool has (cudnnBackendAttributeName_t name) const { return values.count (name) > 0; }

  template <typename T>
  T
  get (cudnnBackendAttributeName_t name, int64_t i = 0) const
  {
    T value;

    memcpy (&value, values.at (name).bytes.data () + i * sizeof value, sizeof value);
    return value;
  }

  int64_t integer (cudnnBackendAttributeName_t name, int64_t i = 0) const
  {
    return get<int64_t> (name, i);
  }

  const CudnnPointer &
  descriptor (cudnnBackendAttributeName_t name) const
  {
    return values.at (name).descriptors.at (0);
  }

  template <typename T>
  void
  put (cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t value_type,
       const std::vector<T> &elements)
  {
    CudnnValue value = { value_type, static_cast<int64_t> (elements.size ()), {}, {} };

    value.bytes.resize (elements.size () * sizeof (T));
    if (!elements.empty ())
      memcpy (value.bytes.data (), elements.data (), value.bytes.size ());
    values[name] = value;
  }
};

/* What the program holds: cudnnBackendDescriptor_t points to one. */
struct CudnnHandle
{
  CudnnPointer descriptor;
};

struct cudnnContext
{
  cudaStream_t stream;
};

/* Keeps @reason for cudnnGetLastErrorString(). Returns: @status */
cudnnStatus_t cudnn_fail (cudnnStatus_t status, const std::string &reason);

/* cudnn-finalize.cc: checks @self, whose required attributes are all there, and adds
 * what it is asked for later. */
cudnnStatus_t cudnn_finalize (CudnnDescriptor &self);
