/* timeline.h — how a run's quality went: the judged checkpoints of a run.
 * SPDX-License-Identifier: MIT
 *
 * Kept in the run's folder as quality.csv, one line a judged checkpoint, by
 * rising step: step,epoch,images,seed,threshold,train,accuracy,frechet, then accuracy_0 to
 * accuracy_9 and frechet_0 to frechet_9; numbers as in C.
 */

#pragma once

#include <glib.h>

#include "engine/evaluation.h"

G_BEGIN_DECLS

#define RAQAM_QUALITY_TRAIN 16

typedef struct
{
  guint64     step;
  double      epoch;
  int         n_images;
  guint64     seed;
  gboolean    threshold;
  char        train[RAQAM_QUALITY_TRAIN + 1]; /* how the checksum of the judge's training images
                                               * begins: other images make another judge */
  RaqamFigure accuracy; /* 0 to 1; of_class: recall */
  RaqamFigure frechet;

  /* NAN where they were not made. */
  double      recall;       /* of the distribution, 0 to 1 */
  double      memorisation; /* 0 to 1 */
  RaqamFigure diversity;    /* over that of as many real images; all is the mean of the classes' */
} RaqamQuality;

/* @quality: overwritten: the figures that a timeline keeps of an evaluation */
void raqam_quality_init (RaqamQuality *quality, const RaqamEvaluation *evaluation);

/**
 * raqam_timeline_read:
 *
 * Returns: (transfer full) (element-type RaqamQuality): empty where nothing was
 *   judged; damaged lines are left out
 */
GArray *raqam_timeline_read (const char *folder);

/* Adds a checkpoint's figures, or replaces those of the same step; whole or not at all. */
gboolean raqam_timeline_add (const char *folder, const RaqamQuality *quality, GError **error);

/**
 * raqam_timeline_compares:
 * @i: index of a checkpoint
 *
 * Returns: whether its figures compare with those of the newest checkpoint that was
 *   judged by the most images: as many images, and the same judge's training images
 */
gboolean raqam_timeline_compares (const GArray *timeline, guint i);

/**
 * raqam_timeline_best:
 *
 * The one with the lowest Fréchet distance, among those that
 * raqam_timeline_compares() and have at least 99 % of the best accuracy: distance
 * sees what accuracy cannot.
 *
 * Returns: its index, or -1
 */
int raqam_timeline_best (const GArray *timeline);

G_END_DECLS
