/* device.c — the devices there are, and opening the one that a name asks for.
 * SPDX-License-Identifier: MIT */

#include "engine/device.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "engine/module.h"

static RaqamDevice *
open_cpu (const RaqamBackend **backend, const RaqamDeviceOptions *options, GError **error)
{
  *backend = &raqam_cpu_backend;
  return raqam_cpu_backend.device_open (options, error);
}

static RaqamDevice *
open_cuda (const RaqamBackend **backend, const RaqamDeviceOptions *options, gboolean *present,
           GError **error)
{
  *backend = raqam_module_cuda (present, error);
  return *backend == NULL ? NULL : (*backend)->device_open (options, error);
}

/* Where the CPU refuses too, its sentence alone would not say why it was asked. */
static RaqamDevice *
open_best (const RaqamBackend **backend, const RaqamDeviceOptions *options, char **passed_over,
           GError **error)
{
  g_autoptr (GError) no_gpu = NULL;
  g_autoptr (GError) no_cpu = NULL;
  gboolean present;
  RaqamDevice *device = open_cuda (backend, options, &present, &no_gpu);

  if (device != NULL)
    return device;

  device = open_cpu (backend, options, &no_cpu);
  if (device == NULL)
    g_set_error (error, no_cpu->domain, no_cpu->code, "%s %s", no_gpu->message, no_cpu->message);
  else if (passed_over != NULL && present)
    *passed_over = g_strdup (no_gpu->message);

  return device;
}

RaqamDevice *
raqam_device_open (const RaqamBackend **backend, const char *name,
                   const RaqamDeviceOptions *options, char **passed_over, GError **error)
{
  if (passed_over != NULL)
    *passed_over = NULL;

  if (g_str_equal (name, "auto"))
    return open_best (backend, options, passed_over, error);
  if (g_str_equal (name, "cpu"))
    return open_cpu (backend, options, error);
  if (g_str_equal (name, "cuda"))
    return open_cuda (backend, options, NULL, error);

  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
               _("There is no device “%s”. Choose “auto”, “cpu” or “cuda”."), name);
  return NULL;
}

void
raqam_device_entry_free (RaqamDeviceEntry *self)
{
  if (self == NULL)
    return;

  g_free (self->why_not);
  g_free (self);
}

/* @backend is NULL where @error says why there is none. */
static RaqamDeviceEntry *
entry_new (const char *name, const RaqamBackend *backend, gboolean present, GError *error)
{
  RaqamDeviceEntry *self = g_new0 (RaqamDeviceEntry, 1);

  self->name = name;
  self->present = present;
  if (backend != NULL && backend->probe (&self->info, &error))
    return self;

  memset (&self->info, 0, sizeof self->info);
  self->why_not = g_strdup (error->message);
  g_error_free (error);

  return self;
}

GPtrArray *
raqam_device_list (void)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) raqam_device_entry_free);
  GError *error = NULL;
  gboolean present;
  const RaqamBackend *cuda = raqam_module_cuda (&present, &error);

  g_ptr_array_add (list, entry_new ("cpu", &raqam_cpu_backend, TRUE, NULL));
  g_ptr_array_add (list, entry_new ("cuda", cuda, present, error));

  return list;
}
