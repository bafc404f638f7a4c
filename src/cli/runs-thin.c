/* runs-thin.c — raqam-cli runs thin: fewer checkpoints, by a rule that is shown.
 * SPDX-License-Identifier: MIT */

#include "cli/runs.h"

#include <math.h>

#include "cli/runs-print.h"
#include "engine/checkpoint-thinning.h"

static char *every;
static gboolean dry_run;

static const GOptionEntry entries[] = {
  { "every", 0, 0, G_OPTION_ARG_FILENAME, &every,
    "Of the rest keep one per so many epochs; without it none", "EPOCHS" },
  { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "Only say what would go", NULL },
  { NULL },
};

const RaqamCommand raqam_runs_thin_command = {
  .name = "runs thin",
  .summary = "Removes checkpoints of a run that are not worth their space.",
  .usage = "RUN",
  .help = "The newest whole checkpoint stays, and whatever is newer; the first; the one that\n"
          "was judged best; and of the rest the first of every EPOCHS epochs. Curves, samples\n"
          "and quality stay. What goes is gone: see --dry-run.\n"
          "\n"
          "Example:\n"
          "  raqam-cli runs thin my-run --every 10 --dry-run\n",
  .entries = entries,
};

static const char *const reasons[] = {
  [RAQAM_KEPT_NOT] = "goes",
  [RAQAM_KEPT_NEWEST] = "stays: the newest",
  [RAQAM_KEPT_BEST] = "stays: judged best",
  [RAQAM_KEPT_FIRST] = "stays: the first",
  [RAQAM_KEPT_STRETCH] = "stays: of its epochs",
};

static void
print_plan (const GPtrArray *plan)
{
  g_autoptr (GPtrArray) table = g_ptr_array_new ();

  for (guint i = 0; i < plan->len; i++)
    {
      const RaqamThinned *thinned = plan->pdata[i];
      char **row = g_new0 (char *, 5);

      row[0] = g_strdup_printf ("step-%" G_GUINT64_FORMAT, thinned->step);
      row[1] = g_strdup_printf ("epoch %.2f", thinned->epoch);
      row[2] = g_strdup (reasons[thinned->kept]);
      row[3] = g_strdup_printf ("%" G_GUINT64_FORMAT " bytes", thinned->size);
      raqam_runs_add_row (table, row);
    }
  raqam_runs_print_table (table, 3);
}

static gboolean
thin (const char *name, GError **error)
{
  double epochs = INFINITY;
  g_autoptr (RaqamRun) run = NULL;
  g_autoptr (GPtrArray) plan = NULL;
  guint64 size;

  if (!raqam_command_read_number (&epochs, every, "--every", 0, 100000, error))
    return FALSE;
  run = raqam_runs_load (name, error);
  plan = run != NULL ? raqam_thinning_plan (run, epochs, error) : NULL;
  if (plan == NULL)
    return FALSE;

  print_plan (plan);
  size = raqam_thinning_size (plan);
  if (!dry_run && !raqam_thinning_apply (run, plan, error))
    return FALSE;
  printf (dry_run ? "%" G_GUINT64_FORMAT " bytes would be freed. Nothing was done.\n"
                  : "%" G_GUINT64_FORMAT " bytes are free again.\n",
          size);
  return TRUE;
}

int
raqam_runs_thin (char **arguments)
{
  const RaqamCommand *command = &raqam_runs_thin_command;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) operands = NULL;
  int status;

  if (!raqam_runs_parse (command, arguments, 1, 1, "name a run", &operands, &status))
    return status;
  return thin (operands[0], &error) ? RAQAM_EXIT_DONE : raqam_command_fail (command, error);
}
