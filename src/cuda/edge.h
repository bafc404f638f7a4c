/* edge.h — activations between blocks, as the GPU keeps them.
 * SPDX-License-Identifier: MIT
 *
 * N, H, W, C with C rounded up to a multiple of 8, which the tensor cores want;
 * the channels added are 0 and stay 0. Values are bf16 in a device of
 * RAQAM_PRECISION_BF16, else float. An edge that is not inner (see RaqamBlockSpec)
 * is plain: float, and C as it is.
 */

#pragma once

#include "cuda/device.h"

G_BEGIN_DECLS

#define RAQAM_CUDA_CHANNELS 8

typedef struct
{
  gsize    pixels; /* of a whole batch: N · H · W */
  int      c;      /* channels that count */
  int      stride; /* values from pixel to pixel */
  gboolean bf16;   /* else float */
} RaqamEdge;

/* c rounded up. */
static inline int
raqam_cuda_padded (int c)
{
  return (c + RAQAM_CUDA_CHANNELS - 1) / RAQAM_CUDA_CHANNELS * RAQAM_CUDA_CHANNELS;
}

/* Returns: the edge of (@n, @h, @w, @c), @inner or plain */
static inline RaqamEdge
raqam_cuda_edge (const RaqamDevice *device, int n, int h, int w, int c, gboolean inner)
{
  return (RaqamEdge) {
    .pixels = (gsize) n * h * w,
    .c = c,
    .stride = inner ? raqam_cuda_padded (c) : c,
    .bf16 = inner && device->precision == RAQAM_PRECISION_BF16,
  };
}

/* Bytes. */
static inline gsize
raqam_cuda_edge_size (const RaqamEdge *edge)
{
  return edge->pixels * edge->stride * (edge->bf16 ? 2 : 4);
}

G_END_DECLS
