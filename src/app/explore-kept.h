/* explore-kept.h — the pictures that are kept: gone to, named, put in order, thrown away.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/explore-panel.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EXPLORE_KEPT (raqam_explore_kept_get_type ())
G_DECLARE_FINAL_TYPE (RaqamExploreKept, raqam_explore_kept, RAQAM, EXPLORE_KEPT, RaqamExplorePanel)

G_END_DECLS
