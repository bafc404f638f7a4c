/* stream.h — which Philox stream draws what.
 * SPDX-License-Identifier: MIT
 *
 * A number is a function of (seed, step, stream, index); two uses must not
 * share a stream at the same step. A network's block b adds b to its stream.
 */

#pragma once

enum
{
  RAQAM_STREAM_LATENT_D = 1,    /* latent vectors of the discriminator's step, at that step */
  RAQAM_STREAM_LATENT_G = 2,    /* of the generator's step */
  RAQAM_STREAM_SHUFFLE = 3,     /* order of the data set; the epoch is the step */
  RAQAM_STREAM_SAMPLE = 4,      /* latent vectors of the sample grid, at step 0 */
  RAQAM_STREAM_CALIBRATE = 5,   /* latent vectors of the norm statistics; the batch is the step */
  RAQAM_STREAM_SHIFT = 6,       /* by how much the classifier's images are moved */
  RAQAM_STREAM_DROPOUT_D = 16,  /* masks of the discriminator in its own step */
  RAQAM_STREAM_DROPOUT_G = 48,  /* masks of the discriminator in the generator's step */
  RAQAM_STREAM_GENERATE = 200,  /* latent vectors of pictures made to be kept, at step 0 */
  RAQAM_STREAM_WANDER = 201,    /* points of a way through latent space; the point is the step */
  RAQAM_STREAM_NEIGHBOUR = 202, /* directions to a style's neighbours; the neighbour is the step */
  RAQAM_STREAM_INITIAL = 0x10000, /* initial weights, a stream a tensor, at step 0 */
};
