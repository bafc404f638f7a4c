/* style.c — one picture of a conditional generator: its digit and latent vector.
 * SPDX-License-Identifier: MIT */

#include "engine/style.h"

#include "engine/generator.h"

#include <math.h>
#include <string.h>

void
raqam_style_init (RaqamStyle *style, int digit, int latent)
{
  g_return_if_fail (latent >= 0 && latent <= RAQAM_MAX_LATENT);

  memset (style, 0, sizeof *style);
  style->digit = digit;
  style->other = digit;
  style->truncation = 1;
  style->latent = latent;
}

gboolean
raqam_style_equal (const RaqamStyle *a, const RaqamStyle *b)
{
  return a->digit == b->digit && a->other == b->other && a->mix == b->mix
         && a->truncation == b->truncation && a->latent == b->latent
         && memcmp (a->z, b->z, sizeof (float) * a->latent) == 0;
}

void
raqam_style_effective (float *z, const RaqamStyle *style)
{
  for (int i = 0; i < style->latent; i++)
    z[i] = style->truncation * style->z[i];
}

void
raqam_style_randomise (RaqamStyle *style, guint64 seed, guint64 number)
{
  raqam_generator_random_latents (style->z, 1, style->latent, seed, number);
}

int
raqam_style_main_digit (const RaqamStyle *style)
{
  return 2 * style->mix > RAQAM_MIX_MAX ? style->other : style->digit;
}

static double
length_of (const float *v, int n)
{
  double sum = 0;

  for (int i = 0; i < n; i++)
    sum += (double) v[i] * v[i];
  return sqrt (sum);
}

void
raqam_latent_slerp (float *out, const float *a, const float *b, int n, double t)
{
  double length_a = length_of (a, n), length_b = length_of (b, n);
  double length = (1 - t) * length_a + t * length_b;
  double share_a = 1 - t, share_b = t;
  double cosine = 1, angle;

  if (length_a > 0 && length_b > 0)
    {
      cosine = 0;
      for (int i = 0; i < n; i++)
        cosine += a[i] / length_a * (b[i] / length_b);
    }
  angle = acos (CLAMP (cosine, -1.0, 1.0));

  /* Near 0 the two formulas agree, and near π the great circle is any. */
  if (angle > 1e-4 && angle < G_PI - 1e-4)
    {
      share_a = length * sin ((1 - t) * angle) / sin (angle) / length_a;
      share_b = length * sin (t * angle) / sin (angle) / length_b;
    }
  for (int i = 0; i < n; i++)
    out[i] = (float) (share_a * a[i] + share_b * b[i]);
}

void
raqam_style_between (RaqamStyle *out, const RaqamStyle *a, const RaqamStyle *b, double t)
{
  int digit = raqam_style_main_digit (a), other = raqam_style_main_digit (b);
  float truncation = (float) ((1 - t) * a->truncation + t * b->truncation);
  int latent = a->latent;

  g_return_if_fail (a->latent == b->latent);

  raqam_latent_slerp (out->z, a->z, b->z, latent, t);
  memset (out->z + latent, 0, sizeof (float) * (RAQAM_MAX_LATENT - latent));
  out->digit = digit;
  out->other = other;
  out->mix = digit == other ? 0 : (int) lrint (CLAMP (t, 0.0, 1.0) * RAQAM_MIX_MAX);
  out->truncation = truncation;
  out->latent = latent;
}
