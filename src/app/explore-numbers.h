/* explore-numbers.h — every number of the latent vector, one by one.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/explore-panel.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EXPLORE_NUMBERS (raqam_explore_numbers_get_type ())
G_DECLARE_FINAL_TYPE (RaqamExploreNumbers, raqam_explore_numbers, RAQAM, EXPLORE_NUMBERS,
                      RaqamExplorePanel)

G_END_DECLS
