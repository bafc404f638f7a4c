/* recipe.h — what is trained and how: networks, optimiser, schedule.
 * SPDX-License-Identifier: MIT
 *
 * A recipe is a JSON file (docs/recipe.md). The built-in ones are data/recipes.
 */

#pragma once

#include <glib.h>

#include "engine/backend.h"

G_BEGIN_DECLS

#define RAQAM_IMAGE_SIDE 28
#define RAQAM_IMAGE_SIZE (RAQAM_IMAGE_SIDE * RAQAM_IMAGE_SIDE)
#define RAQAM_MAX_LAYERS 8
#define RAQAM_MAX_RATES 64
#define RAQAM_MAX_LATENT 512

/* One layer as the recipe names it; see RaqamBlockSpec for what each field does. */
typedef struct
{
  RaqamBlockKind  kind;
  int             height, width; /* DENSE: of its output */
  int             filters;       /* channels of the output; HEAD 1 */
  int             kernel, stride;
  gboolean        labels;
  gboolean        bias;
  gboolean        spectral;
  gboolean        pool;
  gboolean        threshold;
  RaqamActivation activation;
  float           slope;
  RaqamNorm       norm;
  gboolean        norm_after; /* after the activation, not before it */
  float           dropout;
} RaqamLayer;

typedef enum
{
  RAQAM_INITIAL_GLOROT_UNIFORM, /* U(±√(6 / (fan_in + fan_out))) */
  RAQAM_INITIAL_NORMAL,         /* N(0, initial_deviation) */
} RaqamInitial;

typedef enum
{
  RAQAM_SCHEDULE_CONSTANT,
  RAQAM_SCHEDULE_STEPS,  /* a new pair of rates every so many epochs */
  RAQAM_SCHEDULE_LINEAR, /* warm-up, constant, then a straight fall */
} RaqamScheduleKind;

typedef struct
{
  RaqamScheduleKind kind;
  int               warmup_steps; /* the rate rises from 0 in so many steps; any kind */
  int               every_epochs; /* STEPS */
  int               n_rates;      /* STEPS: the pairs after the first; the last one stays */
  float             rates[RAQAM_MAX_RATES][2];
  float             hold;         /* LINEAR: share of the training at the full rate */
  float             final;        /* LINEAR: share of the rate at the end */
} RaqamSchedule;

typedef struct
{
  char         *name;        /* "thesis" */
  char         *title;       /* for people, translatable */
  char         *description; /* one sentence, translatable */
  int           latent;      /* length of the latent vector */
  int           n_classes;
  int           n_generator;
  int           n_discriminator;
  RaqamLayer    generator[RAQAM_MAX_LAYERS];
  RaqamLayer    discriminator[RAQAM_MAX_LAYERS];
  RaqamInitial  initial;
  float         initial_deviation;
  float         norm_momentum; /* of the running statistics */
  float         norm_epsilon;
  float         rate[2];       /* learning rate: generator, discriminator */
  float         beta1, beta2, epsilon;
  RaqamSchedule schedule;
  gboolean      one_fake_batch; /* the same fakes serve D's step and then G's */
  float         ema_decay;      /* 0: none. min (ema_decay, (t + 1) / (t + 10)) at step t */
  int           calibration;    /* images for the average's norm statistics; 0: as they ran */
  int           batch;
  int           epochs;
  guint64       seed;
  gboolean      grey; /* data kept grey, not set to 0 or 1 */
} RaqamRecipe;

/**
 * raqam_recipe_names:
 *
 * Returns: (transfer none): the built-in recipes' names, NULL-terminated, the one to offer first first
 */
const char *const *raqam_recipe_names (void);

/**
 * raqam_recipe_find:
 * @name_or_path: a built-in name, or a JSON file
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_RECIPE (which field, what was
 *   found, what is allowed) or a G_IO_ERROR
 */
RaqamRecipe *raqam_recipe_find (const char *name_or_path, GError **error);

/**
 * raqam_recipe_parse:
 * @json: UTF-8 text
 * @origin: what to call it in errors
 */
RaqamRecipe *raqam_recipe_parse (const char *json, const char *origin, GError **error);

/* Returns: (transfer full): the recipe as JSON text that raqam_recipe_parse() reads */
char        *raqam_recipe_to_json (const RaqamRecipe *self);
RaqamRecipe *raqam_recipe_copy    (const RaqamRecipe *self);
void         raqam_recipe_free    (RaqamRecipe *self);

/**
 * raqam_recipe_check:
 *
 * Whether the layers fit each other (28 × 28 × 1 comes out of the generator,
 * one logit out of the discriminator) and every number is in its range.
 *
 * Returns: FALSE with RAQAM_ERROR_RECIPE, naming the layer and the field
 */
gboolean raqam_recipe_check (const RaqamRecipe *self, const char *origin, GError **error);

/**
 * raqam_recipe_rates:
 * @rate: generator's and discriminator's learning rate at @step, overwritten
 * @steps_per_epoch: images over batch, not rounded
 */
void raqam_recipe_rates (float rate[2], const RaqamRecipe *self, guint64 step,
                         double steps_per_epoch);

/* Number of trained weights: generator's and discriminator's. */
void raqam_recipe_count_weights (gsize count[2], const RaqamRecipe *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamRecipe, raqam_recipe_free)

G_END_DECLS
