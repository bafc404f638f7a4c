/* sparse.c — gradients of a convolution most of whose output's gradient is 0.
 * SPDX-License-Identifier: MIT */

#include "cpu/sparse.h"

#include "cpu/kernels.h"

#include <string.h>

#define SPARSE_SHARE 16

gboolean
raqam_cpu_is_sparse (const float *values, gsize n)
{
  gsize room = n / SPARSE_SHARE;

  for (gsize i = 0; i < n; i++)
    if (values[i] != 0.0f && room-- == 0)
      return FALSE;

  return TRUE;
}

void
raqam_cpu_sparse_pack (float *channels_last, const float *weight, const RaqamBlockSpec *spec)
{
  gsize taps = (gsize) spec->kernel * spec->kernel, in_c = spec->in_c;

  for (int k = 0; k < spec->out_c; k++)
    for (gsize c = 0; c < in_c; c++)
      for (gsize t = 0; t < taps; t++)
        channels_last[(k * taps + t) * in_c + c] = weight[(k * in_c + c) * taps + t];
}

void
raqam_cpu_sparse_unpack (float *weight, const float *channels_last, const RaqamBlockSpec *spec)
{
  gsize taps = (gsize) spec->kernel * spec->kernel, in_c = spec->in_c;

  for (int k = 0; k < spec->out_c; k++)
    for (gsize c = 0; c < in_c; c++)
      for (gsize t = 0; t < taps; t++)
        weight[(k * in_c + c) * taps + t] = channels_last[(k * taps + t) * in_c + c];
}

/* The part of a patch that lies in the image: rows @y0 to @y1 of the kernel,
 * each @n values from the kernel's value @from_tap and the image row's @from_pixel. */
typedef struct
{
  int   y0, y1;
  int   top; /* image row of the kernel's row 0; may be outside */
  gsize n, from_tap, from_pixel;
} Patch;

static Patch
patch_at (const RaqamBlockSpec *spec, int y, int x)
{
  int top = y * spec->stride - spec->pad, left = x * spec->stride - spec->pad;
  int x0 = MAX (0, -left), x1 = MIN (spec->kernel, spec->in_w - left);

  return (Patch) {
    .y0 = MAX (0, -top),
    .y1 = MIN (spec->kernel, spec->in_h - top),
    .top = top,
    .n = (gsize) MAX (0, x1 - x0) * spec->in_c,
    .from_tap = (gsize) x0 * spec->in_c,
    .from_pixel = (gsize) (left + x0) * spec->in_c,
  };
}

/* What is done with a value of d_out: to += value · from, a row of its patch at a time. */
static void
visit (float *weights, float *image, gboolean to_image, float value, const Patch *patch,
       const RaqamBlockSpec *spec)
{
  gsize kernel_row = (gsize) spec->kernel * spec->in_c, image_row = (gsize) spec->in_w * spec->in_c;

  for (int y = patch->y0; y < patch->y1; y++)
    {
      float *tap = weights + y * kernel_row + patch->from_tap;
      float *pixel = image + (patch->top + y) * image_row + patch->from_pixel;

      raqam_kernels ()->hidden->add_scaled (to_image ? pixel : tap, to_image ? tap : pixel, value,
                                            patch->n);
    }
}

static void
visit_all (float *weights, float *images, gboolean to_image, const float *d_out,
           const RaqamBlockSpec *spec, int n)
{
  gsize in_size = (gsize) spec->in_h * spec->in_w * spec->in_c;
  gsize filter = (gsize) spec->kernel * spec->kernel * spec->in_c;

  for (int i = 0; i < n; i++)
    for (int y = 0; y < spec->out_h; y++)
      for (int x = 0; x < spec->out_w; x++)
        {
          Patch patch = patch_at (spec, y, x);

          for (int k = 0; k < spec->out_c; k++, d_out++)
            if (*d_out != 0.0f)
              visit (weights + k * filter, images + i * in_size, to_image, *d_out, &patch, spec);
        }
}

void
raqam_cpu_sparse_backward (float *d_in, const float *d_out, const float *channels_last,
                           const RaqamBlockSpec *spec, int n)
{
  memset (d_in, 0, sizeof (float) * n * spec->in_h * spec->in_w * spec->in_c);
  visit_all ((float *) channels_last, d_in, TRUE, d_out, spec, n);
}

void
raqam_cpu_sparse_backward_weights (float *d_channels_last, const float *in, const float *d_out,
                                   const RaqamBlockSpec *spec, int n)
{
  memset (d_channels_last, 0,
          sizeof (float) * spec->out_c * spec->kernel * spec->kernel * spec->in_c);
  visit_all (d_channels_last, (float *) in, FALSE, d_out, spec, n);
}
