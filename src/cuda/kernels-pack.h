/* kernels-pack.h — kernels that move weights between layouts; see pack.h.
 * SPDX-License-Identifier: MIT
 *
 * All are launched on @stream. Pointers are device memory.
 */

#pragma once

#include "cuda/pack.h"

G_BEGIN_DECLS

/* packed = plain [/ sigma]; bf16, rounded to nearest even, or float. */
void raqam_cuda_launch_pack   (gpointer packed, gboolean bf16, const float *plain,
                               const float *sigma, const RaqamPacking *packing,
                               cudaStream_t stream);
void raqam_cuda_launch_unpack (float *plain, const float *packed, const RaqamPacking *packing,
                               cudaStream_t stream);
/* @n values of bf16 made float. */
void raqam_cuda_launch_widen  (float *to, gconstpointer from, gsize n, cudaStream_t stream);

G_END_DECLS
