/* sample-grid.h — generated digits in a grid: ten across, a style a row.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RAQAM_TYPE_SAMPLE_GRID (raqam_sample_grid_get_type ())
G_DECLARE_FINAL_TYPE (RaqamSampleGrid, raqam_sample_grid, RAQAM, SAMPLE_GRID, GtkWidget)

/**
 * RaqamSampleGrid:
 *
 * Properties:
 * "show-header": whether Persian digits stand above the columns
 * "max-cell": a digit's largest side in pixels
 * "rows": how many rows there is room for until there are pixels
 * "label": accessible label
 *
 * Dark ink on white in every colour scheme. A language written from right to left
 * has ۰ at the right.
 */

/**
 * raqam_sample_grid_set_pixels:
 * @pixels: (n_rows, n_columns, 28, 28), 255 is ink; NULL empties the grid
 * @description: what a screen reader says of them, or NULL
 */
void raqam_sample_grid_set_pixels (RaqamSampleGrid *self, GBytes *pixels, int n_columns,
                                   int n_rows, const char *description);

G_END_DECLS
