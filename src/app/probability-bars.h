/* probability-bars.h — how likely each of the ten digits is, as bars.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

#include "print/format.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_PROBABILITY_BARS (raqam_probability_bars_get_type ())
G_DECLARE_FINAL_TYPE (RaqamProbabilityBars, raqam_probability_bars, RAQAM, PROBABILITY_BARS, GtkWidget)

/**
 * raqam_probability_bars_set:
 * @probabilities: (10), each 0 to 1; copied. NULL for empty bars
 *
 * The likeliest digit is told from the others by its weight and its value too. ۰ stands
 * where reading begins. Cheap enough for every frame: no size changes.
 */
void raqam_probability_bars_set (RaqamProbabilityBars *self, const float *probabilities);

/* Returns: the likeliest digit; the lower of two that are alike */
int raqam_probability_bars_winner (const float *probabilities);

/* Returns: (transfer full): "۴ 94 %; ۶ 5 %": those of one per cent and more, likeliest first */
char *raqam_probability_bars_describe (const float *probabilities);

G_END_DECLS
