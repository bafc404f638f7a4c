/* model.h — a trained generator, ready to draw: its recipe and weights, and its judge's.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

#include "engine/recipe.h"

G_BEGIN_DECLS

/* Reference-counted and never changed once made; any thread may read it. */
typedef struct
{
  RaqamRecipe *recipe;
  float       *params; /* the generator's slab of weights; averaged ones where there are */
  float       *state;  /* its slab of running statistics */
  gsize        n_params;
  gsize        n_state;
  float       *discriminator_params; /* the same of the discriminator that it was trained */
  float       *discriminator_state;  /* against; both NULL where there is the generator only */
  guint64      step;   /* steps of training behind it */
  double       epoch;  /* epochs behind it */
  char        *origin; /* where it came from, for people: a file, or the run that trains it now */
  char        *data_checksum; /* of the data set it was trained on; NULL where that is not known */
} RaqamModel;

/**
 * raqam_model_load:
 * @path: a checkpoint, a model, or a run folder, of which the newest whole
 *   checkpoint is taken
 *
 * Any thread. Reads and checks the whole file.
 *
 * Returns: (transfer full): NULL with RAQAM_ERROR_CHECKPOINT, RAQAM_ERROR_RUN or a G_IO_ERROR
 */
RaqamModel *raqam_model_load  (const char *path, GError **error);
RaqamModel *raqam_model_ref   (RaqamModel *self);
void        raqam_model_unref (RaqamModel *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamModel, raqam_model_unref)

G_END_DECLS
