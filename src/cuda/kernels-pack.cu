/* kernels-pack.cu — kernels that move weights between layouts.
 * SPDX-License-Identifier: MIT
 *
 * A thread a value written, so that writes lie side by side. Reads are kernel²
 * values apart, but all weights together fit in the GPU's cache. */

#include "cuda/kernels-pack.h"

#include "cuda/kernels.cuh"

#define THREADS 256

/* A packing, with what the kernels divide by. */
typedef struct
{
  unsigned rows, group, padded_group;
  unsigned c, padded_c;
  unsigned taps; /* kernel² */
  size_t   pitch;
} Layout;

static Layout
layout_of (const RaqamPacking *packing)
{
  Layout layout;

  layout.rows = packing->rows;
  layout.group = packing->group;
  layout.padded_group = raqam_cuda_padded (packing->group);
  layout.c = packing->in_c;
  layout.padded_c = raqam_cuda_padded (packing->in_c);
  layout.taps = packing->kernel * packing->kernel;
  layout.pitch = packing->pitch;

  return layout;
}

static unsigned
n_blocks (size_t n)
{
  return static_cast<unsigned> ((n + THREADS - 1) / THREADS);
}

template <typename T>
static __global__ void
pack_kernel (T *packed, const float *plain, const float *sigma, Layout layout, unsigned n)
{
  unsigned i = blockIdx.x * THREADS + threadIdx.x;
  unsigned c = i % layout.padded_c;
  unsigned tap = i / layout.padded_c % layout.taps;
  unsigned padded_row = i / layout.padded_c / layout.taps;
  unsigned group = padded_row / layout.padded_group;
  unsigned row = padded_row % layout.padded_group;
  float value = 0.0f;

  if (i >= n)
    return;
  if (row < layout.group && c < layout.c)
    {
      value = plain[(group * layout.group + row) * layout.pitch + c * layout.taps + tap];
      if (sigma != nullptr)
        value /= *sigma;
    }
  raqam_put (packed + i, value);
}

static __global__ void
unpack_kernel (float *plain, const float *packed, Layout layout, unsigned n)
{
  unsigned i = blockIdx.x * THREADS + threadIdx.x;
  unsigned tap = i % layout.taps;
  unsigned c = i / layout.taps % layout.c;
  unsigned row = i / layout.taps / layout.c;
  unsigned padded_row = row / layout.group * layout.padded_group + row % layout.group;

  if (i < n)
    plain[row * layout.pitch + c * layout.taps + tap]
        = packed[(static_cast<size_t> (padded_row) * layout.taps + tap) * layout.padded_c + c];
}

static __global__ void
widen_kernel (float *to, const bf16 *from, unsigned n)
{
  unsigned i = blockIdx.x * THREADS + threadIdx.x;

  if (i < n)
    to[i] = raqam_get (from[i]);
}

void
raqam_cuda_launch_pack (gpointer packed, gboolean is_bf16, const float *plain, const float *sigma,
                        const RaqamPacking *packing, cudaStream_t stream)
{
  size_t n = raqam_cuda_packed_size (packing);
  Layout layout = layout_of (packing);

  if (is_bf16)
    RAQAM_LAUNCH ((pack_kernel<bf16>), n_blocks (n), THREADS, 0, stream,
                  static_cast<bf16 *> (packed), plain, sigma, layout, n);
  else
    RAQAM_LAUNCH ((pack_kernel<float>), n_blocks (n), THREADS, 0, stream,
                  static_cast<float *> (packed), plain, sigma, layout, n);
}

void
raqam_cuda_launch_unpack (float *plain, const float *packed, const RaqamPacking *packing,
                          cudaStream_t stream)
{
  Layout layout = layout_of (packing);
  size_t n = static_cast<size_t> (layout.rows) * layout.c * layout.taps;

  RAQAM_LAUNCH ((unpack_kernel), n_blocks (n), THREADS, 0, stream, plain, packed, layout, n);
}

void
raqam_cuda_launch_widen (float *to, gconstpointer from, gsize n, cudaStream_t stream)
{
  RAQAM_LAUNCH ((widen_kernel), n_blocks (n), THREADS, 0, stream, to,
                static_cast<const bf16 *> (from), n);
}
