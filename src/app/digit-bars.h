/* digit-bars.h — a bar for each digit, with the same figure of real pictures marked.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RAQAM_TYPE_DIGIT_BARS (raqam_digit_bars_get_type ())
G_DECLARE_FINAL_TYPE (RaqamDigitBars, raqam_digit_bars, RAQAM, DIGIT_BARS, GtkWidget)

/**
 * raqam_digit_bars_set:
 * @name: what the bars are of, to a screen reader
 * @values: (10), at least 0; one that is not finite has no bar
 * @real: (10): the same of real pictures, each drawn as a line across its bar
 *
 * The numbers stand above the bars. ۰ is where reading begins.
 */
void raqam_digit_bars_set (RaqamDigitBars *self, const char *name, const double *values,
                           const double *real);

G_END_DECLS
