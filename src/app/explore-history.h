/* explore-history.h — every picture that was gone to, to go back and forth among.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/style.h"

G_BEGIN_DECLS

typedef struct _RaqamExploreHistory RaqamExploreHistory;

RaqamExploreHistory *raqam_explore_history_new  (void);
void                 raqam_explore_history_free (RaqamExploreHistory *self);

/**
 * raqam_explore_history_push:
 * @before: what the change leaves
 * @after: what it leads to
 * @gesture: (nullable): interned: a change of the same gesture within a second of
 *   the last one is one step with it; NULL is a step of its own
 * @now: microseconds of a clock that never goes back
 *
 * Forgets what could be redone. As many steps as memory holds.
 */
void raqam_explore_history_push (RaqamExploreHistory *self, const RaqamStyle *before,
                                 const RaqamStyle *after, const char *gesture, gint64 now);

/* Returns: (transfer none): what to go to, valid until the next call; NULL where there is none */
const RaqamStyle *raqam_explore_history_undo (RaqamExploreHistory *self);
const RaqamStyle *raqam_explore_history_redo (RaqamExploreHistory *self);

gboolean raqam_explore_history_can_undo (const RaqamExploreHistory *self);
gboolean raqam_explore_history_can_redo (const RaqamExploreHistory *self);

/* Forgets all: another model has another length of latent vectors. */
void raqam_explore_history_clear (RaqamExploreHistory *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamExploreHistory, raqam_explore_history_free)

G_END_DECLS
