/* sketch.h — a digit that somebody drew, of any size, on its way to 28 × 28.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gio/gio.h>

#include "engine/fit.h"

G_BEGIN_DECLS

#define RAQAM_SKETCH_SIDE 252 /* at most; nine pixels of it are one of 28 */

/* Plain data. */
typedef struct
{
  int     width, height; /* 1 to RAQAM_SKETCH_SIDE */
  guint8 *ink;           /* (height, width), row by row; 255 is ink */
} RaqamSketch;

/* @ink: (@height, @width), copied; larger than RAQAM_SKETCH_SIDE it is scaled down,
 * keeping its proportions. Returns: (transfer full) */
RaqamSketch *raqam_sketch_new  (const guint8 *ink, int width, int height);
void         raqam_sketch_free (RaqamSketch *self); /* NULL is allowed */

/**
 * raqam_sketch_parse:
 * @png: a PNG of any kind, at most 64 million pixels
 * @name: what messages call it, in UTF-8
 *
 * Finds out what is ink: where the border is transparent, what is not; else whatever is
 * darker than a light border or lighter than a dark one (the median of its brightness
 * decides), the strongest becoming 255. Any thread.
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_DATA: it is no PNG, damaged, too large,
 *   or all of one shade; or RAQAM_ERROR_MEMORY
 */
RaqamSketch *raqam_sketch_parse (GBytes *png, const char *name, GError **error);

/* The same of a file, with the errors of g_file_load_bytes() too; RAQAM_ERROR_DATA where it
 * has more than 256 MiB or is a pipe or a device. Blocks. */
RaqamSketch *raqam_sketch_load  (GFile *file, GCancellable *cancellable, GError **error);

/**
 * raqam_sketch_fit:
 * @out: (28, 28), overwritten; 255 is ink. All 0 where there is none
 * @fill: whether a digit that is at least 0.4 as high or wide as its square field is
 *   brought to the size of the data, whose longer side is 28 as a rule; zeros are smaller
 * @grey: as raqam_fit()
 *
 * Cut to its ink and centred, as the data are. Otherwise its field is what becomes 28
 * pixels wide, unless it is smaller.
 */
void raqam_sketch_fit (guint8 *out, const RaqamSketch *self, gboolean fill, gboolean grey);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamSketch, raqam_sketch_free)

G_END_DECLS
