/* picture-search.h — looks for a picture in a thread of its own.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/inversion.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_PICTURE_SEARCH (raqam_picture_search_get_type ())
G_DECLARE_FINAL_TYPE (RaqamPictureSearch, raqam_picture_search, RAQAM, PICTURE_SEARCH, GObject)

/**
 * RaqamPictureSearch:
 *
 * Main thread. At most one search has something to say: a new one gives up that in hand,
 * of which nothing is heard any more.
 *
 * Signals:
 * "progress": void (RaqamPictureSearch *, const RaqamInversion *best, double done, gpointer)
 * "ended": void (RaqamPictureSearch *, const RaqamInversion *found_or_null,
 *   const GError *error_or_null, gpointer): exactly one of them is there
 */
RaqamPictureSearch *raqam_picture_search_new (void);

/**
 * raqam_picture_search_start:
 * @target: (784), copied; 255 is ink
 * @digit: 0 to 9, or RAQAM_INVERSION_ANY
 */
void raqam_picture_search_start (RaqamPictureSearch *self, RaqamModel *model, const guint8 *target,
                                 int digit);

/* Gives it up; nothing is told. */
void raqam_picture_search_stop (RaqamPictureSearch *self);

gboolean raqam_picture_search_is_busy (RaqamPictureSearch *self);

G_END_DECLS
