/* descriptor.h — cuDNN's backend descriptors, made attribute by attribute.
 * SPDX-License-Identifier: MIT
 *
 * After the first failure the rest of a making does nothing, so that only its
 * end need be checked:
 *
 *   RaqamMaking making = raqam_cuda_making (CUDNN_BACKEND_…_DESCRIPTOR);
 *   raqam_cuda_making_set (&making, CUDNN_ATTR_…, CUDNN_TYPE_INT64, 1, &value);
 *   status = raqam_cuda_making_end (&making, &descriptor);
 */

#pragma once

#include <cudnn.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  cudnnBackendDescriptor_t descriptor;
  cudnnStatus_t            status;
} RaqamMaking;

RaqamMaking raqam_cuda_making (cudnnBackendDescriptorType_t type);

void raqam_cuda_making_set (RaqamMaking *self, cudnnBackendAttributeName_t name,
                            cudnnBackendAttributeType_t type, gint64 n, gconstpointer values);

/* Attributes that are one descriptor, one number, one data type. */
void raqam_cuda_making_set_descriptor (RaqamMaking *self, cudnnBackendAttributeName_t name,
                                       cudnnBackendDescriptor_t value);
void raqam_cuda_making_set_int        (RaqamMaking *self, cudnnBackendAttributeName_t name,
                                       gint64 value);
void raqam_cuda_making_set_data_type  (RaqamMaking *self, cudnnBackendAttributeName_t name,
                                       cudnnDataType_t value);

/**
 * raqam_cuda_making_end:
 * @descriptor: (out): NULL where anything failed; else to be destroyed with
 *   raqam_cuda_descriptor_clear(), after whatever was made from it
 *
 * Finalises it. Returns: the first failure's status
 */
cudnnStatus_t raqam_cuda_making_end (RaqamMaking *self, cudnnBackendDescriptor_t *descriptor);

/* @descriptor may point to NULL, and does so afterwards. */
void raqam_cuda_descriptor_clear (cudnnBackendDescriptor_t *descriptor);

G_END_DECLS
