/* format.c — numbers and times as people of the locale read them.
 * SPDX-License-Identifier: MIT */

#include "print/format.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <math.h>

const char *
raqam_format_persian_digit (int digit)
{
  static const char *const digits[RAQAM_N_DIGITS] = {
    "۰", "۱", "۲", "۳", "۴", "۵", "۶", "۷", "۸", "۹"
  };

  g_return_val_if_fail (digit >= 0 && digit < RAQAM_N_DIGITS, "");

  return digits[digit];
}

/* glibc's flag I writes the locale's own digits. */
char *
raqam_format_integer (gint64 value)
{
  return g_strdup_printf ("%'I" G_GINT64_MODIFIER "d", value);
}

char *
raqam_format_number (double value, int decimals)
{
  return g_strdup_printf ("%'I.*f", decimals, value);
}

char *
raqam_format_plain (double value, int decimals)
{
  return g_strdup_printf ("%I.*f", decimals, value);
}

/* Writes @c of a number as C has it; nothing for what only groups digits. */
static void
append_ascii (GString *ascii, gunichar c)
{
  g_autofree char *sign = g_ucs4_to_utf8 (&c, 1, NULL, NULL, NULL);
  const struct lconv *locale = localeconv ();

  if (g_unichar_isdigit (c))
    g_string_append_c (ascii, (char) ('0' + g_unichar_digit_value (c)));
  else if (g_strcmp0 (sign, locale->decimal_point) == 0 || c == 0x066b)
    g_string_append_c (ascii, '.');
  else if (g_strcmp0 (sign, locale->thousands_sep) != 0 && c != 0x066c && !g_unichar_isspace (c))
    g_string_append (ascii, sign);
}

gboolean
raqam_format_parse (const char *text, double *value)
{
  g_autoptr (GString) ascii = g_string_new (NULL);
  char *end;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    append_ascii (ascii, g_utf8_get_char (at));
  *value = g_ascii_strtod (ascii->str, &end);
  return ascii->len > 0 && *end == '\0' && isfinite (*value);
}

char *
raqam_format_duration (double seconds)
{
  g_autofree char *more = NULL;
  g_autofree char *less = NULL;
  gint64 whole = (gint64) (seconds + 0.5);

  if (!(seconds >= 0))
    return g_strdup ("–");
  if (seconds < 10)
    {
      more = raqam_format_number (seconds, seconds < 1 ? 2 : 1);
      /* Translators: a number of seconds */
      return g_strdup_printf (_("%s s"), more);
    }
  if (whole < 60)
    {
      more = raqam_format_integer (whole);
      return g_strdup_printf (_("%s s"), more);
    }
  if (whole < 3600)
    {
      more = raqam_format_integer (whole / 60);
      less = raqam_format_integer (whole % 60);
      /* Translators: minutes and seconds */
      return g_strdup_printf (_("%s min %s s"), more, less);
    }
  more = raqam_format_integer (whole / 3600);
  less = raqam_format_integer (whole % 3600 / 60);
  /* Translators: hours and minutes */
  return g_strdup_printf (_("%s h %s min"), more, less);
}
