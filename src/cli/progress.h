/* progress.h — the progress of a run or a judgement on standard error.
 * SPDX-License-Identifier: MIT
 *
 * On a terminal one line that is written over; elsewhere a line every few seconds.
 */

#pragma once

#include <glib.h>

#include "engine/report.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean terminal;
  gboolean line_open; /* a line that the next one is written over */
  gint64   next;      /* when the next line is due, where they are not written over */
  guint64  step;      /* of the line shown last */
  gint64   begun;     /* when the first stage was shown */
} RaqamProgressLine;

void raqam_progress_line_init (RaqamProgressLine *self);

/* @last: shown however short ago the one before was */
void raqam_progress_line_show (RaqamProgressLine *self, const RaqamProgress *progress,
                               gboolean last);

/**
 * raqam_progress_line_show_stage:
 * @stage: what is being done, in words
 * @done: of all that is to be done, 0 to 1
 */
void raqam_progress_line_show_stage (RaqamProgressLine *self, const char *stage, double done);

/* Leaves the line that is written over as it stands. */
void raqam_progress_line_end (RaqamProgressLine *self);

/* A message on a line of its own, which stays. */
void raqam_progress_line_say (RaqamProgressLine *self, const char *format, ...)
  G_GNUC_PRINTF (2, 3);

G_END_DECLS
