/* test-cuda-plan.c — convolutions on cuDNN against plain loops.
 * SPDX-License-Identifier: MIT */

#include "cuda-rig.h"

#include "cuda/edge.h"

#include <math.h>

#include <glib/gstdio.h>

#define PASSES 3
#define GUARD 64 /* values behind a result that nobody may touch */

static const RaqamConvShape shapes[] = {
  /* The thesis: both transposed convolutions, D's second, and the matrix. */
  { .n = 2, .in_h = 14, .in_w = 14, .in_c = 128, .out_h = 7, .out_w = 7, .out_c = 110,
    .kernel = 4, .stride = 2, .pad = 1 },
  { .n = 2, .in_h = 28, .in_w = 28, .in_c = 128, .out_h = 14, .out_w = 14, .out_c = 128,
    .kernel = 4, .stride = 2, .pad = 1 },
  { .n = 2, .in_h = 14, .in_w = 14, .in_c = 64, .out_h = 7, .out_w = 7, .out_c = 128,
    .kernel = 3, .stride = 2, .pad = 0 },
  { .n = 3, .in_h = 1, .in_w = 1, .in_c = 100, .out_h = 1, .out_w = 1, .out_c = 49 * 112,
    .kernel = 1, .stride = 1, .pad = 0 },
  /* One image, not square, one channel. */
  { .n = 1, .in_h = 5, .in_w = 11, .in_c = 1, .out_h = 3, .out_w = 6, .out_c = 1,
    .kernel = 5, .stride = 2, .pad = 2 },
};

/* Error over the sum of the products' sizes: of float sums, in F32, which TF32's
 * rounding is well above; of two factors of 11 bits each; of a result of 8 bits. */
static const double tolerances[] = {
  [RAQAM_PRECISION_F32] = 1e-6,
  [RAQAM_PRECISION_TF32] = 1.0 / 1000,
  [RAQAM_PRECISION_BF16] = 1.0 / 250,
};

static const char *precision_names[] = {
  [RAQAM_PRECISION_F32] = "f32",
  [RAQAM_PRECISION_TF32] = "tf32",
  [RAQAM_PRECISION_BF16] = "bf16",
};

/* One of a plan's three arrays: padded, as the plan has it. */
typedef struct
{
  gsize    n;
  int      c; /* of each pixel or tap; the rest of its stride is 0 */
  int      stride;
  gsize    rows; /* that count; of weights fewer than there are */
  gboolean bf16;
  float   *values;
  gpointer there;
} Array;

typedef struct
{
  RaqamDevice   *device;
  RaqamConvShape shape;
  RaqamConvPass  pass;
  Array          arrays[3]; /* in, out, weights */
} Trial;

static Array *
result_of (Trial *trial)
{
  static const int results[PASSES] = { 1, 0, 2 };

  return &trial->arrays[results[trial->pass]];
}

static void
array_init (Trial *trial, int i, gsize rows, gsize all_rows, int c)
{
  Array *array = &trial->arrays[i];
  gboolean bf16 = trial->device->precision == RAQAM_PRECISION_BF16;
  gboolean is_result = array == result_of (trial);

  array->c = c;
  array->stride = raqam_cuda_padded (c);
  array->rows = rows;
  array->n = all_rows * array->stride;
  array->bf16 = bf16 && !(is_result && trial->pass == RAQAM_CONV_BACKWARD_WEIGHTS);
  array->values = cuda_rig_random (array->n + GUARD, 10 + i);
  for (gsize k = 0; k < array->n && !is_result; k++)
    if (k % array->stride >= (gsize) c || k / array->stride >= rows)
      array->values[k] = 0.0f;
    else if (bf16)
      array->values[k] = cuda_rig_to_bf16 (array->values[k]);
  array->there = cuda_rig_put (trial->device, array->values, array->n + GUARD, array->bf16);
}

static void
trial_init (Trial *trial, RaqamDevice *device, const RaqamConvShape *shape, RaqamConvPass pass)
{
  gsize taps = (gsize) shape->kernel * shape->kernel;
  gsize in_pixels = (gsize) shape->n * shape->in_h * shape->in_w;
  gsize out_pixels = (gsize) shape->n * shape->out_h * shape->out_w;

  *trial = (Trial) { .device = device, .shape = *shape, .pass = pass };
  array_init (trial, 0, in_pixels, in_pixels, shape->in_c);
  array_init (trial, 1, out_pixels, out_pixels, shape->out_c);
  array_init (trial, 2, shape->out_c * taps, raqam_cuda_padded (shape->out_c) * taps,
              shape->in_c);
  g_assert_cmpuint (trial->arrays[2].n, ==, raqam_cuda_plan_n_weights (shape));
}

