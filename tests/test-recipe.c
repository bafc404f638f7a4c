/* test-recipe.c — recipes: read, refused, written, their rates and weights.
 * SPDX-License-Identifier: MIT */

#include "engine/recipe.h"

#include <locale.h>
#include <string.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

/* A small recipe; the refusals change one thing in it. */
static const char plain[] =
  "{ 'name': 'small', 'latent': 16, 'batch': 32, 'epochs': 4, 'seed': 7,\n"
  "  'ema_decay': 0.99,\n"
  "  'norm': {'momentum': 0.9}, 'optimizer': {'beta1': 0.5},\n"
  "  'schedule': {'kind': 'constant'},\n"
  "  'initial_weights': {'kind': 'normal', 'deviation': 0.02},\n"
  "  'generator': [\n"
  "    {'layer': 'dense', 'side': 7, 'filters': 8, 'activation': 'relu'},\n"
  "    {'layer': 'transposed_conv', 'filters': 4, 'kernel': 4, 'stride': 2, 'norm': 'batch'},\n"
  "    {'layer': 'transposed_conv', 'filters': 1, 'kernel': 4, 'stride': 2, 'activation': 'sigmoid'}],\n"
  "  'discriminator': [\n"
  "    {'layer': 'conv', 'filters': 4, 'kernel': 3, 'stride': 2, 'labels': 'planes'},\n"
  "    {'layer': 'conv', 'filters': 8, 'kernel': 4, 'stride': 2, 'dropout': 0.25},\n"
  "    {'layer': 'head', 'pool': 'max'}] }\n";

/* JSON's quotes for the single ones of this file, @was once replaced by @is. */
static char *
changed (const char *was, const char *is)
{
  GString *text = g_string_new (plain);

  if (was != NULL)
    g_assert_cmpuint (g_string_replace (text, was, is, 1), ==, 1);
  g_string_replace (text, "'", "\"", 0);
  return g_string_free (text, FALSE);
}

static RaqamRecipe *
parse (const char *was, const char *is)
{
  g_autofree char *json = changed (was, is);
  g_autoptr (GError) error = NULL;
  RaqamRecipe *recipe = raqam_recipe_parse (json, "small.json", &error);

  g_assert_no_error (error);
  g_assert_nonnull (recipe);
  return recipe;
}

static void
test_built_in (void)
{
  const char *const *names = raqam_recipe_names ();

  g_assert_cmpstr (names[0], ==, "fast");
  g_assert_cmpstr (names[1], ==, "thesis");
  g_assert_cmpstr (names[2], ==, "thesis-32");
  g_assert_null (names[3]);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RaqamRecipe) recipe = raqam_recipe_find (names[i], &error);

      g_assert_no_error (error);
      g_assert_cmpstr (recipe->name, ==, names[i]);
      g_assert_cmpstr (recipe->title, !=, "");
      g_assert_cmpstr (recipe->description, !=, "");
      g_assert_cmpint (recipe->n_classes, ==, 10);
    }
}

/* The figures of the design and, for fast, sums done by hand. */
static void
test_weights (void)
{
  static const struct
  {
    const char *name;
    gsize generator, discriminator;
  } cases[] = {
    { "thesis", 1092755, 80385 },
    { "thesis-32",
      7 * 7 * 42 * (42 + 1) + (16 * 42 * 128 + 128 + 256) + (16 * 128 * 128 + 128 + 256) + 49 * 128
        + 1,
      80385 },
    { "fast", 7 * 7 * 64 * 42 + 20 * 64 + 16 * 64 * 32 + 20 * 32 + 16 * 32 + 1,
      16 * 32 + 32 + 16 * 32 * 64 + 64 + 11 * 3136 + 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RaqamRecipe) recipe = raqam_recipe_find (cases[i].name, NULL);
      gsize count[2];

      raqam_recipe_count_weights (count, recipe);
      g_assert_cmpuint (count[0], ==, cases[i].generator);
      g_assert_cmpuint (count[1], ==, cases[i].discriminator);
    }
}

