/* devices.c — raqam-cli devices: what can train and draw on this machine.
 * SPDX-License-Identifier: MIT */

#include "cli/command.h"

#include "engine/device.h"

#define GIB (1024.0 * 1024 * 1024)

static const GOptionEntry entries[] = {
  { NULL },
};

const RaqamCommand raqam_devices_command = {
  .name = "devices",
  .summary = "Lists the devices that can train and draw, and why one cannot be used.",
  .usage = NULL,
  .help = "The first column is what --device takes; “auto” takes cuda where it can be used.\n"
          "The precisions are those that --precision takes there, the one that “auto” means\n"
          "first.\n",
  .entries = entries,
};

static void
append_precision (GString *text, RaqamPrecision precision, const RaqamDeviceInfo *info)
{
  if ((precision == RAQAM_PRECISION_TF32 && !info->has_tf32)
      || (precision == RAQAM_PRECISION_BF16 && !info->has_bf16))
    return;
  g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", raqam_command_precisions[precision]);
}

static char *
list_precisions (const RaqamDeviceInfo *info)
{
  GString *text = g_string_new (NULL);

  append_precision (text, info->precision, info);
  for (RaqamPrecision p = RAQAM_PRECISION_F32; p <= RAQAM_PRECISION_BF16; p++)
    if (p != info->precision)
      append_precision (text, p, info);
  return g_string_free (text, FALSE);
}

static void
print_device (const RaqamDeviceEntry *device)
{
  g_autofree char *precisions = list_precisions (&device->info);

  if (device->why_not != NULL)
    printf ("%-5s cannot be used: %s\n", device->name, device->why_not);
  else if (device->info.memory > 0)
    printf ("%-5s %s; %.1f GiB; %s\n", device->name, device->info.name, device->info.memory / GIB,
            precisions);
  else
    printf ("%-5s %s; %s\n", device->name, device->info.name, precisions);
}

int
raqam_devices (char **arguments)
{
  g_autoptr (GPtrArray) devices = NULL;
  int status;

  if (!raqam_command_parse (&raqam_devices_command, arguments, 0, NULL, &status))
    return status;

  devices = raqam_device_list ();
  for (guint i = 0; i < devices->len; i++)
    print_device (devices->pdata[i]);
  return RAQAM_EXIT_DONE;
}
