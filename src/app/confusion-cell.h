/* confusion-cell.h — one cell of a confusion matrix.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RAQAM_TYPE_CONFUSION_CELL (raqam_confusion_cell_get_type ())
G_DECLARE_FINAL_TYPE (RaqamConfusionCell, raqam_confusion_cell, RAQAM, CONFUSION_CELL, GtkWidget)

/**
 * raqam_confusion_cell_new:
 * @truth: the digit that was asked for, 0 to 9
 * @predicted: the digit that was read, 0 to 9
 *
 * A screen reader is told both, the count and whether the cell is picked.
 */
GtkWidget *raqam_confusion_cell_new (int truth, int predicted);

/* @of: pictures of the cell's whole row; 0 where there are none */
void raqam_confusion_cell_set_count (RaqamConfusionCell *self, guint64 count, guint64 of);

/* Whether its pictures are shown: it is framed then. */
void raqam_confusion_cell_set_picked (RaqamConfusionCell *self, gboolean picked);

G_END_DECLS
