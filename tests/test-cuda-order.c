/* test-cuda-order.c — a training step's bits, in whatever order threads run.
 * SPDX-License-Identifier: MIT
 *
 * A kernel that waits too seldom, or adds up in the order of its threads or blocks,
 * gives other bits when these run in another order.
 */

#include "emulated-gpu.h"
#include "step-driver.h"

#include <string.h>

typedef struct
{
  const char    *name;
  const char    *recipe;
  RaqamPrecision precision;
} Case;

static const Case cases[] = {
  { "thesis/tf32", "thesis", RAQAM_PRECISION_TF32 },
  { "thesis/bf16", "thesis", RAQAM_PRECISION_BF16 },
  { "fast/f32", "fast", RAQAM_PRECISION_F32 },
  { "fast/bf16", "fast", RAQAM_PRECISION_BF16 },
};

/* What the step reported, by name; a GArray of double each. */
static void
keep (const char *name, const double *x, gsize n, gpointer user_data)
{
  GArray *values = g_array_sized_new (FALSE, FALSE, sizeof *x, n);

  g_array_append_vals (values, x, n);
  g_assert_true (g_hash_table_insert (user_data, g_strdup (name), values));
}

static void
compare (const char *name, const double *x, gsize n, gpointer user_data)
{
  GArray *values = g_hash_table_lookup (user_data, name);

  g_assert_nonnull (values);
  g_assert_cmpuint (values->len, ==, n);
  if (memcmp (values->data, x, n * sizeof *x) != 0)
    {
      g_test_message ("%s has other bits", name);
      g_test_fail ();
    }
}

static void
run_step (const Case *c, RaqamEmulatorOrder order, guint32 seed, StepReport report,
          GHashTable *results)
{
  RaqamEmulatorSettings settings = emulated_usual ();
  RaqamDeviceOptions options = { .precision = c->precision };
  GError *error = NULL;
  TestDevice *device;

  settings.order = order;
  settings.seed = seed;
  raqam_emulator_reset (&settings);
  device = test_device_open (emulated_backend (), &options, &error);
  g_assert_no_error (error);

  step_run (device, c->recipe, report, results);
  test_device_close (device);
}

static void
test_order (gconstpointer data)
{
  g_autoptr (GHashTable) results =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);

  run_step (data, RAQAM_EMULATOR_FORWARD, 0, keep, results);
  run_step (data, RAQAM_EMULATOR_REVERSE, 0, compare, results);
  run_step (data, RAQAM_EMULATOR_SHUFFLED, 1, compare, results);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/cuda-order/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_order);
    }

  return g_test_run ();
}
