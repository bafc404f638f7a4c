/* conv-gradient.c — the gradient of a convolution's weights on our own kernels.
 * SPDX-License-Identifier: MIT
 *
 * A tap's gradient is the sum over pixels of (out's gradient) ⊗ (in, moved by the
 * tap). Both are first put side by side in the kernel's order, so that it reads
 * them straight on: out by 6 channels once; in by 16 channels, one phase of the
 * stride at a time, whose taps are then shifts within it. */

#include "cpu/conv-plan-private.h"

#include "cpu/kernels.h"
#include "cpu/scratch.h"

#include <stdlib.h>
#include <string.h>

#define ROWS    RAQAM_TILE_ROWS
#define COLUMNS RAQAM_TILE_COLUMNS
#define TILE    (RAQAM_TILE_ROWS * RAQAM_TILE_COLUMNS)

/* What one tap reads should stay in the second cache. */
#define GROUP_BYTES (256 * 1024)

typedef struct
{
  RaqamConvPlan parent;
  gsize         tiles;            /* of ROWS channels of out */
  gsize         panels;           /* of COLUMNS channels of in */
  gsize         out_pixels;
  int           phase_h, phase_w; /* of in's plane, one pixel in stride each way */
  gsize         phase_pixels;
  int           group;            /* images at a time */

  char  *memory; /* what the pointers below point into */
  float *a;      /* (workers, tiles, group, out_pixels, ROWS) */
  float *b;      /* (workers, panels, group, phase_pixels, COLUMNS) */
} Gradient;

static gsize
a_size (const Gradient *self)
{
  return self->tiles * self->group * self->out_pixels * ROWS;
}

static gsize
b_size (const Gradient *self)
{
  return self->panels * self->group * self->phase_pixels * COLUMNS;
}

static gsize
lay_out (Gradient *self)
{
  RaqamScratch scratch = { self->memory, 0 };
  gsize workers = raqam_pool_n_workers (self->parent.device->pool);

  self->a = raqam_scratch_take (&scratch, workers * a_size (self), sizeof (float));
  self->b = raqam_scratch_take (&scratch, workers * b_size (self), sizeof (float));

  return scratch.used;
}

static void
gradient_free (RaqamConvPlan *plan)
{
  free (((Gradient *) plan)->memory);
  g_free (plan);
}

static gsize
taps_of (const Gradient *self)
{
  return (gsize) self->parent.shape.kernel * self->parent.shape.kernel;
}

static gsize
gradient_weights_size (const RaqamConvPlan *plan)
{
  const Gradient *self = (const Gradient *) plan;

  return taps_of (self) * self->panels * self->tiles * TILE * sizeof (float);
}

/* (taps, panels, tiles, ROWS, COLUMNS) to (out_c, in_c, taps) */
static int
gradient_unpack (RaqamConvPlan *plan, int worker, float *to, gconstpointer from)
{
  const Gradient *self = (const Gradient *) plan;
  const float *packed = from;
  gsize taps = taps_of (self), in_c = plan->shape.in_c, out_c = plan->shape.out_c;

  for (gsize k = 0; k < out_c; k++)
    for (gsize c = 0; c < in_c; c++)
      for (gsize t = 0; t < taps; t++)
        {
          gsize tile = (t * self->panels + c / COLUMNS) * self->tiles + k / ROWS;

          to[(k * in_c + c) * taps + t] = packed[tile * TILE + k % ROWS * COLUMNS + c % COLUMNS];
        }

  return 0;
}

static void
pack_out (float *a, const Gradient *self, const float *out, int n_images)
{
  gsize out_c = self->parent.shape.out_c;
  gsize tile_size = self->group * self->out_pixels * ROWS;

  for (gsize pixel = 0; pixel < n_images * self->out_pixels; pixel++)
    for (gsize tile = 0; tile < self->tiles; tile++)
      {
        float *to = a + tile * tile_size + pixel * ROWS;
        const float *from = out + pixel * out_c + tile * ROWS;
        gsize n = MIN (ROWS, out_c - tile * ROWS);

        for (gsize i = 0; i < ROWS; i++)
          to[i] = i < n ? from[i] : 0.0f;
      }
}

static void
pack_pixel (float *to, gsize panel_size, const float *from, gsize in_c)
{
  gsize c = 0;

  for (; c + COLUMNS <= in_c; c += COLUMNS, to += panel_size)
    memcpy (to, from + c, COLUMNS * sizeof (float));
  if (c < in_c)
    {
      memset (to, 0, COLUMNS * sizeof (float));
      memcpy (to, from + c, (in_c - c) * sizeof (float));
    }
}

/* What lies outside in is left as it is: no tap reads it. */
static void
pack_phase (float *b, const Gradient *self, const float *in, int n_images, int phase_y,
            int phase_x)
{
  const RaqamConvShape *shape = &self->parent.shape;
  gsize panel_size = self->group * self->phase_pixels * COLUMNS;

  for (int image = 0; image < n_images; image++)
    for (int i = 0; i < self->phase_h; i++)
      for (int j = 0; j < self->phase_w; j++)
        {
          int y = i * shape->stride + phase_y - shape->pad;
          int x = j * shape->stride + phase_x - shape->pad;
          gsize at = image * self->phase_pixels + i * self->phase_w + j;
          gsize pixel = ((gsize) image * shape->in_h + y) * shape->in_w + x;

          if (y >= 0 && y < shape->in_h && x >= 0 && x < shape->in_w)
            pack_pixel (b + at * COLUMNS, panel_size, in + pixel * shape->in_c, shape->in_c);
        }
}

