/* plan.c — a convolution of fixed shape, on cuDNN's backend (graph) API.
 * SPDX-License-Identifier: MIT
 *
 * The gradient of weights is wanted in float. In bf16 some of cuDNN's engines give
 * it so (runtime-compiled ones, on Hopper) and the others only in bf16: both kinds
 * compete, and what the latter give, 8 bits of each sum, is made float behind the
 * engine's workspace. The rounding is far below what bf16 activations do to a
 * gradient; the sums themselves are float either way. */

#include "cuda/plan.h"

#include "cuda/edge.h"
#include "cuda/kernels-pack.h"
#include "cuda/plan-cache.h"
#include "cuda/plan-tournament.h"

#include <glib/gi18n-lib.h>

/* Candidates of a graph that are run; and seconds that making them may take, for an
 * engine that cuDNN compiles at run time can take one. A convolution of few operations
 * gains little, and Explore's pictures stand still until theirs are planned. */
static const int max_candidates[] = { 12, 4 };
static const int max_seconds[] = { 4, 1 };

#define FEW_OPERATIONS 2e9

#define ALIGNMENT 256

struct _RaqamConvPlan
{
  RaqamDevice   *device;
  RaqamConvPass  pass;
  RaqamConvShape shape;
  RaqamPlanGraph graphs[2]; /* by narrow; those not asked for are empty */

  RaqamPlanCandidate *winner;
};

gsize
raqam_cuda_plan_n_weights (const RaqamConvShape *shape)
{
  return (gsize) raqam_cuda_padded (shape->out_c) * shape->kernel * shape->kernel
         * raqam_cuda_padded (shape->in_c);
}

static gboolean
has_few_operations (const RaqamConvShape *shape)
{
  double outputs = (double) shape->n * shape->out_h * shape->out_w;

  return 2 * outputs * (double) raqam_cuda_plan_n_weights (shape) < FEW_OPERATIONS;
}

static gboolean
may_be_narrow (const RaqamConvPlan *self)
{
  return self->pass == RAQAM_CONV_BACKWARD_WEIGHTS
         && self->device->precision == RAQAM_PRECISION_BF16;
}

static gboolean
is_narrow (const RaqamConvPlan *self, const RaqamPlanCandidate *candidate)
{
  return candidate->graph == &self->graphs[TRUE];
}

