/* recording.h — calls of the table kept as a CUDA graph.
 * SPDX-License-Identifier: MIT
 *
 * Their contracts are those of the members of the same names in RaqamBackend. */

#pragma once

#include "engine/backend.h"

G_BEGIN_DECLS

gboolean raqam_cuda_record (RaqamDevice *device, RaqamRecording **recording, RaqamCalls calls,
                            gpointer data, GError **error);
gboolean raqam_cuda_replay         (RaqamRecording *self, GError **error);
void     raqam_cuda_recording_free (RaqamRecording *self); /* NULL is allowed */

G_END_DECLS
