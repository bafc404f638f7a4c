/* test-seed-text.c — seeds as people read and write them.
 * SPDX-License-Identifier: MIT */

#include "app/seed-text.h"

#include <locale.h>

static void
test_parse (void)
{
  const struct
  {
    const char *text;
    gboolean    good;
    guint64     seed;
  } cases[] = {
    { "0", TRUE, 0 },
    { "7", TRUE, 7 },
    { " 1234 ", TRUE, 1234 },
    { "007", TRUE, 7 },
    { "۱۴۰۴", TRUE, 1404 },
    { "١٤٠٤", TRUE, 1404 },
    { "1۲٣", TRUE, 123 },
    { "9007199254740993", TRUE, G_GUINT64_CONSTANT (9007199254740993) }, /* no double */
    { "18446744073709551615", TRUE, G_MAXUINT64 },
    { "۱۸۴۴۶۷۴۴۰۷۳۷۰۹۵۵۱۶۱۵", TRUE, G_MAXUINT64 },
    { "18446744073709551616", FALSE, 0 },
    { "99999999999999999999", FALSE, 0 },
    { "184467440737095516150", FALSE, 0 },
    { "", FALSE, 0 },
    { "  ", FALSE, 0 },
    { "-1", FALSE, 0 },
    { "1.5", FALSE, 0 },
    { "1 2", FALSE, 0 },
    { "0x10", FALSE, 0 },
    { "seed", FALSE, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint64 seed;

      g_test_message ("“%s”", cases[i].text);
      g_assert_cmpint (raqam_seed_parse (cases[i].text, &seed), ==, cases[i].good);
      if (cases[i].good)
        g_assert_cmpuint (seed, ==, cases[i].seed);
    }
}

static void
test_write (void)
{
  g_autofree char *most = raqam_seed_text (G_MAXUINT64);
  g_autofree char *none = raqam_seed_text (0);
  guint64 back;

  g_assert_cmpstr (most, ==, "18446744073709551615");
  g_assert_cmpstr (none, ==, "0");
  if (setlocale (LC_ALL, "fa_IR.UTF-8") == NULL)
    {
      g_test_skip ("there is no Persian locale");
      return;
    }
  {
    g_autofree char *persian = raqam_seed_text (G_MAXUINT64);

    setlocale (LC_ALL, "C");
    g_assert_cmpstr (persian, ==, "۱۸۴۴۶۷۴۴۰۷۳۷۰۹۵۵۱۶۱۵");
    g_assert_true (raqam_seed_parse (persian, &back));
    g_assert_cmpuint (back, ==, G_MAXUINT64);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/seed-text/parse", test_parse);
  g_test_add_func ("/seed-text/write", test_write);
  return g_test_run ();
}
