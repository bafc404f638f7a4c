/* explore-walk.h — wanders through latent space by itself, as quickly as is asked.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/explore-panel.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EXPLORE_WALK (raqam_explore_walk_get_type ())
G_DECLARE_FINAL_TYPE (RaqamExploreWalk, raqam_explore_walk, RAQAM, EXPLORE_WALK,
                      RaqamExplorePanel)

/**
 * RaqamExploreWalk:
 *
 * A toggle button, with the speed in a popover beside it. It walks by
 * raqam_wander() while it is on the screen. Whatever else changes the picture is
 * where it walks on from; undo and redo end it, and so does another length of
 * latent vectors. The key W begins and ends it.
 */

G_END_DECLS
