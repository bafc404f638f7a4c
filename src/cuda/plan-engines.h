/* plan-engines.h — which of cuDNN's engines may do a convolution, and how.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "cuda/plan-graph.h"

G_BEGIN_DECLS

#define RAQAM_MAX_KNOBS 32

/* Bytes. No plan is worth more of the GPU's memory: the device keeps it. */
#define RAQAM_MAX_WORKSPACE ((gint64) 1 << 30)

/* An engine and how its knobs are set: all that the plans of a graph differ by. */
typedef struct
{
  int engine;
  int n_knobs;
  int types[RAQAM_MAX_KNOBS]; /* cudnnBackendKnobType_t; unused ones are 0 */
  int values[RAQAM_MAX_KNOBS];
} RaqamPlanChoice;

/* A choice made real. */
typedef struct
{
  const RaqamPlanGraph    *graph;
  RaqamPlanChoice          choice;
  cudnnBackendDescriptor_t engine;
  cudnnBackendDescriptor_t config;
  cudnnBackendDescriptor_t plan;
  gsize                    workspace; /* bytes */
} RaqamPlanCandidate;

/**
 * raqam_cuda_plan_candidate_new:
 *
 * @graph must live as long.
 *
 * Returns: (transfer full): NULL where cuDNN refuses @choice, where it wants too much
 *   workspace, or where it is not allowed: an engine that is not deterministic, that
 *   rounds factors to less than they are (TF32 goes by the name of tensor cores) or
 *   adds in less than float; in RAQAM_PRECISION_F32 also tensor cores, and what does
 *   not add the products themselves (Winograd, FFT)
 */
RaqamPlanCandidate *raqam_cuda_plan_candidate_new  (const RaqamPlanGraph *graph,
                                                    const RaqamPlanChoice *choice,
                                                    RaqamPrecision precision);
void                raqam_cuda_plan_candidate_free (RaqamPlanCandidate *self);

/**
 * raqam_cuda_plan_candidates:
 * @candidates: (element-type RaqamPlanCandidate): what is found is added
 * @max: at most so many
 * @seconds: after which no further one is made, but the first
 *
 * What cuDNN's heuristics propose for @graph, each once, the best first: mode A's,
 * then B's, then the fallbacks.
 */
void raqam_cuda_plan_candidates (GPtrArray *candidates, const RaqamPlanGraph *graph,
                                 RaqamPrecision precision, int max, int seconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamPlanCandidate, raqam_cuda_plan_candidate_free)

G_END_DECLS
