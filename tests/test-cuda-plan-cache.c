/* test-cuda-plan-cache.c — which plans are chosen, and kept.
 * SPDX-License-Identifier: MIT */

#include "cuda-rig.h"

#include "cuda/plan-cache.h"

#include <string.h>

#include <glib/gstdio.h>

static const RaqamConvShape shape = {
  .n = 2, .in_h = 6, .in_w = 6, .in_c = 3, .out_h = 3, .out_w = 3, .out_c = 9,
  .kernel = 3, .stride = 2, .pad = 0,
};

/* The emulated cuDNN's engines, see cuda-emulator/cudnn-engines.h. */
enum
{
  PLAIN,
  TENSOR_CORE,
  NONDETERMINISTIC,
  DOWN_CONVERT,
  NO_PLAN,
  TOO_LARGE,
  HOPPER = 8,
};

static char *cache; /* XDG_CACHE_HOME */

static char *
folder_of_plans (void)
{
  return g_build_filename (cache, "raqam", "plans", NULL);
}

/* The path of the one plan that is kept; (transfer full): NULL where none is. */
static char *
path_of_plan (void)
{
  g_autofree char *folder = folder_of_plans ();
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *name = files != NULL ? g_dir_read_name (files) : NULL;
  char *path = name != NULL ? g_build_filename (folder, name, NULL) : NULL;

  g_assert_true (files == NULL || g_dir_read_name (files) == NULL);
  return path;
}

static void
forget_plans (void)
{
  g_autofree char *folder = folder_of_plans ();
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *name;

  while (files != NULL && (name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
}

static RaqamPlanKey
key_of (RaqamDevice *device, RaqamConvPass pass)
{
  return (RaqamPlanKey) { device->key, pass, &shape, device->precision };
}

/* Makes a plan and says what is then kept of it. */
static gboolean
plan_once (RaqamDevice *device, RaqamConvPass pass, RaqamPlanChoice *choice, gboolean *narrow)
{
  RaqamPlanKey key = key_of (device, pass);
  g_autoptr (GError) error = NULL;
  RaqamConvPlan *plan = raqam_cuda_plan_new (device, pass, &shape, &error);

  g_assert_no_error (error);
  raqam_cuda_plan_free (plan);
  return raqam_cuda_plan_cache_load (choice, narrow, &key);
}

static int
engine_kept (RaqamDevice *device, RaqamConvPass pass, gboolean *narrow)
{
  RaqamPlanChoice choice;

  g_assert_true (plan_once (device, pass, &choice, narrow));
  return choice.engine;
}

static void
test_round_trip (void)
{
  RaqamDevice *device = cuda_rig_new (RAQAM_PRECISION_F32, 80);
  RaqamPlanKey key = key_of (device, RAQAM_CONV_FORWARD);
  RaqamPlanChoice choice = { .engine = 17 }, read;

  for (int n = 0; n <= RAQAM_MAX_KNOBS; n++)
    {
      gboolean narrow = -1;

      choice.n_knobs = n;
      if (n > 0)
        {
          choice.types[n - 1] = 2 * n;
          choice.values[n - 1] = n - 3;
        }
      raqam_cuda_plan_cache_save (&key, &choice, n % 2);
      g_assert_true (raqam_cuda_plan_cache_load (&read, &narrow, &key));
      g_assert_cmpmem (&read, sizeof read, &choice, sizeof choice);
      g_assert_cmpint (narrow, ==, n % 2);
    }
  cuda_rig_free (device);
}

/* The second time nothing runs; for anything else, all starts again. */
static void
test_kept (void)
{
  RaqamDevice *device = cuda_rig_new (RAQAM_PRECISION_TF32, 80);
  RaqamPlanKey key = key_of (device, RAQAM_CONV_FORWARD);
  RaqamConvShape larger = shape;
  RaqamPlanChoice choice;
  gboolean narrow;
  guint64 works;

  forget_plans ();
  g_assert_true (plan_once (device, RAQAM_CONV_FORWARD, &choice, &narrow));
  works = cuda_rig_works ();
  g_assert_cmpuint (works, >, 0);
  g_assert_true (plan_once (device, RAQAM_CONV_FORWARD, &choice, &narrow));
  g_assert_cmpuint (cuda_rig_works (), ==, works);

  larger.n++;
  key.shape = &larger;
  g_assert_false (raqam_cuda_plan_cache_load (&choice, &narrow, &key));
  key = key_of (device, RAQAM_CONV_BACKWARD_DATA);
  g_assert_false (raqam_cuda_plan_cache_load (&choice, &narrow, &key));
  key = key_of (device, RAQAM_CONV_FORWARD);
  key.precision = RAQAM_PRECISION_F32;
  g_assert_false (raqam_cuda_plan_cache_load (&choice, &narrow, &key));
  key = key_of (device, RAQAM_CONV_FORWARD);
  key.device = "another GPU";
  g_assert_false (raqam_cuda_plan_cache_load (&choice, &narrow, &key));
  cuda_rig_free (device);
}

/* Of the engines that the emulated cuDNN has, those that will do. */
static void
test_chosen (void)
{
  for (int pass = 0; pass < 3; pass++)
    for (int compute = 75; compute <= 90; compute += 5)
      for (int precision = RAQAM_PRECISION_F32; precision <= RAQAM_PRECISION_BF16; precision++)
        {
          RaqamDevice *device = cuda_rig_new (precision, compute);
          gboolean narrow = -1, halves;
          int engine;

          forget_plans ();
          if (precision != RAQAM_PRECISION_F32 && compute < 80)
            {
              cuda_rig_free (device);
              continue;
            }

          engine = engine_kept (device, pass, &narrow);
          halves = precision == RAQAM_PRECISION_BF16 && pass == RAQAM_CONV_BACKWARD_WEIGHTS;
          if (precision == RAQAM_PRECISION_F32)
            g_assert_cmpint (engine, ==, PLAIN);
          else
            g_assert_true (engine == PLAIN || engine == TENSOR_CORE
                           || (engine == HOPPER && compute >= 90));
          g_assert_true (halves || !narrow);
          g_assert_true (!halves || narrow || compute >= 90);
          cuda_rig_free (device);
        }
}

static void
test_none (void)
{
  RaqamDevice *device = cuda_rig_new (RAQAM_PRECISION_BF16, 75);
  g_autoptr (GError) error = NULL;

  g_assert_null (raqam_cuda_plan_new (device, RAQAM_CONV_FORWARD, &shape, &error));
  g_assert_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE);
  cuda_rig_free (device);
}

/* Whatever is in the file, there is a plan, and it is a good one. */
static void
test_damaged (void)
{
  RaqamDevice *device = cuda_rig_new (RAQAM_PRECISION_F32, 80);
  g_autofree char *path = NULL, *text = NULL;
  gboolean narrow;
  gsize length;

  forget_plans ();
  g_assert_cmpint (engine_kept (device, RAQAM_CONV_FORWARD, &narrow), ==, PLAIN);
  path = path_of_plan ();
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));

  for (gsize end = 0; end < length; end += 5)
    {
      g_assert_true (g_file_set_contents (path, text, end, NULL));
      g_assert_cmpint (engine_kept (device, RAQAM_CONV_FORWARD, &narrow), ==, PLAIN);
    }
  for (gsize at = 0; at < length; at += 3)
    {
      g_autofree char *other = g_memdup2 (text, length);

      other[at] ^= 0x15;
      g_assert_true (g_file_set_contents (path, other, length, NULL));
      g_assert_cmpint (engine_kept (device, RAQAM_CONV_FORWARD, &narrow), ==, PLAIN);
    }
  cuda_rig_free (device);
}

