/* evaluate-export.h — asks for a file, and writes an evaluation into it.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

#include "engine/evaluation.h"

G_BEGIN_DECLS

/**
 * raqam_evaluate_export:
 * @parent: the dialog's
 * @evaluation: a reference is kept until it is written
 * @folder: (nullable): of the model's run, whose timeline goes into a printed report
 *
 * Shows a file dialog; what is then typed or picked is written in a thread: PDF,
 * Markdown, CSV or JSON, by the name's end, and by the picked kind where it has
 * none. @callback runs on the main context once it is written, has failed, or was
 * cancelled.
 */
void raqam_evaluate_export (GtkWindow *parent, RaqamEvaluation *evaluation, const char *folder,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);

/* Returns: (transfer full): what was written, in words; NULL with @error, which is
 * G_IO_ERROR_CANCELLED where no file was chosen */
char *raqam_evaluate_export_finish (GAsyncResult *result, GError **error);

G_END_DECLS
