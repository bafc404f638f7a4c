/* confusion-view.h — a confusion matrix: the digit asked for down, the digit read across.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

#include "engine/confusion.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_CONFUSION_VIEW (raqam_confusion_view_get_type ())
G_DECLARE_FINAL_TYPE (RaqamConfusionView, raqam_confusion_view, RAQAM, CONFUSION_VIEW, GtkWidget)

/**
 * RaqamConfusionView:
 *
 * Signal "picked": void (RaqamConfusionView *, int truth, int predicted, gpointer):
 * a click, Enter or Space on a cell.
 *
 * Ten by ten. Tab goes to one cell, the arrow keys, Home and End from cell to cell.
 * A language written from right to left has ۰ at the right.
 */

/* @confusion: (nullable): of ten classes; nothing of it is kept. No cell is picked then. */
void raqam_confusion_view_set (RaqamConfusionView *self, const RaqamConfusion *confusion);

/* Frames the cell and emits "picked". */
void raqam_confusion_view_pick (RaqamConfusionView *self, int truth, int predicted);

G_END_DECLS
