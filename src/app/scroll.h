/* scroll.h — lets the wheel scroll the page, not change what is under the pointer.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * raqam_scroll_leave:
 * @widget: a slider or a spin button
 *
 * From now on @widget leaves scrolling to what it lies in.
 */
void raqam_scroll_leave (GtkWidget *widget);

G_END_DECLS
