/* test-cuda-cudnn.c — what the real cuDNN has for GPUs that are not here.
 * SPDX-License-Identifier: MIT
 *
 * Since 9.8 cuDNN makes plans for a GPU of which it is told the properties. So
 * everything but running them is tried here: that each convolution which a recipe
 * or an odd network needs has a deterministic engine, and in F32 an exact one, on
 * each kind of GPU. Engines that cuDNN compiles at run time want a driver, and are
 * missing here; a GPU has more to choose from. */

#include "cuda/descriptor.h"
#include "cuda/edge.h"
#include "cuda/plan-engines.h"
#include "engine/network.h"

#include <string.h>

typedef struct
{
  const char *name;
  int         compute; /* 10 · major + minor */
  int         n_sm;
  int         shared; /* bytes of shared memory that a block may ask for */
  int         threads; /* of a multiprocessor */
} Gpu;

static const Gpu gpus[] = {
  { "Tesla T4", 75, 40, 65536, 1024 },
  { "NVIDIA A100", 80, 108, 166912, 2048 },
  { "NVIDIA GeForce RTX 3090", 86, 82, 101376, 1536 },
  { "NVIDIA GeForce RTX 4090", 89, 128, 101376, 1536 },
  { "NVIDIA H100", 90, 132, 232448, 2048 },
  { "NVIDIA B200", 100, 148, 232448, 2048 },
  { "NVIDIA GeForce RTX 5090", 120, 170, 101376, 1536 },
};

#if CUDNN_VERSION >= 90800

/* As cuDNN writes a GPU's properties, and reads them. */
static const char format[]
    = "{\"deviceVer\":%d,\"multiProcessorCount\":%d,\"maxSharedMemoryPerBlockOptin\":%d,"
      "\"maxThreadsPerSM\":%d,\"deviceName\":\"%s\",\"maxGridSize\":[2147483647,65535,65535],"
      "\"maxBlockSize\":[1024,1024,64],\"regsPerBlock\":65536,\"warpSize\":32,"
      "\"maxSharedMemoryPerBlock\":49152,\"reservedSharedMemoryPerBlock\":1024,"
      "\"maxRegistersPerSM\":65536,\"maxCtasPerSM\":16,\"maxThreadsPerBlock\":1024,"
      "\"isTccDriver\":0,\"supportCoopLaunch\":1,\"smClockRateKHz\":1500000,"
      "\"memClockRateKHz\":2000000,\"l2CacheSize\":41943040,\"driverVer\":13000,"
      "\"pciDeviceId\":0,\"cudaDeviceId\":0,\"totalGlobalMem\":17179869184}";

static cudnnBackendDescriptor_t
properties_of (const Gpu *gpu)
{
  g_autofree char *text = g_strdup_printf (format, gpu->compute * 10, gpu->n_sm, gpu->shared,
                                           gpu->threads, gpu->name);
  RaqamMaking making = raqam_cuda_making (CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR);
  cudnnBackendDescriptor_t properties;

  raqam_cuda_making_set (&making, CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION, CUDNN_TYPE_CHAR,
                         strlen (text), text);
  raqam_cuda_making_end (&making, &properties);
  return properties;
}

static gboolean
has_candidate (const RaqamPlanTarget *target, RaqamConvPass pass, const RaqamConvShape *shape,
               RaqamPrecision precision, gboolean narrow)
{
  g_autoptr (GPtrArray) candidates
      = g_ptr_array_new_with_free_func ((GDestroyNotify) raqam_cuda_plan_candidate_free);
  RaqamPlanGraph graph;
  gboolean found;

  g_assert_cmpint (raqam_cuda_plan_graph_init (&graph, target, pass, shape, precision, narrow),
                   ==, CUDNN_STATUS_SUCCESS);
  raqam_cuda_plan_candidates (candidates, &graph, precision, 1, 1);
  found = candidates->len > 0;
  g_ptr_array_set_size (candidates, 0);
  raqam_cuda_plan_graph_clear (&graph);

  return found;
}

/* All passes of @shape in all precisions that @gpu has. */
static void
check_shape (const Gpu *gpu, const RaqamPlanTarget *target, const RaqamConvShape *shape)
{
  RaqamPrecision last = gpu->compute >= 80 ? RAQAM_PRECISION_BF16 : RAQAM_PRECISION_F32;

  for (RaqamPrecision precision = RAQAM_PRECISION_F32; precision <= last; precision++)
    for (int pass = 0; pass < 3; pass++)
      {
        gboolean narrow = pass == RAQAM_CONV_BACKWARD_WEIGHTS
                          && precision == RAQAM_PRECISION_BF16;

        if (!has_candidate (target, pass, shape, precision, narrow))
          {
            g_test_message ("%s: no plan for pass %d, precision %d of %d × (%d, %d, %d) to (%d, "
                            "%d, %d), kernel %d, stride %d, pad %d",
                            gpu->name, pass, precision, shape->n, shape->in_h, shape->in_w,
                            shape->in_c, shape->out_h, shape->out_w, shape->out_c, shape->kernel,
                            shape->stride, shape->pad);
            g_test_fail ();
          }
      }
}

