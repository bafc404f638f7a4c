/* direction-row.h — one direction: its name, a slider, and a picture at both ends.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RAQAM_DIRECTION_REACH 3.0 /* the slider goes from − this to + this */

#define RAQAM_TYPE_DIRECTION_ROW (raqam_direction_row_get_type ())
G_DECLARE_FINAL_TYPE (RaqamDirectionRow, raqam_direction_row, RAQAM, DIRECTION_ROW, GtkWidget)

/**
 * RaqamDirectionRow:
 *
 * Signals:
 * "moved":   void (RaqamDirectionRow *, double value, gpointer): by the slider
 * "picked":  void (RaqamDirectionRow *, double value, gpointer): a picture was clicked
 * "renamed": void (RaqamDirectionRow *, const char *name, gpointer): never empty
 * "reset":   void (RaqamDirectionRow *, gpointer): the name is to be what it was
 * "keep":    void (RaqamDirectionRow *, gboolean keep, gpointer)
 *
 * A double click, Delete or Backspace sets the slider to 0.
 */
GtkWidget *raqam_direction_row_new (void);

/**
 * raqam_direction_row_set:
 * @name: what it is called
 * @details: more about it, for the tooltip
 * @renamed: whether the name can be reset
 * @kept: whether it is shown for every digit
 */
void raqam_direction_row_set (RaqamDirectionRow *self, const char *name, const char *details,
                              gboolean renamed, gboolean kept);

/* Returns: (transfer none): as it was set */
const char *raqam_direction_row_get_name (RaqamDirectionRow *self);

/* Where the style stands; past the slider's end it shows the end. Does not emit "moved". */
void raqam_direction_row_set_value (RaqamDirectionRow *self, double value);

/* @pixels: (2, 28, 28), 255 is ink: at −3 and at +3 */
void raqam_direction_row_set_pixels (RaqamDirectionRow *self, const guint8 *pixels);

G_END_DECLS
