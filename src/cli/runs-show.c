/* runs-show.c — raqam-cli runs show and compare: all of a run; how runs differ.
 * SPDX-License-Identifier: MIT */

#include "cli/runs.h"

#include "cli/runs-print.h"
#include "engine/json-text.h"
#include "engine/run-store.h"

#include <math.h>

#define MAX_RUNS 16

static gboolean as_json;

static const GOptionEntry entries[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "For programs", NULL },
  { NULL },
};

const RaqamCommand raqam_runs_show_command = {
  .name = "runs show",
  .summary = "Shows all of a run: its state, figures, checkpoints and settings.",
  .usage = "RUN",
  .help = "No checkpoint is read; raqam-cli info says whether the newest is whole.\n",
  .entries = entries,
};

const RaqamCommand raqam_runs_compare_command = {
  .name = "runs compare",
  .summary = "Shows in which settings runs differ, and their figures.",
  .usage = "RUN RUN…",
  .help = "The settings are the fields of the recipes, a layer's with its number, counted from\n"
          "1, and the checksum of the data. The best checkpoint is the one with the lowest FID\n"
          "among those with at least 99 % of the best accuracy.\n"
          "\n"
          "Example:\n"
          "  raqam-cli runs compare fast-1 fast-2 --json\n",
  .entries = entries,
};

static void
print_field (const char *label, const char *text)
{
  if (text != NULL && *text != '\0')
    printf ("%-12s %s\n", label, text);
}

static void
print_figures (const RaqamRun *run)
{
  RaqamRunFigures figures;

  raqam_run_figures_read (&figures, run->folder);
  if (!isnan (figures.accuracy))
    printf ("%-12s epoch %.2f: accuracy %.2f %%, FID %.2f\n", "Judged", figures.judged_epoch,
            100 * figures.accuracy, figures.frechet);
  if (!isnan (figures.best_accuracy))
    printf ("%-12s epoch %.2f: accuracy %.2f %%, FID %.2f\n", "Best", figures.best_epoch,
            100 * figures.best_accuracy, figures.best_frechet);
}

static void
print_about (const RaqamRun *run)
{
  g_autofree char *begun = raqam_runs_format_date (run->created);
  g_autofree char *changed = raqam_runs_format_date (run->changed);
  g_autofree char *tags = run->tags != NULL ? g_strjoinv (", ", run->tags) : NULL;
  g_autofree char *size = raqam_runs_format_size (raqam_run_size (run->folder));

  print_field ("Run", run->name);
  print_field ("Folder", run->folder);
  print_field ("State", raqam_run_state_now (run));
  print_field ("Message", run->message);
  print_field ("Tags", tags);
  print_field ("Notes", run->notes);
  print_field ("Begun", begun);
  print_field ("Changed", changed);
  for (guint i = 0; run->data != NULL && run->data[i] != NULL; i++)
    print_field (i == 0 ? "Data" : "", run->data[i]);
  printf ("%-12s %.2f of %d, step %" G_GUINT64_FORMAT "\n", "Epoch", run->epoch,
          run->recipe->epochs, run->step);
  print_figures (run);
  print_field ("Size", size);
}

static void
print_checkpoints (const RaqamRun *run)
{
  g_autoptr (GPtrArray) paths = raqam_run_list_checkpoints (run->folder);

  printf ("%-12s %u\n", "Checkpoints", paths->len);
  for (guint i = paths->len; i > 0; i--)
    {
      guint64 step = raqam_run_step_of (paths->pdata[i - 1]);

      printf ("  epoch %.2f, step-%" G_GUINT64_FORMAT "\n", raqam_run_epoch_of (run, step), step);
    }
}

static void
print_settings (const RaqamRun *run)
{
  g_autoptr (GPtrArray) settings = raqam_run_settings (&run, 1, FALSE);
  g_autoptr (GPtrArray) table = g_ptr_array_new ();

  puts ("Settings");
  for (guint i = 0; i < settings->len; i++)
    {
      const RaqamRunSetting *setting = settings->pdata[i];
      char **row = g_new0 (char *, 3);

      row[0] = g_strconcat ("  ", setting->name, NULL);
      row[1] = g_strdup (setting->values[0]);
      raqam_runs_add_row (table, row);
    }
  raqam_runs_print_table (table, 2);
}

static void
append_settings (GString *json, const GPtrArray *settings, guint run)
{
  g_autoptr (GString) members = g_string_new ("{");

  for (guint i = 0; i < settings->len; i++)
    {
      const RaqamRunSetting *setting = settings->pdata[i];

      raqam_runs_json_string (members, setting->name, setting->values[run]);
    }
  g_string_append_printf (json, ", \"settings\": %s}", members->str);
}

static void
append_checkpoints (GString *json, const RaqamRun *run)
{
  g_autoptr (GPtrArray) paths = raqam_run_list_checkpoints (run->folder);

  g_string_append (json, ", \"checkpoints\": [");
  for (guint i = paths->len; i > 0; i--)
    g_string_append_printf (json, "%s%" G_GUINT64_FORMAT, i < paths->len ? ", " : "",
                            raqam_run_step_of (paths->pdata[i - 1]));
  g_string_append_c (json, ']');
}

