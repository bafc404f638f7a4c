/* test-style-record.c — a style written down: JSON, by itself or inside a PNG.
 * SPDX-License-Identifier: MIT */

#include "engine/style-record.h"

#include "engine/error.h"
#include "engine/model-private.h"
#include "engine/picture.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <string.h>

static gboolean
has_comma_locale (void)
{
  static const char *const commas[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "fa_IR.UTF-8" };

  for (guint i = 0; i < G_N_ELEMENTS (commas); i++)
    if (setlocale (LC_ALL, commas[i]) != NULL && strcmp (localeconv ()->decimal_point, ".") != 0)
      return TRUE;
  setlocale (LC_ALL, "C");
  return FALSE;
}

/* Floats of every size: those that are hard to write, then bits as they come. */
static void
fill (RaqamStyle *style)
{
  static const float hard[]
    = { 0.0f,      -0.0f,       1.0f,        -1.0f,      0.1f,          1e-8f,        FLT_MIN,
        FLT_MAX,   -FLT_MAX,    FLT_EPSILON, 1.4e-45f,   -1.1754942e-38f, 16777217.0f, 1e10f,
        8388608.5f, 0.33333334f, 5e-5f,       -123456.7f, 3.0e8f,        9007199254.0f };

  raqam_style_init (style, 7, RAQAM_MAX_LATENT);
  style->other = 2;
  style->mix = 37;
  style->truncation = 0.7f;
  for (guint32 i = 0; i < RAQAM_MAX_LATENT; i++)
    {
      const guint32 bits = i * 2654435761u + 12345;
      float value;

      memcpy (&value, &bits, sizeof value);
      style->z[i] = i < G_N_ELEMENTS (hard) ? hard[i] : isfinite (value) ? value : 2.5f;
    }
}

static RaqamStyleRecord *
read_text (const char *json, GError **error)
{
  return raqam_style_record_read (json, strlen (json), "here", error);
}

static void
assert_same (const RaqamStyleRecord *a, const RaqamStyleRecord *b)
{
  g_assert_cmpint (a->style.digit, ==, b->style.digit);
  g_assert_cmpint (a->style.other, ==, b->style.other);
  g_assert_cmpint (a->style.mix, ==, b->style.mix);
  g_assert_cmpint (a->style.latent, ==, b->style.latent);
  g_assert_cmpmem (&a->style.truncation, sizeof (float), &b->style.truncation, sizeof (float));
  g_assert_cmpmem (a->style.z, sizeof a->style.z, b->style.z, sizeof b->style.z);
  g_assert_cmpstr (a->model, ==, b->model);
  g_assert_cmpstr (a->recipe, ==, b->recipe);
  g_assert_cmpstr (a->generator, ==, b->generator);
  g_assert_cmpuint (a->step, ==, b->step);
  g_assert_cmpmem (&a->epoch, sizeof a->epoch, &b->epoch, sizeof b->epoch);
}

static RaqamStyleRecord *
make_record (void)
{
  RaqamStyleRecord *record = g_new0 (RaqamStyleRecord, 1);

  fill (&record->style);
  record->model = g_strdup ("رقم \"one\"\\two\nthree");
  record->recipe = g_strdup ("fast");
  record->generator = g_strdup ("0123");
  record->step = 123456789012;
  record->epoch = 3.0005333333333333;
  return record;
}

static void
assert_round_trip (void)
{
  g_autoptr (RaqamStyleRecord) record = make_record ();
  g_autoptr (RaqamStyleRecord) copy = raqam_style_record_copy (record);
  g_autoptr (RaqamStyleRecord) back = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = raqam_style_record_to_json (copy, "Test");

  back = read_text (json, &error);
  g_assert_no_error (error);
  assert_same (back, record);
  g_assert_cmpint (signbit (back->style.z[1]) != 0, ==, TRUE);
}

static void
test_round_trip (void)
{
  assert_round_trip ();
}

static void
test_locale (void)
{
  if (!has_comma_locale ())
    {
      g_test_skip ("this machine has no locale with a decimal comma");
      return;
    }
  assert_round_trip ();
  setlocale (LC_ALL, "C");
}

