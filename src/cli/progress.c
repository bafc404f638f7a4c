/* progress.c — the progress of a run or a judgement on standard error.
 * SPDX-License-Identifier: MIT */

#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#define LINE_EVERY (5 * G_USEC_PER_SEC)

void
raqam_progress_line_init (RaqamProgressLine *self)
{
  *self = (RaqamProgressLine){
    .terminal = isatty (STDERR_FILENO) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0,
  };
}

/* Written at once: standard error is not buffered, and a line in pieces flickers. */
static void
put (const char *text)
{
  fputs (text, stderr);
  fflush (stderr);
}

static void
append_time_left (GString *text, double seconds)
{
  gint64 whole = (gint64) (seconds + 0.5);

  if (seconds < 0)
    g_string_append (text, "time left not known yet");
  else if (whole >= 3600)
    g_string_append_printf (text, "%" G_GINT64_FORMAT ":%02d:%02d left", whole / 3600,
                            (int) (whole / 60 % 60), (int) (whole % 60));
  else
    g_string_append_printf (text, "%d:%02d left", (int) (whole / 60), (int) (whole % 60));
}

void
raqam_progress_line_show (RaqamProgressLine *self, const RaqamProgress *progress, gboolean last)
{
  g_autoptr (GString) text = g_string_new (self->terminal ? "\r" : NULL);
  gint64 now = g_get_monotonic_time ();

  if (!self->terminal && (last ? progress->step == self->step : now < self->next))
    return;

  self->next = now + LINE_EVERY;
  self->step = progress->step;
  g_string_append_printf (text, "epoch %.2f of %d  loss G %.3f D %.3f  ", progress->epoch,
                          progress->n_epochs, progress->loss[0], progress->loss[1]);
  if (progress->images_per_second > 0)
    g_string_append_printf (text, "%.0f images/s  ", progress->images_per_second);
  append_time_left (text, progress->seconds_left);
  g_string_append (text, self->terminal ? "\033[K" : "\n");

  put (text->str);
  self->line_open = self->terminal;
}

void
raqam_progress_line_show_stage (RaqamProgressLine *self, const char *stage, double done)
{
  g_autoptr (GString) text = g_string_new (self->terminal ? "\r" : NULL);
  gint64 now = g_get_monotonic_time ();

  if (self->begun == 0)
    self->begun = now;
  if (!self->terminal && now < self->next)
    return;

  self->next = now + LINE_EVERY;
  g_string_append_printf (text, "%s  %.0f %%  ", stage, 100 * done);
  append_time_left (text, done > 0.01 ? (now - self->begun) / 1e6 * (1 - done) / done : -1);
  g_string_append (text, self->terminal ? "\033[K" : "\n");

  put (text->str);
  self->line_open = self->terminal;
}

void
raqam_progress_line_end (RaqamProgressLine *self)
{
  if (self->line_open)
    put ("\n");
  self->line_open = FALSE;
}

void
raqam_progress_line_say (RaqamProgressLine *self, const char *format, ...)
{
  g_autoptr (GString) text = g_string_new (self->line_open ? "\n" : NULL);
  va_list arguments;

  va_start (arguments, format);
  g_string_append_vprintf (text, format, arguments);
  va_end (arguments);
  g_string_append_c (text, '\n');

  put (text->str);
  self->line_open = FALSE;
}
