/* morph-row.h — the pictures that a morph goes through, in their order.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "engine/style.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_MORPH_ROW (raqam_morph_row_get_type ())
G_DECLARE_FINAL_TYPE (RaqamMorphRow, raqam_morph_row, RAQAM, MORPH_ROW, AdwBin)

/**
 * RaqamMorphRow:
 *
 * Each picture is a button: pressed, it is removed; Ctrl and an arrow key move it.
 *
 * Signal "changed": void (RaqamMorphRow *, gpointer): the user removed or moved one
 */

guint             raqam_morph_row_get_n     (RaqamMorphRow *self);
/* Returns: (transfer none): until the row changes; @i below raqam_morph_row_get_n() */
const RaqamStyle *raqam_morph_row_get_style (RaqamMorphRow *self, guint i);
gboolean          raqam_morph_row_has       (RaqamMorphRow *self, const RaqamStyle *style);

/* At the end; without a picture until it is given one. */
void raqam_morph_row_add   (RaqamMorphRow *self, const RaqamStyle *style);
void raqam_morph_row_clear (RaqamMorphRow *self);

/* @pixels: (784), 255 is ink; copied */
void          raqam_morph_row_set_pixels (RaqamMorphRow *self, guint i, const guint8 *pixels);
/* Returns: (transfer none) (nullable): until the row changes */
const guint8 *raqam_morph_row_get_pixels (RaqamMorphRow *self, guint i);

G_END_DECLS
