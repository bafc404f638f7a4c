/* neighbourhood.c — styles at a chosen distance from one.
 * SPDX-License-Identifier: MIT */

#include "engine/neighbourhood.h"

#include "engine/philox.h"
#include "engine/stream.h"

#include <math.h>

/* Of a direction that leaves nothing once what is along z has been taken away. */
#define NOTHING 1e-6

static void
draw_direction (double *direction, int n, guint64 seed, guint64 number)
{
  float four[4];

  for (int i = 0; i < n; i++)
    {
      if (i % 4 == 0)
        raqam_philox_normal (
          four, raqam_philox (seed, number, RAQAM_STREAM_NEIGHBOUR, (guint32) i / 4));
      direction[i] = four[i % 4];
    }
}

static double
length_of (const double *v, int n)
{
  double sum = 0;

  for (int i = 0; i < n; i++)
    sum += v[i] * v[i];
  return sqrt (sum);
}

/* Takes away what of @direction is along @z, of @length. Returns: what is left, as a length */
static double
straighten (double *direction, const double *z, double length, int n)
{
  double along = 0;

  for (int i = 0; i < n; i++)
    along += direction[i] * z[i] / length;
  for (int i = 0; i < n; i++)
    direction[i] -= along * z[i] / length;
  return length_of (direction, n);
}

void
raqam_style_neighbour (RaqamStyle *out, const RaqamStyle *style, double distance, guint64 seed,
                       guint64 number)
{
  double z[RAQAM_MAX_LATENT], direction[RAQAM_MAX_LATENT];
  double length, across, stay = 1, go;
  int n = style->latent;

  for (int i = 0; i < n; i++)
    z[i] = style->z[i];
  length = length_of (z, n);
  draw_direction (direction, n, seed, number);
  across = length > 0 ? straighten (direction, z, length, n) : 0;
  if (across > NOTHING)
    {
      stay = cos (distance);
      go = sin (distance) * length / across;
    }
  else
    {
      draw_direction (direction, n, seed, number);
      go = 2 * sin (distance / 2) * sqrt (n) / MAX (length_of (direction, n), NOTHING);
    }

  *out = *style;
  for (int i = 0; i < n; i++)
    out->z[i] = (float) (stay * z[i] + go * direction[i]);
}
