/* recipe-json.h — a recipe that stands in a larger JSON text.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <json-glib/json-glib.h>

#include "engine/recipe.h"

G_BEGIN_DECLS

/**
 * raqam_recipe_parse_node:
 * @origin: what to call it in errors
 *
 * As raqam_recipe_parse(), of JSON that has been read already.
 */
RaqamRecipe *raqam_recipe_parse_node (JsonNode *node, const char *origin, GError **error);

G_END_DECLS
