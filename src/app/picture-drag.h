/* picture-drag.h — a picture that is dragged out of the window is a PNG.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/digit-picture.h"
#include "app/explore-scene.h"

G_BEGIN_DECLS

/**
 * raqam_picture_drag_attach:
 * @picture: shows the picture of @scene
 *
 * Gives @picture a drag source: a file in a temporary folder, for a file manager, and
 * image/png. The folder goes with @picture.
 */
void raqam_picture_drag_attach (RaqamDigitPicture *picture, RaqamExploreScene *scene);

G_END_DECLS
