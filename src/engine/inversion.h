/* inversion.h — finds the latent vector whose picture comes nearest to a given one.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gio/gio.h>

#include "engine/model.h"
#include "engine/style.h"

G_BEGIN_DECLS

#define RAQAM_INVERSION_ANY (-1)

typedef struct
{
  RaqamStyle style;    /* unmixed, truncation 1 */
  double     distance; /* raqam_inversion_distance() between the target and @pixels */
  guint8     pixels[RAQAM_IMAGE_SIZE]; /* its picture, as raqam_generator_clear_paper() leaves it */
  int        n_starts;     /* that were gone on from */
  int        n_iterations; /* so far, of all starts together */
} RaqamInversion;

/**
 * RaqamInversionProgress:
 * @best: the nearest so far; its distance never rises from one call to the next
 * @done: 0 to 1
 *
 * Called in the searching thread, at most about ten times a second, and at the end.
 */
typedef void (*RaqamInversionProgress) (const RaqamInversion *best, double done, gpointer data);

typedef struct
{
  int         digit;     /* 0 to 9, or RAQAM_INVERSION_ANY: the one that comes nearest */
  guint64     seed;      /* the same one finds the same */
  const char *device;    /* "auto", "cpu" or "cuda" */
  int         n_threads; /* as RaqamDeviceOptions has it */
} RaqamInversionSettings;

/**
 * raqam_inversion_distance:
 * @a: (784), 255 is ink
 * @b: (784)
 *
 * Σ|a − b| / Σ(a + b), the dissimilarity of Bray and Curtis (1957): the share of both
 * pictures' ink that the other does not have. 0 for equal pictures, 1 where they
 * share none.
 */
double raqam_inversion_distance (const guint8 *a, const guint8 *b);

/**
 * raqam_invert:
 * @result: overwritten
 * @model: only read
 * @target: (784), 255 is ink
 * @progress: (nullable)
 *
 * Some of many random latent vectors are gone on from by least squares (Levenberg,
 * 1944; Marquardt, 1963), first on blurred pictures and then on sharper ones, fewer
 * at each turn; a weak prior keeps the latent vector as long as the model knows them.
 * Of
 * long latent vectors some of the numbers take part in each step, in turn. Any thread;
 * blocks: about a second with the recipe "fast" on two processor cores.
 *
 * Errors: RAQAM_ERROR_DATA where there is no ink in @target; those of
 * raqam_generator_new(); G_IO_ERROR_CANCELLED.
 *
 * Returns: FALSE with @error set; @result is then undefined
 */
gboolean raqam_invert (RaqamInversion *result, const RaqamModel *model, const guint8 *target,
                       const RaqamInversionSettings *settings, RaqamInversionProgress progress,
                       gpointer data, GCancellable *cancellable, GError **error);

G_END_DECLS
