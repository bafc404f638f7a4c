/* kept-cell.h — a kept picture with its name below it.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

#include "app/kept-item.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_KEPT_CELL (raqam_kept_cell_get_type ())
G_DECLARE_FINAL_TYPE (RaqamKeptCell, raqam_kept_cell, RAQAM, KEPT_CELL, GtkFlowBoxChild)

/**
 * RaqamKeptCell:
 *
 * It can be dragged onto another one, which then says so.
 *
 * Signal "dropped": void (RaqamKeptCell *, RaqamKeptItem *dragged, gpointer)
 */
GtkWidget     *raqam_kept_cell_new      (RaqamKeptItem *item);
RaqamKeptItem *raqam_kept_cell_get_item (RaqamKeptCell *self);

G_END_DECLS
