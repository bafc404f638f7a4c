/* recipe-fields.c — the fields of a recipe's JSON, with their ranges and defaults.
 * SPDX-License-Identifier: MIT */

#include "engine/recipe-fields.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

static const char *const dense_labels[] = { "none", "one_hot", NULL };
static const char *const conv_labels[] = { "none", "planes", NULL };
static const char *const head_labels[] = { "none", "projection", NULL };
static const char *const pools[] = { "none", "max", NULL };
static const char *const norms[] = { "none", "batch", "class", NULL };
static const char *const norm_places[] = { "before_activation", "after_activation", NULL };
static const char *const activations[] = { "none", "leaky_relu", "sigmoid", "relu", NULL };

const char *const raqam_layer_kinds[] = { "dense", "conv", "transposed_conv", "head", NULL };
const char *const raqam_initial_kinds[] = { "glorot_uniform", "normal", NULL };
const char *const raqam_schedule_kinds[] = { "constant", "steps", "linear", NULL };

G_STATIC_ASSERT (sizeof (RaqamActivation) == sizeof (int) && sizeof (RaqamNorm) == sizeof (int));

/* Tables, to be read as such. */
/* clang-format off */
#define FIELD(name, type, owner, member, min, max, preset, choices) \
  { name, RAQAM_FIELD_##type, RAQAM_FIELD_ALWAYS, G_STRUCT_OFFSET (owner, member), \
    min, max, preset, choices }
#define INTEGER(name, owner, member, min, max, preset) \
  FIELD (name, INTEGER, owner, member, min, max, preset, NULL)
#define NUMBER(name, owner, member, min, max, preset) \
  FIELD (name, NUMBER, owner, member, min, max, preset, NULL)
#define FLAG(name, owner, member, preset) \
  FIELD (name, FLAG, owner, member, 0, 1, preset, NULL)
#define CHOICE(name, owner, member, choices, preset) \
  FIELD (name, CHOICE, owner, member, 0, 0, preset, choices)

#define FILTERS INTEGER ("filters", RaqamLayer, filters, 1, 1024, NAN)
#define KERNEL INTEGER ("kernel", RaqamLayer, kernel, 1, 11, NAN)
#define STRIDE INTEGER ("stride", RaqamLayer, stride, 1, 4, 1)
#define LABELS(choices, preset) CHOICE ("labels", RaqamLayer, labels, choices, preset)
#define BIAS FLAG ("bias", RaqamLayer, bias, TRUE)
#define SPECTRAL FLAG ("spectral", RaqamLayer, spectral, FALSE)
#define THRESHOLD FLAG ("threshold", RaqamLayer, threshold, FALSE)
#define DROPOUT NUMBER ("dropout", RaqamLayer, dropout, 0, 0.95, 0)
/* In this order: whether slope and norm_place apply hangs on what comes before. */
#define ACTIVATION \
  CHOICE ("activation", RaqamLayer, activation, activations, RAQAM_ACTIVATION_NONE), \
  { "slope", RAQAM_FIELD_NUMBER, RAQAM_FIELD_WITH_SLOPE, \
    G_STRUCT_OFFSET (RaqamLayer, slope), 0, 0.99, 0.2, NULL }
#define NORM \
  CHOICE ("norm", RaqamLayer, norm, norms, RAQAM_NORM_NONE), \
  { "norm_place", RAQAM_FIELD_CHOICE, RAQAM_FIELD_WITH_NORM, \
    G_STRUCT_OFFSET (RaqamLayer, norm_after), 0, 0, 0, norm_places }

static const RaqamField dense_fields[] = {
  INTEGER ("side", RaqamLayer, height, 1, 28, NAN), FILTERS,
  LABELS (dense_labels, TRUE), BIAS, ACTIVATION, NORM, DROPOUT,
};

static const RaqamField conv_fields[] = {
  FILTERS, KERNEL, STRIDE, LABELS (conv_labels, FALSE), BIAS, SPECTRAL,
  ACTIVATION, THRESHOLD, NORM, DROPOUT,
};

static const RaqamField tconv_fields[] = {
  FILTERS, KERNEL, STRIDE, BIAS, ACTIVATION, THRESHOLD, NORM, DROPOUT,
};

