/* explore-opinion.h — what those who know real digits say of the picture.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/explore-panel.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EXPLORE_OPINION (raqam_explore_opinion_get_type ())
G_DECLARE_FINAL_TYPE (RaqamExploreOpinion, raqam_explore_opinion, RAQAM, EXPLORE_OPINION, RaqamExplorePanel)

/**
 * RaqamExploreOpinion:
 *
 * The classifier's ten probabilities with every picture that is drawn, and about ten
 * times a second the rest: the discriminator's opinion in words, the eight nearest real
 * digits, and whether the picture is new or remembered. What is missing is said in a
 * sentence; a classifier can be trained here.
 */

G_END_DECLS
