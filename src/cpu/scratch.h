/* scratch.h — a block's memory in one piece, and sums that its workers share.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

#include "cpu/pool.h"

G_BEGIN_DECLS

/* Gives out one allocation in pieces, each on a cache line of its own. With
 * base NULL it only counts, so that one function both measures and lays out. */
typedef struct
{
  char *base; /* aligned to 64 bytes */
  gsize used; /* bytes */
} RaqamScratch;

static inline gpointer
raqam_scratch_take (RaqamScratch *self, gsize n, gsize size)
{
  gpointer piece = self->base == NULL ? NULL : self->base + self->used;

  self->used += (n * size + 63) / 64 * 64;
  return piece;
}

/* The next whole number of cache lines, in floats or doubles: where one worker's
 * share of a piece ends and the next one's begins. */
static inline gsize
raqam_scratch_pitch (gsize n)
{
  return (n + 15) / 16 * 16;
}

/**
 * raqam_cpu_sum_workers:
 * @sums: (workers of @pool, @pitch): the first @n of each; row 0 becomes their sum
 *
 * Adds in the workers' order, so that the same number of workers gives the same bits.
 */
void raqam_cpu_sum_workers (double *sums, gsize pitch, int n, RaqamPool *pool);

G_END_DECLS
