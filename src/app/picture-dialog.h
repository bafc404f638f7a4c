/* picture-dialog.h — asks how a picture shall be saved.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "app/picture-export.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_PICTURE_DIALOG (raqam_picture_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RaqamPictureDialog, raqam_picture_dialog, RAQAM, PICTURE_DIALOG,
                      AdwMessageDialog)

/* Its "response" is "save" where the user goes on. */
GtkWidget *raqam_picture_dialog_new (GtkWindow *parent, gboolean crisp);

void raqam_picture_dialog_get_look (RaqamPictureDialog *self, RaqamPictureLook *look);

G_END_DECLS
