/* explore-draw.h — draw a digit, and the model comes as near as it can.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/explore-panel.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EXPLORE_DRAW (raqam_explore_draw_get_type ())
G_DECLARE_FINAL_TYPE (RaqamExploreDraw, raqam_explore_draw, RAQAM, EXPLORE_DRAW, RaqamExplorePanel)

/**
 * raqam_explore_draw_open:
 * @file: a PNG, as raqam_sketch_load()
 *
 * Shows the panel's tab, takes the picture as what was drawn and looks for it. What is
 * wrong with it is told by the scene.
 */
void raqam_explore_draw_open (RaqamExploreDraw *self, GFile *file);

G_END_DECLS
