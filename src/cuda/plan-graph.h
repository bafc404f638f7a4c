/* plan-graph.h — a convolution as an operation graph of cuDNN's.
 * SPDX-License-Identifier: MIT
 *
 * These and plan-engines.h speak in cuDNN's statuses and need no device, so that
 * tests can ask the real cuDNN what it has for a GPU that is not there.
 */

#pragma once

#include "cuda/plan.h"

G_BEGIN_DECLS

/* Who plans are for. */
typedef struct
{
  cudnnHandle_t            handle;     /* NULL: for a GPU known by its properties alone, */
  cudnnBackendDescriptor_t properties; /* a DEVICEPROP descriptor (cuDNN 9.8 or newer) */
} RaqamPlanTarget;

/* The tensors' names in a plan. */
enum
{
  RAQAM_PLAN_IN = 1,
  RAQAM_PLAN_OUT,
  RAQAM_PLAN_WEIGHTS,
};

typedef struct
{
  RaqamPlanTarget target;

  cudnnBackendDescriptor_t in;
  cudnnBackendDescriptor_t out;
  cudnnBackendDescriptor_t weights;
  cudnnBackendDescriptor_t convolution;
  cudnnBackendDescriptor_t operation;
  cudnnBackendDescriptor_t graph;
} RaqamPlanGraph;

/**
 * raqam_cuda_plan_graph_init:
 * @self: overwritten; to be cleared whatever is returned
 * @precision: F32, TF32 or BF16
 * @narrow: whether BACKWARD_WEIGHTS in BF16 gives bf16, as some engines must
 *
 * The last rows and columns of @in that no window reaches are left out by cuDNN,
 * which rounds sizes of outputs down; so they must be fewer than the stride.
 */
cudnnStatus_t raqam_cuda_plan_graph_init  (RaqamPlanGraph *self, const RaqamPlanTarget *target,
                                           RaqamConvPass pass, const RaqamConvShape *shape,
                                           RaqamPrecision precision, gboolean narrow);
void          raqam_cuda_plan_graph_clear (RaqamPlanGraph *self);

G_END_DECLS
