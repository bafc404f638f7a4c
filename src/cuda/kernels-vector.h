/* kernels-vector.h — kernels over whole vectors: losses, Adam, averages, draws.
 * SPDX-License-Identifier: MIT
 *
 * Each starts one kernel on @stream. Pointers are to device memory, aligned as
 * their types; where all of a call's are aligned to 16 bytes, four floats travel
 * at a time. Contracts are those of the members of the same names in RaqamBackend. */

#pragma once

#include "engine/backend.h"

#include <cuda_runtime_api.h>

G_BEGIN_DECLS

/* @n > 0. One block, for a batch has a few thousand logits: sums in double, in the
 * order of the threads. */
void raqam_cuda_bce_kernel     (float *d_logits, float *results, const float *logits, int n,
                            int n_first, float first, float rest, cudaStream_t stream);
/* @n > 0. Reads 16 bytes and writes 12 for each. */
void raqam_cuda_adam_kernel    (float *weights, float *m, float *v, const float *gradient, gsize n,
                             const float *rate, float beta1, float beta2, float epsilon,
                             cudaStream_t stream);
/* @n > 0. */
void raqam_cuda_average_kernel (float *to, const float *from, gsize n, const float *decay,
                                cudaStream_t stream);
/* @n > 0. */
void raqam_cuda_normal_kernel  (float *out, gsize n, guint32 draw, const RaqamPulse *pulse,
                               cudaStream_t stream);
/* @batch > 0, @image_size > 0. */
void raqam_cuda_gather_kernel  (float *images, guint8 *labels, const guint8 *data,
                               const guint8 *data_labels, const guint32 *order, int batch,
                               int image_size, const RaqamPulse *pulse, cudaStream_t stream);

G_END_DECLS
