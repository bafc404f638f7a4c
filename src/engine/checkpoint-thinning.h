/* checkpoint-thinning.h — which checkpoints of a run can go, and that they go.
 * SPDX-License-Identifier: MIT
 *
 * The rule: the newest whole one stays, and whatever is newer than it; the first;
 * the one that was judged best (raqam_timeline_best()); and of the rest one, the
 * first, of each stretch of so many epochs.
 */

#pragma once

#include "engine/run.h"

G_BEGIN_DECLS

typedef enum
{
  RAQAM_KEPT_NOT,
  RAQAM_KEPT_NEWEST,  /* and what is newer, but damaged */
  RAQAM_KEPT_BEST,
  RAQAM_KEPT_FIRST,
  RAQAM_KEPT_STRETCH, /* the only one of its stretch that stays */
} RaqamKept;

typedef struct
{
  char     *path;
  guint64   step;
  double    epoch;
  guint64   size; /* in bytes */
  RaqamKept kept;
} RaqamThinned;

/**
 * raqam_thinning_plan:
 * @every: epochs in a stretch, above 0; INFINITY for none at all
 * @error: RAQAM_ERROR_RUN when there is no whole checkpoint: nothing may go then
 *
 * Changes nothing. The newest checkpoint is read and its checksum compared.
 *
 * Returns: (transfer full) (element-type RaqamThinned): all checkpoints, oldest first
 */
GPtrArray *raqam_thinning_plan (const RaqamRun *run, double every, GError **error);

/* Returns: bytes of those in @plan that do not stay */
guint64 raqam_thinning_size (const GPtrArray *plan);

/**
 * raqam_thinning_apply:
 * @run: of which @plan was made
 *
 * Removes what does not stay; what is gone already is no error.
 *
 * Returns: FALSE with RAQAM_ERROR_RUN when the run is being trained, or one could not
 *   be removed
 */
gboolean raqam_thinning_apply (const RaqamRun *run, const GPtrArray *plan, GError **error);

G_END_DECLS
