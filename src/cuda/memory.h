/* memory.h — a GPU's memory, and the way to it and back.
 * SPDX-License-Identifier: MIT
 *
 * Everything happens on the device's stream, in order. What is small passes
 * through pinned memory of the device's own, so that the caller's may change at
 * once while the stream goes on. raqam_cuda_alloc() and the like are in device.h. */

#pragma once

#include "cuda/device.h"

G_BEGIN_DECLS

/**
 * raqam_cuda_staging_new:
 * @interactive: whether to wait with a core spinning, which wakes up sooner
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_MEMORY or RAQAM_ERROR_DEVICE
 */
RaqamStaging *raqam_cuda_staging_new  (gboolean interactive, GError **error);
void          raqam_cuda_staging_free (RaqamStaging *self); /* NULL is allowed */

/* upload, download and copy of RaqamBackend. */
gboolean raqam_cuda_upload   (RaqamDevice *device, gpointer to, gconstpointer from, gsize n_bytes,
                            GError **error);
gboolean raqam_cuda_download (RaqamDevice *device, gpointer to, gconstpointer from, gsize n_bytes,
                              GError **error);
gboolean raqam_cuda_copy     (RaqamDevice *device, gpointer to, gconstpointer from, gsize n_bytes,
                          GError **error);

G_END_DECLS
