/* generator.h — draws digits from latent vectors with a model's generator.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/backend.h"
#include "engine/model.h"

G_BEGIN_DECLS

typedef struct _RaqamGenerator RaqamGenerator;

/**
 * raqam_generator_new:
 * @model: only read during the call
 * @device: "auto", "cpu" or "cuda"
 * @options: not kept
 * @batch: images drawn at a time; 1 for the quickest single picture
 *
 * Opens a device of its own. Belongs to one thread at a time.
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_DEVICE or RAQAM_ERROR_MEMORY
 */
RaqamGenerator *raqam_generator_new  (const RaqamModel *model, const char *device,
                                      const RaqamDeviceOptions *options, int batch, GError **error);
void            raqam_generator_free (RaqamGenerator *self);

/* Returns: (transfer none): one line for people about the device */
const char *raqam_generator_describe        (RaqamGenerator *self);
/* Returns: (transfer none): its backend: "cpu", "cuda" */
const char *raqam_generator_get_backend     (const RaqamGenerator *self);
/* Returns: (transfer none) (nullable): as raqam_device_open() says it */
const char *raqam_generator_get_passed_over (const RaqamGenerator *self);

/**
 * raqam_generator_fits:
 *
 * Returns: whether raqam_generator_set_model() can take @model: its generator
 *   has the same layers
 */
gboolean raqam_generator_fits (const RaqamGenerator *self, const RaqamModel *model);

/* Takes other weights; @model is only read during the call and must fit. What a
 * device recorded stays good. */
gboolean raqam_generator_set_model (RaqamGenerator *self, const RaqamModel *model, GError **error);

/* Returns: length of a latent vector */
int raqam_generator_get_latent (const RaqamGenerator *self);

/**
 * raqam_generator_draw:
 * @pixels: (n, 784), overwritten: 255 is ink; the generator's own greys, rounded
 * @z: (n, latent)
 * @labels: (n), each below the model's n_classes
 * @n: any number; drawn a batch at a time
 */
gboolean raqam_generator_draw (RaqamGenerator *self, guint8 *pixels, const float *z,
                               const guint8 *labels, int n, GError **error);

/* The same in floats, (n, 784), 1 is ink: not rounded, and not cut to 0 … 1. */
gboolean raqam_generator_draw_floats (RaqamGenerator *self, float *images, const float *z,
                                      const guint8 *labels, int n, GError **error);

/**
 * raqam_generator_random_latents:
 * @z: (n, latent), overwritten with standard normal numbers
 * @first: number of the first picture; picture p of a seed is always the same
 *
 * Picture p's number i is number p · (latent rounded up to 4) + i of
 * RAQAM_STREAM_GENERATE.
 */
void raqam_generator_random_latents (float *z, int n, int latent, guint64 seed, guint64 first);

/* pixels[i] = 255 where it is at least threshold · 255, else 0. */
void raqam_generator_threshold (guint8 *pixels, gsize n, double threshold);

/**
 * raqam_generator_clear_paper:
 * @recipe: what the pictures' model was trained by
 * @pixels: (n), as the generator drew them
 *
 * Makes pictures fit to be looked at. A generator trained behind a threshold is
 * judged by what passes 0.5 alone, so anywhere else any grey may stand: paper is
 * made white up to 0.49 and ink black from 0.57. Other models' pictures are left
 * as they are.
 */
void raqam_generator_clear_paper (guint8 *pixels, gsize n, const RaqamRecipe *recipe);

/**
 * raqam_generator_binarise:
 * @recipe: what the pictures' model was trained by
 * @pixels: (n), as raqam_generator_clear_paper() left them
 *
 * Makes pictures black and white as binarised data are: 255 where the generator
 * drew one half or more, else 0.
 */
void raqam_generator_binarise (guint8 *pixels, gsize n, const RaqamRecipe *recipe);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamGenerator, raqam_generator_free)

G_END_DECLS
