/* recipe-check.c — whether a recipe's layers fit each other, and what they hold.
 * SPDX-License-Identifier: MIT */

#include "engine/recipe-fields.h"

#include "engine/geometry.h"

#include <inttypes.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#define MAX_SIDE 128
#define MAX_NAME 64

/* Backends count the numbers of one tensor in an int. */
#define MAX_NUMBERS G_MAXINT32

static char *
place_of_layer (const char *origin, gboolean generator, int layer)
{
  if (generator)
    return g_strdup_printf (_("%s: generator, layer %d"), origin, layer + 1);
  return g_strdup_printf (_("%s: discriminator, layer %d"), origin, layer + 1);
}

static gboolean
check_text (const char *text, const char *field, glong max, gboolean one_line, const char *origin,
            GError **error)
{
  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return raqam_recipe_refuse (error, origin, _("“%s” is not a text"), field);
  if (g_utf8_strlen (text, -1) > max)
    return raqam_recipe_refuse (error, origin, _("“%s” is longer than %ld characters"), field, max);
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)) && (one_line || *c != '\n'))
      return raqam_recipe_refuse (error, origin, _("“%s” holds a control character"), field);
  return TRUE;
}

/* A name becomes part of a folder's name. */
static gboolean
check_name (const char *name, const char *origin, GError **error)
{
  if (!check_text (name, "name", MAX_NAME, TRUE, origin, error))
    return FALSE;
  if (name[0] == '\0' || name[0] == '.' || strpbrk (name, "/\\") != NULL)
    return raqam_recipe_refuse (error, origin,
                   _ ("“name” is “%s”; it must not be empty, begin with a full stop or "
                      "hold a slash"),
                   name);
  return TRUE;
}

static gboolean
check_generator_layer (const RaqamRecipe *self, int i, const char *where, GError **error)
{
  const RaqamLayer *layer = &self->generator[i];
  gboolean last = i == self->n_generator - 1;
  const RaqamLayer *next = last ? NULL : layer + 1;

  if ((i == 0) != (layer->kind == RAQAM_BLOCK_DENSE))
    return raqam_recipe_refuse (error, where,
                                _("a generator begins with a dense layer and has no other one"));
  if (layer->kind == RAQAM_BLOCK_HEAD)
    return raqam_recipe_refuse (error, where, _("a head belongs to the discriminator"));
  if (layer->kind == RAQAM_BLOCK_CONV && layer->labels)
    return raqam_recipe_refuse (error, where,
                   _ ("“labels” go with the generator's dense layer, not with a convolution"));
  if (layer->spectral)
    return raqam_recipe_refuse (error, where, _("“spectral” belongs to the discriminator"));
  if (layer->dropout > 0)
    return raqam_recipe_refuse (error, where, _("“dropout” belongs to the discriminator"));
  if (last != (layer->activation == RAQAM_ACTIVATION_SIGMOID))
    return raqam_recipe_refuse (error, where,
                   _ ("the activation “sigmoid” belongs to the generator's last layer, "
                      "which needs it, and to no other"));
  if (layer->threshold && layer->activation != RAQAM_ACTIVATION_SIGMOID)
    return raqam_recipe_refuse (error, where, _("“threshold” needs the activation “sigmoid”"));
  if (last && layer->norm != RAQAM_NORM_NONE)
    return raqam_recipe_refuse (error, where,
                   _ ("the generator's last layer has no norm: its output is the image"));
  if (next != NULL && layer->norm == RAQAM_NORM_CLASS && layer->norm_after
      && next->kind == RAQAM_BLOCK_CONV && next->filters == 1 && next->stride == 1)
    return raqam_recipe_refuse (error, where,
                   _ ("a class norm after the activation cannot lead into a convolution with "
                      "one filter; put it “before_activation”"));
  return TRUE;
}

