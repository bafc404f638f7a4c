/* runs.c — raqam-cli runs: looks after the runs that are kept.
 * SPDX-License-Identifier: MIT */

#include "cli/runs.h"

#include <string.h>

typedef struct
{
  const RaqamCommand *command;
  int (*run) (char **arguments);
} Entry;

static const Entry entries[] = {
  { &raqam_runs_list_command, raqam_runs_list },
  { &raqam_runs_show_command, raqam_runs_show },
  { &raqam_runs_compare_command, raqam_runs_compare },
  { &raqam_runs_delete_command, raqam_runs_delete },
  { &raqam_runs_restore_command, raqam_runs_restore },
  { &raqam_runs_empty_trash_command, raqam_runs_empty_trash },
  { &raqam_runs_thin_command, raqam_runs_thin },
  { &raqam_runs_fork_command, raqam_runs_fork },
  { &raqam_runs_duplicate_command, raqam_runs_duplicate },
  { &raqam_runs_note_command, raqam_runs_note },
  { &raqam_runs_tag_command, raqam_runs_tag },
  { &raqam_runs_tensorboard_command, raqam_runs_tensorboard },
};

const RaqamCommand raqam_runs_command = {
  .name = "runs",
  .summary = "Looks after the runs that are kept.",
};

static const char *
last_word (const RaqamCommand *command)
{
  return command->name + strlen ("runs ");
}

static void
show_usage (FILE *stream)
{
  fprintf (stream, "Usage: raqam-cli runs COMMAND [OPTIONS]\n\n%s\n\nCommands:\n",
           raqam_runs_command.summary);
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    fprintf (stream, "  %-12s %s\n", last_word (entries[i].command), entries[i].command->summary);
  fputs ("\n"
         "RUN is the name of a run's folder among those that Raqam keeps, or a path to one.\n"
         "“raqam-cli runs COMMAND --help” says more of each.\n",
         stream);
}

int
raqam_runs (char **arguments)
{
  const char *word = arguments[1];

  if (word == NULL)
    {
      show_usage (stderr);
      return RAQAM_EXIT_MISUSED;
    }
  if (strcmp (word, "--help") == 0 || strcmp (word, "-h") == 0 || strcmp (word, "help") == 0)
    {
      show_usage (stdout);
      return RAQAM_EXIT_DONE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (strcmp (word, last_word (entries[i].command)) == 0)
      return entries[i].run (arguments + 1);

  fprintf (stderr, "raqam-cli runs: unknown command “%s”\n“raqam-cli runs --help” lists them.\n",
           word);
  return RAQAM_EXIT_MISUSED;
}

gboolean
raqam_runs_parse (const RaqamCommand *command, char **arguments, guint n_min, guint n_max,
                  const char *missing, char ***operands, int *status)
{
  g_autoptr (GError) error = NULL;

  if (!raqam_command_parse (command, arguments, n_max, operands, status))
    return FALSE;
  if (g_strv_length (*operands) >= n_min)
    return TRUE;

  g_set_error_literal (&error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, missing);
  *status = raqam_command_fail (command, error);
  return FALSE;
}

char *
raqam_runs_folder_of (const char *name)
{
  g_autofree char *runs = raqam_runs_folder ();
  g_autofree char *kept = g_build_filename (runs, name, NULL);

  if (*name != '\0' && *name != '.' && strchr (name, '/') == NULL
      && g_file_test (kept, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&kept);
  return g_canonicalize_filename (name, NULL);
}

RaqamRun *
raqam_runs_load (const char *name, GError **error)
{
  g_autofree char *folder = raqam_runs_folder_of (name);

  return raqam_run_load (folder, error);
}
