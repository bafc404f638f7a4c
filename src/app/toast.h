/* toast.h — messages in passing that replace each other.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * raqam_toast_show:
 * @widget: in an AdwToastOverlay, which shows it
 * @toast: (inout): what was shown before, or NULL; overwritten with the new one
 * @button: (nullable): its button, with "button-clicked" to be connected to. Such a
 *   message goes before others
 *
 * Takes @toast's place, so that a message repeated is not a row of messages.
 */
void raqam_toast_show (GtkWidget *widget, AdwToast **toast, const char *message,
                       const char *button);

G_END_DECLS
