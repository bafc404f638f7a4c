/* test-gpu.h — memory on the pretended GPU, errors asserted away.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "control.h"
#include "emulator.h"
#include "stream.h"

#include <glib.h>

#include <vector>

#define ORDERS 8 /* forward, reverse and so many less two shuffled */

static inline RaqamEmulatorSettings
settings_of (int order)
{
  RaqamEmulatorSettings settings;

  raqam_emulator_settings (&settings);
  settings.order = order == 0   ? RAQAM_EMULATOR_FORWARD
                   : order == 1 ? RAQAM_EMULATOR_REVERSE
                                : RAQAM_EMULATOR_SHUFFLED;
  settings.seed = order;
  return settings;
}

static inline void
reset (int order)
{
  RaqamEmulatorSettings settings = settings_of (order);

  raqam_emulator_reset (&settings);
}

static inline void
assert_status (cudaError_t got, cudaError_t want)
{
  g_assert_cmpstr (cudaGetErrorName (got), ==, cudaGetErrorName (want));
}

template <typename T>
static inline T *
new_memory (size_t n)
{
  T *memory = nullptr;

  assert_status (cudaMalloc (reinterpret_cast<void **> (&memory), n * sizeof (T)), cudaSuccess);
  return memory;
}

template <typename T>
static inline T *
put (const std::vector<T> &values)
{
  T *memory = new_memory<T> (values.size ());

  assert_status (cudaMemcpy (memory, values.data (), values.size () * sizeof (T),
                             cudaMemcpyHostToDevice),
                 cudaSuccess);
  return memory;
}

template <typename T>
static inline std::vector<T>
get (const T *memory, size_t n)
{
  std::vector<T> values (n);

  assert_status (cudaMemcpy (values.data (), memory, n * sizeof (T), cudaMemcpyDeviceToHost),
                 cudaSuccess);
  return values;
}
