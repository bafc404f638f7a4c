/* format.h — numbers and times as people of the locale read them.
 * SPDX-License-Identifier: MIT
 *
 * Digits, grouping and the decimal sign are the locale's. All return new strings.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RAQAM_N_DIGITS 10

/* Returns: (transfer none): the Persian digit ۰ to ۹ as UTF-8; @digit 0 to 9 */
const char *raqam_format_persian_digit (int digit);

char *raqam_format_integer (gint64 value);

/* @decimals: digits after the decimal sign, 0 to 9 */
char *raqam_format_number (double value, int decimals);

/* As raqam_format_number(), ungrouped: for fields in which people write. */
char *raqam_format_plain (double value, int decimals);

/**
 * raqam_format_parse:
 * @text: a number in Latin, Persian or Arabic digits, grouped or not
 * @value: overwritten
 *
 * Returns: whether @text is one number, and nothing else
 */
gboolean raqam_format_parse (const char *text, double *value);

/* "1 h 12 min", "4 min 5 s", "12 s", "0.45 s"; "–" below 0 */
char *raqam_format_duration (double seconds);

G_END_DECLS