/* A file in order that says what it should not. */
static void
test_refused (void)
{
  static const RaqamPlanChoice choices[] = {
    { .engine = NONDETERMINISTIC },
    { .engine = DOWN_CONVERT },
    { .engine = NO_PLAN },
    { .engine = TOO_LARGE },
    { .engine = HOPPER },
    { .engine = 99 },
    { .engine = -1 },
    { .engine = PLAIN, .n_knobs = 1, .types = { CUDNN_KNOB_TYPE_TILE_SIZE }, .values = { 1 } },
    { .engine = TENSOR_CORE, .n_knobs = 1, .types = { CUDNN_KNOB_TYPE_TILE_SIZE },
      .values = { 4 } },
    { .engine = TENSOR_CORE, .n_knobs = 2,
      .types = { CUDNN_KNOB_TYPE_TILE_SIZE, CUDNN_KNOB_TYPE_TILE_SIZE }, .values = { 1, 1 } },
  };
  RaqamDevice *device = cuda_rig_new (RAQAM_PRECISION_TF32, 80);
  RaqamPlanKey key = key_of (device, RAQAM_CONV_FORWARD);

  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      RaqamPlanChoice choice;
      gboolean narrow;

      raqam_cuda_plan_cache_save (&key, &choices[i], FALSE);
      g_assert_true (plan_once (device, RAQAM_CONV_FORWARD, &choice, &narrow));
      g_assert_true (choice.engine == PLAIN || choice.engine == TENSOR_CORE);
      g_assert_cmpint (memcmp (&choice, &choices[i], sizeof choice), !=, 0);

      /* Nor is this a plan that may give bf16. */
      raqam_cuda_plan_cache_save (&key, &choice, TRUE);
      g_assert_true (plan_once (device, RAQAM_CONV_FORWARD, &choice, &narrow));
      g_assert_false (narrow);
    }
  cuda_rig_free (device);
}

