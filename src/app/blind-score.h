/* blind-score.h — how often a person told the real picture, and what that shows.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint n_right;
  guint n_asked;
} RaqamBlindScore;

/**
 * raqam_blind_interval:
 * @low: lower end, 0 to 1
 * @high: upper end
 *
 * The interval in which the true share of right answers lies with 95 %
 * confidence (Wilson, JASA 22, 1927); 0 to 1 where nothing was asked.
 */
void raqam_blind_interval (double *low, double *high, const RaqamBlindScore *score);

/* Returns: (transfer full): what the score says, in a sentence or two */
char *raqam_blind_statement (const RaqamBlindScore *score);

G_END_DECLS
