/* main.c — raqam-cli: trains, draws and judges without a window.
 * SPDX-License-Identifier: MIT */

#include <string.h>

#include "cli/command.h"

typedef struct
{
  const RaqamCommand *command;
  int (*run) (char **arguments);
} Entry;

static const Entry entries[] = {
  { &raqam_train_command, raqam_train },
  { &raqam_generate_command, raqam_generate },
  { &raqam_evaluate_command, raqam_evaluate },
  { &raqam_info_command, raqam_info },
  { &raqam_devices_command, raqam_devices },
  { &raqam_runs_command, raqam_runs },
};

static void
show_usage (FILE *stream)
{
  fputs ("Usage: raqam-cli COMMAND [OPTIONS]\n"
         "\n"
         "Trains a conditional GAN on Persian handwritten digits, and draws digits with it.\n"
         "\n"
         "Commands:\n",
         stream);
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    fprintf (stream, "  %-10s %s\n", entries[i].command->name, entries[i].command->summary);
  fputs ("\n"
         "“raqam-cli COMMAND --help” says more of each. A first try, from data to digits:\n"
         "\n"
         "  raqam-cli train --data \"Train 60000.cdb\" --recipe fast --run my-run --minutes 2\n"
         "  raqam-cli generate --model my-run --out digits.png\n"
         "  raqam-cli evaluate --model my-run --data ~/hoda\n"
         "  raqam-cli info my-run\n"
         "\n"
         "The exit status is 0 when all went well, 1 when something failed, 2 when the\n"
         "command line was wrong, and 130 after Ctrl-C.\n",
         stream);
}

/* Output waits in memory until here: a full disk shows itself only now. */
static int
finish (int status)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return status;

  fputs ("raqam-cli: writing to standard output failed; what it shows is incomplete\n", stderr);
  return status != RAQAM_EXIT_DONE ? status : RAQAM_EXIT_FAILED;
}

int
main (int argc, char **argv)
{
  g_set_prgname ("raqam-cli");

  if (argc < 2)
    {
      show_usage (stderr);
      return RAQAM_EXIT_MISUSED;
    }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0
      || strcmp (argv[1], "help") == 0)
    {
      show_usage (stdout);
      return finish (RAQAM_EXIT_DONE);
    }
  if (strcmp (argv[1], "--version") == 0)
    {
      puts ("raqam-cli " RAQAM_VERSION);
      return finish (RAQAM_EXIT_DONE);
    }

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (strcmp (argv[1], entries[i].command->name) == 0)
      return finish (entries[i].run (argv + 1));

  fprintf (stderr, "raqam-cli: unknown command “%s”\n“raqam-cli --help” lists them.\n", argv[1]);
  return RAQAM_EXIT_MISUSED;
}
