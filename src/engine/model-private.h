/* model-private.h — making models and naming what a checkpoint holds.
 * SPDX-License-Identifier: MIT
 *
 * A checkpoint's tensors are named "<group>.<tensor>", with the tensor names of
 * raqam_network_spec_tensors(). The groups are below; "average.generator" is
 * there where the recipe keeps an average, and has its own norm statistics.
 */

#pragma once

#include "engine/model.h"
#include "engine/network.h"
#include "engine/safetensors.h"

G_BEGIN_DECLS

#define RAQAM_GROUP_GENERATOR "generator"
#define RAQAM_GROUP_DISCRIMINATOR "discriminator"
#define RAQAM_GROUP_AVERAGE "average.generator"

/* Keys of a checkpoint's metadata. */
#define RAQAM_META_FORMAT "raqam.format" /* "1" */
#define RAQAM_META_RECIPE "raqam.recipe" /* JSON */
#define RAQAM_META_STEP "raqam.step"
#define RAQAM_META_EPOCH "raqam.epoch"
#define RAQAM_META_POSITION "raqam.position" /* images of the epoch already used */
#define RAQAM_META_DATA "raqam.data"         /* the data set's checksum */
#define RAQAM_META_THREADS "raqam.threads"

/* Returns: (transfer full): a model of @recipe (copied) with room for its slabs, zeroed */
RaqamModel *raqam_model_new (const RaqamRecipe *recipe);

/* Makes room for the discriminator's slabs, zeroed. @spec: overwritten with its own */
void raqam_model_add_discriminator (RaqamModel *self, RaqamNetworkSpec *spec);

/**
 * raqam_group_read:
 * @params: the network's slab of weights, or NULL to leave them
 * @state: its slab of state, or NULL to leave it
 *
 * Reads a group's tensors into host slabs.
 *
 * Returns: FALSE with RAQAM_ERROR_CHECKPOINT
 */
gboolean raqam_group_read (float *params, float *state, const RaqamSafetensors *file,
                           const char *group, const RaqamNetworkSpec *spec, GError **error);

/**
 * raqam_checkpoint_read_recipe:
 * @origin: what messages call the file, in UTF-8
 *
 * Returns: (transfer full): the recipe a checkpoint carries, checked
 */
RaqamRecipe *raqam_checkpoint_read_recipe (const RaqamSafetensors *file, const char *origin,
                                           GError **error);

/* Reads a whole number of the metadata; RAQAM_ERROR_CHECKPOINT when it is missing or none. */
gboolean raqam_checkpoint_read_number (guint64 *value, const RaqamSafetensors *file,
                                       const char *origin, const char *key, GError **error);

G_END_DECLS
