/* ops.h — the GPU's operations that belong to no block.
 * SPDX-License-Identifier: MIT
 *
 * Their contracts are those of the members of the same names in RaqamBackend. */

#pragma once

#include "engine/backend.h"

G_BEGIN_DECLS

gboolean raqam_cuda_bce (RaqamDevice *device, float *d_logits, float *results, const float *logits,
                         int n, int n_first, float first, float rest, GError **error);
gboolean raqam_cuda_adam    (RaqamDevice *device, float *weights, float *m, float *v,
                          const float *gradient, gsize n, const float *rate, float beta1,
                          float beta2, float epsilon, GError **error);
gboolean raqam_cuda_average (RaqamDevice *device, float *to, const float *from, gsize n,
                             const float *decay, GError **error);
gboolean raqam_cuda_normal  (RaqamDevice *device, float *out, gsize n, guint32 stream,
                            const RaqamPulse *pulse, GError **error);
gboolean raqam_cuda_gather  (RaqamDevice *device, float *images, guint8 *labels, const guint8 *data,
                            const guint8 *data_labels, const guint32 *order, int batch,
                            int image_size, const RaqamPulse *pulse, GError **error);

G_END_DECLS
