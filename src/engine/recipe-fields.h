/* recipe-fields.h — the fields of a recipe's JSON, with their ranges and defaults.
 * SPDX-License-Identifier: MIT
 *
 * For recipe-*.c alone. Reading, checking and writing all follow these tables.
 */

#pragma once

#include "engine/recipe.h"

G_BEGIN_DECLS

typedef enum
{
  RAQAM_FIELD_INTEGER, /* int */
  RAQAM_FIELD_SEED,    /* guint64 below 2⁶³ */
  RAQAM_FIELD_NUMBER,  /* float */
  RAQAM_FIELD_FLAG,    /* gboolean */
  RAQAM_FIELD_CHOICE,  /* int: index in choices */
} RaqamFieldType;

/* When a field may be there; elsewhere it is refused, not written, and 0. */
typedef enum
{
  RAQAM_FIELD_ALWAYS,
  RAQAM_FIELD_WITH_SLOPE, /* of a layer: with the activation leaky_relu */
  RAQAM_FIELD_WITH_NORM,  /* of a layer: with a norm */
} RaqamFieldWhen;

typedef struct
{
  const char        *name;
  RaqamFieldType     type;
  RaqamFieldWhen     when;
  gsize              offset;   /* in the struct that the group describes */
  double             min, max; /* both allowed; INTEGER and NUMBER */
  double             preset;   /* when it is left out; NAN: it must be there */
  const char *const *choices;  /* NULL-terminated; CHOICE */
} RaqamField;

typedef struct
{
  const RaqamField *fields;
  guint             n_fields;
} RaqamFieldGroup;

/* The choice of activation that files have and RaqamActivation has not: a
 * leaky_relu of slope 0. */
#define RAQAM_CHOICE_RELU 3

/* Of RaqamRecipe. */
extern const RaqamFieldGroup raqam_recipe_fields;
extern const RaqamFieldGroup raqam_norm_fields;
extern const RaqamFieldGroup raqam_optimizer_fields;
extern const RaqamFieldGroup raqam_initial_kind_fields[]; /* by RaqamInitial */

extern const RaqamFieldGroup raqam_layer_kind_fields[];    /* of RaqamLayer, by RaqamBlockKind */
extern const RaqamFieldGroup raqam_schedule_kind_fields[]; /* of RaqamSchedule, by its kind */
extern const RaqamField raqam_rate_field;                  /* one rate of a schedule's pairs */

/* Names by the same enumerations, NULL-terminated. */
extern const char *const raqam_layer_kinds[];
extern const char *const raqam_initial_kinds[];
extern const char *const raqam_schedule_kinds[];

/* Whether @field has a meaning in @target as it stands. */
gboolean raqam_field_applies (const RaqamField *field, gconstpointer target);

/**
 * raqam_field_check:
 * @target: the struct
 * @where: what errors begin with: "fast.json: generator, layer 2"
 *
 * Returns: FALSE with RAQAM_ERROR_RECIPE when the field's value is not allowed
 */
gboolean raqam_field_check  (const RaqamField *field, gconstpointer target, const char *where,
                            GError **error);
/* raqam_fields_check: the same, for every field of @group. */
gboolean raqam_fields_check (const RaqamFieldGroup *group, gconstpointer target, const char *where,
                             GError **error);

/* Returns: FALSE with RAQAM_ERROR_RECIPE when @value is out of @field's range */
gboolean raqam_field_check_range (const RaqamField *field, double value, const char *where,
                                  GError **error);

/* Returns: the name in @names (NULL-terminated) that takes fewest changes to become @word */
const char *raqam_nearest_name (const char *word, const char *const *names);

/**
 * raqam_recipe_refuse:
 * @where: what the message begins with: "fast.json: generator, layer 2"
 *
 * Sets RAQAM_ERROR_RECIPE.
 *
 * Returns: FALSE
 */
gboolean raqam_recipe_refuse (GError **error, const char *where, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* Appends the shortest decimal that reads back as the same float. */
void raqam_append_number (GString *text, float number);

G_END_DECLS