/* What a person writes by hand. */
static void
test_least (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamStyleRecord) record = read_text (
    "{\"raqam\": \"style\", \"version\": 1, \"later\": [{}], \"digit\": 4, \"z\": [1, -2.5]}",
    &error);

  g_assert_no_error (error);
  g_assert_cmpint (record->style.digit, ==, 4);
  g_assert_cmpint (record->style.other, ==, 4);
  g_assert_cmpint (record->style.mix, ==, 0);
  g_assert_cmpfloat (record->style.truncation, ==, 1);
  g_assert_cmpint (record->style.latent, ==, 2);
  g_assert_cmpfloat (record->style.z[0], ==, 1);
  g_assert_cmpfloat (record->style.z[1], ==, -2.5);
  g_assert_cmpfloat (record->style.z[2], ==, 0);
  g_assert_null (record->model);
}

#define START "{\"raqam\": \"style\", \"version\": 1, "

static const struct
{
  const char *json, *said;
} refusals[] = {
  { "", "not written" },
  { "1.5, 2.5", "JSON" },
  { "[1]", "not written" },
  { "{\"digit\": 1", "JSON" },
  { "{\"z\": [1], \"digit\": 1}", "not written" },
  { "{\"raqam\": \"kept\", \"version\": 1}", "not written" },
  { "{\"raqam\": \"style\", \"version\": 2, \"digit\": 1, \"z\": [1]}", "later version" },
  { "{\"raqam\": \"style\", \"digit\": 1, \"z\": [1]}", "not written" },
  { START "\"z\": [1]}", "no “digit”" },
  { START "\"digit\": 10, \"z\": [1]}", "“digit”" },
  { START "\"digit\": -1, \"z\": [1]}", "“digit”" },
  { START "\"digit\": 1.5, \"z\": [1]}", "“digit”" },
  { START "\"digit\": \"1\", \"z\": [1]}", "“digit”" },
  { START "\"digit\": null, \"z\": [1]}", "“digit”" },
  { START "\"digit\": 1, \"other\": 99, \"z\": [1]}", "“other”" },
  { START "\"digit\": 1, \"mix\": 101, \"z\": [1]}", "“mix”" },
  { START "\"digit\": 1, \"truncation\": 1.6, \"z\": [1]}", "“truncation”" },
  { START "\"digit\": 1, \"truncation\": -0.1, \"z\": [1]}", "“truncation”" },
  { START "\"digit\": 1, \"truncation\": \"1\", \"z\": [1]}", "“truncation”" },
  { START "\"digit\": 1}", "“z”" },
  { START "\"digit\": 1, \"z\": []}", "“z”" },
  { START "\"digit\": 1, \"z\": 4}", "“z”" },
  { START "\"digit\": 1, \"z\": [1, \"2\"]}", "number 2" },
  { START "\"digit\": 1, \"z\": [1, null]}", "number 2" },
  { START "\"digit\": 1, \"z\": [1e39]}", "number 1" },
  { START "\"digit\": 1, \"z\": [1e999]}", "number 1" },
  { START "\"digit\": 1, \"z\": [1, 2], \"latent\": 3}", "“latent”" },
  { "{\"a\": [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}", "nested" },
  { "{\"\xff\": 1}", "UTF-8" },
};

static void
test_refusals (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (GError) error = NULL;
      RaqamStyleRecord *record = read_text (refusals[i].json, &error);

      g_test_message ("refusal %u", i);
      g_assert_null (record);
      g_assert_nonnull (error);
      g_test_message ("→ %s", error->message);
      g_assert_nonnull (strstr (error->message, refusals[i].said));
      g_assert_true (g_str_has_prefix (error->message, "here: "));
    }
}

static void
test_too_many (void)
{
  GString *json = g_string_new (START "\"digit\": 1, \"z\": [0");
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < RAQAM_MAX_LATENT; i++)
    g_string_append (json, ", 0");
  g_string_append (json, "]}");
  g_assert_null (read_text (json->str, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
  g_string_free (json, TRUE);
}

/* Cut anywhere, it is refused, and nothing is read behind the end. */
static void
test_cut (void)
{
  g_autoptr (RaqamStyleRecord) record = make_record ();
  g_autofree char *json = NULL;
  gsize size;

  record->style.latent = 3;
  json = raqam_style_record_to_json (record, "Test");
  size = strlen (json);
  for (gsize n = 0; n + 2 < size; n++)
    {
      g_autofree char *part = g_memdup2 (json, MAX (n, 1));

      g_assert_null (raqam_style_record_read (part, n, "here", NULL));
    }
}

static GBytes *
make_png (const char *json, const char *key)
{
  const guint8 pixels[4] = { 0, 80, 160, 255 };
  const RaqamPictureText texts[]
    = { { "Software", "Test" }, { "Comment", "پیش از آن" }, { key, json } };
  g_autoptr (GError) error = NULL;
  GBytes *png = raqam_picture_encode (pixels, 2, 2, texts, G_N_ELEMENTS (texts), &error);

  g_assert_no_error (error);
  return png;
}

/* ASCII goes into a tEXt chunk and anything else into an iTXt chunk. */
static void
test_png (void)
{
  static const char *const models[] = { "plain", "رقم" };

  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    {
      g_autoptr (RaqamStyleRecord) record = make_record ();
      g_autoptr (RaqamStyleRecord) back = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) png = NULL;
      g_autofree char *json = NULL;

      g_free (record->model);
      record->model = g_strdup (models[i]);
      json = raqam_style_record_to_json (record, "Test");
      png = make_png (json, RAQAM_STYLE_PNG_KEY);
      back = raqam_style_record_read (g_bytes_get_data (png, NULL), g_bytes_get_size (png),
                                      "here", &error);
      g_assert_no_error (error);
      assert_same (back, record);
    }
}

