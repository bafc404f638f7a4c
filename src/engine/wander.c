/* wander.c — an endless smooth way through latent space.
 * SPDX-License-Identifier: MIT */

#include "engine/wander.h"

#include "engine/philox.h"
#include "engine/recipe.h"
#include "engine/stream.h"
#include "engine/style.h"

#include <string.h>

/* Point 0 is where the way begins; a later one is its own step of the stream. */
static void
put_point (float *z, const float *start, int n, guint64 seed, guint64 point)
{
  double sum = 0;

  if (point == 0)
    {
      memcpy (z, start, sizeof (float) * n);
      return;
    }
  for (int i = 0; i < n; i += 4)
    {
      float normal[4];

      raqam_philox_normal (normal, raqam_philox (seed, point, RAQAM_STREAM_WANDER, (guint32) i / 4));
      memcpy (z + i, normal, sizeof (float) * MIN (4, n - i));
    }
  for (int i = 0; i < n; i++)
    sum += (double) z[i] * z[i];
  for (int i = 0; i < n; i++)
    z[i] = (float) (z[i] * sqrt (n / sum));
}

void
raqam_wander (float *z, const float *start, int n, guint64 seed, double way)
{
  double arcs = way / G_PI_2;
  guint64 point = (guint64) (arcs + 0.5);
  double t = arcs + 0.5 - point;
  float before[RAQAM_MAX_LATENT], at[RAQAM_MAX_LATENT], after[RAQAM_MAX_LATENT];

  g_return_if_fail (n >= 1 && n <= RAQAM_MAX_LATENT);
  g_return_if_fail (way >= 0);

  put_point (at, start, n, seed, point);
  put_point (after, start, n, seed, point + 1);
  if (point == 0)
    {
      raqam_latent_slerp (z, at, after, n, arcs);
      return;
    }
  put_point (before, start, n, seed, point - 1);
  raqam_latent_slerp (before, before, at, n, 0.5);
  raqam_latent_slerp (after, at, after, n, 0.5);
  raqam_latent_slerp (before, before, at, n, t);
  raqam_latent_slerp (after, at, after, n, t);
  raqam_latent_slerp (z, before, after, n, t);
}