/* What design.md and recipes.md say and the counts do not show. */
static void
test_built_in_details (void)
{
  g_autoptr (RaqamRecipe) thesis = raqam_recipe_find ("thesis", NULL);
  g_autoptr (RaqamRecipe) fast = raqam_recipe_find ("fast", NULL);

  g_assert_cmpint (thesis->batch, ==, 1024);
  g_assert_cmpint (thesis->epochs, ==, 350);
  g_assert_cmpint (thesis->initial, ==, RAQAM_INITIAL_GLOROT_UNIFORM);
  g_assert_cmpfloat (thesis->epsilon, ==, 1e-7f);
  g_assert_cmpfloat (thesis->norm_epsilon, ==, 1e-3f);
  g_assert_cmpfloat (thesis->rate[1], ==, 3e-4f);
  g_assert_true (thesis->generator[2].norm_after);
  g_assert_cmpfloat (thesis->discriminator[1].dropout, ==, 0.4f);
  g_assert_false (thesis->one_fake_batch || thesis->grey || thesis->ema_decay > 0);

  g_assert_cmpint (fast->latent, ==, 32);
  g_assert_cmpint (fast->generator[0].activation, ==, RAQAM_ACTIVATION_LEAKY_RELU);
  g_assert_cmpfloat (fast->generator[0].slope, ==, 0);
  g_assert_cmpint (fast->generator[1].norm, ==, RAQAM_NORM_CLASS);
  g_assert_false (fast->generator[1].norm_after);
  g_assert_true (fast->generator[2].threshold && fast->generator[2].bias
                 && !fast->generator[1].bias);
  g_assert_true (fast->discriminator[2].spectral && fast->discriminator[2].labels
                 && !fast->discriminator[2].pool);
  g_assert_cmpfloat (fast->beta2, ==, 0.99f);
  g_assert_cmpint (fast->calibration, ==, 3000);
  g_assert_true (fast->one_fake_batch);
}

static void
test_presets (void)
{
  g_autoptr (RaqamRecipe) recipe = parse (NULL, NULL);
  g_autoptr (RaqamRecipe) slope = parse ("'activation': 'relu'", "'activation': 'leaky_relu'");

  g_assert_cmpstr (recipe->title, ==, "small");
  g_assert_cmpfloat (recipe->rate[0], ==, 3e-4f);
  g_assert_cmpfloat (recipe->beta1, ==, 0.5f);
  g_assert_cmpfloat (recipe->beta2, ==, 0.999f);
  g_assert_true (recipe->generator[0].labels && recipe->generator[0].bias);
  g_assert_false (recipe->discriminator[2].labels);
  g_assert_cmpint (recipe->generator[0].width, ==, 7);
  g_assert_cmpint (recipe->discriminator[2].filters, ==, 1);
  g_assert_cmpfloat (slope->generator[0].slope, ==, 0.2f);
}

static void
assert_same (const RaqamRecipe *a, const RaqamRecipe *b)
{
  RaqamRecipe x = *a, y = *b;

  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpstr (a->title, ==, b->title);
  g_assert_cmpstr (a->description, ==, b->description);
  x.name = x.title = x.description = NULL;
  y.name = y.title = y.description = NULL;
  g_assert_cmpmem (&x, sizeof x, &y, sizeof y);
}

static void
assert_round_trip (const RaqamRecipe *recipe)
{
  g_autofree char *json = raqam_recipe_to_json (recipe);
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamRecipe) again = raqam_recipe_parse (json, "again", &error);

  g_assert_no_error (error);
  assert_same (recipe, again);
}

