/* job.h — one training run on a thread of its own.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/engine.h"
#include "engine/mailbox.h"

G_BEGIN_DECLS

typedef struct _RaqamJob RaqamJob;

typedef struct
{
  gboolean finished; /* all epochs are done */
  GError  *error;    /* or NULL */
} RaqamEnding;

void raqam_ending_free  (gpointer ending);
void raqam_samples_free (gpointer samples);

/* The classes of what a job posts. */
typedef struct
{
  const RaqamReportClass *state;    /* GINT_TO_POINTER (RaqamState) */
  const RaqamReportClass *progress; /* RaqamProgress, g_malloc'd, device an interned string */
  const RaqamReportClass *points;   /* GArray of RaqamPoint */
  const RaqamReportClass *samples;  /* RaqamSamples */
  const RaqamReportClass *saved;    /* char *: a checkpoint's path */
  const RaqamReportClass *snapshot; /* RaqamModel: for the explorer */
  const RaqamReportClass *notice;   /* GError: training goes on */
  const RaqamReportClass *ended;    /* RaqamEnding: the last report */
} RaqamJobReports;

/**
 * raqam_job_new:
 * @settings: (transfer full)
 * @mailbox: a reference is taken
 * @reports: static
 *
 * Returns: (transfer full): its thread is running
 */
RaqamJob *raqam_job_new (RaqamTrainSettings *settings, RaqamMailbox *mailbox,
                         const RaqamJobReports *reports);

/* Stops it, with a checkpoint, and joins the thread. */
void raqam_job_free (RaqamJob *self);

/* The rest return at once; main thread. */
void raqam_job_pause  (RaqamJob *self);
void raqam_job_resume (RaqamJob *self);
void raqam_job_stop   (RaqamJob *self);
void raqam_job_follow (RaqamJob *self, gboolean follow);

G_END_DECLS
