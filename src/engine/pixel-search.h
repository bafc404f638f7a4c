/* pixel-search.h — the pictures nearest to one by their pixels, a part at a time.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

#include "engine/recipe.h"

G_BEGIN_DECLS

#define RAQAM_PIXEL_SEARCH_MOST 8

/* A search in hand. Plain data. */
typedef struct
{
  guint8  pixels[RAQAM_IMAGE_SIZE]; /* whose neighbours are looked for */
  int     wanted;
  gsize   next; /* the first image that was not looked at */

  /* What was found: nearest first, of equally near ones the lower index. */
  int     n;
  guint32 indices[RAQAM_PIXEL_SEARCH_MOST];
  guint32 squares[RAQAM_PIXEL_SEARCH_MOST]; /* sums of squared differences of bytes */
} RaqamPixelSearch;

/**
 * raqam_pixel_search_start:
 * @pixels: (784); copied
 * @wanted: neighbours, 1 to RAQAM_PIXEL_SEARCH_MOST
 */
void raqam_pixel_search_start (RaqamPixelSearch *self, const guint8 *pixels, int wanted);

/**
 * raqam_pixel_search_go_on:
 * @images: (@n, 784); the same at every call
 * @at_most: images to look at in this call
 *
 * Returns: whether all were looked at
 */
gboolean raqam_pixel_search_go_on (RaqamPixelSearch *self, const guint8 *images, gsize n,
                                   gsize at_most);

/* Returns: root mean square difference of ink, 0 for a copy to 1 for black on white */
double raqam_pixel_search_distance (const RaqamPixelSearch *self, int neighbour);

G_END_DECLS