static gboolean
check_discriminator_layer (const RaqamRecipe *self, int i, const char *where, GError **error)
{
  const RaqamLayer *layer = &self->discriminator[i];
  gboolean last = i == self->n_discriminator - 1;

  if (last != (layer->kind == RAQAM_BLOCK_HEAD))
    return raqam_recipe_refuse (error, where,
                                _("a discriminator ends with a head and has no other one"));
  if (!last && layer->kind != RAQAM_BLOCK_CONV)
    return raqam_recipe_refuse (error, where,
                   _ ("before its head a discriminator has only layers of the kind “conv”"));
  if (layer->norm != RAQAM_NORM_NONE)
    return raqam_recipe_refuse (error, where,
                   _ ("“norm” belongs to the generator; a discriminator can have “spectral”"));
  if (layer->activation == RAQAM_ACTIVATION_SIGMOID || layer->threshold)
    return raqam_recipe_refuse (error, where,
                   _ ("“sigmoid” and “threshold” belong to the generator's last layer"));
  if (layer->labels && layer->kind == RAQAM_BLOCK_CONV && i > 0)
    return raqam_recipe_refuse (error, where,
                                _("label planes go with the discriminator's first layer only"));
  if (layer->labels && layer->kind == RAQAM_BLOCK_CONV && layer->spectral)
    return raqam_recipe_refuse (error, where,
                                _("label planes and “spectral” cannot be together in one layer"));
  if (layer->labels && layer->pool)
    return raqam_recipe_refuse (error, where,
                                _("a head with “pool” cannot have “labels”: \"projection\""));
  return TRUE;
}

static guint64
layer_weights (const RaqamBlockSpec *spec)
{
  guint64 features = (guint64) spec->in_h * spec->in_w * spec->in_c;
  guint64 in = spec->in_c + (spec->labels ? spec->n_classes : 0);
  guint64 area = (guint64) spec->kernel * spec->kernel;
  guint64 rows = (guint64) spec->out_h * spec->out_w * spec->out_c;
  guint64 norm = spec->norm == RAQAM_NORM_NONE ? 0 : 2 * (guint64) spec->out_c;

  if (spec->norm == RAQAM_NORM_CLASS)
    norm *= spec->n_classes;

  switch (spec->kind)
    {
    case RAQAM_BLOCK_DENSE:
      return rows * in + (spec->bias ? rows : 0) + norm;
    case RAQAM_BLOCK_CONV:
    case RAQAM_BLOCK_TCONV:
      return area * in * spec->out_c + (spec->bias ? spec->out_c : 0) + norm;
    case RAQAM_BLOCK_HEAD:
      return (spec->pool ? (guint64) spec->in_c : features) + (spec->bias ? 1 : 0)
             + (spec->labels ? features * spec->n_classes : 0);
    default:
      g_assert_not_reached ();
    }
}

/* Walks @spec on by one layer. */
static gboolean
check_sizes (RaqamBlockSpec *spec, const RaqamRecipe *self, const RaqamLayer *layer,
             const char *where, GError **error)
{
  guint64 numbers;

  if (layer->kind == RAQAM_BLOCK_DENSE && layer->height != layer->width)
    return raqam_recipe_refuse (error, where, _("height and width must be the same"));
  if ((layer->kind == RAQAM_BLOCK_CONV || layer->kind == RAQAM_BLOCK_TCONV)
      && layer->kernel < layer->stride)
    return raqam_recipe_refuse (error, where,
                   _ ("“kernel” is %d and “stride” %d; a kernel smaller than the stride would "
                      "leave pixels out"),
                   layer->kernel, layer->stride);

  raqam_recipe_geometry (spec, layer, spec->out_h, spec->out_w, spec->out_c, self);
  if (spec->out_h > MAX_SIDE)
    return raqam_recipe_refuse (error, where,
                                _("its output is %d × %d pixels; more than %d × %d is too large"),
                   spec->out_w, spec->out_h, MAX_SIDE, MAX_SIDE);

  /* Real and fake images go through the discriminator together. */
  numbers = (guint64) 2 * self->batch * spec->out_h * spec->out_w * spec->out_c;
  if (numbers > MAX_NUMBERS)
    return raqam_recipe_refuse (error, where,
                   _ ("a batch of %d images makes %" PRIu64 " numbers here, which is "
                      "too many; use fewer filters or a smaller batch"),
                   self->batch, numbers / 2);
  if (layer_weights (spec) > MAX_NUMBERS)
    return raqam_recipe_refuse (error, where,
                   _ ("it has %" PRIu64 " weights, which is too many; use fewer filters"),
                   layer_weights (spec));
  return TRUE;
}

