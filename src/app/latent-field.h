/* latent-field.h — a slider for each number of a latent vector.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RAQAM_TYPE_LATENT_FIELD (raqam_latent_field_get_type ())
G_DECLARE_FINAL_TYPE (RaqamLatentField, raqam_latent_field, RAQAM, LATENT_FIELD, GtkWidget)

/**
 * RaqamLatentField:
 *
 * Signal "changed": void (RaqamLatentField *, gpointer): a number has changed, or
 * several at once.
 *
 * A double click, Delete or Backspace sets a slider to 0.
 */

/**
 * raqam_latent_field_set_length:
 * @length: 0 to RAQAM_MAX_LATENT
 *
 * Gives it so many sliders, at 0. Does not emit "changed".
 */
void raqam_latent_field_set_length (RaqamLatentField *self, int length);
int  raqam_latent_field_get_length (RaqamLatentField *self);

/* Returns: (transfer none): (length), valid until the next change of length */
const float *raqam_latent_field_get_values (RaqamLatentField *self);

/**
 * raqam_latent_field_set_values:
 * @values: (length); kept as they are, though a slider shows no more than −3 … +3,
 *   until it is moved
 *
 * Emits "changed" once.
 */
void raqam_latent_field_set_values (RaqamLatentField *self, const float *values);

/* Sets all to 0. */
void raqam_latent_field_reset (RaqamLatentField *self);

/* Draws all anew from the standard normal distribution. */
void raqam_latent_field_surprise (RaqamLatentField *self);

G_END_DECLS
