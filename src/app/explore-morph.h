/* explore-morph.h — a morph through several pictures: chosen, previewed, saved.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/explore-panel.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EXPLORE_MORPH (raqam_explore_morph_get_type ())
G_DECLARE_FINAL_TYPE (RaqamExploreMorph, raqam_explore_morph, RAQAM, EXPLORE_MORPH,
                      RaqamExplorePanel)

G_END_DECLS
