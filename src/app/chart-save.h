/* chart-save.h — asks for a file, and writes a chart into it.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/loss-chart.h"

G_BEGIN_DECLS

/* @chart is in an AdwToastOverlay, which tells how it ended. The format is the name's ending. */
void raqam_chart_save_ask (RaqamLossChart *chart);

/* Puts @chart's picture on the clipboard. */
void raqam_chart_save_copy (RaqamLossChart *chart);

G_END_DECLS