static const RaqamField head_fields[] = {
  CHOICE ("pool", RaqamLayer, pool, pools, FALSE), LABELS (head_labels, FALSE), BIAS, SPECTRAL,
};

static const RaqamField recipe_fields[] = {
  INTEGER ("latent", RaqamRecipe, latent, 1, RAQAM_MAX_LATENT, NAN),
  INTEGER ("classes", RaqamRecipe, n_classes, 10, 256, 10),
  INTEGER ("batch", RaqamRecipe, batch, 2, 8192, 64),
  INTEGER ("epochs", RaqamRecipe, epochs, 1, 100000, 10),
  FIELD ("seed", SEED, RaqamRecipe, seed, 0, 0, 1, NULL),
  FLAG ("grey", RaqamRecipe, grey, FALSE),
  FLAG ("one_fake_batch", RaqamRecipe, one_fake_batch, FALSE),
  NUMBER ("ema_decay", RaqamRecipe, ema_decay, 0, 0.99999, 0),
  INTEGER ("calibration", RaqamRecipe, calibration, 0, 100000, 0),
};

static const RaqamField norm_fields[] = {
  NUMBER ("momentum", RaqamRecipe, norm_momentum, 0, 0.99999, 0.9),
  NUMBER ("epsilon", RaqamRecipe, norm_epsilon, 1e-8, 0.1, 1e-5),
};

static const RaqamField optimizer_fields[] = {
  NUMBER ("generator_rate", RaqamRecipe, rate[0], 1e-9, 1, 3e-4),
  NUMBER ("discriminator_rate", RaqamRecipe, rate[1], 1e-9, 1, 3e-4),
  NUMBER ("beta1", RaqamRecipe, beta1, 0, 0.9999, 0.9),
  NUMBER ("beta2", RaqamRecipe, beta2, 0, 0.99999, 0.999),
  NUMBER ("epsilon", RaqamRecipe, epsilon, 1e-12, 0.1, 1e-8),
};

static const RaqamField normal_fields[] = {
  NUMBER ("deviation", RaqamRecipe, initial_deviation, 1e-6, 1, 0.02),
};

#define WARMUP INTEGER ("warmup_steps", RaqamSchedule, warmup_steps, 0, 1000000, 0)

static const RaqamField constant_fields[] = {
  WARMUP,
};

static const RaqamField steps_fields[] = {
  WARMUP,
  INTEGER ("every_epochs", RaqamSchedule, every_epochs, 1, 100000, NAN),
};

static const RaqamField linear_fields[] = {
  WARMUP,
  NUMBER ("hold", RaqamSchedule, hold, 0, 1, 0.5),
  NUMBER ("final", RaqamSchedule, final, 0, 1, 0),
};

#define GROUP(fields) { fields, G_N_ELEMENTS (fields) }

const RaqamFieldGroup raqam_recipe_fields = GROUP (recipe_fields);
const RaqamFieldGroup raqam_norm_fields = GROUP (norm_fields);
const RaqamFieldGroup raqam_optimizer_fields = GROUP (optimizer_fields);
const RaqamField raqam_rate_field
  = { "rates", RAQAM_FIELD_NUMBER, RAQAM_FIELD_ALWAYS, 0, 1e-9, 1, NAN, NULL };

const RaqamFieldGroup raqam_layer_kind_fields[] = {
  [RAQAM_BLOCK_DENSE] = GROUP (dense_fields),
  [RAQAM_BLOCK_CONV] = GROUP (conv_fields),
  [RAQAM_BLOCK_TCONV] = GROUP (tconv_fields),
  [RAQAM_BLOCK_HEAD] = GROUP (head_fields),
};

const RaqamFieldGroup raqam_initial_kind_fields[] = {
  [RAQAM_INITIAL_GLOROT_UNIFORM] = { NULL, 0 },
  [RAQAM_INITIAL_NORMAL] = GROUP (normal_fields),
};

const RaqamFieldGroup raqam_schedule_kind_fields[] = {
  [RAQAM_SCHEDULE_CONSTANT] = GROUP (constant_fields),
  [RAQAM_SCHEDULE_STEPS] = GROUP (steps_fields),
  [RAQAM_SCHEDULE_LINEAR] = GROUP (linear_fields),
};
/* clang-format on */

