/* ink-large.h — one digit enlarged to be looked at: ink with a smooth outline.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/* Allocates nothing once it has been used at a side; main thread or any one other. */
typedef struct _RaqamInkLarge RaqamInkLarge;

RaqamInkLarge *raqam_ink_large_new  (void);
void           raqam_ink_large_free (RaqamInkLarge *self);

/**
 * raqam_ink_large_enlarge:
 * @out: (@side, @side), overwritten; 255 is ink
 * @side: 1 or more
 * @pixels: (28, 28), 255 is ink
 *
 * Between the pixels a cubic is drawn (Mitchell and Netravali, "Reconstruction
 * filters in computer graphics", 1988), what lies beyond the edge being as the edge
 * is. A picture that is nearly black and white says little about where its outline
 * runs: the more so it is, the wider the cubic (up to the B-spline, of pixels
 * smoothed by 1 2 1 before), which rounds the steps, and the steeper the curve
 * from grey to ink, which makes the outline crisp again. A grey picture is drawn
 * with B = C = 1/3 and no such curve.
 */
void raqam_ink_large_enlarge (RaqamInkLarge *self, guint8 *out, int side, const guint8 *pixels);

/* @out: as raqam_ink_large_enlarge(), the value of the nearest pixel */
void raqam_ink_large_nearest (guint8 *out, int side, const guint8 *pixels);

/**
 * raqam_ink_large_texture:
 * @crisp: raqam_ink_large_nearest(), else raqam_ink_large_enlarge()
 *
 * Returns: (transfer full): black where there is ink, transparent elsewhere
 */
GdkTexture *raqam_ink_large_texture (RaqamInkLarge *self, const guint8 *pixels, int side,
                                     gboolean crisp);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamInkLarge, raqam_ink_large_free)

G_END_DECLS
