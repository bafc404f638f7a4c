/* kept-item.h — one kept picture, as the lists of the window show it.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gio/gio.h>

#include "engine/album.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_KEPT_ITEM (raqam_kept_item_get_type ())
G_DECLARE_FINAL_TYPE (RaqamKeptItem, raqam_kept_item, RAQAM, KEPT_ITEM, GObject)

/**
 * RaqamKeptItem:
 *
 * Property "name" (string, notifies). What else it holds never changes. Main thread.
 */

/* @kept: (transfer full) */
RaqamKeptItem *raqam_kept_item_new (RaqamKept *kept);

const char *raqam_kept_item_get_name (RaqamKeptItem *self);
void        raqam_kept_item_set_name (RaqamKeptItem *self, const char *name);

/* Returns: (transfer none): its latent is that of the album's model */
const RaqamStyle *raqam_kept_item_get_style (RaqamKeptItem *self);

/* Returns: (transfer none): (784): as it looked when it was kept; 255 is ink */
const guint8 *raqam_kept_item_get_pixels (RaqamKeptItem *self);

/* Returns: (transfer none) */
const RaqamKept *raqam_kept_item_get_kept (RaqamKeptItem *self);

G_END_DECLS
