/* latent-bars.h — all numbers of a latent vector as bars, drawn by dragging across them.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RAQAM_LATENT_BARS_SHOWN 3.0 /* what the pointer can draw; more is shown cut off, with a mark */
#define RAQAM_LATENT_BARS_LIMIT 6.0 /* what keys and a screen reader can set */

#define RAQAM_TYPE_LATENT_BARS (raqam_latent_bars_get_type ())
G_DECLARE_FINAL_TYPE (RaqamLatentBars, raqam_latent_bars, RAQAM, LATENT_BARS, GtkWidget)

/**
 * RaqamLatentBars:
 *
 * Number 1 is where reading begins, as the digits and the other plots are; many
 * numbers stand in several rows.
 *
 * Property "current" (int, from 0, notifies): the bar that keys act on, 0 without bars.
 *
 * Signal "changed": void (RaqamLatentBars *, gpointer): the user has changed a number,
 * or several at once.
 *
 * While the pointer is dragged every bar that it passes takes its height. A double
 * click, Delete or Backspace sets a bar to 0; left and right, Home and End go from bar
 * to bar; up and down change one by 0.1, Page Up and Page Down by 0.5. Each bar is a
 * slider to a screen reader.
 */

/**
 * raqam_latent_bars_set_values:
 * @values: (n), copied
 * @n: 0 to RAQAM_MAX_LATENT
 *
 * Does not emit "changed".
 */
void raqam_latent_bars_set_values (RaqamLatentBars *self, const float *values, int n);

/* Returns: (transfer none): as many as were set, valid until they are set again */
const float *raqam_latent_bars_get_values (RaqamLatentBars *self);

int raqam_latent_bars_get_current (RaqamLatentBars *self);

/* As if the user had drawn it: emits "changed" where it is another value. */
void raqam_latent_bars_change (RaqamLatentBars *self, int index, double value);

G_END_DECLS
