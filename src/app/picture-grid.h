/* picture-grid.h — some of an evaluation's pictures, to be looked through and picked.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "engine/evaluation.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_PICTURE_GRID (raqam_picture_grid_get_type ())
G_DECLARE_FINAL_TYPE (RaqamPictureGrid, raqam_picture_grid, RAQAM, PICTURE_GRID, AdwBin)

/**
 * RaqamPictureGrid:
 *
 * Signal "picked": void (RaqamPictureGrid *, guint image, gpointer): a click on a
 * picture, or Enter: the picture's number in its evaluation.
 *
 * It scrolls; only the pictures in sight are drawn, however many there are.
 */

/**
 * raqam_picture_grid_set:
 * @evaluation: (nullable): a reference is kept; NULL empties the grid
 * @truth: digit asked for
 * @predicted: digit read
 *
 * Shows all pictures of one cell of the confusion matrix.
 *
 * Returns: how many there are
 */
guint raqam_picture_grid_set (RaqamPictureGrid *self, RaqamEvaluation *evaluation, int truth,
                              int predicted);

G_END_DECLS
