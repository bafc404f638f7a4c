/* explore-page.h — the page that explores: a digit, a latent vector, the picture.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "app/explore-scene.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EXPLORE_PAGE (raqam_explore_page_get_type ())
G_DECLARE_FINAL_TYPE (RaqamExplorePage, raqam_explore_page, RAQAM, EXPLORE_PAGE, AdwBin)

/**
 * RaqamExplorePage:
 *
 * Signal "problem": void (RaqamExplorePage *, const char *message, gpointer)
 * Signal "device-failed": void (RaqamExplorePage *, const char *message, gpointer): nothing
 *   could be drawn because of the device
 */

/* Once, before the page is used. */
void raqam_explore_page_set_engine (RaqamExplorePage *self, RaqamEngine *engine);

/* Returns: (transfer none): what it shows; NULL until it has an engine */
RaqamExploreScene *raqam_explore_page_get_scene (RaqamExplorePage *self);

/**
 * raqam_explore_page_open:
 * @path: as raqam_model_load()
 * @quiet: whether a failure stays untold
 *
 * Shows this model and follows the training no more.
 */
void raqam_explore_page_open (RaqamExplorePage *self, const char *path, gboolean quiet);

/* @file: as raqam_explore_draw_open(): looks for the digit that is on it */
void raqam_explore_page_open_picture (RaqamExplorePage *self, GFile *file);

/**
 * raqam_explore_page_show:
 * @path: as raqam_model_load(): a file
 * @seed: of an evaluation or of drawn pictures
 * @number: which of the seed's pictures, as raqam_generator_random_latents() counts them
 * @digit: 0 to 9
 *
 * Shows this model at exactly the latent vector of that picture.
 */
void raqam_explore_page_show (RaqamExplorePage *self, const char *path, guint64 seed,
                              guint64 number, int digit);

/* Follows the training from now on. */
void raqam_explore_page_follow (RaqamExplorePage *self);

G_END_DECLS
