/* directions.h — the directions of latent space in which a digit's pictures vary most.
 * SPDX-License-Identifier: MIT
 *
 * As in GANSpace (Härkönen et al., "GANSpace: Discovering interpretable GAN
 * controls", NeurIPS 2020): many random latent vectors, the features that the
 * generator makes of them, their principal directions, and a regression that
 * brings these back to latent space. Two choices are ours, both measured on a trained
 * fast model by how many directions change one measure markedly.
 *
 * The features are the pictures themselves, as people see them: of effects of 1.5 and
 * more they gave 30 to the ten digits' directions, the two hidden layers 19 and 27,
 * the pictures before the paper is cleared 28.
 *
 * The regression comes first: features on z by least squares, and then the principal
 * directions of what it predicts (reduced-rank regression; Izenman, 1975), which
 * are orthonormal in latent space as they are. The other way round the later ones lose
 * up to nine tenths of themselves when they are made so, since a principal
 * direction of features need not have one of z behind it.
 *
 * A latent number's unit is one standard deviation, so where a style stands along
 * direction u is z · u, and to move it by d adds d · u.
 */

#pragma once

#include <gio/gio.h>

#include "engine/model.h"
#include "engine/shape.h"

G_BEGIN_DECLS

#define RAQAM_DIRECTIONS_MAX 10
#define RAQAM_DIRECTION_UNNAMED -1

/* A direction is named after the measure that it changes most, where from −2 to +2 that
 * changes on the average by this many of its standard deviations among the
 * digit's random pictures, and rises (or falls) in this share of the styles. */
#define RAQAM_DIRECTION_EFFECT 1.4
#define RAQAM_DIRECTION_AGREEMENT 0.9

typedef struct
{
  int    meaning; /* a RaqamShape, of which + is more, or RAQAM_DIRECTION_UNNAMED */
  double share;   /* of the pictures' variance that it explains; 0 to 1 */
  double effects[RAQAM_N_SHAPES]; /* of going from −2 to +2, in standard deviations */
  float  vector[RAQAM_MAX_LATENT]; /* of length 1; zero behind the last in use */
} RaqamDirection;

/* Plain data. The directions are at right angles, the one that explains most first. */
typedef struct
{
  int            latent;
  int            n; /* RAQAM_DIRECTIONS_MAX, or latent where that is less */
  RaqamDirection list[RAQAM_DIRECTIONS_MAX];
} RaqamDirections;

/* What one style changes in going along a direction. */
typedef struct
{
  double low[RAQAM_N_SHAPES];  /* at −2, as raqam_shape_measure() */
  double high[RAQAM_N_SHAPES]; /* at +2 */
} RaqamDirectionTrial;

/**
 * raqam_directions_principal:
 * @self: overwritten; nothing is named. The largest number of each vector, or the
 *   first of them, is above 0
 * @z: (@n, @latent)
 * @features: (@n, @n_features)
 * @n: more than @latent
 * @latent: 1 to RAQAM_MAX_LATENT
 */
void raqam_directions_principal (RaqamDirections *self, const float *z, const float *features,
                                 int n, int latent, int n_features);

/**
 * raqam_directions_name:
 * @self: its meanings and effects are overwritten; what is named is turned so that + is more
 * @trials: (@self's n, @n_trials)
 * @deviations: standard deviation of each measure among random pictures; a measure
 *   that hardly varies (below 1e-6, or NAN) names nothing
 *
 * Each name is given once, the largest effect first. Trials in which a measure is
 * NAN at an end do not count for it.
 */
void raqam_directions_name (RaqamDirections *self, const RaqamDirectionTrial *trials, int n_trials,
                            const double deviations[RAQAM_N_SHAPES]);

/**
 * RaqamDirectionsDraw:
 * @pixels: (@n, 784), overwritten: 255 is ink
 * @z: (@n, latent)
 * @n: 1 to 50
 */
typedef gboolean (*RaqamDirectionsDraw) (guint8 *pixels, const float *z, int n, gpointer user_data,
                                         GError **error);

/**
 * raqam_directions_find:
 * @self: overwritten
 * @latent: 1 to RAQAM_MAX_LATENT
 * @draw: the generator, of one digit
 * @seed: the same one gives the same directions
 * @cancellable: (nullable): looked at between pictures, and in the reckoning, where 100
 *   latent numbers take some milliseconds from one look to the next and 512 a second
 *
 * Finds directions and names them, from some 4000 pictures. Any thread.
 *
 * Returns: FALSE with G_IO_ERROR_CANCELLED or what @draw said
 */
gboolean raqam_directions_find (RaqamDirections *self, int latent, RaqamDirectionsDraw draw,
                                gpointer user_data, guint64 seed, GCancellable *cancellable,
                                GError **error);

/* The same of @digit of @model, on one thread of the CPU: half a second for the fast
 * recipe. RAQAM_ERROR_DEVICE or RAQAM_ERROR_MEMORY where it cannot be had. */
gboolean raqam_directions_of_model (RaqamDirections *self, const RaqamModel *model, int digit,
                                    guint64 seed, GCancellable *cancellable, GError **error);

G_END_DECLS
