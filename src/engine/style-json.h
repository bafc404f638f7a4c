/* style-json.h — a style that stands in a larger JSON text.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <json-glib/json-glib.h>

#include "engine/style-record.h"

G_BEGIN_DECLS

/* Appends the members of style-record.h but the first two, with "," and @indent between them. */
void raqam_style_record_append (GString *text, const RaqamStyleRecord *self, const char *indent);

/**
 * raqam_style_record_parse:
 * @object: a style's
 * @where: what to call it in errors
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_DATA
 */
RaqamStyleRecord *raqam_style_record_parse (JsonObject *object, const char *where, GError **error);

/**
 * raqam_json_read:
 * @kind: what "raqam" has to say
 * @max: size in bytes from which on nothing is read
 *
 * Returns: (transfer full): the object, NULL with RAQAM_ERROR_DATA. That it is a later
 *   version's is told by RAQAM_ERROR_RUN, for it is nothing wrong with it
 */
JsonNode *raqam_json_read (const char *json, gsize size, const char *kind, gsize max,
                           const char *origin, GError **error);

/* @object's member @name where it is a string, else NULL. (transfer none) */
const char *raqam_json_get_string (JsonObject *object, const char *name);

/* Sets *@value to the number @name where it is one and finite. */
gboolean raqam_json_get_number (JsonObject *object, const char *name, double *value);

/* Returns: FALSE with @error RAQAM_ERROR_DATA: "@where: message" */
gboolean raqam_json_refuse (GError **error, const char *where, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

G_END_DECLS