gboolean
raqam_field_applies (const RaqamField *field, gconstpointer target)
{
  const RaqamLayer *layer = target;

  switch (field->when)
    {
    case RAQAM_FIELD_WITH_SLOPE:
      return layer->activation == RAQAM_ACTIVATION_LEAKY_RELU;
    case RAQAM_FIELD_WITH_NORM:
      return layer->norm != RAQAM_NORM_NONE;
    case RAQAM_FIELD_ALWAYS:
    default:
      return TRUE;
    }
}

gboolean
raqam_field_check_range (const RaqamField *field, double value, const char *where, GError **error)
{
  char found[G_ASCII_DTOSTR_BUF_SIZE], low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
  gboolean number = field->type == RAQAM_FIELD_NUMBER;
  double min = number ? (float) field->min : field->min;
  double max = number ? (float) field->max : field->max;
  double kept = number ? (float) value : value;

  /* So written, a NaN is refused too. */
  if (kept >= min && kept <= max)
    return TRUE;

  g_ascii_formatd (found, sizeof found, "%.12g", value);
  g_ascii_formatd (low, sizeof low, "%.12g", field->min);
  g_ascii_formatd (high, sizeof high, "%.12g", field->max);
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RECIPE,
               _ ("%s: “%s” is %s; it must be between %s and %s"), where, field->name, found, low,
               high);
  return FALSE;
}

gboolean
raqam_field_check (const RaqamField *field, gconstpointer target, const char *where, GError **error)
{
  gconstpointer value = (const char *) target + field->offset;

  if (!raqam_field_applies (field, target))
    return TRUE;

  switch (field->type)
    {
    case RAQAM_FIELD_INTEGER:
      return raqam_field_check_range (field, *(const int *) value, where, error);

    case RAQAM_FIELD_NUMBER:
      return raqam_field_check_range (field, *(const float *) value, where, error);

    case RAQAM_FIELD_SEED:
      if (*(const guint64 *) value <= G_MAXINT64)
        return TRUE;
      g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RECIPE,
                   _ ("%s: “%s” must be between 0 and %" PRId64), where, field->name, G_MAXINT64);
      return FALSE;

    case RAQAM_FIELD_CHOICE:
    case RAQAM_FIELD_FLAG:
    default:
      return TRUE;
    }
}

gboolean
raqam_fields_check (const RaqamFieldGroup *group, gconstpointer target, const char *where,
                    GError **error)
{
  for (guint i = 0; i < group->n_fields; i++)
    if (!raqam_field_check (&group->fields[i], target, where, error))
      return FALSE;
  return TRUE;
}

/* Levenshtein's distance, of the first characters where the words are long. */
static guint
distance (const char *a, const char *b)
{
  guint row[32];
  guint n = MIN (strlen (b), G_N_ELEMENTS (row) - 1);

  for (guint j = 0; j <= n; j++)
    row[j] = j;

  for (guint i = 0; a[i] != '\0' && i < G_N_ELEMENTS (row); i++)
    {
      guint diagonal = row[0];

      row[0] = i + 1;
      for (guint j = 0; j < n; j++)
        {
          guint changed = diagonal + (g_ascii_tolower (a[i]) != b[j]);

          diagonal = row[j + 1];
          row[j + 1] = MIN (changed, MIN (diagonal, row[j]) + 1);
        }
    }

  return row[n];
}

const char *
raqam_nearest_name (const char *word, const char *const *names)
{
  const char *nearest = names[0];

  for (guint i = 1; names[i] != NULL; i++)
    if (distance (word, names[i]) < distance (word, nearest))
      nearest = names[i];
  return nearest;
}

void
raqam_append_number (GString *text, float number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  for (int digits = 1; digits <= 9; digits++)
    {
      char format[] = { '%', '.', (char) ('0' + digits), 'g', '\0' };

      g_ascii_formatd (buffer, sizeof buffer, format, number);
      if ((float) g_ascii_strtod (buffer, NULL) == number)
        break;
    }
  g_string_append (text, buffer);
}

gboolean
raqam_recipe_refuse (GError **error, const char *where, const char *format, ...)
{
  g_autofree char *why = NULL;
  va_list arguments;

  va_start (arguments, format);
  why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_RECIPE, "%s: %s", where, why);
  return FALSE;
}
