/* picture-cell.h — one small digit among many.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RAQAM_TYPE_PICTURE_CELL (raqam_picture_cell_get_type ())
G_DECLARE_FINAL_TYPE (RaqamPictureCell, raqam_picture_cell, RAQAM, PICTURE_CELL, GtkWidget)

GtkWidget *raqam_picture_cell_new (void);

/**
 * raqam_picture_cell_set:
 * @pixels: (nullable): (28, 28), 255 is ink; not kept. NULL empties the cell
 * @label: what a screen reader says of it; its tooltip too
 *
 * Dark ink on white in every colour scheme.
 */
void raqam_picture_cell_set (RaqamPictureCell *self, const guint8 *pixels, const char *label);

/* @side: natural and least side in pixels; 60 until it is set */
void raqam_picture_cell_set_side (RaqamPictureCell *self, int side);

G_END_DECLS
