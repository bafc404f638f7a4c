/* inversion-sight.c — how a search for a picture sees: softly first, then sharply.
 * SPDX-License-Identifier: MIT */

#include "engine/inversion-sight.h"

#include "engine/generator.h"

#include <math.h>
#include <string.h>

#define SIDE RAQAM_IMAGE_SIDE
#define MIDDLE 0.53f /* of what raqam_generator_clear_paper() spreads */

static void
set_kernel (RaqamSight *self, float blur)
{
  float sum = 0;

  self->radius = MIN ((int) ceilf (3 * blur), RAQAM_SIGHT_RADIUS);
  for (int i = -self->radius; i <= self->radius; i++)
    {
      float weight = blur > 0 ? expf (-(float) (i * i) / (2 * blur * blur)) : 1;

      self->kernel[i + self->radius] = weight;
      sum += weight;
    }
  for (int i = 0; i <= 2 * self->radius; i++)
    self->kernel[i] /= sum;
}

/* @out may not be @in; beyond the edges there is paper. */
static void
blur_rows (float *out, const float *in, const RaqamSight *self)
{
  float line[SIDE + 2 * RAQAM_SIGHT_RADIUS] = { 0 };

  for (int y = 0; y < SIDE; y++)
    {
      memcpy (line + self->radius, in + y * SIDE, sizeof (float) * SIDE);
      /* Turned over, so that doing it twice blurs both ways and turns it back. */
      for (int x = 0; x < SIDE; x++)
        {
          float sum = 0;

          for (int i = 0; i <= 2 * self->radius; i++)
            sum += self->kernel[i] * line[x + i];
          out[x * SIDE + y] = sum;
        }
    }
}

static void
blur (float *image, const RaqamSight *self)
{
  float turned[RAQAM_IMAGE_SIZE];

  if (self->radius == 0)
    return;
  blur_rows (turned, image, self);
  blur_rows (image, turned, self);
}

void
raqam_sight_init (RaqamSight *self, const RaqamRecipe *recipe, const float *target, float blur_by,
                  float contrast)
{
  g_return_if_fail (blur_by >= 0 && 3 * blur_by <= RAQAM_SIGHT_RADIUS);

  self->threshold = recipe->generator[recipe->n_generator - 1].threshold;
  self->contrast = contrast;
  set_kernel (self, blur_by);
  memcpy (self->target, target, sizeof self->target);
  blur (self->target, self);
}

void
raqam_sight_see (const RaqamSight *self, float *out, const float *image)
{
  for (int i = 0; i < RAQAM_IMAGE_SIZE; i++)
    out[i] = self->threshold ? 1 / (1 + expf (4 * self->contrast * (MIDDLE - image[i])))
                             : CLAMP (image[i], 0.0f, 1.0f);
  blur (out, self);
}

double
raqam_sight_error (const RaqamSight *self, const float *seen)
{
  double sum = 0;

  for (int i = 0; i < RAQAM_IMAGE_SIZE; i++)
    {
      float difference = seen[i] - self->target[i];

      sum += difference * difference;
    }
  return sum;
}

void
raqam_sight_ink (guint8 *pixels, const float *image, const RaqamRecipe *recipe)
{
  for (int i = 0; i < RAQAM_IMAGE_SIZE; i++)
    pixels[i] = (guint8) lrintf (255 * CLAMP (image[i], 0.0f, 1.0f));
  raqam_generator_clear_paper (pixels, RAQAM_IMAGE_SIZE, recipe);
}
