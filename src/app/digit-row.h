/* digit-row.h — ten linked buttons, of which one is down: a Persian digit and its picture each.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RAQAM_TYPE_DIGIT_ROW (raqam_digit_row_get_type ())
G_DECLARE_FINAL_TYPE (RaqamDigitRow, raqam_digit_row, RAQAM, DIGIT_ROW, GtkWidget)

/**
 * RaqamDigitRow:
 *
 * Property "digit" (int, 0 to 9, notifies). The arrow keys go from button to
 * button and press it; Home and End go to the first and last.
 */
int  raqam_digit_row_get_digit (RaqamDigitRow *self);
void raqam_digit_row_set_digit (RaqamDigitRow *self, int digit);

/**
 * raqam_digit_row_set_pixels:
 * @pixels: (nullable): (10, 28, 28), 255 is ink: a picture of each digit
 */
void raqam_digit_row_set_pixels (RaqamDigitRow *self, GBytes *pixels);

G_END_DECLS
