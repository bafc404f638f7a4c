/* manifold.h — how much of what is generated is real, and of what is real generated.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/distances.h"

G_BEGIN_DECLS

#define RAQAM_MANIFOLD_NEIGHBOURS 3

typedef struct
{
  double precision; /* of the generated images, those among the real ones; 0 to 1 */
  double recall;    /* of the real images, those among the generated ones; 0 to 1 */
} RaqamManifold;

/**
 * raqam_manifold_compare:
 * @manifold: overwritten
 * @real: (@n_real, @d)
 * @generated: (@n_generated, @d)
 * @d: features of each, 1 or more
 * @k: neighbours, 1 or more; the paper has RAQAM_MANIFOLD_NEIGHBOURS
 * @error: as raqam_nearest() sets it: either set needs more than @k images
 *
 * Improved precision and recall (Kynkäänniemi et al., NeurIPS 2019). A set covers
 * the balls around its images, each as wide as the distance to the k-th nearest
 * other image of the set, edge included:
 *
 *   precision = share of generated images in a ball of a real one
 *   recall    = share of real images in a ball of a generated one
 *
 * Wider balls of fewer images cover more: the paper takes equally many of
 * both, and only figures of as many images compare. 10,000 of each with 128
 * features are 38 milliard differences. Same answer on any number of threads.
 *
 * Returns: FALSE with @error set; @manifold is then untouched
 */
gboolean raqam_manifold_compare (RaqamManifold *manifold, const float *real, gsize n_real,
                                 const float *generated, gsize n_generated, int d, int k,
                                 const RaqamSearch *search, GError **error);

G_END_DECLS
