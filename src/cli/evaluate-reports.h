/* evaluate-reports.h — the files that an evaluation is written to.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/evaluation.h"

G_BEGIN_DECLS

/**
 * raqam_reports_check:
 * @paths: (nullable): NULL-terminated
 *
 * Before anything is worked out: whether each path says by its end what is to be
 * written, and its folder is there and can be written in.
 *
 * Returns: FALSE with a G_OPTION_ERROR
 */
gboolean raqam_reports_check (char **paths, GError **error);

/**
 * raqam_reports_write:
 * @paths: (nullable): that raqam_reports_check() has accepted
 * @model: what was judged: a run's folder brings its timeline into the document
 *
 * Says on standard error where each is.
 *
 * Returns: FALSE with a G_FILE_ERROR or RAQAM_ERROR_MEMORY; those before are written
 */
gboolean raqam_reports_write (char **paths, const RaqamEvaluation *evaluation, const char *model,
                              GError **error);

G_END_DECLS
