/* pack.h — weights from PyTorch's layout to that of plans, and gradients back.
 * SPDX-License-Identifier: MIT
 *
 * Plain: rows of (in_c, kernel, kernel) floats, pitch apart, as in the slabs.
 * Packed: rows of (kernel, kernel, in_c padded), in the edges' type, gradients
 * float. After every group of rows come the empty ones that pad it. So
 *  - CONV's weights are group = rows = out_c;
 *  - TCONV's (in_c, out_c, kernel, kernel) are those of the convolution whose data
 *    gradient it is: rows = its in_c, and in_c here = its out_c;
 *  - DENSE's (h·w·c, in_c) have kernel 1. Where the output is an inner edge, (h·w,
 *    c padded), group = c, and the plan's out_c is h·w·padded (c).
 * A pitch above in_c·kernel² leaves out what follows in_c: planes or columns of
 * labels. Packing writes the padding too, 0; unpacking touches nothing but the
 * values that count.
 */

#pragma once

#include "cuda/edge.h"

G_BEGIN_DECLS

typedef struct
{
  int   rows;
  int   group; /* divides rows */
  int   in_c;
  int   kernel;
  gsize pitch; /* floats from row to row of the plain weights */
} RaqamPacking;

/* Values of the packed weights. */
static inline gsize
raqam_cuda_packed_size (const RaqamPacking *packing)
{
  return (gsize) (packing->rows / packing->group) * raqam_cuda_padded (packing->group)
         * packing->kernel * packing->kernel * raqam_cuda_padded (packing->in_c);
}

/**
 * raqam_cuda_pack:
 * @packed: device memory, aligned to 16 bytes, raqam_cuda_packed_size() values;
 *   bf16 in a device of RAQAM_PRECISION_BF16, else float
 * @plain: device memory
 * @sigma: (nullable): device memory, one float that every weight is divided by
 *
 * Only starts the work; may be recorded.
 */
gboolean raqam_cuda_pack   (RaqamDevice *device, gpointer packed, const float *plain,
                            const float *sigma, const RaqamPacking *packing, GError **error);

/**
 * raqam_cuda_unpack:
 * @plain: device memory
 * @packed: device memory, raqam_cuda_packed_size() floats whatever the precision
 *
 * Only starts the work; may be recorded.
 */
gboolean raqam_cuda_unpack (RaqamDevice *device, float *plain, const float *packed,
                            const RaqamPacking *packing, GError **error);

G_END_DECLS
