/* seed-text.c — seeds as people read and write them.
 * SPDX-License-Identifier: MIT */

#include "app/seed-text.h"

/* glibc's flag I writes the locale's own digits. */
char *
raqam_seed_text (guint64 seed)
{
  return g_strdup_printf ("%I" G_GUINT64_FORMAT, seed);
}

gboolean
raqam_seed_parse (const char *text, guint64 *seed)
{
  g_autofree char *copy = g_strdup (text);
  const char *at = g_strstrip (copy);

  *seed = 0;
  if (*at == '\0')
    return FALSE;
  for (; *at != '\0'; at = g_utf8_next_char (at))
    {
      int digit = g_unichar_digit_value (g_utf8_get_char (at));

      if (digit < 0 || !g_uint64_checked_mul (seed, *seed, 10)
          || !g_uint64_checked_add (seed, *seed, (guint64) digit))
        return FALSE;
    }
  return TRUE;
}
