/* settings.c — what the window remembers from one time to the next.
 * SPDX-License-Identifier: MIT */

#include "app/settings.h"

#define SCHEMA "io.github.raqam.Raqam"

GSettings *
raqam_settings_new (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (source == NULL)
    return NULL;
  schema = g_settings_schema_source_lookup (source, SCHEMA, TRUE);
  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}
