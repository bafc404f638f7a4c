/* spin.h — number fields in the locale's digits.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * raqam_spin_localise:
 * @spin: of numbers with as many decimals as its "digits"
 *
 * From now on @spin writes the locale's digits, reads Latin, Persian and Arabic
 * ones, and leaves scrolling to what it lies in.
 */
void raqam_spin_localise (GtkSpinButton *spin);

G_END_DECLS
