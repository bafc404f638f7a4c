/* device.h — the devices there are, and opening the one that a name asks for.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/backend.h"

G_BEGIN_DECLS

/**
 * raqam_device_open:
 * @backend: (out): the table that drives the device
 * @name: "auto" (CUDA where it can be opened, else the CPU), "cpu" or "cuda"
 * @passed_over: (out) (optional) (nullable) (transfer full): where "auto" took the
 *   CPU although this machine has an NVIDIA GPU: why, in a sentence or two to be
 *   shown; else NULL
 *
 * Any thread. The first call that looks for a GPU may take a second.
 *
 * Returns: (transfer full): to be closed with the backend's device_close; NULL
 *   with RAQAM_ERROR_DEVICE or RAQAM_ERROR_MEMORY, which names the device and
 *   what it lacks
 */
RaqamDevice *raqam_device_open (const RaqamBackend **backend, const char *name,
                                const RaqamDeviceOptions *options, char **passed_over,
                                GError **error);

/* One of the devices that raqam_device_open() may be asked for. */
typedef struct
{
  const char      *name;    /* "cpu", "cuda" */
  char            *why_not; /* a sentence or two for people; NULL where it can be used */
  RaqamDeviceInfo  info;    /* all 0 where it cannot be used */
  gboolean         present; /* whether this machine has such a device, usable or not */
} RaqamDeviceEntry;

void raqam_device_entry_free (RaqamDeviceEntry *self); /* NULL is allowed */

/**
 * raqam_device_list:
 *
 * Any thread; the first call may take a second.
 *
 * Returns: (transfer full) (element-type RaqamDeviceEntry): all devices that Raqam
 *   knows, "cpu" first; those that cannot be used too
 */
GPtrArray *raqam_device_list (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamDeviceEntry, raqam_device_entry_free)

G_END_DECLS
