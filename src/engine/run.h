/* run.h — a run's folder: run.json, metrics.csv, checkpoints/, samples/.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gio/gio.h>

#include "engine/recipe.h"

G_BEGIN_DECLS

/* What run.json says. */
typedef struct
{
  char        *folder;
  char        *name;      /* shown to people */
  char        *state;     /* "new", "training", "paused", "stopped", "finished",
                           * "failed"; new: not begun, and without a checkpoint */
  char        *message;   /* why it failed, or NULL */
  char        *notes;     /* what a person wrote about it, or NULL */
  char       **tags;      /* NULL for none */
  RaqamRecipe *recipe;    /* with the user's changes in it */
  char       **data;      /* paths it trained on */
  char        *data_checksum;
  guint64      step;      /* of the newest checkpoint */
  double       epoch;
  gint64       created;   /* Unix seconds */
  gint64       changed;
} RaqamRun;

/* Returns: (transfer full): the folder that holds all runs, $XDG_DATA_HOME/raqam/runs */
char *raqam_runs_folder (void);

/* Returns: (transfer full): a folder name not yet used, below raqam_runs_folder(); not made */
char *raqam_run_new_folder (const char *recipe_name);

/**
 * raqam_run_load:
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_RUN when @folder holds no readable run.json
 */
RaqamRun *raqam_run_load (const char *folder, GError **error);
gboolean  raqam_run_save (const RaqamRun *self, GError **error);
void      raqam_run_free (RaqamRun *self);

/**
 * raqam_run_is_resumable:
 *
 * Returns: whether it has a checkpoint and was not finished
 */
gboolean raqam_run_is_resumable (const RaqamRun *self);

/* Returns: (transfer full) (element-type RaqamRun): all readable runs, newest change first */
GPtrArray *raqam_run_list (void);

/* Returns: (transfer full): FOLDER's of "FOLDER/checkpoints/step-….safetensors" where that is
 *   a run's; else NULL */
RaqamRun *raqam_run_of_checkpoint (const char *path);

/* Returns: (transfer full) (element-type filename): paths of the checkpoints in @folder,
 *   newest first, whole or not; a name holds its step in twelve digits */
GPtrArray *raqam_run_list_checkpoints (const char *folder);

/**
 * raqam_run_newest_checkpoint:
 *
 * Returns: (transfer full): path of the newest checkpoint in @folder whose checksum
 *   holds, or NULL with RAQAM_ERROR_RUN
 */
char *raqam_run_newest_checkpoint (const char *folder, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamRun, raqam_run_free)

G_END_DECLS
