/* runs-copy.c — raqam-cli runs fork and duplicate: new runs after old ones.
 * SPDX-License-Identifier: MIT */

#include "cli/runs.h"

#include <string.h>

#include "engine/run-store.h"

static char *checkpoint;

static const GOptionEntry fork_entries[] = {
  { "checkpoint", 0, 0, G_OPTION_ARG_FILENAME, &checkpoint,
    "Where to begin: an epoch (12, or 2.5), or a step (step-938); without it the newest", "WHERE" },
  { NULL },
};

static const GOptionEntry no_entries[] = {
  { NULL },
};

const RaqamCommand raqam_runs_fork_command = {
  .name = "runs fork",
  .summary = "Makes a new run that goes on from a checkpoint of another.",
  .usage = "RUN NAME",
  .help = "The new run, among those that Raqam keeps, gets the checkpoint, and the curves,\n"
          "samples and quality up to it; the old one stays as it is. An epoch stands for the\n"
          "checkpoint nearest to it, less than half an epoch away.\n"
          "\n"
          "Example:\n"
          "  raqam-cli runs fork my-run from-two --checkpoint 2\n",
  .entries = fork_entries,
};

const RaqamCommand raqam_runs_duplicate_command = {
  .name = "runs duplicate",
  .summary = "Makes a new run with the settings of another, not yet trained.",
  .usage = "RUN NAME",
  .help = NULL,
  .entries = no_entries,
};

static void
print_made (const char *folder)
{
  g_autofree char *quoted = raqam_command_quote (folder);

  printf ("%s is made. To train it:\n  raqam-cli train --run %s --resume\n", folder, quoted);
}

/* "12", "2.5" or "step-938" */
static gboolean
read_place (double *epoch, guint64 *step, GError **error)
{
  *epoch = -1;
  if (g_str_has_prefix (checkpoint, "step-"))
    return raqam_command_read_whole (step, checkpoint + strlen ("step-"), "--checkpoint step-", 0,
                                     G_MAXINT64, error);
  return raqam_command_read_number (epoch, checkpoint, "--checkpoint", 0, 100000, error);
}

static char *
find_checkpoint (const RaqamRun *run, GError **error)
{
  double epoch;
  guint64 step = 0;

  if (checkpoint == NULL)
    return raqam_run_newest_checkpoint (run->folder, error);
  return read_place (&epoch, &step, error) ? raqam_run_find_checkpoint (run, epoch, step, error)
                                           : NULL;
}

int
raqam_runs_fork (char **arguments)
{
  const RaqamCommand *command = &raqam_runs_fork_command;
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamRun) run = NULL;
  g_autofree char *from = NULL;
  g_autofree char *folder = NULL;
  g_auto (GStrv) operands = NULL;
  int status;

  if (!raqam_runs_parse (command, arguments, 2, 2, "name a run, and the new one", &operands,
                         &status))
    return status;
  run = raqam_runs_load (operands[0], &error);
  from = run != NULL ? find_checkpoint (run, &error) : NULL;
  folder = from != NULL ? raqam_run_fork (run, from, operands[1], NULL, &error) : NULL;
  if (folder == NULL)
    return raqam_command_fail (command, error);
  print_made (folder);
  return RAQAM_EXIT_DONE;
}

int
raqam_runs_duplicate (char **arguments)
{
  const RaqamCommand *command = &raqam_runs_duplicate_command;
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamRun) run = NULL;
  g_autofree char *folder = NULL;
  g_auto (GStrv) operands = NULL;
  int status;

  if (!raqam_runs_parse (command, arguments, 2, 2, "name a run, and the new one", &operands,
                         &status))
    return status;
  run = raqam_runs_load (operands[0], &error);
  folder = run != NULL ? raqam_run_duplicate (run, operands[1], &error) : NULL;
  if (folder == NULL)
    return raqam_command_fail (command, error);
  print_made (folder);
  return RAQAM_EXIT_DONE;
}
