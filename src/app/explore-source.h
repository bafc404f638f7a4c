/* explore-source.h — where the picture comes from: chance, a seed, how far from the mean.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/explore-panel.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EXPLORE_SOURCE (raqam_explore_source_get_type ())
G_DECLARE_FINAL_TYPE (RaqamExploreSource, raqam_explore_source, RAQAM, EXPLORE_SOURCE,
                      RaqamExplorePanel)

/**
 * RaqamExploreSource:
 *
 * A seed is that of raqam_style_randomise() with number 0. It stays to be read while
 * the picture is changed, but slanted; undo brings it back.
 */

G_END_DECLS
