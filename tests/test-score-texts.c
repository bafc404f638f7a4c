/* test-score-texts.c — no figure without its words.
 * SPDX-License-Identifier: MIT */

#include "engine/score-texts.h"

#include <string.h>

static void
test_complete (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GRegex) key = g_regex_new ("^[a-z][a-z0-9_]*$", 0, 0, NULL);
  g_autoptr (GRegex) reference = g_regex_new ("^[^:]+: .*\\b(19|20)[0-9]{2}$", 0, 0, NULL);

  for (int i = 0; i < RAQAM_N_SCORES; i++)
    {
      g_test_message ("%d", i);
      g_assert_nonnull (raqam_score_key (i));
      g_assert_true (g_regex_match (key, raqam_score_key (i), 0, NULL));
      g_assert_true (g_hash_table_add (seen, (gpointer) raqam_score_key (i)));
      g_assert_true (g_hash_table_add (seen, (gpointer) raqam_score_name (i)));
      g_assert_true (g_hash_table_add (seen, (gpointer) raqam_score_meaning (i)));
      g_assert_true (g_regex_match (reference, raqam_score_reference (i), 0, NULL));
      g_assert_cmpint (raqam_score_better (i), <=, RAQAM_BETTER_NONE);
    }
}

/* One sentence each, short enough for a tooltip. */
static void
test_sentences (void)
{
  for (int i = 0; i < RAQAM_N_SCORES; i++)
    {
      const char *meaning = raqam_score_meaning (i);
      gsize length = strlen (meaning);

      g_test_message ("%s", meaning);
      g_assert_cmpuint (length, >, 40);
      g_assert_cmpuint (length, <, 240);
      g_assert_true (g_ascii_isupper (meaning[0]));
      g_assert_cmpint (meaning[length - 1], ==, '.');
      g_assert_null (strstr (meaning, ". "));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/score-texts/complete", test_complete);
  g_test_add_func ("/score-texts/sentences", test_sentences);

  return g_test_run ();
}
