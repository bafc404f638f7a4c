/* explorer-plans.h — draws styles with one model: its digits, and mixtures of two of them.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/model.h"
#include "engine/style.h"

G_BEGIN_DECLS

/* Belongs to one thread. What it draws with is made when it is first needed. */
typedef struct _RaqamPlans RaqamPlans;

RaqamPlans *raqam_plans_new  (void);
void        raqam_plans_free (RaqamPlans *self);

/* @model: (transfer full) (nullable): draws from now on; NULL for none */
void        raqam_plans_set_model (RaqamPlans *self, RaqamModel *model);
/* Returns: (transfer none) (nullable) */
RaqamModel *raqam_plans_get_model (const RaqamPlans *self);

/* Returns: whether pictures have been drawn, so that there is something to be replaced */
gboolean raqam_plans_have_drawn (const RaqamPlans *self);

/**
 * raqam_plans_draw:
 * @pixels: (@n, 784), overwritten as far as is drawn: uint8, 255 is ink, with clear paper
 * @styles: (@n), with the model's latent
 * @n: at least 1
 *
 * Draws the first of @styles, as many as are quickest at once. On the CPU that is one:
 * a batch takes as long for each picture, and the next request would wait for all of it.
 *
 * Returns: how many were drawn; 0 with RAQAM_ERROR_DEVICE or RAQAM_ERROR_MEMORY
 */
int raqam_plans_draw (RaqamPlans *self, guint8 *pixels, const RaqamStyle *styles, int n,
                      GError **error);

/**
 * raqam_plans_open_gpu:
 * @device: "auto" or "cuda"
 *
 * Draws on a GPU from now on.
 *
 * Returns: FALSE with @error when it fails, and without where there is none
 */
gboolean raqam_plans_open_gpu (RaqamPlans *self, const char *device, GError **error);

/* Draws on the GPU (which may not have been opened yet) or the CPU from now on. */
void raqam_plans_use_gpu (RaqamPlans *self, gboolean gpu);

G_END_DECLS
