/* runs-annotate.c — raqam-cli runs note and tag: what a person says about a run.
 * SPDX-License-Identifier: MIT */

#include "cli/runs.h"

#include <string.h>

#include "engine/run-store.h"

#define MAX_TAGS 100
#define MAX_BYTES (64 * 1024)

static gboolean take_away;

static const GOptionEntry tag_entries[] = {
  { "remove", 0, 0, G_OPTION_ARG_NONE, &take_away, "Take these tags away", NULL },
  { NULL },
};

static const GOptionEntry no_entries[] = {
  { NULL },
};

const RaqamCommand raqam_runs_note_command = {
  .name = "runs note",
  .summary = "Writes down a note about a run, or shows it.",
  .usage = "RUN [TEXT]",
  .help = "TEXT takes the place of the note before; an empty one ('') removes it. While a run\n"
          "is being trained it cannot be changed.\n",
  .entries = no_entries,
};

const RaqamCommand raqam_runs_tag_command = {
  .name = "runs tag",
  .summary = "Gives tags to a run, takes them away, or shows them.",
  .usage = "RUN [TAG…]",
  .help = "While a run is being trained it cannot be changed.\n",
  .entries = tag_entries,
};

static gboolean
check_text (const char *text, GError **error)
{
  if (g_utf8_validate (text, -1, NULL) && strlen (text) <= MAX_BYTES)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "a note or a tag is UTF-8 of at most %d bytes", MAX_BYTES);
  return FALSE;
}

int
raqam_runs_note (char **arguments)
{
  const RaqamCommand *command = &raqam_runs_note_command;
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamRun) run = NULL;
  g_auto (GStrv) operands = NULL;
  int status;

  if (!raqam_runs_parse (command, arguments, 1, 2, "name a run", &operands, &status))
    return status;
  run = raqam_runs_load (operands[0], &error);
  if (run == NULL)
    return raqam_command_fail (command, error);
  if (operands[1] == NULL)
    {
      puts (run->notes != NULL ? run->notes : "");
      return RAQAM_EXIT_DONE;
    }
  if (!check_text (operands[1], &error)
      || !raqam_run_annotate (run->folder, operands[1], NULL, &error))
    return raqam_command_fail (command, error);
  return RAQAM_EXIT_DONE;
}

/* Those that it has, in their order, and then the new ones; or without these. */
static char **
change_tags (const RaqamRun *run, char **words)
{
  g_autoptr (GStrvBuilder) tags = g_strv_builder_new ();
  const char *const *given = (const char *const *) words;
  const char *const *had = (const char *const *) run->tags;

  for (guint i = 0; had[i] != NULL; i++)
    if (!take_away || !g_strv_contains (given, had[i]))
      g_strv_builder_add (tags, had[i]);
  for (guint i = 0; !take_away && given[i] != NULL; i++)
    if (!g_strv_contains (had, given[i]) && !g_strv_contains (given + i + 1, given[i]))
      g_strv_builder_add (tags, given[i]);
  return g_strv_builder_end (tags);
}

static gboolean
check_tags (char **words, GError **error)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (!check_text (words[i], error))
      return FALSE;
  return TRUE;
}

int
raqam_runs_tag (char **arguments)
{
  const RaqamCommand *command = &raqam_runs_tag_command;
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamRun) run = NULL;
  g_auto (GStrv) operands = NULL;
  g_auto (GStrv) tags = NULL;
  int status;

  if (!raqam_runs_parse (command, arguments, 1, 1 + MAX_TAGS, "name a run", &operands, &status))
    return status;
  run = raqam_runs_load (operands[0], &error);
  if (run == NULL)
    return raqam_command_fail (command, error);
  tags = change_tags (run, operands + 1);
  if (operands[1] != NULL
      && (!check_tags (operands + 1, &error)
          || !raqam_run_annotate (run->folder, NULL, (const char *const *) tags, &error)))
    return raqam_command_fail (command, error);
  for (guint i = 0; tags[i] != NULL; i++)
    puts (tags[i]);
  return RAQAM_EXIT_DONE;
}