static RaqamConvShape
shape_of (const RaqamBlockSpec *spec, int n)
{
  if (spec->kind == RAQAM_BLOCK_DENSE)
    return (RaqamConvShape) {
      .n = n, .in_h = 1, .in_w = 1, .in_c = spec->in_c, .out_h = 1, .out_w = 1,
      .out_c = spec->out_h * spec->out_w * raqam_cuda_padded (spec->out_c),
      .kernel = 1, .stride = 1,
    };
  if (spec->kind == RAQAM_BLOCK_TCONV)
    return (RaqamConvShape) {
      .n = n, .in_h = spec->out_h, .in_w = spec->out_w, .in_c = spec->out_c,
      .out_h = spec->in_h, .out_w = spec->in_w, .out_c = spec->in_c,
      .kernel = spec->kernel, .stride = spec->stride, .pad = spec->pad,
    };
  return (RaqamConvShape) {
    .n = n, .in_h = spec->in_h, .in_w = spec->in_w, .in_c = spec->in_c,
    .out_h = spec->out_h, .out_w = spec->out_w, .out_c = spec->out_c,
    .kernel = spec->kernel, .stride = spec->stride, .pad = spec->pad,
  };
}

/* A picture's side, and the head, are kernels of our own. */
static gboolean
has_plans (const RaqamBlockSpec *spec)
{
  return spec->kind == RAQAM_BLOCK_DENSE
         || (spec->kind != RAQAM_BLOCK_HEAD && spec->in_c > 1 && spec->out_c > 1);
}

static void
check_recipe (const Gpu *gpu, const RaqamPlanTarget *target, const char *name)
{
  g_autoptr (RaqamRecipe) recipe = raqam_recipe_find (name, NULL);
  int batches[] = { 1, recipe->batch, 2 * recipe->batch };

  for (int kind = RAQAM_GENERATOR; kind <= RAQAM_DISCRIMINATOR; kind++)
    {
      RaqamNetworkSpec network;

      raqam_network_spec_init (&network, recipe, kind);
      for (int i = 0; i < network.n_blocks; i++)
        for (guint k = 0; k < G_N_ELEMENTS (batches) && has_plans (&network.block[i]); k++)
          {
            RaqamConvShape shape = shape_of (&network.block[i], batches[k]);

            check_shape (gpu, target, &shape);
          }
    }
}

/* "SAME" sizes, some of which leave rows out, and channels that are few. */
static void
check_odd_shapes (const Gpu *gpu, const RaqamPlanTarget *target)
{
  for (int kernel = 1; kernel <= 7; kernel++)
    for (int stride = 1; stride <= 4; stride++)
      {
        int in = 7 + kernel % 2;
        int out = (in + stride - 1) / stride;
        RaqamConvShape shape = {
          .n = 3, .in_h = in, .in_w = in, .in_c = 3, .out_h = out, .out_w = out, .out_c = 9,
          .kernel = kernel, .stride = stride,
          .pad = MAX ((out - 1) * stride + kernel - in, 0) / 2,
        };

        check_shape (gpu, target, &shape);
      }
}

static void
test_gpu (gconstpointer data)
{
  const Gpu *gpu = data;
  const char *const *names = raqam_recipe_names ();
  RaqamPlanTarget target = { .handle = NULL };

  if (cudnnGetVersion () < 90800)
    {
      g_test_skip ("cuDNN makes plans without a GPU since 9.8");
      return;
    }

  target.properties = properties_of (gpu);
  g_assert_nonnull (target.properties);
  for (int i = 0; names[i] != NULL; i++)
    check_recipe (gpu, &target, names[i]);
  check_odd_shapes (gpu, &target);
  raqam_cuda_descriptor_clear (&target.properties);
}

#else

static void
test_gpu (gconstpointer data)
{
  g_test_skip ("cuDNN makes plans without a GPU since 9.8");
}

#endif

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (gpus); i++)
    {
      g_autofree char *path = g_strdup_printf ("/cuda-cudnn/capability-%d", gpus[i].compute);

      g_test_add_data_func (path, &gpus[i], test_gpu);
    }

  return g_test_run ();
}
