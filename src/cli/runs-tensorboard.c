/* runs-tensorboard.c — raqam-cli runs tensorboard: a run as TensorBoard reads it.
 * SPDX-License-Identifier: MIT */

#include "cli/runs.h"

#include <signal.h>

#include "cli/progress.h"
#include "engine/tensorboard.h"

static const GOptionEntry entries[] = {
  { NULL },
};

const RaqamCommand raqam_runs_tensorboard_command = {
  .name = "runs tensorboard",
  .summary = "Writes a run as an event file for TensorBoard.",
  .usage = "RUN DIR",
  .help = "DIR/NAME/ gets one event file, NAME being that of the run's folder: the losses,\n"
          "the probabilities that the discriminator gives, both learning rates, accuracy and\n"
          "FID of the judged checkpoints, and the sheets of samples. Written again, the file\n"
          "is replaced. A run does not keep the time of day of each step; TensorBoard's wall\n"
          "time is spread evenly from the run's beginning to its last change.\n"
          "\n"
          "Example:\n"
          "  raqam-cli runs tensorboard my-run events\n"
          "  tensorboard --logdir events\n",
  .entries = entries,
};

/* There is no main loop here; the signals are looked at between two pieces. */
static void
progress_cb (double done, gpointer data)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  if (done > 0)
    raqam_progress_line_show_stage (data, "Writing", done);
}

static gboolean
interrupt_cb (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_CONTINUE;
}

static void
print_result (const RaqamTensorboardResult *result)
{
  printf ("%s\n%" G_GSIZE_FORMAT " steps, %" G_GSIZE_FORMAT " judged checkpoints, %" G_GSIZE_FORMAT
          " images\n",
          result->path, result->n_points, result->n_judged, result->n_images);
  if (result->n_damaged > 0)
    fprintf (stderr, "%" G_GSIZE_FORMAT " files in samples/ are damaged and were left out\n",
             result->n_damaged);
}

int
raqam_runs_tensorboard (char **arguments)
{
  const RaqamCommand *command = &raqam_runs_tensorboard_command;
  g_auto (RaqamTensorboardResult) result = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (RaqamRun) run = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) operands = NULL;
  RaqamProgressLine line;
  int status;

  if (!raqam_runs_parse (command, arguments, 2, 2, "name a run and the folder for the event file",
                         &operands, &status))
    return status;

  raqam_command_listen (SIGINT, interrupt_cb, cancellable);
  raqam_command_listen (SIGTERM, interrupt_cb, cancellable);
  raqam_progress_line_init (&line);
  run = raqam_runs_load (operands[0], &error);
  if (run != NULL
      && raqam_tensorboard_write (&result, run, operands[1], progress_cb, &line, cancellable,
                                  &error))
    {
      raqam_progress_line_end (&line);
      print_result (&result);
      return RAQAM_EXIT_DONE;
    }
  raqam_progress_line_end (&line);
  status = raqam_command_fail (command, error);
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? RAQAM_EXIT_SIGNAL + SIGINT
                                                                   : status;
}
