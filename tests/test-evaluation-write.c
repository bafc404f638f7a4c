/* test-evaluation-write.c — evaluations as JSON, CSV and Markdown.
 * SPDX-License-Identifier: MIT */

#include "engine/evaluation-write.h"

#include <json-glib/json-glib.h>
#include <locale.h>
#include <math.h>
#include <string.h>

#include "made-evaluation.h"

static JsonNode *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  JsonNode *root = json_from_string (json, &error);

  g_assert_no_error (error);
  return root;
}

static double
number_at (JsonNode *root, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) found = json_path_query (path, root, &error);
  JsonArray *values;

  g_assert_no_error (error);
  values = json_node_get_array (found);
  g_assert_cmpuint (json_array_get_length (values), ==, 1);
  return json_array_get_double_element (values, 0);
}

static void
test_json (void)
{
  g_autoptr (RaqamEvaluation) e = made_evaluation_new (1000, TRUE);
  g_autofree char *json = raqam_evaluation_to_json (e);
  g_autoptr (JsonNode) root = parse (json);

  g_assert_true (g_str_has_suffix (json, "}\n"));
  g_assert_cmpfloat (number_at (root, "$.settings.images"), ==, 1000);
  g_assert_cmpfloat (number_at (root, "$.report.accuracy"), ==, e->report->accuracy);
  g_assert_cmpfloat (number_at (root, "$.report.precision[3]"), ==, e->report->rows[3].precision);
  g_assert_cmpfloat (number_at (root, "$.report.f1[4]"), ==, e->report->rows[4].f1);
  g_assert_cmpfloat (number_at (root, "$.report.macro_average.f1"), ==, e->report->macro.f1);
  g_assert_cmpfloat (number_at (root, "$.confusion.4[3]"), ==, e->confusion->count[43]);
  g_assert_cmpfloat (number_at (root, "$.classifier_accuracy"), ==, e->classifier->accuracy);
  g_assert_cmpfloat (number_at (root, "$.scores.fid"), ==, e->frechet.all);
  g_assert_cmpfloat (number_at (root, "$.scores.fid_per_digit[9]"), ==, e->frechet.of_class[9]);
  g_assert_cmpfloat (number_at (root, "$.scores.fid_floor"), ==, e->frechet_real.all);
  g_assert_cmpfloat (number_at (root, "$.scores.inception_score"), ==, e->inception.mean);
  g_assert_cmpfloat (number_at (root, "$.scores.manifold_recall_real"), ==, e->manifold_real.recall);
  g_assert_cmpfloat (number_at (root, "$.scores.memorisation"), ==, e->memorisation);
  g_assert_cmpfloat (number_at (root, "$.scores.diversity_real_per_digit[2]"), ==,
                     e->diversity_real.of_class[2]);
  g_assert_cmpfloat (number_at (root, "$.utility.train_synthetic.report.accuracy"), ==,
                     e->utility[RAQAM_UTILITY_SYNTHETIC].report->accuracy);
  g_assert_cmpfloat (number_at (root, "$.thesis.accuracy"), ==, 0.966);
}

/* Small numbers, and those that need all their digits, come back as they were. */
static void
test_numbers (void)
{
  static const double numbers[] = { 1e-8, 5e-324, 0.1 + 0.2, 1.0 / 3, 1e22, 123456789.125, 0 };
  g_autoptr (RaqamEvaluation) e = made_evaluation_new (1000, TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *json = NULL;
      g_autoptr (JsonNode) root = NULL;

      e->frechet.all = numbers[i];
      json = raqam_evaluation_to_json (e);
      root = parse (json);
      g_assert_cmpfloat (number_at (root, "$.scores.fid"), ==, numbers[i]);
    }
}

static void
count_member (JsonObject *object, const char *name, JsonNode *node, gpointer n);

static void
count_numbers (JsonNode *node, guint *n)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    json_object_foreach_member (json_node_get_object (node), count_member, n);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    *n += json_array_get_length (json_node_get_array (node));
  else if (!JSON_NODE_HOLDS_NULL (node))
    ++*n;
}

static void
count_member (JsonObject *object, const char *name, JsonNode *node, gpointer n)
{
  count_numbers (node, n);
}

/* A line for each figure of the JSON, with the same value. */
static void
test_csv (void)
{
  g_autoptr (RaqamEvaluation) e = made_evaluation_new (1000, TRUE);
  g_autofree char *json = raqam_evaluation_to_json (e);
  g_autofree char *csv = raqam_evaluation_to_csv (e);
  g_auto (GStrv) lines = g_strsplit (csv, "\n", -1);
  g_autoptr (JsonNode) root = parse (json);
  guint n = 0, n_compared = 0;

  count_numbers (root, &n);
  g_assert_cmpstr (lines[0], ==, "figure,class,value");
  g_assert_cmpuint (g_strv_length (lines), ==, n + 2);
  for (int i = 1; *lines[i] != '\0'; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], ",", 3);
      g_autofree char *path = NULL;
      char *end;
      double value = g_ascii_strtod (words[2], &end);

      if (*end != '\0' || end == words[2])
        continue;
      path = *words[1] != '\0' ? g_strdup_printf ("$.%s[%s]", words[0], words[1])
                               : g_strdup_printf ("$.%s", words[0]);
      g_assert_cmpfloat (number_at (root, path), ==, value);
      n_compared++;
    }
  g_assert_cmpuint (n_compared, >, 300);
}

