/* score-row.h — one figure of an evaluation, and what it means.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "engine/score-texts.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_SCORE_ROW (raqam_score_row_get_type ())
G_DECLARE_FINAL_TYPE (RaqamScoreRow, raqam_score_row, RAQAM, SCORE_ROW, AdwExpanderRow)

/**
 * RaqamScoreRow:
 *
 * Closed: the figure's name, which way is better, its value and beside it the
 * same figure of real digits. Open: its meaning and who published it.
 */

/* Returns: (transfer floating): a row without a value */
GtkWidget *raqam_score_row_new (RaqamScore score);

/**
 * raqam_score_row_set:
 * @value: as people read it; NULL where the figure was not made
 * @real: (nullable): the same of real digits, as "real 0.42"
 */
void raqam_score_row_set (RaqamScoreRow *self, const char *value, const char *real);

G_END_DECLS