/* The out rows (or columns) @begin to @end whose tap lies inside in. */
static void
find_range (int *begin, int *end, const RaqamConvShape *shape, int tap, int n_in, int n_out)
{
  *begin = 0;
  while (*begin < n_out && *begin * shape->stride + tap < shape->pad)
    (*begin)++;
  *end = n_out;
  while (*end > *begin && (*end - 1) * shape->stride + tap - shape->pad >= n_in)
    (*end)--;
}

static void
run_tap (float *result, const Gradient *self, const float *a, const float *b, int n_images, int ky,
         int kx)
{
  const RaqamConvShape *shape = &self->parent.shape;
  gsize a_tile = self->group * self->out_pixels * ROWS;
  gsize b_panel = self->group * self->phase_pixels * COLUMNS;
  int y0, y1, x0, x1;
  RaqamTileWalk walk;

  find_range (&y0, &y1, shape, ky, shape->in_h, shape->out_h);
  find_range (&x0, &x1, shape, kx, shape->in_w, shape->out_w);
  walk = (RaqamTileWalk) {
    .n_images = n_images,
    .n_rows = y1 - y0,
    .n_columns = x1 - x0,
    .a_image = self->out_pixels * ROWS,
    .a_row = shape->out_w * ROWS,
    .b_image = self->phase_pixels * COLUMNS,
    .b_row = self->phase_w * COLUMNS,
  };
  a += (y0 * shape->out_w + x0) * ROWS;
  b += ((y0 + ky / shape->stride) * self->phase_w + x0 + kx / shape->stride) * COLUMNS;

  for (gsize panel = 0; panel < self->panels; panel++)
    for (gsize tile = 0; tile < self->tiles; tile++, result += TILE)
      raqam_kernels ()->conv->outer (result, a + tile * a_tile, b + panel * b_panel, &walk);
}

static int
gradient_run_weights (RaqamConvPlan *plan, int worker, gpointer result, gconstpointer in,
                      gconstpointer out)
{
  const Gradient *self = (const Gradient *) plan;
  const RaqamConvShape *shape = &plan->shape;
  gsize in_size = (gsize) shape->in_h * shape->in_w * shape->in_c;
  gsize out_size = self->out_pixels * shape->out_c;
  gsize tap_size = self->panels * self->tiles * TILE;
  float *a = self->a + worker * a_size (self), *b = self->b + worker * b_size (self);
  int period = MIN (shape->stride, shape->kernel);

  memset (result, 0, gradient_weights_size (plan));
  for (int image = 0; image < shape->n; image += self->group)
    {
      int n_images = MIN (self->group, shape->n - image);

      pack_out (a, self, (const float *) out + image * out_size, n_images);
      for (int phase = 0; phase < period * period; phase++)
        {
          pack_phase (b, self, (const float *) in + image * in_size, n_images, phase / period,
                      phase % period);
          for (int ky = phase / period; ky < shape->kernel; ky += shape->stride)
            for (int kx = phase % period; kx < shape->kernel; kx += shape->stride)
              run_tap ((float *) result + (ky * shape->kernel + kx) * tap_size, self, a, b, n_images,
                       ky, kx);
        }
    }

  return 0;
}

static const RaqamConvPlanClass gradient_class = {
  .free = gradient_free,
  .weights_size = gradient_weights_size,
  .unpack = gradient_unpack,
  .run_weights = gradient_run_weights,
};

RaqamConvPlan *
raqam_conv_gradient_new (RaqamDevice *device, const RaqamConvShape *shape, GError **error)
{
  Gradient *self = g_new0 (Gradient, 1);
  gsize image_bytes;

  self->parent = (RaqamConvPlan) { &gradient_class, device, RAQAM_CONV_BACKWARD_WEIGHTS, *shape };
  self->tiles = (shape->out_c + ROWS - 1) / ROWS;
  self->panels = (shape->in_c + COLUMNS - 1) / COLUMNS;
  self->out_pixels = (gsize) shape->out_h * shape->out_w;
  self->phase_h = shape->out_h + (shape->kernel - 1) / shape->stride;
  self->phase_w = shape->out_w + (shape->kernel - 1) / shape->stride;
  self->phase_pixels = (gsize) self->phase_h * self->phase_w;
  image_bytes = (self->tiles * self->out_pixels * ROWS + self->panels * self->phase_pixels * COLUMNS)
                * sizeof (float);
  self->group = (int) CLAMP (GROUP_BYTES / image_bytes, 1, (gsize) shape->n);

  self->memory = raqam_cpu_alloc (lay_out (self), error);
  if (self->memory == NULL)
    {
      gradient_free (&self->parent);
      return NULL;
    }
  lay_out (self);

  return &self->parent;
}
