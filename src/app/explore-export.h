/* explore-export.h — takes the present picture out of the program, or keeps it.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/explore-panel.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EXPLORE_EXPORT (raqam_explore_export_get_type ())
G_DECLARE_FINAL_TYPE (RaqamExploreExport, raqam_explore_export, RAQAM, EXPLORE_EXPORT,
                      RaqamExplorePanel)

/**
 * raqam_explore_export_attach:
 * @picture: a RaqamDigitPicture, which shows the scene's picture
 *
 * The picture can then be dragged out of the window as a PNG, enlarged as it is shown;
 * and so it is copied.
 */
void raqam_explore_export_attach (RaqamExploreExport *self, GtkWidget *picture);

G_END_DECLS
