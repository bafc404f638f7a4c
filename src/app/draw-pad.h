/* draw-pad.h — a field of 28 × 28 to draw a digit on.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

#include "engine/sketch.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_DRAW_PAD (raqam_draw_pad_get_type ())
G_DECLARE_FINAL_TYPE (RaqamDrawPad, raqam_draw_pad, RAQAM, DRAW_PAD, GtkWidget)

/**
 * RaqamDrawPad:
 *
 * Properties:
 * "brush": diameter in pixels of the 28 × 28 field, 1 to 8 (double)
 * "erasing": whether the first button erases (boolean); the second one and a pen's
 *   other end always do
 * "can-undo", "is-empty" (boolean, read-only, notify)
 *
 * Signals:
 * "drawn": void (RaqamDrawPad *, gpointer): a stroke has ended, or the drawing has
 *   changed otherwise
 *
 * With the keyboard the arrow keys move a cursor, with Shift they draw a line, Space
 * draws a dot, Delete and Backspace erase one, Ctrl+Z takes a stroke back. Dark ink on
 * white in every colour scheme, and never mirrored.
 */
GtkWidget *raqam_draw_pad_new (void);

/* Returns: (transfer full): what is drawn, RAQAM_SKETCH_SIDE wide and high */
RaqamSketch *raqam_draw_pad_get_sketch (RaqamDrawPad *self);

/* Replaces the drawing by another, in the middle; can be undone. */
void raqam_draw_pad_set_sketch (RaqamDrawPad *self, const RaqamSketch *sketch);

void raqam_draw_pad_clear (RaqamDrawPad *self); /* can be undone */
void raqam_draw_pad_undo  (RaqamDrawPad *self);

G_END_DECLS
