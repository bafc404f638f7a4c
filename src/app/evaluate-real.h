/* evaluate-real.h — real test digits to be looked at, read in a thread of its own.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/dataset.h"

G_BEGIN_DECLS

/**
 * raqam_evaluate_real_async:
 * @paths: as raqam_evaluation_data_load()
 * @grey: as raqam_evaluation_data_load()
 *
 * @callback runs on the main context.
 */
void raqam_evaluate_real_async (const char *const *paths, gboolean grey, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);

/* Returns: (transfer full): the test part alone; NULL with what
 * raqam_evaluation_data_load() says */
RaqamDataset *raqam_evaluate_real_finish (GAsyncResult *result, GError **error);

G_END_DECLS
