/* neighbourhood.h — styles at a chosen distance from one.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/style.h"

G_BEGIN_DECLS

/**
 * raqam_style_neighbour:
 * @out: overwritten; may be @style
 * @distance: angle between the two latent vectors in radians, 0 to π/2
 * @seed: of the directions
 * @number: which of the neighbours; each has a direction of its own
 *
 * Turns z by @distance towards a random direction and keeps its length, along which
 * nearly all that a model was trained on lies. The direction is @seed's and @number's
 * alone: going to the same neighbour again goes on the same way, for a quarter of a
 * turn at the most. From the mean, or where one number is the whole vector, nothing can
 * be turned: then it is a straight step, as long as the angle's chord on the sphere of
 * radius √latent. All else of @style stays.
 */
void raqam_style_neighbour (RaqamStyle *out, const RaqamStyle *style, double distance,
                            guint64 seed, guint64 number);

G_END_DECLS
