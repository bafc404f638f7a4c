/* runs-list.c — raqam-cli runs list: what runs there are, and how they stand.
 * SPDX-License-Identifier: MIT */

#include "cli/runs.h"

#include "cli/runs-print.h"
#include "engine/run-store.h"

static gboolean as_json;

static const GOptionEntry entries[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "For programs", NULL },
  { NULL },
};

const RaqamCommand raqam_runs_list_command = {
  .name = "runs list",
  .summary = "Lists the runs that are kept, newest first.",
  .usage = NULL,
  .help = "Accuracy and FID are those of the newest checkpoint that was judged (raqam-cli\n"
          "evaluate --every). A run is “interrupted” where its training ended without a word.\n",
  .entries = entries,
};

static char **
new_header (void)
{
  static const char *const header[] = { "RUN",      "STATE", "RECIPE", "CHANGED", "EPOCHS",
                                        "ACCURACY", "FID",   "SIZE",   NULL };

  return g_strdupv ((char **) header);
}

static char **
new_row (const RaqamRun *run)
{
  char **row = g_new0 (char *, 9);
  RaqamRunFigures figures;

  raqam_run_figures_read (&figures, run->folder);
  row[0] = g_filename_display_basename (run->folder);
  row[1] = g_strdup (raqam_run_state_now (run));
  row[2] = g_strdup (run->recipe->name);
  row[3] = raqam_runs_format_date (run->changed);
  row[4] = g_strdup_printf ("%.1f/%d", run->epoch, run->recipe->epochs);
  row[5] = raqam_runs_format_share (figures.accuracy);
  row[6] = raqam_runs_format_number (figures.frechet);
  row[7] = raqam_runs_format_size (raqam_run_size (run->folder));
  return row;
}

static void
print_table (const GPtrArray *runs)
{
  g_autoptr (GPtrArray) table = g_ptr_array_new ();

  raqam_runs_add_row (table, new_header ());
  for (guint i = 0; i < runs->len; i++)
    raqam_runs_add_row (table, new_row (runs->pdata[i]));
  raqam_runs_print_table (table, 4);
}

static void
print_json (const GPtrArray *runs)
{
  fputs ("[", stdout);
  for (guint i = 0; i < runs->len; i++)
    {
      const RaqamRun *run = runs->pdata[i];
      g_autoptr (GString) json = g_string_new ("{");
      RaqamRunFigures figures;

      raqam_run_figures_read (&figures, run->folder);
      raqam_runs_json_run (json, run, &figures);
      printf ("%s\n  %s}", i > 0 ? "," : "", json->str);
    }
  fputs ("\n]\n", stdout);
}

int
raqam_runs_list (char **arguments)
{
  g_autoptr (GPtrArray) runs = NULL;
  int status;

  if (!raqam_command_parse (&raqam_runs_list_command, arguments, 0, NULL, &status))
    return status;

  runs = raqam_run_list ();
  if (as_json)
    print_json (runs);
  else if (runs->len > 0)
    print_table (runs);
  else
    {
      g_autofree char *folder = raqam_runs_folder ();

      printf ("There are no runs in %s\n", folder);
    }
  return RAQAM_EXIT_DONE;
}