static void
print_json (const RaqamRun *const *runs, guint n, gboolean differing)
{
  g_autoptr (GPtrArray) settings = raqam_run_settings (runs, n, differing);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GString) json = g_string_new ("{");
      RaqamRunFigures figures;

      raqam_run_figures_read (&figures, runs[i]->folder);
      raqam_runs_json_run (json, runs[i], &figures);
      append_checkpoints (json, runs[i]);
      append_settings (json, settings, i);
      printf ("%s%s}", i > 0 ? ",\n  " : "", json->str);
    }
}

int
raqam_runs_show (char **arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamRun) run = NULL;
  g_auto (GStrv) operands = NULL;
  int status;

  if (!raqam_runs_parse (&raqam_runs_show_command, arguments, 1, 1, "name a run", &operands,
                         &status))
    return status;
  run = raqam_runs_load (operands[0], &error);
  if (run == NULL)
    return raqam_command_fail (&raqam_runs_show_command, error);

  if (as_json)
    {
      print_json ((const RaqamRun *const *) &run, 1, FALSE);
      puts ("");
      return RAQAM_EXIT_DONE;
    }
  print_about (run);
  print_checkpoints (run);
  print_settings (run);
  return RAQAM_EXIT_DONE;
}

/* A row of one thing about every run. */
static char **
new_row (const char *name, guint n)
{
  char **row = g_new0 (char *, n + 2);

  row[0] = g_strdup (name);
  return row;
}

typedef char *(*Describe) (const RaqamRun *run, const RaqamRunFigures *figures);

static char *
describe_name (const RaqamRun *run, const RaqamRunFigures *figures)
{
  return g_filename_display_basename (run->folder);
}

static char *
describe_state (const RaqamRun *run, const RaqamRunFigures *figures)
{
  return g_strdup (raqam_run_state_now (run));
}

static char *
describe_epoch (const RaqamRun *run, const RaqamRunFigures *figures)
{
  return raqam_runs_format_number (run->epoch);
}

static char *
describe_accuracy (const RaqamRun *run, const RaqamRunFigures *figures)
{
  return raqam_runs_format_share (figures->accuracy);
}

static char *
describe_frechet (const RaqamRun *run, const RaqamRunFigures *figures)
{
  return raqam_runs_format_number (figures->frechet);
}

static char *
describe_best_epoch (const RaqamRun *run, const RaqamRunFigures *figures)
{
  return raqam_runs_format_number (figures->best_epoch);
}

static char *
describe_best_accuracy (const RaqamRun *run, const RaqamRunFigures *figures)
{
  return raqam_runs_format_share (figures->best_accuracy);
}

static char *
describe_best_frechet (const RaqamRun *run, const RaqamRunFigures *figures)
{
  return raqam_runs_format_number (figures->best_frechet);
}

static const struct
{
  const char *name;
  Describe describe;
} lines[] = {
  { "", describe_name },
  { "state", describe_state },
  { "epoch", describe_epoch },
  { "accuracy", describe_accuracy },
  { "FID", describe_frechet },
  { "best epoch", describe_best_epoch },
  { "best accuracy", describe_best_accuracy },
  { "best FID", describe_best_frechet },
};

static void
add_figures (GPtrArray *table, const GPtrArray *runs)
{
  for (guint line = 0; line < G_N_ELEMENTS (lines); line++)
    {
      char **row = new_row (lines[line].name, runs->len);

      for (guint i = 0; i < runs->len; i++)
        {
          const RaqamRun *run = runs->pdata[i];
          RaqamRunFigures figures;

          raqam_run_figures_read (&figures, run->folder);
          row[i + 1] = lines[line].describe (run, &figures);
        }
      raqam_runs_add_row (table, row);
    }
}

static void
print_comparison (const GPtrArray *runs)
{
  g_autoptr (GPtrArray) table = g_ptr_array_new ();
  g_autoptr (GPtrArray) settings =
    raqam_run_settings ((const RaqamRun *const *) runs->pdata, runs->len, TRUE);

  add_figures (table, runs);
  for (guint s = 0; s < settings->len; s++)
    {
      const RaqamRunSetting *setting = settings->pdata[s];
      char **row = new_row (setting->name, runs->len);

      for (guint i = 0; i < runs->len; i++)
        row[i + 1] =
          g_strdup (setting->values[i] != NULL ? setting->values[i] : RAQAM_RUNS_NOTHING);
      raqam_runs_add_row (table, row);
    }
  raqam_runs_print_table (table, runs->len + 1);
  if (settings->len == 0)
    puts ("All settings are the same.");
}

int
raqam_runs_compare (char **arguments)
{
  const RaqamCommand *command = &raqam_runs_compare_command;
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func ((GDestroyNotify) raqam_run_free);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) operands = NULL;
  int status;

  if (!raqam_runs_parse (command, arguments, 2, MAX_RUNS, "name at least two runs", &operands,
                         &status))
    return status;
  for (guint i = 0; operands[i] != NULL; i++)
    {
      RaqamRun *run = raqam_runs_load (operands[i], &error);

      if (run == NULL)
        return raqam_command_fail (command, error);
      g_ptr_array_add (runs, run);
    }

  if (!as_json)
    {
      print_comparison (runs);
      return RAQAM_EXIT_DONE;
    }
  fputs ("[\n  ", stdout);
  print_json ((const RaqamRun *const *) runs->pdata, runs->len, TRUE);
  puts ("\n]");
  return RAQAM_EXIT_DONE;
}
