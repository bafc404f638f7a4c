/* digit-picture.h — one generated digit, large.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

#include "engine/style.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_DIGIT_PICTURE (raqam_digit_picture_get_type ())
G_DECLARE_FINAL_TYPE (RaqamDigitPicture, raqam_digit_picture, RAQAM, DIGIT_PICTURE, GtkWidget)

/**
 * RaqamDigitPicture:
 *
 * Property "crisp" (boolean, notifies): whether the 28 × 28 pixels are shown as they
 * are; else ink with a smooth outline (app/ink-large.h). A button in its corner
 * switches it.
 *
 * Property "second" (boolean, construct-only): whether it is the second model's, which
 * its name tells a screen reader.
 */

/**
 * raqam_digit_picture_set_pixels:
 * @pixels: (28, 28), 255 is ink; NULL empties the picture
 * @style: of which its digit is told to a screen reader, and what is mixed into it
 *
 * Dark ink on white in every colour scheme.
 */
void raqam_digit_picture_set_pixels (RaqamDigitPicture *self, GBytes *pixels,
                                     const RaqamStyle *style);

void     raqam_digit_picture_set_crisp (RaqamDigitPicture *self, gboolean crisp);
gboolean raqam_digit_picture_get_crisp (RaqamDigitPicture *self);

G_END_DECLS
