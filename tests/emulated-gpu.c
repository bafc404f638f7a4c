/* emulated-gpu.c — the CUDA backend on the GPU that pretends (cuda-emulator/).
 * SPDX-License-Identifier: MIT */

#include "emulated-gpu.h"

#include "engine/module.h"

const RaqamBackend *
emulated_backend (void)
{
  GError *error = NULL;
  const RaqamBackend *backend = raqam_module_cuda (NULL, &error);

  g_assert_no_error (error);
  return backend;
}

RaqamEmulatorSettings
emulated_usual (void)
{
  RaqamEmulatorSettings settings;

  raqam_emulator_settings (&settings);
  return settings;
}

guint64
emulated_n_objects (void)
{
  RaqamEmulatorCounts counts;

  raqam_emulator_counts (&counts);
  return counts.objects;
}

TestDevice *
emulated_open (void)
{
  RaqamDeviceOptions options = { 0 };
  GError *error = NULL;
  TestDevice *device = test_device_open (emulated_backend (), &options, &error);

  g_assert_no_error (error);
  return device;
}

void
emulated_assert_says (const GError *error, int code, const char *pattern)
{
  g_assert_error (error, RAQAM_ERROR, code);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("“%s” should be like “%s”", error->message, pattern);
}
