/* test-cuda-mistakes.c — what cuDNN refuses in a convolution, and what not.
 * SPDX-License-Identifier: MIT
 *
 * Built twice, against the real cuDNN and the emulated one, so that the latter
 * lets no mistake through that the former would find on a user's GPU. */

#include "cuda/descriptor.h"

/* A convolution's sizes and what may be wrong with them. */
typedef struct
{
  const char *path;
  gboolean    right;
  gint64      in[4];      /* N, C, H, W */
  gint64      out[4];
  gint64      weights[4]; /* K, C, R, S */
  gint64      before;
  gint64      after;
  gint64      stride;
  gint64      alignment;
} Sizes;

#define IN { 2, 8, 6, 6 }
#define OUT { 2, 16, 3, 3 }
#define WEIGHTS { 16, 8, 3, 3 }

static const Sizes sizes[] = {
  { "right", TRUE, IN, OUT, WEIGHTS, 1, 0, 2, 16 },
  { "rounded-down", TRUE, IN, OUT, WEIGHTS, 1, 1, 2, 16 },
  { "asymmetric", TRUE, IN, OUT, WEIGHTS, 0, 1, 2, 16 },
  { "rows-left-out", TRUE, { 2, 8, 8, 8 }, OUT, { 16, 8, 1, 1 }, 0, 0, 3, 16 },
  { "batch", FALSE, IN, { 3, 16, 3, 3 }, WEIGHTS, 1, 0, 2, 16 },
  { "height", FALSE, IN, { 2, 16, 4, 3 }, WEIGHTS, 1, 0, 2, 16 },
  { "width", FALSE, IN, { 2, 16, 3, 2 }, WEIGHTS, 1, 0, 2, 16 },
  { "channels-out", FALSE, IN, { 2, 8, 3, 3 }, WEIGHTS, 1, 0, 2, 16 },
  { "channels-in", FALSE, IN, OUT, { 16, 16, 3, 3 }, 1, 0, 2, 16 },
  { "padding-before", FALSE, IN, OUT, WEIGHTS, -1, 2, 2, 16 },
  { "padding-after", FALSE, IN, OUT, WEIGHTS, 2, -1, 2, 16 },
  { "stride", FALSE, IN, OUT, WEIGHTS, 1, 0, 0, 16 },
  { "alignment", FALSE, IN, OUT, WEIGHTS, 1, 0, 2, 2 },
};

static cudnnStatus_t
make_tensor (cudnnBackendDescriptor_t *tensor, gint64 name, const gint64 size[4],
             gint64 alignment)
{
  gint64 strides[4] = { size[1] * size[2] * size[3], 1, size[3] * size[1], size[1] };
  RaqamMaking making = raqam_cuda_making (CUDNN_BACKEND_TENSOR_DESCRIPTOR);

  raqam_cuda_making_set_int (&making, CUDNN_ATTR_TENSOR_UNIQUE_ID, name);
  raqam_cuda_making_set_data_type (&making, CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_DATA_FLOAT);
  raqam_cuda_making_set_int (&making, CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, alignment);
  raqam_cuda_making_set (&making, CUDNN_ATTR_TENSOR_DIMENSIONS, CUDNN_TYPE_INT64, 4, size);
  raqam_cuda_making_set (&making, CUDNN_ATTR_TENSOR_STRIDES, CUDNN_TYPE_INT64, 4, strides);
  return raqam_cuda_making_end (&making, tensor);
}

static cudnnStatus_t
make_convolution (cudnnBackendDescriptor_t *convolution, const Sizes *self)
{
  cudnnConvolutionMode_t mode = CUDNN_CROSS_CORRELATION;
  gint64 ones[2] = { 1, 1 };
  gint64 strides[2] = { self->stride, self->stride };
  gint64 before[2] = { self->before, self->before };
  gint64 after[2] = { self->after, self->after };
  RaqamMaking making = raqam_cuda_making (CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR);

  raqam_cuda_making_set_int (&making, CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, 2);
  raqam_cuda_making_set_data_type (&making, CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_DATA_FLOAT);
  raqam_cuda_making_set (&making, CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_TYPE_CONVOLUTION_MODE,
                         1, &mode);
  raqam_cuda_making_set (&making, CUDNN_ATTR_CONVOLUTION_DILATIONS, CUDNN_TYPE_INT64, 2, ones);
  raqam_cuda_making_set (&making, CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, CUDNN_TYPE_INT64, 2,
                         strides);
  raqam_cuda_making_set (&making, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, CUDNN_TYPE_INT64, 2,
                         before);
  raqam_cuda_making_set (&making, CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, CUDNN_TYPE_INT64, 2,
                         after);
  return raqam_cuda_making_end (&making, convolution);
}

static cudnnStatus_t
make_operation (cudnnBackendDescriptor_t *operation, const cudnnBackendDescriptor_t tensors[3],
                cudnnBackendDescriptor_t convolution)
{
  double alpha = 1.0, beta = 0.0;
  RaqamMaking making = raqam_cuda_making (CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR);

  raqam_cuda_making_set_descriptor (&making, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
                                    convolution);
  raqam_cuda_making_set_descriptor (&making, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
                                    tensors[0]);
  raqam_cuda_making_set_descriptor (&making, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y,
                                    tensors[1]);
  raqam_cuda_making_set_descriptor (&making, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
                                    tensors[2]);
  raqam_cuda_making_set (&making, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA,
                         CUDNN_TYPE_DOUBLE, 1, &alpha);
  raqam_cuda_making_set (&making, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA,
                         CUDNN_TYPE_DOUBLE, 1, &beta);
  return raqam_cuda_making_end (&making, operation);
}