/* Tensor cores are not for F32, though they have been for TF32. */
static void
test_strict (void)
{
  const RaqamPlanChoice tensor_core = { .engine = TENSOR_CORE };
  RaqamDevice *device = cuda_rig_new (RAQAM_PRECISION_F32, 80);
  RaqamPlanKey key = key_of (device, RAQAM_CONV_FORWARD);
  gboolean narrow;

  raqam_cuda_plan_cache_save (&key, &tensor_core, FALSE);
  g_assert_cmpint (engine_kept (device, RAQAM_CONV_FORWARD, &narrow), ==, PLAIN);
  cuda_rig_free (device);
}

static void
test_no_memory (void)
{
  const RaqamPlanChoice kept = { .engine = TENSOR_CORE };
  RaqamDevice *device = cuda_rig_new (RAQAM_PRECISION_TF32, 80);
  RaqamPlanKey key;
  RaqamPlanChoice choice;
  gboolean narrow;

  /* Nothing to run them in: a plan none the less, and nothing learnt. */
  forget_plans ();
  cuda_rig_fail_alloc (80, 1);
  g_assert_false (plan_once (device, RAQAM_CONV_FORWARD, &choice, &narrow));
  cuda_rig_free (device);

  /* No workspace for the one that is kept: another, or the same later. */
  device = cuda_rig_new (RAQAM_PRECISION_TF32, 80);
  key = key_of (device, RAQAM_CONV_FORWARD);
  raqam_cuda_plan_cache_save (&key, &kept, FALSE);
  cuda_rig_fail_alloc (80, 1);
  g_assert_true (plan_once (device, RAQAM_CONV_FORWARD, &choice, &narrow));
  g_assert_cmpuint (cuda_rig_works (), >, 0);
  cuda_rig_free (device);
}

static void
test_unwritable (void)
{
  RaqamDevice *device = cuda_rig_new (RAQAM_PRECISION_F32, 80);
  g_autofree char *folder = folder_of_plans ();
  RaqamPlanChoice choice;
  gboolean narrow;

  forget_plans ();
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_assert_true (g_file_set_contents (folder, "in the way", -1, NULL));
  g_assert_false (plan_once (device, RAQAM_CONV_FORWARD, &choice, &narrow));

  g_assert_cmpint (g_remove (folder), ==, 0);
  cuda_rig_free (device);
}

static gpointer
save_often (gpointer data)
{
  RaqamPlanChoice choice = { .engine = GPOINTER_TO_INT (data), .n_knobs = RAQAM_MAX_KNOBS };
  RaqamPlanKey key = { "shared", RAQAM_CONV_FORWARD, &shape, RAQAM_PRECISION_F32 };

  for (int i = 0; i < RAQAM_MAX_KNOBS; i++)
    choice.types[i] = choice.values[i] = choice.engine;
  for (int i = 0; i < 40; i++)
    raqam_cuda_plan_cache_save (&key, &choice, FALSE);
  return NULL;
}

/* Two writers and a reader, who sees one or the other. */
static void
test_at_once (void)
{
  RaqamPlanKey key = { "shared", RAQAM_CONV_FORWARD, &shape, RAQAM_PRECISION_F32 };
  GThread *writers[2];

  save_often (GINT_TO_POINTER (1000));
  for (int i = 0; i < 2; i++)
    writers[i] = g_thread_new (NULL, save_often, GINT_TO_POINTER (1000 + i));
  for (int i = 0; i < 200; i++)
    {
      RaqamPlanChoice choice;
      gboolean narrow;

      g_assert_true (raqam_cuda_plan_cache_load (&choice, &narrow, &key));
      for (int k = 0; k < RAQAM_MAX_KNOBS; k++)
        g_assert_cmpint (choice.values[k], ==, choice.engine);
    }
  for (int i = 0; i < 2; i++)
    g_thread_join (writers[i]);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = NULL, *parent = NULL;
  int status;

  cache = g_dir_make_tmp ("raqam-cuda-plan-XXXXXX", NULL);
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cuda-plan-cache/round-trip", test_round_trip);
  g_test_add_func ("/cuda-plan-cache/kept", test_kept);
  g_test_add_func ("/cuda-plan-cache/chosen", test_chosen);
  g_test_add_func ("/cuda-plan-cache/none", test_none);
  g_test_add_func ("/cuda-plan-cache/damaged", test_damaged);
  g_test_add_func ("/cuda-plan-cache/refused", test_refused);
  g_test_add_func ("/cuda-plan-cache/strict", test_strict);
  g_test_add_func ("/cuda-plan-cache/no-memory", test_no_memory);
  g_test_add_func ("/cuda-plan-cache/unwritable", test_unwritable);
  g_test_add_func ("/cuda-plan-cache/at-once", test_at_once);

  status = g_test_run ();
  forget_plans ();
  folder = folder_of_plans ();
  parent = g_path_get_dirname (folder);
  g_rmdir (folder);
  g_rmdir (parent);
  g_rmdir (cache);
  g_free (cache);
  return status;
}
