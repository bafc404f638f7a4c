/* explore-directions.h — sliders along which the digit's pictures vary most.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/explore-panel.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EXPLORE_DIRECTIONS (raqam_explore_directions_get_type ())
G_DECLARE_FINAL_TYPE (RaqamExploreDirections, raqam_explore_directions, RAQAM, EXPLORE_DIRECTIONS,
                      RaqamExplorePanel)

/**
 * RaqamExploreDirections:
 *
 * The directions of engine/directions.h for the present digit, below those that the
 * user keeps. A slider shows z · u, and moving it by d adds d · u to z. Names and
 * what is kept are the user's own: engine/directions-book.h, read when the panel
 * is first shown and written at every change.
 */

G_END_DECLS
