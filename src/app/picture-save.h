/* picture-save.h — asks where a picture or its vector shall be saved, and saves it.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/explore-scene.h"
#include "app/picture-export.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * raqam_picture_save_ask:
 * @parent: the window that the questions belong to
 * @scene: is told how it ended
 * @export: (transfer full): without a path; where it has pixels it is a PNG, how is
 *   asked for, beginning with what it says of "crisp"
 */
void raqam_picture_save_ask (GtkWindow *parent, RaqamExploreScene *scene,
                             RaqamPictureExport *export);

G_END_DECLS
