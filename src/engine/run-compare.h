/* run-compare.h — how runs stand, and in which settings they differ.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/run.h"

G_BEGIN_DECLS

/* What quality.csv says of a run; NAN where it says nothing. */
typedef struct
{
  double accuracy; /* of the newest judged checkpoint, 0 to 1 */
  double frechet;
  double judged_epoch;
  double best_accuracy; /* of raqam_timeline_best() */
  double best_frechet;
  double best_epoch;
} RaqamRunFigures;

/* @figures: overwritten. Reads one file. */
void raqam_run_figures_read (RaqamRunFigures *figures, const char *folder);

typedef struct
{
  char  *name;   /* "optimizer.generator_rate", "generator.2.filters": layers count from 1 */
  char **values; /* as in the recipe's JSON, strings without quotes; NULL where there is none */
} RaqamRunSetting;

/**
 * raqam_run_settings:
 * @runs: (array length=n_runs): at least one
 * @differing: only those in which not all runs agree
 *
 * The recipes' fields under flattened names, save title and description, and the
 * data's checksum as "data_checksum"; in the order of the first recipe that has them.
 *
 * Returns: (transfer full) (element-type RaqamRunSetting): each with @n_runs values
 */
GPtrArray *raqam_run_settings (const RaqamRun *const *runs, guint n_runs, gboolean differing);

G_END_DECLS
