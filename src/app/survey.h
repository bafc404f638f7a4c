/* survey.h — what is already there when the window opens: runs and data.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gio/gio.h>

#include "engine/run.h"

G_BEGIN_DECLS

typedef struct
{
  RaqamRun *run;       /* the newest, or the one asked for; NULL when there is none */
  gboolean  resumable; /* it has a checkpoint and was not finished */
  char    **hoda;      /* the Hoda files, train before test; NULL when they were not found */
  char    **data;      /* of the paths asked about those that exist; NULL when none does */
} RaqamSurvey;

/**
 * raqam_survey_async:
 * @run_folder: (nullable): look at this run only
 * @data: (nullable): paths to look for
 *
 * Reads folders in a thread of its own; @callback runs on the main context.
 */
void raqam_survey_async (const char *run_folder, const char *const *data,
                         GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data);

/* Returns: (transfer full): NULL with @error: @run_folder is no run, or cancelled */
RaqamSurvey *raqam_survey_finish (GAsyncResult *result, GError **error);
void         raqam_survey_free   (RaqamSurvey *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamSurvey, raqam_survey_free)

G_END_DECLS
