/* command.c — what raqam-cli's commands share: options, messages, exit status.
 * SPDX-License-Identifier: MIT */

#include "cli/command.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <string.h>

#include <glib-unix.h>

const char *const raqam_command_devices[] = { "auto", "cpu", "cuda", NULL };
const char *const raqam_command_precisions[] = { "auto", "f32", "tf32", "bf16", NULL };

static void
show_help (const RaqamCommand *command, GOptionContext *context)
{
  g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

  /* Not g_print(), which would turn every “ into a question mark in the C locale. */
  fputs (help, stdout);
}

gboolean
raqam_command_parse (const RaqamCommand *command, char **arguments, guint n_operands,
                     char ***operands, int *status)
{
  g_autofree char *name = g_strdup_printf ("raqam-cli %s", command->name);
  g_autoptr (GOptionContext) context = g_option_context_new (command->usage);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) rest = g_strdupv (arguments);
  gboolean help = FALSE;
  const GOptionEntry help_entry[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, &help, "Show this help", NULL },
    { NULL },
  };

  g_set_prgname (name);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_summary (context, command->summary);
  g_option_context_set_description (context, command->help);
  g_option_context_add_main_entries (context, command->entries, NULL);
  g_option_context_add_main_entries (context, help_entry, NULL);

  if (!g_option_context_parse_strv (context, &rest, &error))
    {
      *status = raqam_command_fail (command, error);
      return FALSE;
    }
  if (help)
    {
      show_help (command, context);
      *status = RAQAM_EXIT_DONE;
      return FALSE;
    }
  if (g_strv_length (rest) - 1 > n_operands)
    {
      g_set_error (&error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "what is “%s” here?",
                   rest[1 + n_operands]);
      *status = raqam_command_fail (command, error);
      return FALSE;
    }
  if (operands != NULL)
    *operands = g_strdupv (rest + 1);
  return TRUE;
}

gboolean
raqam_command_read_whole (guint64 *value, const char *text, const char *option, guint64 min,
                          guint64 max, GError **error)
{
  if (text == NULL || g_ascii_string_to_unsigned (text, 10, min, max, value, NULL))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "%s takes a whole number between %" G_GUINT64_FORMAT " and %" G_GUINT64_FORMAT
               ", not “%s”",
               option, min, max, text);
  return FALSE;
}

gboolean
raqam_command_read_number (double *value, const char *text, const char *option, double above,
                           double max, GError **error)
{
  char *end;
  double number;

  if (text == NULL)
    return TRUE;

  number = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0' && number > above && number <= max)
    {
      *value = number;
      return TRUE;
    }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "%s takes a number above %g and up to %g, not “%s”", option, above, max, text);
  return FALSE;
}

gboolean
raqam_command_read_choice (int *index, const char *text, const char *option,
                           const char *const *choices, GError **error)
{
  g_autofree char *list = NULL;

  if (text == NULL)
    return TRUE;

  for (int i = 0; choices[i] != NULL; i++)
    if (strcmp (text, choices[i]) == 0)
      {
        *index = i;
        return TRUE;
      }

  list = g_strjoinv (", ", (char **) choices);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s takes one of %s, not “%s”",
               option, list, text);
  return FALSE;
}

int
raqam_command_fail (const RaqamCommand *command, const GError *error)
{
  gboolean misused = error->domain == G_OPTION_ERROR;

  fprintf (stderr, "raqam-cli %s: %s\n", command->name, error->message);
  if (misused)
    fprintf (stderr, "“raqam-cli %s --help” says how to use it.\n", command->name);
  return misused ? RAQAM_EXIT_MISUSED : RAQAM_EXIT_FAILED;
}

char **
raqam_command_spread (char **arguments, const char *option)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *joined = g_strconcat (option, "=", NULL);
  gboolean after = FALSE;

  for (guint i = 0; arguments[i] != NULL; i++)
    {
      const char *argument = arguments[i];

      if (after && argument[0] != '-')
        g_strv_builder_add (builder, option);
      else
        after = strcmp (argument, option) == 0 || g_str_has_prefix (argument, joined);

      g_strv_builder_add (builder, argument);
      if (strcmp (argument, option) == 0 && arguments[i + 1] != NULL)
        g_strv_builder_add (builder, arguments[++i]);
    }
  return g_strv_builder_end (builder);
}

void
raqam_command_listen (int number, GSourceFunc callback, gpointer data)
{
  struct sigaction action;

  if (sigaction (number, NULL, &action) == 0 && action.sa_handler != SIG_IGN)
    g_unix_signal_add (number, callback, data);
}

char *
raqam_command_quote (const char *path)
{
  for (const char *c = path; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr ("/._-+:@", *c) == NULL)
      return g_shell_quote (path);
  return g_strdup (path[0] != '\0' ? path : "''");
}
