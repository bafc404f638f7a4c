/* spin.c — number fields in the locale's digits.
 * SPDX-License-Identifier: MIT */

#include "app/spin.h"

#include "app/scroll.h"
#include "print/format.h"

#include <string.h>

static int
input_cb (GtkSpinButton *spin, double *value)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (spin));

  return raqam_format_parse (text, value) ? TRUE : GTK_INPUT_ERROR;
}

static gboolean
output_cb (GtkSpinButton *spin)
{
  g_autofree char *text = raqam_format_plain (gtk_spin_button_get_value (spin),
                                             (int) gtk_spin_button_get_digits (spin));

  if (strcmp (text, gtk_editable_get_text (GTK_EDITABLE (spin))) != 0)
    gtk_editable_set_text (GTK_EDITABLE (spin), text);
  return TRUE;
}

void
raqam_spin_localise (GtkSpinButton *spin)
{
  g_return_if_fail (GTK_IS_SPIN_BUTTON (spin));

  g_signal_connect (spin, "input", G_CALLBACK (input_cb), NULL);
  g_signal_connect (spin, "output", G_CALLBACK (output_cb), NULL);
  raqam_scroll_leave (GTK_WIDGET (spin));
  gtk_spin_button_update (spin);
}
