/* conv-direct.c — a convolution, forward or transposed, on our own kernels.
 * SPDX-License-Identifier: MIT
 *
 * Each pixel of the result is a sum over taps of (a pixel of the other plane) ×
 * (a matrix of weights). Pixels that meet the same taps form a phase: all of
 * them forward, one in stride² of them the transposed way. A phase is a product
 * of matrices whose left side is never built: the kernel is given pointers to
 * its rows, and those outside the plane point to zeros. */

#include "cpu/conv-plan-private.h"

#include "cpu/kernels.h"
#include "cpu/scratch.h"

#include <stdlib.h>
#include <string.h>

#define ROWS    RAQAM_TILE_ROWS
#define COLUMNS RAQAM_TILE_COLUMNS

/* Channels times taps of one call: its weights are then 32 KiB. Half as many means twice the
 * reading and writing of sums, and cost a tenth of the step. */
#define BLOCK_DEPTH 512

/* What a pass over the weights reads of the other plane should stay in the second cache. */
#define GROUP_BYTES (192 * 1024)

typedef struct
{
  int     n_pixels;
  int     n_taps;
  gint32 *target;  /* (n_pixels): which pixel of the result's plane */
  gint32 *tap;     /* (n_taps): which tap of the kernel */
  gint32 *source;  /* (n_taps, n_pixels): which pixel of the other plane; -1 outside it */
  gsize   weights; /* where its weights begin, (panels, n_taps, from_c, COLUMNS) */
} Phase;

typedef struct
{
  RaqamConvPlan parent;
  int           n_phases;
  Phase        *phases;
  gsize         from_c, to_c;
  gsize         from_size, to_size; /* floats an image */
  gsize         panels;             /* of COLUMNS channels of the result */
  int           block;              /* taps at a time */
  int           group;              /* images at a time */
  const float  *weights;

  char          *memory; /* what the pointers below point into */
  gsize          n_tiles; /* of the largest phase of a group */
  float         *zeros;  /* (from_c) */
  const float  **rows;   /* (workers, n_tiles, block, ROWS) */
  float        **outs;   /* (workers, n_tiles, ROWS) */
  float         *beyond; /* (workers, panels · COLUMNS): rows behind the last pixel go there */
} Direct;

static gboolean
is_forward (const Direct *self)
{
  return self->parent.pass == RAQAM_CONV_FORWARD;
}

static int
ceil_div (int a, int b)
{
  return (a + b - 1) / b;
}

/* The source of a result's pixel (y, x) for a tap, or -1. */
static gint32
find_source (const Direct *self, int y, int x, int tap)
{
  const RaqamConvShape *shape = &self->parent.shape;
  int ky = tap / shape->kernel, kx = tap % shape->kernel;
  int sy, sx, h, w;

  if (is_forward (self))
    {
      sy = y * shape->stride - shape->pad + ky, sx = x * shape->stride - shape->pad + kx;
      h = shape->in_h, w = shape->in_w;
    }
  else
    {
      sy = y + shape->pad - ky, sx = x + shape->pad - kx;
      h = shape->out_h * shape->stride, w = shape->out_w * shape->stride;
    }

  if (sy < 0 || sx < 0 || sy >= h || sx >= w)
    return -1;
  return is_forward (self) ? sy * w + sx
                           : sy / shape->stride * shape->out_w + sx / shape->stride;
}

/* Whether a coordinate of the result's plane belongs to a phase. */
static gboolean
is_of_phase (const Direct *self, int coordinate, int phase)
{
  const RaqamConvShape *shape = &self->parent.shape;

  return is_forward (self) || (coordinate + shape->pad) % shape->stride == phase;
}

static void
phase_init (Phase *phase, Direct *self, int phase_y, int phase_x)
{
  const RaqamConvShape *shape = &self->parent.shape;
  int h = is_forward (self) ? shape->out_h : shape->in_h;
  int w = is_forward (self) ? shape->out_w : shape->in_w;
  int n_kernel = shape->kernel * shape->kernel;
  int period = is_forward (self) ? 1 : shape->stride;

  phase->target = g_new (gint32, h * w);
  phase->tap = g_new (gint32, n_kernel);
  for (int i = 0; i < h * w; i++)
    if (is_of_phase (self, i / w, phase_y) && is_of_phase (self, i % w, phase_x))
      phase->target[phase->n_pixels++] = i;
  for (int t = 0; t < n_kernel; t++)
    if (t / shape->kernel % period == phase_y && t % shape->kernel % period == phase_x)
      phase->tap[phase->n_taps++] = t;

  phase->source = g_new (gint32, MAX (1, phase->n_taps * phase->n_pixels));
  for (int t = 0; t < phase->n_taps; t++)
    for (int p = 0; p < phase->n_pixels; p++)
      phase->source[t * phase->n_pixels + p]
          = find_source (self, phase->target[p] / w, phase->target[p] % w, phase->tap[t]);
}