static void
test_png_without (void)
{
  g_autoptr (GBytes) png = make_png ("{}", "Raqam-Styles");
  g_autoptr (GError) error = NULL;

  g_assert_null (raqam_style_record_read (g_bytes_get_data (png, NULL), g_bytes_get_size (png),
                                          "here", &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "carries no vector"));
}

/* Cut or with any one byte turned: refused or read, never beyond the end. */
static void
test_png_damaged (void)
{
  g_autoptr (GBytes) png = make_png (START "\"digit\": 1, \"z\": [1]}", RAQAM_STYLE_PNG_KEY);
  gsize size = g_bytes_get_size (png);

  for (gsize n = 8; n < size; n++)
    {
      g_autofree guint8 *part = g_memdup2 (g_bytes_get_data (png, NULL), n);
      g_autofree guint8 *turned = g_memdup2 (g_bytes_get_data (png, NULL), size);
      RaqamStyleRecord *record = raqam_style_record_read (part, n, "here", NULL);

      g_clear_pointer (&record, raqam_style_record_free);
      turned[n] ^= 0xff;
      record = raqam_style_record_read (turned, size, "here", NULL);
      g_clear_pointer (&record, raqam_style_record_free);
    }
}

static void
test_latent (void)
{
  g_autoptr (RaqamStyleRecord) record = make_record ();
  g_autoptr (GError) error = NULL;

  record->style.latent = 100;
  g_assert_false (raqam_style_record_refuse_latent (record, 100, &error));
  g_assert_no_error (error);
  g_assert_true (raqam_style_record_refuse_latent (record, 32, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "100"));
  g_assert_nonnull (strstr (error->message, "32"));
}

static void
assert_named (const char *origin, const char *name)
{
  g_autoptr (RaqamRecipe) recipe = raqam_recipe_find ("fast", NULL);
  g_autoptr (RaqamModel) model = raqam_model_new (recipe);
  g_autoptr (RaqamStyleRecord) record = NULL, light = NULL;
  RaqamStyle style;

  model->origin = g_strdup (origin);
  model->step = 12;
  model->epoch = 0.5;
  raqam_style_init (&style, 3, recipe->latent);
  record = raqam_style_record_new (&style, model, TRUE);
  light = raqam_style_record_new (&style, model, FALSE);
  g_assert_cmpstr (record->model, ==, name);
  g_assert_cmpstr (record->recipe, ==, "fast");
  g_assert_cmpuint (record->step, ==, 12);
  g_assert_cmpfloat (record->epoch, ==, 0.5);
  g_assert_cmpuint (strlen (record->generator), ==, 64);
  g_assert_null (light->generator);
}

static void
test_who (void)
{
  assert_named ("/a/runs/mine/checkpoints/step-000000000012.safetensors", "mine");
  assert_named ("/a/runs/mine", "mine");
  assert_named ("/a/given.safetensors", "given.safetensors");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/style-record/round-trip", test_round_trip);
  g_test_add_func ("/style-record/locale", test_locale);
  g_test_add_func ("/style-record/least", test_least);
  g_test_add_func ("/style-record/refusals", test_refusals);
  g_test_add_func ("/style-record/too-many", test_too_many);
  g_test_add_func ("/style-record/cut", test_cut);
  g_test_add_func ("/style-record/png", test_png);
  g_test_add_func ("/style-record/png-without", test_png_without);
  g_test_add_func ("/style-record/png-damaged", test_png_damaged);
  g_test_add_func ("/style-record/latent", test_latent);
  g_test_add_func ("/style-record/who", test_who);

  return g_test_run ();
}