/* A name that could be mistaken for the file's own marks. */
static void
test_names (void)
{
  static const char name[] = "a \"b\", c|d`e\nf\\.safetensors";
  g_autoptr (RaqamEvaluation) e = made_evaluation_new (1000, FALSE);
  g_autofree char *json = NULL, *csv = NULL, *markdown = NULL;
  g_autoptr (JsonNode) root = NULL;

  g_free (e->model_origin);
  e->model_origin = g_strdup (name);
  json = raqam_evaluation_to_json (e);
  csv = raqam_evaluation_to_csv (e);
  markdown = raqam_evaluation_to_markdown (e);
  root = parse (json);
  g_assert_cmpstr (json_object_get_string_member (
                     json_object_get_object_member (json_node_get_object (root), "model"), "origin"),
                   ==, name);
  g_assert_nonnull (strstr (csv, "model.origin,,\"a \"\"b\"\", c|d`e\nf\\.safetensors\"\n"));
  g_assert_nonnull (strstr (markdown, "| `a \"b\", c/d'e f\\.safetensors` |\n"));
}

/* What was not made is not there: neither as a figure nor as a heading. */
static void
test_without_scores (void)
{
  g_autoptr (RaqamEvaluation) e = made_evaluation_new (1000, FALSE);
  g_autofree char *json = raqam_evaluation_to_json (e);
  g_autofree char *csv = raqam_evaluation_to_csv (e);
  g_autofree char *markdown = raqam_evaluation_to_markdown (e);

  g_assert_null (strstr (json, "\"fid\""));
  g_assert_null (strstr (csv, "fid"));
  g_assert_null (strstr (markdown, "FID"));
  g_assert_null (strstr (json, "nan"));
  g_assert_null (strstr (markdown, "nan"));
  json_node_unref (parse (json));
}

/* One figure that could not be made among those that were. */
static void
test_missing_figure (void)
{
  g_autoptr (RaqamEvaluation) e = made_evaluation_new (1000, TRUE);
  g_autofree char *json = NULL, *csv = NULL;

  e->frechet.of_class[2] = NAN;
  json = raqam_evaluation_to_json (e);
  csv = raqam_evaluation_to_csv (e);
  json_node_unref (parse (json));
  g_assert_nonnull (strstr (json, ", null, "));
  g_assert_null (strstr (csv, "scores.fid_per_digit,2,"));
  g_assert_nonnull (strstr (csv, "scores.fid_per_digit,3,"));
}

/* Tables are tables only if all rows have as many cells. */
static void
test_markdown (void)
{
  g_autoptr (RaqamEvaluation) e = made_evaluation_new (1000, TRUE);
  g_autofree char *text = raqam_evaluation_to_markdown (e);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  int n_bars = 0, n_tables = 0;

  for (int i = 0; lines[i] != NULL; i++)
    {
      int n = 0;

      for (const char *c = lines[i]; *c != '\0'; c++)
        n += *c == '|';
      if (*lines[i] != '|')
        n = 0;
      if (n > 0 && n_bars > 0)
        g_assert_cmpint (n, ==, n_bars);
      n_tables += n > 0 && n_bars == 0;
      n_bars = n;
    }
  g_assert_cmpint (n_tables, ==, 8);
  g_assert_nonnull (strstr (text, "Trained on real and generated digits"));
  g_assert_nonnull (strstr (text, "NeurIPS 2017"));
  g_assert_nonnull (strstr (text, "0.9660"));
}

static void
test_same_bytes (void)
{
  char *(*const writers[]) (const RaqamEvaluation *) = { raqam_evaluation_to_json,
                                                         raqam_evaluation_to_csv,
                                                         raqam_evaluation_to_markdown };

  for (guint i = 0; i < G_N_ELEMENTS (writers); i++)
    {
      g_autoptr (RaqamEvaluation) a = made_evaluation_new (1000, TRUE);
      g_autoptr (RaqamEvaluation) b = made_evaluation_new (1000, TRUE);
      g_autofree char *first = writers[i](a), *second = writers[i](b);

      g_assert_cmpstr (first, ==, second);
      g_assert_true (g_utf8_validate (first, -1, NULL));
    }
}

int
main (int argc, char *argv[])
{
  /* Some locales have a comma in numbers. */
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/evaluation-write/json", test_json);
  g_test_add_func ("/evaluation-write/numbers", test_numbers);
  g_test_add_func ("/evaluation-write/csv", test_csv);
  g_test_add_func ("/evaluation-write/names", test_names);
  g_test_add_func ("/evaluation-write/without-scores", test_without_scores);
  g_test_add_func ("/evaluation-write/missing-figure", test_missing_figure);
  g_test_add_func ("/evaluation-write/markdown", test_markdown);
  g_test_add_func ("/evaluation-write/same-bytes", test_same_bytes);

  return g_test_run ();
}
