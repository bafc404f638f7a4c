/* split.h — two widgets side by side where it is wide, else one above the other.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RAQAM_TYPE_SPLIT (raqam_split_get_type ())
G_DECLARE_FINAL_TYPE (RaqamSplit, raqam_split, RAQAM, SPLIT, GtkWidget)

/**
 * RaqamSplit:
 *
 * Properties:
 * "threshold": least width in pixels at which the children are side by side
 * "share": share of the width for the first child then, 0 to 1
 * "spacing": pixels between them
 *
 * Its two visible children are placed in their order, the first at the side where
 * reading begins. One above the other, the room beyond their natural heights is halved.
 */

G_END_DECLS
