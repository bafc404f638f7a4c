/* score-texts.h — what each figure of an evaluation means, in a sentence.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  /* Of the report on generated images. */
  RAQAM_SCORE_ACCURACY,
  RAQAM_SCORE_PRECISION,
  RAQAM_SCORE_RECALL,
  RAQAM_SCORE_F1,
  RAQAM_SCORE_SUPPORT,
  RAQAM_SCORE_MACRO_AVERAGE,
  RAQAM_SCORE_WEIGHTED_AVERAGE,
  RAQAM_SCORE_CONFUSION,
  RAQAM_SCORE_CLASSIFIER,

  /* Of their features. */
  RAQAM_SCORE_FRECHET,
  RAQAM_SCORE_FRECHET_CLASS,
  RAQAM_SCORE_FRECHET_FLOOR,
  RAQAM_SCORE_INCEPTION,
  RAQAM_SCORE_MANIFOLD_PRECISION,
  RAQAM_SCORE_MANIFOLD_RECALL,
  RAQAM_SCORE_NEAREST,
  RAQAM_SCORE_MEMORISATION,
  RAQAM_SCORE_DIVERSITY,

  /* Of what they are good for. */
  RAQAM_SCORE_TRAIN_REAL,
  RAQAM_SCORE_TRAIN_SYNTHETIC,
  RAQAM_SCORE_TRAIN_BOTH,
  RAQAM_SCORE_BLIND,

  RAQAM_N_SCORES
} RaqamScore;

typedef enum
{
  RAQAM_BETTER_HIGHER,
  RAQAM_BETTER_LOWER,
  RAQAM_BETTER_HALF,      /* as near to 0.5 as can be */
  RAQAM_BETTER_LIKE_REAL, /* as near to the same figure of real images as can be */
  RAQAM_BETTER_NONE,      /* it is no judgement */
} RaqamBetter;

/**
 * raqam_score_key:
 *
 * Returns: the figure's name in files: lower case, digits and "_", the same in
 *   every language and version
 */
const char *raqam_score_key (RaqamScore score);

/**
 * raqam_score_name:
 *
 * Returns: (transfer none): the figure's name for people, translated
 */
const char *raqam_score_name (RaqamScore score);

/**
 * raqam_score_meaning:
 *
 * Returns: (transfer none): one sentence that says what the figure means and what
 *   is good, translated
 */
const char *raqam_score_meaning (RaqamScore score);

/* The same in English, whatever the language: for files. */
const char *raqam_score_english_name    (RaqamScore score);
const char *raqam_score_english_meaning (RaqamScore score);

/**
 * raqam_score_reference:
 *
 * Returns: who published the figure, where and when; as its authors wrote it,
 *   in English
 */
const char *raqam_score_reference (RaqamScore score);
RaqamBetter raqam_score_better (RaqamScore score);

G_END_DECLS
