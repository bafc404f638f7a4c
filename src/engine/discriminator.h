/* discriminator.h — what a model's discriminator thinks of a picture.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/backend.h"
#include "engine/model.h"

G_BEGIN_DECLS

typedef struct _RaqamDiscriminator RaqamDiscriminator;

/**
 * raqam_discriminator_new:
 * @model: with a discriminator; only read during the call
 * @device: as raqam_device_open()
 *
 * Opens a device of its own, for one picture at a time. One thread at a time.
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_DEVICE or RAQAM_ERROR_MEMORY
 */
RaqamDiscriminator *raqam_discriminator_new  (const RaqamModel *model, const char *device,
                                              const RaqamDeviceOptions *options, GError **error);
void                raqam_discriminator_free (RaqamDiscriminator *self);

/* Takes the weights of another model; FALSE without @error where that has none or others
 * layers, and with it what the device says. Only read during the call. */
gboolean raqam_discriminator_set_model (RaqamDiscriminator *self, const RaqamModel *model,
                                        GError **error);

/**
 * raqam_discriminator_read:
 * @realness: overwritten: how likely it takes the picture to be a real one, 0 to 1:
 *   sigmoid (−logit), as it was trained to say; without dropout
 * @pixels: (784), 255 is ink, as raqam_generator_clear_paper() leaves what the model
 *   draws: behind a threshold it was shown black and white, and it is so here
 * @label: below the model's n_classes
 */
gboolean raqam_discriminator_read (RaqamDiscriminator *self, float *realness, const guint8 *pixels,
                                   int label, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamDiscriminator, raqam_discriminator_free)

G_END_DECLS
