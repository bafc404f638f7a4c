/* directions-finder.h — finds a model's directions in the background.
 * SPDX-License-Identifier: MIT
 *
 * Its own thread, which gives way to all else (nice 10), finds the directions of
 * the digit that is wanted, and when the model has rested for two seconds those of the
 * other nine, by raqam_directions_of_model() with seed 1. They are kept by
 * directions-cache.h.
 *
 * A model that trains and is followed is another one twice a second, of the same
 * origin: then the last directions of a digit stay until it has rested.
 */

#pragma once

#include "engine/directions.h"

G_BEGIN_DECLS

typedef struct _RaqamDirectionsFinder RaqamDirectionsFinder;

/* @digit's directions are there, or (@error) could not be found. */
typedef void (*RaqamDirectionsFound) (int digit, const GError *error, gpointer user_data);

/**
 * raqam_directions_finder_new:
 * @found: called on the thread-default main context of the caller
 *
 * All calls are from the thread that runs this context.
 */
RaqamDirectionsFinder *raqam_directions_finder_new (RaqamDirectionsFound found,
                                                    gpointer user_data);

/* Stops what is being done and joins the thread: as soon as raqam_directions_find()
 * looks at its cancellable. */
void raqam_directions_finder_free (RaqamDirectionsFinder *self);

/**
 * raqam_directions_finder_want:
 * @model: a reference is taken
 * @digit: 0 to 9, found first
 *
 * May be called as often as one likes.
 */
void raqam_directions_finder_want (RaqamDirectionsFinder *self, RaqamModel *model, int digit);

/* Returns: (transfer none) (nullable): what is known of @digit; valid until the next
 * call, or the main context runs */
const RaqamDirections *raqam_directions_finder_get (const RaqamDirectionsFinder *self, int digit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamDirectionsFinder, raqam_directions_finder_free)

G_END_DECLS
