/* latent-bar.h — one number of a latent vector, for the keyboard and a screen reader.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RAQAM_TYPE_LATENT_BAR (raqam_latent_bar_get_type ())
G_DECLARE_FINAL_TYPE (RaqamLatentBar, raqam_latent_bar, RAQAM, LATENT_BAR, GtkRange)

/**
 * raqam_latent_bar_new:
 * @number: from 1
 * @limit: its values reach from −limit to limit
 *
 * A slider that draws nothing and takes no pointer: what it is in does both. In this
 * GTK a screen reader is told the value of a GtkRange and not of a widget of one's own.
 */
GtkWidget *raqam_latent_bar_new (int number, double limit);

/* Returns: (transfer full): "Latent number 7" */
char *raqam_latent_bar_name (int number);

G_END_DECLS
