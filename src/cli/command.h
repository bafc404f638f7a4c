/* command.h — what raqam-cli's commands share: options, messages, exit status.
 * SPDX-License-Identifier: MIT
 *
 * Messages are English and UTF-8 whatever the locale, and go to standard error;
 * results go to standard output. Numbers are in C's notation. Options with a
 * value are G_OPTION_ARG_FILENAME, which GLib leaves as they were typed.
 */

#pragma once

#include <stdio.h>

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RAQAM_EXIT_DONE = 0,
  RAQAM_EXIT_FAILED = 1,
  RAQAM_EXIT_MISUSED = 2,
  RAQAM_EXIT_SIGNAL = 128, /* and the signal's number: 130 after Ctrl-C */
} RaqamExit;

typedef struct
{
  const char         *name;
  const char         *summary;  /* one line, for the list of commands */
  const char         *usage;    /* what follows the name, after the options */
  const char         *help;     /* below the options: how it behaves, examples */
  const GOptionEntry *entries;
} RaqamCommand;

/* Each runs one command. @arguments: NULL-terminated, the command's name first.
 * Returns: the exit status */
int raqam_train    (char **arguments);
int raqam_generate (char **arguments);
int raqam_evaluate (char **arguments);
int raqam_info     (char **arguments);
int raqam_devices  (char **arguments);
int raqam_runs     (char **arguments);

extern const RaqamCommand raqam_train_command;
extern const RaqamCommand raqam_generate_command;
extern const RaqamCommand raqam_evaluate_command;
extern const RaqamCommand raqam_info_command;
extern const RaqamCommand raqam_devices_command;
extern const RaqamCommand raqam_runs_command;

/* What --device and --precision take; NULL-terminated, the precisions in RaqamPrecision's order. */
extern const char *const raqam_command_devices[];
extern const char *const raqam_command_precisions[];

/**
 * raqam_command_parse:
 * @n_operands: how many arguments besides options @command takes
 * @operands: (out) (optional): those, NULL-terminated; g_strfreev()
 * @status: the exit status, when the command is not to go on
 *
 * Reads the options into where the command's entries point. Shows the help
 * where it is asked for; complains of what cannot be understood.
 *
 * Returns: whether to go on
 */
gboolean raqam_command_parse (const RaqamCommand *command, char **arguments, guint n_operands,
                              char ***operands, int *status);

/**
 * raqam_command_read_whole:
 * @value: overwritten unless @text is NULL
 * @option: "--count"
 *
 * Returns: FALSE with a G_OPTION_ERROR when @text is no whole number between
 *   @min and @max
 */
gboolean raqam_command_read_whole (guint64 *value, const char *text, const char *option,
                                   guint64 min, guint64 max, GError **error);

/* As raqam_command_read_whole(), for any number above @above and up to @max. */
gboolean raqam_command_read_number (double *value, const char *text, const char *option,
                                    double above, double max, GError **error);

/**
 * raqam_command_read_choice:
 * @index: overwritten unless @text is NULL: place of @text in @choices
 */
gboolean raqam_command_read_choice (int *index, const char *text, const char *option,
                                    const char *const *choices, GError **error);

/**
 * raqam_command_fail:
 *
 * Says what went wrong; after a G_OPTION_ERROR also where the help is.
 *
 * Returns: RAQAM_EXIT_MISUSED after a G_OPTION_ERROR, else RAQAM_EXIT_FAILED
 */
int raqam_command_fail (const RaqamCommand *command, const GError *error);

/**
 * raqam_command_spread:
 * @option: "--data"
 *
 * Lets several values follow one @option, as a shell's * gives them.
 *
 * Returns: (transfer full): @arguments with @option before each of its values
 */
char **raqam_command_spread (char **arguments, const char *option);

/* Calls @callback in the main loop on signal @number; one that whoever started us had
 * ignored (nohup, a script's &) stays ignored. */
void raqam_command_listen (int number, GSourceFunc callback, gpointer data);

/* Returns: (transfer full): @path as a shell would have to be given it */
char *raqam_command_quote (const char *path);

G_END_DECLS
