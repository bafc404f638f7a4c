/* plan-graph.c — a convolution as an operation graph of cuDNN's.
 * SPDX-License-Identifier: MIT */

#include "cuda/plan-graph.h"

#include "cuda/descriptor.h"
#include "cuda/edge.h"

/* Where each kind of operation keeps what all of them have. */
typedef struct
{
  cudnnBackendDescriptorType_t type;
  cudnnBackendAttributeName_t  convolution;
  cudnnBackendAttributeName_t  in;
  cudnnBackendAttributeName_t  out;
  cudnnBackendAttributeName_t  weights;
  cudnnBackendAttributeName_t  alpha;
  cudnnBackendAttributeName_t  beta;
} Operation;

static const Operation operations[] = {
  [RAQAM_CONV_FORWARD] = {
    CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR,
    CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
    CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
    CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y,
    CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
    CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA,
    CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA,
  },
  [RAQAM_CONV_BACKWARD_DATA] = {
    CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR,
    CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
    CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
    CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY,
    CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
    CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA,
    CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA,
  },
  [RAQAM_CONV_BACKWARD_WEIGHTS] = {
    CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR,
    CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
    CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
    CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY,
    CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
    CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA,
    CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA,
  },
};

/* (@n, @h, @w, @c padded) in memory; cuDNN names sizes in the order N, C, H, W. */
static cudnnStatus_t
make_tensor (cudnnBackendDescriptor_t *tensor, gint64 name, int n, int h, int w, int c,
             cudnnDataType_t type)
{
  gint64 stride = raqam_cuda_padded (c);
  gint64 sizes[4] = { n, stride, h, w };
  gint64 strides[4] = { h * w * stride, 1, w * stride, stride };
  RaqamMaking making = raqam_cuda_making (CUDNN_BACKEND_TENSOR_DESCRIPTOR);

  raqam_cuda_making_set_int (&making, CUDNN_ATTR_TENSOR_UNIQUE_ID, name);
  raqam_cuda_making_set_data_type (&making, CUDNN_ATTR_TENSOR_DATA_TYPE, type);
  raqam_cuda_making_set_int (&making, CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, 16);
  raqam_cuda_making_set (&making, CUDNN_ATTR_TENSOR_DIMENSIONS, CUDNN_TYPE_INT64, 4, sizes);
  raqam_cuda_making_set (&making, CUDNN_ATTR_TENSOR_STRIDES, CUDNN_TYPE_INT64, 4, strides);
  return raqam_cuda_making_end (&making, tensor);
}

/* Rows below that the last window needs. */
static gint64
trailing_pad (int in, int out, const RaqamConvShape *shape)
{
  int needed = (out - 1) * shape->stride + shape->kernel - shape->pad - in;

  g_return_val_if_fail (-needed < shape->stride, 0);
  return MAX (needed, 0);
}

static cudnnStatus_t
make_convolution (cudnnBackendDescriptor_t *convolution, const RaqamConvShape *shape)
{
  cudnnConvolutionMode_t mode = CUDNN_CROSS_CORRELATION;
  gint64 dilations[2] = { 1, 1 };
  gint64 strides[2] = { shape->stride, shape->stride };
  gint64 before[2] = { shape->pad, shape->pad };
  gint64 after[2] = { trailing_pad (shape->in_h, shape->out_h, shape),
                      trailing_pad (shape->in_w, shape->out_w, shape) };
  RaqamMaking making = raqam_cuda_making (CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR);

  raqam_cuda_making_set_int (&making, CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, 2);
  raqam_cuda_making_set_data_type (&making, CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_DATA_FLOAT);
  raqam_cuda_making_set (&making, CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_TYPE_CONVOLUTION_MODE,
                         1, &mode);
  raqam_cuda_making_set (&making, CUDNN_ATTR_CONVOLUTION_DILATIONS, CUDNN_TYPE_INT64, 2,
                         dilations);
  raqam_cuda_making_set (&making, CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, CUDNN_TYPE_INT64, 2,
                         strides);
  raqam_cuda_making_set (&making, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, CUDNN_TYPE_INT64, 2,
                         before);
  raqam_cuda_making_set (&making, CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, CUDNN_TYPE_INT64, 2,
                         after);
  return raqam_cuda_making_end (&making, convolution);
}

