/* critic-scale.h — how near unseen real digits come to those that are known.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/dataset.h"

G_BEGIN_DECLS

#define RAQAM_CRITIC_SAMPLE 60 /* of each digit, or all there are */

/* Plain data; all zero before it is started. */
typedef struct
{
  int     n[RAQAM_DATASET_CLASSES]; /* chosen */
  int     n_done[RAQAM_DATASET_CLASSES];
  guint32 chosen[RAQAM_DATASET_CLASSES][RAQAM_CRITIC_SAMPLE]; /* images of the test part */
  float   distances[RAQAM_DATASET_CLASSES][RAQAM_CRITIC_SAMPLE];
} RaqamCriticScale;

/* Chooses images of each digit, spread evenly over the test part. */
void raqam_critic_scale_start (RaqamCriticScale *self, const RaqamDataset *test);

/**
 * raqam_critic_scale_next:
 * @image: overwritten: of the test part, to be measured next
 * @digit: which is wanted first
 *
 * Returns: the digit it shows, for raqam_critic_scale_add(); -1 when all are measured
 */
int  raqam_critic_scale_next (const RaqamCriticScale *self, guint32 *image, int digit);
void raqam_critic_scale_add  (RaqamCriticScale *self, int digit, double distance);

/* Returns: whether all of @digit were measured */
gboolean raqam_critic_scale_is_known (const RaqamCriticScale *self, int digit);

/* Returns: what the share @share of the unseen images of @digit is at most away from the
 * nearest known one (nearest rank); only where it is known */
double raqam_critic_scale_quantile (const RaqamCriticScale *self, int digit, double share);

G_END_DECLS