static void
test_round_trip (void)
{
  static const char *const schedules[] = {
    "'schedule': {'kind': 'constant', 'warmup_steps': 12}",
    "'schedule': {'kind': 'steps', 'every_epochs': 30, 'rates': [[1e-4, 0.00012345679], [1e-5, 1e-9]]}",
    "'schedule': {'kind': 'linear', 'hold': 0.333333343, 'final': 0}",
  };

  for (const char *const *name = raqam_recipe_names (); *name != NULL; name++)
    {
      g_autoptr (RaqamRecipe) recipe = raqam_recipe_find (*name, NULL);

      assert_round_trip (recipe);
    }

  for (guint i = 0; i < G_N_ELEMENTS (schedules); i++)
    {
      g_autoptr (RaqamRecipe) recipe = parse ("'schedule': {'kind': 'constant'}", schedules[i]);
      g_autoptr (RaqamRecipe) copy = raqam_recipe_copy (recipe);

      assert_same (recipe, copy);
      g_free (recipe->description);
      recipe->description = g_strdup ("“رقم” \"\\ and\na second line");
      recipe->seed = G_MAXINT64;
      recipe->norm_epsilon = 0.1f;
      recipe->rate[0] = 1.0f / 3.0f;
      assert_round_trip (recipe);
    }
}

typedef struct
{
  const char *was, *is;  /* in the small recipe */
  const char *part[3];   /* of the message */
} Refusal;

