/* neighbours.h — the nearest images to each of some images, by their features.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/distances.h"

G_BEGIN_DECLS

#define RAQAM_NEIGHBOURS_MOST 64

/**
 * raqam_nearest:
 * @squares: (nullable): (@n, @k), overwritten; squared distances, rising in each
 *   row
 * @indices: (nullable): (@n, @k), overwritten; of rows of @references
 * @queries: (@n, @d)
 * @references: (@n_references, @d)
 * @d: features of each, 1 or more
 * @k: neighbours of each, 1 to RAQAM_NEIGHBOURS_MOST
 * @error: as raqam_distances_each() sets it; RAQAM_ERROR_DATA when there are
 *   fewer than @k references
 *
 * An image is never its own neighbour: where @references is @queries itself,
 * row i leaves out reference i (which leaves one reference fewer). Of equally
 * near ones the lower index comes first, so that the answer is the same
 * whatever the number of threads.
 *
 * Returns: FALSE with @error set; the answers are then undefined
 */
gboolean raqam_nearest (float *squares, guint32 *indices, const float *queries, gsize n,
                        const float *references, gsize n_references, int d, int k,
                        const RaqamSearch *search, GError **error);

G_END_DECLS
