/* directions-cache.h — directions that were found, kept in the user's cache.
 * SPDX-License-Identifier: MIT
 *
 * A file for each digit of each generator, $XDG_CACHE_HOME/raqam/directions/
 * CHECKSUM-DIGIT.safetensors: "vectors" (n, latent) F32, "effects" (n, measures)
 * F64, "shares" (n) F64, "meanings" (n) I32; in the metadata raqam.directions, the version
 * of the format and of what is found, raqam.directions.generator and .digit. What
 * cannot be kept is found anew next time. The RAQAM_DIRECTIONS_CACHE_MOST that were
 * saved or loaded last stay, by their modification times; older ones are removed.
 *
 * Any thread.
 */

#pragma once

#include "engine/directions.h"

G_BEGIN_DECLS

#define RAQAM_DIRECTIONS_CACHE_MOST 64 /* files: of six generators */

/* Returns: (transfer full): what raqam_network_spec_checksum() says of its generator */
char *raqam_directions_cache_key (const RaqamModel *model);

/* Returns: (transfer full): where the directions of @digit are kept */
char *raqam_directions_cache_path (const char *key, int digit);

/**
 * raqam_directions_cache_load:
 * @self: overwritten
 *
 * Returns: FALSE where there is no such file, or it is damaged, of another version or of
 *   something else; @self is then undefined
 */
gboolean raqam_directions_cache_load (RaqamDirections *self, const char *key, int digit,
                                      int latent);

void raqam_directions_cache_save (const RaqamDirections *self, const char *key, int digit);

G_END_DECLS