static void
trial_clear (Trial *trial)
{
  for (int i = 0; i < 3; i++)
    {
      g_free (trial->arrays[i].values);
      raqam_cuda_free (trial->device, trial->arrays[i].there);
    }
}

/* What a result's value should be, and the sum of its products' sizes. */
typedef struct
{
  double value;
  double size;
} Want;

static void
add_product (Want *want, double x, double y)
{
  want->value += x * y;
  want->size += fabs (x * y);
}

/* One tap of the kernel at one pixel. */
static void
add_tap (Trial *trial, Want *want, gsize in_pixel, gsize out_pixel, int tap)
{
  const RaqamConvShape *shape = &trial->shape;
  const Array *in = &trial->arrays[0], *out = &trial->arrays[1], *weights = &trial->arrays[2];
  int taps = shape->kernel * shape->kernel;

  for (int k = 0; k < shape->out_c; k++)
    for (int c = 0; c < shape->in_c; c++)
      {
        gsize i = in_pixel * in->stride + c, o = out_pixel * out->stride + k;
        gsize w = ((gsize) k * taps + tap) * weights->stride + c;

        if (trial->pass == RAQAM_CONV_FORWARD)
          add_product (&want[o], in->values[i], weights->values[w]);
        else if (trial->pass == RAQAM_CONV_BACKWARD_DATA)
          add_product (&want[i], out->values[o], weights->values[w]);
        else
          add_product (&want[w], in->values[i], out->values[o]);
      }
}

/* The definition, in double. */
static Want *
expected (Trial *trial)
{
  const RaqamConvShape *shape = &trial->shape;
  Want *want = g_new0 (Want, result_of (trial)->n);
  int taps = shape->kernel * shape->kernel;

  for (int n = 0; n < shape->n; n++)
    for (int oy = 0; oy < shape->out_h; oy++)
      for (int ox = 0; ox < shape->out_w; ox++)
        for (int tap = 0; tap < taps; tap++)
          {
            int iy = oy * shape->stride - shape->pad + tap / shape->kernel;
            int ix = ox * shape->stride - shape->pad + tap % shape->kernel;

            if (iy >= 0 && iy < shape->in_h && ix >= 0 && ix < shape->in_w)
              add_tap (trial, want, ((gsize) n * shape->in_h + iy) * shape->in_w + ix,
                       ((gsize) n * shape->out_h + oy) * shape->out_w + ox, tap);
          }

  return want;
}

static void
check_result (Trial *trial)
{
  Array *array = result_of (trial);
  g_autofree Want *want = expected (trial);
  g_autofree float *got
      = cuda_rig_get (trial->device, array->there, array->n + GUARD, array->bf16);
  double tolerance = tolerances[trial->device->precision];

  for (gsize i = 0; i < array->n; i++)
    {
      gboolean counts = i % array->stride < (gsize) array->c && i / array->stride < array->rows;

      if (!counts)
        g_assert_cmpfloat (got[i], ==, 0.0f);
      g_assert_cmpfloat (fabs (got[i] - want[i].value), <=, tolerance * want[i].size);
    }
  for (gsize i = array->n; i < array->n + GUARD; i++)
    g_assert_cmpfloat (got[i], ==,
                       array->bf16 ? cuda_rig_to_bf16 (array->values[i]) : array->values[i]);
}

static void
check_shape (RaqamDevice *device, const RaqamConvShape *shape)
{
  for (int pass = 0; pass < PASSES; pass++)
    {
      g_autoptr (GError) error = NULL;
      RaqamConvPlan *plan = raqam_cuda_plan_new (device, pass, shape, &error);
      Trial trial;

      g_assert_no_error (error);
      trial_init (&trial, device, shape, pass);
      raqam_cuda_plan_run (plan, trial.arrays[0].there, trial.arrays[1].there,
                           trial.arrays[2].there, &error);
      g_assert_no_error (error);
      check_result (&trial);

      trial_clear (&trial);
      raqam_cuda_plan_free (plan);
    }
}

