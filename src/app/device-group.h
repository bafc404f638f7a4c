/* device-group.h — the rows that choose a device and its precision.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "engine/backend.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_DEVICE_GROUP (raqam_device_group_get_type ())
G_DECLARE_FINAL_TYPE (RaqamDeviceGroup, raqam_device_group, RAQAM, DEVICE_GROUP,
                      AdwPreferencesGroup)

/**
 * RaqamDeviceGroup:
 *
 * Looks for the devices in a thread as soon as it is made. One that cannot be used
 * is shown with the reason.
 *
 * Signal "changed": void (RaqamDeviceGroup *, gpointer): the user chose otherwise
 */

/* Returns: (transfer none): "auto", "cpu" or "cuda" */
const char     *raqam_device_group_get_device    (RaqamDeviceGroup *self);

/* Returns: one that the device has */
RaqamPrecision  raqam_device_group_get_precision (RaqamDeviceGroup *self);

/**
 * raqam_device_group_choose:
 * @device: "auto", "cpu" or "cuda"; another one changes nothing
 * @precision: "auto", "f32", "tf32" or "bf16"; taken where the device has it
 *
 * As it was remembered; emits nothing.
 */
void raqam_device_group_choose (RaqamDeviceGroup *self, const char *device, const char *precision);

/* Returns: (transfer none): as raqam_device_group_choose() takes it */
const char *raqam_device_group_get_precision_name (RaqamDeviceGroup *self);

/* @text: (nullable): the device that does the work, in one line; NULL once none does */
void raqam_device_group_show_at_work (RaqamDeviceGroup *self, const char *text);

G_END_DECLS