static void
test_sizes (gconstpointer data)
{
  const Sizes *self = data;
  cudnnBackendDescriptor_t tensors[3] = { NULL }, convolution = NULL, operation = NULL;
  cudnnStatus_t status = make_tensor (&tensors[0], 1, self->in, self->alignment);

  if (status == CUDNN_STATUS_SUCCESS)
    status = make_tensor (&tensors[1], 2, self->out, 16);
  if (status == CUDNN_STATUS_SUCCESS)
    status = make_tensor (&tensors[2], 3, self->weights, 16);
  if (status == CUDNN_STATUS_SUCCESS)
    status = make_convolution (&convolution, self);
  if (status == CUDNN_STATUS_SUCCESS)
    status = make_operation (&operation, tensors, convolution);
  g_assert_cmpint (status, ==, self->right ? CUDNN_STATUS_SUCCESS : CUDNN_STATUS_BAD_PARAM);

  raqam_cuda_descriptor_clear (&operation);
  raqam_cuda_descriptor_clear (&convolution);
  for (int i = 0; i < 3; i++)
    raqam_cuda_descriptor_clear (&tensors[i]);
}

/* Attributes of another type, of another descriptor, too many, too early, too late. */
static void
test_attributes (void)
{
  const gint64 size[4] = IN;
  const float number = 1.0f;
  cudnnBackendDescriptor_t tensor, empty;
  gint64 got[4], n = 0;

  g_assert_cmpint (make_tensor (&tensor, 7, size, 16), ==, CUDNN_STATUS_SUCCESS);
  g_assert_cmpint (cudnnBackendCreateDescriptor (CUDNN_BACKEND_TENSOR_DESCRIPTOR, &empty), ==,
                   CUDNN_STATUS_SUCCESS);

#define SET(of, name, type, count, values) \
  cudnnBackendSetAttribute (of, CUDNN_ATTR_##name, CUDNN_TYPE_##type, count, values)
#define GET(of, name, type, count, values) \
  cudnnBackendGetAttribute (of, CUDNN_ATTR_##name, CUDNN_TYPE_##type, count, &n, values)
  g_assert_cmpint (SET (tensor, TENSOR_UNIQUE_ID, INT64, 1, size), ==, CUDNN_STATUS_BAD_PARAM);
  g_assert_cmpint (SET (empty, TENSOR_UNIQUE_ID, FLOAT, 1, &number), ==,
                   CUDNN_STATUS_BAD_PARAM_ATTRIBUTE_TYPE);
  g_assert_cmpint (SET (empty, TENSOR_UNIQUE_ID, INT64, 2, size), ==, CUDNN_STATUS_BAD_PARAM);
  g_assert_cmpint (SET (empty, TENSOR_DIMENSIONS, INT64, 0, size), ==, CUDNN_STATUS_BAD_PARAM);
  g_assert_cmpint (SET (empty, TENSOR_DIMENSIONS, INT64, 4, NULL), ==, CUDNN_STATUS_BAD_PARAM);
  g_assert_cmpint (SET (empty, CONVOLUTION_SPATIAL_DIMS, INT64, 1, size), ==,
                   CUDNN_STATUS_BAD_PARAM);
  g_assert_cmpint (GET (empty, TENSOR_UNIQUE_ID, INT64, 1, got), ==,
                   CUDNN_STATUS_NOT_INITIALIZED);
  g_assert_cmpint (GET (tensor, TENSOR_UNIQUE_ID, FLOAT, 1, got), ==,
                   CUDNN_STATUS_BAD_PARAM_ATTRIBUTE_TYPE);
  g_assert_cmpint (GET (tensor, CONVOLUTION_SPATIAL_DIMS, INT64, 1, got), ==,
                   CUDNN_STATUS_BAD_PARAM);
  g_assert_cmpint (cudnnBackendFinalize (tensor), ==, CUDNN_STATUS_BAD_PARAM);
  g_assert_cmpint (cudnnBackendFinalize (empty), ==, CUDNN_STATUS_BAD_PARAM);

  g_assert_cmpint (GET (tensor, TENSOR_DIMENSIONS, INT64, 0, NULL), ==, CUDNN_STATUS_SUCCESS);
  g_assert_cmpint (n, ==, 4);
  g_assert_cmpint (GET (tensor, TENSOR_DIMENSIONS, INT64, 2, got), ==, CUDNN_STATUS_SUCCESS);
  g_assert_cmpint (n, ==, 2);
  g_assert_cmpmem (got, 2 * sizeof *got, size, 2 * sizeof *size);
#undef SET
#undef GET

  raqam_cuda_descriptor_clear (&tensor);
  raqam_cuda_descriptor_clear (&empty);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *path = g_strconcat ("/cuda-mistakes/", sizes[i].path, NULL);

      g_test_add_data_func (path, &sizes[i], test_sizes);
    }
  g_test_add_func ("/cuda-mistakes/attributes", test_attributes);

  return g_test_run ();
}
