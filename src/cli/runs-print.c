/* runs-print.c — runs as tables and as JSON.
 * SPDX-License-Identifier: MIT */

#include "cli/runs-print.h"

#include <math.h>
#include <stdio.h>

#include "engine/json-text.h"
#include "engine/run-store.h"

char *
raqam_runs_format_number (double number)
{
  return isnan (number) ? g_strdup (RAQAM_RUNS_NOTHING) : g_strdup_printf ("%.2f", number);
}

char *
raqam_runs_format_share (double share)
{
  return isnan (share) ? g_strdup (RAQAM_RUNS_NOTHING) : g_strdup_printf ("%.2f %%", 100 * share);
}

char *
raqam_runs_format_size (guint64 bytes)
{
  static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
  double size = bytes;
  guint unit = 0;

  for (; size >= 1024 && unit + 1 < G_N_ELEMENTS (units); unit++)
    size /= 1024;
  return g_strdup_printf (unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
}

char *
raqam_runs_format_date (gint64 seconds)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (seconds);

  return date != NULL && seconds > 0 ? g_date_time_format (date, "%Y-%m-%d %H:%M")
                                     : g_strdup (RAQAM_RUNS_NOTHING);
}

void
raqam_runs_add_row (GPtrArray *table, char **row)
{
  if (table->len == 0)
    g_ptr_array_set_free_func (table, (GDestroyNotify) g_strfreev);
  g_ptr_array_add (table, row);
}

static glong
find_width (const GPtrArray *table, guint column)
{
  glong width = 0;

  for (guint r = 0; r < table->len; r++)
    {
      char **row = table->pdata[r];

      width = MAX (width, g_utf8_strlen (row[column], -1));
    }
  return width;
}

static void
print_row (char **row, const glong *widths, guint n, guint n_left)
{
  for (guint c = 0; c < n; c++)
    {
      int spaces = (int) (widths[c] - g_utf8_strlen (row[c], -1));

      if (c >= n_left)
        printf ("%*s%s", spaces, "", row[c]);
      else
        printf ("%s%*s", row[c], c + 1 < n ? spaces : 0, "");
      fputs (c + 1 < n ? "  " : "\n", stdout);
    }
}

void
raqam_runs_print_table (const GPtrArray *table, guint n_left)
{
  guint n = table->len > 0 ? g_strv_length (table->pdata[0]) : 0;
  g_autofree glong *widths = g_new0 (glong, n);

  for (guint c = 0; c < n; c++)
    widths[c] = find_width (table, c);
  for (guint r = 0; r < table->len; r++)
    print_row (table->pdata[r], widths, n, n_left);
}

static void
append_name (GString *json, const char *name)
{
  if (json->len > 0 && json->str[json->len - 1] != '{')
    g_string_append (json, ", ");
  raqam_json_append_string (json, name);
  g_string_append (json, ": ");
}

void
raqam_runs_json_string (GString *json, const char *name, const char *value)
{
  g_autofree char *valid = value != NULL ? g_utf8_make_valid (value, -1) : NULL;

  append_name (json, name);
  if (valid != NULL)
    raqam_json_append_string (json, valid);
  else
    g_string_append (json, "null");
}

void
raqam_runs_json_number (GString *json, const char *name, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  append_name (json, name);
  g_string_append (json, isfinite (value) ? g_ascii_dtostr (buffer, sizeof buffer, value) : "null");
}

void
raqam_runs_json_whole (GString *json, const char *name, guint64 value)
{
  append_name (json, name);
  g_string_append_printf (json, "%" G_GUINT64_FORMAT, value);
}

static void
append_tags (GString *json, char **tags)
{
  append_name (json, "tags");
  g_string_append_c (json, '[');
  for (guint i = 0; tags != NULL && tags[i] != NULL; i++)
    {
      g_string_append (json, i > 0 ? ", " : "");
      raqam_json_append_string (json, tags[i]);
    }
  g_string_append_c (json, ']');
}

void
raqam_runs_json_run (GString *json, const RaqamRun *run, const RaqamRunFigures *figures)
{
  raqam_runs_json_string (json, "name", run->name);
  raqam_runs_json_string (json, "folder", run->folder);
  raqam_runs_json_string (json, "state", raqam_run_state_now (run));
  raqam_runs_json_string (json, "message", run->message);
  raqam_runs_json_string (json, "notes", run->notes);
  append_tags (json, run->tags);
  raqam_runs_json_string (json, "recipe", run->recipe->name);
  raqam_runs_json_whole (json, "step", run->step);
  raqam_runs_json_number (json, "epoch", run->epoch);
  raqam_runs_json_whole (json, "epochs", (guint64) run->recipe->epochs);
  raqam_runs_json_whole (json, "created", (guint64) run->created);
  raqam_runs_json_whole (json, "changed", (guint64) run->changed);
  raqam_runs_json_number (json, "accuracy", figures->accuracy);
  raqam_runs_json_number (json, "fid", figures->frechet);
  raqam_runs_json_number (json, "judged_epoch", figures->judged_epoch);
  raqam_runs_json_number (json, "best_accuracy", figures->best_accuracy);
  raqam_runs_json_number (json, "best_fid", figures->best_frechet);
  raqam_runs_json_number (json, "best_epoch", figures->best_epoch);
  raqam_runs_json_whole (json, "bytes", raqam_run_size (run->folder));
}