/* Where the weights' gradient in bf16 begins: in the workspace, behind the engine's. */
static gsize
narrow_offset (const RaqamPlanCandidate *candidate)
{
  return (candidate->workspace + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static gsize
workspace_size (const RaqamConvPlan *self, const RaqamPlanCandidate *candidate)
{
  if (!is_narrow (self, candidate))
    return candidate->workspace;
  return narrow_offset (candidate) + raqam_cuda_plan_n_weights (&self->shape) * 2;
}

static RaqamPlanKey
key_of (const RaqamConvPlan *self)
{
  return (RaqamPlanKey) {
    .device = self->device->key,
    .pass = self->pass,
    .shape = &self->shape,
    .precision = self->device->precision,
  };
}

static cudnnStatus_t
make_graph (RaqamConvPlan *self, gboolean narrow)
{
  RaqamPlanTarget target = { .handle = self->device->cudnn };

  return raqam_cuda_plan_graph_init (&self->graphs[narrow], &target, self->pass, &self->shape,
                                     self->device->precision, narrow);
}

static gboolean
keep (RaqamConvPlan *self, RaqamPlanCandidate *candidate, GError **error)
{
  if (!raqam_cuda_reserve_workspace (self->device, workspace_size (self, candidate), error))
    return FALSE;

  self->winner = candidate;
  return TRUE;
}

static gboolean
take_cached (RaqamConvPlan *self)
{
  RaqamPlanKey key = key_of (self);
  g_autoptr (RaqamPlanCandidate) candidate = NULL;
  RaqamPlanChoice choice;
  gboolean narrow;

  if (!raqam_cuda_plan_cache_load (&choice, &narrow, &key) || (narrow && !may_be_narrow (self)))
    return FALSE;
  if (make_graph (self, narrow) == CUDNN_STATUS_SUCCESS)
    candidate = raqam_cuda_plan_candidate_new (&self->graphs[narrow], &choice,
                                               self->device->precision);
  if (candidate != NULL && keep (self, candidate, NULL))
    {
      candidate = NULL;
      return TRUE;
    }

  g_clear_pointer (&candidate, raqam_cuda_plan_candidate_free);
  raqam_cuda_plan_graph_clear (&self->graphs[narrow]);
  return FALSE;
}

static gboolean
fail_no_plan (const RaqamConvPlan *self, GError **error)
{
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
               _("cuDNN has no reproducible way to do a convolution of %d × %d kernels and "
                 "stride %d from %d × %d × %d to %d × %d × %d on this GPU."),
               self->shape.kernel, self->shape.kernel, self->shape.stride, self->shape.in_h,
               self->shape.in_w, self->shape.in_c, self->shape.out_h, self->shape.out_w,
               self->shape.out_c);
  return FALSE;
}

/* The fastest whose workspace can be had. Without memory to run them in, cuDNN's
 * own guess has to do, and is not kept for the next time. */
static gboolean
take_fastest (RaqamConvPlan *self, GPtrArray *candidates, GError **error)
{
  RaqamPlanKey key = key_of (self);
  gboolean measured = raqam_cuda_plan_tournament (self->device, candidates, &self->shape);

  if (candidates->len == 0)
    return fail_no_plan (self, error);

  while (self->winner == NULL)
    {
      g_autoptr (RaqamPlanCandidate) candidate = g_ptr_array_steal_index (candidates, 0);
      gboolean last = candidates->len == 0;

      if (keep (self, candidate, last ? error : NULL))
        g_steal_pointer (&candidate);
      else if (last)
        return FALSE;
    }

  if (measured)
    raqam_cuda_plan_cache_save (&key, &self->winner->choice, is_narrow (self, self->winner));
  return TRUE;
}

static gboolean
compete (RaqamConvPlan *self, GError **error)
{
  g_autoptr (GPtrArray) candidates
      = g_ptr_array_new_with_free_func ((GDestroyNotify) raqam_cuda_plan_candidate_free);
  int few = has_few_operations (&self->shape) ? 1 : 0;

  for (int narrow = FALSE; narrow <= may_be_narrow (self); narrow++)
    {
      if (!raqam_cudnn_check (make_graph (self, narrow), "planning a convolution", error))
        return FALSE;
      raqam_cuda_plan_candidates (candidates, &self->graphs[narrow], self->device->precision,
                                  max_candidates[few], max_seconds[few]);
    }

  return take_fastest (self, candidates, error);
}

RaqamConvPlan *
raqam_cuda_plan_new (RaqamDevice *device, RaqamConvPass pass, const RaqamConvShape *shape,
                     GError **error)
{
  RaqamConvPlan *self = g_new0 (RaqamConvPlan, 1);

  self->device = device;
  self->pass = pass;
  self->shape = *shape;
  if (!take_cached (self) && !compete (self, error))
    {
      raqam_cuda_plan_free (self);
      return NULL;
    }

  return self;
}

void
raqam_cuda_plan_free (RaqamConvPlan *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->winner, raqam_cuda_plan_candidate_free);
  raqam_cuda_plan_graph_clear (&self->graphs[FALSE]);
  raqam_cuda_plan_graph_clear (&self->graphs[TRUE]);
  g_free (self);
}

gboolean
raqam_cuda_plan_run (RaqamConvPlan *self, gpointer in, gpointer out, gpointer weights,
                     GError **error)
{
  RaqamDevice *device = self->device;
  RaqamPlanMemory memory = { in, out, weights, device->workspace };

  if (!is_narrow (self, self->winner))
    return raqam_cuda_plan_execute (device, self->winner, &memory, error);

  memory.weights = (char *) device->workspace + narrow_offset (self->winner);
  if (!raqam_cuda_plan_execute (device, self->winner, &memory, error))
    return FALSE;
  raqam_cuda_launch_widen (weights, memory.weights, raqam_cuda_plan_n_weights (&self->shape),
                           device->stream);
  return raqam_cuda_check_launches ("gradients of weights", error);
}
