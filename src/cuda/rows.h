/* rows.h — a hidden layer's values, and how kernels share them out.
 * SPDX-License-Identifier: MIT
 *
 * The values are (rows, c): a row is a pixel of some image, its values one a
 * channel, eight of which are an octet. A block of threads takes a chunk of rows
 * of some octets, a thread every lanes-th row of one octet, so that threads side
 * by side read side by side and what belongs to a channel is loaded once. The
 * parts depend on the shape alone, for sums are taken chunk by chunk.
 */

#pragma once

#include "cuda/edge.h"

G_BEGIN_DECLS

#define RAQAM_ROWS_THREADS 256

/* Octets that a block of threads takes at most. */
#define RAQAM_ROWS_OCTETS 32

/* Sums of so many rows are taken in float by one thread, the rest in double. */
#define RAQAM_ROWS_A_THREAD 64

/* Chunks that are enough to keep a GPU busy. */
#define RAQAM_ROWS_CHUNKS 1024

typedef struct
{
  guint32 n;      /* rows of the batch: N · H · W */
  guint32 pixels; /* rows of an image */
  int     c;      /* channels that count */
  int     padded;

  guint32 span;   /* rows that chunks do not cross: those of an image, or n */
  guint32 chunk;  /* rows; the last of a span may be shorter, or empty */
  int     chunks_a_span;
  int     n_chunks;

  int     octets; /* of a block of threads */
  int     lanes;
} RaqamRows;

/* What is added to the result of the linear part. */
typedef struct
{
  const float *values;   /* device memory; NULL for none */
  gboolean     whole;    /* (pixels, padded) values, for whole images; else (c), for every row */
  gboolean     by_label; /* with whole: such a table for every label */
} RaqamBias;

typedef struct
{
  const RaqamPulse *pulse; /* device memory; NULL for no dropout */
  guint32           stream;
  guint32           threshold;
  float             scale; /* of what is kept */
} RaqamDropout;

static inline guint32
raqam_cuda_ceil_div (guint32 n, guint32 by)
{
  return n / by + (n % by > 0 ? 1 : 0);
}

/* Returns: the parts of @n_images images of @pixels rows; @by_image: no chunk
 * holds rows of two images */
static inline RaqamRows
raqam_cuda_rows (int n_images, int pixels, int c, gboolean by_image)
{
  RaqamRows rows;
  guint32 all, a_thread, tiles;

  rows.n = (guint32) n_images * (guint32) pixels;
  rows.pixels = (guint32) pixels;
  rows.c = c;
  rows.padded = raqam_cuda_padded (c);

  all = (guint32) rows.padded / RAQAM_CUDA_CHANNELS;
  tiles = raqam_cuda_ceil_div (all, RAQAM_ROWS_OCTETS);
  rows.octets = (int) raqam_cuda_ceil_div (all, tiles);
  rows.lanes = RAQAM_ROWS_THREADS / rows.octets;

  rows.span = by_image ? rows.pixels : rows.n;
  a_thread = raqam_cuda_ceil_div (rows.span, (guint32) rows.lanes * RAQAM_ROWS_CHUNKS);
  if (by_image || a_thread > RAQAM_ROWS_A_THREAD)
    a_thread = RAQAM_ROWS_A_THREAD;
  rows.chunks_a_span = (int) raqam_cuda_ceil_div (rows.span, (guint32) rows.lanes * a_thread);
  rows.chunk = raqam_cuda_ceil_div (rows.span, (guint32) rows.chunks_a_span);
  rows.n_chunks = (int) (rows.n / rows.span) * rows.chunks_a_span;

  return rows;
}

G_END_DECLS