static gboolean
check_network (const RaqamRecipe *self, gboolean generator, const char *origin, GError **error)
{
  const RaqamLayer *layers = generator ? self->generator : self->discriminator;
  int n = generator ? self->n_generator : self->n_discriminator;
  RaqamBlockSpec spec = { .out_h = RAQAM_IMAGE_SIDE, .out_w = RAQAM_IMAGE_SIDE, .out_c = 1 };
  gboolean conditional = FALSE;

  if (n < 2 || n > RAQAM_MAX_LAYERS)
    return raqam_recipe_refuse (error, origin,
                   generator ? _ ("the generator has %d layers; it must have 2 to %d")
                             : _ ("the discriminator has %d layers; it must have 2 to %d"),
                   n, RAQAM_MAX_LAYERS);

  for (int i = 0; i < n; i++)
    {
      g_autofree char *where = place_of_layer (origin, generator, i);

      if (!raqam_fields_check (&raqam_layer_kind_fields[layers[i].kind], &layers[i], where, error)
          || !(generator ? check_generator_layer (self, i, where, error)
                         : check_discriminator_layer (self, i, where, error))
          || !check_sizes (&spec, self, &layers[i], where, error))
        return FALSE;
      conditional |= layers[i].labels || layers[i].norm == RAQAM_NORM_CLASS;
    }

  if (!conditional)
    return raqam_recipe_refuse (
      error, origin,
      generator
        ? _ ("the generator never sees the label: give its dense layer “labels”: \"one_hot\"")
        : _ ("the discriminator never sees the label: give its head “labels”: \"projection\", "
             "or its first layer \"planes\""));
  if (generator
      && (spec.out_h != RAQAM_IMAGE_SIDE || spec.out_w != RAQAM_IMAGE_SIDE || spec.out_c != 1))
    return raqam_recipe_refuse (error, origin,
                   _ ("the generator's layers lead to %d × %d pixels with %d channels; images "
                      "have %d × %d with 1"),
                   spec.out_w, spec.out_h, spec.out_c, RAQAM_IMAGE_SIDE, RAQAM_IMAGE_SIDE);
  return TRUE;
}

static gboolean
check_schedule (const RaqamSchedule *schedule, const char *origin, GError **error)
{
  g_autofree char *where = g_strdup_printf (_("%s: schedule"), origin);

  if (!raqam_fields_check (&raqam_schedule_kind_fields[schedule->kind], schedule, where, error))
    return FALSE;
  if (schedule->kind != RAQAM_SCHEDULE_STEPS)
    return TRUE;

  if (schedule->n_rates < 1 || schedule->n_rates > RAQAM_MAX_RATES)
    return raqam_recipe_refuse (error, where, _ ("“rates” has %d pairs; it must have 1 to %d"),
                   schedule->n_rates, RAQAM_MAX_RATES);
  for (int i = 0; i < schedule->n_rates; i++)
    for (int side = 0; side < 2; side++)
      if (!raqam_field_check_range (&raqam_rate_field, schedule->rates[i][side], where, error))
        return FALSE;
  return TRUE;
}

gboolean
raqam_recipe_check (const RaqamRecipe *self, const char *origin, GError **error)
{
  g_autofree char *norm = NULL, *optimizer = NULL, *initial = NULL;

  g_return_val_if_fail (self != NULL && origin != NULL, FALSE);

  norm = g_strdup_printf (_("%s: norm"), origin);
  optimizer = g_strdup_printf (_("%s: optimizer"), origin);
  initial = g_strdup_printf (_("%s: initial_weights"), origin);

  return check_name (self->name, origin, error)
         && check_text (self->title, "title", 200, TRUE, origin, error)
         && check_text (self->description, "description", 4000, FALSE, origin, error)
         && raqam_fields_check (&raqam_recipe_fields, self, origin, error)
         && raqam_fields_check (&raqam_norm_fields, self, norm, error)
         && raqam_fields_check (&raqam_optimizer_fields, self, optimizer, error)
         && raqam_fields_check (&raqam_initial_kind_fields[self->initial], self, initial, error)
         && check_schedule (&self->schedule, origin, error)
         && check_network (self, TRUE, origin, error) && check_network (self, FALSE, origin, error);
}

void
raqam_recipe_count_weights (gsize count[2], const RaqamRecipe *self)
{
  g_return_if_fail (self != NULL);

  for (int side = 0; side < 2; side++)
    {
      const RaqamLayer *layers = side == 0 ? self->generator : self->discriminator;
      int n = side == 0 ? self->n_generator : self->n_discriminator;
      RaqamBlockSpec spec = { .out_h = RAQAM_IMAGE_SIDE, .out_w = RAQAM_IMAGE_SIDE, .out_c = 1 };

      count[side] = 0;
      for (int i = 0; i < n; i++)
        {
          raqam_recipe_geometry (&spec, &layers[i], spec.out_h, spec.out_w, spec.out_c, self);
          count[side] += layer_weights (&spec);
        }
    }
}
