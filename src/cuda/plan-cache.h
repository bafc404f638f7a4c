/* plan-cache.h — which plan won, kept from one run of the program to the next.
 * SPDX-License-Identifier: MIT
 *
 * A small file a plan under raqam/plans of the user's cache folder, whole or not
 * there. A file that is missing, damaged or for something else is as none, and one
 * that cannot be written is not written. Any thread and any number of processes.
 */

#pragma once

#include "cuda/plan-engines.h"

G_BEGIN_DECLS

/* What a plan was chosen for. */
typedef struct
{
  const char           *device; /* RaqamDevice's key */
  RaqamConvPass         pass;
  const RaqamConvShape *shape;
  RaqamPrecision        precision;
} RaqamPlanKey;

/**
 * raqam_cuda_plan_cache_load:
 * @choice: (out): as it was saved; cuDNN may refuse it none the less
 * @narrow: (out): see raqam_cuda_plan_graph_init()
 *
 * Returns: whether there is one
 */
gboolean raqam_cuda_plan_cache_load (RaqamPlanChoice *choice, gboolean *narrow,
                                     const RaqamPlanKey *key);
void     raqam_cuda_plan_cache_save (const RaqamPlanKey *key, const RaqamPlanChoice *choice,
                                     gboolean narrow);

G_END_DECLS