static void
make_phases (Direct *self)
{
  int period = is_forward (self) ? 1 : self->parent.shape.stride;
  gsize weights = 0;

  self->n_phases = period * period;
  self->phases = g_new0 (Phase, self->n_phases);
  for (int i = 0; i < self->n_phases; i++)
    {
      Phase *phase = &self->phases[i];

      phase_init (phase, self, i / period, i % period);
      phase->weights = weights;
      weights += self->panels * phase->n_taps * self->from_c * COLUMNS;
      self->n_tiles = MAX (self->n_tiles, (gsize) ceil_div (self->group * phase->n_pixels, ROWS));
    }
}

static gsize
lay_out (Direct *self)
{
  RaqamScratch scratch = { self->memory, 0 };
  gsize workers = raqam_pool_n_workers (self->parent.device->pool);

  self->zeros = raqam_scratch_take (&scratch, self->from_c, sizeof (float));
  self->rows = raqam_scratch_take (&scratch, workers * self->n_tiles * self->block * ROWS,
                                   sizeof (float *));
  self->outs = raqam_scratch_take (&scratch, workers * self->n_tiles * ROWS, sizeof (float *));
  self->beyond = raqam_scratch_take (&scratch, workers * self->panels * COLUMNS, sizeof (float));

  return scratch.used;
}

static void
direct_free (RaqamConvPlan *plan)
{
  Direct *self = (Direct *) plan;

  for (int i = 0; i < self->n_phases; i++)
    {
      g_free (self->phases[i].target);
      g_free (self->phases[i].tap);
      g_free (self->phases[i].source);
    }
  g_free (self->phases);
  free (self->memory);
  g_free (self);
}

static gsize
direct_weights_size (const RaqamConvPlan *plan)
{
  const Direct *self = (const Direct *) plan;
  gsize taps = (gsize) plan->shape.kernel * plan->shape.kernel;

  return taps * self->from_c * self->panels * COLUMNS * sizeof (float);
}

static gboolean
direct_same_weights (const RaqamConvPlan *plan, const RaqamConvPlan *other)
{
  RaqamConvShape shape = other->shape;

  shape.n = plan->shape.n;
  return plan->pass == other->pass && memcmp (&plan->shape, &shape, sizeof shape) == 0;
}

static int
direct_bind_weights (RaqamConvPlan *plan, gpointer weights)
{
  ((Direct *) plan)->weights = weights;
  return 0;
}

/* One phase's (panels, n_taps, from_c, COLUMNS), zeros behind the last channel. */
static void
pack_phase (float *to, const Direct *self, const Phase *phase, const float *from)
{
  gsize taps = (gsize) self->parent.shape.kernel * self->parent.shape.kernel;
  gsize in_c = self->parent.shape.in_c;

  for (gsize panel = 0; panel < self->panels; panel++)
    for (gsize c = 0; c < self->from_c; c++)
      for (gsize j = 0; j < COLUMNS; j++)
        {
          gsize channel = panel * COLUMNS + j;
          gsize filter = is_forward (self) ? channel * in_c + c : c * in_c + channel;

          for (int t = 0; t < phase->n_taps; t++)
            to[((panel * phase->n_taps + t) * self->from_c + c) * COLUMNS + j]
                = channel < self->to_c ? from[filter * taps + phase->tap[t]] : 0.0f;
        }
}

static int
direct_pack (RaqamConvPlan *plan, int worker, gpointer to, const float *from)
{
  const Direct *self = (const Direct *) plan;

  for (int i = 0; i < self->n_phases; i++)
    pack_phase ((float *) to + self->phases[i].weights, self, &self->phases[i], from);

  return 0;
}

/* One phase of a group of images, for one worker. */
typedef struct
{
  Direct       *self;
  const Phase  *phase;
  int           n_images;
  gsize         n_tiles;
  const float **rows;
  float       **outs;
  float        *beyond;
} Task;

static void
point_outs (const Task *task, float *result)
{
  const Direct *self = task->self;
  int n_pixels = task->phase->n_pixels;
  gsize at = 0;

  for (int image = 0; image < task->n_images; image++)
    for (int p = 0; p < n_pixels; p++)
      task->outs[at++] = result + image * self->to_size + task->phase->target[p] * self->to_c;
  for (; at < task->n_tiles * ROWS; at++)
    task->outs[at] = task->beyond;
}

/* rows (n_tiles, n_taps, ROWS) for the taps from @first on. */
static void
point_rows (const Task *task, const float *from, int first, int n_taps)
{
  const Direct *self = task->self;
  int n_pixels = task->phase->n_pixels;

  for (int t = 0; t < n_taps; t++)
    {
      const gint32 *source = task->phase->source + (first + t) * n_pixels;
      int image = 0, p = 0;

      for (gsize at = 0; at < task->n_tiles * ROWS; at++)
        {
          gsize slot = (at / ROWS * n_taps + t) * ROWS + at % ROWS;
          gboolean inside = image < task->n_images && source[p] >= 0;

          task->rows[slot] = inside ? from + image * self->from_size + source[p] * self->from_c
                                    : self->zeros;
          if (++p == n_pixels)
            p = 0, image++;
        }
    }
}

