/* style.h — one picture of a conditional generator: its digit and latent vector.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

#include "engine/recipe.h"

G_BEGIN_DECLS

#define RAQAM_TRUNCATION_MAX 1.5f
#define RAQAM_MIX_MAX 100

/* Plain data. The generator draws truncation · z, under the label
 * (1 − mix / 100) · digit + (mix / 100) · other. */
typedef struct
{
  int   digit;      /* 0 to 9 */
  int   other;      /* 0 to 9; is digit where nothing is mixed in */
  int   mix;        /* hundredths, 0 to RAQAM_MIX_MAX */
  float truncation; /* 0 is the mean, 1 what the model was trained on, to RAQAM_TRUNCATION_MAX */
  int   latent;     /* numbers in use, 0 to RAQAM_MAX_LATENT */
  float z[RAQAM_MAX_LATENT]; /* zero behind the last in use */
} RaqamStyle;

/* @style: overwritten: @digit unmixed at the mean, truncation 1 */
void raqam_style_init (RaqamStyle *style, int digit, int latent);

gboolean raqam_style_equal (const RaqamStyle *a, const RaqamStyle *b);

/* @z: (latent), overwritten with what the generator is given: truncation · z */
void raqam_style_effective (float *z, const RaqamStyle *style);

/* Sets z to that of picture @number of @seed, as raqam_generator_random_latents(). */
void raqam_style_randomise (RaqamStyle *style, guint64 seed, guint64 number);

/* Returns: the digit that has the larger share; digit where they are equal */
int raqam_style_main_digit (const RaqamStyle *style);

/**
 * raqam_latent_slerp:
 * @out: (@n), overwritten; may be @a or @b
 * @t: 0 is @a, 1 is @b
 *
 * Along the great circle in direction and evenly in length (White, "Sampling
 * generative networks", 2016): a straight line would pass near the mean, where
 * few latent vectors lie. Straight where one of them is 0 or they are opposite.
 */
void raqam_latent_slerp (float *out, const float *a, const float *b, int n, double t);

/**
 * raqam_style_between:
 * @out: overwritten; may be @a or @b, which have the same latent
 * @t: 0 is @a, 1 is @b
 *
 * z by raqam_latent_slerp(), truncation evenly; the label goes from the main digit
 * of @a to that of @b.
 */
void raqam_style_between (RaqamStyle *out, const RaqamStyle *a, const RaqamStyle *b, double t);

G_END_DECLS
