/* json-text.c — writing JSON by hand.
 * SPDX-License-Identifier: MIT */

#include "engine/json-text.h"

#include <string.h>

void
raqam_json_append_string (GString *text, const char *string)
{
  static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";

  g_string_append_c (text, '"');
  for (const char *c = string; *c != '\0'; c++)
    {
      const char *found = strchr (from, *c);

      if (found != NULL)
        g_string_append_printf (text, "\\%c", to[found - from]);
      else if ((guchar) *c < 0x20)
        g_string_append_printf (text, "\\u%04x", (guint) *c);
      else
        g_string_append_c (text, *c);
    }
  g_string_append_c (text, '"');
}