/* clang-format off */
static const Refusal refusals[] = {
  /* Names. */
  { "'latent'", "'lattent'", { "small.json: ", "“lattent”", "“latent”" } },
  { "'pool'", "'pol'", { "discriminator, layer 3", "“pol”", "“pool”" } },
  { "'beta1'", "'beta_1'", { "optimizer", "“beta_1”", "“beta1”" } },
  { "'momentum'", "'momentun'", { "norm", "“momentum”" } },
  { "'deviation'", "'mean'", { "initial_weights", "“mean”" } },
  { "'schedule': {'kind': 'constant'", "'schedule': {'kind': 'constant', 'hold': 1", { "schedule", "“hold”" } },
  { "'layer': 'head'", "'layer': 'hed'", { "“hed”", "“head”" } },
  { "'norm': 'batch'", "'norm': 'layer'", { "“layer”", "“batch”" } },
  { "'kind': 'constant'", "'kind': 'cosine'", { "“cosine”", "“linear”" } },
  { "'layer': 'conv', 'filters': 4", "'filters': 4", { "“layer” is missing" } },
  { "'latent': 16,", "", { "“latent” is missing" } },
  { "'side': 7,", "", { "generator, layer 1", "“side” is missing" } },
  { "'activation': 'relu'", "'activation': 'relu', 'slope': 0.1", { "“slope”", "“leaky_relu”" } },
  { "'activation': 'relu'", "'norm_place': 'after_activation'", { "“norm_place”" } },
  { "'name': 'small'", "'name': '../small'", { "“name”", "slash" } },
  { "'name': 'small'", "'name': ''", { "“name”", "empty" } },
  { "'name': 'small'", "'name': 'a\\u0007'", { "“name”", "control" } },
  { "'name': 'small'", "'name': 5", { "“name”", "text" } },

  /* Types. */
  { "'latent': 16", "'latent': '16'", { "“latent”", "whole number" } },
  { "'latent': 16", "'latent': 16.5", { "“latent”", "whole number" } },
  { "'latent': 16", "'latent': null", { "“latent”", "whole number" } },
  { "'ema_decay': 0.99", "'ema_decay': [0.99]", { "“ema_decay”", "a number" } },
  { "'ema_decay': 0.99", "'grey': 1", { "“grey”", "true or false" } },
  { "'norm': {'momentum': 0.9}", "'norm': 3", { "“norm”", "object" } },
  { "'generator': [", "'generator': {}, 'x': [", { "“x”" } },
  { "{'layer': 'head', 'pool': 'max'}", "[]", { "discriminator, layer 3", "object" } },
  { "'pool': 'max'", "'pool': true", { "“pool”", "“max”" } },

  /* Ranges. */
  { "'latent': 16", "'latent': 513", { "“latent” is 513", "between 1 and 512" } },
  { "'latent': 16", "'latent': 0", { "between 1 and 512" } },
  { "'latent': 16", "'latent': 1e300", { "“latent” is 1e+300" } },
  { "'latent': 16", "'latent': 4294967312", { "4294967312" } },
  { "'batch': 32", "'batch': 1", { "“batch” is 1", "between 2 and 8192" } },
  { "'epochs': 4", "'epochs': 100001", { "between 1 and 100000" } },
  { "'seed': 7", "'seed': -1", { "“seed”", "9223372036854775807" } },
  { "'seed': 7", "'seed': 9223372036854775808", { "“seed”", "9223372036854775807" } },
  { "'seed': 7", "'seed': 1.5", { "“seed”" } },
  { "'beta1': 0.5", "'generator_rate': 0", { "“generator_rate” is 0", "between 1e-09 and 1" } },
  { "'beta1': 0.5", "'discriminator_rate': 1.5", { "“discriminator_rate” is 1.5" } },
  { "'beta1': 0.5", "'epsilon': 1e999", { "“epsilon”" } },
  { "'filters': 8, 'activation'", "'filters': 2048, 'activation'", { "“filters” is 2048", "1 and 1024" } },
  { "'kernel': 3", "'kernel': 13", { "“kernel” is 13", "1 and 11" } },
  { "'kernel': 3, 'stride': 2", "'kernel': 5, 'stride': 5", { "“stride” is 5", "1 and 4" } },
  { "'dropout': 0.25", "'dropout': 1", { "“dropout” is 1" } },
  { "'kind': 'constant'", "'kind': 'steps', 'every_epochs': 30", { "“rates”", "pairs" } },
  { "'kind': 'constant'", "'kind': 'steps', 'every_epochs': 30, 'rates': []", { "“rates” has 0" } },
  { "'kind': 'constant'", "'kind': 'steps', 'every_epochs': 30, 'rates': [[1e-4]]", { "“rates”", "pairs" } },
  { "'kind': 'constant'", "'kind': 'steps', 'every_epochs': 0, 'rates': [[1e-4, 1e-4]]", { "“every_epochs”" } },
  { "'kind': 'constant'", "'kind': 'steps', 'every_epochs': 30, 'rates': [[1e-4, 2]]", { "“rates” is 2" } },

  /* Layers that do not fit, or that no backend can run. */
  { "{'layer': 'dense', 'side': 7, 'filters': 8, 'activation': 'relu'},", "", { "begins with a dense layer" } },
  { "'layer': 'transposed_conv', 'filters': 4, 'kernel': 4, 'stride': 2", "'layer': 'dense', 'side': 7, 'filters': 4",
    { "generator, layer 2", "no other" } },
  { "'side': 7", "'side': 8", { "32 × 32", "28 × 28" } },
  { "'filters': 1, 'kernel': 4", "'filters': 2, 'kernel': 4", { "28 × 28 pixels with 2 channels" } },
  { "'side': 7", "'side': 7, 'labels': 'none'", { "generator never sees the label" } },
  { "'labels': 'planes'", "'labels': 'none'", { "discriminator never sees the label" } },
  { "'pool': 'max'}", "'pool': 'max', 'labels': 'projection'}", { "“pool”", "projection" } },
  { "'dropout': 0.25", "'norm': 'batch'", { "discriminator, layer 2", "“norm”" } },
  { "'dropout': 0.25", "'labels': 'planes'", { "discriminator, layer 2", "first layer" } },
  { "'labels': 'planes'", "'labels': 'planes', 'spectral': true", { "planes", "“spectral”" } },
  { "'dropout': 0.25", "'activation': 'sigmoid'", { "“sigmoid”", "generator" } },
  { "{'layer': 'head', 'pool': 'max'}", "{'layer': 'conv', 'filters': 1, 'kernel': 7}", { "ends with a head" } },
  { "{'layer': 'conv', 'filters': 8", "{'layer': 'transposed_conv', 'filters': 8", { "“conv”" } },
  { "'filters': 4, 'kernel': 4, 'stride': 2, 'norm'", "'filters': 4, 'kernel': 2, 'stride': 4, 'norm'",
    { "“kernel” is 2", "“stride” 4" } },
  { "'norm': 'batch'}", "'dropout': 0.1}", { "generator, layer 2", "“dropout”" } },
  { "'norm': 'batch'}", "'threshold': true}", { "generator, layer 2", "“sigmoid”" } },
  { "'norm': 'batch'}", "'activation': 'sigmoid'}", { "generator, layer 2", "last layer" } },
  { "'activation': 'sigmoid'", "'activation': 'relu'", { "generator, layer 3", "“sigmoid”" } },
  { "'activation': 'sigmoid'", "'activation': 'sigmoid', 'norm': 'batch'", { "generator, layer 3", "norm" } },
  { "2, 'norm': 'batch'},", "4, 'norm': 'class', 'norm_place': 'after_activation'},\n"
    "{'layer': 'conv', 'filters': 1, 'kernel': 3, 'activation': 'sigmoid'},", { "generator, layer 2", "class norm" } },
};
/* clang-format on */

