/* runs-print.h — runs as tables and as JSON.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/run-compare.h"

G_BEGIN_DECLS

/* Where a table has nothing to say. */
#define RAQAM_RUNS_NOTHING "–"

/* Returns: (transfer full): "12.50"; "–" for NAN */
char *raqam_runs_format_number (double number);

/* Returns: (transfer full): "97.50 %" of 0.975; "–" for NAN */
char *raqam_runs_format_share (double share);

/* Returns: (transfer full): "1.4 MiB" */
char *raqam_runs_format_size (guint64 bytes);

/* Returns: (transfer full): local time, to the minute */
char *raqam_runs_format_date (gint64 seconds);

/* @row: NULL-terminated cells, taken over by @table (element-type GStrv) */
void raqam_runs_add_row (GPtrArray *table, char **row);

/* Prints the columns below each other; the first @n_left are flush left, the others right. */
void raqam_runs_print_table (const GPtrArray *table, guint n_left);

/* Members of a JSON object, each after a comma unless it is the first; NAN and a NULL
 * string are null. */
void raqam_runs_json_string (GString *json, const char *name, const char *value);
void raqam_runs_json_number (GString *json, const char *name, double value);
void raqam_runs_json_whole  (GString *json, const char *name, guint64 value);

/* Appends what is known of a run, without the braces. */
void raqam_runs_json_run (GString *json, const RaqamRun *run, const RaqamRunFigures *figures);

G_END_DECLS
