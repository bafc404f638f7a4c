/* inversion-sight.h — how a search for a picture sees: softly first, then sharply.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/recipe.h"

G_BEGIN_DECLS

#define RAQAM_SIGHT_RADIUS 6

/* Plain data; the fields are the functions' own. */
typedef struct
{
  gboolean threshold;
  float    contrast;
  int      radius;
  float    kernel[2 * RAQAM_SIGHT_RADIUS + 1];
  float    target[RAQAM_IMAGE_SIZE]; /* as it is seen */
} RaqamSight;

/**
 * raqam_sight_init:
 * @self: overwritten
 * @recipe: of the model that draws
 * @target: (784), 0 is paper and 1 ink
 * @blur: standard deviation of a Gaussian, in pixels; 0 for none, at most 2
 * @contrast: slope at the threshold, of a model trained behind one
 *
 * A model that was trained behind a threshold means ink where its grey passes the
 * middle of what raqam_generator_clear_paper() makes of it; that step is seen as a
 * logistic curve, so that it has a slope everywhere. Other models' greys are seen as
 * they are.
 */
void raqam_sight_init (RaqamSight *self, const RaqamRecipe *recipe, const float *target,
                       float blur, float contrast);

/* @out: (784), overwritten; @image: (784), as raqam_generator_draw_floats() */
void raqam_sight_see (const RaqamSight *self, float *out, const float *image);

/* Returns: sum of the squared differences between what is seen and the target */
double raqam_sight_error (const RaqamSight *self, const float *seen);

/**
 * raqam_sight_ink:
 * @pixels: (784), overwritten: 255 is ink
 *
 * The picture as people are shown it: rounded, and as
 * raqam_generator_clear_paper() leaves it.
 */
void raqam_sight_ink (guint8 *pixels, const float *image, const RaqamRecipe *recipe);

G_END_DECLS