static void
assert_refused (const char *json, const Refusal *refusal)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamRecipe) recipe = raqam_recipe_parse (json, "small.json", &error);

  g_assert_null (recipe);
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_RECIPE);
  for (guint i = 0; i < G_N_ELEMENTS (refusal->part) && refusal->part[i] != NULL; i++)
    if (strstr (error->message, refusal->part[i]) == NULL)
      g_error ("“%s” does not say “%s”", error->message, refusal->part[i]);
}

static void
test_refusals (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *json = changed (refusals[i].was, refusals[i].is);

      assert_refused (json, &refusals[i]);
    }
}

/* Numbers that are all in their ranges and too many together. */
static void
test_too_large (void)
{
  static const Refusal refusal = { .part = { "generator, layer 1", "batch of 8192",
                                             "fewer filters" } };
  g_autofree char *wide = changed ("'filters': 8, 'activation'", "'filters': 1024, 'activation'");
  g_autoptr (GString) text = g_string_new (wide);
  g_autoptr (RaqamRecipe) fits = raqam_recipe_parse (wide, "wide.json", NULL);

  g_assert_nonnull (fits);
  g_string_replace (text, "\"side\": 7", "\"side\": 14", 1);
  g_string_replace (text, "\"batch\": 32", "\"batch\": 8192", 1);
  assert_refused (text->str, &refusal);
}

/* A text that repeats @part, in @before and @after. */
static char *
repeated (const char *before, const char *part, guint n, const char *after)
{
  GString *text = g_string_new (before);

  for (guint i = 0; i < n; i++)
    g_string_append (text, part);
  g_string_append (text, after);
  return g_string_free (text, FALSE);
}

static void
test_hostile (void)
{
  static const char layer[] = "{\"layer\": \"conv\", \"filters\": 1, \"kernel\": 3},";
  char *texts[] = {
    g_strdup (""),
    g_strdup ("nonsense"),
    g_strdup ("[]"),
    g_strdup ("3"),
    g_strdup ("{}"),
    g_strdup ("null"),
    g_strdup ("{\"name\": \"\xff\xfe\"}"),
    g_strdup ("{\"latent\": 16, \"generator\": [[[]]]}"),
    repeated ("", "[", 100000, ""),
    repeated ("", "{\"a\":", 40000, ""),
    repeated ("// \" ]]]]\n", "[", 100000, ""),
    repeated ("{\"latent\": 1, \"generator\": [", "0,", 100000, "0]}"),
    repeated ("{\"latent\": 1, \"generator\": [", layer, 99, "{}]}"),
    repeated ("{\"latent\": 1, \"generator\": [], \"discriminator\": [", layer, 99, "{}]}"),
    repeated ("{\"latent\": 1", "1", 5000, "}"),
    repeated ("{\"", "x", 100000, "\": 1}"),
    repeated ("{\"latent\": 1, \"name\": \"", "x", 100000, "\"}"),
    NULL,
  };

  for (guint i = 0; texts[i] != NULL; i++)
    {
      assert_refused (texts[i], &(Refusal){ .part = { "small.json: " } });
      g_free (texts[i]);
    }
}

