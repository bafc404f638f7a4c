/* device.h — opens the device that a name asks for.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/backend.h"

G_BEGIN_DECLS

/**
 * raqam_device_open:
 * @backend: (out): the table that drives the device
 * @name: "auto" (the best there is), "cpu" or "cuda"
 *
 * Returns: (transfer full): to be closed with the backend's device_close; NULL
 *   with RAQAM_ERROR_DEVICE, which names the device and what it lacks
 */
RaqamDevice *raqam_device_open (const RaqamBackend **backend, const char *name,
                                const RaqamDeviceOptions *options, GError **error);

G_END_DECLS
