/* scratch.h — a block's memory in one piece.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Gives out one allocation in pieces, each aligned to 256 bytes. With base NULL it
 * only counts, so that one function both measures and lays out. */
typedef struct
{
  char *base; /* device memory, aligned to 256 bytes */
  gsize used; /* bytes */
} RaqamScratch;

static inline gpointer
raqam_scratch_take (RaqamScratch *self, gsize n, gsize size)
{
  gpointer piece = self->base == NULL ? NULL : self->base + self->used;

  self->used += (n * size + 255) / 256 * 256;
  return piece;
}

G_END_DECLS
