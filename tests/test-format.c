/* test-format.c — numbers and times for people.
 * SPDX-License-Identifier: MIT */

#include "print/format.h"

#include <locale.h>

static void
test_durations (void)
{
  static const struct
  {
    double      seconds;
    const char *text;
  } cases[] = {
    { -1, "–" },           { 0.45, "0.45 s" },       { 9.96, "10.0 s" }, { 12.4, "12 s" },
    { 59.6, "1 min 0 s" }, { 245, "4 min 5 s" },     { 3599.4, "59 min 59 s" },
    { 3600, "1 h 0 min" }, { 90061, "25 h 1 min" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = raqam_format_duration (cases[i].seconds);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_numbers (void)
{
  g_autofree char *integer = raqam_format_integer (60000);
  g_autofree char *number = raqam_format_number (0.128, 2);

  g_assert_cmpstr (integer, ==, "60000");
  g_assert_cmpstr (number, ==, "0.13");
  g_assert_cmpstr (raqam_format_persian_digit (0), ==, "\u06f0");
  g_assert_cmpstr (raqam_format_persian_digit (9), ==, "\u06f9");
}

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    double      value;
  } numbers[] = {
    { "60000", 60000 }, { " 12 ", 12 }, { "0.0003", 3e-4 }, { "3e-4", 3e-4 },
    { "\u06f1\u06f2\u06f3", 123 }, { "\u06f0\u066b\u06f0\u06f0\u06f1", 0.001 },
    { "\u0661\u066c\u0660\u0662\u0664", 1024 }, { "-1", -1 },
  };
  static const char *const others[] = { "", "x", "1x", "1 2x", "inf", "nan", "--1" };
  double value;

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_assert_true (raqam_format_parse (numbers[i].text, &value));
      g_assert_cmpfloat (value, ==, numbers[i].value);
    }
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (raqam_format_parse (others[i], &value));
}

static void
test_persian (void)
{
  g_autofree char *integer = NULL;
  g_autofree char *plain = NULL;
  double value;

  if (setlocale (LC_ALL, "fa_IR.UTF-8") == NULL)
    {
      g_test_skip ("there is no locale fa_IR.UTF-8");
      return;
    }
  integer = raqam_format_integer (123);
  plain = raqam_format_plain (1024.5, 2);
  g_assert_true (raqam_format_parse (plain, &value));
  setlocale (LC_ALL, "C.UTF-8");
  g_assert_cmpfloat (value, ==, 1024.5);
  g_assert_cmpstr (integer, ==, "\u06f1\u06f2\u06f3");
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "C.UTF-8");
  g_test_add_func ("/format/durations", test_durations);
  g_test_add_func ("/format/numbers", test_numbers);
  g_test_add_func ("/format/parse", test_parse);
  g_test_add_func ("/format/persian", test_persian);
  return g_test_run ();
}
