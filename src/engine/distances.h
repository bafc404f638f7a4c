/* distances.h — every distance between two sets of features, a tile at a time.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/error.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* How a search among features is to go on. */
typedef struct
{
  int           n_threads;   /* 1 or more, with the caller's own */
  GCancellable *cancellable; /* (nullable) */

  /* (nullable): called on the caller's thread now and then, rising to 1 */
  void        (*progress) (double fraction, gpointer user_data);
  gpointer      user_data;
} RaqamSearch;

/* Squared distances of some rows of @a from some of @b: row first_a + i is
 * squared[i · stride + j] from row first_b + j. */
typedef struct
{
  const float *squared;
  int          stride;
  gsize        first_a, first_b;
  int          n_a, n_b;
} RaqamTile;

/**
 * RaqamTileFunc:
 *
 * Called on several threads at once; all tiles of one row of @a come on one
 * thread, by rising first_b.
 */
typedef void (*RaqamTileFunc) (const RaqamTile *tile, gpointer user_data);

/**
 * raqam_distances_each:
 * @a: (@n_a, @d)
 * @b: (@n_b, @d); may be @a
 * @d: features of each, 1 or more
 * @func: sees every pair once
 * @search: (nullable): NULL for one thread and no way to stop
 * @error: G_IO_ERROR_CANCELLED; RAQAM_ERROR_MEMORY when a copy of @b cannot be
 *   had; RAQAM_ERROR_DIVERGED by raqam_features_check()
 *
 * Σ (a − b)², as it stands: the usual |a|² + |b|² − 2ab is a matrix product and
 * two or three times as fast, but what it gets by subtracting large numbers
 * leaves a copied image at a distance from its original. Here a copy is at 0,
 * and distances are the same both ways. In float, over the features from first
 * to last, each rounded: so a distance does not depend on the number of
 * threads, on the place in a tile, or on the width of the vectors that the
 * processor has (x86-64; other processors may fuse two operations, and differ in
 * the last bit).
 *
 * Returns: FALSE with @error set; @func may then have seen some of the pairs
 */
gboolean raqam_distances_each (const float *a, gsize n_a, const float *b, gsize n_b, int d,
                               RaqamTileFunc func, gpointer user_data, const RaqamSearch *search,
                               GError **error);

G_END_DECLS
