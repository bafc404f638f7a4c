/* explore-models.h — what is explored: any model, and beside it a second one.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "app/explore-panel.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EXPLORE_MODELS (raqam_explore_models_get_type ())
G_DECLARE_FINAL_TYPE (RaqamExploreModels, raqam_explore_models, RAQAM, EXPLORE_MODELS,
                      RaqamExplorePanel)

/**
 * RaqamExploreModels:
 *
 * What cannot be opened is told by the scene's "problem", and what was there stays.
 *
 * Properties, read-only, notify:
 * "caption" (string): the model's name and epoch
 * "beside-caption" (string): the second one's, or why it cannot draw this style
 */

/* As raqam_explore_page_open(), raqam_explore_page_show() and raqam_explore_page_follow(). */
void raqam_explore_models_open   (RaqamExploreModels *self, const char *path, gboolean quiet);
void raqam_explore_models_show   (RaqamExploreModels *self, const char *path, guint64 seed,
                                  guint64 number, int digit);
void raqam_explore_models_follow (RaqamExploreModels *self);

/* Goes to the checkpoint of the same run that is @by later; earlier below 0. */
void raqam_explore_models_step (RaqamExploreModels *self, int by);

/* Ask for a file or a run's folder to open. */
void raqam_explore_models_choose_file   (RaqamExploreModels *self);
void raqam_explore_models_choose_folder (RaqamExploreModels *self);

G_END_DECLS
