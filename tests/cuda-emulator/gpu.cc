/* gpu.cc — the pretended GPU, its settings and its errors.
 * SPDX-License-Identifier: MIT */

#include "gpu.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

static thread_local cudaError_t last_error = cudaSuccess;

static uint64_t
setting (const char *name, uint64_t otherwise)
{
  const char *text = getenv (name);

  return text != nullptr ? strtoull (text, nullptr, 10) : otherwise;
}

static void
read_order (RaqamEmulatorSettings *settings)
{
  const char *text = getenv ("RAQAM_EMULATOR_ORDER");

  if (text == nullptr || strcmp (text, "forward") == 0)
    settings->order = RAQAM_EMULATOR_FORWARD;
  else if (strcmp (text, "reverse") == 0)
    settings->order = RAQAM_EMULATOR_REVERSE;
  else if (sscanf (text, "shuffled:%u", &settings->seed) == 1)
    settings->order = RAQAM_EMULATOR_SHUFFLED;
  else
    raqam_gpu_say ("RAQAM_EMULATOR_ORDER=%s is none", text);
}

void
raqam_emulator_settings (RaqamEmulatorSettings *settings)
{
  *settings = {};
  settings->devices = setting ("RAQAM_EMULATOR_DEVICES", 1);
  settings->driver = setting ("RAQAM_EMULATOR_DRIVER", CUDART_VERSION);
  settings->compute = setting ("RAQAM_EMULATOR_COMPUTE", 80);
  settings->n_sm = setting ("RAQAM_EMULATOR_SM", 2);
  settings->memory = setting ("RAQAM_EMULATOR_MEMORY", uint64_t (4) << 30);
  settings->eager = setting ("RAQAM_EMULATOR_EAGER", 0);
  settings->fail_alloc = setting ("RAQAM_EMULATOR_FAIL_ALLOC", 0);
  settings->fail_work = setting ("RAQAM_EMULATOR_FAIL_WORK", 0);
  settings->lose_work = setting ("RAQAM_EMULATOR_LOSE_WORK", 0);
  read_order (settings);
}

/* Never destroyed: other libraries may use it to the very end. */
RaqamGpu &
raqam_gpu (void)
{
  static RaqamGpu *gpu = [] {
    auto *made = new RaqamGpu ();

    raqam_emulator_settings (&made->settings);
    return made;
  }();

  return *gpu;
}

void
raqam_emulator_reset (const RaqamEmulatorSettings *settings)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);
  RaqamEmulatorCounts alive = {};

  alive.bytes = gpu.counts.bytes;
  alive.objects = gpu.counts.objects;
  gpu.counts = alive;
  gpu.settings = *settings;
  gpu.broken = cudaSuccess;
  last_error = cudaSuccess;
}

void
raqam_emulator_counts (RaqamEmulatorCounts *counts)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);

  *counts = gpu.counts;
}

void
raqam_gpu_say (const char *format, ...)
{
  char text[512];
  va_list arguments;

  va_start (arguments, format);
  vsnprintf (text, sizeof text, format, arguments);
  va_end (arguments);
  fprintf (stderr, "# emulated GPU: %s\n", text);
}

cudaError_t
raqam_gpu_status (cudaError_t status)
{
  if (status != cudaSuccess && status != cudaErrorNotReady)
    last_error = status;
  return status;
}

cudaError_t
raqam_gpu_ready (void)
{
  const RaqamGpu &gpu = raqam_gpu ();

  if (gpu.settings.driver < CUDART_VERSION / 1000 * 1000)
    return raqam_gpu_status (cudaErrorInsufficientDriver);
  if (gpu.settings.devices == 0)
    return raqam_gpu_status (cudaErrorNoDevice);
  return raqam_gpu_status (gpu.broken);
}

void
raqam_gpu_break (cudaError_t status)
{
  RaqamGpu &gpu = raqam_gpu ();

  if (gpu.broken == cudaSuccess)
    gpu.broken = status;
}

bool
raqam_gpu_begin_work (void)
{
  RaqamGpu &gpu = raqam_gpu ();

  gpu.counts.works++;
  if (gpu.counts.works == gpu.settings.fail_work)
    raqam_gpu_break (cudaErrorIllegalAddress);
  if (gpu.counts.works == gpu.settings.lose_work)
    raqam_gpu_break (cudaErrorECCUncorrectable);
  return gpu.broken == cudaSuccess;
}

bool
raqam_gpu_holds (const std::map<char *, size_t> &memory, const void *at, size_t n_bytes)
{
  char *from = static_cast<char *> (const_cast<void *> (at));
  auto next = memory.upper_bound (from);

  if (next == memory.begin ())
    return false;
  --next;
  return size_t (from - next->first) <= next->second
         && n_bytes <= next->second - size_t (from - next->first);
}

cudaError_t
cudaGetLastError (void)
{
  cudaError_t status = last_error;

  last_error = raqam_gpu ().broken;
  return status != cudaSuccess ? status : last_error;
}

cudaError_t
cudaPeekAtLastError (void)
{
  return last_error != cudaSuccess ? last_error : raqam_gpu ().broken;
}

/* The errors that the emulator makes, in CUDA's words. */
static const struct
{
  cudaError_t status;
  const char *name;
  const char *words;
} errors[] = {
  { cudaSuccess, "cudaSuccess", "no error" },
  { cudaErrorInvalidValue, "cudaErrorInvalidValue", "invalid argument" },
  { cudaErrorMemoryAllocation, "cudaErrorMemoryAllocation", "out of memory" },
  { cudaErrorInvalidConfiguration, "cudaErrorInvalidConfiguration",
    "invalid configuration argument" },
  { cudaErrorInsufficientDriver, "cudaErrorInsufficientDriver",
    "CUDA driver version is insufficient for CUDA runtime version" },
  { cudaErrorNoDevice, "cudaErrorNoDevice", "no CUDA-capable device is detected" },
  { cudaErrorInvalidDevice, "cudaErrorInvalidDevice", "invalid device ordinal" },
  { cudaErrorInvalidResourceHandle, "cudaErrorInvalidResourceHandle", "invalid resource handle" },
  { cudaErrorNotReady, "cudaErrorNotReady", "device not ready" },
  { cudaErrorIllegalAddress, "cudaErrorIllegalAddress",
    "an illegal memory access was encountered" },
  { cudaErrorECCUncorrectable, "cudaErrorECCUncorrectable", "uncorrectable ECC error encountered" },
  { cudaErrorLaunchFailure, "cudaErrorLaunchFailure", "unspecified launch failure" },
  { cudaErrorStreamCaptureUnsupported, "cudaErrorStreamCaptureUnsupported",
    "operation not permitted when stream is capturing" },
  { cudaErrorStreamCaptureInvalidated, "cudaErrorStreamCaptureInvalidated",
    "operation failed due to a previous error during capture" },
  { cudaErrorIllegalState, "cudaErrorIllegalState", "the operation cannot be performed in the "
                                                    "present state" },
  { cudaErrorStreamCaptureWrongThread, "cudaErrorStreamCaptureWrongThread",
    "attempt to terminate a thread-local capture sequence from another thread" },
  { cudaErrorCapturedEvent, "cudaErrorCapturedEvent",
    "operation not permitted on an event last recorded in a capturing stream" },
};

const char *
cudaGetErrorName (cudaError_t status)
{
  for (const auto &error : errors)
    if (error.status == status)
      return error.name;
  return "unrecognized error code";
}

const char *
cudaGetErrorString (cudaError_t status)
{
  for (const auto &error : errors)
    if (error.status == status)
      return error.words;
  return "unrecognized error code";
}
