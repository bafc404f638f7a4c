/* variation-grid.h — a picture in the middle of its neighbours, to pick one of them.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RAQAM_VARIATION_SIDE 5
#define RAQAM_VARIATION_CELLS (RAQAM_VARIATION_SIDE * RAQAM_VARIATION_SIDE)
#define RAQAM_VARIATION_MIDDLE (RAQAM_VARIATION_CELLS / 2)

#define RAQAM_TYPE_VARIATION_GRID (raqam_variation_grid_get_type ())
G_DECLARE_FINAL_TYPE (RaqamVariationGrid, raqam_variation_grid, RAQAM, VARIATION_GRID, GtkWidget)

/**
 * RaqamVariationGrid:
 *
 * Signal "picked": void (RaqamVariationGrid *, guint cell, gpointer): a neighbour was
 * clicked or activated; never the middle.
 *
 * Cells are counted in reading order. To the keyboard they are one stop, within which
 * the arrow keys, Home and End move.
 */

/**
 * raqam_variation_grid_set_pixels:
 * @pixels: (RAQAM_VARIATION_CELLS, 28, 28), 255 is ink; a reference is kept
 *
 * A cell whose pixels stay as they are costs nothing.
 */
void raqam_variation_grid_set_pixels (RaqamVariationGrid *self, GBytes *pixels);

G_END_DECLS
