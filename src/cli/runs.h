/* runs.h — what the subcommands of raqam-cli runs share.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "cli/command.h"
#include "engine/run.h"

G_BEGIN_DECLS

/* Each runs one subcommand. @arguments: NULL-terminated, its name first.
 * Returns: the exit status */
int raqam_runs_list        (char **arguments);
int raqam_runs_show        (char **arguments);
int raqam_runs_compare     (char **arguments);
int raqam_runs_delete      (char **arguments);
int raqam_runs_restore     (char **arguments);
int raqam_runs_empty_trash (char **arguments);
int raqam_runs_thin        (char **arguments);
int raqam_runs_fork        (char **arguments);
int raqam_runs_duplicate   (char **arguments);
int raqam_runs_note        (char **arguments);
int raqam_runs_tag         (char **arguments);
int raqam_runs_tensorboard (char **arguments);

extern const RaqamCommand raqam_runs_list_command;
extern const RaqamCommand raqam_runs_show_command;
extern const RaqamCommand raqam_runs_compare_command;
extern const RaqamCommand raqam_runs_delete_command;
extern const RaqamCommand raqam_runs_restore_command;
extern const RaqamCommand raqam_runs_empty_trash_command;
extern const RaqamCommand raqam_runs_thin_command;
extern const RaqamCommand raqam_runs_fork_command;
extern const RaqamCommand raqam_runs_duplicate_command;
extern const RaqamCommand raqam_runs_note_command;
extern const RaqamCommand raqam_runs_tag_command;
extern const RaqamCommand raqam_runs_tensorboard_command;

/**
 * raqam_runs_parse:
 * @n_min: how many operands there must be
 * @n_max: how many there may be
 * @missing: what to say where there are fewer: "name a run"
 *
 * As raqam_command_parse().
 */
gboolean raqam_runs_parse (const RaqamCommand *command, char **arguments, guint n_min, guint n_max,
                           const char *missing, char ***operands, int *status);

/* Returns: (transfer full): the folder of the run that a person called @name: one in the
 *   folder of runs, or else a path; it need not be there */
char *raqam_runs_folder_of (const char *name);

/* Returns: (transfer full): that run; NULL with RAQAM_ERROR_RUN */
RaqamRun *raqam_runs_load (const char *name, GError **error);

G_END_DECLS
