/* report-pdf.h — an evaluation as a document to print.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/evaluation.h"
#include "engine/timeline.h"

G_BEGIN_DECLS

/* What may stand beside the evaluation itself. */
typedef struct
{
  const GArray *timeline; /* (nullable) (element-type RaqamQuality): of the model's run; those
                           * checkpoints are printed whose figures compare */
} RaqamReportExtras;

/**
 * raqam_report_pdf_write:
 * @extras: (nullable)
 * @path: in a folder that exists; replaced whole or left as it was
 *
 * In the language of the locale. The same evaluation gives the same bytes with
 * the same libraries, fonts and language. Any thread.
 *
 * Returns: FALSE with G_FILE_ERROR or RAQAM_ERROR_MEMORY
 */
gboolean raqam_report_pdf_write (const RaqamEvaluation *self, const RaqamReportExtras *extras,
                                 const char *path, GError **error);

G_END_DECLS
