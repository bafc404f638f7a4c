/* label-places.h — labels beside the ends of curves, apart from each other.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RAQAM_MAX_LABELS 16

/**
 * raqam_label_places:
 * @places: (@n) where the middles of the labels should be; moved as little as
 *   keeps them @apart and in their order
 * @n: 0 to RAQAM_MAX_LABELS
 * @apart: least distance between two middles
 * @low: least place
 * @high: largest place; where there is no room for all, they begin at @low and
 *   go beyond it
 */
void raqam_label_places (double *places, int n, double apart, double low, double high);

G_END_DECLS
