/* device.c — opens the device that a name asks for.
 * SPDX-License-Identifier: MIT */

#include "engine/device.h"

#include <glib/gi18n-lib.h>

RaqamDevice *
raqam_device_open (const RaqamBackend       **backend,
                   const char                *name,
                   const RaqamDeviceOptions  *options,
                   GError                   **error)
{
  if (g_str_equal (name, "auto") || g_str_equal (name, "cpu"))
    {
      *backend = &raqam_cpu_backend;
      return raqam_cpu_backend.device_open (options, error);
    }

  if (g_str_equal (name, "cuda"))
    g_set_error_literal (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                         _("Cannot use an NVIDIA GPU: this build of Raqam has no CUDA module. "
                           "Choose the device “cpu” or “auto”."));
  else
    g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                 _("There is no device “%s”. Choose “auto”, “cpu” or “cuda”."), name);

  return NULL;
}
