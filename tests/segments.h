/* segments.h — digits of seven segments, written by many hands: real images for tests.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/evaluation.h"

G_BEGIN_DECLS

/* @pixels: (784), overwritten: 0 or 255; number @i of @seed shows digit i % 10, and no two are alike */
void segments_draw (guint8 *pixels, guint32 seed, int i);

/**
 * segments_write:
 * @name: "Train seven.cdb"
 *
 * Returns: (transfer full): path of a .cdb file in @folder with images 0 to @n - 1
 */
char *segments_write (const char *folder, const char *name, int n, guint32 seed);

/* Returns: (transfer full): (@n, 784): images 0 to @n - 1 */
GBytes *segments_pixels (int n, guint32 seed);

G_END_DECLS