/* A tile whose last channels are not there: through a buffer. */
static void
run_edge_tile (float *const *outs, const float *const *rows, const float *weights, int n_taps,
               gsize n_c, gboolean add, gsize n_columns)
{
  float buffer[ROWS][COLUMNS] = { { 0 } };
  float *out[ROWS];

  for (int i = 0; i < ROWS; i++)
    {
      out[i] = buffer[i];
      if (add)
        memcpy (buffer[i], outs[i], n_columns * sizeof (float));
    }
  raqam_kernels ()->conv->tile (out, rows, weights, n_taps, n_c, add);
  for (int i = 0; i < ROWS; i++)
    memcpy (outs[i], buffer[i], n_columns * sizeof (float));
}

static void
run_panel (const Task *task, gsize panel, const float *weights, int n_taps, gboolean add)
{
  const Direct *self = task->self;
  gsize n_columns = MIN (COLUMNS, self->to_c - panel * COLUMNS);

  for (gsize tile = 0; tile < task->n_tiles; tile++)
    {
      const float *const *rows = task->rows + tile * n_taps * ROWS;
      float *out[ROWS];

      for (int i = 0; i < ROWS; i++)
        out[i] = task->outs[tile * ROWS + i] + panel * COLUMNS;
      if (n_columns == COLUMNS)
        raqam_kernels ()->conv->tile (out, rows, weights, n_taps, self->from_c, add);
      else
        run_edge_tile (out, rows, weights, n_taps, self->from_c, add, n_columns);
    }
}

static void
run_phase (const Task *task, float *result, const float *from)
{
  const Direct *self = task->self;
  const Phase *phase = task->phase;
  int first = 0;

  point_outs (task, result);
  do
    {
      int n_taps = MIN (self->block, phase->n_taps - first);

      point_rows (task, from, first, n_taps);
      for (gsize panel = 0; panel < self->panels; panel++)
        run_panel (task, panel,
                   self->weights + phase->weights
                       + (panel * phase->n_taps + first) * self->from_c * COLUMNS,
                   n_taps, first > 0);
      first += n_taps;
    }
  while (first < phase->n_taps);
}

static int
direct_run (RaqamConvPlan *plan, int worker, float *result, gconstpointer from)
{
  Direct *self = (Direct *) plan;

  for (int image = 0; image < plan->shape.n; image += self->group)
    for (int i = 0; i < self->n_phases; i++)
      {
        Task task = {
          .self = self,
          .phase = &self->phases[i],
          .n_images = MIN (self->group, plan->shape.n - image),
          .rows = self->rows + worker * self->n_tiles * self->block * ROWS,
          .outs = self->outs + worker * self->n_tiles * ROWS,
          .beyond = self->beyond + worker * self->panels * COLUMNS,
        };

        task.n_tiles = ceil_div (task.n_images * task.phase->n_pixels, ROWS);
        run_phase (&task, result + image * self->to_size,
                   (const float *) from + image * self->from_size);
      }

  return 0;
}

static const RaqamConvPlanClass direct_class = {
  .free = direct_free,
  .weights_size = direct_weights_size,
  .same_weights = direct_same_weights,
  .bind_weights = direct_bind_weights,
  .pack = direct_pack,
  .run = direct_run,
};

RaqamConvPlan *
raqam_conv_direct_new (RaqamDevice *device, RaqamConvPass pass, const RaqamConvShape *shape,
                       GError **error)
{
  Direct *self = g_new0 (Direct, 1);
  gsize in_size = (gsize) shape->in_h * shape->in_w * shape->in_c;
  gsize out_size = (gsize) shape->out_h * shape->out_w * shape->out_c;

  self->parent = (RaqamConvPlan) { &direct_class, device, pass, *shape };
  self->from_c = is_forward (self) ? shape->in_c : shape->out_c;
  self->to_c = is_forward (self) ? shape->out_c : shape->in_c;
  self->from_size = is_forward (self) ? in_size : out_size;
  self->to_size = is_forward (self) ? out_size : in_size;
  self->panels = (self->to_c + COLUMNS - 1) / COLUMNS;
  self->block = (int) CLAMP (BLOCK_DEPTH / self->from_c, 1, (gsize) shape->kernel * shape->kernel);
  self->group = (int) CLAMP (GROUP_BYTES / (self->from_size * sizeof (float)), 1, (gsize) shape->n);
  make_phases (self);

  self->memory = raqam_cpu_alloc (lay_out (self), error);
  if (self->memory == NULL)
    {
      direct_free (&self->parent);
      return NULL;
    }
  lay_out (self);

  return &self->parent;
}