static void
test_shapes (gconstpointer data)
{
  RaqamDevice *device = cuda_rig_new (GPOINTER_TO_INT (data), 80);

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    check_shape (device, &shapes[i]);
  cuda_rig_free (device);
}

/* "SAME" sizes as a recipe has them, where kernels smaller than the stride leave
 * rows out; with every kernel, stride and remainder. */
static void
test_kernels (gconstpointer data)
{
  RaqamDevice *device = cuda_rig_new (GPOINTER_TO_INT (data), 80);

  for (int kernel = 1; kernel <= 7; kernel++)
    for (int stride = 1; stride <= 4; stride++)
      for (int in = 5; in <= 8; in++)
        {
          int out = (in + stride - 1) / stride;
          RaqamConvShape shape = {
            .n = 2, .in_h = in, .in_w = in, .in_c = 3, .out_h = out, .out_w = out, .out_c = 9,
            .kernel = kernel, .stride = stride,
            .pad = MAX ((out - 1) * stride + kernel - in, 0) / 2,
          };

          check_shape (device, &shape);
        }
  cuda_rig_free (device);
}

/* In Hopper's bf16 some engines give the weights' gradient in float. */
static void
test_hopper (void)
{
  RaqamDevice *device = cuda_rig_new (RAQAM_PRECISION_BF16, 90);

  check_shape (device, &shapes[2]);
  cuda_rig_free (device);
}

/* A plan in a graph, replayed on new values. */
static void
test_recorded (void)
{
  RaqamDevice *device = cuda_rig_new (RAQAM_PRECISION_BF16, 80);
  RaqamConvPlan *plan = raqam_cuda_plan_new (device, RAQAM_CONV_BACKWARD_WEIGHTS, &shapes[4],
                                             NULL);
  g_autoptr (GError) error = NULL;
  cudaGraph_t graph = NULL;
  cudaGraphExec_t exec = NULL;
  guint64 works;
  Trial trial;

  trial_init (&trial, device, &shapes[4], RAQAM_CONV_BACKWARD_WEIGHTS);
  works = cuda_rig_works ();
  g_assert_cmpint (cudaStreamBeginCapture (device->stream, cudaStreamCaptureModeThreadLocal), ==,
                   cudaSuccess);
  raqam_cuda_plan_run (plan, trial.arrays[0].there, trial.arrays[1].there,
                       trial.arrays[2].there, &error);
  g_assert_no_error (error);
  g_assert_cmpint (cudaStreamEndCapture (device->stream, &graph), ==, cudaSuccess);
  g_assert_cmpuint (cuda_rig_works (), ==, works);

  g_assert_cmpint (cudaGraphInstantiate (&exec, graph, 0), ==, cudaSuccess);
  for (int i = 0; i < 2; i++)
    {
      g_assert_cmpint (cudaGraphLaunch (exec, device->stream), ==, cudaSuccess);
      check_result (&trial);
    }

  cudaGraphExecDestroy (exec);
  cudaGraphDestroy (graph);
  trial_clear (&trial);
  raqam_cuda_plan_free (plan);
  cuda_rig_free (device);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      remove_folder (inner);
    }
  g_remove (path);
}

int
main (int argc, char **argv)
{
  g_autofree char *cache = g_dir_make_tmp ("raqam-cuda-plan-XXXXXX", NULL);
  int status;

  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, NULL);

  for (int precision = RAQAM_PRECISION_F32; precision <= RAQAM_PRECISION_BF16; precision++)
    {
      g_autofree char *of_shapes
          = g_strconcat ("/cuda-plan/shapes-", precision_names[precision], NULL);
      g_autofree char *of_kernels
          = g_strconcat ("/cuda-plan/kernels-", precision_names[precision], NULL);

      g_test_add_data_func (of_shapes, GINT_TO_POINTER (precision), test_shapes);
      g_test_add_data_func (of_kernels, GINT_TO_POINTER (precision), test_kernels);
    }
  g_test_add_func ("/cuda-plan/hopper", test_hopper);
  g_test_add_func ("/cuda-plan/recorded", test_recorded);

  status = g_test_run ();
  remove_folder (cache);
  return status;
}
