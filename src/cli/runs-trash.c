/* runs-trash.c — raqam-cli runs delete, restore and empty-trash.
 * SPDX-License-Identifier: MIT */

#include "cli/runs.h"

#include "cli/runs-print.h"
#include "engine/run-store.h"

#define MAX_RUNS 1000

static gboolean sure;

static const GOptionEntry sure_entries[] = {
  { "yes", 'y', 0, G_OPTION_ARG_NONE, &sure, "Do it; without it nothing is done", NULL },
  { NULL },
};

static const GOptionEntry no_entries[] = {
  { NULL },
};

const RaqamCommand raqam_runs_delete_command = {
  .name = "runs delete",
  .summary = "Moves runs to the trash.",
  .usage = "RUN…",
  .help = "A run that is being trained is left alone. raqam-cli runs restore takes one back as\n"
          "long as the trash has not been emptied.\n",
  .entries = sure_entries,
};

const RaqamCommand raqam_runs_restore_command = {
  .name = "runs restore",
  .summary = "Takes a run back from the trash, or lists what is there.",
  .usage = "[NAME]",
  .help = "NAME is the one that raqam-cli runs delete said.\n",
  .entries = no_entries,
};

const RaqamCommand raqam_runs_empty_trash_command = {
  .name = "runs empty-trash",
  .summary = "Removes the runs in the trash for good.",
  .usage = NULL,
  .help = NULL,
  .entries = sure_entries,
};

static gboolean
throw_away (const char *run, GError **error)
{
  g_autofree char *folder = raqam_runs_folder_of (run);
  g_autofree char *name = raqam_run_throw_away (folder, error);
  g_autofree char *quoted = name != NULL ? raqam_command_quote (name) : NULL;

  if (name == NULL)
    return FALSE;
  printf ("%s is in the trash. To take it back:\n  raqam-cli runs restore %s\n", run, quoted);
  return TRUE;
}

/* What would go, so that nobody has to guess. */
static int
ask (char **operands)
{
  for (guint i = 0; operands[i] != NULL; i++)
    {
      g_autofree char *folder = raqam_runs_folder_of (operands[i]);
      g_autofree char *size = raqam_runs_format_size (raqam_run_size (folder));

      printf ("%s (%s)\n", folder, size);
    }
  fputs ("Nothing was done. Add --yes to move this to the trash.\n", stderr);
  return RAQAM_EXIT_MISUSED;
}

int
raqam_runs_delete (char **arguments)
{
  const RaqamCommand *command = &raqam_runs_delete_command;
  g_auto (GStrv) operands = NULL;
  int status = RAQAM_EXIT_DONE;

  if (!raqam_runs_parse (command, arguments, 1, MAX_RUNS, "name a run", &operands, &status))
    return status;
  if (!sure)
    return ask (operands);

  for (guint i = 0; operands[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!throw_away (operands[i], &error))
        status = raqam_command_fail (command, error);
    }
  return status;
}

static void
list_trash (void)
{
  g_autoptr (GPtrArray) names = raqam_run_list_trash ();

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *shown = g_filename_display_name (names->pdata[i]);

      puts (shown);
    }
  if (names->len == 0)
    puts ("The trash is empty.");
}

int
raqam_runs_restore (char **arguments)
{
  const RaqamCommand *command = &raqam_runs_restore_command;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;
  g_auto (GStrv) operands = NULL;
  int status;

  if (!raqam_runs_parse (command, arguments, 0, 1, "", &operands, &status))
    return status;
  if (operands[0] == NULL)
    {
      list_trash ();
      return RAQAM_EXIT_DONE;
    }
  folder = raqam_run_take_back (operands[0], &error);
  if (folder == NULL)
    return raqam_command_fail (command, error);
  printf ("%s is back.\n", folder);
  return RAQAM_EXIT_DONE;
}

int
raqam_runs_empty_trash (char **arguments)
{
  const RaqamCommand *command = &raqam_runs_empty_trash_command;
  g_autofree char *trash = raqam_run_trash_folder ();
  g_autofree char *size = NULL;
  g_autoptr (GError) error = NULL;
  guint64 bytes;
  gboolean emptied;
  int status;

  if (!raqam_command_parse (command, arguments, 0, NULL, &status))
    return status;
  if (!sure)
    {
      list_trash ();
      fputs ("Nothing was done. Add --yes to remove this for good.\n", stderr);
      return RAQAM_EXIT_MISUSED;
    }

  emptied = raqam_run_empty_trash (&bytes, &error);
  size = raqam_runs_format_size (bytes);
  printf ("%s removed from %s\n", size, trash);
  return emptied ? RAQAM_EXIT_DONE : raqam_command_fail (command, error);
}
