/* picture-strip.h — a row of small pictures from one end to the other, with a marker.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RAQAM_TYPE_PICTURE_STRIP (raqam_picture_strip_get_type ())
G_DECLARE_FINAL_TYPE (RaqamPictureStrip, raqam_picture_strip, RAQAM, PICTURE_STRIP, GtkWidget)

/**
 * RaqamPictureStrip:
 *
 * The first picture's middle is position 0 and the last one's 1. A click or drag picks
 * a position, and so do the arrow keys (1 %), Page Up and Page Down (10 %), Home and
 * End. For a screen reader it is a slider.
 *
 * Signal "picked": void (RaqamPictureStrip *, double position, gpointer): by the user;
 * the marker is there already
 */
GtkWidget *raqam_picture_strip_new (void);

/**
 * raqam_picture_strip_set_pixels:
 * @pixels: (nullable): (n, 28, 28), 255 is ink, n at least 2; not kept. NULL for none
 */
void raqam_picture_strip_set_pixels (RaqamPictureStrip *self, GBytes *pixels);

/* @position: 0 to 1, or below 0 where none of the strip is present: without a marker */
void raqam_picture_strip_set_position (RaqamPictureStrip *self, double position);

G_END_DECLS