/* Whatever a byte is changed to, the answer is a recipe or an error. */
static void
test_damaged (void)
{
  g_autofree char *json = changed (NULL, NULL);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  gsize n = strlen (json);

  /* All but the last brace's newline. */
  for (gsize i = 0; i < n - 1; i++)
    {
      g_autofree char *cut = g_strndup (json, i);

      assert_refused (cut, &(Refusal){ .part = { "small.json: " } });
    }

  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *damaged = g_strdup (json);
      g_autoptr (GError) error = NULL;
      g_autoptr (RaqamRecipe) recipe = NULL;

      for (int j = g_rand_int_range (random, 1, 4); j > 0; j--)
        damaged[g_rand_int_range (random, 0, (gint32) n)] =
          (char) g_rand_int_range (random, 1, 256);
      recipe = raqam_recipe_parse (damaged, "damaged", &error);
      g_assert_true ((recipe == NULL) == (error != NULL));
    }
}

static void
assert_rates (const RaqamRecipe *recipe, guint64 step, double per_epoch, double generator,
              double discriminator)
{
  float rate[2];

  raqam_recipe_rates (rate, recipe, step, per_epoch);
  g_assert_cmpfloat_with_epsilon (rate[0], generator, 1e-6 * generator);
  g_assert_cmpfloat_with_epsilon (rate[1], discriminator, 1e-6 * discriminator);
}

static void
test_rates_steps (void)
{
  g_autoptr (RaqamRecipe) thirty =
    parse ("'kind': 'constant'",
           "'kind': 'steps', 'every_epochs': 30, 'rates': [[1e-4, 2e-4], [5e-5, 6e-5]]");
  g_autoptr (RaqamRecipe) fifty =
    parse ("'kind': 'constant'", "'kind': 'steps', 'every_epochs': 50, 'rates': [[1e-4, 2e-4]]");
  g_autoptr (RaqamRecipe) twenty =
    parse ("'kind': 'constant'", "'kind': 'steps', 'every_epochs': 20, 'rates': [[1e-4, 2e-4]]");

  /* 60,000 images in batches of 1024: epoch 30 begins after 1757.8 steps. */
  assert_rates (thirty, 0, 58.59375, 3e-4, 3e-4);
  assert_rates (thirty, 1757, 58.59375, 3e-4, 3e-4);
  assert_rates (thirty, 1758, 58.59375, 1e-4, 2e-4);
  assert_rates (thirty, 3515, 58.59375, 1e-4, 2e-4);
  assert_rates (thirty, 3516, 58.59375, 5e-5, 6e-5);
  assert_rates (thirty, 1000000, 58.59375, 5e-5, 6e-5);

  assert_rates (fifty, 499, 10, 3e-4, 3e-4);
  assert_rates (fifty, 500, 10, 1e-4, 2e-4);
  assert_rates (fifty, 5000, 10, 1e-4, 2e-4);

  /* 12,345 images in batches of 100: 20 · 123.45 is exactly 2469. */
  assert_rates (twenty, 2468, 123.45, 3e-4, 3e-4);
  assert_rates (twenty, 2469, 123.45, 1e-4, 2e-4);
}