static cudnnStatus_t
make_operation (RaqamPlanGraph *self, const Operation *operation)
{
  double alpha = 1.0, beta = 0.0;
  RaqamMaking making = raqam_cuda_making (operation->type);

  raqam_cuda_making_set_descriptor (&making, operation->convolution, self->convolution);
  raqam_cuda_making_set_descriptor (&making, operation->in, self->in);
  raqam_cuda_making_set_descriptor (&making, operation->out, self->out);
  raqam_cuda_making_set_descriptor (&making, operation->weights, self->weights);
  raqam_cuda_making_set (&making, operation->alpha, CUDNN_TYPE_DOUBLE, 1, &alpha);
  raqam_cuda_making_set (&making, operation->beta, CUDNN_TYPE_DOUBLE, 1, &beta);
  return raqam_cuda_making_end (&making, &self->operation);
}

static cudnnStatus_t
make_graph (RaqamPlanGraph *self)
{
  RaqamMaking making = raqam_cuda_making (CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR);

  if (self->target.handle != NULL)
    raqam_cuda_making_set (&making, CUDNN_ATTR_OPERATIONGRAPH_HANDLE, CUDNN_TYPE_HANDLE, 1,
                           &self->target.handle);
  raqam_cuda_making_set_descriptor (&making, CUDNN_ATTR_OPERATIONGRAPH_OPS, self->operation);
  return raqam_cuda_making_end (&making, &self->graph);
}

cudnnStatus_t
raqam_cuda_plan_graph_init (RaqamPlanGraph *self, const RaqamPlanTarget *target,
                            RaqamConvPass pass, const RaqamConvShape *shape,
                            RaqamPrecision precision, gboolean narrow)
{
  cudnnDataType_t type = precision == RAQAM_PRECISION_BF16 ? CUDNN_DATA_BFLOAT16
                                                           : CUDNN_DATA_FLOAT;
  cudnnDataType_t weights = pass == RAQAM_CONV_BACKWARD_WEIGHTS && !narrow ? CUDNN_DATA_FLOAT
                                                                           : type;
  cudnnStatus_t status;

  *self = (RaqamPlanGraph) { .target = *target };
  status = make_tensor (&self->in, RAQAM_PLAN_IN, shape->n, shape->in_h, shape->in_w,
                        shape->in_c, type);
  if (status == CUDNN_STATUS_SUCCESS)
    status = make_tensor (&self->out, RAQAM_PLAN_OUT, shape->n, shape->out_h, shape->out_w,
                          shape->out_c, type);
  if (status == CUDNN_STATUS_SUCCESS)
    status = make_tensor (&self->weights, RAQAM_PLAN_WEIGHTS, raqam_cuda_padded (shape->out_c),
                          shape->kernel, shape->kernel, shape->in_c, weights);
  if (status == CUDNN_STATUS_SUCCESS)
    status = make_convolution (&self->convolution, shape);
  if (status == CUDNN_STATUS_SUCCESS)
    status = make_operation (self, &operations[pass]);
  if (status == CUDNN_STATUS_SUCCESS)
    status = make_graph (self);

  return status;
}

void
raqam_cuda_plan_graph_clear (RaqamPlanGraph *self)
{
  raqam_cuda_descriptor_clear (&self->graph);
  raqam_cuda_descriptor_clear (&self->operation);
  raqam_cuda_descriptor_clear (&self->convolution);
  raqam_cuda_descriptor_clear (&self->weights);
  raqam_cuda_descriptor_clear (&self->out);
  raqam_cuda_descriptor_clear (&self->in);
}
