/* explore-scene.h — what is being explored: a model, a picture of it, and who draws.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gio/gio.h>

#include "app/kept-list.h"
#include "engine/engine.h"

G_BEGIN_DECLS

/* Who asks for pictures; the first are drawn first. */
typedef enum
{
  RAQAM_SCENE_PICTURE,    /* the one large picture */
  RAQAM_SCENE_BESIDE,     /* the same style by the second model */
  RAQAM_SCENE_DIRECTIONS, /* both ends of each direction */
  RAQAM_SCENE_BLEND,
  RAQAM_SCENE_VARIATIONS,
  RAQAM_SCENE_KEPT,
  RAQAM_SCENE_DIGITS,     /* the ten digits in this style */
  RAQAM_N_SCENE_SLOTS
} RaqamSceneSlot;

#define RAQAM_TYPE_EXPLORE_SCENE (raqam_explore_scene_get_type ())
G_DECLARE_FINAL_TYPE (RaqamExploreScene, raqam_explore_scene, RAQAM, EXPLORE_SCENE, GObject)

/**
 * RaqamExploreScene:
 *
 * The one state that all of the Explore page shows and changes. Main thread.
 *
 * Properties: "can-undo", "can-redo" (boolean, read-only, notify).
 *
 * Signals:
 * "changed": void (RaqamExploreScene *, gpointer): there is another style, or another
 *   model draws it: what shows pictures asks for them again
 * "model-changed": void (RaqamExploreScene *, gpointer): the same, for what depends on
 *   the model alone; comes before "changed"
 * "beside-changed": void (RaqamExploreScene *, gpointer): there is another second model,
 *   or none any more
 * "drawn": void (RaqamExploreScene *, guint slot, GBytes *pixels, gpointer): uint8,
 *   n × 784, 255 is ink; with the slot as its detail: "drawn::picture",
 *   "drawn::beside", "drawn::directions", "drawn::blend", "drawn::variations",
 *   "drawn::kept", "drawn::digits"
 * "notice": void (RaqamExploreScene *, const char *message, gpointer): what the user
 *   should read, in passing
 * "problem": void (RaqamExploreScene *, const char *message, gpointer): what went wrong,
 *   until the user puts it away
 */
RaqamExploreScene *raqam_explore_scene_new (RaqamEngine *engine);

/* Returns: (transfer none) (nullable): what is explored; any thread may keep a reference */
RaqamModel *raqam_explore_scene_get_model  (RaqamExploreScene *self);
/* Returns: (transfer none) (nullable): the second one */
RaqamModel *raqam_explore_scene_get_beside (RaqamExploreScene *self);
/* Returns: (transfer none): its engine */
RaqamEngine *raqam_explore_scene_get_engine (RaqamExploreScene *self);

/* Returns: (transfer none): never NULL; without a model its latent is 0. Valid until it
 * is changed */
const RaqamStyle *raqam_explore_scene_get_style (RaqamExploreScene *self);

/* Returns: the seed of the picture that the model began with, by raqam_style_randomise()
 * with number 0 */
guint64 raqam_explore_scene_get_seed (RaqamExploreScene *self);

/**
 * raqam_explore_scene_set_style:
 * @style: copied; its latent is that of the model
 * @gesture: (nullable): a string that lives forever. Changes of one gesture that
 *   follow each other closely are undone together: "latent", "direction", "blend",
 *   "truncation", "walk"; NULL for what is always a step of its own
 *
 * Goes to another picture, which can be undone.
 */
void raqam_explore_scene_set_style (RaqamExploreScene *self, const RaqamStyle *style,
                                    const char *gesture);

/* Goes to another digit in the same style, unmixed. */
void raqam_explore_scene_set_digit (RaqamExploreScene *self, int digit);

void raqam_explore_scene_undo (RaqamExploreScene *self);
void raqam_explore_scene_redo (RaqamExploreScene *self);

/* Asks for pictures, told by "drawn"; nothing without a model. As raqam_engine_draw(),
 * by the second model for RAQAM_SCENE_BESIDE and by the first for all others. */
void raqam_explore_scene_draw (RaqamExploreScene *self, RaqamSceneSlot slot,
                               const RaqamStyle *styles, guint n);

/* Returns: (transfer none) (nullable): (784): the large picture as it was last drawn by the
 * present model; NULL until it has drawn one */
GBytes *raqam_explore_scene_get_pixels (RaqamExploreScene *self);
/* Returns: (transfer none) (nullable): the style that the pixels are of, while there are
 * some: the present one may still have to be drawn. It is exact for who changes the style
 * only when the one before is drawn, as the walk does; else with the last of them. */
const RaqamStyle *raqam_explore_scene_get_drawn (RaqamExploreScene *self);

/* Returns: (transfer none): what is kept for the model; the same list for good */
RaqamKeptList *raqam_explore_scene_get_kept (RaqamExploreScene *self);

void raqam_explore_scene_notice  (RaqamExploreScene *self, const char *message);
void raqam_explore_scene_problem (RaqamExploreScene *self, const char *message);

G_END_DECLS
