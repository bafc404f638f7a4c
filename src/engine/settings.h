/* settings.h — what a run is started with.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/backend.h"
#include "engine/recipe.h"

G_BEGIN_DECLS

/* Plain data; raqam_engine_train() copies it. */
typedef struct
{
  RaqamRecipe       *recipe;      /* NULL when resuming: the run's own */
  const char *const *data;        /* paths for raqam_dataset_load(); NULL when resuming: the run's own */
  const char        *run_folder;  /* made if it does not exist */
  const char        *name;        /* shown to people; NULL for the folder's name */
  gboolean           resume;      /* go on from the folder's newest checkpoint; otherwise
                                   * a folder that already holds a run is refused */
  int                epochs;      /* more than 0 replaces the recipe's (or the resumed run's) */
  double             minutes;     /* more than 0: stop after so many, with a checkpoint */
  const char        *device;      /* "auto", "cpu" or "cuda" */
  RaqamPrecision     precision;
  int                n_threads;   /* 0: all cores, or all but one with background */
  gboolean           background;  /* leave room for a window: one core fewer, nice 10 */
  int                sample_rows; /* rows of the sample grid, 1 to 10 */
} RaqamTrainSettings;

RaqamTrainSettings *raqam_train_settings_copy (const RaqamTrainSettings *self);
void                raqam_train_settings_free (RaqamTrainSettings *self); /* of a copy */

G_END_DECLS
