/* evaluate-page.h — the page that judges: what to judge at the side, the figures beside it.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "engine/engine.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EVALUATE_PAGE (raqam_evaluate_page_get_type ())
G_DECLARE_FINAL_TYPE (RaqamEvaluatePage, raqam_evaluate_page, RAQAM, EVALUATE_PAGE, AdwBin)

/**
 * RaqamEvaluatePage:
 *
 * Signals:
 * "explore": void (RaqamEvaluatePage *, const char *model_path, gpointer): a model is to be
 *   explored
 * "explore-picture": void (RaqamEvaluatePage *, const char *model_path, guint64 seed,
 *   guint image, int digit, gpointer): the same, at this picture of this seed
 *
 * Its actions (start, stop, export, open-model) are for the window's group "evaluate".
 */

/* Once, before the page is used: whose run may be judged while it trains. */
void raqam_evaluate_page_set_engine (RaqamEvaluatePage *self, RaqamEngine *engine);

GActionGroup *raqam_evaluate_page_get_actions (RaqamEvaluatePage *self);

/* Looks again which runs there are. */
void raqam_evaluate_page_refresh (RaqamEvaluatePage *self);

/* Ends what is being judged and joins the thread: the one call that blocks. */
void raqam_evaluate_page_close (RaqamEvaluatePage *self);

G_END_DECLS
