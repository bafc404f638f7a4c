/* explore-variations.h — the neighbours of the present picture, to go to one of them.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/explore-panel.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EXPLORE_VARIATIONS (raqam_explore_variations_get_type ())
G_DECLARE_FINAL_TYPE (RaqamExploreVariations, raqam_explore_variations, RAQAM, EXPLORE_VARIATIONS,
                      RaqamExplorePanel)

G_END_DECLS
