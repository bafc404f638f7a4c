/* run-store.h — the runs that Raqam keeps: their trash, copies of them, their size.
 * SPDX-License-Identifier: MIT
 *
 * Those in raqam_runs_folder(). What is thrown away goes to the folder ".trash" in
 * it and can be taken back from there. A copy, while it is made, lies there too. All this works on the disk and may take as
 * long as the runs are large. Any thread.
 */

#pragma once

#include "engine/run.h"

G_BEGIN_DECLS

/* Returns: bytes in all files below @folder; links are not followed */
guint64 raqam_run_size (const char *folder);

/* Returns: @run's state, but "interrupted" where it says that it trains and nobody trains it */
const char *raqam_run_state_now (const RaqamRun *run);

/**
 * raqam_run_annotate:
 * @folder: a run's
 * @notes: (nullable): instead of those that it has; "" for none, NULL to leave them
 * @tags: (nullable): likewise, NULL-terminated
 *
 * Returns: FALSE with RAQAM_ERROR_RUN when the run is being trained (its training
 *   writes run.json), or cannot be read or written
 */
gboolean raqam_run_annotate (const char *folder, const char *notes, const char *const *tags,
                             GError **error);

/* Returns: (transfer full): the folder that thrown away runs lie in; it may not be there */
char *raqam_run_trash_folder (void);

/* Returns: (transfer full) (element-type filename): names of the runs in the trash, sorted */
GPtrArray *raqam_run_list_trash (void);

/**
 * raqam_run_throw_away:
 * @folder: a run's, readable or not
 *
 * Moves it to the trash, where it may get a number behind its name.
 *
 * Returns: (transfer full): its name there; NULL with RAQAM_ERROR_RUN when it is
 *   being trained, or does not lie in raqam_runs_folder()
 */
char *raqam_run_throw_away (const char *folder, GError **error);

/**
 * raqam_run_take_back:
 * @name: as raqam_run_throw_away() gave it
 *
 * Returns: (transfer full): the run's folder; NULL with RAQAM_ERROR_RUN when there
 *   is no such run in the trash, or another one has its name meanwhile
 */
char *raqam_run_take_back (const char *name, GError **error);

/**
 * raqam_run_empty_trash:
 * @freed: set to the bytes that were removed, also after a failure
 *
 * Returns: FALSE with RAQAM_ERROR_RUN when something could not be removed
 */
gboolean raqam_run_empty_trash (guint64 *freed, GError **error);

/**
 * raqam_run_duplicate:
 * @name: of the new run and its folder
 *
 * Makes a run in the state "new" with @run's recipe, data and tags, and no more.
 * Resuming begins it.
 *
 * Returns: (transfer full): its folder; NULL with RAQAM_ERROR_RUN when @name is
 *   taken or cannot be a folder's, or a G_FILE_ERROR
 */
char *raqam_run_duplicate (const RaqamRun *run, const char *name, GError **error);

/**
 * raqam_run_fork:
 * @checkpoint: one of @run's
 * @name: of the new run and its folder
 *
 * Makes a run that stands where @run stood at @checkpoint: that checkpoint, and
 * curves, quality and samples up to it. It appears whole or not at all.
 *
 * Returns: (transfer full): its folder; NULL with RAQAM_ERROR_RUN, a
 *   RAQAM_ERROR_CHECKPOINT when @checkpoint is damaged, or a G_FILE_ERROR
 */
char *raqam_run_fork (const RaqamRun *run, const char *checkpoint, const char *name,
                      GCancellable *cancellable, GError **error);

/* Returns: the step in a checkpoint's or a sample's name, "…/step-000000000938.png" */
guint64 raqam_run_step_of (const char *path);

/* Returns: how many epochs @run had done at @step, by the proportion that it keeps */
double raqam_run_epoch_of (const RaqamRun *run, guint64 step);

/**
 * raqam_run_find_checkpoint:
 * @epoch: looked for unless it is negative: the nearest, less than half an epoch away
 * @step: otherwise the one of this step
 *
 * Returns: (transfer full): its path; NULL with RAQAM_ERROR_RUN, which names those
 *   that are there
 */
char *raqam_run_find_checkpoint (const RaqamRun *run, double epoch, guint64 step, GError **error);

G_END_DECLS
