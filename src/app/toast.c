/* toast.c — messages in passing that replace each other.
 * SPDX-License-Identifier: MIT */

#include "app/toast.h"

void
raqam_toast_show (GtkWidget *widget, AdwToast **toast, const char *message, const char *button)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *escaped = g_markup_escape_text (message, -1);

  g_return_if_fail (overlay != NULL);

  if (*toast != NULL)
    adw_toast_dismiss (*toast);
  g_clear_object (toast);
  *toast = adw_toast_new (escaped);
  adw_toast_set_button_label (*toast, button);
  if (button != NULL)
    adw_toast_set_priority (*toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), g_object_ref (*toast));
}
