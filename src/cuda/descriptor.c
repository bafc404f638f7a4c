/* descriptor.c — cuDNN's backend descriptors, made attribute by attribute.
 * SPDX-License-Identifier: MIT */

#include "cuda/descriptor.h"

RaqamMaking
raqam_cuda_making (cudnnBackendDescriptorType_t type)
{
  RaqamMaking self = { NULL, CUDNN_STATUS_SUCCESS };

  self.status = cudnnBackendCreateDescriptor (type, &self.descriptor);
  return self;
}

void
raqam_cuda_making_set (RaqamMaking *self, cudnnBackendAttributeName_t name,
                       cudnnBackendAttributeType_t type, gint64 n, gconstpointer values)
{
  if (self->status == CUDNN_STATUS_SUCCESS)
    self->status = cudnnBackendSetAttribute (self->descriptor, name, type, n, values);
}

void
raqam_cuda_making_set_descriptor (RaqamMaking *self, cudnnBackendAttributeName_t name,
                                  cudnnBackendDescriptor_t value)
{
  raqam_cuda_making_set (self, name, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &value);
}

void
raqam_cuda_making_set_int (RaqamMaking *self, cudnnBackendAttributeName_t name, gint64 value)
{
  raqam_cuda_making_set (self, name, CUDNN_TYPE_INT64, 1, &value);
}

void
raqam_cuda_making_set_data_type (RaqamMaking *self, cudnnBackendAttributeName_t name,
                                 cudnnDataType_t value)
{
  raqam_cuda_making_set (self, name, CUDNN_TYPE_DATA_TYPE, 1, &value);
}

cudnnStatus_t
raqam_cuda_making_end (RaqamMaking *self, cudnnBackendDescriptor_t *descriptor)
{
  if (self->status == CUDNN_STATUS_SUCCESS)
    self->status = cudnnBackendFinalize (self->descriptor);
  if (self->status != CUDNN_STATUS_SUCCESS)
    raqam_cuda_descriptor_clear (&self->descriptor);

  *descriptor = self->descriptor;
  return self->status;
}

void
raqam_cuda_descriptor_clear (cudnnBackendDescriptor_t *descriptor)
{
  if (*descriptor != NULL)
    cudnnBackendDestroyDescriptor (*descriptor);
  *descriptor = NULL;
}
