/* plan-tournament.h — plans run against the clock.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "cuda/plan-engines.h"

G_BEGIN_DECLS

/* What a plan reads and writes, in device memory. */
typedef struct
{
  gpointer in;
  gpointer out;
  gpointer weights;   /* in the type that the plan's graph says */
  gpointer workspace; /* as large as the plan asks; may be NULL where it asks nothing */
} RaqamPlanMemory;

/* Starts @plan on the device's stream; may be recorded. */
gboolean raqam_cuda_plan_execute (RaqamDevice *device, const RaqamPlanCandidate *plan,
                                  const RaqamPlanMemory *memory, GError **error);

/**
 * raqam_cuda_plan_tournament:
 * @candidates: (element-type RaqamPlanCandidate): afterwards the fastest first; those
 *   that cannot be run, or not be recorded, are gone
 *
 * Runs each of them a few times, on zeros, in memory taken for that.
 *
 * Returns: FALSE where there was no memory for it; @candidates are as they were
 */
gboolean raqam_cuda_plan_tournament (RaqamDevice *device, GPtrArray *candidates,
                                     const RaqamConvShape *shape);

G_END_DECLS
