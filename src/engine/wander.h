/* wander.h — an endless smooth way through latent space.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * raqam_wander:
 * @z: (@n), overwritten; may not be @start
 * @start: (@n), where the way begins
 * @n: 1 to RAQAM_MAX_LATENT
 * @seed: which way is taken
 * @way: how far it has gone, at least 0: 1 moves every number by about one standard
 *   deviation, as what is drawn lies √n from the mean and the way is an arc of 1 radian
 *
 * A pure function of all it is given, and 0 gives @start itself. The way leads over
 * points that are random directions at the length √n, each about a right angle (of
 * @way π/2) from the last. From the middle of one great arc to the middle of the
 * next it is a curve of second order of the sphere (Shoemake, "Animating rotation
 * with quaternion curves", 1985, with one control point), so that its speed is
 * continuous: that of the arcs in their middles, and about 0.7 of it at the points,
 * which it passes by. Its length is always between that of @start and √n, and √n
 * from the second point on. For n below about 8 directions may be opposite and the
 * way then goes near the mean. Any thread.
 */
void raqam_wander (float *z, const float *start, int n, guint64 seed, double way);

G_END_DECLS