static void
test_rates_linear (void)
{
  g_autoptr (RaqamRecipe) fast = raqam_recipe_find ("fast", NULL);
  g_autoptr (RaqamRecipe) held =
    parse ("'kind': 'constant'", "'kind': 'linear', 'hold': 1, 'final': 0.5");

  /* 8 epochs of 100 steps: warm-up to step 100, the fall from 400 to 800. */
  assert_rates (fast, 0, 100, 1e-5, 1e-5);
  assert_rates (fast, 49, 100, 5e-4, 5e-4);
  assert_rates (fast, 99, 100, 1e-3, 1e-3);
  assert_rates (fast, 400, 100, 1e-3, 1e-3);
  assert_rates (fast, 500, 100, 7.55e-4, 7.55e-4);
  assert_rates (fast, 600, 100, 5.1e-4, 5.1e-4);
  assert_rates (fast, 800, 100, 2e-5, 2e-5);
  assert_rates (fast, 9000, 100, 2e-5, 2e-5);

  assert_rates (held, 39, 10, 3e-4, 3e-4);
  assert_rates (held, 400, 10, 3e-4, 3e-4);
}

static void
test_rates_constant (void)
{
  g_autoptr (RaqamRecipe) recipe =
    parse ("'kind': 'constant'", "'kind': 'constant', 'warmup_steps': 4");

  assert_rates (recipe, 0, 10, 0.75e-4, 0.75e-4);
  assert_rates (recipe, 3, 10, 3e-4, 3e-4);
  assert_rates (recipe, 1000, 10, 3e-4, 3e-4);
}

static void
assert_not_found (const char *path, GQuark domain, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RaqamRecipe) recipe = raqam_recipe_find (path, &error);

  g_assert_null (recipe);
  g_assert_nonnull (error);
  g_assert_cmpuint (error->domain, ==, domain);
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_find (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("raqam-recipe-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "mine.json", NULL);
  g_autofree char *missing = g_build_filename (folder, "none.json", NULL);
  g_autofree char *json = changed (NULL, NULL);
  g_autoptr (RaqamRecipe) recipe = NULL;

  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (path, json, -1, &error));
  recipe = raqam_recipe_find (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (recipe->name, ==, "small");

  assert_not_found ("thesiss", RAQAM_ERROR, "thesis-32");
  assert_not_found (missing, G_IO_ERROR, "none.json");
  assert_not_found (folder, RAQAM_ERROR, "not a file");
  g_assert_true (g_file_set_contents (path, "{\"a\": 1}\0{", 11, &error));
  assert_not_found (path, RAQAM_ERROR, "mine.json: this is not a text file");
  g_assert_true (g_file_set_contents (path, "", 0, &error));
  assert_not_found (path, RAQAM_ERROR, "mine.json");

  g_remove (path);
  g_rmdir (folder);
}

/* Files have points in their numbers wherever they are read and written. */
static void
test_locale (void)
{
  static const char *const commas[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "fa_IR.UTF-8" };
  g_autoptr (RaqamRecipe) recipe = NULL;
  gboolean set = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (commas) && !set; i++)
    set = setlocale (LC_ALL, commas[i]) != NULL && strcmp (localeconv ()->decimal_point, ".") != 0;
  if (!set)
    {
      setlocale (LC_ALL, "C");
      g_test_skip ("this machine has no locale with a decimal comma");
      return;
    }

  recipe = parse (NULL, NULL);
  g_assert_cmpfloat (recipe->norm_momentum, ==, 0.9f);
  assert_round_trip (recipe);
  setlocale (LC_ALL, "C");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/recipe/built-in", test_built_in);
  g_test_add_func ("/recipe/built-in-details", test_built_in_details);
  g_test_add_func ("/recipe/weights", test_weights);
  g_test_add_func ("/recipe/presets", test_presets);
  g_test_add_func ("/recipe/round-trip", test_round_trip);
  g_test_add_func ("/recipe/refusals", test_refusals);
  g_test_add_func ("/recipe/too-large", test_too_large);
  g_test_add_func ("/recipe/hostile", test_hostile);
  g_test_add_func ("/recipe/damaged", test_damaged);
  g_test_add_func ("/recipe/rates-steps", test_rates_steps);
  g_test_add_func ("/recipe/rates-linear", test_rates_linear);
  g_test_add_func ("/recipe/rates-constant", test_rates_constant);
  g_test_add_func ("/recipe/find", test_find);
  g_test_add_func ("/recipe/locale", test_locale);

  return g_test_run ();
}
